"""Counts across themes, years and authorities, hand-worked; filters read; exports; and views that escape."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from assistant.classify import load_lexicon
from assistant.counting import FRAMEWORKS, load_regions, read_query
from assistant.crosstab import By, Cell, compare, direction, extent, heat_map, newest_first, timeline
from assistant.errors import QuestionError
from assistant.export import COLUMNS, as_csv, export_rows, write_xlsx
from assistant.findings import EVALUATIVE, UNTHEMED, Finding, Polarity, Register, Theme, Wanted, load_themes, register
from assistant.progress import step
from assistant.scope import load_authorities
from assistant.selection import Chosen, behind, drafted, frameworks, own_list, told, wanted_of
from assistant.types import Answer, Citation, Document, Judgement, Kind, Link, ReportRecord, Status
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


@pytest.mark.parametrize(
    "typed",
    [
        "Walsall, Kent and Leeds",
        "Walsall Council\nKent County Council\nLeeds City Council\n",
        "1. Walsall\n2. Kent\n3. Leeds",
        "\u2022 Walsall\n\u2022 Kent\n\u2022 Leeds.",
        '"Walsall";"Kent";"Leeds"',
        "Walsall\tKent\tLeeds",
        "walsall mbc; kent; City of Leeds",
    ],
)
def test_a_list_is_read_as_people_paste_it(typed):
    assert own_list(typed, AUTHORITIES) == ("Walsall", "Kent", "Leeds")


@pytest.mark.parametrize("name", AUTHORITIES.names)
def test_every_authority_can_be_pasted(name):
    assert own_list(f"Kent, {name}", AUTHORITIES) == tuple(dict.fromkeys(["Kent", name]))


def test_a_region_limits_authorities_and_an_own_list_adds_to_them():
    read = lambda **chosen: wanted_of(Chosen(**chosen), AUTHORITIES, REGIONS).authorities  # noqa: E731
    assert read(authorities=("Kent",), own="Bury") == {"Kent", "Bury"}
    assert read(authorities=("Kent", "Bury"), region="North West") == {"Bury"}
    assert read(region="East Midlands") >= {"Leicester", "Derby"} and read() == frozenset()
    with pytest.raises(QuestionError, match="None of the authorities"):
        read(authorities=("Kent",), region="London")


@pytest.mark.parametrize(
    ("since", "until"), [("May 2023", ""), ("2023-13", ""), ("", "23"), ("2024", "2023"), ("2023-06", "2023-05-20"), ("2023-02-30", "")]
)
def test_dates_that_cannot_be_read_are_refused(since, until):
    with pytest.raises(QuestionError):
        wanted_of(Chosen(since=since, until=until), AUTHORITIES, REGIONS)


def test_the_filters_are_told_in_words():
    chosen = Chosen(region="London", since="2023-05-20", themes=("plans",), latest=True)
    said = told(chosen, wanted_of(chosen, AUTHORITIES, REGIONS), NAMES)
    assert said == "London; Plans; from 20 May 2023; latest report or letter of each"


ALL_THEMES = {theme.id: theme.name for theme in (*load_themes(CORPUS / "themes.toml"), UNTHEMED)}
LEXICON = load_lexicon(CORPUS / "register.toml")
FRAMEWORK_NAMES = [*FRAMEWORKS, ""]
DATES = ["", "2019", "2023-05", "2023-05-20"]


def read_back(chosen: Chosen, wanted: Wanted):
    return read_query(drafted(chosen, wanted, ALL_THEMES), AUTHORITIES, REGIONS, LEXICON)


@settings(max_examples=400, deadline=None)
@given(
    st.builds(
        Chosen,
        authorities=st.lists(st.sampled_from(AUTHORITIES.names), max_size=4, unique=True).map(tuple),
        region=st.sampled_from(["", *sorted(set(REGIONS.values()))]),
        since=st.sampled_from(DATES),
        until=st.sampled_from([*DATES, "2024-02-29"]),
        framework=st.sampled_from(FRAMEWORK_NAMES),
        themes=st.lists(st.sampled_from([*ALL_THEMES]), max_size=3, unique=True).map(tuple),
        weighs=st.sampled_from([EVALUATIVE, {BAD, BOTH}, {GOOD, BOTH}, {BOTH}, ()]).map(frozenset),
        latest=st.booleans(),
    )
)
@example(Chosen(since="2019", until="2019", themes=("allegations",), weighs=frozenset(EVALUATIVE)))  # "professionals in 2019"
def test_a_drafted_question_is_read_back_as_the_same_filters(chosen):
    try:
        wanted = wanted_of(chosen, AUTHORITIES, REGIONS)
    except QuestionError:
        assume(False)
    query = read_back(chosen, wanted)
    if query is None:  # asked plainly, of one authority and with no more filters than stand in these words
        plain = replace(wanted, themes=frozenset(), polarities=frozenset())
        assert len(wanted.authorities) == 1 and plain == Wanted(wanted.authorities)
        assert drafted(chosen, wanted, ALL_THEMES).startswith(("What did inspectors find about", "What needs", "What are the strengths"))
        return
    assert query.wanted == replace(wanted, polarities=wanted.polarities or frozenset(Polarity))


@pytest.mark.parametrize("name", [name for name in ALL_THEMES if name != "none"])
def test_each_theme_is_read_back_beside_every_other(name):
    for other in ALL_THEMES:
        chosen = Chosen(themes=(name, other), weighs=frozenset({BAD, BOTH}))
        wanted = wanted_of(chosen, AUTHORITIES, REGIONS)
        assert read_back(chosen, wanted).wanted.themes == wanted.themes


@pytest.mark.parametrize("name", AUTHORITIES.names)
def test_each_authority_is_read_back(name):
    chosen = Chosen(authorities=(name,), latest=True)
    wanted = wanted_of(chosen, AUTHORITIES, REGIONS)
    assert read_back(chosen, wanted).wanted == wanted


def test_a_question_on_one_authority_names_it():
    said = lambda **chosen: drafted(c := Chosen(("Kent",), **chosen), wanted_of(c, AUTHORITIES, REGIONS), NAMES)  # noqa: E731
    assert said(themes=("plans",)) == "What did inspectors find about plans in Kent?"
    assert said(weighs=frozenset({BAD, BOTH})) == "What needs to improve in Kent?"
    assert said(themes=("plans",), framework="SIF", latest=True) == (
        "In which reports was Kent praised or criticised for plans by SIF inspections at its latest inspection?"
    )


# -- the findings behind a cell -----------------------------------------------------------


def cells_of(made: Register, wanted: Wanted, side: Polarity, themes: Sequence[Theme]) -> Iterator[tuple[str, str, Polarity, int]]:
    """(theme, column, side, number) of every cell of the heat maps and the comparison of `wanted`."""
    for by in By:
        shown = heat_map(made, wanted, themes, by, side)
        yield from ((theme, "", side, cell.counted) for theme, cell in shown.totals.items())
        yield from ((theme.id, c, side, shown.cells.get((theme.id, c), Cell()).counted) for theme in shown.themes for c in shown.columns)
    compared = compare(made, wanted, sorted(wanted.authorities), themes)
    for one in compared.sides:
        yield from ((theme, one.authority, BAD, weighs.to_improve.counted) for theme, weighs in one.themes.items())


@st.composite
def registers(draw):
    """A few reports and letters, with findings of every sort on one theme, two or none."""
    dates = st.sampled_from(["2018-03-01", "2018-11-20", "2019-05-20", "2022-01-01"])
    kinds = st.sampled_from(["SIF", "ILACS short", "ILACS standard", "focused visit"])
    placed = draw(st.lists(st.tuples(st.sampled_from(["Kent", "Leeds", "Bury"]), dates, kinds), max_size=7))
    held = [report(f"d{i}", *where) for i, where in enumerate(placed)]
    about = st.sampled_from([(), ("plans",), ("supervision", "plans"), ("supervision",)])
    weighing = draw(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(Polarity), about), max_size=40))
    found = [finding(f"d{i}", n, polarity, *names) for n, (i, polarity, names) in enumerate(weighing) if i < len(held)]
    return register([document for document, _ in held], held, found)


@settings(max_examples=200, deadline=None)
@given(
    registers(),
    st.builds(
        Chosen,
        authorities=st.lists(st.sampled_from(["Kent", "Leeds", "Bury"]), max_size=3, unique=True).map(tuple),
        since=st.sampled_from(["", "2018", "2018-05", "2018-11-20", "2019-05"]),
        until=st.sampled_from(["", "2019-05-20", "2022-01", "2022"]),
        framework=st.sampled_from(["", "ILACS", "SIF"]),
        themes=st.sampled_from([(), ("plans",), ("none", "supervision")]),
        weighs=st.sampled_from([EVALUATIVE, {BAD, BOTH}, {GOOD, BOTH}, {BOTH}, ()]).map(frozenset),
        latest=st.booleans(),
    ),
    st.sampled_from([GOOD, BAD]),
)
def test_a_cell_counts_the_findings_that_it_opens(made, chosen, side):
    wanted = wanted_of(chosen, AUTHORITIES, REGIONS)
    for theme, column, way, number in cells_of(made, wanted, side, THEMES):
        opened = wanted_of(behind(chosen, wanted, made, theme, column, way), AUTHORITIES, REGIONS)
        assert len(made.select(opened)) == number, (theme, column)


def test_what_has_no_theme_is_counted_as_such():
    made = register([d for d, _ in HELD], HELD, [*FINDINGS, finding("kent-23", 3, BAD), finding("kent-23", 4, NEITHER)])
    assert heat_map(made, Wanted(), THEMES, By.YEAR, BAD).totals["none"] == Cell(1, 1)
    assert [f.id for f in made.select(Wanted(themes=frozenset({"none"})))] == ["kent-23:1#3", "kent-23:1#4"]
    counted = sum(cell.of for cell in heat_map(made, Wanted(), THEMES, By.YEAR, BAD).totals.values())
    assert counted == sum(len(f.about) for f in made.findings if f.polarity in EVALUATIVE)


def test_every_framework_that_the_library_holds_is_offered():
    held = [*HELD, report("b", "Bury", "2013-01-01", "looked after children")]
    assert frameworks(register([d for d, _ in held], held, [])) == [
        "ILACS", "ILACS short", "ILACS standard", "looked after children", "SIF",
    ]  # fmt: skip


# -- exports ----------------------------------------------------------------------------


LINKS = [
    Link("printed in the report", "outcome 3", "children are safe"),
    Link("theme: Plans", "Regulations 2010, r 4", "A plan must be made.", "care:1", "Care planning, paragraph 1", "Current", "must"),
]


def rows_of(text: str):
    return export_rows(REGISTER, [finding("kent-23", 1, BAD, "plans", "supervision", text=text)], NAMES, [LINKS])


def test_each_exported_row_carries_its_citation():
    (row,) = csv.DictReader(io.StringIO(as_csv(rows_of("Some plans are late.")).decode("utf-8-sig")))
    assert tuple(row) == COLUMNS
    assert (row["theme"], row["themes"]) == ("plans; supervision", "Plans; Supervision")
    assert (row["polarity"], row["quantifier"]) == ("improvement", "Some")
    assert row["expected_framework"] == "outcome 3: children are safe (printed in the report)"
    assert row["expected_guidance"] == "Regulations 2010, r 4; Current; must (Care planning, paragraph 1; theme: Plans)"
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
        view.table(made, [(f, [Link(bad, bad, bad), Link(bad, bad, bad, bad, bad, bad, bad)]) for f in found], reach, 0, names),
        view.table(made, [], reach, 0, names),
        view.heat_map(heat_map(made, Wanted(), themes, By.AUTHORITY, BAD), By.AUTHORITY, reach),
        view.timeline(timeline(made, Wanted(), "overall_effectiveness"), reach),
        view.timeline(timeline(made, Wanted(), "in_care"), reach),
        view.comparison(compare(made, Wanted(), [bad, "Bury"], themes), names),
        view.progress(made, bad, [step(made, *(d for d, _ in held), themes)], ()),
        view.progress(made, bad, [], (bad,)),
    ]
    assert all("<img" not in html and "\n" not in html for html in shown)
    assert all(bad.replace("<", "&lt;").replace(">", "&gt;") in html for html in shown)


def test_the_quantifier_stands_out_as_printed_and_the_row_opens_its_passage():
    html = view.table(REGISTER, [(FINDINGS[0], LINKS)], extent(REGISTER, Wanted(), FINDINGS[:1]), 0, NAMES)
    assert "<strong>Some</strong> plans are late." in html
    assert 'href="#passage/kent-19%3A1">Paragraph 1, page 2</a>' in html
    assert 'National Framework, outcome 3</strong>: children are safe. <span class="ground">Printed in the report</span>' in html
    assert '<a href="#passage/care%3A1">Care planning, paragraph 1</a>' in html and "Regulations 2010, r 4; Current; must" in html


def test_a_page_says_which_of_the_findings_it_holds():
    many = [finding("kent-19", n, BAD, "plans") for n in range(view.PAGE + 2)]
    html = view.table(REGISTER, [(f, []) for f in many[view.PAGE :]], extent(REGISTER, Wanted(), many), 1, NAMES)
    assert html.count("<tr><th") == 2 + 1 and f"{view.PAGE + 1} to {view.PAGE + 2} of {view.PAGE + 2} findings" in html
    assert "<details" not in html


def test_progress_quotes_both_sides_and_says_what_is_not_mentioned():
    made = step(REGISTER, *(document for document, _ in HELD[:2]), THEMES)
    html = view.progress(REGISTER, "Kent", [made], ())
    assert "From 1 March 2019, SIF to 20 May 2023, ILACS short" in html and "Themes: 1 improved; 1 no longer mentioned." in html
    assert html.count("Not mentioned") == 1 and html.count('href="#passage/kent-19%3A1"') == 3


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
