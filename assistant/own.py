"""What only the documents that a person added are named after: "Larkmoor" of "Larkmoor supervision policy". Pure."""

import re
from collections.abc import Iterable

from assistant.text import words

_WITHIN = re.compile(r"(?<=[a-z,;] )[A-Z][A-Za-z\u2019'-]+")
"""A word that has its capital without beginning a sentence."""


def names_in(title: str, texts: Iterable[str]) -> list[str]:
    """The words of `title` that stand in `texts`, its document's, as names alone: with a capital within a sentence, and
    never without."""
    whole = "\n".join(texts)
    small = set(re.findall(r"\b[a-z][a-z\u2019'-]*", whole))
    names = {name.lower() for name in _WITHIN.findall(whole)}
    return [word for word in words(title) if word in names - small]
