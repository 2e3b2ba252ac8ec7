"""What only the documents that a person added are named after: "Larkmoor" of "Larkmoor supervision policy". Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.scope import Reading
from assistant.text import words
from assistant.types import Document, Kind, Scope

_WITHIN = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+(?:-[A-Z][a-z]+)*(?![\w-])")
"""A word that has its capital without beginning a sentence; one of capitals alone is short for something, and no name."""
_ADDRESS = re.compile(r"(?<!\S)\S*(?:@|\w\.(?=[a-z])|\w://)\S*")
_POSSESSIVE = re.compile(r"['\u2019]s\b")

_BEYOND = re.compile(
    r"\b(?:the law|legally|legislation|statut\w+|(?:national|government) (?:guidance|framework|standards?)|working together|nationally|ofsted|inspect\w+)\b",
    re.IGNORECASE,
)
"""What asks for more than a person's own document says."""


def named_after(own: Mapping[Document, Sequence[str]], elsewhere: Callable[[str], bool]) -> dict[str, frozenset[str]]:
    """The names of the documents in `own`, which maps each to its texts, with the ids of those that have them; not those that
    stand `elsewhere`."""
    said = {document.id: frozenset(typed("\n".join((document.title, *texts)))) for document, texts in own.items()}
    names = {name for document, texts in own.items() for name in names_in(document.title, texts)}
    return {name: frozenset(id for id, held in said.items() if name in held) for name in names if not elsewhere(name)}


def kept_to_own(reading: Reading, question: str, filters: Scope, own: Mapping[str, frozenset[str]]) -> Reading:
    """`reading`, where `question` has one of the names in `own` (as `named_after` gives them), within the documents that have it; as
    it is where another place, the law or an inspection is asked about too, or `filters` leave those documents out."""
    absent = tuple(name for name in reading.absent if not own.keys() >= set(typed(name)))
    elsewhere = {word for name in reading.authorities if name in absent or name not in reading.absent for word in typed(name)}
    names = (own.keys() & typed(question)) - elsewhere
    filtered = filters.document or filters.since or (filters.kinds and Kind.LOCAL not in filters.kinds)
    if not names or filtered or reading.scope.authority or _BEYOND.search(question):
        return reading
    ids = frozenset[str]().union(*(own[name] for name in names))
    return replace(reading, scope=replace(reading.scope, own=ids), absent=absent)


def names_in(title: str, texts: Iterable[str]) -> list[str]:
    """The words of `title` that stand in `texts`, its document's, as names alone: with a capital within a sentence, and never
    without but in an address."""
    whole = _ADDRESS.sub(" ", "\n".join(texts))
    small = set(re.findall(r"\b[a-z]+(?:-[a-z]+)*", whole))
    names = {word for name in _WITHIN.findall(whole) for word in typed(name)}
    return [word for word in typed(title) if word in names - small]


def typed(text: str) -> list[str]:
    """The words of `text`, without what says whose something is: "Larkmoor's" is Larkmoor."""
    return words(_POSSESSIVE.sub("", text))
