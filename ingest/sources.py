"""What corpus/ says of its documents: metadata, the phrases letters are asked by, and what came after them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from assistant.scope import Authorities, load_authorities
from assistant.types import Document, Gap, Kind


@dataclass(frozen=True)
class Manifest:
    """What corpus/ says, read once: documents by their path under corpus/, what all policy notes share, the authorities."""

    documents: dict[str, Document]
    notes: Document
    authorities: Authorities


def read_manifest(corpus: Path) -> Manifest:
    """The manifest of `corpus`. Raises CorpusError where it is missing or malformed."""
    data = load_toml(corpus / "sources.toml")
    try:
        documents = {entry["file"]: _document(entry) for entry in data.get("document", [])}
        notes = _document({"id": "", "title": "", "kind": "policy_note", **data.get("notes", {})})
        return Manifest(documents, notes, load_authorities(corpus / "authorities.toml"))
    except (KeyError, ValueError) as error:
        raise CorpusError(f"{corpus / 'sources.toml'} has an entry without {error}") from error


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
        return [
            Gap(f"gap:{entry['topic']}", entry["document"], entry.get("why", ""), tuple(entry["asked"]), entry.get("calls", ""))
            for entry in entries
        ]
    except KeyError as error:
        raise CorpusError(f"{corpus / 'gaps.toml'} has an entry without {error}") from error


def load_toml(file: Path) -> dict[str, Any]:
    """The TOML of `file`. Raises CorpusError."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{file} cannot be read: {error}") from error


def _document(entry: dict[str, Any]) -> Document:
    keys = ("id", "title", "publisher", "authority", "published", "edition", "url", "licence")
    return Document(kind=Kind(entry["kind"]), **{key: entry[key] for key in keys if key in entry})
