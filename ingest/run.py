"""The run over files and folders: read each, store what changed, drop what is gone, then bring the vectors to match."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.embedding import Embedder
from assistant.errors import AssistantError, LibraryError, ReadError
from assistant.library import Library
from assistant.types import Document, Kind, Passage, ReportRecord
from assistant.vectors import VectorIndex
from ingest import ofsted
from ingest.blocks import Source
from ingest.notes import read_note
from ingest.readers import READERS, load, read_source
from ingest.readers.plain import decode
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


def ingest(
    paths: Iterable[Path], library: Library, embedder: Embedder, corpus: Path, progress: Progress = lambda *_: None
) -> list[Outcome]:
    """Bring the files and folders at `paths` into the library. A file that cannot be read never stops the rest.

    Raises LibraryError or ModelError where the library or the model itself fails.
    """
    paths = list(paths)
    manifest = read_manifest(corpus)
    files, outcomes = _collect(paths)
    for done, file in enumerate(files, start=1):
        outcomes.append(_ingest_file(file, library, embedder, corpus, manifest))
        progress("Reading", done, len(files))
    outcomes += _drop_missing(paths, set(files), library, corpus)
    library.store_gaps(read_gaps(corpus))
    index = VectorIndex(library, embedder)
    index.sync(lambda done, total: progress("Embedding", done, total))
    return outcomes


def _collect(paths: list[Path]) -> tuple[list[Path], list[Outcome]]:
    files: dict[Path, None] = {}
    refused = []
    for path in paths:
        if path.is_dir():
            files |= dict.fromkeys(p for p in sorted(path.rglob("*")) if p.is_file() and p.suffix.lower() in READERS)
        elif path.exists():
            files[path] = None
        else:
            refused.append(Outcome(str(path), "refused", f"{path} does not exist; check the name."))
    return list(files), refused


def _ingest_file(file: Path, library: Library, embedder: Embedder, corpus: Path, manifest: Manifest) -> Outcome:
    try:
        document, found, report = _read_file(file, library, embedder, corpus, manifest)
        return Outcome(file.name, library.store(document, found, report).what)
    except LibraryError:
        raise
    except AssistantError as error:
        return Outcome(file.name, "refused", str(error))


def _read_file(
    file: Path, library: Library, embedder: Embedder, corpus: Path, manifest: Manifest
) -> tuple[Document, list[Passage], ReportRecord | None]:
    source = _source(file, corpus)
    data = load(file)
    sha256 = hashlib.sha256(data).hexdigest()
    if source.startswith("policy/"):
        return *read_note(file.name, decode(file.name, data), replace(manifest.notes, source=source, sha256=sha256)), None
    text = read_source(file)
    report = ofsted.read_report(text.blocks, source, manifest.authorities.titled)
    shipped, fetched = manifest.documents.get(source), fetched_document(file, manifest)
    document = (
        shipped or (_report_document(report, library, source, fetched) if report else fetched) or _own_document(file, library, source, text)
    )
    edition = "; ".join(dict.fromkeys(filter(None, (document.edition, text.edition))))
    document = replace(document, edition=edition, source=source, sha256=sha256)
    asked = asked_phrases(file)
    if report and report.paragraphs and not shipped:
        labelled = [(paragraph.label, paragraph.section, paragraph.block) for paragraph in report.paragraphs]
        found = cut(document, labelled, embedder.pieces, embedder.window)
    else:
        found = passages(document, text.blocks, embedder.pieces, embedder.window)
    if not found:
        raise ReadError(f"{file.name} holds headings but no paragraph; give the file that has the text in it.")
    record = replace(report.record, document_id=document.id) if report else None
    return document, [replace(p, asked=asked.get(p.paragraph, ())) for p in found], record


def _report_document(report: ofsted.Report, library: Library, source: str, fetched: Document | None) -> Document:
    """A published report: named by its authority, framework and date, as it names itself."""
    return Document(
        _free_id(report.document_id, library, source),
        report.title,
        report.kind,
        publisher="Ofsted",
        authority=report.authority,
        published=report.published,
        edition=report.edition,
        url=fetched.url if fetched else "",
        licence=_LICENCE,
    )


def _own_document(file: Path, library: Library, source: str, text: Source) -> Document:
    """A person's own file: described by itself where it does that, else named after the file; with an id that no other file has."""
    slug = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "file"
    title = re.sub(r"[_-]+", " ", file.stem).strip()
    return Document(
        _free_id(slug, library, source),
        text.title or title[:1].upper() + title[1:],
        text.kind or Kind.LOCAL,
        text.publisher or "Added by you",
        published=text.published,
        url=text.url,
        licence=text.licence,
    )


def _free_id(slug: str, library: Library, source: str) -> str:
    """`slug`, or where another file's document has it already, `slug` with a mark made of `source`."""
    known = library.document(slug)
    taken = known is not None and known.source != source
    return f"{slug}-{hashlib.sha256(source.encode()).hexdigest()[:6]}" if taken else slug


def _source(file: Path, corpus: Path) -> str:
    """Where a document came from: a path under corpus/, or the full path of a person's own file."""
    full = file.resolve()
    root = corpus.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else full.as_posix()


def _drop_missing(paths: list[Path], seen: set[Path], library: Library, corpus: Path) -> list[Outcome]:
    """Documents whose file has gone from one of the folders at `paths`."""
    folders = [path.resolve() for path in paths if path.is_dir()]
    present = {file.resolve() for file in seen}
    outcomes = []
    for document in library.documents():
        file = (corpus / document.source).resolve()
        if file not in present and any(file.is_relative_to(folder) for folder in folders):
            library.remove(document.id)
            outcomes.append(Outcome(document.title, "removed", f"{file.name} is no longer there"))
    return outcomes
