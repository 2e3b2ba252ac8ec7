"""Findings and judgements counted across themes, authorities and years. Pure.

Every count keeps its denominator: so many of the findings that weigh either way in that theme, there and then. A longer
report has more findings, so shares are compared and never bare counts.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from assistant.findings import UNTHEMED, Finding, Polarity, Register, Theme, Wanted, family
from assistant.text import spelt
from assistant.types import JUDGEMENTS, NOT_REPORTED, Document, Judgement, ReportRecord

LEAST = 5
"""Findings below which a share says nothing, and is not shaded."""
STEPS = 5
"""Shades of a heat map, from 1 (up to a fifth) to 5 (more than four fifths)."""
SCALE = ("inadequate", "requires improvement", "good", "outstanding")
"""Grades that can be ranked, worst first. "Adequate", used until 2013, is not one: it is another judgement."""
_NO_OVERALL_FROM = "2026-04"
_YEARS_APART = 2


class By(StrEnum):
    """What the columns of a heat map are."""

    YEAR = "year"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class Cell:
    """`counted` of `of` findings that weigh either way."""

    counted: int = 0
    of: int = 0

    @property
    def share(self) -> float:
        """0 to 1; 0 where there are none."""
        return self.counted / self.of if self.of else 0.0

    @property
    def shade(self) -> int:
        """0 where too few weigh to say, else 1 to STEPS."""
        return min(STEPS, int(self.share * STEPS) + 1) if self.of >= LEAST else 0


@dataclass(frozen=True)
class HeatMap:
    """Themes down, years or authorities across. `documents` counts the letters and reports of each column."""

    side: Polarity
    themes: tuple[Theme, ...]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    totals: dict[str, Cell]
    documents: dict[str, int]

    def ranked(self) -> list[tuple[Theme, Cell]]:
        """The themes with enough findings to say, highest share first."""
        told = [(theme, self.totals[theme.id]) for theme in self.themes if theme is not UNTHEMED and self.totals[theme.id].of >= LEAST]
        return sorted(told, key=lambda pair: -pair[1].share)


def heat_map(register: Register, wanted: Wanted, themes: Sequence[Theme], by: By, side: Polarity) -> HeatMap:
    """The findings that `wanted` lets through, whichever way they weigh, counted for `side`; mixed ones count for both sides."""
    documents = register.inspections(wanted)
    column = {document.id: document.authority if by is By.AUTHORITY else register.when(document.id)[:4] for document in documents}
    held = Counter(column.values())
    weighing, counted = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for document in documents:
        for (theme, polarity), number in register.weighed.get(document.id, {}).items():
            weighing[theme, column[document.id]] += number
            counted[theme, column[document.id]] += number * (polarity in (side, Polarity.MIXED))
    shown = [theme for theme in (*themes, UNTHEMED) if not wanted.themes or theme.id in wanted.themes]
    cells = {key: Cell(counted[key], of) for key, of in weighing.items()}
    summed = {theme: Cell(*(sum(count[theme.id, name] for name in held) for count in (counted, weighing))) for theme in shown}
    totals = {theme.id: cell for theme, cell in summed.items() if cell.of}
    columns = sorted(set(held) - {""})
    return HeatMap(side, tuple(theme for theme in shown if theme.id in totals), tuple(columns), cells, totals, dict(held))


# -- judgements ---------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """A report that gives the judgement, when it was published and under which framework."""

    document: Document
    record: ReportRecord
    when: str
    grade: str


@dataclass(frozen=True)
class Timeline:
    """Every report that gives the judgement `area`, by authority, oldest first, and what cannot be compared."""

    area: str
    judged: tuple[Judged, ...]
    without: int
    """Letters and reports in scope that do not give it."""
    cautions: tuple[str, ...]

    @property
    def years(self) -> tuple[str, ...]:
        """Every year from the first to the last: a year without a report is a gap that should show."""
        years = [int(judged.when[:4]) for judged in self.judged if judged.when]
        return tuple(map(str, range(min(years), max(years) + 1))) if years else ()

    @property
    def by_authority(self) -> dict[str, list[Judged]]:
        """The reports of each authority, oldest first."""
        found: dict[str, list[Judged]] = {}
        for judged in self.judged:
            found.setdefault(judged.document.authority, []).append(judged)
        return found

    def turns(self) -> Counter[str]:
        """How many steps from one report to the next went "better", "worse" or "same", where both can be ranked."""
        steps = (pair for reports in self.by_authority.values() for pair in pairwise(reports))
        return Counter(direction(before.grade, after.grade) for before, after in steps if {before.grade, after.grade} <= {*SCALE})


def direction(before: str, after: str) -> str:
    """ "better", "worse" or "same", of two grades on SCALE."""
    change = SCALE.index(after) - SCALE.index(before)
    return "better" if change > 0 else "worse" if change < 0 else "same"


def timeline(register: Register, wanted: Wanted, area: str) -> Timeline:
    """The judgement `area` (one of JUDGEMENTS) in every report that `wanted` lets through; the latest that gives it where
    `wanted` asks for the latest."""
    documents = register.inspections(replace(wanted, latest=False))
    given = [
        Judged(document, record, register.when(document.id), grade)
        for document in documents
        if (record := register.records.get(document.id)) and (grade := _grade(record, area).grade) != NOT_REPORTED
    ]
    if wanted.latest:
        given = list({judged.document.authority: judged for judged in given}.values())
    return Timeline(area, tuple(given), len(documents) - len(given), tuple(cautions(register, documents, (area,))))


def _grade(record: ReportRecord, area: str) -> Judgement:
    judgement: Judgement = getattr(record, area)
    return judgement


def cautions(register: Register, documents: Iterable[Document], areas: Collection[str] = JUDGEMENTS) -> list[str]:
    """What must be known before these documents are compared."""
    held = [(document, record) for document in documents if (record := register.records.get(document.id))]
    notes = []
    kinds = sorted({family(record.framework) for _, record in held})
    if len(kinds) > 1:
        notes.append(
            f"Made under different frameworks ({', '.join(kinds)}), which look at different things: the same word is not quite the same judgement in each."
        )
    if visits := sum("visit" in record.framework for _, record in held):
        notes.append(
            f"Letters on visits ({visits} here) give no grade and cover a part of the services: "
            "what one does not mention was not necessarily looked at."
        )
    late = sorted(
        {d.authority for d, r in held if r.framework.startswith("ILACS") and (r.inspection_end or d.published) >= _NO_OVERALL_FROM}
    )
    if late and "overall_effectiveness" in areas:
        notes.append(
            f"From April 2026 Ofsted gives no overall effectiveness grade, so the newest report of {', '.join(late)} has none. No grade is not a bad grade, and an earlier one cannot be compared with it."
        )
    early = [r for _, r in held if r.framework.startswith("ILACS") and r.care_leavers.grade == NOT_REPORTED]
    if early and "care_leavers" in areas:
        notes.append(
            "Until January 2023 ILACS reports judged care leavers together with children in care, so those give no grade of their own."
        )
    if any(_grade(record, area).grade == "adequate" for _, record in held for area in areas):
        notes.append(
            "Until 2013 the third grade was \u201cadequate\u201d; \u201crequires improvement\u201d, which took its place, is another judgement."
        )
    return notes


# -- authorities side by side ---------------------------------------------------------


@dataclass(frozen=True)
class Weighs:
    """How many findings weigh each way; a mixed one weighs both."""

    strengths: int = 0
    improvements: int = 0
    mixed: int = 0

    @property
    def of(self) -> int:
        """All that weigh."""
        return self.strengths + self.improvements + self.mixed

    @property
    def to_improve(self) -> Cell:
        """Those to improve, of all."""
        return Cell(self.improvements + self.mixed, self.of)


@dataclass(frozen=True)
class Side:
    """One authority of a comparison: its letters and reports in scope, the newest with each judgement, its themes."""

    authority: str
    documents: tuple[Document, ...]
    grades: dict[str, Judged]
    themes: dict[str, Weighs]

    @property
    def weakest(self) -> list[str]:
        """Ids of the themes with the highest share to improve, of those with enough findings to say."""
        told = [
            (w.to_improve, theme) for theme, w in self.themes.items() if w.of >= LEAST and w.improvements + w.mixed and theme != UNTHEMED.id
        ]
        return [theme for cell, theme in sorted(told, key=lambda pair: -pair[0].share)]


@dataclass(frozen=True)
class Comparison:
    """Authorities side by side, in the order they were asked for."""

    sides: tuple[Side, ...]
    themes: tuple[Theme, ...]
    absent: tuple[str, ...]
    """Asked for, and nothing of it is in scope."""
    cautions: tuple[str, ...]


def compare(register: Register, wanted: Wanted, names: Sequence[str], themes: Sequence[Theme]) -> Comparison:
    """`names` side by side, within `wanted`. Whichever way findings weigh, all that weigh are counted."""
    sides = [side for name in names if (side := _side(register, replace(wanted, authorities=frozenset({name})), name)).documents]
    shown = [t for t in (*themes, UNTHEMED) if any(t.id in side.themes for side in sides)]
    documents = [document for side in sides for document in side.documents]
    notes = cautions(register, documents)
    newest = sorted(register.when(side.documents[-1].id) for side in sides)
    if newest and int(newest[-1][:4] or 0) - int(newest[0][:4] or 0) >= _YEARS_APART:
        notes.insert(
            0,
            f"The newest documents are years apart ({spelt(newest[0])} to {spelt(newest[-1])}): things may have changed since the older ones.",
        )
    dates = sorted(filter(None, (register.when(document.id)[:4] for document in documents)))
    if dates and int(dates[-1]) - int(dates[0]) >= _YEARS_APART and not wanted.latest:
        notes.insert(
            0,
            f"The counts take in every letter and report in scope, {dates[0]} to {dates[-1]}: an old one weighs as much as a new one. "
            "To count the newest alone, tick \u201cOnly the newest letter or report of each authority\u201d.",
        )
    absent = tuple(name for name in names if name not in {side.authority for side in sides})
    return Comparison(tuple(sides), tuple(shown), absent, tuple(notes))


def _side(register: Register, wanted: Wanted, name: str) -> Side:
    documents = register.inspections(wanted)
    grades = {}
    for document in documents:
        if record := register.records.get(document.id):
            for area in JUDGEMENTS:
                if (grade := _grade(record, area).grade) != NOT_REPORTED:
                    grades[area] = Judged(document, record, register.when(document.id), grade)
    counts: dict[str, Counter[Polarity]] = {}
    for document in documents:
        for (theme, polarity), number in register.weighed.get(document.id, {}).items():
            if not wanted.themes or theme in wanted.themes:
                counts.setdefault(theme, Counter())[polarity] += number
    weighs = {theme: Weighs(c[Polarity.STRENGTH], c[Polarity.IMPROVEMENT], c[Polarity.MIXED]) for theme, c in counts.items()}
    return Side(name, tuple(documents), grades, weighs)


# -- the table ------------------------------------------------------------------------


@dataclass(frozen=True)
class Extent:
    """What a selection covers: findings, the documents and authorities they come from, and those that have none."""

    findings: int
    documents: int
    authorities: int
    in_scope: int
    """Letters and reports that were looked through."""
    first: str
    last: str
    missing: tuple[str, ...]
    """Authorities asked for of which no letter or report is in scope."""


def newest_first(register: Register, found: Iterable[Finding]) -> list[Finding]:
    """The findings of the newest document first; within one, as they are printed."""
    documents: dict[str, list[Finding]] = {}
    for finding in found:
        documents.setdefault(finding.document_id, []).append(finding)
    order = sorted(documents, key=register.when, reverse=True)
    return [finding for document_id in order for finding in documents[document_id]]


def extent(register: Register, wanted: Wanted, found: Sequence[Finding]) -> Extent:
    """How far `found`, which `wanted` let through, reaches."""
    scope = register.inspections(wanted)
    dates = sorted(filter(None, (register.when(document.id) for document in scope)))
    ids = {finding.document_id for finding in found}
    return Extent(
        findings=len(found),
        documents=len(ids),
        authorities=len({register.documents[id].authority for id in ids}),
        in_scope=len(scope),
        first=dates[0] if dates else "",
        last=dates[-1] if dates else "",
        missing=tuple(sorted(wanted.authorities - {document.authority for document in scope})),
    )
