"""The library: documents and passages, the record of truth, in SQLite or PostgreSQL. The one module that speaks SQL of them.

Keyword search is the database's own: words_sqlite.py, words_postgres.py. In SQLite one process at a time owns the folder, by
an exclusive lock, because the vector index beside the record does not survive two writers. In PostgreSQL any number of
processes read, and one at a time writes, by an advisory lock that falls with its connection.
"""

import errno
import json
import shutil
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock
from pydantic import SecretStr
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from assistant.database import faults, scrub
from assistant.errors import LibraryBusy, LibraryError, LibraryFull
from assistant.findings import Finding, Polarity
from assistant.postgres import plain_errors, postgres_engine, set_up_alone
from assistant.settings import Settings
from assistant.types import JUDGEMENTS, Document, Gap, Judgement, Kind, Passage, ReportRecord
from assistant.words_postgres import PostgresWords
from assistant.words_sqlite import SqliteWords

_NOTHING_LEFT = 16_000_000
"""Bytes: with less free, what fails for no given reason failed for want of room."""

RECORD = "record.sqlite3"
_WRITER = 7_860_002
"""The advisory lock of who writes, a number that nothing else in the database locks."""

_schema = MetaData()
_String = String().with_variant(String(collation="C"), "postgresql")  # both put text in the order of its characters
_documents = Table(
    "documents",
    _schema,
    Column("id", _String, primary_key=True),
    *(Column(f.name, _String, nullable=False) for f in fields(Document) if f.name != "id"),
)
_passages = Table(
    "passages",
    _schema,
    Column("id", _String, primary_key=True),
    Column("document_id", _String, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("text", _String, nullable=False),
    Column("paragraph", _String, nullable=False),
    Column("section", _String, nullable=False),
    Column("page", Integer, nullable=True),
    Column("offset", Integer, nullable=False),
    Column("reference", _String, nullable=False),
    Column("edition", _String, nullable=False),
    Column("force", _String, nullable=False),
    Column("url", _String, nullable=False),
    Column("asked", _String, nullable=False),
    Column("last_page", Integer, nullable=True),
)
_reports = Table(
    "reports",
    _schema,
    Column("document_id", _String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    *(Column(f.name, _String, nullable=False) for f in fields(ReportRecord) if f.name not in {"document_id", *JUDGEMENTS}),
    *(Column(name, _String, nullable=False) for name in JUDGEMENTS),
    *(Column(f"{name}_page", Integer, nullable=True) for name in JUDGEMENTS),
)
_findings = Table(
    "findings",
    _schema,
    Column("id", _String, primary_key=True),
    Column("document_id", _String, ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("passage_id", _String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", _String, nullable=False),
    Column("polarity", _String, nullable=False),
    Column("themes", _String, nullable=False),
    Column("quantifier", _String, nullable=False),
    Column("rank", Integer, nullable=True),
    Column("section", _String, nullable=False),
    Column("paragraph", _String, nullable=False),
    Column("page", Integer, nullable=True),
)
_gaps = Table(
    "gaps",
    _schema,
    Column("id", _String, primary_key=True),
    Column("document_id", _String, nullable=False),
    Column("why", _String, nullable=False),
    Column("asked", _String, nullable=False),
    Column("calls", _String, nullable=False),
)
_readings = Table(
    "readings",
    _schema,
    Column("document_id", _String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("stamp", _String, nullable=False),
    Column("left_out", _String, nullable=True),
)
# Not tied to documents: of one that was removed, vectors may be in the index still.
_indexed = Table(
    "indexed",
    _schema,
    Column("document_id", _String, primary_key=True),
    Column("maker", _String, nullable=False),
    Column("views", Integer, nullable=False),
)


_NOTE_READING = (
    "INSERT INTO readings (document_id, stamp, left_out) VALUES (:d, :s, :l) "
    "ON CONFLICT (document_id) DO UPDATE SET stamp = excluded.stamp, left_out = excluded.left_out"
)
_NOTE_INDEXED = (
    "INSERT INTO indexed VALUES (:d, :m, :v) ON CONFLICT (document_id) DO UPDATE SET maker = excluded.maker, views = excluded.views"
)
_VERSION = (
    "SELECT number FROM version WHERE NOT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database "
    "WHERE locktype = 'advisory' AND objid = :writer AND datname = current_database())"
)


@dataclass(frozen=True)
class Change:
    """What storing a document did: `new`, `changed` or `unchanged`."""

    document_id: str
    what: str


class Library:
    """The record in `folder`, held by this process alone until `close()`; or, shared with others, in the PostgreSQL `database`
    and its vectors in the Chroma server at the address `chroma`: then `folder` is only what added files are kept beside.

    Raises LibraryBusy, LibraryFull or LibraryError, each with what to do.
    """

    def __init__(self, folder: Path, database: SecretStr | None = None, chroma: str = "") -> None:
        if bool(database) != bool(chroma):
            raise LibraryError("DATABASE_URL and CHROMA_URL go together; set both to share a library, or neither.")
        self.folder = folder
        self.chroma = chroma
        self.shared = bool(database)
        self._lock = None if database else _locked(folder)
        self._engine = postgres_engine(database, "library") if database else _sqlite_engine(folder)
        self._words = PostgresWords() if database else SqliteWords()
        self._writer = threading.RLock()
        self._writes: Connection | None = None
        """The connection of this process that holds the lock of who writes, while it does."""
        self.changes = 0
        """How often this process has written: what was read after as many changes still holds."""
        try:
            with self._errors(), self._engine.begin() as connection:
                if self.shared:
                    set_up_alone(connection)
                    _make_version(connection)
                _schema.create_all(connection)
                _add_new_columns(connection)
                if self._words.create(connection):
                    self._put_words(connection)
        except LibraryError:
            self.close()
            raise

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The library that the settings name."""
        return cls(settings.library_dir, settings.database_url, settings.chroma_url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and the lock."""
        self._engine.dispose()
        if self._lock:
            self._lock.release()

    # -- writing -----------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who writes to a shared library, for more than one step; a folder of one's own is held already.

        Raises LibraryBusy where another process or thread is writing.
        """
        if not self._writer.acquire(blocking=False):
            raise _busy_writing()
        try:
            if self._writes or not self.shared:
                yield
            else:
                with self._errors():
                    self._writes = _lock_of_writer(self._engine)
                try:
                    yield
                finally:
                    _let_go(self._writes)
                    self._writes = None
        finally:
            self._writer.release()

    def store(
        self,
        document: Document,
        passages: Iterable[Passage],
        report: ReportRecord | None = None,
        stamp: str = "",
        instead_of: Iterable[str] = (),
        findings: Iterable[Finding] = (),
        left_out: Iterable[str] = (),
    ) -> Change:
        """Put a document, its passages and, of a report, what it says of itself in the record, replacing what it held of it.

        One transaction: it is all there or nothing changed. The same content writes nothing, or at most the `stamp` of
        what it was read from, with what was `left_out` of it. Where only the findings are others, passages and their vectors stay. Documents of the ids
        `instead_of` are taken out.
        """
        passages, instead_of, findings = list(passages), list(instead_of), list(findings)
        reading = {"d": document.id, "s": stamp, "l": _listed(tuple(left_out))}
        known = self.document(document.id)
        if not instead_of and known == document and self.passages_of(document.id) == passages and self.report(document.id) == report:
            if self.findings_of(document.id) == findings:
                if self.stamps().get(document.id, "") != stamp:
                    with self._write() as connection:
                        connection.execute(text(_NOTE_READING), reading)
                return Change(document.id, "unchanged")
            with self._write() as connection:
                _put_findings(connection, document.id, findings)
                connection.execute(text(_NOTE_READING), reading)
            return Change(document.id, "changed")
        with self._write() as connection:
            for old in (document.id, *instead_of):
                self._remove(connection, old)
            connection.execute(insert(_documents), [_document_row(document)])
            if passages:
                connection.execute(insert(_passages), [_passage_row(p) for p in passages])
                self._words.put(connection, document, passages)
            if report:
                connection.execute(insert(_reports), [_report_row(report)])
            _put_findings(connection, document.id, findings)
            connection.execute(text(_NOTE_READING), reading)
        return Change(document.id, "changed" if known else "new")

    def remove(self, document_id: str) -> None:
        """Take a document and its passages out of the record."""
        with self._write() as connection:
            self._remove(connection, document_id)

    def _remove(self, connection: Connection, document_id: str) -> None:
        """Take a document out, and note that its vectors, if any, are to go or to be made anew."""
        self._words.drop(connection, document_id)
        for table in (_reports, _findings, _readings, _passages):
            connection.execute(delete(table).where(table.c.document_id == document_id))
        connection.execute(text(_NOTE_INDEXED), {"d": document_id, "m": "", "v": 0})
        connection.execute(delete(_documents).where(_documents.c.id == document_id))

    def _put_words(self, connection: Connection) -> None:
        """Put the words of every passage in the keyword index, which was just made."""
        for row in connection.execute(select(_documents)).all():
            document = _document(row._mapping)
            if passages := _passages_of(connection, document.id):
                self._words.put(connection, document, passages)

    def scrub(self) -> None:
        """Leave no byte of what was taken out in the record's files, nor of its words in the keyword index; a server sees to its own."""
        if self.shared:
            return
        with self._write() as connection:
            connection.execute(text("INSERT INTO passage_words (passage_words) VALUES ('optimize')"))
        scrub(self._engine)

    def moved(self, old: Path, new: Path) -> None:
        """Note that what was read from files in the folder `old` is now in `new`."""
        with self._write() as connection:
            for id, source in connection.execute(select(_documents.c.id, _documents.c.source)).all():
                if Path(source).is_relative_to(old):
                    place = str(new / Path(source).relative_to(old))
                    connection.execute(update(_documents).where(_documents.c.id == id).values(source=place))

    def store_gaps(self, gaps: Iterable[Gap]) -> None:
        """Make `gaps` the known gaps of the library. The same ones write nothing."""
        gaps = sorted(gaps, key=lambda gap: gap.id)
        if gaps == self.gaps():
            return
        with self._write() as connection:
            connection.execute(delete(_gaps))
            if gaps:
                connection.execute(insert(_gaps), [{**vars(gap), "asked": _listed(gap.asked)} for gap in gaps])

    def set_indexed(self, maker: str, views: Mapping[str, int]) -> None:
        """Note that the vectors of these documents, so many views of each, are in the index as `maker` makes them.

        One that is not in the record any more is forgotten.
        """
        rows = [{"d": document_id, "m": maker, "v": count} for document_id, count in views.items()]
        if rows:
            with self._write() as connection:
                connection.execute(text(_NOTE_INDEXED), rows)
                connection.execute(
                    text("DELETE FROM indexed WHERE document_id = :d AND document_id NOT IN (SELECT id FROM documents)"), rows
                )

    def forget_indexed(self) -> None:
        """Note that nothing is in the index."""
        with self._write() as connection:
            connection.execute(delete(_indexed))

    # -- reading -----------------------------------------------------------------

    def version(self) -> int | None:
        """A number that is another one whenever a shared library has changed; None while somebody writes to it.

        A library of one's own is always version 0: who changes it knows.
        """
        if not self.shared:
            return 0
        with self._read() as connection:
            return connection.execute(text(_VERSION), {"writer": _WRITER}).scalar()

    def documents(self) -> list[Document]:
        """Every document, by kind and title."""
        with self._read() as connection:
            rows = connection.execute(select(_documents).order_by(_documents.c.kind, _documents.c.title, _documents.c.id))
            return [_document(row._mapping) for row in rows]

    def document(self, document_id: str) -> Document | None:
        """The document of that id, or None."""
        with self._read() as connection:
            row = connection.execute(select(_documents).where(_documents.c.id == document_id)).first()
            return _document(row._mapping) if row else None

    def passages_of(self, document_id: str) -> list[Passage]:
        """A document's passages in order."""
        with self._read() as connection:
            return _passages_of(connection, document_id)

    def report(self, document_id: str) -> ReportRecord | None:
        """What the report of that id says of itself, or None."""
        with self._read() as connection:
            row = connection.execute(select(_reports).where(_reports.c.document_id == document_id)).first()
            return _report(row._mapping) if row else None

    def reports(self) -> list[tuple[Document, ReportRecord]]:
        """Every report's document and what it says of itself, by authority, latest first."""
        documents = {document.id: document for document in self.documents()}
        with self._read() as connection:
            rows = [_report(row._mapping) for row in connection.execute(select(_reports))]
        pairs = [(documents[record.document_id], record) for record in rows]
        pairs.sort(key=lambda pair: (pair[0].published or pair[1].inspection_end, pair[0].id), reverse=True)
        return sorted(pairs, key=lambda pair: pair[0].authority)

    def findings(self) -> list[Finding]:
        """Every finding of every letter and report, by document, in the order they are printed."""
        with self._read() as connection:
            rows = connection.execute(select(_findings).order_by(_findings.c.document_id, _findings.c.position))
            return [_finding(*row) for row in rows]

    def findings_of(self, document_id: str) -> list[Finding]:
        """A document's findings in order."""
        with self._read() as connection:
            query = select(_findings).where(_findings.c.document_id == document_id).order_by(_findings.c.position)
            return [_finding(*row) for row in connection.execute(query)]

    def gaps(self) -> list[Gap]:
        """What is known not to be said, by id."""
        with self._read() as connection:
            rows = connection.execute(select(_gaps).order_by(_gaps.c.id))
            return [Gap(**{**row._mapping, "asked": tuple(json.loads(row.asked))}) for row in rows]

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """The passages of these ids that exist, by id."""
        query = select(_passages).where(_passages.c.id.in_(bindparam("ids", expanding=True)))
        with self._read() as connection:
            return {row.id: _passage(row._mapping) for row in connection.execute(query, {"ids": list(ids)})}

    def frequency(self, stem: str) -> int:
        """How many passages hold a word that starts with `stem`."""
        if not stem.isalnum():
            return 0
        with self._read() as connection:
            return self._words.frequency(connection, stem)

    def asked(self) -> list[tuple[str, tuple[str, ...]]]:
        """The id of each passage that people's phrases are known for, and the phrases."""
        with self._read() as connection:
            rows = connection.execute(select(_passages.c.id, _passages.c.asked).where(_passages.c.asked != "[]").order_by(_passages.c.id))
            return [(row.id, tuple(json.loads(row.asked))) for row in rows]

    def texts(self) -> list[str]:
        """The text and the asked phrases of every passage: the words the library uses."""
        with self._read() as connection:
            return self._words.texts(connection)

    def printed(self) -> list[str]:
        """The text of every passage, as its document prints it."""
        with self._read() as connection:
            return list(connection.execute(select(_passages.c.text)).scalars())

    def counts(self) -> dict[str, int]:
        """How many passages each document has, by document id."""
        with self._read() as connection:
            rows = connection.execute(text("SELECT document_id, count(*) FROM passages GROUP BY document_id"))
            return {row[0]: row[1] for row in rows}

    def stamps(self) -> dict[str, str]:
        """The stamp of what each document was read from, by document id."""
        with self._read() as connection:
            return {row.document_id: row.stamp for row in connection.execute(select(_readings))}

    def left_out(self) -> dict[str, list[str]]:
        """What was left out of each document because it was written for a language model, by document id; none of most."""
        with self._read() as connection:
            rows = connection.execute(select(_readings).where(_readings.c.left_out != "[]"))
            return {row.document_id: json.loads(row.left_out) for row in rows}

    def unindexed(self, maker: str) -> dict[str, int]:
        """How many passages each document has whose vectors, as `maker` makes them, are not known to be in the index.

        A document that was removed has none, and is here for as long as its vectors may be there.
        """
        query = text(
            "SELECT d.id, (SELECT count(*) FROM passages p WHERE p.document_id = d.id) FROM documents d "
            "WHERE d.id NOT IN (SELECT document_id FROM indexed WHERE maker = :maker) "
            "UNION SELECT document_id, 0 FROM indexed WHERE document_id NOT IN (SELECT id FROM documents) ORDER BY 1"
        )
        with self._read() as connection:
            return {row[0]: row[1] for row in connection.execute(query, {"maker": maker})}

    def indexed_views(self) -> int:
        """How many vectors are known to be in the index."""
        with self._read() as connection:
            return int(connection.execute(text("SELECT coalesce(sum(views), 0) FROM indexed")).scalar_one())

    def keyword(self, terms: Iterable[str], documents: Collection[str], limit: int) -> dict[str, float]:
        """BM25 of the passages of `documents` (ids) that hold any of `terms` (words or phrases), best `limit`, by id.

        Higher is better: FTS5's own ranking (Okapi BM25, k1 1.2, b 0.75) over text, header and asked phrases.
        """
        sought = [term for term in dict.fromkeys(terms) if term.strip()]
        if not sought or not documents:
            return {}
        with self._read() as connection:
            return self._words.keyword(connection, sought, documents, limit)

    def mentions(self, forms: Iterable[str], documents: Collection[str]) -> bool:
        """Whether the text of any passage of `documents` (ids) holds one of `forms`, in any inflection of its words."""
        if not documents:
            return False
        with self._read() as connection:
            return self._words.mentions(connection, forms, documents)

    def faults(self) -> list[str]:
        """What is wrong with the record, a clause each; empty where all is well. Raises LibraryError where it cannot be read."""
        found = faults(self._engine)
        if self.shared:
            return found
        with self._write() as connection:
            try:
                connection.execute(text("INSERT INTO passage_words (passage_words) VALUES ('integrity-check')"))
            except DatabaseError:
                found.append("its keyword index is damaged")
            words = connection.execute(text("SELECT count(*) FROM passage_words")).scalar_one()
            if words != sum(self.counts().values()):
                found.append("its keyword index does not hold every passage")
        return found

    # -- connections -------------------------------------------------------------

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self.writing(), self._errors():
            if self._writes is None:
                with self._engine.begin() as connection:
                    yield connection
            else:
                with self._writes.begin():
                    yield self._writes
                    self._writes.execute(text("UPDATE version SET number = number + 1"))
            self.changes += 1

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._errors(), self._engine.connect() as connection:
            yield connection

    def _errors(self) -> AbstractContextManager[None]:
        return plain_errors() if self.shared else _plain_errors(self.folder)


def _make_version(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE IF NOT EXISTS version (number bigint NOT NULL)"))
    connection.execute(text("INSERT INTO version SELECT 0 WHERE NOT EXISTS (SELECT FROM version)"))


def _lock_of_writer(engine: Engine) -> Connection:
    """A connection that is the only one to hold the lock, until it is closed or lost. Raises LibraryBusy."""
    connection = engine.connect()
    connection.detach()  # closed at the end and not kept for others, so that the lock falls with it
    try:
        locked = connection.execute(text("SELECT pg_try_advisory_lock(:writer)"), {"writer": _WRITER}).scalar_one()
        connection.commit()
    except BaseException:
        connection.close()
        raise
    if not locked:
        connection.close()
        raise _busy_writing()
    return connection


def _let_go(writer: Connection) -> None:
    """Unlock and close: after a close alone the server takes a moment to notice, and readers would wait for it."""
    with closing(writer), suppress(SQLAlchemyError):  # where the connection was lost, the lock has fallen with it
        writer.execute(text("SELECT pg_advisory_unlock(:writer)"), {"writer": _WRITER})
        writer.commit()


def _busy_writing() -> LibraryBusy:
    return LibraryBusy("Somebody else is changing the library; try again when they have finished.")


def _add_new_columns(connection: Connection) -> None:
    """Give a record made before it had them the columns that may be empty; the next ingest fills them."""
    for table in (_passages, _readings):
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.nullable and column.name not in there:
                connection.execute(text(f'ALTER TABLE {table.name} ADD COLUMN "{column.name}" {column.type}'))


def _put_findings(connection: Connection, document_id: str, findings: list[Finding]) -> None:
    connection.execute(delete(_findings).where(_findings.c.document_id == document_id))
    if findings:
        connection.execute(insert(_findings), [_finding_row(finding) for finding in findings])


def _finding_row(finding: Finding) -> dict[str, Any]:
    row = {f.name: getattr(finding, f.name) for f in fields(Finding)}
    return {**row, "polarity": finding.polarity.value, "themes": " ".join(finding.themes)}


def _finding(*row: Any) -> Finding:
    """A finding from its row, whose columns stand in the order of its fields."""
    id, document_id, passage_id, position, words, polarity, themes, *rest = row
    return Finding(id, document_id, passage_id, position, words, Polarity(polarity), tuple(themes.split()), *rest)


def _document_row(document: Document) -> dict[str, Any]:
    return {f.name: str(getattr(document, f.name)) for f in fields(Document)}


def _document(row: Any) -> Document:
    return Document(**{**row, "kind": Kind(row["kind"])})


def _passage_row(passage: Passage) -> dict[str, Any]:
    row = {f.name: getattr(passage, f.name) for f in fields(Passage)}
    return {**row, "asked": _listed(passage.asked)}


def _passage(row: Any) -> Passage:
    return Passage(**{**row, "asked": tuple(json.loads(row["asked"]))})


def _passages_of(connection: Connection, document_id: str) -> list[Passage]:
    query = select(_passages).where(_passages.c.document_id == document_id).order_by(_passages.c.position)
    return [_passage(row._mapping) for row in connection.execute(query)]


def _report_row(report: ReportRecord) -> dict[str, Any]:
    row = {f.name: getattr(report, f.name) for f in fields(ReportRecord)}
    judged = {name: row.pop(name) for name in JUDGEMENTS}
    row |= {name: judgement.grade for name, judgement in judged.items()}
    return row | {f"{name}_page": judgement.page for name, judgement in judged.items()}


def _report(row: Any) -> ReportRecord:
    values: dict[str, Any] = {f.name: row[f.name] for f in fields(ReportRecord)}
    return ReportRecord(**values | {name: Judgement(row[name], row[f"{name}_page"]) for name in JUDGEMENTS})


def _listed(phrases: tuple[str, ...]) -> str:
    return json.dumps(phrases, ensure_ascii=False)


def _sqlite_engine(folder: Path) -> Engine:
    engine = create_engine(f"sqlite:///{folder / RECORD}", hide_parameters=True)
    event.listen(engine, "connect", _set_up_connection)
    return engine


def _set_up_connection(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")


def sources(record: Path) -> list[str]:
    """Where each document of a record's file came from. Raises LibraryError."""
    engine = create_engine(f"sqlite:///{record}")
    try:
        with _plain_errors(record.parent), engine.connect() as connection:
            return list(connection.execute(select(_documents.c.source)).scalars())
    finally:
        engine.dispose()


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """The folder is this process's alone meanwhile, whether or not there is a library in it. Raises LibraryError."""
    lock = _locked(folder)
    try:
        yield
    finally:
        lock.release()


def _locked(folder: Path) -> filelock.BaseFileLock:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_bytes(b"1")
        probe.unlink()
        lock = filelock.FileLock(folder / ".lock")
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise LibraryBusy(
            f"Another process is using the library in {folder}; stop it first, or set LIBRARY_DIR to another folder."
        ) from error
    except OSError as error:
        raise _os_error(folder, error) from error
    return lock


@contextmanager
def _plain_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if is_full(folder, error.orig or error):
            raise full(folder) from error
        raise LibraryError(f"The library in {folder} cannot be read or written ({error.orig}); check the folder's permissions.") from error
    except DatabaseError as error:
        raise LibraryError(f"The record in {folder} is damaged ({error.orig}); move the folder away and ingest again.") from error


def _os_error(folder: Path, error: OSError) -> LibraryError:
    if is_full(folder, error):
        return full(folder)
    return LibraryError(
        f"The library folder {folder} cannot be written ({error.strerror}); make it writable, or set LIBRARY_DIR to another folder."
    )


def is_full(folder: Path, error: BaseException) -> bool:
    """Whether `error` comes of a full disk: it says so, or next to nothing is left where `folder` is."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    says_so = any(words in str(error).lower() for words in ("is full", "no space left"))
    return says_so or (folder.is_dir() and shutil.disk_usage(folder).free < _NOTHING_LEFT)


def full(folder: Path) -> LibraryFull:
    """The error for a full disk."""
    return LibraryFull(
        f"There is no room left on the disk that holds {folder}; free some space and run it again: nothing already stored is lost."
    )
