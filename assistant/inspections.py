"""Which inspections a question means: "the last full inspection of Norfolk", "Durham 2016", "the SIF", "that letter". Pure."""

import re
from collections.abc import Callable, Iterable, Sequence

from assistant.types import Document, Kind, ReportRecord

Held = tuple[Document, ReportRecord]
"""A letter or report of the library and what it says of itself."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATED = re.compile(rf"\b(?:({'|'.join(_MONTHS)})[a-z]*\.? )?(20[0-4]\d)\b", re.IGNORECASE)
_DATED_INSPECTION = re.compile(
    rf"{_DATED.pattern} (?:ofsted )?(?:inspections?|reports?|ilacs|sif|letter|focus+ed visit)\b"
    rf"|\b(?:inspections?|reports?|ilacs|sif|letter|visit) (?:of|in|from|dated) {_DATED.pattern}",
    re.IGNORECASE,
)
_SORTS: tuple[tuple[re.Pattern[str], Callable[[Document, ReportRecord], bool]], ...] = tuple(
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), fits)
    for words, fits in (
        (r"focus+ed visit|(?:the|this|that|visit|sandwell) letter(?!s? (?:before|of intent))", lambda d, r: d.kind is Kind.LETTER),
        (r"monitoring visit", lambda d, r: r.framework == "monitoring visit"),
        (r"jtai|joint targeted", lambda d, r: r.framework == "JTAI"),
        (r"sif|single inspection(?: framework)?", lambda d, r: r.framework.startswith("SIF")),
        (r"(?:lac|cla|looked.after(?: children)?|children looked after) inspection", lambda d, r: "looked after" in r.framework),
        (r"short (?:ilacs|inspection)", lambda d, r: r.framework == "ILACS short"),
        (r"ilacs", lambda d, r: r.framework.startswith("ILACS")),
        (r"full (?:ilacs )?inspection|graded inspection|inspection report", lambda d, r: d.kind is Kind.REPORT),
    )
)
LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|current(?:ly)?|nowadays|last(?! (?:year|week|month|night|time|resort|two|three|few)))\b",
    re.IGNORECASE,
)
_LAST_TIME = re.compile(r"\blast time\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:earliest|oldest|first inspection)\b", re.IGNORECASE)
_INSPECTION = re.compile(r"\binspections?\b", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:previous|before last|one before|time before)\b", re.IGNORECASE)


def meant(question: str, held: Sequence[Held]) -> frozenset[str]:
    """Ids of the documents among `held` that `question` means by sort, date or order; empty where it means all of them.

    What nothing in `held` fits is passed over, so a slip in a year never hides everything.
    """
    left = list(held)
    for pattern, fits in _SORTS:
        if pattern.search(question):
            left = [pair for pair in left if fits(*pair)] or left
            break
    dated = dates(question)
    left = [pair for pair in left if any(on(pair, when) for when in dated)] or [
        pair for pair in left if any(on(pair, when[:4]) for when in dated)
    ] or left  # fmt: skip
    if not dated:
        left = _in_order(question, left)
    return frozenset(document.id for document, _ in left) if len(left) < len(held) else frozenset()


def not_held(question: str, held: Sequence[Held]) -> list[str]:
    """The dates of inspections that `question` names outright ("the 2025 inspection"), where nothing in `held` fits any of its dates."""
    named = [date for match in _DATED_INSPECTION.finditer(question) for date in dates(match[0])]
    return named if held and not any(on(pair, when[:4]) for pair in held for when in dates(question)) else []


def said_of_inspection(question: str) -> list[str]:
    """The words of `question` that say which inspection it means, in order."""
    patterns = (*(pattern for pattern, _ in _SORTS), _DATED, _LAST_TIME, LATEST, _FIRST, _BEFORE)
    found = [match for pattern in patterns for match in pattern.finditer(question)]
    return [match[0] for match in sorted(found, key=lambda match: match.start())]


def undated(question: str) -> str:
    """`question` without the words that say which inspection it means; the whole where little else is left."""
    rest = question
    for pattern in (*(pattern for pattern, _ in _SORTS), _DATED, _LAST_TIME, LATEST, _FIRST, _BEFORE, _INSPECTION):
        rest = pattern.sub(" ", rest)
    return rest if len(rest.split()) >= 3 else question


def dates(question: str) -> list[str]:
    """The months ("2018-01") and years ("2018") that `question` names, in order."""
    return [f"{year}-{_MONTHS.index(month.lower()) + 1:02d}" if month else year for month, year in _DATED.findall(question)]


def newest_first(pairs: Iterable[Held]) -> list[Held]:
    """`pairs` by when they were published, or inspected where that is not known, newest first."""
    return sorted(pairs, key=lambda pair: pair[0].published or pair[1].inspection_end, reverse=True)


def on(pair: Held, when: str) -> bool:
    """Whether an inspection was made or published in a month or year."""
    document, record = pair
    return any(day.startswith(when) for day in (document.published, record.inspection_start, record.inspection_end))


def _in_order(question: str, left: list[Held]) -> list[Held]:
    """The newest, the oldest or the one before the newest of each authority, where the question asks for it."""
    orders = ((0, LATEST), (0, _LAST_TIME), (1, _BEFORE), (-1, _FIRST))
    place = next((place for place, pattern in orders if pattern.search(question)), None)
    if place is None:
        return left
    by_authority: dict[str, list[Held]] = {}
    for pair in newest_first(left):
        by_authority.setdefault(pair[0].authority, []).append(pair)
    return [pairs[place] if place < len(pairs) else pairs[0] for pairs in by_authority.values()]


def later_than(document: Document, held: Sequence[Held]) -> Document | None:
    """The newest inspection among `held` of the same authority, where it was published after `document`."""
    newer = [other for other, _ in held if other.authority == document.authority and other.published > document.published]
    return max(newer, key=lambda other: other.published, default=None)
