"""The sides of a question that sets one thing beside another."""

import pytest

from assistant.scope import load_authorities, read_scope
from assistant.sides import sides
from assistant.types import EXPECTATIONS, FINDINGS, Document, Kind, ReportRecord, Scope
from assistant.vocabulary import load_vocabulary
from tests.conftest import CORPUS

AUTHORITIES = load_authorities(CORPUS / "authorities.toml")
CONCEPTS = load_vocabulary(CORPUS / "vocabulary.toml").concepts
DOCUMENTS = [
    Document(f"{name.lower()}-{day}", f"{name} {day}", Kind.REPORT, authority=name, published=day)
    for name, day in (("Norfolk", "2015-10-19"), ("Norfolk", "2017-11-01"), ("Norfolk", "2023-01-13"), ("Suffolk", "2019-05-03"))
]
HELD = [(document, ReportRecord(document.id, framework="ILACS standard")) for document in DOCUMENTS]


def read(question):
    reading = read_scope(question, Scope(), AUTHORITIES, DOCUMENTS, HELD)
    return [(side.name, sorted(side.reading.scope.inspections)) for side in sides(question, reading, HELD, AUTHORITIES, CONCEPTS)]


def test_two_authorities_are_two_sides_each_with_its_newest_report():
    assert read("supervision in Norfolk vs Suffolk") == [("Norfolk", ["norfolk-2023-01-13"]), ("Suffolk", ["suffolk-2019-05-03"])]


def test_two_dates_of_one_authority_are_two_sides_oldest_first():
    assert [ids for _, ids in read("Norfolk caseloads 2023 v 2015")] == [["norfolk-2015-10-19"], ["norfolk-2023-01-13"]]


def test_one_date_is_set_beside_the_newest_where_the_question_compares():
    assert [ids for _, ids in read("is Norfolk better on neglect than in 2015")] == [["norfolk-2015-10-19"], ["norfolk-2023-01-13"]]
    assert read("neglect in Norfolk in 2015") == []


def test_since_the_last_inspection_pairs_the_two_newest():
    assert [ids for _, ids in read("has life story work in Norfolk improved since the last inspection")] == [
        ["norfolk-2017-11-01"],
        ["norfolk-2023-01-13"],
    ]


def test_a_finding_and_what_is_expected_are_two_sides():
    question = "what did inspectors say about supervision in Norfolk and how often must it be by law"
    reading = read_scope(question, Scope(), AUTHORITIES, DOCUMENTS, HELD)
    found, expected = sides(question, reading, HELD, AUTHORITIES, CONCEPTS)
    assert (found.reading.scope.kinds, expected.reading.scope.kinds) == (FINDINGS, EXPECTATIONS)


def test_a_plain_question_has_one_side():
    assert read("what did inspectors say about supervision in Norfolk") == []


def found_and_expected(question):
    reading = read_scope(question, Scope(), AUTHORITIES, DOCUMENTS, HELD)
    return [side.reading.about for side in sides(question, reading, HELD, AUTHORITIES, CONCEPTS)]


@pytest.mark.parametrize(
    ("question", "found", "expected"),
    [
        (
            "Norfolk closed cases without a visit. When should a child protection plan end?",
            "closed cases without a visit",
            "When should a child protection plan end",
        ),
        (
            "Norfolk: reviews held late in some teams. What's the longest gap for one?",
            "reviews held late in some teams",
            "What's the longest gap for one (reviews held late in some teams)",
        ),
        (
            "How were Norfolk's letters before proceedings written, and what has to be in one?",
            "letters before proceedings written",
            "what has to be in one (letters before proceedings written)",
        ),
        (
            "reviews were on time in Norfolk, inspectors said. Does GDPR stop us sharing them?",
            "reviews were on time",
            "Does GDPR stop us sharing them (reviews were on time)",
        ),
        (
            "Ofsted praised family group conferences in Norfolk. Were they required by law?",
            "praised family group conferences",
            "Were they required by law (praised family group conferences)",
        ),
        (
            "something on care orders: what inspectors found in Norfolk, plus the court's test for a care order",
            "something on care orders: what",
            "the court's test for a care order",
        ),
        (
            "Core groups: what's the timescale in Working Together and what did inspectors make of Norfolk's?",
            "Core groups: make",
            "Core groups: what's the timescale in Working Together",
        ),
        (
            "What makes a good assessment on paper, and on which points did Norfolk's fall down?",
            "on which points did fall down",
            "What makes a good assessment on paper",
        ),
        ("How far short of best practice is supervision in Norfolk?", *["How far short of best practice is supervision"] * 2),
        ("Compare planning in Norfolk with what the guidance says on it", *["Compare planning with what the guidance on it"] * 2),
        ("How far is Norfolk from how often visits should be made?", *["How far is from how often visits should be made"] * 2),
        (
            "s17(4A) - what's the duty, and how good was direct work in Norfolk",
            "how good was direct work",
            "s17(4A) - what's the duty",
        ),
        (
            "big sibling groups, Norfolk missed needs, and what does wt want us to do per child",
            "big sibling groups, missed needs",
            "what does wt want us to do per child (big sibling groups, missed needs)",
        ),
        (
            "For a talk on neglect: what did Ofsted see in Norfolk, and what do the neglect tools look at?",
            "For a talk on neglect",
            "what do the neglect tools look at",
        ),
        (
            "How long may a care case run past 26 weeks? I need the inspectors' line on care cases in Norfolk beside it.",
            "I need the line on care cases beside it",
            "How long may a care case run past 26 weeks",
        ),
        ("Does Norfolk record children's views as section 17 requires?", *["Does record children's views as section 17 requires"] * 2),
        ("Do leaders in Norfolk know themselves as ILACS expects?", *["Do leaders know themselves as expects"] * 2),
    ],
)
def test_each_side_has_its_own_clauses_and_what_they_point_to_in_the_other(question, found, expected):
    assert found_and_expected(question) == [found, expected]


def test_the_other_wording_of_a_side_has_the_topic_where_the_first_has_not():
    question = "what did inspectors say about supervision in Norfolk and how often must social work supervision be by law"
    reading = read_scope(question, Scope(), AUTHORITIES, DOCUMENTS, HELD)
    expected = sides(question, reading, HELD, AUTHORITIES, CONCEPTS)[1]
    assert expected.reading.about == "how often must social work supervision be by law"
    assert expected.otherwise.about == "how often must social work supervision be by law (supervision)"


@pytest.mark.parametrize(
    "question",
    [
        "Norfolk 2023 - who chases up children who go missing",  # a topic with a question of it states nothing
        "Norfolk children going home from care, who signs it off",
        "Norfolk: do they get consent before checks, and is there a wait?",
        "what did inspectors say about supervision in Norfolk and who was affected",  # both ask of then
        "how many families in Norfolk were waiting for early help and for how long",
        "letters before proceedings - do parents understand the concerns, what did inspectors see",  # one thing is asked
        "how many CIN and CP cases did Norfolk have when Ofsted came",  # a part of one question holds nowhere
        "who led the standard inspection of Norfolk",  # a kind of inspection is no standard
        "How well are agencies working together in Norfolk?",
        "What do children in Norfolk say about their statutory reviews?",
        "What requires improvement in Norfolk?",
        "Was Norfolk judged requires improvement to be good?",
        "Is there good practice in Norfolk on neglect?",
        "Any best practice examples from Norfolk?",
        "How well did inspectors think the duty and assessment service in Norfolk works?",
        "Do social workers in Norfolk get good guidance from managers?",
        "Is careers guidance for care leavers good in Norfolk?",
        "Do children in Norfolk get the support they require?",
        "How good is early help in Norfolk and are families getting support quickly",
        "What is good about edge of care in Norfolk and what are the weak areas",
        "how are young people supported then in Norfolk and are families helped",
        "How good are legal planning meetings in Norfolk?",
        "Mum can't be made to let me in. What did Norfolk's inspectors criticise when this happens?",
        "What did inspectors say about the duty team in Norfolk?",
        "Are visits timely and are plans good in Norfolk?",
        "What did inspectors say about thresholds in Norfolk and use of section 20?",
        "How good is planning in Norfolk, and the quality of s47 enquiries?",
        "Is decision-making in Norfolk good, including under section 20?",
        "What did inspectors say about visits to children in Norfolk, and about s20?",
        "Are social workers in Norfolk able to meet children as often as they should?",
        "How far are children in Norfolk placed from where they should live?",
        "Norfolk 2014 - what proportion of schools etc. sent back the s175 audit?",  # a section that something is called by
        "A baby was found with a fracture, what are our duties?",
        "Boy of 15 found in a trap house with drugs. Do we have to tell the Home Office?",  # nobody's finding
        "is a plan reviewed? (what did inspectors say about plans in Norfolk)",  # what a follow-up is about is no side
    ],
)
def test_what_asks_of_one_side_alone_is_not_split(question):
    assert found_and_expected(question) == []
