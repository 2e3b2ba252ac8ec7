"""The phrases people ask by, of passages and of known gaps, searched by meaning and by wording together.

Meaning alone takes "which tool did they use" for "did using a tool help"; the words in their order tell them apart.
Pure once made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.embedding import Vectors
from assistant.types import Gap

WORDING = 0.8
"""How much likeness of wording counts beside likeness of meaning. Chosen on the development half of eval/questions."""
NEAREST = 60


@dataclass(frozen=True)
class Phrase:
    """One phrase, the gap it belongs to (None where it is a passage's) and its vector."""

    text: str
    gap: Gap | None
    vector: NDArray[np.float32]


Neighbours = Sequence[tuple[Phrase, float]]
"""Phrases near a question with their likeness, 0 to 1, nearest first."""


class Phrases:
    """All phrases of a library: their vectors, and their one- and two-word terms weighed by tf-idf."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = list(phrases)
        if self._phrases:
            self._vectors = np.array([phrase.vector for phrase in self._phrases])
            self._terms = TfidfVectorizer(ngram_range=(1, 2), min_df=2, token_pattern=r"\b\w+\b|%", sublinear_tf=True)
            try:
                weights = self._terms.fit_transform(phrase.text for phrase in self._phrases)
            except ValueError:  # no term stands in two phrases
                self._terms = TfidfVectorizer(token_pattern=r"\S+")
                weights = self._terms.fit_transform(phrase.text for phrase in self._phrases)
            self._by_term = weights.T.tocsr()  # the few terms of a question are taken from it, and the rest is not gone through

    @property
    def of_passages(self) -> bool:
        """Whether there is a phrase of any passage: a library of reports alone has none."""
        return any(phrase.gap is None for phrase in self._phrases)

    def nearest(self, text: str, vector: Vectors) -> Neighbours:
        """The phrases most like `text`, whose unit vector is `vector`: the mean of both cosines, wording counting WORDING."""
        if not self._phrases:
            return []
        wording = (self._terms.transform([text]) @ self._by_term).toarray().ravel()
        likeness = (self._vectors @ vector + WORDING * wording) / (1 + WORDING)
        best = np.argsort(-likeness, kind="stable")[:NEAREST]
        return [(self._phrases[i], float(likeness[i])) for i in best]
