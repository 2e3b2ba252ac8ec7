"""What law and guidance expect of a finding: by what it prints, by its themes, and beside an answer."""

from dataclasses import replace

import pytest

from assistant.expectations import PRINTED, Expectations, Expected, by_theme, link_to, links, printed
from assistant.findings import Finding, Polarity, Theme
from assistant.types import Document, Kind, Passage

THEMES = {id: Theme(id, id.capitalize(), "") for id in ("plans", "supervision")}
SAYS = {"outcome 3": "children are safe", "outcome 4": "stable, loving homes", "enabler 2": "leaders drive conditions"}
EXPECTED = Expectations(
    SAYS, {"plans": Expected(("outcome 3", "enabler 2"), ("care:1", "gone:1")), "supervision": Expected(("enabler 2",), ("care:1",))}
)
NOTE = Passage(
    "care:1", "care", 0, "A plan must be made. It is kept.", "1", reference="Regulations 2010, r 4", edition="Current", force="must"
)
HELD = {"care:1": link_to(Document("care", "Care planning", Kind.POLICY_NOTE), NOTE)}


def linked(text: str, polarity: Polarity = Polarity.IMPROVEMENT, *about: str):
    return links(Finding("d:1#1", "d", "d:1", 1, text, polarity, about), THEMES, EXPECTED, HELD)


def test_what_a_report_prints_comes_before_what_its_theme_is_linked_to():
    made = linked("Plans are late. (Outcome 4, national framework)", Polarity.IMPROVEMENT, "plans", "supervision")
    assert [(link.reference, link.ground) for link in made] == [
        ("outcome 4", PRINTED),
        ("outcome 3", "theme: Plans"),
        ("enabler 2", "theme: Plans"),
        ("Regulations 2010, r 4", "theme: Plans"),
    ]
    assert made[0].says == "stable, loving homes"
    assert (made[-1].passage_id, made[-1].title, made[-1].says) == (
        "care:1",
        "Care planning, paragraph 1",
        "A plan must be made. It is kept.",
    )
    assert (made[-1].edition, made[-1].force) == ("Current", "must")


def test_a_reference_that_is_printed_and_of_the_theme_is_said_to_be_printed():
    made = linked("Plans are late (outcome 3).", Polarity.IMPROVEMENT, "plans")
    assert [(link.ground) for link in made if link.reference == "outcome 3"] == [PRINTED]


def test_a_long_paragraph_is_shown_by_its_first_sentences():
    long = link_to(
        Document("care", "Care planning", Kind.POLICY_NOTE), replace(NOTE, text=f"One is so. Two is so. {'W' * 300}. Four is so.")
    )
    assert long.says == "One is so. Two is so."


@pytest.mark.parametrize("polarity", [Polarity.STRENGTH, Polarity.NEUTRAL])
def test_nothing_is_expected_of_what_is_not_to_improve(polarity):
    assert linked("Plans are clear.", polarity, "plans") == []


def test_each_theme_comes_with_its_first_reference_before_any_with_its_second():
    assert by_theme(["plans", "supervision"], EXPECTED) == ["outcome 3", "enabler 2"]
    assert printed("Plans (Outcome three; enabler 2, National Framework).", SAYS) == ("outcome 3", "enabler 2")


def test_an_answer_on_what_is_to_improve_says_what_is_expected_of_it(assistant):
    answer = assistant.ask("What needs to improve in Sandwell?")
    assert "enabler 2" in {link.reference for link in answer.expected}
    assert any(link.passage_id and link.edition and link.ground.startswith("theme: ") for link in answer.expected)
    assert not {link.passage_id for link in answer.expected} & {c.passage_id for c in answer.citations}
    assert assistant.ask("When is the ICPC due after a strat?").expected == ()
