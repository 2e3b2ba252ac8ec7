"""The vectors of the library in ChromaDB, in a folder or at a server: disposable, rebuilt from the record whenever they do
not match it."""

import base64
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import numpy as np

from assistant.embedding import Embedder, Vectors, unit
from assistant.errors import AssistantError, LibraryError
from assistant.library import Library, full, is_full
from assistant.sound import PAGE, client_of, pages, remember, sound
from assistant.types import Document, Passage, finding
from assistant.version import own, version
from assistant.views import ASKED, View, gap_views, parse, views

BATCH = 512
ENOUGH = 2_000
"""Passages: with so many at a time, the texts of a batch are of much the same length."""
FEW = 8
"""Documents: of so many, every view is compared."""
KEPT = 200
"""Documents whose vectors are kept in memory once they were compared: 40 MB of reports."""
_SECONDS = 60.0
"""The longest a Chroma server is waited for."""
# The defaults lose vectors; these find what brute force finds (checked in tests).
_HNSW = {"space": "cosine", "ef_construction": 400, "max_neighbors": 32, "ef_search": 500}
# What inspectors found apart from what law and guidance say: a search of one whole side needs no filter, which takes Chroma
# ten times as long as the search itself.
_FOUND, _EXPECTED = "findings", "views"
# Beside the vector of a whole passage those of its sentences, which nothing searches: as vectors of their own they would take
# Chroma several times as long to write.
_SENTENCES = "sentences"
_STEPS = 127

Progress = Callable[[int, int], None]
Metadata = dict[str, str | bool] | None
Where = dict[str, Any] | None
_BROKEN = BaseException
"""What Chroma raises where its files are damaged: errors that share no base, and panics of its Rust, which are no Exceptions."""
T = TypeVar("T")


@dataclass(frozen=True)
class Near:
    """A view near a question: which passage (or gap), which part of it, and its cosine to the question."""

    passage_id: str
    what: str
    index: int
    cosine: float
    query: int


class VectorIndex:
    """The views of a library, searchable by meaning. Lives beside the record and holds nothing that is not in it.

    Everything raises LibraryError where the Chroma server is away; it is found again when it is back.
    """

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder
        self._maker = f"{embedder.name} {version(own('views', 'text', 'scope', 'courtesy'))} by side"
        self._folder, self._seen = library.folder / "vectors", library.folder / "vectors.seen"
        self._renew()
        self._open()

    def sync(self, progress: Progress = lambda done, total: None) -> int:
        """Bring in what the record says is not in the index yet. How many vectors were written or removed.

        Interrupted at any point, the next call completes it. Documents known to be in are not looked at again, unless
        the index does not hold as many vectors as it should. A broken index is thrown away and rebuilt.
        """
        if self._library.shared and self._asked(self._is_whole):
            self._renew()
            return 0
        with self._library.writing():
            return self._mended(self._bring_waiting, progress)

    def keep_up(self, progress: Progress = lambda done, total: None) -> None:
        """`sync`, where so much waits that the model's batches are full."""
        if sum(self._library.unindexed(self._maker).values()) >= ENOUGH:
            self.sync(progress)

    def check(self, progress: Progress = lambda done, total: None) -> int:
        """Compare the whole index with the record, view by view, and mend it. How many vectors were written or removed."""
        with self._library.writing():
            return self._mended(self._bring_all, progress)

    def rebuild(self) -> None:
        """Throw the index away; the next `sync` fills it from the record."""
        if self._library.shared:
            self._delete_collections()
        else:
            self._close()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._library.forget_indexed()
        self._open()

    def rewrite(self, without: str) -> None:
        """Write the index into new files, without the vectors of the document of that id: of those no byte is left.

        Interrupted, the next `sync` fills it from the record.
        """
        held = [list(pages(collection, "embeddings", "metadatas")) for collection in self._collections()]
        self._renew()
        self._close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._open()
        for collection, got in zip(self._collections(), held, strict=True):
            for page in got:
                rows = zip(page["ids"], page["embeddings"], page["metadatas"], strict=True)
                kept = [row for row in rows if (row[2] or {}).get("document") != without]
                if kept:
                    ids, vectors, metadatas = map(list, zip(*kept, strict=True))
                    collection.upsert(ids=ids, embeddings=vectors, metadatas=metadatas)
        remember(self._folder, self._seen)

    def embed(self, questions: list[str]) -> Vectors:
        """The vectors of `questions`, to search with; kept nowhere."""
        return self._embedder.embed_asked(questions)

    def sentences(self, passages: Iterable[tuple[Document, Passage]]) -> dict[str, Vectors]:
        """The vectors of the sentences of those passages that are not searched by sentence, by the passage's id."""
        ids = [views(document, passage)[0].id(self._embedder.name) for document, passage in passages]
        return self._asked(partial(self._sentences, ids)) if ids else {}

    def _sentences(self, ids: list[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        for side in self._sides.values():
            got = side.get(ids=ids, include=["metadatas"])
            packed = {id: (metadata or {}).get(_SENTENCES) for id, metadata in zip(got["ids"], got["metadatas"], strict=True)}
            found |= {parse(id)[0]: unpack(text) for id, text in packed.items() if text}
        return found

    def search(self, vectors: Vectors, documents: Collection[str], limit: int) -> list[Near]:
        """The views nearest to each of `vectors` among the passages of `documents` (ids), up to `limit` each of each side."""
        near: list[Near] = []
        for side, held in self._held.items():
            wanted = held.intersection(documents)
            if wanted:
                few = len(wanted) <= FEW and wanted != held
                search = self._compared if few else self._searched
                near += self._asked(partial(search, side, wanted, vectors, limit))
        return near

    def _searched(self, side: str, documents: Collection[str], vectors: Vectors, limit: int) -> list[Near]:
        where = None if documents == self._held[side] else {"document": {"$in": sorted(documents)}}
        found = self._sides[side].query(query_embeddings=list(vectors), n_results=limit, where=where, include=["distances"])
        return [
            Near(*parse(id), 1.0 - float(np.float32(distance)), query)  # a server writes it out in fewer digits
            for query, (ids, distances) in enumerate(zip(found["ids"], found["distances"], strict=True))
            for id, distance in zip(ids, distances, strict=True)
        ]

    def require_answer(self) -> None:
        """Raises LibraryError where the index cannot be searched."""
        try:
            self._asked(self._search_once)
        except AssistantError:
            raise
        except Exception as error:  # Chroma's own errors share no base
            raise LibraryError(f"The index in {self._folder} cannot be searched; run `python app.py check`.") from error

    def _search_once(self) -> None:
        side = self._sides[_EXPECTED]
        held = side.get(limit=1, include=["embeddings"])["embeddings"]
        if len(held):
            side.query(query_embeddings=list(held), n_results=1, include=[])

    def _compared(self, side: str, documents: Collection[str], vectors: Vectors, limit: int) -> list[Near]:
        """The nearest views of a few documents, every one of them compared: sooner done than a search under a filter."""
        read = [self._vectors_of(side, document_id, self._library.changes) for document_id in sorted(documents)]
        ids = [id for its_ids, _ in read for id in its_ids]
        if not ids:
            return []
        cosines = vectors @ np.concatenate([its_vectors for its_ids, its_vectors in read if its_ids]).T
        best = np.argsort(-cosines, axis=1, kind="stable")[:, :limit]
        return [Near(*parse(ids[i]), float(cosines[query, i]), query) for query, row in enumerate(best) for i in row]

    def _read(self, side: str, document_id: str, _changes: int) -> tuple[list[str], Vectors]:
        got = self._sides[side].get(where={"document": document_id}, include=["embeddings"])
        return got["ids"], np.asarray(got["embeddings"], dtype=np.float32)

    def phrases(self) -> dict[tuple[str, int], Vectors]:
        """The vector of each phrase that a passage or a known gap is asked by, by the owner's id and the phrase's place."""
        try:
            return self._asked(self._phrases)
        except _BROKEN as error:
            _raise_if_not_the_index(error)
            self.rebuild()
            self.sync()
            return self._phrases()

    def _phrases(self) -> dict[tuple[str, int], Vectors]:
        found: dict[tuple[str, int], Vectors] = {}
        for collection, contains in (*((side, {"phrase": True}) for side in self._sides.values()), (self._gaps, None)):
            got = collection.get(where=contains, include=["embeddings"])
            for id, vector in zip(got["ids"], got["embeddings"], strict=True):
                passage_id, _, index = parse(id)
                found[passage_id, index] = vector
        return found

    def _asked(self, ask: Callable[[], T]) -> T:
        """What the index says to `ask`; of a shared one after connecting anew, where another process has made it anew."""
        from chromadb.errors import ChromaError

        if not self._library.shared:
            return ask()
        try:
            try:
                return ask()
            except ChromaError:
                self._connect()
                return ask()
        except AssistantError:
            raise
        except Exception as error:
            self._raise_if_away(error)
            raise LibraryError("The index at the Chroma server is broken; mend it with `python app.py check`.") from error

    def _is_whole(self) -> bool:
        """Whether everything that the record has is in the index, and nothing else."""
        known = not self._library.unindexed(self._maker) and self._count() == self._library.indexed_views()
        return known and _held(self._gaps, None) == self._gap_views().keys()

    def _collections(self) -> list[Any]:
        return [*self._sides.values(), self._gaps]

    def _count(self) -> int:
        return sum(side.count() for side in self._sides.values())

    def _mended(self, bring: Callable[[Progress], int], progress: Progress) -> int:
        try:
            written = bring(progress)
        except _BROKEN as error:
            _raise_if_not_the_index(error)
            self._raise_if_away(error)
            self.rebuild()
            written = self._bring_waiting(progress)
        if written and not self._library.shared:
            remember(self._folder, self._seen)
        self._renew()
        return written

    def _bring_waiting(self, progress: Progress) -> int:
        waiting = self._library.unindexed(self._maker)
        total = sum(self._library.counts().values())
        done, written = total - sum(waiting.values()), 0
        for group in groups(waiting, ENOUGH):
            size = sum(waiting[document_id] for document_id in group)
            written += self._bring_documents(group, {"document": {"$in": group}}, _share_of(progress, done, size, total))
            done += size
        written += self._bring_gaps()
        return written if self._count() == self._library.indexed_views() else written + self._bring_all(progress)

    def _bring_all(self, progress: Progress) -> int:
        ids = {document.id for document in self._library.documents()} | self._library.unindexed(self._maker).keys()
        return self._bring_documents(sorted(ids), None, progress) + self._bring_gaps()

    def _bring_documents(self, ids: list[str], where: Where, progress: Progress) -> int:
        """Bring the views of these documents, of all there are where `where` is None; the record notes that they are in."""
        found = {document_id: self._views(document_id) for document_id in ids}
        total, done, written = sum(map(len, found.values())), 0, 0
        for side, held in self._documents().items():  # of a document that was removed, nothing is wanted on either side
            views = [view for document_id in ids if document_id in held for view in found[document_id]]
            wanted = {view.id(self._embedder.name): (view, meta) for view, meta in views}
            written += self._bring_to(self._sides[side], wanted, where, _share_of(progress, done, len(views), total))
            done += len(views)
        self._library.set_indexed(self._maker, {document_id: len(views) for document_id, views in found.items()})
        return written

    def _renew(self) -> None:
        """Know what the library holds now, and nothing of what it held."""
        self._held = self._documents()
        # Many ask about the same few documents, and Chroma takes longer to hand out vectors than it takes to compare them.
        self._vectors_of = lru_cache(maxsize=KEPT)(self._read)

    def _documents(self) -> dict[str, frozenset[str]]:
        """The ids of the documents on each side."""
        documents = self._library.documents()
        return {
            _FOUND: frozenset(d.id for d in documents if finding(d)),
            _EXPECTED: frozenset(d.id for d in documents if not finding(d)),
        }

    def _bring_gaps(self) -> int:
        return self._bring_to(self._gaps, self._gap_views(), None, lambda done, total: None)

    def _gap_views(self) -> dict[str, tuple[View, Metadata]]:
        return {view.id(self._embedder.name): (view, None) for gap in self._library.gaps() for view in gap_views(gap)}

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
                made = [wanted[id][0] for id in batch]
                vectors, parts = self._embedder.embed_in_parts([view.text for view in made], [view.parts for view in made])
                if writing:
                    writing.result()
                metadatas = [_with_sentences(wanted[id][1], part) for id, part in zip(batch, parts, strict=True)]
                writing = pool.submit(collection.upsert, ids=batch, embeddings=list(vectors), metadatas=metadatas)
                progress(min(at + BATCH, len(missing)), len(missing))
            if writing:
                writing.result()
        return len(surplus) + len(missing)

    def _open(self) -> None:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        if self._library.shared:
            self._asked(self._connect)
            return
        if self._folder.exists() and not sound(self._folder, self._seen):
            shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._connect()
        except _BROKEN as error:
            _raise_if_not_the_index(error)
            _raise_if_full(self._folder, error)
            if not self._folder.exists():
                raise LibraryError(f"The index in {self._folder} cannot be opened ({error}).") from error
            self._close()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._connect()

    def _connect(self) -> None:
        client = _client(self._library.chroma) if self._library.shared else client_of(self._folder)
        self._sides = {
            side: client.get_or_create_collection(side, embedding_function=None, configuration={"hnsw": _HNSW})
            for side in (_FOUND, _EXPECTED)
        }
        self._gaps = client.get_or_create_collection("gaps", embedding_function=None)  # kept here, compared in memory: phrases.py

    def _delete_collections(self) -> None:
        from chromadb.errors import NotFoundError

        client = _client(self._library.chroma)
        for name in (_FOUND, _EXPECTED, "gaps"):
            with suppress(NotFoundError):
                client.delete_collection(name)

    def _raise_if_away(self, error: BaseException) -> None:
        """Raise what a person can do about it, where it is not the index that is broken: a full disk, no server."""
        from chromadb.errors import ChromaError

        if not self._library.shared:
            _raise_if_full(self._folder, error)
        elif not isinstance(error, ChromaError):  # the server's own errors tell of what it holds
            raise LibraryError("The Chroma server cannot be reached; see that it runs and that CHROMA_URL is right.") from error

    def _close(self) -> None:
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()


def _client(address: str) -> Any:
    """A client of the server at `address`, such as http://127.0.0.1:8000. Raises LibraryError where that is no address."""
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LibraryError("CHROMA_URL is not the address of a server; write it as http://HOST:PORT.")
    ssl = parts.scheme == "https"
    port = parts.port or (443 if ssl else 80)
    client = chromadb.HttpClient(parts.hostname, port, ssl, settings=Settings(anonymized_telemetry=False))
    client._server._session.timeout = _SECONDS  # unset, it waits for ever, and there is no setting for it
    return client


def _metadata(view: View, document: Document) -> Metadata:
    """Only what searches narrow by: the rest is told by the view's id."""
    return {"document": document.id, **({"phrase": True} if view.what == ASKED else {})}


def _with_sentences(metadata: Metadata, vectors: Vectors) -> Metadata:
    return {**(metadata or {}), _SENTENCES: pack(vectors)} if len(vectors) else metadata


def pack(vectors: Vectors) -> str:
    """Unit vectors as text, a byte a number: a cosine changes by less than 0.01."""
    steps = vectors / np.abs(vectors).max(axis=1, keepdims=True) * _STEPS
    return f"{len(vectors)} {base64.b64encode(np.rint(steps).astype(np.int8).tobytes()).decode()}"


def unpack(text: str) -> Vectors:
    """The unit vectors that `pack` wrote."""
    rows, _, numbers = text.partition(" ")
    return unit(np.frombuffer(base64.b64decode(numbers), np.int8).reshape(int(rows), -1).astype(np.float32))


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


def _raise_if_not_the_index(error: BaseException) -> None:
    """Raise what is no matter of the index: our own errors, and whatever ends the process."""
    if isinstance(error, AssistantError | KeyboardInterrupt | SystemExit | GeneratorExit):
        raise error


def _raise_if_full(folder: Path, error: BaseException) -> None:
    if is_full(folder.parent, error):
        raise full(folder.parent) from error
