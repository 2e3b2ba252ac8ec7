"""What a written sentence gives otherwise than its source of dates, numbers, sections and intervals. Pure; no model."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.content import (
    CLAUSE,
    bound_of,
    carried,
    clauses,
    content,
    coverage,
    meaning,
    numbers_in,
    stems_of,
    unit_of,
    value_of,
)
from assistant.text import stem, words

_ORDINALS = frozenset({"first", "second", "third", "fourth", "final", "next"})
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b(\d{{1,2}})(?: (?:and|to) (\d{{1,2}}))? ({MONTHS})(?: ((?:19|20)\d\d))?\b|\b()()({MONTHS}) ((?:19|20)\d\d)\b")
REFERENCE = re.compile(
    r"(?<!['\u2019])\b(?:sections?|regulations?|reg|schedule|chapter|paragraphs?|part|s\.?) ?(?P<number>\d+[A-Z]*)(?:\(\w+\))*",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"\b\d+[A-Z]*\b")
_INTERVALS = {word: word for word in "daily weekly fortnightly monthly quarterly yearly".split()} | {
    "annually": "yearly",
    "annual": "yearly",
}
_PERIODS = frozenset({"working day", "calendar day", "day", "week", "month", "year"})
_SINCE = re.compile(r"\b(since|until|before|after) ((?:19|20)\d\d)\b", re.IGNORECASE)
_UNITS = frozenset(map(stem, "working calendar day week month hour year minute".split()))
_LATER = frozenset({stem(word) for word in ("later", "initial", "after", "before", "open", "become")})


def figures(sentence: str, chosen: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    """The faults of the figures that `sentence` gives: `texts` are the sentences of its source, `chosen` those that say nearly
    the same."""
    everything = " ".join(texts)
    yield from _dates(sentence, chosen, texts)
    yield from _numbers(sentence, chosen, texts, everything)
    yield from _referred(sentence, everything)
    yield from _since(sentence, everything)
    yield from _ordered(sentence, chosen, everything)
    yield from _recurring(sentence, texts, everything)


def _dates_in(text: str) -> set[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    for match in _DATE.finditer(text):
        month, year = match[3] or match[7], match[4] or match[8] or ""
        found |= {(day or "", month, year) for day in (match[1], match[2]) if day} or {("", month, year)}
    return found


def _dates(sentence: str, chosen: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    held = {date for text in chosen for date in _dates_in(text)}
    for day, month, year in _dates_in(sentence):
        fits = [d for d in held if d[1] == month and (not day or d[0] in (day, "")) and (not year or d[2] in (year, ""))]
        if not fits or (day and not any(d[0] == day for d in fits)):
            yield f"gives a date, {' '.join(filter(None, (day, month, year)))}, that the passage does not"
        elif _rivalled(sentence, f"{month} {year}".strip(), day, texts):
            yield "gives the date of something else"


def _month_of(match: re.Match[str]) -> str:
    return f"{match[3] or match[7]} {match[4] or match[8] or ''}".strip()


def _rivalled(sentence: str, month: str, day: str, texts: Sequence[str]) -> bool:
    """Whether another date in the source stands in words that are more like those around this one here."""
    own = [m for m in _DATE.finditer(sentence) if _month_of(m) == month]
    mine = next((_around(sentence, m) for m in own if not day or day in (m[1], m[2])), None)
    if mine is None:
        return False
    at = own[0].start()
    leads = meaning(sentence[:at])[-1:]
    best: dict[bool, float] = {True: 0.0, False: 0.0}
    sentence_of: dict[bool, float] = {True: 0.0, False: 0.0}
    for text in texts:
        for m in _DATE.finditer(text):
            same = _month_of(m) == month and (not day or day in (m[1], m[2]))
            led = meaning(text[: m.start()])[-1:] if day else []
            best[same] = max(best[same], _likeness(mine, _around(text, m)) + 0.5 * bool(led and led == leads))
            sentence_of[same] = max(sentence_of[same], coverage(sentence, stems_of(text)))
    return best[False] > best[True] + 0.12 and sentence_of[False] >= sentence_of[True]


def _around(text: str, match: re.Match[str]) -> tuple[str, str]:
    """The clause that a match stands in, without the match, and its sentence."""
    start = 0
    for cut in CLAUSE.finditer(text):
        if cut.end() <= match.start():
            start = cut.end()
        elif cut.start() >= match.end():
            return f"{text[start : match.start()]} {text[match.end() : cut.start()]}", text
    return f"{text[start : match.start()]} {text[match.end() :]}", text


def _context(text: str) -> frozenset[str]:
    telling = {word for word in words(text) if word in _ORDINALS} | {one for one in map(stem, words(text)) if one in _LATER}
    return frozenset(telling.union(content(text)) - _UNITS)


def _likeness(mine: tuple[str, str], theirs: tuple[str, str]) -> float:
    clause, whole = _context(mine[0]), _context(mine[1])
    there, all_there = _context(theirs[0]), _context(theirs[1])
    near = sum(carried(one, there) for one in clause) / (len(clause) or 1)
    far = sum(carried(one, all_there) for one in whole) / (len(whole) or 1)
    return near + 0.5 * far


def _numbers(sentence: str, chosen: Sequence[str], texts: Sequence[str], everything: str) -> Iterator[str]:
    dateless = _DATE.sub(" ", sentence)
    held = [(m, value_of(m), unit_of(m)) for text in chosen for m in numbers_in(text)]
    anywhere = {(value_of(m), unit_of(m)) for m in numbers_in(everything)}
    said = {value_of(m) for m in numbers_in(dateless)}
    for match in numbers_in(dateless):
        value, unit = value_of(match), unit_of(match)
        fits = [m for m, v, u in held if v == value and (u == unit or not u or not unit)]
        if not fits:
            section = unit in ("section", "regulation", "reg", "chapter") and any(v == value for v, _ in anywhere)
            if not section:
                yield f"gives a number, {match[0].strip()}, that the passage does not give for this"
            continue
        rivals = [
            _likeness(_around(dateless, match), _around(text, m))
            for text in texts
            for m in numbers_in(text)
            if value_of(m) not in said and unit and (unit_of(m) == unit or {unit, unit_of(m)} <= _PERIODS)
        ]
        own = [
            _likeness(_around(dateless, match), _around(text, m))
            for text in texts
            for m in numbers_in(text)
            if value_of(m) == value and unit_of(m) in (unit, "")
        ]
        if rivals and max(rivals) > max(own, default=0.0) + 0.08:
            yield f"gives {match[0].strip()}, which the passage gives for something else"
        yield from _placed(dateless, match, chosen)
        here = bound_of(_around(dateless, match)[0])
        there = {bound_of(_around(text, m)[0]) for text in texts for m in numbers_in(text) if value_of(m) == value}
        if here and there and here not in there and there - {""}:
            yield f"makes {match[0].strip()} a limit of the other kind"


def _referred(sentence: str, everything: str) -> Iterator[str]:
    for match in REFERENCE.finditer(sentence):
        if match["number"] not in NUMBERED.findall(everything):
            yield f"names {match[0]}, which the passage does not"


def _since(sentence: str, everything: str) -> Iterator[str]:
    for match in _SINCE.finditer(sentence):
        years = {other[2] for other in _SINCE.finditer(everything) if other[1].lower() == match[1].lower()}
        if years and match[2] not in years:
            yield f"gives {match[0]}, where the passage gives {min(years)}"


def _ordered(sentence: str, chosen: Sequence[str], everything: str) -> Iterator[str]:
    """First, second, next: those that the source does not say, or says less often."""
    counted = Counter(w for w in words(" ".join(chosen)) if w in _ORDINALS)
    for word, times in Counter(w for w in words(sentence) if w in _ORDINALS).items():
        if times > counted[word] > 0:
            yield f"says {word} once more than the passage"
        elif not counted[word] and not (word == "first" and "initial" in words(everything)):
            yield f"says {word}, which the passage does not"


def _recurring(sentence: str, texts: Sequence[str], everything: str) -> Iterator[str]:
    for one in _intervals(sentence):
        if one not in _intervals(everything):
            yield "gives an interval that the passage does not"
        elif (clause := next((c for c in clauses(sentence) if one in _intervals(c)), "")) and _interval_rivalled(one, clause, texts):
            yield "gives the interval of something else"


def _placed(sentence: str, match: re.Match[str], chosen: Sequence[str]) -> Iterator[str]:
    """Whether the number stands with the same things as in the source: what it counts, what it runs from, and its order."""
    value = value_of(match)
    own = [(text, m) for text in chosen for m in numbers_in(text) if value_of(m) == value]
    anchor = re.match(r"\W*(?:of|from|after|before|beginning with)\b([^,;.]*)", sentence[match.end() :])
    if match["unit"] and anchor and (run := content(anchor[1])[:3]) and not any(carried(run[0], stems_of(text)) for text, _ in own):
        yield f"counts {match[0].strip()} from something else than the passage"
    counted = [] if match["unit"] or match["before"] else content(" ".join(sentence[match.end() :].split()[:3]))[:2]
    rivals = [m for text in chosen for m in numbers_in(text) if value_of(m) != value and not m["unit"] and not m["before"]]
    if counted:
        mine = {one for text, m in own for one in content(" ".join(text[m.end() :].split()[:5]))}
        others = {one for m in rivals for one in content(" ".join(m.string[m.end() :].split()[:3]))}
        if not carried(counted[0], mine) and carried(counted[0], others):
            yield f"counts {match[0].strip()} of something else than the passage"
    for text, m in own:
        for other in numbers_in(sentence[match.end() :]):
            before = [o for o in numbers_in(text) if value_of(o) == value_of(other) and value_of(o) != value]
            alike = unit_of(other) == unit_of(match) and not re.fullmatch(r"(?:19|20)\d\d", value)
            if before and all(o.start() < m.start() for o in before) and alike and len(own) == 1:
                yield "gives two numbers the wrong way round"


def _intervals(text: str) -> set[str]:
    """How often, of the words of `text`; of those for every year, one."""
    return {_INTERVALS[word] for word in words(text) if word in _INTERVALS}


def _interval_rivalled(one: str, clause: str, texts: Sequence[str]) -> bool:
    best = {True: 0.0, False: 0.0}
    for text in texts:
        for part in clauses(text):
            if said := _intervals(part):
                near = _likeness((clause, clause), (part, part))
                best[one in said] = max(best[one in said], near)
    return best[False] > best[True] + 0.12
