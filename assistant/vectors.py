"""The vectors of the library in ChromaDB: disposable, rebuilt from the record whenever they do not match it."""

import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.embedding import Embedder, Vectors
from assistant.errors import AssistantError, LibraryError
from assistant.library import Library, full, is_full
from assistant.types import Document
from assistant.version import own, version
from assistant.views import ASKED, View, gap_views, parse, views

BATCH = 512
PAGE = 5_000
ENOUGH = 2_000
"""Passages: with so many at a time, the texts of a batch are of much the same length."""
MANY = 20
"""Documents: so many are likely to have a good share of what is nearest among all."""
WIDER = 2
"""How many times as many are looked for among all."""
# The defaults lose vectors; these find what brute force finds (checked in tests).
_HNSW = {"space": "cosine", "ef_construction": 400, "max_neighbors": 32, "ef_search": 500}

Progress = Callable[[int, int], None]
Metadata = dict[str, str | bool] | None
Where = dict[str, Any] | None


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
        self._maker = f"{embedder.name} {version(own('views', 'text', 'scope'))}"
        self._folder = library.folder / "vectors"
        self._open()

    def sync(self, progress: Progress = lambda done, total: None) -> int:
        """Bring in what the record says is not in the index yet. How many vectors were written or removed.

        Interrupted at any point, the next call completes it. Documents known to be in are not looked at again, unless
        the index does not hold as many vectors as it should. A broken index is thrown away and rebuilt.
        """
        return self._mended(self._bring_waiting, progress)

    def keep_up(self, progress: Progress = lambda done, total: None) -> None:
        """`sync`, where so much waits that the model's batches are full."""
        if sum(self._library.unindexed(self._maker).values()) >= ENOUGH:
            self.sync(progress)

    def check(self, progress: Progress = lambda done, total: None) -> int:
        """Compare the whole index with the record, view by view, and mend it. How many vectors were written or removed."""
        return self._mended(self._bring_all, progress)

    def rebuild(self) -> None:
        """Throw the index away; the next `sync` fills it from the record."""
        self._close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._library.forget_indexed()
        self._open()

    def rewrite(self, without: str) -> None:
        """Write the index into new files, without the vectors of the document of that id: of those no byte is left.

        Interrupted, the next `sync` fills it from the record.
        """
        held = [list(_pages(collection)) for collection in (self._passages, self._gaps)]
        self._close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._open()
        for collection, pages in zip((self._passages, self._gaps), held, strict=True):
            for page in pages:
                kept = [row for row in zip(*page, strict=True) if (row[2] or {}).get("document") != without]
                if kept:
                    ids, vectors, metadatas = map(list, zip(*kept, strict=True))
                    collection.upsert(ids=ids, embeddings=vectors, metadatas=metadatas)

    def embed(self, questions: list[str]) -> Vectors:
        """The vectors of `questions`, to search with."""
        return self._embedder.embed(questions)

    def search(self, vectors: Vectors, documents: Collection[str], limit: int) -> list[Near]:
        """The views nearest to each of `vectors` among the passages of `documents` (ids), up to `limit` each."""
        if not documents:
            return []
        if len(documents) >= MANY and (near := self._among_all(vectors, documents, limit)):
            return near
        where = {"document": {"$in": sorted(documents)}}
        found = self._passages.query(query_embeddings=list(vectors), n_results=limit, where=where, include=["distances"])
        return [near for query, ids in enumerate(found["ids"]) for near in _nearest(query, ids, found["distances"][query])]

    def _among_all(self, vectors: Vectors, documents: Collection[str], limit: int) -> list[Near]:
        """The same, looked for among all documents, which takes Chroma a tenth of the time; nothing where too few are of `documents`."""
        found = self._passages.query(query_embeddings=list(vectors), n_results=WIDER * limit, include=["distances"])
        wanted = set(documents)
        best: list[Near] = []
        for query, ids in enumerate(found["ids"]):
            near = [n for n in _nearest(query, ids, found["distances"][query]) if n.passage_id.partition(":")[0] in wanted][:limit]
            if len(near) < limit:
                return []
            best += near
        return best

    def require_answer(self) -> None:
        """Raises LibraryError where the index cannot be searched."""
        try:
            held = self._passages.get(limit=1, include=["embeddings"])["embeddings"]
            if len(held):
                self._passages.query(query_embeddings=list(held), n_results=1, include=[])
        except Exception as error:  # Chroma's own errors share no base
            raise LibraryError(f"The index in {self._folder} cannot be searched; run `python app.py check`.") from error

    def phrases(self) -> dict[tuple[str, int], Vectors]:
        """The vector of each phrase that a passage or a known gap is asked by, by the owner's id and the phrase's place."""
        found: dict[tuple[str, int], Vectors] = {}
        for collection, contains in ((self._passages, {"phrase": True}), (self._gaps, None)):
            got = collection.get(where=contains, include=["embeddings"])
            for id, vector in zip(got["ids"], got["embeddings"], strict=True):
                passage_id, _, index = parse(id)
                found[passage_id, index] = vector
        return found

    def _mended(self, bring: Callable[[Progress], int], progress: Progress) -> int:
        try:
            return bring(progress)
        except AssistantError:
            raise
        except Exception as error:  # Chroma's own errors share no base; whatever broke, the record can rebuild it.
            _raise_if_full(self._folder, error)
            self.rebuild()
            return self._bring_waiting(progress)

    def _bring_waiting(self, progress: Progress) -> int:
        waiting = self._library.unindexed(self._maker)
        total = sum(self._library.counts().values())
        done, written = total - sum(waiting.values()), 0
        for group in groups(waiting, ENOUGH):
            size = sum(waiting[document_id] for document_id in group)
            written += self._bring_documents(group, {"document": {"$in": group}}, _share_of(progress, done, size, total))
            done += size
        written += self._bring_gaps()
        return written if self._passages.count() == self._library.indexed_views() else written + self._bring_all(progress)

    def _bring_all(self, progress: Progress) -> int:
        ids = {document.id for document in self._library.documents()} | self._library.unindexed(self._maker).keys()
        return self._bring_documents(sorted(ids), None, progress) + self._bring_gaps()

    def _bring_documents(self, ids: list[str], where: Where, progress: Progress) -> int:
        """Bring the views of these documents, of all there are where `where` is None; the record notes that they are in."""
        found = {document_id: self._views(document_id) for document_id in ids}
        written = self._bring_to(
            self._passages,
            {view.id(self._embedder.name): (view, meta) for views in found.values() for view, meta in views},
            where,
            progress,
        )
        self._library.set_indexed(self._maker, {document_id: len(views) for document_id, views in found.items()})
        return written

    def _bring_gaps(self) -> int:
        wanted: dict[str, tuple[View, Metadata]] = {
            view.id(self._embedder.name): (view, None) for gap in self._library.gaps() for view in gap_views(gap)
        }
        return self._bring_to(self._gaps, wanted, None, lambda done, total: None)

    def _views(self, document_id: str) -> list[tuple[View, Metadata]]:
        """The views of a document, none where it was removed."""
        document = self._library.document(document_id)
        if document is None:
            return []
        passages = self._library.passages_of(document_id)
        return [(view, _metadata(view, document)) for passage in passages for view in views(document, passage)]

    def _bring_to(self, collection: Any, wanted: dict[str, tuple[View, Metadata]], where: Where, progress: Progress) -> int:
        """Make what `collection` holds under `where` exactly what is wanted. How many vectors were written or removed."""
        held = _held(collection, where)
        surplus = sorted(held - wanted.keys())
        missing = sorted(wanted.keys() - held, key=lambda id: (len(wanted[id][0].text), id))  # equal lengths share a batch
        for at in range(0, len(surplus), BATCH):
            collection.delete(ids=surplus[at : at + BATCH])
        with ThreadPoolExecutor(1) as pool:  # one batch is written while the next is embedded
            writing: Future[None] | None = None
            for at in range(0, len(missing), BATCH):
                batch = missing[at : at + BATCH]
                vectors = self._embedder.embed([wanted[id][0].text for id in batch])
                if writing:
                    writing.result()
                metadatas = [wanted[id][1] for id in batch]
                writing = pool.submit(collection.upsert, ids=batch, embeddings=list(vectors), metadatas=metadatas)
                progress(min(at + BATCH, len(missing)), len(missing))
            if writing:
                writing.result()
        return len(surplus) + len(missing)

    def _open(self) -> None:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        try:
            self._connect()
        except Exception as error:
            _raise_if_full(self._folder, error)
            if not self._folder.exists():
                raise LibraryError(f"The index in {self._folder} cannot be opened ({error}).") from error
            self._close()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._connect()

    def _connect(self) -> None:
        import chromadb
        from chromadb.config import Settings

        client = chromadb.PersistentClient(str(self._folder), Settings(anonymized_telemetry=False))
        self._passages = client.get_or_create_collection("views", embedding_function=None, configuration={"hnsw": _HNSW})
        self._gaps = client.get_or_create_collection("gaps", embedding_function=None)  # kept here, compared in memory: phrases.py

    def _close(self) -> None:
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()


def _nearest(query: int, ids: Sequence[str], distances: Sequence[float]) -> list[Near]:
    return [Near(*parse(id), 1.0 - distance, query) for id, distance in zip(ids, distances, strict=True)]


def _metadata(view: View, document: Document) -> Metadata:
    """Only what searches narrow by: the rest is told by the view's id."""
    return {"document": document.id, **({"phrase": True} if view.what == ASKED else {})}


def groups(sizes: Mapping[str, int], enough: int) -> list[list[str]]:
    """The keys in order, as many together as it takes for their sizes to come to `enough`."""
    made: list[list[str]] = []
    room = 0
    for key, size in sizes.items():
        if room <= 0:
            made.append([])
            room = enough
        made[-1].append(key)
        room -= size
    return made


def _share_of(progress: Progress, before: int, size: int, whole: int) -> Progress:
    """Tells `progress` of a part that begins at `before` and is `size` of the `whole`."""
    return lambda done, total: progress(before + size * done // total, whole)


def _held(collection: Any, where: Where) -> set[str]:
    """The ids that are there; asked for a page at a time, since Chroma names every id of an answer in one SQL statement."""
    held: set[str] = set()
    while True:
        ids = collection.get(where=where, include=[], limit=PAGE, offset=len(held))["ids"]
        held.update(ids)
        if len(ids) < PAGE:
            return held


def _pages(collection: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The ids, vectors and metadata that a collection holds, so many at a time as can be written back at once."""
    for offset in range(0, collection.count(), PAGE):
        got = collection.get(limit=PAGE, offset=offset, include=["embeddings", "metadatas"])
        yield got["ids"], got["embeddings"], got["metadatas"]


def _raise_if_full(folder: Path, error: Exception) -> None:
    if is_full(folder.parent, error):
        raise full(folder.parent) from error
