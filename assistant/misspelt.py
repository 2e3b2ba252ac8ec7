"""Authorities whose names are misspelt ("Notinghamshire") or cut short ("Wolv"), found in a question. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LEAST = 6
"""Shorter names have too many neighbours that are names of something else."""
_LONG = 10
"""Characters from which two slips are taken for slips; under it, one."""
_WORDS = 6
"""Words of the longest name."""
_CUT = 4
"""Letters of a name, at the least, that stand for all of it where no other name begins with them."""


@dataclass(frozen=True)
class Place:
    """Where in a text an authority stands misspelt, and how its name is written."""

    start: int
    end: int
    name: str


def misspelt(text: str, forms: Iterable[str], knows: Callable[[str], bool]) -> list[Place]:
    """The places of `text` that are all but one of `forms`, or the beginning of one alone, in order. A word that `knows`
    accepts is never taken for a slip.

    Slips are counted as optimal string alignment does: a letter too many, too few, another one, or two that changed places.
    """
    written = {form.lower(): form for form in forms if len(form) >= _LEAST}
    tokens = list(re.finditer(r"[\w\u2019'&]+(?:-[\w\u2019'&]+)*", text))
    found: list[Place] = []
    for start, end in _windows([_strange(token[0], knows) for token in tokens]):
        at, to = tokens[start].start(), tokens[end - 1].end() - _possessive(tokens[end - 1][0])
        typed = text[at:to].lower()
        near = process.extractOne(typed, written.keys(), scorer=OSA.distance, score_cutoff=1 if len(typed) < _LONG else 2)
        slip = written[near[0]] if near and near[1] and near[0][0] == typed[0] else ""
        if (name := slip or _cut_short(typed, written)) and not any(at < place.end and place.start < to for place in found):
            found.append(Place(at, to, name))
    return sorted(found, key=lambda place: place.start)


def respelt(text: str, places: Iterable[Place]) -> str:
    """`text` with the authorities at `places` written as they are."""
    for place in reversed(list(places)):
        text = text[: place.start] + place.name + text[place.end :]
    return text


def _cut_short(typed: str, written: Mapping[str, str]) -> str:
    """The one name that begins with `typed`, "" where none or several do."""
    names = [name for form, name in written.items() if form.startswith(typed)] if len(typed) >= _CUT and typed.isalpha() else []
    return names[0] if len(names) == 1 else ""


def _windows(strange: list[bool]) -> Iterator[tuple[int, int]]:
    """The stretches of words that hold a strange one, the longest first."""
    for size in range(min(_WORDS, len(strange)), 0, -1):
        yield from ((start, start + size) for start in range(len(strange) - size + 1) if any(strange[start : start + size]))


def _strange(word: str, knows: Callable[[str], bool]) -> bool:
    bare = word.lower()[: len(word) - _possessive(word)]
    return len(bare) > 2 and not all(knows(part) for part in re.split(r"[\u2019'&-]", bare) if part)


def _possessive(word: str) -> int:
    """How many characters of `word` are its "'s"."""
    return 2 if re.search(r"['\u2019]s$", word) else 0
