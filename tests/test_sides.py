"""The sides of a question that sets one thing beside another."""

from assistant.scope import load_authorities, read_scope
from assistant.sides import sides
from assistant.types import EXPECTATIONS, FINDINGS, Document, Kind, ReportRecord, Scope
from tests.conftest import CORPUS

AUTHORITIES = load_authorities(CORPUS / "authorities.toml")
DOCUMENTS = [
    Document(f"{name.lower()}-{day}", f"{name} {day}", Kind.REPORT, authority=name, published=day)
    for name, day in (("Norfolk", "2015-10-19"), ("Norfolk", "2017-11-01"), ("Norfolk", "2023-01-13"), ("Suffolk", "2019-05-03"))
]
HELD = [(document, ReportRecord(document.id, framework="ILACS standard")) for document in DOCUMENTS]


def read(question):
    reading = read_scope(question, Scope(), AUTHORITIES, DOCUMENTS, HELD)
    return [(side.name, sorted(side.reading.scope.inspections)) for side in sides(question, reading, HELD, AUTHORITIES)]


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
    found, expected = sides(question, reading, HELD, AUTHORITIES)
    assert (found.reading.scope.kinds, expected.reading.scope.kinds) == (FINDINGS, EXPECTATIONS)


def test_a_plain_question_has_one_side():
    assert read("what did inspectors say about supervision in Norfolk") == []
