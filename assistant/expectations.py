"""What law and guidance expect where a report says something is to be improved. Pure.

The link is by theme, from corpus/expectations.toml, or by the National Framework reference that the report itself prints
after the sentence; its ground is always shown.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from assistant.errors import CorpusError
from assistant.findings import BRACKETED, WORSE, Finding, Theme
from assistant.refusal import place
from assistant.text import sentences
from assistant.types import Document, Link, Passage

PRINTED = "printed in the report"
_OPENING = 300
"""Characters of a paragraph that are shown, in whole sentences; the rest stands where the link leads."""
_REFERENCE = re.compile(r"\b(outcome|enabler|principle)s?\s*:?\s*(\d|one|two|three|four|five|six)\b", re.IGNORECASE)
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6"}
_BRACKET = re.compile(BRACKETED, re.IGNORECASE)


@dataclass(frozen=True)
class Expected:
    """The framework references and the passages (by id) that say what is expected in a theme."""

    framework: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Expectations:
    """What is expected in each theme, and what each framework reference says."""

    references: dict[str, str]
    themes: dict[str, Expected]

    @property
    def notes(self) -> frozenset[str]:
        """The ids of all passages linked to."""
        return frozenset(note for expected in self.themes.values() for note in expected.notes)


def load_expectations(file: Path) -> Expectations:
    """What `file` says is expected. Raises CorpusError."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        themes = {name: Expected(tuple(entry["framework"]), tuple(entry["notes"])) for name, entry in data["theme"].items()}
        return Expectations(dict(data["references"]), themes)
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CorpusError(f"{file} cannot be read as what law and guidance expect: {error}") from error


def printed(text: str, references: dict[str, str]) -> tuple[str, ...]:
    """The framework references that a sentence prints in brackets, as "outcome 3", by number or by their words."""
    found = []
    for bracket in _BRACKET.findall(text):
        found += [f"{kind.lower()} {_NUMBERS.get(number.lower(), number)}" for kind, number in _REFERENCE.findall(bracket)]
        found += [name for name, words in references.items() if words in bracket.lower()]
    return tuple(dict.fromkeys(found))


def by_theme(themes: Iterable[str], expectations: Expectations) -> list[str]:
    """The framework references for `themes`, likeliest first: each theme's first, then each one's second."""
    ranked = zip_longest(*(expectations.themes[theme].framework for theme in themes if theme in expectations.themes))
    return list(dict.fromkeys(reference for row in ranked for reference in row if reference))


def links(finding: Finding, themes: Mapping[str, Theme], expectations: Expectations, held: Mapping[str, Link]) -> list[Link]:
    """What law and guidance expect where `finding` says what is to improve: framework references, then paragraphs.

    `held` are the links to the paragraphs that the library has, by id. A finding that praises, or weighs nothing, has no links.
    """
    if finding.polarity not in WORSE:
        return []
    shown = printed(finding.text, expectations.references)
    made = [Link(PRINTED, reference, expectations.references.get(reference, "")) for reference in shown]
    about = [theme for theme in finding.themes if theme in expectations.themes]
    for reference in by_theme(about, expectations):
        theme = next(theme for theme in about if reference in expectations.themes[theme].framework)
        made.append(Link(f"theme: {themes[theme].name}", reference, expectations.references.get(reference, "")))
    for theme in about:
        found = (held[note] for note in expectations.themes[theme].notes if note in held)
        made += [replace(link, ground=f"theme: {themes[theme].name}") for link in found]
    first: dict[tuple[str, str], Link] = {}
    for link in made:
        first.setdefault((link.reference, link.passage_id), link)
    return list(first.values())


def link_to(document: Document, passage: Passage) -> Link:
    """A link to a paragraph, its ground still open."""
    return Link(
        "",
        passage.reference,
        _opening(passage.text),
        passage.id,
        f"{document.title}, {place(passage.paragraph)}",
        passage.edition or document.edition,
        passage.force,
        passage.url or document.url,
    )


def _opening(text: str) -> str:
    """The first sentences of `text`, as many as are short enough together; the first one however long it is."""
    first, *rest = sentences(text)
    for sentence in rest:
        if len(first) + len(sentence) >= _OPENING:
            break
        first = f"{first} {sentence}"
    return first
