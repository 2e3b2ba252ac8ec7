"""What an inspection lists as to improve: hand-worked cases, and real reports."""

import pytest

from assistant import to_improve
from assistant.expectations import printed
from assistant.findings import Finding, Polarity, register
from assistant.types import Document, Kind, Passage, ReportRecord, Scope, Status
from tests.conftest import LETTER
from tests.registers import registered

BAD, NEITHER = Polarity.IMPROVEMENT, Polarity.NEUTRAL
LIST = "What needs to improve?"


@pytest.mark.parametrize(
    "about",
    [
        "What needs to improve in",
        "list of things was told to improve",
        "give me the areas for improvement in the letter",
        "how many areas for improvement did inspectors name",
        "how many recommendations were in the report",
        "What did say needs to improve in",
        "what were the recommendations in the of",
        "to-improve list",
        "what does want to improve",
        "what must improve",
        "so what needs to improve?",
        "what are the improvement points",
        "what needs improvement in",
        "what needs to improve in children\u2019s services",
        "main areas for improvement July",
        "what does want them to improve",
    ],
)
def test_a_question_that_asks_for_the_whole_list(about):
    assert to_improve.asks(about)


@pytest.mark.parametrize(
    "about",
    [
        "what needs to improve in supervision in",
        "has it improved",
        "how does improve permanence",
        "what has got to improve and does that mean priority action",
        "is supervision one of the things told them to improve",
        "which authorities need to improve",
        "what still needs to improve since",
        "who made the recommendations",
        "what must the MASH improve in",
        "should social workers improve in",
        "does want supervision improved in",
        "what need not improve in",
        "what should not be improved in",
        "What did do to improve?",
        "Did do what it was told to improve?",
        "what must improve by",
        "what did find",
        "how do inspectors identify areas for improvement",
        "how many inspectors made recommendations",
    ],
)
def test_a_question_that_asks_for_less_or_more(about):
    assert not to_improve.asks(about)


def held(*documents: Document, of: dict[str, tuple[tuple[str, str, Polarity], ...]]):
    """(register, passages by document) where each document holds these (section, sentence, polarity), one to a passage."""
    passages, findings = {}, []
    for document in documents:
        said = of[document.id]
        passages[document.id] = [Passage(f"{document.id}:{i}", document.id, i, f"- {t}", section=s) for i, (s, t, _) in enumerate(said)]
        findings += [
            Finding(f"{document.id}:{i}#1", document.id, f"{document.id}:{i}", i, t, p, section=s) for i, (s, t, p) in enumerate(said)
        ]
    return register(documents, [(d, ReportRecord(d.id)) for d in documents], findings), passages


OLD = Document("old", "Old", Kind.REPORT, authority="Leeds", published="2022-07-05")
NEW = Document("new", "New", Kind.REPORT, authority="Leeds", published="2025-12-02")
OTHER = Document("other", "Other", Kind.REPORT, authority="Bury", published="2026-01-01")
SAID = {
    "old": ((LIST, "Visits.", BAD),),
    "new": (
        ("Main findings", "Plans are poor.", BAD),
        ("What needs to improve > Strengths", "Visits are good.", Polarity.STRENGTH),
        (LIST, "The inspection did not find any areas for priority and immediate action.", BAD),
        (LIST, "The authority should take the following action.", BAD),
        (LIST, "The pace of plans. (outcome 3, national framework)", BAD),
        (LIST, "This list is in order.", NEITHER),
        ("The Local Safeguarding Children Board > Recommendations", "Review the board\u2019s plan.", BAD),
    ),
    "other": (("Main findings", "Visits are late.", BAD),),
}


def test_the_newest_list_is_given_whole_and_nothing_else():
    found, passages = held(OLD, NEW, of=SAID)
    tally = to_improve.listed([OLD, NEW], found, passages.__getitem__)
    assert tally and tally.headline == "The report of 2 December 2025 on Leeds lists 1 thing that needs to improve."
    assert [(row.passage.id, row.quote) for row in tally.rows] == [("new:4", "The pace of plans. (outcome 3, national framework)")]
    assert tally.notices == ("Earlier inspections list theirs too: 5 July 2022. Name the month and year of one to see it.",)


def test_an_older_list_is_given_where_it_is_asked_for():
    found, passages = held(OLD, NEW, of=SAID)
    tally = to_improve.listed([OLD], found, passages.__getitem__)
    assert tally and [row.quote for row in tally.rows] == ["Visits."]
    assert tally.notices == ()


def test_points_that_stand_under_another_keep_it_and_are_not_counted():
    nested = ((LIST, "How well managers know:", BAD), (LIST, "their data", BAD), (LIST, "their staff", BAD))
    found, passages = held(NEW, of={"new": nested})
    tally = to_improve.listed([NEW], found, passages.__getitem__)
    assert tally and tally.headline == "The report of 2 December 2025 on Leeds lists what needs to improve."
    assert [row.quote for row in tally.rows] == ["How well managers know:", "their data", "their staff"]


def test_a_paragraph_with_bullets_under_it_is_no_number_of_points_and_a_heading_over_them_is():
    for first, headline in (
        ("Help children sooner, so that", "lists what needs to improve"),
        ("The following from last time:", "lists what needs to improve"),
        ("What needs to improve?", "lists 2 things"),
    ):
        passage = Passage("new:0", "new", 0, f"{first}\n- plans are good\n- visits are kept", section=LIST)
        found = [
            Finding(f"new:0#{i}", "new", "new:0", i, line.removeprefix("- "), BAD, section=LIST)
            for i, line in enumerate(passage.text.split("\n"))
        ]
        tally = to_improve.listed([NEW], register([NEW], [(NEW, ReportRecord("new"))], found), lambda document_id, held=passage: [held])
        assert tally and headline in tally.headline


def test_nothing_is_listed_of_several_authorities_or_where_no_list_is():
    both = {**SAID, "other": ((LIST, "Visits.", BAD),)}
    found, passages = held(NEW, OTHER, of=both)
    assert to_improve.listed([NEW, OTHER], found, passages.__getitem__) is None
    found, passages = held(OTHER, of=SAID)
    assert to_improve.listed([OTHER], found, passages.__getitem__) is None


def test_a_document_that_was_just_taken_out_lists_nothing():
    found, _ = held(NEW, of=SAID)
    assert to_improve.listed([NEW], found, lambda document_id: []) is None


@pytest.mark.parametrize("question", ["What needs to improve in Sandwell?", "give me the areas for improvement in the sandwell letter"])
def test_the_letters_list_is_answered_whole_and_checked(assistant, question):
    answer = assistant.ask(question)
    assert (answer.status, answer.model) == (Status.ANSWERED, "register")
    assert answer.answer.startswith("**The letter of 20 May 2025 on Sandwell lists 4 things that need to improve.**")
    assert [(c.passage_id, c.quote.split()[0]) for c in answer.citations] == [
        (f"{LETTER}:6", start) for start in ("Consistent", "Regularity", "The", "The")
    ]
    assert [sentence.text for sentence in answer.sentences] == [c.quote for c in answer.citations]
    assert sum("2 December 2025" in notice for notice in answer.notices) == 1
    assert answer.expected


@pytest.mark.parametrize("question", ["what needed to improve in Sandwell in 2019", "what need not improve in sandwell"])
def test_no_list_is_given_for_a_year_that_is_not_held_or_for_its_opposite(assistant, question):
    assert assistant.ask(question).model != "register"


def test_a_list_is_not_given_for_another_authority_than_is_filtered_for(assistant):
    assert assistant.ask("what needs to improve in leeds", Scope(authority="Sandwell")).model != "register"


# file: how many things the report lists, the first reference to the National Framework printed with each of the first four
REAL = {
    "80549_sandwell/children's services inspection - 05 july 2022.pdf": (7, [[], [], [], []]),
    "80549_sandwell/children's services inspection - 02 december 2025.pdf": (4, [["outcome 3"], ["outcome 4"], ["enabler 2"], ["outcome 4"]]),
    "80431_blackpool/children's services inspection - 28 july 2026.pdf": (1, [["outcome 1"]]),
    "80444_calderdale/children's services inspection - 19 december 2018.pdf": (3, [[], [], []]),
    "80557_south tyneside/children's services inspection - 10 may 2023.pdf": (7, [[], [], [], []]),
    "80455_isles of scilly/children's services inspection - 27 june 2016.pdf": (6, [[], [], [], []]),
    "80518_wandsworth/children's services inspection - 20 july 2018.pdf": (9, [[], [], [], []]),
    "80429_birmingham/children's services inspection - 23 may 2014.pdf": (16, [[], [], [], []]),
}  # fmt: skip


@pytest.mark.parametrize("file", REAL)
def test_a_real_list_is_whole_with_its_printed_references(file):
    count, references = REAL[file]
    found, passages = registered(file)
    document = next(document for id, document in found.documents.items() if id != LETTER)
    tally = to_improve.listed([document], found, passages.__getitem__)
    assert tally and len(tally.rows) == count
    assert [list(printed(row.quote, {}))[:1] for row in tally.rows[:4]] == references
    assert all(row.quote in row.passage.text for row in tally.rows)
