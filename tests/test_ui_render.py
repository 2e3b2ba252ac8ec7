"""The conversation as HTML and as plain text."""

import pytest

from assistant.refusal import NEAREST
from assistant.text import spelt
from assistant.types import Answer, Citation, Document, Hit, Kind, Passage, Status
from ui.render import conversation, plain_text

CITED = Citation(
    1, "letter:18", "letter", "Visit to <Ashby>", "letter", "Ofsted", "Ashby", "2025-05-20", "Letter of 20 May 2025", "Findings", "18", 2,
    "It varies.", "Before.\n\nIt varies. After.", "https://example.org/letter",
)  # fmt: skip
ANSWERED = Answer("How\n\n<b>good</b>?", "", Status.ANSWERED, "**It varies** [1]\n\nSee also [2].", citations=(CITED,), notices=("Old.",))


def test_an_answer_is_escaped_on_one_line_with_links_only_where_there_is_a_source():
    html = conversation([ANSWERED])
    assert "\n" not in html
    assert "How<br><br>&lt;b&gt;good&lt;/b&gt;?" in html
    assert 'title="Source 1: Visit to &lt;Ashby&gt;, paragraph 18, page 2"' in html
    assert "See also [2]." in html
    assert "Before.<br><br><mark>It varies.</mark> After." in html
    assert '<p class="lead"><strong>It varies</strong>' in html


def test_plain_text_has_the_answer_its_notes_and_its_sources():
    assert plain_text(ANSWERED).endswith(
        "It varies [1]\n\nSee also [2].\n\nNote: Old.\n\nSources\n"
        "[1] Visit to <Ashby>, paragraph 18, page 2. Letter of 20 May 2025. Published 20 May 2025. https://example.org/letter"
    )


def test_a_refusal_shows_the_nearest_as_links_once():
    hit = Hit(Passage("letter:4", "letter", 4, "Text.", "4", "Findings"), Document("letter", "Visit", Kind.LETTER), 1.0)
    text = f"The library does not answer this. {NEAREST} Visit, paragraph 4 (Findings)."
    html = conversation([Answer("q", "q", Status.NOT_IN_LIBRARY, text, passages=(hit,))])
    assert '<a href="#passage/letter%3A4">Visit, paragraph 4</a> (Findings)' in html
    assert html.count(NEAREST) == 1 and html.count("Visit") == 1


def test_a_blocked_question_is_not_shown_even_if_it_were_kept():
    assert "Jane" not in conversation([Answer("Jane Ashworth", "", Status.BLOCKED, "Not searched.")])


@pytest.mark.parametrize(("iso", "shown"), [("2025-05-20", "20 May 2025"), ("2025", "2025"), ("", "")])
def test_dates_are_shown_as_people_write_them(iso, shown):
    assert spelt(iso) == shown
