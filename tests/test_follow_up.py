"""Follow-ups: what a question leaves to those before it, as a person would take it."""

import pytest

from assistant.follow_up import standalone
from assistant.scope import load_authorities
from assistant.vocabulary import load_vocabulary
from tests.conftest import CORPUS

AUTHORITIES = load_authorities(CORPUS / "authorities.toml")
CONCEPTS = load_vocabulary(CORPUS / "vocabulary.toml").concepts


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        ([], "and for care leavers?", "and for care leavers?"),
        (["how good is supervision in leeds (2022)"], "and Salford?", "how good is supervision in Salford"),
        (["whats wandsworths out of hours team like"], "What is the duty to publish an action plan within 70 days after inspection?", None),
        (["what did ofsted say about private fostering in doncaster in 2022"], "what about 2025?", None),
        (["Are strategy meetings held promptly in Rochdale?"], "why?", "why? (Are strategy meetings held promptly in Rochdale)"),
    ],
)
def test_what_is_left_out_is_carried_over(before, question, alone):
    made = standalone(question, before, AUTHORITIES, CONCEPTS)
    if alone is not None:
        assert made == alone
    elif "2025" in question:
        assert made.endswith("private fostering in doncaster in 2025")
    else:
        assert made == question


def test_the_question_that_stood_alone_is_carried_through_the_turns_between():
    turns = ["what is the threshold for police protection", "and how long can they keep them?"]
    assert "threshold for police protection" in standalone("do they have to tell it to us?", turns, AUTHORITIES, CONCEPTS)


def test_a_bare_subject_is_asked_what_was_asked_of_the_last():
    made = standalone("and police protection?", ["how long does an EPO last"], AUTHORITIES, CONCEPTS)
    assert "how long" in made and "police protection" in made and "EPO" not in made


@pytest.mark.parametrize(
    ("turns", "question", "alone"),
    [
        (["which authorities were criticised for supervision in 2023?"], "what about in 2022?", "which authorities were criticised for supervision in 2022"),
        (["which authorities were criticised for supervision since 2023?"], "and in 2022?", "which authorities were criticised for supervision in 2022"),
        (["What needs to improve in Sandwell?"], "and for care leavers?", "and for care leavers? (What needs to improve in Sandwell)"),
        (["how good is supervision in sandwell"], "and neglect?", "how good is in sandwell neglect?"),
        (["how good is supervision in sandwell", "and neglect?"], "what about in 2022?", "how good is in sandwell neglect in 2022"),
    ],
)  # fmt: skip
def test_dates_and_subjects_are_replaced_and_not_added(turns, question, alone):
    assert standalone(question, turns, AUTHORITIES, CONCEPTS) == alone


@pytest.mark.parametrize(
    ("turns", "question", "alone"),
    [
        (["what did ofsted say about supervision in sandwell"], "what should it be by the standards?", "what should it be by the standards? (supervision)"),
        (["when should an ICPC be held"], "does the clock start from the referral", "does the clock start from the referral (when should an ICPC be held)"),
        (["first LAC review is within how long?"], "who chairs them", "who chairs them (first LAC review)"),
        (["how often should an NQSW be supervised"], "how long for", "how long for (an NQSW be supervised)"),
    ],
)  # fmt: skip
def test_law_carries_the_topic_and_another_question_word_replaces_the_last(turns, question, alone):
    assert standalone(question, turns, AUTHORITIES, CONCEPTS) == alone


@pytest.mark.parametrize(
    ("turns", "question", "alone"),
    [
        (["can a 15 yr old go in supported accommodation"], "what about 17 year olds?", "can a 17 yr old go in supported accommodation"),
        (["can we still get a care order on a 16 year old"], "17?", "can we still get a care order on a 17 year old"),
        (
            ["what did inspectors find on supervision in Norfolk"],
            "what did they want done about it?",
            "what needs to improve (Norfolk inspectors)",
        ),
        (["how long may an assessment take"], "what did they want done?", "what did they want done? (how long may an assessment take)"),
        (["what did they say on 16 year olds 2 years ago"], "and 17?", "what did they say on 17 year olds 2 years ago"),
        (["can a 15-16 year old live there"], "17?", "17? (can a 15-16 year old live there)"),
        (
            ["what did inspectors find in Norfolk"],
            "what do the children say they want done?",
            "what do the children say they want done? (what did inspectors find in Norfolk)",
        ),
        (["how many visits"], "17?", "17? (how many visits)"),
        (["how often should i get supervision"], "is that law?", "is that law? (i get supervision)"),
        (
            ["are fgcs used in Sandwell", "has plo got any better there?"],
            "what difference has it made",
            "what difference has it made (has plo got any better there? (Sandwell))",
        ),
        (
            ["whats the clock on care proceedings", "can they go over it"],
            "by how much",
            "by how much (can they go over it (whats the clock on care proceedings))",
        ),
    ],
)
def test_a_follow_up_is_of_the_question_that_last_named_its_subject(turns, question, alone):
    assert standalone(question, turns, AUTHORITIES, CONCEPTS) == alone
