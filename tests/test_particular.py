"""What a question asks for exactly, and whether sentences give it: worked by hand."""

import pytest

from assistant.particular import Particular, given, gives, particular
from assistant.text import content_stems


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how much did the youth zone cost to build", Particular.SUM),
        ("annual budget for family therapy", Particular.SUM),
        ("new setting up home grant amount £", Particular.SUM),
        ("how many children were in unregistered homes", Particular.NUMBER),
        ("exact number of personal advisers", Particular.NUMBER),
        ("what % of visits were on time", Particular.SHARE),
        ("vacancy rate in the family support teams", Particular.SHARE),
        ("which company runs the advocacy service", Particular.NAME),
        ("name of the interim director", Particular.NAME),
        ("how many working days to hold a conference", None),
        ("do they have enough funding", None),
        ("why was supervision irregular", None),
    ],
)
def test_kinds_of_particular(question: str, kind: Particular | None) -> None:
    assert particular(question) is kind


def _shared(question: str):  # type: ignore[no-untyped-def]
    asked = set(content_stems(question))
    return lambda text: len(asked & set(content_stems(text))) / len(asked)


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("how many care leavers lost touch", "The council lost touch with a quarter (190) of its care leavers.", True),
        ("how many care leavers lost touch", "The council lost touch with too many care leavers.", False),
        ("how many children were in unregistered homes", "One service, Route 29, supports children in homes of their own.", False),
        ("what % of visits were on time", "Only 61% of visits were on time.", True),
        ("what % of visits were on time", "Most visits were on time.", False),
        ("what proportion of visits were on time", "Most visits were on time.", True),
        ("how much did the youth zone cost", "The youth zone cost £6 million.", True),
        ("how much did the youth zone cost", "The youth zone was a large cost to the council.", False),
        ("which company runs the advocacy service", "The advocacy service is one that Coram Voice runs for a company.", True),
        ("which company runs the advocacy service", "The council's advocacy service is one that an outside company runs.", False),
        ("why was the youth zone built", "No reason stands here.", True),
    ],
)
def test_a_sentence_gives_the_particular_or_not(question: str, sentence: str, held: bool) -> None:
    assert given(question, [sentence], _shared(question)) is held


def test_a_particular_of_something_else_is_not_given() -> None:
    question = "how much did the youth zone cost"
    assert not given(question, ["The youth zone cost a lot.", "Care leavers receive £2,500 for a first tenancy."], _shared(question))


def test_a_passage_that_gives_the_particular_is_told_from_one_that_does_not() -> None:
    holds = gives("how many care leavers lost touch")
    assert holds is not None and holds("It lost touch with 190 of them.") and not holds("It lost touch with too many.")
    assert gives("why did they lose touch") is None
