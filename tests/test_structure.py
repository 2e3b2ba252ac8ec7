from assistant.types import Document, Kind
from ingest.blocks import Block, Role
from ingest.readers.plain import read
from ingest.structure import mend, passages

LETTER = b"""1 May 2025

Dear Ms A

The visit

Inspectors came. However, for some

larger families more is needed.

They looked at:

- letters
- plans.

What needs to improve?

- Supervision.

Yours sincerely

B C"""


def test_a_paragraph_broken_by_a_page_is_made_whole():
    blocks = [Block("However, for some", page=1), Block("larger families more is needed.", page=2), Block("Next.")]
    assert [b.text for b in mend(blocks)] == ["However, for some larger families more is needed.", "Next."]


def test_a_letter_becomes_letterhead_numbered_paragraphs_and_signature():
    document = Document("d", "A letter", Kind.LETTER)
    made = passages(document, read("letter.txt", LETTER), len, 10_000)
    assert [(p.id, p.section, p.text) for p in made] == [
        ("d:letterhead", "Letterhead", "1 May 2025\nDear Ms A"),
        ("d:1", "The visit", "Inspectors came. However, for some larger families more is needed."),
        ("d:2", "The visit", "They looked at:\n- letters\n- plans."),
        ("d:3", "What needs to improve?", "What needs to improve?\n- Supervision."),
        ("d:signature", "Signature", "Yours sincerely\nB C"),
    ]


def test_a_long_paragraph_is_cut_at_sentence_ends_and_keeps_its_label():
    blocks = [Block("One two three. Four five six. Seven eight nine.", Role.PARAGRAPH)]
    made = passages(Document("d", "T", Kind.LOCAL), blocks, lambda text: len(text.split()), 7)
    assert [(p.id, p.paragraph, p.text) for p in made] == [
        ("d:1.1", "1", "One two three. Four five six."),
        ("d:1.2", "1", "Seven eight nine."),
    ]


def test_a_sentence_without_an_end_is_cut_between_words_and_none_is_lost():
    words = " ".join(f"word{i}" for i in range(2000))
    made = passages(Document("d", "T", Kind.LOCAL), [Block(words, Role.PARAGRAPH)], lambda text: len(text.split()), 50)
    assert " ".join(p.text for p in made) == words
    assert all(len(p.text.split()) <= 50 for p in made)
