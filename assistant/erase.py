"""Erasing a document: no byte of its text, its name or what was made of it is left in the library or beside it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from assistant.audit import Audit
from assistant.backup import KEPT
from assistant.conversations import Conversations
from assistant.database import scrub
from assistant.errors import LibraryError
from assistant.feedback import Reviews
from assistant.library import Library
from assistant.shelf import removable
from assistant.vectors import VectorIndex


@dataclass(frozen=True)
class Erased:
    """What was erased: the document's title, how many passages and pieces of feedback, and the file it was read from where that
    is a person's own and so was left."""

    title: str
    passages: int
    feedback: int
    left: str = ""


def erase(document_id: str, library: Library, index: VectorIndex, engine: Engine) -> Erased:
    """Erase a document that was added or fetched. Broken off, the same call or `python app.py check` completes it.

    Raises LibraryError where there is no such document, it ships with the project, or something cannot be written.
    """
    document = library.document(document_id)
    if document is None:
        raise LibraryError(f"The library has no document {document_id}; `python app.py library` lists what it has.")
    if not removable(document):
        raise LibraryError(
            f"{document.title} ships with the project and would be back at the next start; take its file out of corpus/ first."
        )
    feedback = Reviews(engine).forget_document(document_id)
    Audit(engine).forget_document(document_id)
    Conversations(engine, days=0).forget_document(document_id)
    scrub(engine)
    passages = library.counts().get(document_id, 0)
    left = _unlinked(Path(document.source), library.folder.resolve().parent)
    index.rewrite(without=document_id)
    library.remove(document_id)
    index.sync()
    library.scrub()
    return Erased(document.title, passages, feedback, left)


def _unlinked(source: Path, home: Path) -> str:
    """Delete the kept file and its record; a file that lies elsewhere is a person's own: its name."""
    if source.parent not in [home / folder for folder in KEPT]:
        return str(source) if source.exists() else ""
    try:
        for file in (source, source.with_suffix(".toml"), source.with_name(f".{source.name}.aside")):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise LibraryError(f"{source} cannot be deleted ({error.strerror}); make its folder writable and run it again.") from error
    return ""
