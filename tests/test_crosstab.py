"""Counts across themes, years and authorities, hand-worked; filters read; exports; and views that escape."""

import csv
import io
import re
from dataclasses import replace

import openpyxl
import pytest

from assistant.classify import load_lexicon
from assistant.counting import load_regions, read_query
from assistant.crosstab import By, Cell, compare, direction, extent, heat_map, newest_first, timeline
from assistant.errors import QuestionError
from assistant.export import COLUMNS, as_csv, export_rows, write_xlsx
from assistant.findings import EVALUATIVE, Finding, Polarity, Theme, Wanted, load_themes, register
from assistant.scope import load_authorities
from assistant.selection import Chosen, drafted, own_list, told, wanted_of
from assistant.types import Answer, Citation, Document, Judgement, Kind, ReportRecord, Status
from eval.counting import CountingCase, fault, load
from tests.conftest import CORPUS
from ui import findings_view as view

GOOD, BAD, BOTH, NEITHER = Polarity.STRENGTH, Polarity.IMPROVEMENT, Polarity.MIXED, Polarity.NEUTRAL
AUTHORITIES = load_authorities(CORPUS / "authorities.toml")
REGIONS = load_regions(CORPUS / "authorities.toml")
PLANS, SUPERVISION = Theme("plans", "Plans", ""), Theme("supervision", "Supervision", "")
THEMES = (SUPERVISION, PLANS)
NAMES = {theme.id: theme.name for theme in THEMES}


def report(id: str, authority: str, published: str, framework: str, **grades: str) -> tuple[Document, ReportRecord]:
    document = Document(id, f"Inspection of {authority}", Kind.REPORT, "Ofsted", authority, published)
    return document, ReportRecord(id, framework=framework, **{name: Judgement(grade, 1) for name, grade in grades.items()})


HELD = [
    report("kent-19", "Kent", "2019-03-01", "SIF", overall_effectiveness="inadequate"),
    report("kent-23", "Kent", "2023-05-20", "ILACS short", overall_effectiveness="good", care_leavers="good"),
    report("leeds-22", "Leeds", "2022-01-01", "ILACS standard", overall_effectiveness="outstanding"),
    report("leeds-26", "Leeds", "2026-06-01", "ILACS standard", care_leavers="good"),
]


def finding(document: str, number: int, polarity: Polarity, *themes: str, text: str = "Some plans are late.") -> Finding:
    return Finding(f"{document}:1#{number}", document, f"{document}:1", number, text, polarity, themes, "Some", 4, "Help", "1", 2)


FINDINGS = [
    finding("kent-19", 1, BAD, "supervision"),
    finding("kent-19", 2, BAD, "supervision", "plans"),
    finding("kent-19", 3, BOTH, "supervision"),
    finding("kent-19", 4, GOOD, "supervision"),
    finding("kent-19", 5, GOOD, "supervision"),
    finding("kent-23", 1, GOOD, "supervision"),
    finding("kent-23", 2, NEITHER, "supervision"),
    finding("leeds-22", 1, BAD, "plans"),
    finding("leeds-22", 2, GOOD, "plans"),
]
REGISTER = register([document for document, _ in HELD], HELD, FINDINGS)


def test_a_heat_map_counts_one_side_of_all_that_weigh():
    made = heat_map(REGISTER, Wanted(), THEMES, By.YEAR, BAD)
    assert made.columns == ("2019", "2022", "2023", "2026")
    assert made.cells == {
        ("supervision", "2019"): Cell(3, 5),
        ("plans", "2019"): Cell(1, 1),
        ("supervision", "2023"): Cell(0, 1),
        ("plans", "2022"): Cell(1, 2),
    }
    assert made.totals == {"supervision": Cell(3, 6), "plans": Cell(2, 3)}
    assert made.documents == {"2019": 1, "2022": 1, "2023": 1, "2026": 1}
    assert [theme.id for theme, _ in made.ranked()] == ["supervision"]  # three findings on plans are too few to say


def test_a_mixed_finding_counts_for_both_sides_and_filters_hold():
    made = heat_map(REGISTER, Wanted(authorities=frozenset({"Kent"}), polarities=frozenset({BAD})), THEMES, By.AUTHORITY, GOOD)
    assert made.cells[("supervision", "Kent")] == Cell(4, 6)
    assert made.columns == ("Kent",)


@pytest.mark.parametrize(("cell", "shade"), [(Cell(4, 4), 0), (Cell(0, 5), 1), (Cell(1, 5), 2), (Cell(3, 6), 3), (Cell(9, 9), 5)])
def test_a_share_of_few_findings_is_not_shaded(cell, shade):
    assert cell.shade == shade


def test_a_timeline_ranks_only_what_can_be_ranked_and_says_what_cannot():
    made = timeline(REGISTER, Wanted(), "overall_effectiveness")
    assert [(j.document.id, j.grade) for j in made.judged] == [("kent-19", "inadequate"), ("kent-23", "good"), ("leeds-22", "outstanding")]
    assert made.years == ("2019", "2020", "2021", "2022", "2023")
    assert made.turns() == {"better": 1}
    assert made.without == 1
    assert any("From April 2026" in note and "Leeds" in note for note in made.cautions)
    assert any("ILACS, SIF" in note for note in made.cautions)
    assert [j.document.id for j in timeline(REGISTER, Wanted(latest=True), "overall_effectiveness").judged] == ["kent-23", "leeds-22"]


def test_grades_are_compared_on_their_scale():
    assert direction("good", "inadequate") == "worse" and direction("good", "good") == "same"


def test_authorities_stand_side_by_side_with_the_newest_of_each_judgement():
    made = compare(REGISTER, Wanted(), ["Kent", "Leeds", "Bury"], THEMES)
    kent, leeds = made.sides
    assert kent.grades["overall_effectiveness"].grade == "good"
    assert leeds.grades["overall_effectiveness"].document.id == "leeds-22" and leeds.grades["care_leavers"].document.id == "leeds-26"
    assert kent.themes["supervision"].to_improve == Cell(3, 6) and kent.weakest == ["supervision"]
    assert made.absent == ("Bury",)
    assert any("years apart" in note for note in made.cautions) and any("2019 to 2026" in note for note in made.cautions)


def test_an_extent_says_what_was_looked_through_and_what_is_not_there():
    wanted = Wanted(authorities=frozenset({"Kent", "Bury"}), themes=frozenset({"plans"}), polarities=EVALUATIVE)
    reach = extent(REGISTER, wanted, REGISTER.select(wanted))
    assert (reach.findings, reach.documents, reach.in_scope, reach.missing) == (1, 1, 2, ("Bury",))
    assert (reach.first, reach.last) == ("2019-03-01", "2023-05-20")
    assert [f.document_id for f in newest_first(REGISTER, FINDINGS)][:2] == ["kent-23", "kent-23"]


# -- what a person chose ----------------------------------------------------------------


def test_an_own_list_is_read_name_by_name():
    typed = "Bournemouth, Christchurch and Poole, Bury; reading\nB&NES, Bury"
    assert own_list(typed, AUTHORITIES) == ("Bournemouth, Christchurch and Poole", "Bury", "Reading", "Bath and North East Somerset")
    with pytest.raises(QuestionError, match="Cardiff"):
        own_list("Bury, Cardiff", AUTHORITIES)


def test_a_region_limits_authorities_and_an_own_list_adds_to_them():
    read = lambda **chosen: wanted_of(Chosen(**chosen), AUTHORITIES, REGIONS).authorities  # noqa: E731
    assert read(authorities=("Kent",), own="Bury") == {"Kent", "Bury"}
    assert read(authorities=("Kent", "Bury"), region="North West") == {"Bury"}
    assert read(region="East Midlands") >= {"Leicester", "Derby"} and read() == frozenset()
    with pytest.raises(QuestionError, match="None of the authorities"):
        read(authorities=("Kent",), region="London")


@pytest.mark.parametrize(("since", "until"), [("May 2023", ""), ("2023-13", ""), ("", "23"), ("2024", "2023"), ("2023-06", "2023-05-20")])
def test_dates_that_cannot_be_read_are_refused(since, until):
    with pytest.raises(QuestionError):
        wanted_of(Chosen(since=since, until=until), AUTHORITIES, REGIONS)


def test_the_filters_are_told_in_words():
    chosen = Chosen(region="London", since="2023-05-20", themes=("plans",), latest=True)
    said = told(chosen, wanted_of(chosen, AUTHORITIES, REGIONS), NAMES)
    assert said == "London; Plans; from 20 May 2023; latest report or letter of each"


@pytest.mark.parametrize(
    "chosen",
    [
        Chosen(themes=("supervision",), weighs=frozenset({BAD, BOTH})),
        Chosen(themes=("neglect",), region="London", since="2023", weighs=frozenset({BAD, BOTH})),
        Chosen(themes=("placements",), weighs=frozenset({GOOD, BOTH}), since="2021", until="2023"),
        Chosen(themes=("supervision",), authorities=("Kent", "Leeds", "Bury"), weighs=frozenset({BAD, BOTH}), latest=True),
        Chosen(themes=("care-leavers",), framework="ILACS short", weighs=frozenset({BAD, BOTH}), since="2024", until="2024"),
    ],
)
def test_a_drafted_question_is_read_back_as_the_same_filters(chosen):
    names = {theme.id: theme.name for theme in load_themes(CORPUS / "themes.toml")}
    wanted = wanted_of(chosen, AUTHORITIES, REGIONS)
    query = read_query(drafted(chosen, wanted, names), AUTHORITIES, REGIONS, load_lexicon(CORPUS / "register.toml"))
    assert query is not None
    assert query.wanted.authorities == wanted.authorities and query.wanted.framework == wanted.framework
    assert (query.wanted.since, query.wanted.until, query.wanted.latest) == (wanted.since, wanted.until, wanted.latest)
    assert query.wanted.themes >= wanted.themes and query.wanted.polarities == wanted.polarities


def test_a_question_on_one_authority_names_it():
    chosen = Chosen(authorities=("Kent",), themes=("plans",))
    assert drafted(chosen, wanted_of(chosen, AUTHORITIES, REGIONS), NAMES) == "What did inspectors find about plans in Kent?"
    assert drafted(Chosen(authorities=("Kent",)), Wanted(frozenset({"Kent"})), NAMES) == "What needs to improve in Kent?"


# -- exports ----------------------------------------------------------------------------


def rows_of(text: str):
    return export_rows(REGISTER, [finding("kent-23", 1, BAD, "plans", "supervision", text=text)], NAMES)


def test_each_exported_row_carries_its_citation():
    (row,) = csv.DictReader(io.StringIO(as_csv(rows_of("Some plans are late.")).decode("utf-8-sig")))
    assert tuple(row) == COLUMNS
    assert (row["theme"], row["themes"], row["polarity"], row["quantifier"]) == ("plans", "Plans; Supervision", "improvement", "Some")
    assert row["citation"] == "Ofsted, Inspection of Kent, 20 May 2023, paragraph 1, page 2"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_is_a_formula(text, tmp_path):
    (row,) = csv.DictReader(io.StringIO(as_csv(rows_of(text)).decode("utf-8-sig")))
    assert row["text"] == f"'{text}"
    write_xlsx(tmp_path / "f.xlsx", rows_of(text), [("Findings of", "=all")])
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    cell = book["Findings"].cell(2, COLUMNS.index("text") + 1)
    assert (cell.data_type, cell.value) == ("s", text)
    assert book["About"]["B1"].data_type == "s"


def test_a_workbook_takes_text_with_control_characters(tmp_path):
    write_xlsx(tmp_path / "f.xlsx", rows_of("a\x0bb"), [])
    assert openpyxl.load_workbook(tmp_path / "f.xlsx")["Findings"].cell(2, COLUMNS.index("text") + 1).value == "a b"


# -- views ------------------------------------------------------------------------------


def test_views_escape_what_comes_from_documents():
    bad = "<img src=x onerror=1>"
    held = [report(f'"{bad}', bad, "2023-01-01", bad, overall_effectiveness="good"), report("b", "Bury", "2022-01-01", "SIF", in_care=bad)]
    found = [Finding(f"{bad}#1", d.id, f"{d.id}:1", 1, f"{bad} plans", BAD, ("plans",), bad, 4, bad, bad, 1) for d, _ in held]
    made = register([d for d, _ in held], held, found)
    names = {"plans": bad, "supervision": bad}
    themes = (Theme("plans", bad, ""),)
    reach = extent(made, Wanted(authorities=frozenset({bad, "Bury", f"{bad}2"})), found)
    shown = [
        view.table(made, found, reach, 0, names),
        view.table(made, [], reach, 0, names),
        view.heat_map(heat_map(made, Wanted(), themes, By.AUTHORITY, BAD), By.AUTHORITY, reach),
        view.timeline(timeline(made, Wanted(), "overall_effectiveness"), reach),
        view.timeline(timeline(made, Wanted(), "in_care"), reach),
        view.comparison(compare(made, Wanted(), [bad, "Bury"], themes), names),
    ]
    assert all("<img" not in html and "\n" not in html for html in shown)
    assert all(bad.replace("<", "&lt;").replace(">", "&gt;") in html for html in shown)


def test_the_quantifier_stands_out_as_printed_and_the_row_opens_its_passage():
    html = view.table(REGISTER, FINDINGS[:1], extent(REGISTER, Wanted(), FINDINGS[:1]), 0, NAMES)
    assert "<strong>Some</strong> plans are late." in html
    assert 'href="#passage/kent-19%3A1">Paragraph 1, page 2</a>' in html


def test_a_page_holds_so_many_findings():
    many = [finding("kent-19", n, BAD, "plans") for n in range(view.PAGE + 2)]
    html = view.table(REGISTER, many, extent(REGISTER, Wanted(), many), 1, NAMES)
    assert html.count("<tr><th") == 2 + 1 and f"{view.PAGE + 1} to {view.PAGE + 2} of {view.PAGE + 2} findings" in html


# -- the measure --------------------------------------------------------------------------


def counted(headline: str, *rows: tuple[str, str, str], notices: tuple[str, ...] = ()) -> Answer:
    """An answer from the register with a row, and a citation, for each (authority, published, grade)."""
    cited = tuple(
        Citation(n, f"p{n}", f"d{n}", "T", "report", "Ofsted", name, published, "", "", "", 1, grade, grade, "")
        for n, (name, published, grade) in enumerate(rows, start=1)
    )
    lines = "\n".join(
        f"- **{name}** (1 May 2022, SIF): {grade}. \u201c{grade}\u201d [{n}]" for n, (name, _, grade) in enumerate(rows, start=1)
    )
    return Answer("q", "q", Status.ANSWERED, f"**{headline}**\n\n{lines}", citations=cited, notices=notices, model="register")


KENT, LEEDS, BURY = ("Kent", "2022-05-01", "good"), ("Leeds", "2022-06-01", "outstanding"), ("Bury", "2020-01-01", "good")


@pytest.mark.parametrize(
    ("kind", "gold", "rows", "wrong"),
    [
        ("list", ("Kent", "Leeds"), (LEEDS, KENT, KENT), ""),
        ("list", ("Kent", "Leeds"), (KENT,), "left out Leeds"),
        ("list", ("Kent",), (KENT, LEEDS), "added Leeds"),
        ("trend", ("Kent 2022-05-01 good",), (KENT,), ""),
        ("trend", ("Kent 2022-05-01 inadequate",), (KENT,), "left out Kent 2022-05-01 inadequate; added Kent 2022-05-01 good"),
        ("rank", ("Leeds 2022-06-01 outstanding", "Kent 2022-05-01 good", "Bury 2020-01-01 good"), (LEEDS, BURY, KENT), ""),
        ("rank", ("Leeds 2022-06-01 outstanding", "Kent 2022-05-01 good"), (KENT, LEEDS), "not in order"),
    ],
)
def test_only_the_whole_answer_counts(kind, gold, rows, wrong):
    assert fault(CountingCase("q", kind, gold, "why"), counted("Two.", *rows)) == wrong


def test_a_number_must_be_counted_and_printed():
    case = CountingCase("q", "count", 2, "why", of="authorities")
    assert fault(case, counted("Of 3 authorities, 2 were good.", KENT, LEEDS)) == ""
    assert fault(case, counted("Of 3 authorities, 1 was good.", KENT)) == "1 instead of 2, and not so printed"
    assert fault(replace(case, of="reports"), counted("2 in all.", KENT, KENT)) == ""


def test_what_cannot_be_compared_must_be_said():
    case = CountingCase("q", "cannot", (), "why", says=("April 2026",))
    assert fault(case, counted("None.")) == "does not say April 2026"
    assert fault(case, counted("None.", notices=("No grade from April 2026.",))) == ""


@pytest.mark.parametrize("half", ["dev", "test"])
def test_each_half_holds_thirty_questions_on_authorities_that_exist(half):
    cases = load(half)
    assert len({case.question for case in cases}) == 30
    for case in cases:
        names = [re.sub(r" \d{4}-.*", "", name) for name in case.answer] if isinstance(case.answer, tuple) else []
        assert all(AUTHORITIES.exact(name) == name for name in names), case.question
