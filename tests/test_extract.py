import pytest

from assistant.extract import Quote, groups, lead
from assistant.shape import Shape, amount_fit, amount_of, shape_of
from assistant.text import plain, sentences
from assistant.types import Document, Hit, Kind, Passage
from assistant.vocabulary import Term, Vocabulary

WORDS = Vocabulary(
    [
        Term("ICPC", ("initial child protection conference",), (), ""),
        Term("strategy discussion", (), ("strat",), ""),
        Term("core group", ("core groups",), (), ""),
    ]
)
NOTE = Document("n", "Note", Kind.POLICY_NOTE)
LETTER = Document("l", "Letter", Kind.LETTER, authority="Sandwell")


def quote(text: str, document: Document = NOTE, force: str = "should") -> Quote:
    return Quote(Hit(Passage("p", document.id, 0, text, "1", force=force), document, 1.0), 0, len(text))


CLOCK = "An ICPC should be held within 15 working days of the strategy discussion. Core groups meet within 10 working days."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("when is the icpc due after a strat", "within 15 working days"),
        ("when must the core group meet", "within 10 working days"),
        ("how long is a core group after a strat", ""),
        ("how often must core groups meet", ""),
        ("when is it due", ""),
    ],
)
def test_a_clock_leads_only_where_it_is_the_clock_of_what_is_asked(question, answer):
    assert lead(question, shape_of(question), quote(CLOCK), WORDS.concepts) == answer


def test_an_amount_leads_with_the_thing_it_is_an_amount_of():
    text = "However, a minority of parental assessments lack depth. Two inspectors came."
    assert amount_of("how many parental assessments lack depth", text) == "a minority of parental assessments lack depth"
    assert amount_of("how many inspectors", text) == "Two inspectors"
    assert amount_of("how many audits", text) == ""
    assert amount_fit("how many audits were done", [text]) == 0.0
    assert amount_fit("what do audits show", [text]) == 1.0


def test_who_is_answered_by_name_in_findings():
    found = quote("His Majesty's Inspectors for this visit were Ann Lee and Bo Dunn.", LETTER)
    assert lead("who came", Shape.WHO, found, WORDS.concepts) == "Ann Lee and Bo Dunn"


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("how many children had a visitor", "Use is low, with only seven children and young people visited.", "only seven children"),
        ("how many districts have their own rules", "There are 11 district councils with rules.", "11 district councils"),
        ("how many children live far away", "Most stay near, while 12 children live far away.", "12 children live far away"),
        ("how many children moved", "Most placements last, and many children neither moved nor left.", ""),
        ("how much money was put in", "This led to an additional \u00a31.4 million of money.", "an additional \u00a31.4 million of money"),
        ("how many children are helped", "There is one service for 75 children.", ""),
        ("how many meetings in 9 months", "Chaired well in the past nine months.", ""),
        ("who chairs the board", "The Local Safeguarding Children Board has a chair, Ann Lee.", "Ann Lee"),
        ("who runs it out of hours", "The Out of Hours Team and the Regional Unit run it.", ""),
        ("how many homes are left", "One home remains closed.", "One home"),
        ("how many social workers left", "In 2022 social workers had fewer cases.", ""),
        ("how many children were seen", "Section 47 children are seen.", ""),
        ("how many cases does each hold", "Workers hold as many as 25 cases.", "as many as 25 cases"),
        ("how many cases does each hold", "In most teams, workers hold 25 cases.", ""),
        ("who came", "It was carried out by two of His Majesty's inspectors.", ""),
        ("who chairs it", "Dr Ann Lee chairs the board. Bo Dunn is her deputy.", ""),
        ("who chairs it", "Ann Lee chairs it. Ann Lee was praised.", "Ann Lee"),
        ("who chairs it", "Mary Jane Lee chairs it. Bo Dunn is her deputy.", ""),
        ("who helps them", "Close work with West Midlands colleagues.", ""),
        ("who was it to", "Ann Lee Chief Executive, Dear Ms Lee", "Ann Lee"),
        ("who was it to", "Ann Lee Chief Executive, Dear Ms Dunn", ""),
        ("who is the director", "Ann Lee, Chief Executive, Bo Dunn, Director", ""),
        ("who signed", "Ann Lee His Majesty's Inspector", "Ann Lee"),
    ],
)
def test_what_leads_is_whole_and_leaves_no_only_or_most_out(question, text, answer):
    titled = {("regional", "unit")}
    assert lead(question, shape_of(question), quote(text, LETTER), WORDS.concepts, lambda: titled) == answer


def test_the_inspectors_words_stand_apart_from_ours():
    about = Document("a", "In context", Kind.POLICY_NOTE, authority="Sandwell")
    own = Document("o", "Mine", Kind.LOCAL)
    titles = [title for title, _ in groups([quote("A.", LETTER), quote("B.", about), quote("C.", NOTE), quote("D.", own)])]
    assert titles == [
        "What inspectors found",
        "About this inspection (plain-language note)",
        "What law and guidance expect",
        "From documents you added",
    ]


def test_a_list_is_never_cut_inside_a_bullet():
    text = "Check:\n- The assessment. It must be up to date.\n- The views of the child."
    assert sentences(text) == [text]


def test_what_a_document_says_cannot_become_markdown():
    assert plain("see [1](javascript:x) **now** <b>") == r"see \[1\](javascript:x) \*\*now\*\* \<b>"


def test_of_two_clocks_in_a_sentence_neither_leads():
    text = "Core groups meet within 10 working days and then within every 6 weeks."
    assert lead("when must the core group meet", Shape.WHEN, quote(text), WORDS.concepts) == ""
    assert (
        lead("when must the core group meet", Shape.WHEN, quote(text.replace(" and then within every 6 weeks", "")), WORDS.concepts) != ""
    )
    words = "Core groups meet within one month. Core groups are held within 10 working days."
    assert lead("when must the core group meet", Shape.WHEN, quote(words), WORDS.concepts) == ""
    twice = "Core groups meet within 10 working days: within 10 working days, and no later."
    assert lead("when must the core group meet", Shape.WHEN, quote(twice), WORDS.concepts) == "within 10 working days"
