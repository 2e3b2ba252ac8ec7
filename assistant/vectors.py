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
from assistant.views import View, views

BATCH = 256
# The defaults lose vectors; these find what brute force finds (checked in tests).
_HNSW = {"space": "cosine", "ef_construction": 400, "max_neighbors": 32, "ef_search": 500}

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Near:
    """A view near a question: which passage, which part of it, and its cosine to the question."""

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
        self._collection = self._open()

    def sync(self, progress: Progress = lambda done, total: None) -> int:
        """Make the index hold exactly the views of the record. How many vectors were written or removed.

        Interrupted at any point, the next call completes it. A broken index is thrown away and rebuilt.
        """
        wanted = {view.id: (view, document) for view, document in self._views()}
        try:
            return self._bring_to(wanted, progress)
        except LibraryError:
            raise
        except Exception as error:  # Chroma's own errors share no base; whatever broke, the record can rebuild it.
            _raise_if_full(self._folder, error)
            self.rebuild()
            return self._bring_to(wanted, progress)

    def rebuild(self) -> None:
        """Throw the index away; the next `sync` fills it from the record."""
        self._close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._collection = self._open()

    def search(self, questions: list[str], scope: Scope, limit: int) -> list[Near]:
        """The views nearest to each of `questions` within `scope`, up to `limit` each."""
        vectors = self._embedder.embed(questions)
        count = self._collection.count()
        if not count:
            return []
        found = self._collection.query(
            query_embeddings=list(vectors),
            n_results=min(limit, count),
            where=_where(scope),
            include=["metadatas", "distances"],
        )
        return [
            Near(meta["passage_id"], meta["what"], meta["index"], 1.0 - distance, query)
            for query, (metas, distances) in enumerate(zip(found["metadatas"], found["distances"], strict=True))
            for meta, distance in zip(metas, distances, strict=True)
        ]

    def _views(self) -> Iterator[tuple[View, Document]]:
        for document in self._library.documents():
            for passage in self._library.passages_of(document.id):
                for view in views(document, passage, self._embedder.name):
                    yield view, document

    def _bring_to(self, wanted: dict[str, tuple[View, Document]], progress: Progress) -> int:
        present = set(self._collection.get(include=[])["ids"])
        surplus = sorted(present - wanted.keys())
        missing = [wanted[id] for id in wanted.keys() - present]
        missing.sort(key=lambda pair: len(pair[0].text))  # equal lengths share a batch, so little is padding
        for at in range(0, len(surplus), BATCH):
            self._collection.delete(ids=surplus[at : at + BATCH])
        for at in range(0, len(missing), BATCH):
            self._write(missing[at : at + BATCH])
            progress(min(at + BATCH, len(missing)), len(missing))
        return len(surplus) + len(missing)

    def _write(self, batch: list[tuple[View, Document]]) -> None:
        vectors: Vectors = self._embedder.embed([view.text for view, _ in batch])
        self._collection.upsert(
            ids=[view.id for view, _ in batch],
            embeddings=list(vectors),
            metadatas=[_metadata(view, document) for view, document in batch],
        )

    def _open(self) -> Any:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings

        try:
            self._client = chromadb.PersistentClient(str(self._folder), Settings(anonymized_telemetry=False))
            return self._client.get_or_create_collection("views", embedding_function=None, configuration={"hnsw": _HNSW})
        except Exception as error:
            _raise_if_full(self._folder, error)
            if not self._folder.exists():
                raise LibraryError(f"The index in {self._folder} cannot be opened ({error}).") from error
            shutil.rmtree(self._folder, ignore_errors=True)
            self._client = chromadb.PersistentClient(str(self._folder), Settings(anonymized_telemetry=False))
            return self._client.get_or_create_collection("views", embedding_function=None, configuration={"hnsw": _HNSW})

    def _close(self) -> None:
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()


def _metadata(view: View, document: Document) -> dict[str, str | int]:
    return {
        "passage_id": view.passage_id,
        "what": view.what,
        "index": view.index,
        "document": document.id,
        "authority": document.authority,
        "kind": document.kind.value,
        "year": int(document.published[:4] or 0),
    }


def _where(scope: Scope) -> dict[str, Any] | None:
    conditions: list[dict[str, Any]] = []
    if scope.authority:
        conditions.append({"authority": {"$in": [scope.authority, ""]}})
    if scope.document:
        conditions.append({"document": scope.document})
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
