"""The answer to a query over the register or the judgements: every row, the denominator and what is not known. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.counting import ANYTHING, AREAS, FRAMEWORKS, GRADES, SAID, Asks, Query
from assistant.findings import Finding, Polarity, Register, family
from assistant.text import content_stems, spelt
from assistant.types import NOT_REPORTED, Document, Judgement, Passage

_NAMED = 12
"""So many names are listed in a sentence; of more, the number is given."""
_NO_OVERALL_FROM = "2026-04"
_LINES = {
    "overall_effectiveness": r"overall|children.s services .*\b(?:is|are|require)",
    "impact_of_leaders": r"leaders|leadership|management",
    "help_and_protection": r"help and protection|safeguarding|protection",
    "in_care": r"in care|looked after|permanence",
    "care_leavers": r"care leavers",
}
_STRENGTHS = re.compile(r"strengths", re.IGNORECASE)

PassagesOf = Callable[[str], Sequence[Passage]]
"""The passages of the document of that id, in order."""


@dataclass(frozen=True)
class Row:
    """One line of the answer: an authority at one inspection, what is said of it, and the passage that carries it.

    `quote` is verbatim in `passage`; `what` is the grade, or how many findings.
    """

    document: Document
    when: str
    framework: str
    what: str
    passage: Passage
    quote: str


@dataclass(frozen=True)
class Tally:
    """Every row, the sentence that counts them, and what must be known beside them."""

    headline: str
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()


def tally(query: Query, register: Register, names: Sequence[str], themes: dict[str, str], passages_of: PassagesOf) -> Tally:
    """The answer to `query`. `names` are all authorities there are, `themes` the name of each theme by id."""
    pool = [name for name in names if not query.wanted.authorities or name in query.wanted.authorities]
    answer = _judged if query.area else _found if query.wanted.polarities else _held
    query = replace(query, phrases=_narrower(query, themes))
    rows, considered, notices = answer(query, register, passages_of)
    holders = {document.authority for document in considered}
    said = {row.document.authority for row in rows}
    period = _period(register, considered)
    headline = _headline(query, len(pool), len(considered), holders, said, rows, period, themes)
    if query.asks is Asks.TREND and not query.named:
        headline += _by_year(register, rows, considered)
    if 0 < query.most < len(rows):
        notices.append(f"The first {query.most} of {len(rows)} are shown; those level with the last are cut off too.")
        rows = rows[: query.most]
    missing = sorted(set(pool) - holders)
    if missing and not query.wanted.inspector:
        listed = ", ".join(missing) if len(missing) <= _NAMED else f"{len(missing)} authorities"
        notices.append(f"Not known: the library holds no such report of {listed}{_span(query)}.")
    return Tally(headline, tuple(rows), tuple(notices))


# -- judgements ---------------------------------------------------------------------


def _judged(query: Query, register: Register, passages_of: PassagesOf) -> tuple[list[Row], list[Document], list[str]]:
    """(rows, reports that give the judgement, what must be known). The latest of an authority is the latest that gives it."""
    graded = [document for document in _documents(query, register) if _grade(register, document, query.area).grade != NOT_REPORTED]
    if query.wanted.latest:
        graded = list({document.authority: document for document in graded}.values())
    rows = []
    for document in graded:
        judgement = _grade(register, document, query.area)
        if query.grades and judgement.grade not in query.grades:
            continue
        if place := _line(passages_of(document.id), query.area, judgement):
            rows.append(Row(document, register.when(document.id), register.framework(document.id), judgement.grade, *place))
    if query.moved:
        kept = [pair for pair in pairwise(rows) if _moved(*pair, graded) and (pair[0].what, pair[1].what) == query.moved]
        rows = list({row.document.id: row for pair in kept for row in pair}.values())
    times = Counter(row.document.authority for row in rows)
    rows = [row for row in rows if times[row.document.authority] >= query.least]
    if query.asks is Asks.RANK:
        order = query.grades or (GRADES if query.worst_first else GRADES[::-1])
        rows.sort(key=lambda row: order.index(row.what))
    return rows, graded, _cautions(query, register, graded)


def _documents(query: Query, register: Register) -> list[Document]:
    """The documents in scope, by authority, oldest first: all of them, since the latest need not give the judgement."""
    return register.inspections(replace(query.wanted, latest=False))


def _moved(before: Row, after: Row, graded: Sequence[Document]) -> bool:
    """Whether the two rows are of one authority, with no other graded report between them."""
    ids = [document.id for document in graded]
    return before.document.authority == after.document.authority and ids.index(after.document.id) - ids.index(before.document.id) == 1


def _grade(register: Register, document: Document, area: str) -> Judgement:
    record = register.records.get(document.id)
    return getattr(record, area) if record else Judgement()


def _line(passages: Sequence[Passage], area: str, judgement: Judgement) -> tuple[Passage, str] | None:
    """(passage, line of it) that states the judgement: a row on the cover, else a sentence that has its words and its grade."""
    grade = r"requires?(?: |\s)improvement" if judgement.grade == "requires improvement" else re.escape(judgement.grade)
    stated = re.compile(rf"(?<!in)\b{grade}\b", re.IGNORECASE)
    named = re.compile(_LINES[area], re.IGNORECASE)
    ordered = sorted(passages, key=lambda p: (p.paragraph != "cover", p.page != judgement.page, p.position))
    for passage in ordered:
        for line in passage.text.split("\n"):
            if stated.search(line) and named.search(line) and len(line) < 400:
                return passage, line.strip()
    return next(
        ((p, line.strip()) for p in ordered if p.page == judgement.page for line in p.text.split("\n") if stated.search(line)), None
    )


def _cautions(query: Query, register: Register, graded: Sequence[Document]) -> list[str]:
    """What cannot be compared, or is not there to be counted."""
    notes = []
    ungraded = [d for d in _documents(query, register) if d not in graded and _grade(register, d, query.area).grade == NOT_REPORTED]
    late = [d for d in ungraded if query.area == "overall_effectiveness" and _after_reform(register, d)]
    if late:
        names = ", ".join(dict.fromkeys(d.authority for d in late))
        notes.append(
            f"Ofsted gives no overall effectiveness grade for inspections from April 2026, so the newest report of {names} has none: "
            "an earlier grade may be shown in its place, and the two cannot be compared."
        )
    if query.area == "care_leavers" and any(register.framework(d.id).startswith("ILACS") for d in ungraded):
        notes.append(
            "Until January 2023 ILACS reports judged care leavers together with children in care, so those give no grade of their own."
        )
    kinds = sorted({family(register.framework(d.id)) for d in graded})
    if len(kinds) > 1:
        notes.append(
            f"The reports were made under different frameworks ({', '.join(kinds)}); the same word is not quite the same judgement in each."
        )
    if any(_grade(register, d, query.area).grade == "adequate" for d in graded):
        notes.append(
            "Until 2013 the third grade was \u201cadequate\u201d; \u201crequires improvement\u201d, which took its place, is another judgement."
        )
    return notes


def _after_reform(register: Register, document: Document) -> bool:
    record = register.records.get(document.id)
    return bool(record and record.framework.startswith("ILACS") and (record.inspection_end or document.published) >= _NO_OVERALL_FROM)


# -- documents ----------------------------------------------------------------------


def _held(query: Query, register: Register, passages_of: PassagesOf) -> tuple[list[Row], list[Document], list[str]]:
    """(a row of each letter and report in scope, quoting its first line; the same documents; nothing more to know)."""
    considered = register.inspections(query.wanted)
    rows = []
    for document in considered:
        if passages := passages_of(document.id):
            line = passages[0].text.split("\n")[0].strip()
            rows.append(Row(document, register.when(document.id), register.framework(document.id), document.kind.value, passages[0], line))
    return rows, considered, []


# -- findings -----------------------------------------------------------------------


def _found(query: Query, register: Register, passages_of: PassagesOf) -> tuple[list[Row], list[Document], list[str]]:
    """(a row of each authority or, over time, of each document; the documents read; what must be known)."""
    considered = register.inspections(query.wanted)
    alone = len(query.named) == 1
    by_document: dict[str, list[Finding]] = {}
    narrow = [set(content_stems(phrase)) for phrase in query.phrases]
    for finding in register.select(query.wanted):
        if narrow and not any(stems.issubset(content_stems(finding.text)) for stems in narrow):
            continue
        by_document.setdefault(finding.document_id, []).append(finding)
    rows: list[Row] = []
    counts: dict[str, int] = {}
    for document in considered:
        if not (found := by_document.get(document.id)):
            continue
        best = min(found, key=lambda f: _telling(f, query))
        passage = next(p for p in passages_of(document.id) if p.id == best.passage_id)
        what = f"{len(found)} finding{'s' * (len(found) > 1)}"
        rows.append(Row(document, register.when(document.id), register.framework(document.id), what, passage, best.text))
        counts[document.id] = len(found)
    if query.asks is not Asks.TREND and not alone:
        rows = list({row.document.authority: row for row in rows}.values())
    newest = {document.authority: document for document in considered}
    passed = [] if query.asks is Asks.TREND or alone else [r.document.authority for r in rows if newest[r.document.authority] != r.document]
    which = "one letter or report" if alone else "the newest such document of the authority"
    notes = [f"Each row quotes one finding of {which}; the Findings tab lists them all."] if rows else []
    if passed:
        notes.append(f"The newest document in scope has no such finding for {', '.join(passed)}: the row is from an earlier one.")
    if query.asks is Asks.RANK:
        rows.sort(key=lambda row: counts[row.document.id], reverse=True)
        notes.append("A longer report has more findings: the number of findings is no measure of how serious they are.")
    kinds = sorted({family(register.framework(d.id)) for d in considered})
    if len(kinds) > 1:
        notes.append(f"The documents were made under different frameworks ({', '.join(kinds)}), which look at different things.")
    return rows, considered, notes


def _narrower(query: Query, themes: dict[str, str]) -> tuple[str, ...]:
    """The phrases that narrow a theme; none where one of them is the theme's own name."""
    names = {stem for theme in query.wanted.themes for stem in content_stems(f"{themes[theme]} {theme}")}
    return () if any(names.issuperset(content_stems(phrase)) for phrase in query.phrases) else query.phrases


def _telling(finding: Finding, query: Query) -> tuple[bool, bool, int, int]:
    """Sorts first what is listed as such, weighs one way and is chiefly about the theme."""
    place = min((finding.themes.index(theme) for theme in query.wanted.themes if theme in finding.themes), default=9)
    return not (finding.listed or _STRENGTHS.search(finding.section)), finding.polarity is Polarity.MIXED, place, finding.position


# -- words --------------------------------------------------------------------------


def _headline(
    query: Query, pool: int, read: int, holders: set[str], said: set[str], rows: Sequence[Row], period: str, themes: dict[str, str]
) -> str:
    if query.named and query.asks in (Asks.TREND, Asks.COMPARE) and rows:
        return " ".join(_course(name, [row for row in rows if row.document.authority == name]) for name in sorted(said))
    where = "among" if "neighbours" in query.region else "in"
    region = f" {where} {query.region}" if query.region and not query.named else ""
    many = f"{pool} authorit{'y' if pool == 1 else 'ies'}{region}"
    report = "a report" if query.area else "a report or letter"
    which = f" that judges {AREAS[query.area]}" if query.area else ""
    base = f"Of {many}, {len(holders)} {'has' if len(holders) == 1 else 'have'} {report} in the library{which}{_span(query)}{period}"
    if query.area:
        grades = " or ".join(f"\u201c{grade}\u201d" for grade in query.grades)
        what = f"judged {grades} for {AREAS[query.area]}" if grades else f"judged for {AREAS[query.area]}"
        if query.moved:
            what = f"judged \u201c{query.moved[0]}\u201d and at the next inspection \u201c{query.moved[1]}\u201d for {AREAS[query.area]}"
        latest = " at the latest inspection that gives it" if query.wanted.latest else ""
        times = f", in {len(rows)} reports" if len(rows) > len(said) else ""
        return f"{base}; {_counted(query, said, holders)} {'was' if len(said) == 1 else 'were'} {what}{latest}{times}."
    if not query.wanted.themes:
        return f"{base}: {len(rows)} in all."
    verb = next(words for words, sides in SAID.items() if sides == query.wanted.polarities)
    about = " or ".join(query.phrases or [themes[theme].lower() for theme in sorted(query.wanted.themes)]) or ANYTHING
    latest = " in the newest of each" if query.wanted.latest else ""
    if len(query.named) == 1:
        scope = f"Of {read} {'letter or report' if read == 1 else 'letters and reports'} on {query.named[0]}{_span(query)}{period}"
        return f"{scope}, it was {verb} for {about} in {len(rows)}{' (the newest)' if latest else ''}."
    return f"{base}; {_counted(query, said, holders)} {'was' if len(said) == 1 else 'were'} {verb} for {about}{latest}."


def _counted(query: Query, said: set[str], holders: set[str]) -> str:
    """ "41", or where a share is asked for "41 (28%)"."""
    return f"{len(said)} ({len(said) / len(holders):.0%})" if query.share and holders else str(len(said))


def _course(name: str, rows: Sequence[Row]) -> str:
    return f"{name}: {', '.join(f'{row.what} ({spelt(row.when)})' for row in rows)}."


def _by_year(register: Register, rows: Sequence[Row], considered: Sequence[Document]) -> str:
    """ " By year of publication: 2022, 5 of 20; ...": documents that say so, of all in scope."""
    said = Counter(row.when[:4] for row in rows)
    read = Counter(register.when(document.id)[:4] for document in considered)
    years = "; ".join(f"{year}, {said[year]} of {read[year]}" for year in sorted(filter(None, read)))
    return f" By year of publication: {years}."


def _span(query: Query) -> str:
    wanted = query.wanted
    led = f" led by {wanted.inspector}" if wanted.inspector else ""
    if wanted.framework and wanted.polarities:
        led = f" from {FRAMEWORKS.get(wanted.framework, wanted.framework)}{led}"
    if wanted.since and wanted.since == wanted.until:
        return f"{led} published in {wanted.since}"
    since = f" published in or after {wanted.since}" if wanted.since else ""
    return led + since + (f"{' and' if since else ' published'} up to {wanted.until}" if wanted.until else "")


def _period(register: Register, considered: Iterable[Document]) -> str:
    dates = sorted(filter(None, (register.when(document.id) for document in considered)))
    return f" ({spelt(dates[0])} to {spelt(dates[-1])})" if dates else ""
