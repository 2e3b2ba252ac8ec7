"""What has been superseded among the documents an answer cites, from what corpus/sources.toml says. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any


def superseded(cited: Collection[str], entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """A notice for each document in `cited` (ids) that an entry says another entry has superseded.

    The id of a document's attachment is the document's own id, two dashes and a name; it is superseded with it.
    """
    known = {entry["id"]: entry for entry in entries}
    ids = dict.fromkeys(document_id.split("--")[0] for document_id in cited)
    pairs = [(known[i], known.get(known[i].get("superseded_by", ""))) for i in sorted(ids) if i in known]
    return [_notice(old, new) for old, new in pairs if new]


def out_of_use(edition: str) -> bool:
    """Whether a document's edition says that its publisher has withdrawn it."""
    return "withdrawn" in edition.lower()


def _notice(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    return (
        f"{_named(old)} has been superseded by {_named(new)}: "
        f"read that before relying on this as the current position. {new.get('page') or new.get('url', '')}"
    ).strip()


def _named(entry: Mapping[str, Any]) -> str:
    return f"{entry['title']} (published {entry['published']})" if entry.get("published") else str(entry["title"])
