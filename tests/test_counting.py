"""Questions that count, list, rank or compare: what is read of them, and answers worked by hand over a small register."""

import csv

import pytest

from assistant.classify import load_lexicon
from assistant.counting import Asks, load_regions, read_query
from assistant.findings import Finding, Polarity, register
from assistant.scope import load_authorities
from assistant.tally import tally
from assistant.types import Document, Judgement, Kind, Passage, ReportRecord, Status
from tests.conftest import CORPUS, LETTER
from tests.shared import shared

AUTHORITIES = load_authorities(CORPUS / "authorities.toml")
REGIONS = load_regions(CORPUS / "authorities.toml")
LEXICON = load_lexicon(CORPUS / "register.toml")
REGION_CODES = {"East of England": "E", "East Midlands": "EM", "London": "GL", "North East": "NE", "North West": "NW", "South East": "SE",
                "South West": "SW", "West Midlands": "WM", "Yorkshire and the Humber": "YH"}  # fmt: skip
NAMES = {"supervision": "Supervision and management oversight", "education": "Education of children", "neglect": "Neglect"}


def read(question: str):
    return read_query(question, AUTHORITIES, REGIONS, LEXICON)


@pytest.mark.parametrize(
    ("question", "asks", "area", "grades"),
    [
        ("How many authorities are inadequate for help and protection?", Asks.LIST, "help_and_protection", ("inadequate",)),
        ("list good ones in the West Midlands", Asks.LIST, "overall_effectiveness", ("good",)),
        ("which councils are good or better for care leavers", Asks.LIST, "care_leavers", ("good", "outstanding")),
        ("how has Norfolk's overall judgement changed", Asks.TREND, "overall_effectiveness", ()),
        ("compare the overall grades of Norfolk and Suffolk", Asks.COMPARE, "overall_effectiveness", ()),
    ],
)
def test_a_question_on_grades_is_read(question, asks, area, grades):
    query = read(question)
    assert (query.asks, query.area, query.grades) == (asks, area, grades)


@pytest.mark.parametrize(
    ("question", "asks", "themes", "polarity"),
    [
        ("which authorities were criticised for supervision since 2023?", Asks.LIST, {"supervision"}, Polarity.IMPROVEMENT),
        ("which councils were praised for pre-birth work?", Asks.LIST, {"pre-birth"}, Polarity.STRENGTH),
        ("which authority has the most criticisms of neglect", Asks.RANK, {"neglect"}, Polarity.IMPROVEMENT),
        ("how have criticisms of neglect changed over time", Asks.TREND, {"neglect"}, Polarity.IMPROVEMENT),
    ],
)
def test_a_question_on_findings_is_read(question, asks, themes, polarity):
    query = read(question)
    assert (query.asks, set(query.wanted.themes)) == (asks, themes)
    assert polarity in query.wanted.polarities and not query.area


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("which authorities were inadequate since 2023", "2023", ""),
        ("which authorities were inadequate after 2022", "2023", ""),
        ("which authorities were inadequate before 2018", "", "2017"),
        ("which authorities were inadequate in 2019", "2019", "2019"),
        ("which authorities were inadequate between 2019 and 2021", "2019", "2021"),
        ("which authorities were inadequate since March 2023", "2023-03", ""),
        ("which authorities were inadequate after Dec 2022", "2023-01", ""),
        ("which authorities were inadequate before january 2018", "", "2017-12"),
        ("which authorities were inadequate between May 2019 and June 2021", "2019-05", "2021-06"),
    ],
)
def test_dates_are_read(question, since, until):
    wanted = read(question).wanted
    assert (wanted.since, wanted.until, wanted.latest) == (since, until, False)


def test_who_led_an_inspection_is_counted_by_where_the_library_knows_the_name():
    query = read_query("How many ILACS inspections has tom anthony led?", AUTHORITIES, REGIONS, LEXICON, inspectors=["Tom Anthony", ""])
    assert (query.asks, query.wanted.inspector, query.wanted.framework) == (Asks.LIST, "Tom Anthony", "ILACS")


@pytest.mark.parametrize(
    ("question", "grades"),
    [
        ("which London boroughs are not inadequate", ("requires improvement", "adequate", "good", "outstanding")),
        ("which councils are neither good nor outstanding overall", ("inadequate", "requires improvement", "adequate")),
        ("which councils are not yet good overall", ("requires improvement", "adequate", "inadequate")),
    ],
)
def test_a_grade_denied_is_every_other_grade(question, grades):
    assert read(question).grades == grades


@pytest.mark.parametrize(
    "question",
    [
        "which authorities were not criticised for supervision since 2023?",
        "which authorities have never been inadequate",
        "which authorities were praised for early help and criticised for neglect",
        "which authorities were criticised for supervision in the last two years",
        "which authorities were inadequate after 1 March 2024",
        "which region has the most inadequate authorities",
    ],
)
def test_a_condition_that_is_not_read_makes_no_count(question):
    assert read(question) is None


def test_a_top_and_a_share_are_read():
    ranked = read("top five authorities with the most criticisms of neglect")
    assert (ranked.asks, ranked.most, ranked.share) == (Asks.RANK, 5, False)
    assert read("what proportion of councils are inadequate overall").share


@pytest.mark.parametrize(("words", "worst_first"), [("best first", False), ("worst first", True)])
def test_a_ranking_by_grade_needs_no_grade(words, worst_first):
    query = read(f"Rank the East Midlands authorities by their latest overall grade, {words}")
    assert (query.asks, query.area, query.grades, query.worst_first) == (Asks.RANK, "overall_effectiveness", (), worst_first)


@pytest.mark.parametrize(
    "question",
    [
        "How many ILACS inspections has Tom Anthony led?",
        "Which inspections did Neil Penswick lead under ILACS?",
        "what did inspectors find about supervision in Sandwell?",
        "how many visits must a social worker make?",
        "how long do care proceedings take max",
        "which law requires supervision?",
        "list the areas for improvement in the Sandwell letter",
        "what are the strengths of Sandwell",
        "who is responsible for supervision?",
        "which teams have a problem with supervision?",
        "what services are good in Sandwell?",
        "which areas of practice were criticised in Durham?",
    ],
)
def test_any_other_question_is_left_to_search(question):
    assert read(question) is None


def graded(document_id: str, authority: str, published: str, grade: str, framework: str = "ILACS standard"):
    document = Document(document_id, "T", Kind.REPORT, authority=authority, published=published)
    judgement = Judgement(grade, 1) if grade else Judgement()
    record = ReportRecord(document_id, framework=framework, inspection_end=published, overall_effectiveness=judgement)
    line = f"Overall effectiveness: {grade.capitalize()}" if grade else "Judgements"
    return document, record, Passage(f"{document_id}:cover", document_id, 0, f"T\n{line}", "cover", "Judgements", 1)


HELD = [
    graded("a1", "Norfolk", "2015-10-19", "inadequate", "SIF"),
    graded("a2", "Norfolk", "2023-01-13", "good"),
    graded("b1", "Suffolk", "2019-05-01", "inadequate"),
    graded("c1", "Brent", "2023-04-11", "good"),
    graded("c2", "Brent", "2026-06-17", ""),
]
PASSAGES = {document.id: [passage] for document, _, passage in HELD}
SAID = [
    ("a2", Polarity.IMPROVEMENT, ("supervision",), "Supervision is weak."),
    ("b1", Polarity.IMPROVEMENT, ("supervision",), "Supervision is poor."),
    ("b1", Polarity.IMPROVEMENT, ("supervision",), "Managers are absent."),
    ("c1", Polarity.STRENGTH, ("supervision",), "Supervision is good."),
    ("c1", Polarity.IMPROVEMENT, ("education",), "The virtual school is weak."),
    ("b1", Polarity.IMPROVEMENT, ("education",), "Attendance at school is poor."),
]
for number, (document_id, _, _, text) in enumerate(SAID):
    PASSAGES[document_id].append(Passage(f"{document_id}:{number}", document_id, number + 1, text))
FINDINGS = [Finding(f"{d}:{n}#1", d, f"{d}:{n}", n, text, p, themes) for n, (d, p, themes, text) in enumerate(SAID)]
REGISTER = register([d for d, _, _ in HELD], [(d, r) for d, r, _ in HELD], FINDINGS)


def answer(question: str):
    return tally(read(question), REGISTER, AUTHORITIES.names, NAMES, PASSAGES.__getitem__)


@pytest.mark.parametrize(
    ("question", "authorities"),
    [
        ("which authorities are inadequate", ["Suffolk"]),
        ("which authorities were ever inadequate", ["Norfolk", "Suffolk"]),
        ("which authorities were inadequate before 2018", ["Norfolk"]),
        ("which authorities are good in London", ["Brent"]),
        ("which authorities went from inadequate to good", ["Norfolk", "Norfolk"]),
        ("which authorities have been inadequate more than once", []),
        ("which authorities were criticised for supervision", ["Norfolk", "Suffolk"]),
        ("which authorities were criticised for supervision since 2020", ["Norfolk"]),
        ("which authority has the most criticisms of supervision", ["Suffolk", "Norfolk"]),
        ("which authorities were criticised for the virtual school", ["Brent"]),
        ("which SIF reports were inadequate", ["Norfolk"]),
        ("how many reports were published in 2023", ["Brent", "Norfolk"]),
        ("how many times has Norfolk been inadequate", ["Norfolk"]),
    ],
)
def test_the_rows_are_those_worked_by_hand(question, authorities):
    rows = answer(question).rows
    assert [row.document.authority for row in rows] == authorities
    assert all(row.quote in row.passage.text for row in rows)


def test_the_count_has_its_denominator_its_dates_and_what_is_not_known():
    counted = answer("how many authorities in the East of England are inadequate")
    assert counted.headline == (
        "Of 11 authorities in East of England, 2 have a report in the library that judges overall effectiveness "
        "(1 May 2019 to 13 January 2023); 1 was judged \u201cinadequate\u201d for overall effectiveness at the latest inspection that gives it."
    )
    assert any(notice.startswith("Not known: the library holds no such report of Bedford,") for notice in counted.notices)


def test_what_cannot_be_compared_is_said():
    notices = " ".join(answer("which authorities are good").notices)
    assert "no overall effectiveness grade for inspections from April 2026, so the newest report of Brent has none" in notices
    assert "different frameworks (ILACS, SIF)" in " ".join(answer("how has Norfolk's overall judgement changed").notices)


def test_a_row_from_before_the_newest_report_is_said_to_be():
    assert any(
        "no such finding for Brent" in notice for notice in answer("which authorities were criticised for the virtual school").notices
    )


def test_a_course_is_told_in_order():
    headline = answer("how has Norfolk's overall judgement changed").headline
    assert headline == "Norfolk: inadequate (19 October 2015), good (13 January 2023)."


def test_the_assistant_answers_from_the_register_and_checks_every_row(assistant):
    counted = assistant.ask("which authorities were criticised for supervision since 2023?")
    assert (counted.status, counted.model) == (Status.ANSWERED, "register")
    assert [citation.document_id for citation in counted.citations] == [LETTER]
    assert all(citation.quote in citation.passage for citation in counted.citations)
    assert [sentence.text for sentence in counted.sentences] == [citation.quote for citation in counted.citations]
    assert len(counted.passages) >= 10
    assert any("2 December 2025" in notice for notice in counted.notices)
    assert "Of 153 authorities, 1 has a report or letter in the library" in counted.answer


def test_names_and_regions_are_those_of_the_published_list():
    codes = {"YH": "Yorkshire and the Humber", "SW": "South West", "SE": "South East", "GL": "London", "E": "East of England",
             "EM": "East Midlands", "WM": "West Midlands", "NE": "North East", "NW": "North West"}  # fmt: skip
    rows = list(csv.DictReader(shared("reports/authorities.csv").open(encoding="utf-8")))
    listed = {AUTHORITIES.titled(row["local_authority"].title()) or row["local_authority"]: row["region_code"] for row in rows}
    differing = {name: code for name, code in listed.items() if code and codes[code] != REGIONS.get(name)}
    assert len(listed) == len(rows) == len(REGIONS) == 153
    assert differing == {}


@pytest.mark.parametrize(
    ("question", "asks", "region", "count"),
    [
        ("How many of Sandwell's statistical neighbours are inadequate?", Asks.LIST, "Sandwell\u2019s statistical neighbours", 10),
        (
            "Which of Sandwell's neighbours were criticised for supervision since 2021?",
            Asks.LIST,
            "Sandwell\u2019s statistical neighbours",
            10,
        ),
        ("rank Sandwell and its neighbours by overall effectiveness", Asks.RANK, "Sandwell and its statistical neighbours", 11),
        ("compare Sandwell with its neighbours on overall effectiveness", Asks.RANK, "Sandwell and its statistical neighbours", 11),
    ],
)
def test_an_authoritys_neighbours_are_a_set_of_authorities(question: str, asks: Asks, region: str, count: int) -> None:
    query = read(question)
    assert query is not None
    assert (query.asks, query.region, len(query.wanted.authorities), query.named) == (asks, region, count, ())
    assert ("Sandwell" in query.wanted.authorities) == (count == 11)


def test_a_neighbourhood_is_no_neighbour() -> None:
    assert AUTHORITIES.near("Which neighbourhood teams in Sandwell were praised?") == ("", ())


def test_neighbours_and_regions_agree_with_the_published_list() -> None:
    published = list(csv.DictReader((shared("reports") / "authorities.csv").open(encoding="utf-8")))
    plain = {row["la_code"]: AUTHORITIES.exact(row["local_authority"].replace("&", "and")) for row in published}
    assert set(plain.values()) == set(AUTHORITIES.names)
    for row in published:
        assert AUTHORITIES.neighbours[plain[row["la_code"]]] == tuple(plain[code.strip()] for code in row["stat_neighbours"].split(","))
        assert row["region_code"] in ("", REGION_CODES[REGIONS[plain[row["la_code"]]]])
