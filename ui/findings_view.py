"""The Findings tab's table, heat map, timeline, comparison and progress as HTML. Everything from a document is escaped. Pure.

Each chart is a table whose shaded cells hold their numbers, under a sentence that says what it shows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from assistant.counting import AREAS
from assistant.crosstab import LEAST, SCALE, By, Cell, Comparison, Extent, HeatMap, Judged, Side, Timeline
from assistant.findings import Finding, Polarity, Register, Theme
from assistant.progress import Change, Course, Step
from assistant.refusal import place
from assistant.selection import listed
from assistant.text import spelt
from assistant.types import JUDGEMENTS, Judgement, Link
from ui.render import expected, safe

PAGE = 25
"""Findings shown at a time."""
SIDES = {Polarity.IMPROVEMENT: "to improve", Polarity.STRENGTH: "strengths"}
_POLARITIES = {
    Polarity.STRENGTH: ("Strength", "good"),
    Polarity.IMPROVEMENT: ("To improve", "warn"),
    Polarity.MIXED: ("Mixed", ""),
    Polarity.NEUTRAL: ("Neutral", ""),
}
_ACROSS = 14
"""Columns up to which themes stand down the side; more authorities than that are read down the page."""
_NAMED = 12
"""So many names stand in a sentence; of more, the number."""
_RANKED = 3
_COURSES = {Course.IMPROVED: "good", Course.STILL: "warn", Course.NEW: "warn", Course.GONE: ""}
_HOW_PAIRED = (
    "A theme is an issue where it stands among what needs to improve, or where a third or more of what is said on it is to improve. "
    "Two findings at the most are quoted on each side; that a theme is no longer mentioned does not say that it is better."
)
_EMPTY = (
    '<div class="refused"><h3>No findings yet</h3><p>The library holds no inspection letter or report. '
    'Add one in the <a href="#library">Library</a>: its findings are read as it is added.</p></div>'
)
_NONE = '<p class="count">No findings</p><p>Nothing fits all of these filters. Take one away, or widen the dates.</p>'


def empty() -> str:
    """In place of all else where the library holds no letter or report."""
    return _EMPTY


# -- table ----------------------------------------------------------------------------


def table(register: Register, shown: Sequence[tuple[Finding, Sequence[Link]]], reach: Extent, page: int, themes: Mapping[str, str]) -> str:
    """Page `page` (from 0) of the findings, `shown` (each with what is expected); on a narrow screen each row becomes a card."""
    said = _reach(reach)
    if not shown:
        return f"{_NONE}{said}"
    heads = _heads("Authority", "What inspectors found", "About", "Which way", "Source")
    rows = "".join(_finding(register, finding, links, themes) for finding, links in shown)
    count = f"{page * PAGE + 1:,} to {page * PAGE + len(shown):,} of {reach.findings:,} findings"
    return f'<p class="count">{count}</p>{said}<table class="findings"><thead>{heads}</thead><tbody>{rows}</tbody></table>'


def _finding(register: Register, finding: Finding, links: Sequence[Link], themes: Mapping[str, str]) -> str:
    document = register.documents[finding.document_id]
    name, tone = _POLARITIES[finding.polarity]
    before, printed, after = finding.text.partition(finding.quantifier) if finding.quantifier else (finding.text, "", "")
    text = f"{safe(before)}<strong>{safe(printed)}</strong>{safe(after)}" if printed else safe(before)
    about = ", ".join(safe(themes[theme]) for theme in finding.about)
    when = spelt(register.when(document.id))
    return (
        f'<tr><th scope="row">{safe(document.authority)}<span class="when">{safe(when)}</span></th><td class="said">{text}{expected(links)}</td>'
        f'<td class="about">{about}</td><td><span class="tag {tone}">{name}</span></td><td class="source">{_source(finding)}</td></tr>'
    )


def _source(finding: Finding) -> str:
    where = ", ".join(filter(None, (place(finding.paragraph).capitalize(), f"page {finding.page}" if finding.page else "")))
    return f'<a href="#passage/{quote(finding.passage_id, safe="")}">{safe(where or "Open")}</a>'


def _reach(reach: Extent) -> str:
    """What the findings come from, out of what was looked through, and what is not known."""
    if not reach.in_scope:
        return _missing(reach.missing)
    span = f", published {spelt(reach.first)} to {spelt(reach.last)}" if reach.first else ""
    told = f"From {reach.documents} of {_many(reach.in_scope, 'letter or report', 'letters and reports')} in scope{span}, on {_many(reach.authorities, 'authority', 'authorities')}."
    return f'<p class="reach">{told}</p>{_missing(reach.missing)}'


def _missing(names: Sequence[str]) -> str:
    if not names:
        return ""
    which = listed(list(names)) if len(names) <= _NAMED else f"{len(names)} of the authorities chosen"
    return f'<p class="reach"><strong>Not known:</strong> the library holds no such letter or report of {safe(which)}.</p>'


# -- heat map -------------------------------------------------------------------------


def heat_map(made: HeatMap, by: By, reach: Extent) -> str:
    """Shaded cells with numbers: "3 of 9". A cell opens its findings."""
    if not made.themes:
        return f"{_NONE}{_reach(reach)}"
    side = SIDES[made.side]
    ranked = made.ranked()
    most = "; ".join(f"{safe(theme.name)}, {_share(cell)}" for theme, cell in ranked[:_RANKED])
    least = "; ".join(f"{safe(theme.name)}, {_share(cell)}" for theme, cell in ranked[: -_RANKED - 1 : -1]) if len(ranked) > _RANKED else ""
    told = f"<p>Highest share {side}: {most}.{f' Lowest: {least}.' if least else ''}</p>" if ranked else ""
    key = _key(made.side)
    what = "authority" if by is By.AUTHORITY else "year of publication"
    caption = f"Findings {side}, of all that weigh either way, by theme and {what}"
    turned = len(made.columns) > _ACROSS
    body = _by_column(made) if turned else _by_theme(made)
    return (
        f'<p class="count">{caption}</p>{told}{_reach(reach)}{key}'
        f'<div class="across"><table class="heat {made.side.value}{" turned" if turned else ""}"><caption class="unseen">{caption}</caption>{body}</table></div>'
    )


def _by_theme(made: HeatMap) -> str:
    heads = _heads("Theme", "All", *(safe(name) for name in made.columns))
    documents = "".join(f"<td>{number}</td>" for number in (sum(made.documents.values()), *(made.documents[name] for name in made.columns)))
    foot = f'<tr class="sum"><th scope="row">Letters and reports</th>{documents}</tr>'
    rows = "".join(
        f'<tr><th scope="row">{safe(theme.name)}</th>{_cell(made.totals[theme.id], theme.id, "", made.side)}'
        + "".join(_cell(made.cells.get((theme.id, name), Cell()), theme.id, name, made.side) for name in made.columns)
        + "</tr>"
        for theme in made.themes
    )
    return f"<thead>{heads}</thead><tbody>{rows}{foot}</tbody>"


def _by_column(made: HeatMap) -> str:
    heads = "".join(f'<th scope="col"><span>{safe(name)}</span></th>' for name in ("Reports", *(theme.name for theme in made.themes)))
    rows = "".join(
        f'<tr><th scope="row">{safe(name)}</th><td>{made.documents[name]}</td>'
        + "".join(_cell(made.cells.get((theme.id, name), Cell()), theme.id, name, made.side) for theme in made.themes)
        + "</tr>"
        for name in made.columns
    )
    total = "".join(_cell(made.totals[theme.id], theme.id, "", made.side) for theme in made.themes)
    foot = f'<tr class="sum"><th scope="row">All</th><td>{sum(made.documents.values())}</td>{total}</tr>'
    return f'<thead><tr><th scope="col">Authority</th>{heads}</tr></thead><tbody>{rows}{foot}</tbody>'


def _cell(cell: Cell, theme: str, column: str, side: Polarity) -> str:
    if not cell.of:
        return '<td class="h0"></td>'
    place = f"#findings/{theme}/{quote(column, safe='')}/{side.value}"
    return f'<td class="h{cell.shade}"><a href="{place}"><b>{cell.counted:,}</b> of {cell.of:,}</a></td>'


def _key(side: Polarity) -> str:
    steps = ("up to 20%", "40%", "60%", "80%", "100%")
    shades = "".join(f'<li class="h{number}">{step}</li>' for number, step in enumerate(steps, start=1))
    return (
        f'<div class="key {side.value}"><p>Shade: share {SIDES[side]}. A finding that is mixed counts both ways. Fewer than {LEAST} findings: no shade. '
        f"Choose a number to read its findings.</p><ul>{shades}</ul></div>"
    )


def _share(cell: Cell) -> str:
    return f"{100 * cell.share:.0f}% ({cell.counted:,} of {cell.of:,})"


# -- timeline -------------------------------------------------------------------------


def timeline(made: Timeline, reach: Extent) -> str:
    """Authorities down, years across, the grade in each; then every judgement of each report as a table."""
    area = AREAS[made.area]
    if not made.judged:
        return f'<p class="count">No judgements</p><p>None of the {reach.in_scope} letters and reports in scope gives a grade for {area}.</p>{_notes(made.cautions)}'
    turns, groups = made.turns(), made.by_authority
    caption = f"Judgements of {area}, by authority and year of publication"
    latest = [reports[-1].grade for reports in groups.values()]
    grades = "; ".join(f"{grade}, {latest.count(grade)}" for grade in (*reversed(SCALE), "adequate") if grade in latest)
    steps = sum(turns.values())
    told = f"{_many(len(made.judged), 'report', 'reports')} of {_many(len(groups), 'authority', 'authorities')} give it. At the newest of each: {grades}."
    if steps:
        told += f" From one report to the next, {turns['better']} of {steps} went up, {turns['worse']} down and {turns['same']} stayed."
    without = (
        f'<p class="reach">{_many(made.without, "letter or report", "letters and reports")} in scope {"does" if made.without == 1 else "do"} not give it.</p>'
        if made.without
        else ""
    )
    heads = _heads("Authority", *made.years)
    rows = "".join(
        f'<tr><th scope="row">{safe(name)}</th>' + "".join(_year(reports, year) for year in made.years) + "</tr>"
        for name, reports in groups.items()
    )
    every = "".join(_record(judged) for judged in made.judged)
    whole = _heads("Report", "Framework", *(AREAS[name].capitalize() for name in JUDGEMENTS), "Lead inspector")
    return (
        f'<p class="count">{caption}</p><p>{told}</p>{without}{_missing(reach.missing)}{_notes(made.cautions)}'
        f'<div class="across"><table class="years"><caption class="unseen">{caption}</caption><thead>{heads}</thead><tbody>{rows}</tbody></table></div>'
        f'<details class="every"><summary>Every judgement of these reports, as a table</summary><div class="across"><table class="grades">'
        f'<caption class="unseen">Every judgement of each report</caption><thead>{whole}</thead><tbody>{every}</tbody></table></div></details>'
    )


def _year(reports: Iterable[Judged], year: str) -> str:
    return f"<td>{''.join(_grade(judged, judged.grade) for judged in reports if judged.when[:4] == year)}</td>"


def _grade(judged: Judged, grade: str) -> str:
    name = f"{judged.document.authority}, {spelt(judged.when)}"
    link = f"#document/{quote(judged.document.id, safe='')}"
    return f'<a class="grade {safe(grade.replace(" ", "-"))}" href="{link}" title="{safe(name)}">{safe(grade.capitalize())}</a>'


def _record(judged: Judged) -> str:
    record = judged.record
    judgements: list[Judgement] = [getattr(record, name) for name in JUDGEMENTS]
    cells = "".join(f"<td>{safe(judgement.grade.capitalize())}</td>" for judgement in judgements)
    link = f'<a href="#document/{quote(judged.document.id, safe="")}">{safe(judged.document.authority)}, {safe(spelt(judged.when))}</a>'
    return f'<tr><th scope="row">{link}</th><td>{safe(record.framework)}</td>{cells}<td>{safe(record.lead_inspector)}</td></tr>'


# -- comparison -----------------------------------------------------------------------


def comparison(made: Comparison, names: Mapping[str, str]) -> str:
    """Authorities across: the newest of each judgement, then each theme's findings to improve of all that weigh."""
    if not made.sides:
        return f"{_NONE}{_missing(made.absent)}"
    authorities = [side.authority for side in made.sides]
    caption = f"{listed(authorities)} side by side" if len(authorities) > 1 else f"{authorities[0]} by itself"
    told = "".join(f"<li><strong>{safe(side.authority)}</strong>: {_told(side, names)}</li>" for side in made.sides)
    heads = _heads("", *(safe(name) for name in authorities))
    dated = "".join(f"<td>{safe(_span(side))}</td>" for side in made.sides)
    graded = "".join(
        f'<tr><th scope="row">{AREAS[area].capitalize()}</th>' + "".join(_newest(side.grades.get(area)) for side in made.sides) + "</tr>"
        for area in JUDGEMENTS
    )
    rows = "".join(_theme(theme, made.sides) for theme in made.themes)
    part = '<tr class="part"><th scope="row">{}</th>' + "<td></td>" * len(authorities) + "</tr>"
    body = (
        f'<tr><th scope="row">Letters and reports</th>{dated}</tr>{part.format("Newest judgement")}{graded}'
        f"{part.format('Findings to improve, of all that weigh either way')}{rows}"
    )
    return (
        f'<p class="count">{safe(caption)}</p><ul class="sides">{told}</ul>{_missing(made.absent)}{_notes(made.cautions)}{_key(Polarity.IMPROVEMENT)}'
        f'<div class="across"><table class="heat improvement compare"><caption class="unseen">{safe(caption)}</caption>'
        f"<thead>{heads}</thead><tbody>{body}</tbody></table></div>"
    )


def few_or_many(chosen: int, most: int) -> str:
    """In place of a comparison of no authority, or of more than can stand side by side."""
    what = f"{chosen} are chosen." if chosen else "None is chosen."
    return f'<p class="count">Choose two to {most} authorities</p><p>{what} Choose them under \u201cAuthorities\u201d, or type your own list under \u201cMore filters\u201d.</p>'


def _told(side: Side, names: Mapping[str, str]) -> str:
    newest = side.grades.get("overall_effectiveness")
    grade = f"overall {safe(newest.grade)} ({spelt(newest.when)})" if newest else "no overall grade in these documents"
    weakest = "; ".join(f"{safe(names[t])}, {_share(side.themes[t].to_improve)}" for t in side.weakest[:_RANKED])
    return f"{grade}. " + (f"Highest share to improve: {weakest}." if weakest else "No theme has enough findings to say.")


def _span(side: Side) -> str:
    dates = sorted(filter(None, (document.published for document in side.documents)))
    years = "" if not dates else f" ({dates[0][:4]})" if dates[0][:4] == dates[-1][:4] else f" ({dates[0][:4]} to {dates[-1][:4]})"
    return f"{len(side.documents)}{years}"


def _newest(judged: Judged | None) -> str:
    return (
        f'<td>{_grade(judged, judged.grade)}<span class="when">{safe(spelt(judged.when))}</span></td>'
        if judged
        else "<td>Not reported</td>"
    )


def _theme(theme: Theme, sides: Sequence[Side]) -> str:
    cells = "".join(
        _cell(side.themes[theme.id].to_improve if theme.id in side.themes else Cell(), theme.id, side.authority, Polarity.IMPROVEMENT)
        for side in sides
    )
    return f'<tr><th scope="row">{safe(theme.name)}</th>{cells}</tr>'


# -- progress -------------------------------------------------------------------------


def progress(register: Register, name: str, steps: Sequence[Step], later: Sequence[str]) -> str:
    """What became of each theme from one letter or report of `name` to the next, the newest step first, both sides quoted."""
    if not steps:
        notes = "".join(f'<p class="notice"><strong>Note</strong> {safe(note)}</p>' for note in later)
        return (
            f'<p class="count">Nothing to pair</p><p>Fewer than two letters or reports on {safe(name)} fit the dates and the framework chosen, '
            f"so what became of their findings cannot be told.</p>{notes}"
        )
    count = f"{safe(name)}: {_many(len(steps), 'step', 'steps')} from one letter or report to another, newest first"
    return (
        f'<p class="count">{count}</p><p>{_HOW_PAIRED}</p>'
        + "".join(_step(register, step, first=not i) for i, step in enumerate(reversed(steps)))
    )  # fmt: skip


def not_one(chosen: int) -> str:
    """In place of the progress of no authority, or of several."""
    what = f"{chosen} are chosen." if chosen else "None is chosen."
    return f'<p class="count">Choose one authority</p><p>{what} Choose it under \u201cAuthorities\u201d to see what became of each thing to improve.</p>'


def _step(register: Register, step: Step, first: bool) -> str:
    sides = [f"{spelt(register.when(d.id))}, {register.framework(d.id) or d.kind.value}" for d in (step.before, step.after)]
    counts = Counter(change.course for change in step.changes)
    told = "; ".join(f"{counts[course]} {course.value}" for course in Course if counts[course]) or "no theme was or is to improve"
    caption = f"From {safe(sides[0])} to {safe(sides[1])}"
    heads = _heads("Theme", "What became of it", f"{safe(sides[0])}", f"{safe(sides[1])}")
    rows = "".join(_change(change) for change in step.changes)
    notes = "".join(f'<p class="reach">{safe(note)}</p>' for note in step.notes)
    table = (
        f'<table class="findings progress"><caption class="unseen">{caption}</caption><thead>{heads}</thead><tbody>{rows}</tbody></table>'
    )
    return (
        f'<details class="step"{" open" if first else ""}><summary>{caption}</summary><p>Themes: {told}.</p>{notes}'
        f"{table if rows else ''}</details>"
    )


def _change(change: Change) -> str:
    sides = "".join(
        f'<td class="side"><span class="label">{label}</span>{_quotes(found)}</td>'
        for label, found in (("Before", change.before), ("After", change.after))
    )
    tag = f'<span class="tag {_COURSES[change.course]}">{change.course.value.capitalize()}</span>'
    return f'<tr><th scope="row">{safe(change.theme.name)}</th><td class="course">{tag}</td>{sides}</tr>'


def _quotes(found: Sequence[Finding]) -> str:
    return "".join(f"<p>{safe(finding.text)} {_source(finding)}</p>" for finding in found) or '<p class="reach">Not mentioned</p>'


# -- parts ----------------------------------------------------------------------------


def _heads(*names: str) -> str:
    cells = (f'<th scope="col">{name}</th>' if name else "<td></td>" for name in names)
    return f"<tr>{''.join(cells)}</tr>"


def _notes(notes: Iterable[str]) -> str:
    listed_notes = "".join(f"<li>{safe(note)}</li>" for note in notes)
    return f'<details class="notes" open><summary>Before you compare</summary><ul>{listed_notes}</ul></details>' if listed_notes else ""


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def saved(count: int, kind: str) -> str:
    """A line that says what was made to download."""
    name = "CSV" if kind == "csv" else "Excel"
    return f'<p class="count done">{_many(count, "finding", "findings")} saved as {name}, each with its citation.</p>'
