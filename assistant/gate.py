"""Does the library answer this question at all? A handful of signals, weighed on the development questions. Pure."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from assistant.coverage import cover, rarity, said
from assistant.shape import amount_fit, demanded, fit, shape_of
from assistant.types import Gap, Hit, finding
from assistant.vocabulary import Vocabulary

Neighbours = Sequence[tuple[Gap | None, float]]

SIGNALS = (
    "dense",
    "text",
    "coverage",
    "spread",
    "unknown",
    "concepts",
    "absent",
    "shape",
    "demanded",
    "amount",
    "gap",
    "margin",
    "vote",
    "lead",
)


@dataclass(frozen=True)
class Gate:
    """Logistic weights over SIGNALS, fitted on the development half of eval/questions by `python -m eval fit`."""

    weights: tuple[float, ...] = (2.38, 2.84, 3.54, 1.03, -0.86, 1.49, -3.0, 2.83, 2.07, 0.0, 0.0, 0.0, 0.0, 0.0)
    bias: float = -9.68
    threshold: float = 0.42

    def chance(self, signals: tuple[float, ...]) -> float:
        """The chance, 0 to 1, that the library answers a question with these signals."""
        return 1 / (1 + math.exp(-self.bias - sum(w * s for w, s in zip(self.weights, signals, strict=True))))


def signals(
    question: str,
    hits: list[Hit],
    neighbours: Neighbours,
    vocabulary: Vocabulary,
    frequency: Callable[[str], int],
    passages: int,
    mentioned: Collection[int],
) -> tuple[float, ...]:
    """How well `hits` cover `question`, one number (0 to 1) for each of SIGNALS.

    `neighbours` are the phrases nearest to it, nearest first: of known gaps, or (None) of passages. `frequency` says how many of the
    library's `passages` hold a word; rare words count for more. `mentioned` are the concepts that the side asked
    about speaks of anywhere: a topic it never names is one it does not answer.
    """
    if not hits:
        return (0.0,) * len(SIGNALS)
    top = hits[:3]
    held = [said(hit.document, hit.passage, vocabulary) for hit in top]
    weights = rarity(question, frequency, passages)
    unknown = sum(weight for stem, weight in weights.items() if not frequency(stem)) / (sum(weights.values()) or 1.0)
    named = vocabulary.concepts(question)
    concepts = [i for i in named if any(i in concepts_of for _, concepts_of in held)]
    wanted = demanded(question)
    texts = " ".join(hit.passage.text for hit in top).lower()
    gaps = [cosine for gap, cosine in neighbours if gap]
    asked = [cosine for gap, cosine in neighbours if not gap]
    nearest = max(hit.signals.nearest for hit in top)
    return (
        nearest,
        max((cosine for hit in top for _, cosine in hit.sentence_scores), default=0.0),
        cover(weights, held[0][0]),
        cover(weights, frozenset().union(*(stems for stems, _ in held))),
        unknown,
        len(concepts) / len(named) if named else 0.5,
        float(any(i not in mentioned for i in named)),
        max(fit(shape_of(question), hit.passage.text, finding(hit.document)) for hit in top[:2]),
        sum(word in texts for word in wanted) / len(wanted) if wanted else 1.0,
        amount_fit(question, [hit.passage.text for hit in top[:2]]),
        max(gaps, default=0.0),
        nearest - max(gaps, default=0.0),
        _vote(neighbours[:10]),
        sum(asked[:3]) / 3 - sum(gaps[:3]) / 3,
    )


def _vote(nearest: Neighbours) -> float:
    """Share of the nearest phrases that are of passages, nearer ones counting for more."""
    weights = [math.exp(8 * cosine) for _, cosine in nearest]
    return sum(w for w, (gap, _) in zip(weights, nearest, strict=True) if not gap) / (sum(weights) or 1.0)
