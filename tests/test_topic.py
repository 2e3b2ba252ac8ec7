"""Who asks what inspectors said of a topic is answered by a sentence that names it."""

import pytest

from assistant.text import content_stems
from assistant.topic import told, topic
from assistant.types import Document, Hit, Kind, Passage, Status


@pytest.mark.parametrize(
    "question, asked",
    [
        ("what did the letter say about social worker caseloads", "social worker caseloads"),
        ("What did inspectors find on core groups?", "core groups"),
        ("and what does it say about exploitation", "exploitation"),
        ("neglect in the letter - what has Ofsted said about professional curiosity", "professional curiosity"),
        ("what were the findings on core groups", "core groups"),
        ("findings on strategy meetings", "strategy meetings"),
        ("is there anything in the letter about exploitation?", "exploitation"),
        ("quote from the Sandwell letter on caseloads", "caseloads"),
        ("does the letter mention direct work", "direct work"),
        ("did inspectors find anything about core groups", "core groups"),
        ("caseloads - what did ofsted say?", "caseloads"),
        ("what about caseloads in sandwell's letter", "caseloads"),
        ("summarise what ofsted said about caseloads", "caseloads"),
        ("does the letter mention why plans drift", ""),
        ("what did the report say about the number of visits", ""),  # a number is asked for
        ("what did inspectors say about why plans drift", ""),
        ("what did parents say about their social workers", ""),
        ("what did the letter say about visits", ""),  # it speaks of its own
        ("what did inspectors say about health checks for older brothers and sisters in care", ""),  # much must be told of that
        ("how good are core groups", ""),
    ],
)
def test_what_was_said_of_a_topic_is_known_by_how_it_is_asked(question, asked):
    assert topic(question, question) == frozenset(content_stems(asked))


def test_where_and_when_are_no_topic():
    assert topic("what did Ofsted say about caseloads in Alderly in 2022", "what say about caseloads") == {*content_stems("caseloads")}


def test_one_sentence_of_a_finding_must_name_it_whole():
    def hit(text, kind, authority="Alderly"):
        return Hit(Passage("d:1", "d", 0, text, "1", "Findings"), Document("d", "T", kind, authority=authority), 1.0)

    wanted = frozenset(content_stems("core groups"))
    assert told(wanted, [hit("Plans are clear. Core groups meet.", Kind.LETTER)])
    assert not told(wanted, [hit("Core business is done. Groups meet.", Kind.LETTER)]), "in two sentences"
    assert not told(wanted, [hit("Core groups meet.", Kind.POLICY_NOTE, "")]), "the law is no finding"
    assert not told(frozenset(), [hit("Core groups meet.", Kind.LETTER)])


@pytest.mark.parametrize(
    "topic",
    ["caseloads", "exploitation", "strategy meetings", "unaccompanied children", "child protection conferences", "professional curiosity"],
)
def test_what_the_letter_names_is_told(assistant, topic):
    answer = assistant.ask(f"what did the letter say about {topic}")
    assert answer.status is Status.ANSWERED
    quotes = " ".join(citation.quote for citation in answer.citations).lower()
    assert all(word in quotes for word in topic.split())


@pytest.mark.parametrize("topic", ["domestic abuse", "agency staff", "kinship care", "fostering", "visits to children", "retention"])
def test_what_the_letter_does_not_name_is_not_told(assistant, topic):
    assert assistant.ask(f"what did the letter say about {topic}").status is Status.NOT_IN_LIBRARY
