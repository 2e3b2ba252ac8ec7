"""Misspelt words of a question put right by the library's own words. Pure once made."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from assistant.text import STOPWORDS

_LEAST = 6
"""Shorter words are left as typed: too many have a neighbour that is another word."""
_ALIKE = 88.0
"""Least similarity (0 to 100, normalised indel distance) for a word to be put right."""


class Spelling:
    """The words that the library and the vocabulary use."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._known = STOPWORDS | {word for text in texts for word in re.findall(r"[a-z]+", text.lower())}
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= _LEAST - 1:
                self._by_first.setdefault(word[0], []).append(word)

    def knows(self, word: str) -> bool:
        """Whether the library or the vocabulary uses `word`, in lower case."""
        return word in self._known

    def corrected(self, question: str) -> str:
        """`question` with each unknown long word replaced by the one known word that is nearly the same, if any."""
        return re.sub(r"[A-Za-z]{%d,}" % _LEAST, lambda match: self._word(match[0]), question)

    def _word(self, typed: str) -> str:
        word = typed.lower()
        if self.knows(word) or word.rstrip("s") in self._known:
            return typed
        near = self._by_first.get(word[0], [])
        found = process.extractOne(word, near, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if found:
            return found[0]
        swapped = (other for other in near if sorted(other) == sorted(word) and OSA.distance(other, word) == 1)
        return next(swapped, typed)  # two letters that changed places count as two slips by that measure
