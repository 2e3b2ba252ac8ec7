"""How much of a question a passage speaks of, rare words counting for more. Pure."""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

from assistant.text import content_stems
from assistant.types import Document, Passage
from assistant.views import header
from assistant.vocabulary import Vocabulary


def rarity(question: str, frequency: Callable[[str], int], passages: int) -> dict[str, float]:
    """Weight of each content stem of `question`: the log of how rare it is among the library's `passages`.

    `frequency` says how many of them hold a word that starts with a stem.
    """
    return {stem: math.log(1 + passages / (1 + frequency(stem))) for stem in content_stems(question)}


@lru_cache(maxsize=4096)
def said(document: Document, passage: Passage, vocabulary: Vocabulary) -> frozenset[str]:
    """The stems a passage is known by, other forms of its concepts included."""
    around = content_stems(f"{header(document, passage)} {' '.join(passage.asked)}")
    return spoken(passage.text, vocabulary).union(around)


def spoken(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The stems of `text`, and those of the other forms of the concepts it names."""
    return frozenset(content_stems(text)).union(*(vocabulary.stems[i] for i in vocabulary.concepts(text)))


def cover(weights: Mapping[str, float], held: frozenset[str]) -> float:
    """Share, 0 to 1, of the weight of a question's stems that `held` holds; 0 for a question without any."""
    total = sum(weights.values())
    return sum(weight for stem, weight in weights.items() if stem in held) / total if total else 0.0
