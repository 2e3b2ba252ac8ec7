"""Does the library answer this question at all? A handful of signals, weighed on the development questions. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.coverage import cover, rarity, said
from assistant.phrases import WORDING, Neighbours
from assistant.shape import amount_fit, demanded, fit, shape_of
from assistant.types import Hit, finding
from assistant.vocabulary import Vocabulary

SIGNALS = ("dense", "coverage", "spread", "absent", "shape", "demanded", "amount", "ahead", "lead", "vote", "side")


@dataclass(frozen=True)
class Gate:
    """Logistic weights over SIGNALS, and the least chance for an answer."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def chance(self, signals: tuple[float, ...]) -> float:
        """The chance, 0 to 1, that the library answers a question with these signals."""
        return 1 / (1 + math.exp(-self.bias - sum(w * s for w, s in zip(self.weights, signals, strict=True))))

    def opens(self, signals: tuple[float, ...]) -> bool:
        """Whether a question with these signals is answered."""
        return self.chance(signals) >= self.threshold


PHRASED = Gate((2.29, 1.01, 2.1, -0.6, 2.61, 2.21, 2.71, 2.05, 2.38, 5.81, 2.59), -16.77, 0.41)
"""For a best passage that phrases are known for. Fitted on the development half of eval/questions by `python -m eval fit`."""
BARE = Gate((4.0, 1.5, 2.0, -0.6, 2.0, 1.5, 2.0, 2.0, 1.0, 0.0, 1.0), -5.5, 0.4)
"""For one that none are known for: a report, or a document somebody added."""


def gate_for(hits: Sequence[Hit]) -> Gate:
    """The gate that fits the best of `hits`."""
    return PHRASED if hits and hits[0].passage.asked else BARE


def signals(
    question: str,
    hits: list[Hit],
    neighbours: Neighbours,
    vocabulary: Vocabulary,
    frequency: Callable[[str], int],
    passages: int,
    mentioned: Callable[[int], bool],
    findings: bool,
) -> tuple[float, ...]:
    """How well `hits` cover `question`, one number (0 to 1) for each of SIGNALS.

    `neighbours` are the phrases nearest to it, nearest first: of known gaps, or (None) of passages. `frequency` says how many of the
    library's `passages` hold a word; rare words count for more. `mentioned` says whether the side asked
    about speaks of a concept anywhere: a topic it never names is one it does not answer. `findings` says that the question asks
    what inspectors found, which a note on the law does not answer.
    """
    if not hits:
        return (0.0,) * len(SIGNALS)
    top = hits[:3]
    held = [said(hit.document, hit.passage, vocabulary) for hit in top]
    weights = rarity(question, frequency, passages)
    named = vocabulary.concepts(question)
    wanted = demanded(question)
    texts = " ".join(hit.passage.text for hit in top).lower()
    gaps = [likeness for gap, likeness in neighbours if gap]
    asked = [likeness for gap, likeness in neighbours if not gap]
    return (
        max(hit.signals.nearest for hit in top),
        cover(weights, held[0]),
        cover(weights, frozenset().union(*held)),
        float(not all(mentioned(i) for i in named)),
        max(fit(shape_of(question), hit.passage.text, finding(hit.document)) for hit in top[:2]),
        sum(word in texts for word in wanted) / len(wanted) if wanted else 1.0,
        amount_fit(question, [hit.passage.text for hit in top[:2]]),
        sum(asked[:1]) - sum(gaps[:1]),
        sum(asked[:3]) / 3 - sum(gaps[:3]) / 3,
        _vote(neighbours[:10]),
        float(not findings or finding(top[0].document)),
    )


def _vote(nearest: Neighbours) -> float:
    """Share of the nearest phrases that are of passages, nearer ones counting for more."""
    weights = [math.exp(8 * (1 + WORDING) * likeness) for _, likeness in nearest]
    return sum(w for w, (gap, _) in zip(weights, nearest, strict=True) if not gap) / (sum(weights) or 1.0)
