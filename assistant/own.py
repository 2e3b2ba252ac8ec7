"""What only the documents that a person added are named after: "Larkmoor" of "Larkmoor supervision policy". Pure."""

import re
from collections.abc import Iterable

from assistant.text import words

_WITHIN = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+(?:-[A-Z][a-z]+)*")
"""A word that has its capital without beginning a sentence; one of capitals alone is short for something, and no name."""
_ADDRESS = re.compile(r"(?<!\S)\S*(?:@|\w\.(?=[a-z]))\S*")
_POSSESSIVE = re.compile(r"['\u2019]s\b")


def names_in(title: str, texts: Iterable[str]) -> list[str]:
    """The words of `title` that stand in `texts`, its document's, as names alone: with a capital within a sentence, and never
    without but in an address."""
    whole = _ADDRESS.sub(" ", "\n".join(texts))
    small = set(re.findall(r"\b[a-z]+(?:-[a-z]+)*", whole))
    names = {name.lower() for name in _WITHIN.findall(whole)}
    return [word for word in typed(title) if word in names - small]


def typed(text: str) -> list[str]:
    """The words of `text`, without what says whose something is: "Larkmoor's" is Larkmoor."""
    return words(_POSSESSIVE.sub("", text))
