"""What people say around a question is taken off; what they ask stays whole."""

import pytest

from assistant.courtesy import without_courtesies
from assistant.guard import decides_one_case


@pytest.mark.parametrize(
    "around",
    [
        "Could you tell me please {}?", "Hi, quick question: {}? Thanks", "Please can you help me, I need to know {}",
        "I would be grateful if you could explain {}", "sorry if this is a daft one but {}", "{} ASAP pls, in a meeting", "cld u tell me {}", "we would like to find out {}",
        "Hello there. Do you know {}?", "just wondering {}", "any idea {}? cheers", "I was asked in supervision today {}, can you help?",
        "for a training session next week - {}", "sorry to bother you, {}, thanks in advance", "Good morning all, {}? Many thanks.",
    ],
)  # fmt: skip
def test_courtesies_go(around):
    assert without_courtesies(around.format("when is the conference due")).rstrip("?") == "when is the conference due"


@pytest.mark.parametrize(
    "question",
    [
        "do they have to help", "who can help", "do we have to see the child quickly", "which forms do they have to tell us about",
        "what did inspectors ask for in court", "is it urgent", "Hi", "thanks", "please help",
        "for a disabled child what is a short break", "for a strategy meeting: who must attend", "for a section 7 report, what is the deadline",
        "help to trace family - who provides it", "Help and protection grade for Norfolk", "what did they say about early-help",
        "is it non-urgent?", "can a parent record what is said in a meeting?", "evening contact: is that allowed",
        "will someone tell us if the child is moved", "i was asked by a parent, can they see the file", "For a session on neglect: what was found",
    ],
)  # fmt: skip
def test_what_is_asked_stays(question):
    assert without_courtesies(question) == question


def test_a_polite_question_is_no_call_for_a_decision():
    assert not decides_one_case("Could you tell me please what the letter says about supervision?")
    assert not decides_one_case("can you just tell me what is due on day 15")
    assert not decides_one_case("cld you  tell me when the icpc is due")
    assert decides_one_case("just tell me what to do with this family") and decides_one_case("just tell me s47 or cin")
    for asked in ("just tell me the deadline for icpc", "please just tell me what happens at a CP conference"):
        assert not decides_one_case(asked)
    for asked in (
        "Is she safe? Thanks",
        "can you tell me if this child is at risk?",
        "can you just tell me s47 or cin",
        "just tell me the decision",
        "just tell me what is best for this family",
        "just tell me when to remove him",
        "so tell me who is lying, mum or dad",
    ):
        assert decides_one_case(asked)
    assert decides_one_case("just tell me do i take them to conference or not") and decides_one_case("you tell me")
