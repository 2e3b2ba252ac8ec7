"""The vectors of the library in ChromaDB: disposable, rebuilt from the record whenever they do not match it."""

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.embedding import Embedder, Vectors
from assistant.errors import LibraryError
from assistant.library import Library, _full
from assistant.types import Document
from assistant.views import ASKED, View, gap_views, parse, views

BATCH = 256
# The defaults lose vectors; these find what brute force finds (checked in tests).
_HNSW = {"space": "cosine", "ef_construction": 400, "max_neighbors": 32, "ef_search": 500}

Progress = Callable[[int, int], None]
Metadata = dict[str, str | bool] | None


@dataclass(frozen=True)
class Near:
    """A view near a question: which passage (or gap), which part of it, and its cosine to the question."""

    passage_id: str
    what: str
    index: int
    cosine: float
    query: int


class VectorIndex:
    """The views of a library, searchable by meaning. Lives beside the record and holds nothing that is not in it."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder
        self._folder = library.folder / "vectors"
        self._open()

    def sync(self, progress: Progress = lambda done, total: None) -> int:
        """Make the index hold exactly the views of the record. How many vectors were written or removed.

        Interrupted at any point, the next call completes it. A broken index is thrown away and rebuilt.
        """
        try:
            return self._bring_all(progress)
        except LibraryError:
            raise
        except Exception as error:  # Chroma's own errors share no base; whatever broke, the record can rebuild it.
            _raise_if_full(self._folder, error)
            self.rebuild()
            return self._bring_all(progress)

    def rebuild(self) -> None:
        """Throw the index away; the next `sync` fills it from the record."""
        self._close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._open()

    def embed(self, questions: list[str]) -> Vectors:
        """The vectors of `questions`, to search with."""
        return self._embedder.embed(questions)

    def search(self, vectors: Vectors, documents: Collection[str], limit: int) -> list[Near]:
        """The views nearest to each of `vectors` among the passages of `documents` (ids), up to `limit` each."""
        count = self._passages.count()
        if not count or not documents:
            return []
        where = {"document": {"$in": sorted(documents)}}
        found = self._passages.query(query_embeddings=list(vectors), n_results=min(limit, count), where=where, include=["distances"])
        return [
            Near(*parse(id), 1.0 - distance, query)
            for query, (ids, distances) in enumerate(zip(found["ids"], found["distances"], strict=True))
            for id, distance in zip(ids, distances, strict=True)
        ]

    def phrases(self) -> dict[tuple[str, int], Vectors]:
        """The vector of each phrase that a passage or a known gap is asked by, by the owner's id and the phrase's place."""
        found: dict[tuple[str, int], Vectors] = {}
        for collection, contains in ((self._passages, {"phrase": True}), (self._gaps, None)):
            got = collection.get(where=contains, include=["embeddings"])
            for id, vector in zip(got["ids"], got["embeddings"], strict=True):
                passage_id, _, index = parse(id)
                found[passage_id, index] = vector
        return found

    def _bring_all(self, progress: Progress) -> int:
        passages = {view.id(self._embedder.name): (view, _metadata(view, document)) for view, document in self._views()}
        gaps: dict[str, tuple[View, Metadata]] = {
            view.id(self._embedder.name): (view, None) for gap in self._library.gaps() for view in gap_views(gap)
        }
        return self._bring_to(self._passages, passages, progress) + self._bring_to(self._gaps, gaps, progress)

    def _views(self) -> Iterator[tuple[View, Document]]:
        for document in self._library.documents():
            for passage in self._library.passages_of(document.id):
                for view in views(document, passage):
                    yield view, document

    def _bring_to(self, collection: Any, wanted: dict[str, tuple[View, Metadata]], progress: Progress) -> int:
        present = set(collection.get(include=[])["ids"])
        surplus = sorted(present - wanted.keys())
        missing = sorted(wanted.keys() - present, key=lambda id: len(wanted[id][0].text))  # equal lengths share a batch
        for at in range(0, len(surplus), BATCH):
            collection.delete(ids=surplus[at : at + BATCH])
        for at in range(0, len(missing), BATCH):
            batch = missing[at : at + BATCH]
            vectors = self._embedder.embed([wanted[id][0].text for id in batch])
            collection.upsert(ids=batch, embeddings=list(vectors), metadatas=[wanted[id][1] for id in batch])
            progress(min(at + BATCH, len(missing)), len(missing))
        return len(surplus) + len(missing)

    def _open(self) -> None:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        try:
            self._connect()
        except Exception as error:
            _raise_if_full(self._folder, error)
            if not self._folder.exists():
                raise LibraryError(f"The index in {self._folder} cannot be opened ({error}).") from error
            shutil.rmtree(self._folder, ignore_errors=True)
            self._connect()

    def _connect(self) -> None:
        import chromadb
        from chromadb.config import Settings

        client = chromadb.PersistentClient(str(self._folder), Settings(anonymized_telemetry=False))
        self._passages, self._gaps = (
            client.get_or_create_collection(name, embedding_function=None, configuration={"hnsw": _HNSW}) for name in ("views", "gaps")
        )

    def _close(self) -> None:
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()


def _metadata(view: View, document: Document) -> Metadata:
    """Only what searches narrow by: the rest is told by the view's id."""
    return {"document": document.id, **({"phrase": True} if view.what == ASKED else {})}


def _raise_if_full(folder: Path, error: Exception) -> None:
    from assistant.errors import LibraryFull

    if "full" in str(error).lower() or "no space" in str(error).lower():
        raise LibraryFull(_full(folder.parent)) from error
