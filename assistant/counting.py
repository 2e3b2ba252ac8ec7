"""Questions that count, list, rank or compare across inspections, read into a query. Pure.

Such a question says what it wants counted ("which authorities", "how many councils", "list", "rank", "how has ...
changed") and by what: a grade of a judgement, or a theme that was praised or criticised. One that lacks either is no
such question, and is searched for as any other.
"""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from assistant.classify import Lexicon, named_themes
from assistant.errors import CorpusError
from assistant.findings import EVALUATIVE, UNTHEMED, WORSE, Polarity, Wanted
from assistant.scope import NEIGHBOURS, Authorities


class Asks(StrEnum):
    """What a question wants: how many and which, the most first, over time, or side by side."""

    LIST = "list"
    RANK = "rank"
    TREND = "trend"
    COMPARE = "compare"


@dataclass(frozen=True)
class Query:
    """A question over the register or the judgements.

    Judgements where `area` is one of JUDGEMENTS: of those in `grades`, or all grades where that is empty. Else findings:
    `wanted` has the theme and the polarity, or neither where letters and reports themselves are counted. `region` is the name of a region whose authorities `wanted` is limited to.
    """

    asks: Asks
    wanted: Wanted
    area: str = ""
    grades: tuple[str, ...] = ()
    region: str = ""
    named: tuple[str, ...] = ()
    moved: tuple[str, str] | None = None
    """The grades of two successive reports: of "from inadequate to good"."""
    phrases: tuple[str, ...] = ()
    """What a finding must hold one of, where the question names less than a whole theme ("the virtual school")."""
    least: int = 1
    """How many reports of an authority must be so judged: 2 of "more than once"."""
    worst_first: bool = False
    """Of a ranking by grade."""
    share: bool = False
    """Whether it is asked what share they are."""
    most: int = 0
    """How many rows of a ranking are wanted ("top five"); 0 means all."""


_WORST_FIRST = re.compile(r"\b(?:worst|lowest|poorest|weakest)\b", re.IGNORECASE)
_BY_INSPECTOR = re.compile(r"\blead inspectors?\b|\b(?:led|lead)\b(?! to\b)|\b(?:led|carried out|inspected) by\b", re.IGNORECASE)
AREAS = {
    "overall_effectiveness": "overall effectiveness",
    "impact_of_leaders": "leadership",
    "help_and_protection": "help and protection",
    "in_care": "children in care",
    "care_leavers": "care leavers",
}
_AREA_WORDS = (
    ("help_and_protection", r"help and protection|help or protection|child protection judgement|safeguarding judgement"),
    ("care_leavers", r"care leavers?|leaving care"),
    ("in_care", r"children in care|in care|looked[- ]after|permanence"),
    ("impact_of_leaders", r"leaders(?:hip)?(?:,? (?:management )?and governance)?|impact of leaders|management and governance"),
    ("overall_effectiveness", r"overall(?: effectiveness| judgement| grade| rating)?"),
)
_GRADE_WORDS = (
    (r"good or (?:better|outstanding)|outstanding or good|at least good", ("good", "outstanding")),
    (r"less than good|not (?:yet )?good|below good|worse than good", ("requires improvement", "adequate", "inadequate")),
    (r"requir(?:es?|ing|ed) improvement(?: to be good)?|\bRI\b", ("requires improvement",)),
    (r"inadequate", ("inadequate",)),
    (r"outstanding", ("outstanding",)),
    (r"(?<!in)adequate", ("adequate",)),
    (r"good", ("good",)),
)
_NOT_GOOD = re.compile(r"\bnot (?:yet )?good\b", re.IGNORECASE)
GRADES = ("inadequate", "requires improvement", "adequate", "good", "outstanding")
"""Every grade there has been, worst first."""
_GRADE = r"outstanding|good|requir(?:es?|ing) improvement(?: to be good)?|inadequate|adequate"
_PLACES = r"(?:authorit(?:y|ies)|councils?|boroughs?|counties|LAs?|las|places|areas|services|children.s services|ones|inspections?|reports?|letters?)"
_COUNTS = re.compile(
    rf"\b(?:how many|what (?:number|proportion|share|percentage) of|which(?: of the| english| local| other)*|list(?: all| every| the| me)*|"
    rf"name(?: all| every| the)*|show(?: me)?(?: all| every| the)+|give me(?: all| a list of| the)+|all the|what|any|are there any)\b[\w ,'\u2019&-]{{0,40}}?\b{_PLACES}\b|"
    rf"^list\b|^(?:which|who)(?:.s|\s+(?:is|are|was|were|has|have|got))\b|^how many (?:are|were|have|got|is)\b|\bhow many times\b",
    re.IGNORECASE,
)
_RANKS = re.compile(
    r"\brank\b|\bleague table\b|\btop (?:\d+|five|ten)\b|\b(?:which|what|who)\b.{0,60}\b(?:the )?(?:most|fewest)\b(?! recent)|\b(?:best|worst) (?:authorit|council|borough|count)\w+|\bmost often\b|\bmost (?:criticisms?|findings)\b",
    re.IGNORECASE,
)
_TRENDS = re.compile(
    r"\bhow (?:has|have|did|do|does)\b.{0,90}\b(?:chang\w+|mov\w+|develop\w*|evolv\w+|vari\w+)\b|\bover (?:time|the years)\b|\btrends?\b|\bhistory of\b|"
    r"\b(?:judgements?|grades?|ratings?) (?:history|timeline|since|through)\b|\btimeline\b|\b(?:all|every|past|previous) (?:\w+ ){0,2}(?:judgements?|grades?|ratings?)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(r"\bcompar(?:e|ed|ing|ison)\b|\bversus\b|\bvs\b", re.IGNORECASE)
_JUDGED = re.compile(r"\b(?:graded?|grades|rated?|ratings?|judged|judgements?|judgments?)\b", re.IGNORECASE)
_BLAMED = re.compile(
    r"\bworst\b|\bcritici[sz]\w*|\bweak\w*|\bpoor\w*|\bconcerns?\b|\bneed\w* to improve\b|\bto improve\b|\bimprovements? (?:needed|points?|findings?)\b|\bareas? for improvement\b|"
    r"\bproblems?\b|\bstruggl\w+|\bfail\w*|\btold off\b|\bnegative\w*|\bshortcomings?\b|\bfalling short\b|\bpulled up\b|\bissues?\b",
    re.IGNORECASE,
)
_PRAISED = re.compile(
    r"\bprais\w+|\bstrengths?\b|\bstrong\w*|\bcommend\w*|\bgood (?:practice|at|on|with)\b|\bdo(?:es|ing)? well\b|\bpositive\w*|\bbest\b|\bcredited\b",
    re.IGNORECASE,
)
FRAMEWORKS = {
    "ILACS standard": "standard ILACS inspections",
    "ILACS short": "short ILACS inspections",
    "ILACS": "ILACS inspections",
    "SIF": "SIF inspections",
    "focused visit": "focused visits",
    "monitoring visit": "monitoring visits",
    "JTAI": "JTAI inspections",
    "safeguarding and looked after children": "safeguarding and looked after children inspections",
    "looked after children": "looked after children inspections",
    "child protection": "child protection inspections",
}
"""What inspections under each framework are called, in words that `read_query` reads back."""
_FRAMEWORKS = {
    "ILACS standard": r"standard (?:ILACS(?: inspections?)?|inspections?)",
    "ILACS short": r"short (?:ILACS(?: inspections?)?|inspections?)",
    "ILACS": r"ILACS(?: inspections?)?",
    "SIF": r"SIF(?: inspections?)?|single inspection framework",
    "focused visit": r"focus+ed visits?",
    "monitoring visit": r"monitoring visits?",
    "JTAI": r"JTAIs?(?: inspections?)?|joint targeted area inspections?",
    "safeguarding and looked after children": r"safeguarding and looked[- ]after children inspections?",
    "looked after children": r"looked[- ]after children inspections?",
    "child protection": r"child protection inspections?",
}
SAID = {
    "praised or criticised": EVALUATIVE,
    "given mixed findings": frozenset({Polarity.MIXED}),
    "given any finding": frozenset(Polarity),
    "praised": frozenset({Polarity.STRENGTH, Polarity.MIXED}),
    "criticised": WORSE,
}
"""How it is said which way the findings asked for weigh. The first three are read before any other word of praise or blame."""
_SAID = re.compile(r"\b(?:praised or criticised|given mixed findings|given any finding)\b", re.IGNORECASE)
ANYTHING, NO_THEME = "anything", "no theme"
"""In place of themes: whatever they are, or none that was read."""
_ANYTHING = re.compile(rf"\b(?:for|of|about|on) {ANYTHING}\b", re.IGNORECASE)
_NO_THEME = re.compile(rf"\b{NO_THEME}\b", re.IGNORECASE)
_INSPECTED = re.compile(
    r"\b(?:published|inspected|held|carried out|took place|hold|had|(?:have|has) (?:a|an|any))\b|\bare there\b|\bin the library\b",
    re.IGNORECASE,
)
_MOVED = re.compile(rf"\bfrom ({_GRADE}) to ({_GRADE})", re.IGNORECASE)
_OF_ONE = re.compile(
    r"\bhow many (?:times|reports|inspections|letters|visits)\b|\bever\b|\b(?:which|list|all|every)\b(?: \w+){0,2} (?:reports|inspections|letters|visits|years|grades|judgements)\b",
    re.IGNORECASE,
)
"""What is counted of one authority; any other question on one is on what its reports say."""
_TWICE = re.compile(r"\bmore than once\b|\b(?:at least )?twice\b|\brepeatedly\b", re.IGNORECASE)
_NOW = re.compile(
    r"\b(?:now|currently|current|today|latest|last|most recent(?:ly)?|at the moment|presently|at present)\b(?! \d| (?:two|three|few|five|year))",
    re.I,
)
_EVER = re.compile(r"\bever\b|\bbeen\b|\btimes\b|\bpast\b|\bprevious\w*", re.IGNORECASE)
_PAST = re.compile(r"\b(?:was|were|did|had)\b", re.IGNORECASE)
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
_YEAR = rf"((?:(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{_MONTH})\.? )?(?:19|20)\d\d)"
"""A year, or a month or a day of one."""
_BETWEEN = re.compile(rf"\b(?:between|from)\s+{_YEAR}\s+(?:and|to|until)\s+{_YEAR}|\b{_YEAR}\s*(?:-|\u2013|to)\s*{_YEAR}", re.IGNORECASE)
_SINCE = re.compile(rf"\b(?:since|from)\s+(?:the (?:start|beginning) of )?{_YEAR}", re.IGNORECASE)
_AFTER = re.compile(rf"\bafter {_YEAR}", re.IGNORECASE)
_UNTIL = re.compile(rf"\b(?:until|up to|to the end of|by) {_YEAR}", re.IGNORECASE)
_BEFORE = re.compile(rf"\b(?:before|prior to) {_YEAR}", re.IGNORECASE)
_IN = re.compile(rf"\b(?:in|during|for|of) {_YEAR}", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|neither|isn.t|aren.t|wasn.t|weren.t)\b", re.IGNORECASE)
_UNREAD = re.compile(
    r"\b(?:never|without|except|other than|apart from|no longer|hasn.t|haven.t|excluding)\b|\b(?:which|what) regions?\b|\bboth\b"
    r"|\b(?:last|past|next) (?:\d+|two|three|four|five|ten|few|couple of) (?:years|months|inspections)\b|\b(?:last|this) year\b"
    rf"|\b(?:since|after|before|until|by|on) (?:the )?\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})\b(?!\.? (?:19|20)\d\d)",
    re.IGNORECASE,
)
"""Conditions that are not read: a count that passed over one would be wrong, so such a question is searched for."""
_SHARE = re.compile(r"%|\b(?:proportion|share|percent\w*)\b", re.IGNORECASE)
_TOP = re.compile(r"\btop (\d+|three|five|ten)\b", re.IGNORECASE)
_NUMBERS = {"three": 3, "five": 5, "ten": 10}
_THEIRS = re.compile(rf"(?:\bof )?(?:['\u2019]s )?{NEIGHBOURS}", re.IGNORECASE)
_REGION_WORDS = {"yorkshire": ("Yorkshire and the Humber",), "the midlands": ("West Midlands", "East Midlands"), "east anglia": ("East of England",), "the north": ("North East", "North West", "Yorkshire and the Humber")}  # fmt: skip


def load_regions(file: Path) -> dict[str, str]:
    """The region of each authority in `file` (corpus/authorities.toml), by its plain name. Raises CorpusError."""
    try:
        return {entry["name"]: entry["region"] for entry in tomllib.loads(file.read_text(encoding="utf-8"))["authority"]}
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CorpusError(f"{file} cannot be read as a list of authorities with their regions: {error}") from error


def read_query(
    question: str,
    authorities: Authorities,
    regions: dict[str, str],
    lexicon: Lexicon,
    held: Collection[str] = (),
    inspectors: Collection[str] = (),
) -> Query | None:
    """The query that `question` asks, or None where it is no question of that kind.

    `regions` is the region of every authority; `held` are the authorities that the library has a letter or report on,
    `inspectors` those who led the inspections it holds: a count that passed over a name it does not know would be wrong.
    """
    centre, within = authorities.near(question)
    named = () if centre else tuple(authorities.named(question))
    inspector = next((name for name in sorted(inspectors) if name and re.search(rf"\b{re.escape(name)}\b", question, re.IGNORECASE)), "")
    if (named and held and not set(named) & set(held)) or (_BY_INSPECTOR.search(question) and not inspector) or _UNREAD.search(question):
        return None
    rest = authorities.without(question)
    region = f"{centre} and its statistical neighbours" if centre in within else f"{centre}\u2019s statistical neighbours"
    if centre:
        rest = _THEIRS.sub("authorities", rest)
    else:
        region, within = _region(rest, regions)
    moved = _MOVED.search(rest)
    asks = _asks(rest, within if centre else named)
    if asks is Asks.COMPARE and centre:
        asks = Asks.RANK
    if asks is None or (asks is Asks.LIST and len(named) == 1 and not _OF_ONE.search(rest)):
        return None
    try:
        when = _when(question)
    except ValueError:
        return None
    framework, rest = _framework(rest)
    wanted = replace(when, authorities=frozenset(named or within), framework=framework, inspector=inspector)
    grades, area = _grades(rest), _area(rest)
    exactly = SAID[match[0].lower()] if (match := _SAID.search(rest)) else None
    polarity = _polarity(rest, bool(grades))
    if _NOT.search(_NOT_GOOD.sub(" ", rest)):
        if polarity or not grades:
            return None  # what was not said of a service stands in no passage
        grades = tuple(grade for grade in GRADES if grade not in grades)
    about = named_themes(lexicon, _AREAS_OUT.sub(" ", rest)) if polarity or exactly else {}
    if _NO_THEME.search(rest):
        about[UNTHEMED.id] = []
    if len(about) > 1 and not grades and not exactly and _PRAISED.search(rest) and _BLAMED.search(rest):
        return None  # one theme praised and another criticised
    share, most = bool(_SHARE.search(rest)), _most(rest)
    by_grade = bool(grades) or bool(_JUDGED.search(rest)) or (asks in (Asks.TREND, Asks.RANK) and bool(area))
    if (about or _ANYTHING.search(rest)) and (polarity or exactly) and not (_JUDGED.search(rest) and grades):
        sides = exactly or frozenset(filter(None, (polarity, Polarity.MIXED)))
        wanted = replace(wanted, themes=frozenset(about), polarities=sides, latest=bool(_NOW.search(rest)))
        phrases = tuple(phrase for found in about.values() for phrase in found)
        return Query(asks, wanted, region=region, named=named, phrases=phrases, share=share, most=most)
    if (
        not by_grade
        and asks is Asks.LIST
        and not (polarity or area)
        and (_INSPECTED.search(rest) or wanted.framework or inspector)
        and wanted != Wanted()
    ):
        return Query(asks, wanted, region=region, named=named)
    if not by_grade:
        return None
    if moved:
        pair = _grades(moved[1])[0], _grades(moved[2])[0]
        return Query(asks, wanted, area or "overall_effectiveness", pair, region, named, moved=pair)
    wanted = replace(wanted, latest=asks is not Asks.TREND and _only_latest(rest, wanted))
    return Query(
        asks,
        wanted,
        area or "overall_effectiveness",
        grades if asks is not Asks.TREND else (),
        region,
        named,
        least=1 + bool(_TWICE.search(rest)),
        worst_first=bool(_WORST_FIRST.search(rest)),
        share=share,
        most=most,
    )


def _most(rest: str) -> int:
    """How many rows "top five" asks for; 0 where none is said."""
    top = _TOP.search(rest)
    return (_NUMBERS.get(top[1].lower()) or int(top[1])) if top else 0


def _asks(rest: str, named: Collection[str]) -> Asks | None:
    if _TRENDS.search(rest):
        return Asks.TREND
    if len(named) > 1 and _COMPARES.search(rest):
        return Asks.COMPARE
    if _RANKS.search(rest):
        return Asks.RANK
    return Asks.LIST if _COUNTS.search(rest.strip()) else None


_AREAS_OUT = re.compile(
    rf"\b(?:(?:in|from) {_YEAR}|local authorit(?:y|ies)|authorit(?:y|ies)|councils?|inspect\w+|ofsted|children.s services|improvements?)\b",
    re.IGNORECASE,
)
"""What names no theme where it stands: "allegations against professionals in 2019" are not about professionals in other services."""


def _region(rest: str, regions: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """(name of the region that `rest` names, its authorities); ("", ()) where it names none."""
    names = [
        name for name in dict.fromkeys(regions.values()) if re.search(rf"\b{re.escape(name)}\b", rest.replace("-", " "), re.IGNORECASE)
    ]
    for word, meant in _REGION_WORDS.items():
        if not names and re.search(rf"\b{word}\b", rest, re.IGNORECASE):
            names = list(meant)
    return " and ".join(names), tuple(authority for authority, region in regions.items() if region in names)


def _grades(rest: str) -> tuple[str, ...]:
    found: list[str] = []
    for pattern, grades in _GRADE_WORDS:
        if re.search(rf"\b(?:{pattern})\b" if not pattern.startswith("(?<") else pattern, rest, re.IGNORECASE):
            found += grades
            rest = re.sub(pattern, " ", rest, flags=re.IGNORECASE)
    return tuple(dict.fromkeys(found))


def _area(rest: str) -> str:
    return next((area for area, pattern in _AREA_WORDS if re.search(rf"\b(?:{pattern})\b", rest, re.IGNORECASE)), "")


def _polarity(rest: str, graded: bool) -> Polarity | None:
    praised, blamed = _PRAISED.search(rest), _BLAMED.search(rest)
    if graded and not praised and not re.search(r"\bcritici", rest, re.IGNORECASE):
        return None
    return Polarity.STRENGTH if praised and not blamed else Polarity.IMPROVEMENT if blamed else None


def _framework(rest: str) -> tuple[str, str]:
    """(the framework that `rest` names, "" for none; `rest` without its name, which may have the words of a theme in it)."""
    for name, pattern in _FRAMEWORKS.items():
        without, found = re.subn(rf"\b(?:{pattern})\b", " ", rest, flags=re.IGNORECASE)
        if found:
            return name, without
    return "", rest


def _when(question: str) -> Wanted:
    """The span of dates that `question` names; "after 2022" starts with 2023, "before March 2018" ends with February.

    Raises ValueError for a day that is in no calendar.
    """
    if between := _BETWEEN.search(question):
        first, last = (between[1], between[2]) if between[1] else (between[3], between[4])
        return Wanted(since=_iso(first), until=_iso(last))
    since = _iso(match[1]) if (match := _SINCE.search(question)) else _iso(match[1], 1) if (match := _AFTER.search(question)) else ""
    until = _iso(match[1]) if (match := _UNTIL.search(question)) else _iso(match[1], -1) if (match := _BEFORE.search(question)) else ""
    if not since and not until and (match := _IN.search(question)):
        return Wanted(since=_iso(match[1]), until=_iso(match[1]))
    return Wanted(since=since, until=until)


def _iso(printed: str, later: int = 0) -> str:
    """A year, or a month or day of one, as "2022", "2022-03" or "2022-03-05", so many of them `later`."""
    *day, year = printed.lower().split()
    if not day:
        return str(int(year) + later)
    month = next(i for i, name in enumerate(_MONTHS) if name.startswith(day[-1][:3]))
    if len(day) > 1:
        return (date(int(year), month + 1, int(re.sub(r"\D", "", day[0]))) + timedelta(later)).isoformat()
    months = 12 * int(year) + month + later
    return f"{months // 12}-{months % 12 + 1:02d}"


def _only_latest(rest: str, wanted: Wanted) -> bool:
    """Whether a question on grades means how things stand: it says "now", or names no date and does not speak of the past."""
    if _NOW.search(rest):
        return True
    dated = wanted.since or wanted.until
    return not dated and not _EVER.search(rest) and not _PAST.search(rest)
