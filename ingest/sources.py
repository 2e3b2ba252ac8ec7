"""What corpus/ says of its documents: metadata, the phrases letters are asked by, and what came after them."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import CorpusError
from assistant.scope import Authorities, load_authorities
from assistant.types import Document, Gap, Kind
from ingest.kept import Kept, read_kept

VIAS = frozenset({"legislation", "govuk", "ofsted", "html", "pdf", "feed"})
"""How an official document is fetched: what its address answers with."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLAIN_STATUS = frozenset({"", "in force", "current", "superseded"})
"""What a citation need not say of an edition: nothing is amiss, or a notice says it."""


@dataclass(frozen=True)
class Source:
    """An official document: where it is fetched, where people read it, and what is known of its edition.

    `only` keeps to attachments whose title or file name holds it; `watch` means a copy is kept to see changes, not to be read.
    """

    id: str
    title: str
    kind: Kind
    publisher: str
    via: str
    address: str
    page: str
    licence: str
    authority: str = ""
    published: str = ""
    edition: str = ""
    status: str = ""
    only: str = ""
    watch: bool = False
    verified: bool = True
    supersedes: str = ""
    superseded_by: str = ""

    @property
    def host(self) -> str:
        """The host of its address."""
        return urlsplit(self.address).hostname or ""


@dataclass(frozen=True)
class Manifest:
    """What corpus/ says, read once: documents by their path under corpus/, what all policy notes share, official documents by
    id, and the authorities."""

    documents: dict[str, Document]
    notes: Document
    sources: dict[str, Source]
    authorities: Authorities

    @property
    def hosts(self) -> frozenset[str]:
        """The only hosts that are ever asked: those of the official documents' addresses."""
        return frozenset(source.host for source in self.sources.values())


def read_manifest(corpus: Path) -> Manifest:
    """The manifest of `corpus`. Raises CorpusError where it is missing or malformed."""
    data = load_toml(corpus / "sources.toml")
    try:
        documents = {entry["file"]: _document(entry) for entry in data.get("document", [])}
        notes = _document({"id": "", "title": "", "kind": "policy_note", **data.get("notes", {})})
        sources = {entry["id"]: _source(entry) for entry in data.get("source", [])}
        return Manifest(documents, notes, sources, load_authorities(corpus / "authorities.toml"))
    except (KeyError, ValueError) as error:
        raise CorpusError(f"{corpus / 'sources.toml'} has an entry without {error}") from error


def fetched_document(file: Path, manifest: Manifest) -> Document | None:
    """What the manifest says of a fetched file, known by the record beside it; None for any other file."""
    kept = read_kept(file)
    source = manifest.sources.get(kept.source) if kept else None
    return describe(source, kept, file.stem) if source and kept else None


def describe(source: Source, kept: Kept, document_id: str) -> Document:
    """A source as a document of the library. Its edition says so where the text is later than the manifest, or is not in force."""
    dated = {"legislation": "text as at", "govuk": "page updated"}.get(source.via, "")
    parts = [
        source.edition,
        "" if source.status in _PLAIN_STATUS else source.status,
        f"{dated} {kept.version}" if dated and kept.version > source.published else "",
        f"withdrawn {kept.withdrawn}" if kept.withdrawn else "",
    ]
    return Document(
        id=document_id,
        title=kept.title,
        kind=source.kind,
        publisher=source.publisher,
        authority=source.authority,
        published=source.published or kept.version,
        edition="; ".join(part for part in parts if part),
        url=kept.page,
        licence=source.licence,
    )


def asked_phrases(file: Path) -> dict[str, tuple[str, ...]]:
    """The phrases each paragraph of a letter is asked by, by paragraph label, from `<name>.asked.toml` beside it."""
    beside = file.with_suffix(".asked.toml")
    if not beside.exists():
        return {}
    return {label: tuple(phrases) for label, phrases in load_toml(beside).get("asked", {}).items()}


def read_gaps(corpus: Path) -> list[Gap]:
    """What people ask and the corpus does not say, from corpus/gaps.toml. Raises CorpusError."""
    entries = load_toml(corpus / "gaps.toml").get("gap", [])
    try:
        gaps = [
            Gap(f"gap:{entry['topic']}", entry["document"], entry.get("why", ""), tuple(entry["asked"]), entry.get("calls", ""))
            for entry in entries
        ]
    except KeyError as error:
        raise CorpusError(f"{corpus / 'gaps.toml'} has an entry without {error}") from error
    twice = [id.removeprefix("gap:") for id, count in Counter(gap.id for gap in gaps).items() if count > 1]
    if twice:
        raise CorpusError(f"{corpus / 'gaps.toml'} has more than one gap with the topic {twice[0]!r}; give each its own")
    return gaps


def load_toml(file: Path) -> dict[str, Any]:
    """The TOML of `file`. Raises CorpusError."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{file} cannot be read: {error}") from error


def _document(entry: dict[str, Any]) -> Document:
    keys = ("id", "title", "publisher", "authority", "published", "edition", "url", "licence")
    return Document(kind=Kind(entry["kind"]), **{key: entry[key] for key in keys if key in entry})


def _source(entry: dict[str, Any]) -> Source:
    named = {f.name: entry[f.name] for f in fields(Source) if f.name in entry}
    missing = {"id", "title", "kind", "publisher", "via", "address", "page", "licence"} - set(named)
    if missing:
        raise KeyError(sorted(missing)[0])
    if not _ID.fullmatch(named["id"]) or named["via"] not in VIAS or not named["address"].startswith("https://"):
        raise ValueError(f"a plain id, a `via` it can read or an https address: {named['id']}")
    return Source(**{**named, "kind": Kind(named["kind"])})
