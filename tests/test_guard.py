import pytest

from assistant.errors import QuestionError
from assistant.guard import child_in_danger_now, decides_one_case, readable


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "Type a question"),
        ("  \u200b ", "Type a question"),
        ("a" * 10_000, "limit is 2,000"),
        ("what is\x00 a strat", "cannot be read"),
        ("???", "no words"),
        ("\u0447\u0442\u043e \u0442\u0430\u043a\u043e\u0435 \u0437\u0430\u043a\u043e\u043d", "English"),
        ("quel est le d\u00e9lai pour une conf\u00e9rence initiale", "English"),
    ],
)
def test_a_question_that_cannot_be_read_says_what_to_do(question, says):
    with pytest.raises(QuestionError, match=says):
        readable(question)


def test_what_people_paste_is_cleaned():
    assert readable(" when is\n the\u00a0icpc\u200b due ") == "when is the icpc due"


@pytest.mark.parametrize("question", ["a child is being hit right now next door", "she has taken an overdose", "the baby is not breathing"])
def test_danger_now_is_seen(question):
    assert child_in_danger_now(question)


@pytest.mark.parametrize("question", ["what is the test for police protection", "when is the icpc due", "did the letter mention abuse now"])
def test_a_question_about_the_rules_is_not_danger(question):
    assert not child_in_danger_now(question)


def test_a_decision_on_one_case_is_seen():
    assert decides_one_case("should i remove this child tonight")
    assert not decides_one_case("should I get police protection before removing a child")


def test_what_is_past_or_about_the_rules_is_not_danger_now():
    assert not child_in_danger_now("a child says he was abused in care years ago and is now an adult")
    assert not child_in_danger_now("do i have to do a strat if a child is hurt at school today")


def test_key_words_the_library_knows_are_english_enough():
    known = {"quote", "supervision", "patchy", "ofsted", "letter", "audit"}.__contains__
    assert readable("quote supervision patchy ofsted letter audit", known)
    with pytest.raises(QuestionError, match="English"):
        readable("quote supervision patchy ofsted letter audit")
