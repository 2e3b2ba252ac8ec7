"""The run over files and folders: read what changed and store it, drop what is gone, bring the vectors to match as it goes."""

import hashlib
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from assistant.classify import Lexicon, load_lexicon
from assistant.embedding import Embedder
from assistant.errors import AssistantError, LibraryError, ReadError
from assistant.identity import Identity, counted, load_names, printed_words
from assistant.library import Library
from assistant.settle import Weights, load_weights
from assistant.types import Document, Kind, Passage, ReportRecord
from assistant.vectors import VectorIndex
from ingest import ofsted
from ingest.blocks import Source
from ingest.child import Reading, read_ahead
from ingest.notes import read_note
from ingest.plan import Task, plan
from ingest.readers import READERS, load, why_unread
from ingest.readers.plain import decode
from ingest.register import findings
from ingest.sources import Manifest, asked_phrases, fetched_document, read_gaps, read_manifest
from ingest.structure import cut, passages

_LICENCE = "Open Government Licence v3.0 (Crown copyright)"

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is."""


@dataclass(frozen=True)
class Outcome:
    """What happened to one file: new, changed, unchanged, removed, or refused with its reason."""

    name: str
    what: str
    reason: str = ""


@dataclass(frozen=True)
class _Desk:
    """What every file is read with."""

    library: Library
    embedder: Embedder
    corpus: Path
    manifest: Manifest
    lexicon: Lexicon
    weights: Weights

    @cached_property
    def identity(self) -> Identity:
        """What finds identifying details in a person's own file; made when there is one."""
        ordinary, printed = printed_words(self.library.texts())
        return Identity(load_names(self.corpus / "names.toml"), ordinary=ordinary, printed=printed, places=self.manifest.authorities.spans)


def ingest(
    paths: Iterable[Path], library: Library, embedder: Embedder, corpus: Path, progress: Progress = lambda *_: None
) -> list[Outcome]:
    """Bring the files and folders at `paths` into the library. A file that cannot be read never stops the rest.

    Files are read in a child process while the vectors of those before them are made. Interrupted at any point, the next
    call completes it. Raises LibraryError or ModelError where the library or the model itself fails, LibraryBusy where
    another process is changing it.
    """
    with library.writing():
        return _ingest(list(paths), library, embedder, corpus, progress)


def _ingest(paths: list[Path], library: Library, embedder: Embedder, corpus: Path, progress: Progress) -> list[Outcome]:
    desk = _Desk(
        library,
        embedder,
        corpus,
        read_manifest(corpus),
        load_lexicon(corpus / "register.toml"),
        load_weights(corpus / "register_weights.toml"),
    )
    files, outcomes = _collect(paths)
    tasks = plan(files, library, corpus, embedder.name)
    outcomes += _drop_missing(paths, tasks, desk)
    library.store_gaps(read_gaps(corpus))
    index = VectorIndex(library, embedder)
    embedding = partial(progress, "Embedding")
    with closing(_outcomes(tasks, desk)) as found:
        for done, outcome in enumerate(found, start=1):
            outcomes.append(outcome)
            progress("Reading", done, len(tasks))
            index.keep_up(embedding)
    index.sync(embedding)
    return outcomes


def shipped(corpus: Path) -> list[Path]:
    """The files of `corpus`: what every library holds."""
    return _collect([corpus])[0]


def _collect(paths: list[Path]) -> tuple[list[Path], list[Outcome]]:
    """The files at `paths`, each once by whatever names; what is no file, and what in a folder is a document but cannot be read."""
    files: dict[Path, Path] = {}
    refused = []
    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if p.is_file()]
            found = [p for p in inside if p.suffix.lower() in READERS]
            refused += [Outcome(p.name, "refused", why) for p in inside if (why := why_unread(p)) and not _is_hidden(p.relative_to(path))]
        elif path.is_file():
            found = [path]
        else:
            found = []
            what = "is not a file; give a file or a folder" if path.exists() else "does not exist; check the name"
            refused.append(Outcome(str(path), "refused", f"{path} {what}."))
        for file in found:
            files.setdefault(file.resolve(), file)
    return list(files.values()), refused


def _is_hidden(path: Path) -> bool:
    """Whether a program keeps it for itself: hidden, in a hidden folder, or what an office program leaves beside an open file."""
    return any(part.startswith((".", "~$")) for part in path.parts)


def _outcomes(tasks: list[Task], desk: _Desk) -> Generator[Outcome, None, None]:
    """What happens to each file, in order; what has to be read is being read a few files ahead."""
    settled: dict[str, Outcome] = {}
    with closing(read_ahead(task.file for task in tasks if task.to_read and not _is_note(task))) as readings:
        for task in tasks:
            settled[task.source] = _settle(task, desk, readings, settled)
            yield settled[task.source]


def _settle(task: Task, desk: _Desk, readings: Iterator[Reading | ReadError], settled: dict[str, Outcome]) -> Outcome:
    name = task.file.name
    if task.refused:
        return Outcome(name, "refused", task.refused)
    if task.known:
        return Outcome(name, "unchanged")
    if task.same_as:
        return _same(task, desk, settled.get(task.same_as))
    reading = None if _is_note(task) else next(readings)
    try:
        document, found, report = _read(task, desk, reading) if reading else _note(task, desk)
        out = reading.left_out if isinstance(reading, Source) else ()
        _without_details(task, document, [*(passage.text for passage in found), *out], desk)
    except LibraryError:
        raise
    except AssistantError as error:
        return Outcome(name, "refused", str(error))
    old = [task.before.id] if task.before and task.before.id != document.id else []
    made = findings(document, found, desk.lexicon, desk.weights)
    what = desk.library.store(document, found, report, task.stamp, old, made, out).what
    was = f"{name} was {Path(task.before.source).name} before" if task.before and task.renamed else ""
    return Outcome(name, "changed" if old else what, "; ".join(filter(None, (was, *_not_taken(name, reading)))))


def _without_details(task: Task, document: Document, texts: Sequence[str], desk: _Desk) -> None:
    """Refuse a file of a person's own that could identify a child or family. What ships and what was fetched is published.

    Raises ReadError, which says what kinds of details there are and never the details.
    """
    if not Path(task.source).is_absolute() or fetched_document(task.file, desk.manifest):
        return
    identity = desk.identity.reading(texts)
    title = identity.in_title(document.title) if document.kind is Kind.LOCAL else []
    if details := [*title, *(detail for text in texts for detail in identity.in_document(text))]:
        raise ReadError(
            f"{task.file.name} seems to hold {counted(details)}, so it was not added; take out what could identify a child or family and add it again."
        )


def _not_taken(name: str, reading: Reading | ReadError | None) -> Iterator[str]:
    """What of a file that was read did not enter the library, and why."""
    if not isinstance(reading, Source):
        return
    if count := len(reading.left_out):
        yield f"{name}: left out {count} {'passage' if count == 1 else 'passages'} written for a language model"
    if pages := reading.unread:
        which = f"page {pages[0]} is a picture" if len(pages) == 1 else f"pages {', '.join(map(str, pages))} are pictures"
        yield f"{name}: {which} without text and not read; install tesseract to have it read"


def _same(task: Task, desk: _Desk, other: Outcome | None) -> Outcome:
    """A copy of another file, which stands for both: what the record held of this one goes."""
    name, twin = task.file.name, Path(task.same_as)
    same = f"{name}: same as {twin.name if twin.name != name else twin}"
    if other and other.what == "refused":
        return Outcome(name, "refused", f"{same}, which was refused.")
    if task.before:
        desk.library.remove(task.before.id)
    return Outcome(name, "changed" if task.before else "unchanged", same)


def _is_note(task: Task) -> bool:
    return task.source.startswith("policy/")


def _note(task: Task, desk: _Desk) -> tuple[Document, list[Passage], None]:
    base = replace(desk.manifest.notes, source=task.source, sha256=task.sha256)
    return *read_note(task.file.name, decode(task.file.name, load(task.file)), base), None


def _read(task: Task, desk: _Desk, text: Reading | ReadError) -> tuple[Document, list[Passage], ReportRecord | None]:
    if isinstance(text, ReadError):
        raise text
    manifest, embedder = desk.manifest, desk.embedder
    report = ofsted.read_report(text.blocks, task.source, manifest.authorities.titled)
    shipped, fetched = manifest.documents.get(task.source), fetched_document(task.file, manifest)
    document = shipped or (_report_document(report, desk, task, fetched) if report else fetched) or _own_document(desk, task, text)
    edition = "; ".join(dict.fromkeys(filter(None, (document.edition, text.edition))))
    document = replace(document, edition=edition, source=task.source, sha256=task.sha256)
    asked = asked_phrases(task.file)
    if report and report.paragraphs and not shipped:
        labelled = [(paragraph.label, paragraph.section, paragraph.block) for paragraph in report.paragraphs]
        found = cut(document, labelled, embedder.pieces, embedder.window)
    else:
        found = passages(document, text.blocks, embedder.pieces, embedder.window)
    if not found:
        raise ReadError(f"{task.file.name} holds headings but no paragraph; give the file that has the text in it.")
    record = replace(report.record, document_id=document.id) if report else None
    if document.kind is Kind.LEGISLATION:
        found = [replace(p, reference=f"{document.title} {p.paragraph}") for p in found]
    return document, [replace(p, asked=asked.get(p.paragraph, ())) for p in found], record


def _report_document(report: ofsted.Report, desk: _Desk, task: Task, fetched: Document | None) -> Document:
    """A published report: named by its authority, framework and date, as it names itself.

    One that was fetched has the id of its source, by which the manifest says what came after it.
    """
    return Document(
        _free_id(fetched.id if fetched else report.document_id, desk, task),
        report.title,
        report.kind,
        publisher="Ofsted",
        authority=report.authority,
        published=report.published,
        edition=report.edition,
        url=fetched.url if fetched else "",
        licence=_LICENCE,
    )


def _own_document(desk: _Desk, task: Task, text: Source) -> Document:
    """A person's own file: described by itself where it does that, else named after the file; with an id that no other file has."""
    slug = re.sub(r"[^a-z0-9]+", "-", task.file.stem.lower()).strip("-") or "file"
    title = re.sub(r"[_-]+", " ", task.file.stem).strip()
    return Document(
        _free_id(slug, desk, task),
        text.title or title[:1].upper() + title[1:],
        text.kind or Kind.LOCAL,
        text.publisher or "Added by you",
        published=text.published,
        url=text.url,
        licence=text.licence,
    )


def _free_id(slug: str, desk: _Desk, task: Task) -> str:
    """`slug`, or where another file's document has it already, `slug` with a mark made of the file's source."""
    known = desk.library.document(slug)
    taken = known is not None and known.source != task.source and known != task.before
    return f"{slug}-{hashlib.sha256(task.source.encode()).hexdigest()[:6]}" if taken else slug


def _drop_missing(paths: list[Path], tasks: list[Task], desk: _Desk) -> list[Outcome]:
    """Documents whose file has gone from one of the folders at `paths`, and was not renamed."""
    folders = [path.resolve() for path in paths if path.is_dir()]
    present = {task.file.resolve() for task in tasks}
    renamed = {task.before.id for task in tasks if task.before}
    outcomes = []
    for document in desk.library.documents():
        file = (desk.corpus / document.source).resolve()
        if file not in present and document.id not in renamed and any(file.is_relative_to(folder) for folder in folders):
            desk.library.remove(document.id)
            outcomes.append(Outcome(document.title, "removed", f"{file.name} is no longer there"))
    return outcomes
