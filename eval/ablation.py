"""The assistant with one of its parts switched off, one part after the other."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from assistant.chain import Assistant, Turn
from assistant.embedding import Embedder, Spans, Vectors
from assistant.library import Library
from assistant.phrases import Phrases
from assistant.scope import Reading, subject
from assistant.spelling import Spelling
from assistant.types import Signals
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


def variants(library: Library, embedder: Embedder, corpus: Path) -> Iterator[tuple[str, Assistant]]:
    """The whole assistant, then without each part, by the part's name. Each is to be used before the next is asked for."""
    assistant = Assistant(library, embedder, corpus)
    assistant.retriever = whole = assistant.retriever.model_copy(update={"index": RememberingIndex(library, embedder)})
    yield "everything", assistant
    for signal in fields(Signals):
        without = {name: replace(getattr(whole, name), **{signal.name: 0.0}) for name in ("weights", "unphrased")}
        assistant.retriever = whole.model_copy(update=without)
        yield f"signal: {signal.name}", assistant
    vocabulary, spelling = assistant.vocabulary, assistant.spelling
    assistant.vocabulary = Vocabulary([])
    assistant.retriever = whole.model_copy(update={"vocabulary": assistant.vocabulary})
    yield "vocabulary", assistant
    assistant.vocabulary, assistant.spelling = vocabulary, AsTyped(spelling)
    assistant.retriever = whole.model_copy(update={"spelling": assistant.spelling})
    yield "spelling", assistant
    assistant.spelling = spelling
    kept = [phrase for phrase in assistant.phrases() if not phrase.gap or phrase.gap.calls]
    assistant.retriever = whole.model_copy(update={"phrases": Phrases(kept)})
    yield "known gaps", assistant
    yield "reading the scope", Unscoped(library, embedder, corpus)
