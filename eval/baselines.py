"""What other searches find, over the same documents and questions, with the same embedding weights.

Each gives every row (a passage of ours, or a chunk) a score, so that all keep to the filters set beside a question. The
nearest vectors are found by comparing all of them, so that no index is to blame for what a baseline misses.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_text_splitters import RecursiveCharacterTextSplitter
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from assistant.embedding import Embedder, Vectors
from assistant.library import Library
from assistant.text import words
from assistant.views import header

Scores = NDArray[np.float64]
Scorer = Callable[[str], Scores]
"""A question gives a score for every row."""
Progress = Callable[[str, int, int], None]

FUSED = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""
_BATCH = 2048


@dataclass(frozen=True)
class Row:
    """Something a search can return. `passage_id` is "" for a chunk, which is cut without regard to passages."""

    text: str
    document_id: str
    passage_id: str = ""


@dataclass(frozen=True)
class Baseline:
    """A search over `rows`."""

    name: str
    rows: Sequence[Row]
    score: Scorer

    def search(self, question: str, documents: Collection[str], k: int = 10) -> list[Row]:
        """The best `k` rows of these documents, best first."""
        scores = self.score(question)
        order = np.argsort(-scores, kind="stable")
        kept = (self.rows[i] for i in order if self.rows[i].document_id in documents)
        return [row for row, _ in zip(kept, range(k), strict=False)]


def baselines(library: Library, embedder: Embedder, kept: Path, progress: Progress) -> list[Baseline]:
    """The baselines over all of `library`; vectors are kept in the folder `kept`, by what they are vectors of."""
    documents = library.documents()
    passages = [(d, p) for d in documents for p in library.passages_of(d.id)]
    rows = [Row(p.text, d.id, p.id) for d, p in passages]
    chunks = [Row(text, d.id) for d in documents for text in _split("\n\n".join(p.text for p in library.passages_of(d.id)))]

    def by_meaning(what: str, texts: list[str]) -> Scorer:
        vectors = _vectors(texts, embedder, kept, lambda done, total: progress(what, done, total))
        return lambda question: np.asarray(vectors @ embedder.embed([question])[0], dtype=np.float64)

    bm25 = BM25Okapi([words(row.text) for row in rows])
    keyword: Scorer = lambda question: np.asarray(bm25.get_scores(words(question)))  # noqa: E731
    dense = by_meaning("Vectors of passages", [f"{header(d, p)}. {p.text}" for d, p in passages])
    bare = by_meaning("Vectors without headers", [row.text for row in rows])
    return [
        Baseline("Tutorial stack", chunks, by_meaning("Vectors of chunks", [row.text for row in chunks])),
        Baseline("BM25", rows, keyword),
        Baseline("Dense", rows, dense),
        Baseline("Dense, no headers", rows, bare),
        Baseline("Fusion of both", rows, lambda question: fused(dense(question), keyword(question))),
    ]


def fused(*scores: Scores) -> Scores:
    """Reciprocal rank fusion: for each row the sum of 1 / (60 + its place) over the rankings by each of `scores`."""
    total = np.zeros(len(scores[0]))
    for one in scores:
        places = np.empty(len(one))
        places[np.argsort(-one, kind="stable")] = np.arange(1, len(one) + 1)
        total += 1 / (FUSED + places)
    return total


def _split(text: str) -> list[str]:
    """What tutorials do: pieces of 1000 characters, 200 of them shared with the next."""
    return RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_text(text)


def _vectors(texts: list[str], embedder: Embedder, kept: Path, progress: Callable[[int, int], None]) -> Vectors:
    """Unit vectors of `texts`, a row each; made once for the same texts and model."""
    digest = hashlib.sha256("\x1f".join([embedder.name, *texts]).encode()).hexdigest()[:16]
    file = kept / f"{digest}.npy"
    if file.exists():
        found: Vectors = np.load(file, allow_pickle=False)
        return found
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # equal lengths share a batch
    vectors: Vectors | None = None
    for at in range(0, len(order), _BATCH):
        batch = order[at : at + _BATCH]
        made = embedder.embed([texts[i] for i in batch])
        if vectors is None:
            vectors = np.zeros((len(texts), made.shape[1]), dtype=np.float32)
        vectors[batch] = made
        progress(min(at + _BATCH, len(order)), len(order))
    assert vectors is not None
    kept.mkdir(parents=True, exist_ok=True)
    np.save(file, vectors, allow_pickle=False)
    return vectors
