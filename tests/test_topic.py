"""Who asks what inspectors said of a topic is answered by a sentence that names it."""

import re

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
        ("whats the letter say on core groups", "core groups"),
        ("what inspectors saw of direct work", "direct work"),
        ("anything about exploitation in the letter?", "exploitation"),
        ("pre-birth assessments - what did inspectors find", "pre-birth assessments"),
        ("what did the focused visit letter find about core groups", "core groups"),
        ("can you tell me what the letter says about neglect at all please", "neglect"),
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
        ("what did the report say about the number of core groups", ""),  # a number is asked for
        ("what did inspectors say about why plans drift", ""),
        ("what did the letter say about caseloads and did they fall", ""),
        ("what did the letter say about caseloads that are too high", ""),
        ("by how much? (what did the letter say about caseloads)", ""),
        ("when will they fix what inspectors found about supervision", ""),
        ("did the council accept what the letter said about caseloads", ""),
        ("what target did the letter mention for caseloads", ""),
        ("what impact did inspectors see of change of manager", ""),
        ("what did the letter not say about caseloads", ""),
        ("what did the December 2025 report say about supervision", ""),  # which may not be held
        ("what should a section 7 report say about contact", ""),
        ("what should I do if they report on neglect", ""),
        ("does an ILACS inspection cover supervision", ""),
        ("what did parents say about their social workers", ""),
        ("what did the letter say about visits", ""),  # it speaks of its own
        ("what did the letter say about lead inspectors", ""),
        ("what did inspectors say about health checks for older brothers and sisters in care", ""),  # much must be told of that
        ("how good are core groups", ""),
    ],
)
def test_what_was_said_of_a_topic_is_known_by_how_it_is_asked(question, asked):
    assert topic(question, re.sub("sandwell('s)?", "", question, flags=re.IGNORECASE)) == frozenset(content_stems(asked))


def test_where_and_when_are_no_topic():
    assert topic("what did Ofsted say about caseloads in Alderly in 2022", "what say about caseloads") == {*content_stems("caseloads")}


def hit(text, kind=Kind.LETTER, paragraph="1"):
    return Hit(Passage("d:1", "d", 0, text, paragraph, "Findings"), Document("d", "T", kind, authority="Alderly"), 1.0)


@pytest.mark.parametrize(
    "text, named",
    [
        ("Plans are clear. Core groups meet.", True),
        ("Groups at the core meet.", True),
        ("Core business is done. Groups meet.", False),  # in two sentences
        ("Leaders must improve:\n- core work\n- groups for fathers.", False),
        ("Core staff run groups.", False),
    ],
)
def test_one_line_of_a_finding_names_it_in_a_row(text, named):
    assert told(frozenset(content_stems("core groups")), [hit(text)]) is named


def test_law_a_note_and_a_letterhead_tell_of_no_topic():
    wanted, said = frozenset(content_stems("core groups")), "Core groups meet."
    assert told(wanted, [hit("Plans drift."), hit(said)])
    assert not told(wanted, [hit("Plans drift.", Kind.POLICY_NOTE), hit(said)]), "law answers first"
    assert not told(wanted, [hit(said, Kind.POLICY_NOTE)]) and not told(wanted, [hit(said, paragraph="letterhead")])
    assert not told(frozenset(), [hit(said)]) and not told(wanted, [])


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


@pytest.mark.parametrize("further", ["who said that?", "and is that above average?", "when was that fixed?"])
def test_what_is_asked_further_of_a_topic_is_not_told_by_its_name(assistant, further):
    assert assistant.ask(further, history=["what did the letter say about caseloads"]).status is not Status.ANSWERED
