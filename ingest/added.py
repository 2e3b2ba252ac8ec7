"""Files that a person adds or takes away in the app. Each is kept in a folder of its own, so that it outlives the upload."""

import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from assistant.chain import Assistant
from assistant.errors import AssistantError, LibraryError
from assistant.shelf import removable
from ingest.run import Outcome, Progress, ingest

_NAME_LENGTH, _SUFFIX_LENGTH = 120, 12


def folder_of(assistant: Assistant) -> Path:
    """Where added files are kept: `added`, beside the library."""
    return assistant.library.folder.resolve().parent / "added"


def add(uploads: Iterable[Path], assistant: Assistant, progress: Progress = lambda *_: None) -> list[Outcome]:
    """Keep the uploads and bring them into the library. One of the same name as before replaces it, unless it is refused.

    Raises LibraryError where the files cannot be kept or the library fails.
    """
    with assistant.library.writing():
        outcomes = _add(uploads, assistant, progress)
    assistant.reload()
    return outcomes


def _add(uploads: Iterable[Path], assistant: Assistant, progress: Progress) -> list[Outcome]:
    folder = folder_of(assistant)
    kept: dict[str, Path] = {}
    try:
        for upload in uploads:
            file = _keep(upload, folder)
            kept[file.name] = file
        outcomes = ingest(kept.values(), assistant.library, assistant.embedder, assistant.corpus, progress)
    except AssistantError:
        for file in kept.values():
            _put_back(file)
        raise
    for outcome in outcomes:
        if outcome.what == "refused":
            _put_back(kept[outcome.name])
    for file in kept.values():
        _aside(file).unlink(missing_ok=True)
    return outcomes


def remove(document_id: str, assistant: Assistant) -> str:
    """Take a document that was added or fetched out of the library, with its kept file. Its title.

    Raises LibraryError where there is no such document or it ships with the project.
    """
    document = assistant.library.document(document_id)
    if document is None:
        raise LibraryError("That document is no longer in the library.")
    if not removable(document):
        raise LibraryError(f"{document.title} ships with the project, so it cannot be removed here.")
    with assistant.library.writing():
        assistant.library.remove(document_id)
        assistant.index.sync()
        file = Path(document.source)
        if file.parent == folder_of(assistant):
            file.unlink(missing_ok=True)
    assistant.reload()
    return document.title


def safe_name(name: str) -> str:
    """The name of a file, with nothing in it that a folder or a shell reads as more than a name."""
    plain = Path(re.sub(r"[^\w .()&',+-]", "_", Path(name).name).strip(" .") or "file")
    return plain.stem[:_NAME_LENGTH].rstrip(" .") + plain.suffix[:_SUFFIX_LENGTH]


def _keep(upload: Path, folder: Path) -> Path:
    """A copy of the upload in `folder`; what had its name is set aside."""
    file = folder / safe_name(upload.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if file.exists() and not _aside(file).exists():
            file.rename(_aside(file))
        shutil.copyfile(upload, file)
    except OSError as error:
        with suppress(OSError):
            _put_back(file)
        raise LibraryError(f"{file.name} cannot be kept in {folder} ({error.strerror}); free some space or make it writable.") from error
    return file


def _put_back(file: Path) -> None:
    file.unlink(missing_ok=True)
    if _aside(file).exists():
        _aside(file).rename(file)


def _aside(file: Path) -> Path:
    return file.with_name(f".{file.name}.aside")
