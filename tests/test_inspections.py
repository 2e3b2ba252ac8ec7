import pytest

from assistant.inspections import later_than, meant, not_held, undated
from assistant.types import Document, Kind, ReportRecord


def held(id: str, kind: Kind, published: str, framework: str, authority: str = "Sandwell") -> tuple[Document, ReportRecord]:
    return Document(id, id, kind, authority=authority, published=published), ReportRecord(id, framework=framework)


SANDWELL = [
    held("sif", Kind.REPORT, "2015-06-05", "SIF"),
    held("full", Kind.REPORT, "2022-07-05", "ILACS standard"),
    held("letter", Kind.LETTER, "2025-05-20", "focused visit"),
]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("sandwell 2022 supervision", {"full"}),
        ("sandwell jul 2022 supervision", {"full"}),
        ("the sif in sandwell", {"sif"}),
        ("sandwell focussed visit, plans", {"letter"}),
        ("latest on sandwell", {"letter"}),
        ("last full inspection of sandwell", {"full"}),
        ("sandwell last time", {"letter"}),
        ("the one before", {"full"}),
        ("sandwell supervision", set()),
        ("sandwell in 1999", set()),
        ("sandwell 2040", set()),
        ("sandwell last year", set()),
        ("a letter before proceedings in sandwell", set()),
    ],
)
def test_which_inspections_a_question_means(question, ids):
    assert meant(question, SANDWELL) == ids


def test_the_latest_is_of_each_authority():
    dudley = held("dudley", Kind.REPORT, "2019-01-01", "ILACS standard", "Dudley")
    assert meant("the latest on plans", [*SANDWELL, dudley]) == {"letter", "dudley"}


def test_what_names_the_inspection_is_taken_out_of_the_subject():
    assert undated("2014 sif do children in care get free swimming").split() == "do children in care get free swimming".split()
    assert undated("latest 2022") == "latest 2022"


def test_a_newer_inspection_of_the_same_authority_is_found():
    newer = later_than(SANDWELL[1][0], SANDWELL)
    assert newer is not None and newer.id == "letter"
    assert later_than(SANDWELL[2][0], SANDWELL) is None


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("what did ofsted say of supervision in sandwell in its 2024 inspection", ["2024"]),
        ("sandwell, the report of march 2024", ["2024-03"]),
        ("sandwell 2022 report on supervision", []),
        ("sandwell 2022 report against the 2024 letter", []),  # one of the two is there and answers
        ("has supervision changed since 2024", []),
        ("sandwell in 2024", []),
    ],
)
def test_an_inspection_named_outright_that_is_not_held_is_said(question: str, dates: list[str]) -> None:
    assert not_held(question, SANDWELL) == dates
