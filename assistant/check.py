"""The check: nothing is shown that its citation does not carry.

A quoted sentence must stand in its passage word for word. A written one must agree with its passages rule by rule
(assistant/faults.py), and its content must be carried by them: a logistic weight of how much of it is, and how near in meaning.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.content import aligned, carried, content, likeness
from assistant.embedding import Vectors
from assistant.faults import Source, claim, faults
from assistant.text import sentence_spans
from assistant.types import Citation, Sentence


def supported(sentence: Sentence, citations: Mapping[int, Citation]) -> bool:
    """Whether `sentence` stands word for word in a passage that it cites, and every label it cites exists."""
    if not sentence.citations or not all(label in citations for label in sentence.citations):
        return False
    return any(sentence.text in citations[label].passage for label in sentence.citations)


def checked(sentences: list[Sentence], citations: list[Citation]) -> list[Sentence]:
    """The sentences that their citations carry; the rest are dropped."""
    by_label = {c.label: c for c in citations if c.quote in c.passage}
    return [sentence for sentence in sentences if supported(sentence, by_label)]


SUPPORT = ("coverage", "uncovered", "run", "nearest", "whole", "changed")
"""What speaks for a written sentence: see `WrittenCheck.signals`."""


@dataclass(frozen=True)
class Support:
    """Logistic weights over SUPPORT, and the least chance for a sentence to stand."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def chance(self, signals: Sequence[float]) -> float:
        """The chance, 0 to 1, that a sentence with these signals is carried by its passages."""
        return 1 / (1 + math.exp(-self.bias - sum(w * s for w, s in zip(self.weights, signals, strict=True))))


FITTED = Support((2.04, -0.5, -1.26, 2.51, 1.31, -0.97), -4.44, 0.33)
"""Fitted on the development half of eval/pairs by `python -m eval.pairs fit`."""


class Entailment(Protocol):
    """A model that says whether one text follows from another, such as assistant.embedding.Entails."""

    def entails(self, premise: str, claim: str) -> bool:
        """Whether `claim` follows from `premise`."""


@dataclass(frozen=True)
class Verdict:
    """What the check found: the faults of a written sentence (none where it stands), and the stretch of each source that
    carries it, as (start, end) in the source's text; None for a source that does not."""

    faults: tuple[str, ...]
    stretches: tuple[tuple[int, int] | None, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the sentence may be shown."""
        return not self.faults


@dataclass(frozen=True)
class WrittenCheck:
    """Checks sentences that a model wrote. `embed` gives unit vectors, `named` the authorities that a text names."""

    embed: Callable[[list[str]], Vectors]
    named: Callable[[str], Collection[str]] = lambda text: ()
    entailment: Entailment | None = None
    support: Support = field(default=FITTED)

    def verdict(self, sentence: str, sources: Sequence[Source]) -> Verdict:
        """Whether `sentence` may be shown as what `sources` together say, and where they say it."""
        found = faults(sentence, sources, self.named)
        if found:
            return Verdict(tuple(found))
        if self.support.chance(self.signals(sentence, sources)) < self.support.threshold:
            return Verdict(("says what the passage does not",))
        if self.entailment and not self.entailment.entails(" ".join(source.text for source in sources), sentence):
            return Verdict(("does not follow from the passage",))
        return Verdict((), _stretches(sentence, sources))

    def signals(self, sentence: str, sources: Sequence[Source]) -> tuple[float, ...]:
        """The share of the sentence's content that the source sentences nearest to it, or what is known of the source, carry;
        the words that they do not (up to 5, as a share of 5), and the longest run of such words (likewise); the cosine to the
        nearest source sentence, and to those nearest together; and, where a word is not carried, how far the rest is the
        source's own wording: one strange word in a sentence that is otherwise copied is a change, and in one put freely may
        be another way to say it."""
        sentence = claim(sentence, " ".join(source.about for source in sources))
        texts = [source.text[start:end] for source in sources for start, end in sentence_spans(source.text)]
        near = [texts[i] for i in aligned(sentence, texts)] or texts[:1]
        held = {one for text in (*near, *(source.about for source in sources)) for one in content(text)}
        flags = [carried(one, held) for one in content(sentence)]
        vectors = self.embed([sentence, " ".join(near), *near])
        cosines = vectors[1:] @ vectors[0]
        run = longest = 0
        for flag in flags:
            run = 0 if flag else run + 1
            longest = max(longest, run)
        missing = flags.count(False)
        share = 1 - missing / len(flags) if flags else 0.0
        return (
            share,
            min(missing, 5) / 5,
            min(longest, 5) / 5,
            float(cosines[1:].max()),
            float(cosines[0]),
            likeness(sentence, near) if missing else 0.0,
        )


def _stretches(sentence: str, sources: Sequence[Source]) -> tuple[tuple[int, int] | None, ...]:
    spans = [(i, span) for i, source in enumerate(sources) for span in sentence_spans(source.text)]
    chosen = [spans[k] for k in aligned(sentence, [sources[i].text[start:end] for i, (start, end) in spans])]
    found: list[tuple[int, int] | None] = []
    for i in range(len(sources)):
        mine = [span for j, span in chosen if j == i]
        found.append((mine[0][0], mine[-1][1]) if mine else None)
    return tuple(found)
