"""The embedding model, tuned to tell which way a sentence of a report weighs and what it is about.

A paragraph is read whole, so that each sentence is weighed among its neighbours (Cohan et al. 2019, "Pretrained Language Models for
Sequential Sentence Classification"), and linear layers read the mean of each sentence's states. They and the changes to the model
(`assistant.tuned`) are in corpus/weigher.npz, fitted by `eval.fit_weigher` on sentences that were read after docs/labelling.md, most
of them by a language model. It writes nothing: it weighs four sides and the themes of corpus/themes.toml, and is loaded only for an
ingest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embedding import compiled
from assistant.findings import Polarity
from assistant.tuned import Floats, learned, network, tokenizer, word_pieces

SIDES = (Polarity.STRENGTH, Polarity.IMPROVEMENT, Polarity.MIXED, Polarity.NEUTRAL)
"""What the columns of `Chances.sides` stand for."""
_HEADING, _LONGEST, _TOGETHER, _BEFORE, _AFTER = 50, 150, 200, 60, 30
"""Characters of a heading that are read, from its end; word pieces of a sentence, of the sentences of one window, and of what stands
before and after them."""
_BATCH = 16

Paragraph = tuple[str, tuple[str, ...]]
"""The heading that a paragraph stands under, and its sentences."""


@dataclass(frozen=True)
class Window:
    """What the network reads at once: a heading and sentences of one paragraph, with some of what stands around them."""

    pieces: list[int]
    heading: int
    """How many of the pieces are the heading's."""
    spans: list[tuple[int, int]]
    """Where among the pieces each sentence begins and ends."""
    first: int
    """Which sentence of its paragraph is the first."""


@dataclass(frozen=True)
class Chances:
    """What the network makes of the sentences of one paragraph."""

    sides: Floats
    """How likely each weighs each way: shape (sentences, 4), each row adding up to 1."""
    about: list[dict[str, float]]
    """How likely, 0 to 1, each is about each theme."""


class Weigher:
    """Sentences to chances. The weights are loaded at first use; no network is used."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def chances(self, paragraphs: Sequence[Paragraph]) -> list[Chances]:
        """What each sentence of each of `paragraphs` weighs and is about. Raises CorpusError."""
        found = [Chances(np.zeros((len(sentences), len(SIDES)), np.float32), [{} for _ in sentences]) for _, sentences in paragraphs]
        read = [(at, window) for at, paragraph in enumerate(paragraphs) for window in windows(self._tokenizer, paragraph)]
        read.sort(key=lambda one: len(one[1].pieces))
        for start in range(0, len(read), _BATCH):
            batch = read[start : start + _BATCH]
            states = self._network(**given([window for _, window in batch])).last_hidden_state.numpy()
            for (at, window), said in zip(batch, states, strict=True):
                means = np.array([said[first:last].mean(axis=0) for first, last in window.spans])
                inside = slice(window.first, window.first + len(means))
                found[at].sides[inside] = _softmax(self._scores(means, "sides"))
                found[at].about[inside] = [
                    dict(zip(self._themes, row, strict=True)) for row in (1 / (1 + np.exp(-self._scores(means, "about")))).tolist()
                ]
        return found

    def _scores(self, means: Floats, of: str) -> Floats:
        return np.asarray(means @ self._held[f"{of}.weight"].T + self._held[f"{of}.bias"], dtype=np.float32)

    @cached_property
    def _held(self) -> dict[str, Any]:
        return learned(self._file, ["sides", "about"], "the register", ["themes"])

    @cached_property
    def _themes(self) -> list[str]:
        return [str(name) for name in self._held["themes"]]

    @cached_property
    def _tokenizer(self) -> Any:
        return tokenizer()

    @cached_property
    def _network(self) -> Any:
        return compiled(network(self._held))


def _softmax(scores: Floats) -> Floats:
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float32)


def windows(tokenizer: Any, paragraph: Paragraph) -> Iterator[Window]:
    """`paragraph` as the network reads it: as many sentences at once as its window holds."""
    heading, sentences = paragraph
    head = [tokenizer.cls_token_id, *word_pieces(tokenizer, heading[-_HEADING:]), tokenizer.sep_token_id]
    read = [word_pieces(tokenizer, sentence)[:_LONGEST] or [tokenizer.sep_token_id] for sentence in sentences]
    start = 0
    while start < len(read):
        stop = start + 1
        while stop < len(read) and sum(map(len, read[start : stop + 1])) <= _TOGETHER:
            stop += 1
        pieces = [*head, *list(chain(*read[:start]))[-_BEFORE:]]
        spans = []
        for sentence in read[start:stop]:
            spans.append((len(pieces), len(pieces) + len(sentence)))
            pieces += sentence
        yield Window([*pieces, *list(chain(*read[stop:]))[:_AFTER], tokenizer.sep_token_id], len(head), spans, start)
        start = stop


def given(batch: Sequence[Window]) -> dict[str, Any]:
    """What the network takes: the heading as the first text and the sentences as the second, each window as long as the longest."""
    import torch

    shape = len(batch), max(len(window.pieces) for window in batch)
    taken = {name: torch.zeros(shape, dtype=torch.long) for name in ("input_ids", "attention_mask", "token_type_ids")}
    for row, window in enumerate(batch):
        length = len(window.pieces)
        taken["input_ids"][row, :length] = torch.tensor(window.pieces)
        taken["attention_mask"][row, :length] = 1
        taken["token_type_ids"][row, window.heading : length] = 1
    return taken
