"""What is known of a fetched file, in a .toml beside it: where it came from, when, and how to ask whether it changed."""

import contextlib
import hashlib
import json
import os
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from assistant.errors import LibraryError


@dataclass(frozen=True)
class Kept:
    """The record of one fetched file. `version` is the date the publisher gives its text; `withdrawn` when it was withdrawn."""

    source: str
    title: str
    address: str
    page: str
    retrieved: str
    etag: str
    last_modified: str
    sha256: str
    version: str = ""
    withdrawn: str = ""


def read_kept(file: Path) -> Kept | None:
    """The record beside `file`; None where there is none, or none that can be read."""
    try:
        data = tomllib.loads(_beside(file).read_text(encoding="utf-8"))
        return Kept(**{f.name: str(data[f.name]) for f in fields(Kept)})
    except (OSError, KeyError, ValueError):
        return None


def keep(file: Path, kept: Kept, data: bytes | None) -> None:
    """Write the record beside `file`, then `data` to `file` (None: leave it). Raises LibraryError where that fails.

    Each is written apart and moved into place whole. Where only the record arrived, its hash tells that the file is not it.
    """
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in asdict(kept).items()]
    _replace(_beside(file), "\n".join([*lines, ""]).encode())
    if data is not None:
        _replace(file, data)


def is_whole(file: Path, kept: Kept) -> bool:
    """Whether `file` is there and holds exactly what its record says."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == kept.sha256
    except OSError:
        return False


def discard(file: Path) -> None:
    """Remove a fetched file and its record."""
    for gone in (file, _beside(file)):
        with contextlib.suppress(FileNotFoundError):
            gone.unlink()


def _beside(file: Path) -> Path:
    return file.with_suffix(".toml")


def _replace(file: Path, data: bytes) -> None:
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        os.replace(part, file)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise LibraryError(f"{file} cannot be written ({error.strerror}); free some space or make its folder writable.") from error
