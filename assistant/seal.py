"""The hashes of a folder's files, kept in it: files that have changed since nobody was writing are damaged."""

import json
from collections.abc import Iterator
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path

_SEAL, _PART = "seal.json", "seal.part"


def seal(folder: Path) -> None:
    """Note the files of `folder` as they are, if there is room to. Only with nobody writing to them."""
    with suppress(OSError):  # unnoted, they are only not looked at
        (folder / _PART).write_text(json.dumps(dict(_hashes(folder))), encoding="utf-8")
        (folder / _PART).replace(folder / _SEAL)


def unseal(folder: Path) -> None:
    """Files of `folder` are about to change."""
    (folder / _SEAL).unlink(missing_ok=True)


def sealed(folder: Path) -> bool:
    """Whether the files of `folder` were noted since they last changed."""
    return (folder / _SEAL).exists()


def damaged(folder: Path) -> bool:
    """Whether files of `folder` are not what they were when they were noted; never where none were."""
    try:
        return sealed(folder) and json.loads((folder / _SEAL).read_text(encoding="utf-8")) != dict(_hashes(folder))
    except ValueError:  # the note itself
        return True


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file's hash by its path. Chroma's SQLite file is left out: it changes with every opening and tells of damage itself."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in (_SEAL, _PART) and ".sqlite3" not in path.name:
            with path.open("rb") as file:
                yield path.relative_to(folder).as_posix(), file_digest(file, "sha256").hexdigest()
