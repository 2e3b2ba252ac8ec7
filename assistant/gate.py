"""Does the library answer this question at all? A handful of signals, weighed on the development questions. Pure."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.shape import demanded, fit, shape_of
from assistant.text import content_stems
from assistant.types import Document, Hit, Passage, finding
from assistant.views import header
from assistant.vocabulary import Vocabulary

SIGNALS = ("dense", "text", "coverage", "spread", "unknown", "concepts", "absent", "shape", "demanded")


@dataclass(frozen=True)
class Gate:
    """Logistic weights over SIGNALS, fitted on the development half of eval/questions."""

    weights: tuple[float, ...] = (2.38, 2.84, 3.54, 1.03, -0.86, 1.49, -3.0, 2.83, 2.07)
    bias: float = -9.68
    threshold: float = 0.42

    def chance(self, signals: tuple[float, ...]) -> float:
        """The chance, 0 to 1, that the library answers a question with these signals."""
        return 1 / (1 + math.exp(-self.bias - sum(w * s for w, s in zip(self.weights, signals, strict=True))))


def signals(
    question: str,
    hits: list[Hit],
    vocabulary: Vocabulary,
    frequency: Callable[[str], int],
    passages: int,
    mentioned: Collection[int],
) -> tuple[float, ...]:
    """How well `hits` cover `question`, one number (0 to 1) for each of SIGNALS.

    `frequency` says how many of the library's `passages` hold a word; rare words count for more. `mentioned` are the
    concepts that the side asked about speaks of anywhere: a topic it never names is one it does not answer.
    """
    if not hits:
        return (0.0,) * len(SIGNALS)
    top = hits[:3]
    said = [_said(hit.document, hit.passage, vocabulary) for hit in top]
    held = [stems for stems, _ in said]
    counts = {stem: frequency(stem) for stem in content_stems(question)}
    weights = {stem: math.log(1 + passages / (1 + count)) for stem, count in counts.items()}
    unknown = sum(weights[stem] for stem, count in counts.items() if not count) / (sum(weights.values()) or 1.0)
    named = vocabulary.concepts(question)
    concepts = [i for i in named if any(i in concepts_of for _, concepts_of in said)]
    wanted = demanded(question)
    texts = " ".join(hit.passage.text for hit in top).lower()
    return (
        max(hit.dense for hit in top),
        max((cosine for hit in top for _, cosine in hit.sentence_scores), default=0.0),
        _cover(weights, held[0]),
        _cover(weights, frozenset().union(*held)),
        unknown,
        len(concepts) / len(named) if named else 0.5,
        float(any(i not in mentioned for i in named)),
        max(fit(shape_of(question), hit.passage.text, finding(hit.document)) for hit in top[:2]),
        sum(word in texts for word in wanted) / len(wanted) if wanted else 1.0,
    )


@lru_cache(maxsize=4096)
def _said(document: Document, passage: Passage, vocabulary: Vocabulary) -> tuple[frozenset[str], frozenset[int]]:
    """The stems a passage is found by, other forms of its concepts included, and the concepts themselves."""
    text = f"{header(document, passage)} {passage.text} {' '.join(passage.asked)}"
    concepts = vocabulary.concepts(text)
    forms = " ".join(form for i in vocabulary.concepts(passage.text) for form in vocabulary.terms[i].forms)
    return frozenset(content_stems(f"{text} {forms}")), frozenset(concepts)


def _cover(weights: Mapping[str, float], held: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(weight for stem, weight in weights.items() if stem in held) / total if total else 0.0
