"""The assistant with one of its parts switched off, one part after the other."""

import copy
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.chain import Assistant, Turn
from assistant.embedding import Embedder, Spans, Vectors
from assistant.library import Library
from assistant.phrases import Neighbours, Phrases
from assistant.scope import Reading, subject
from assistant.spelling import Spelling
from assistant.types import Hit, Signals
from assistant.vectors import Near, VectorIndex
from assistant.vocabulary import Vocabulary


class Remembering(Embedder):
    """Embeds no text twice: the same questions are asked of every variant."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.known: dict[tuple[str, Spans], tuple[Vectors, Vectors]] = {}
        """The vector of a text, and of its parts, by the text and where the parts are in it."""

    def embed(self, texts: list[str]) -> Vectors:
        """As `Embedder.embed`."""
        return self.embed_in_parts(texts, [()] * len(texts))[0] if texts else super().embed(texts)

    def embed_in_parts(self, texts: list[str], parts: Sequence[Spans]) -> tuple[Vectors, list[Vectors]]:
        """As `Embedder.embed_in_parts`."""
        asked = list(zip(texts, parts, strict=True))
        if unknown := [each for each in dict.fromkeys(asked) if each not in self.known]:
            made = super().embed_in_parts([text for text, _ in unknown], [spans for _, spans in unknown])
            self.known |= zip(unknown, zip(*made, strict=True), strict=True)
        return np.array([self.known[each][0] for each in asked]), [self.known[each][1] for each in asked]


class RememberingIndex(VectorIndex):
    """Looks nothing up twice."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        super().__init__(library, embedder)
        self._found: dict[tuple[bytes, frozenset[str], int], list[Near]] = {}

    def search(self, vectors: Vectors, documents: Collection[str], limit: int) -> list[Near]:
        """As `VectorIndex.search`."""
        key = (vectors.tobytes(), frozenset(documents), limit)
        if key not in self._found:
            self._found[key] = super().search(vectors, documents, limit)
        return self._found[key]


class AsTyped(Spelling):
    """Knows what another knows, and puts nothing right."""

    def __init__(self, other: Spelling) -> None:
        self._other = other

    def knows(self, word: str) -> bool:
        """As the other."""
        return self._other.knows(word)

    def reads(self, word: str) -> bool:
        """As the other."""
        return self._other.reads(word)

    def corrected(self, question: str) -> str:
        """`question` as typed."""
        return question

    def put_right(self, question: str) -> str:
        """`question` as typed."""
        return question


class Unscoped(Assistant):
    """Reads no authority, date, side or nation of a question: only the filters set beside it narrow the search."""

    def find_scope(self, turn: Turn) -> Turn:
        """The filters as they are."""
        return replace(turn, reading=Reading(turn.filters, about=subject(turn.standalone)))


class Forgetful(Assistant):
    """Reads every question as the first of a conversation."""

    def make_standalone(self, turn: Turn) -> Turn:
        """The question as it is, whatever was asked before."""
        return super().make_standalone(replace(turn, history=()))


class Uncounted(Assistant):
    """Counts, lists and compares nothing from the register: what asks for that is searched like any other question."""

    def count(self, turn: Turn) -> Turn:
        """Nothing."""
        return turn

    def list_to_improve(self, turn: Turn) -> Turn:
        """Nothing."""
        return turn


class OneSided(Assistant):
    """Searches once, however many sides a question has."""

    def search(self, turn: Turn) -> Turn:
        """The passages nearest to the question as a whole."""
        return replace(turn, hits=self.by_reader(turn.standalone, self._found(turn, turn.reading)))


class Ungated(Assistant):
    """Answers with whatever is found, but where a known gap is nearer."""

    def _answers(self, asked: str, about: str, reading: Reading, hits: Sequence[Hit], neighbours: Neighbours, beside: bool = False) -> bool:
        return bool(hits)


class Unread(Assistant):
    """Ranks passages, and judges whether they answer, by search alone."""

    def by_reader(self, asked: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        return tuple(hits)

    def _answers(self, asked: str, about: str, reading: Reading, hits: Sequence[Hit], neighbours: Neighbours, beside: bool = False) -> bool:
        return super()._answers("", about, reading, hits, neighbours, beside)


STEPS: dict[str, type[Assistant]] = {
    "reading the scope": Unscoped,
    "reading follow-ups": Forgetful,
    "counting": Uncounted,
    "two sides": OneSided,
    "the gate": Ungated,
    "the reader": Unread,
}


def variants(library: Library, embedder: Embedder, corpus: Path) -> Iterator[tuple[str, Assistant]]:
    """The whole assistant, then without each part, by the part's name."""
    whole = Assistant(library, embedder, corpus)
    whole.retriever = whole.retriever.model_copy(update={"index": RememberingIndex(library, embedder)})

    def searching(**parts: Any) -> Assistant:
        """The whole but for `parts`, in place of which its retriever has these."""
        part = copy.copy(whole)
        part.retriever = whole.retriever.model_copy(update=parts)
        return part

    yield "everything", whole
    for signal in fields(Signals):
        weights = {name: replace(getattr(whole.retriever, name), **{signal.name: 0.0}) for name in ("weights", "unphrased")}
        yield f"signal: {signal.name}", searching(**weights)
    worded = searching(vocabulary=Vocabulary([]))
    worded.vocabulary = worded.retriever.vocabulary
    yield "vocabulary", worded
    typed = searching(spelling=AsTyped(whole.spelling))
    typed.spelling = typed.retriever.spelling
    yield "spelling", typed
    yield "known gaps", searching(phrases=Phrases([phrase for phrase in whole.phrases() if not phrase.gap or phrase.gap.calls]))
    for name, without in STEPS.items():
        part = copy.copy(whole)
        part.__class__ = without  # made anew, it would read the whole library again
        yield name, part
