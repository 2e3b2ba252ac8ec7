"""The vectors of the library in ChromaDB: disposable, rebuilt from the record whenever they do not match it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.embedding import Embedder, Vectors
from assistant.errors import LibraryError
from assistant.library import Library, _full
from assistant.types import Document, Scope
from assistant.views import ASKED, View, gap_views, views

BATCH = 256
# The defaults lose vectors; these find what brute force finds (checked in tests).
_HNSW = {"space": "cosine", "ef_construction": 400, "max_neighbors": 32, "ef_search": 500}

Progress = Callable[[int, int], None]
Metadata = dict[str, str | int]


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

    def search(self, vectors: Vectors, scope: Scope, limit: int) -> list[Near]:
        """The views of passages nearest to each of `vectors` within `scope`, up to `limit` each."""
        return _nearest(self._passages, vectors, limit, _where(scope))

    def phrases(self) -> dict[tuple[str, int], Vectors]:
        """The vector of each phrase that a passage or a known gap is asked by, by the owner's id and the phrase's place."""
        found: dict[tuple[str, int], Vectors] = {}
        for collection, where in ((self._passages, {"what": ASKED}), (self._gaps, None)):
            got = collection.get(where=where, include=["embeddings", "metadatas"])
            for meta, vector in zip(got["metadatas"], got["embeddings"], strict=True):
                found[meta["passage_id"], meta["index"]] = vector
        return found

    def _bring_all(self, progress: Progress) -> int:
        passages = {view.id: (view, _metadata(view, document)) for view, document in self._views()}
        gaps = {view.id: (view, _place(view)) for gap in self._library.gaps() for view in gap_views(gap, self._embedder.name)}
        return self._bring_to(self._passages, passages, progress) + self._bring_to(self._gaps, gaps, progress)

    def _views(self) -> Iterator[tuple[View, Document]]:
        for document in self._library.documents():
            for passage in self._library.passages_of(document.id):
                for view in views(document, passage, self._embedder.name):
                    yield view, document

    def _bring_to(self, collection: Any, wanted: dict[str, tuple[View, Metadata]], progress: Progress) -> int:
        present = set(collection.get(include=[])["ids"])
        surplus = sorted(present - wanted.keys())
        missing = [wanted[id] for id in wanted.keys() - present]
        missing.sort(key=lambda pair: len(pair[0].text))  # equal lengths share a batch, so little is padding
        for at in range(0, len(surplus), BATCH):
            collection.delete(ids=surplus[at : at + BATCH])
        for at in range(0, len(missing), BATCH):
            self._write(collection, missing[at : at + BATCH])
            progress(min(at + BATCH, len(missing)), len(missing))
        return len(surplus) + len(missing)

    def _write(self, collection: Any, batch: list[tuple[View, Metadata]]) -> None:
        vectors: Vectors = self._embedder.embed([view.text for view, _ in batch])
        collection.upsert(ids=[view.id for view, _ in batch], embeddings=list(vectors), metadatas=[metadata for _, metadata in batch])

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


def _nearest(collection: Any, vectors: Vectors, limit: int, where: dict[str, Any] | None) -> list[Near]:
    count = collection.count()
    if not count:
        return []
    found = collection.query(query_embeddings=list(vectors), n_results=min(limit, count), where=where, include=["metadatas", "distances"])
    return [
        Near(meta["passage_id"], meta["what"], meta["index"], 1.0 - distance, query)
        for query, (metas, distances) in enumerate(zip(found["metadatas"], found["distances"], strict=True))
        for meta, distance in zip(metas, distances, strict=True)
    ]


def _place(view: View) -> Metadata:
    return {"passage_id": view.passage_id, "what": view.what, "index": view.index}


def _metadata(view: View, document: Document) -> Metadata:
    year = int(document.published[:4] or 0)
    return {**_place(view), "document": document.id, "authority": document.authority, "kind": document.kind.value, "year": year}


def _where(scope: Scope) -> dict[str, Any] | None:
    conditions: list[dict[str, Any]] = []
    if scope.authority:
        conditions.append({"authority": {"$in": [scope.authority, ""]}})
    if scope.document:
        conditions.append({"document": scope.document})
    if scope.inspections:
        conditions.append({"$or": [{"authority": ""}, {"document": {"$in": sorted(scope.inspections)}}]})
    if scope.kinds:
        conditions.append({"kind": {"$in": sorted(kind.value for kind in scope.kinds)}})
    if scope.since is not None:
        conditions.append({"year": {"$gte": scope.since}})
    if len(conditions) > 1:
        return {"$and": conditions}
    return conditions[0] if conditions else None


def _raise_if_full(folder: Path, error: Exception) -> None:
    from assistant.errors import LibraryFull

    if "full" in str(error).lower() or "no space" in str(error).lower():
        raise LibraryFull(_full(folder.parent)) from error
