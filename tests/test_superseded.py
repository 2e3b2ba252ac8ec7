import pytest

from assistant.chain import Assistant
from assistant.library import Library
from assistant.superseded import superseded
from assistant.types import Document, Kind, Passage, Status
from tests.conftest import CORPUS

ENTRIES = [
    {"id": "wt-2023", "title": "Working Together 2023", "published": "2023-12-15", "superseded_by": "wt-2026"},
    {"id": "wt-2026", "title": "Working Together 2026", "published": "2026-03-18", "page": "https://www.gov.uk/wt"},
    {"id": "lost", "title": "Lost", "superseded_by": "unknown"},
]


@pytest.mark.parametrize("cited", [["wt-2023"], ["wt-2023--annex"], ["wt-2023", "wt-2023--annex"]])
def test_what_is_superseded_is_said_once_with_what_came_after(cited):
    (notice,) = superseded(cited, ENTRIES)
    assert notice.startswith(
        "Working Together 2023 (published 2023-12-15) has been superseded by Working Together 2026 (published 2026-03-18)"
    )
    assert notice.endswith("https://www.gov.uk/wt")


@pytest.mark.parametrize("cited", [[], ["wt-2026"], ["lost"], ["not listed"]])
def test_nothing_is_said_of_what_stands(cited):
    assert superseded(cited, ENTRIES) == []


def test_an_answer_from_a_superseded_edition_says_so(tmp_path, embedder):
    text = "The initial child protection conference should take place within 15 working days of the strategy discussion."
    with Library(tmp_path) as library:
        old = Document("working-together-2023", "Working Together to Safeguard Children 2023", Kind.GUIDANCE)
        library.store(old, [Passage("working-together-2023:1", old.id, 0, text, paragraph="1")])
        assistant = Assistant(library, embedder, CORPUS)
        assistant.index.sync()
        assistant.reload()
        answer = assistant.ask("When should the initial child protection conference take place?")
    assert answer.status is Status.ANSWERED
    assert [n for n in answer.notices if "has been superseded by Working Together to Safeguard Children 2026" in n]


def test_an_answer_from_a_document_that_was_withdrawn_says_so(tmp_path, embedder):
    text = "The initial child protection conference should take place within 15 working days of the strategy discussion."
    with Library(tmp_path) as library:
        old = Document("old-rules", "Old Conference Rules", Kind.GUIDANCE, edition="Withdrawn on 13 January 2015: out of date.")
        library.store(old, [Passage("old-rules:1", old.id, 0, text, paragraph="1", page=2, last_page=3)])
        assistant = Assistant(library, embedder, CORPUS)
        answer = assistant.ask("When should the initial child protection conference take place?")
    assert [n for n in answer.notices if n.startswith("Old Conference Rules is out of use (withdrawn on 13 January 2015")]
    assert (answer.citations[0].page, answer.citations[0].last_page) == (2, 3)
