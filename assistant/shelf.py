"""The library as a shelf: each document with how current it is, and which of them a person may take away. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from assistant.inspections import Held, later_than
from assistant.refusal import later_inspection
from assistant.superseded import out_of_use
from assistant.types import FINDINGS, Document, Kind


class Standing(StrEnum):
    """How current a document is."""

    CURRENT = "Current"
    LATER = "A later inspection exists"
    SUPERSEDED = "Superseded"
    WITHDRAWN = "Withdrawn"


@dataclass(frozen=True)
class Entry:
    """A document on the shelf. `why` says what came after it, and `instead` is the address of that; "" where it is current."""

    document: Document
    passages: int
    standing: Standing = Standing.CURRENT
    why: str = ""
    instead: str = ""


def entries(documents: Iterable[Document], counts: Mapping[str, int], sources: Mapping[str, Any], held: Sequence[Held] = ()) -> list[Entry]:
    """Every document with its standing. `sources` is what corpus/sources.toml says, `held` the letters and reports there are."""
    known = {entry["id"]: entry for key in ("document", "source") for entry in sources.get(key, [])}
    return [_entry(document, counts.get(document.id, 0), known, held) for document in documents]


def _entry(document: Document, passages: int, known: Mapping[str, Mapping[str, Any]], held: Sequence[Held]) -> Entry:
    said = known.get(document.id.split("--")[0], {})
    if out_of_use(document.edition):
        return Entry(document, passages, Standing.WITHDRAWN, document.edition)
    if later := said.get("later"):
        standing = Standing.LATER if document.kind in FINDINGS else Standing.SUPERSEDED
        return Entry(document, passages, standing, later[-1]["notice"], later[-1].get("url", ""))
    if new := known.get(said.get("superseded_by", "")):
        return Entry(document, passages, Standing.SUPERSEDED, f"Superseded by {new['title']}.", new.get("page") or new.get("url", ""))
    if document.kind in FINDINGS and (newer := later_than(document, held)):
        return Entry(document, passages, Standing.LATER, later_inspection(document, newer), newer.url)
    return Entry(document, passages)


def matching(shelf: Sequence[Entry], words: str = "", kinds: Collection[Kind] = (), authority: str = "") -> list[Entry]:
    """The entries that hold every one of `words`, of one of `kinds` and of `authority`; what is empty limits nothing."""
    wanted = words.lower().split()
    return [
        entry
        for entry in shelf
        if (not kinds or entry.document.kind in kinds)
        and (not authority or entry.document.authority == authority)
        and all(word in _words(entry.document) for word in wanted)
    ]


def _words(document: Document) -> str:
    return f"{document.title} {document.authority} {document.publisher} {document.edition} {document.published}".lower()


def removable(document: Document) -> bool:
    """Whether a person may take it away: only what was added or fetched, never what ships in corpus/."""
    return PurePath(document.source).is_absolute()
