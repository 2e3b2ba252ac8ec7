"""A backup of a library in one file, and back from it: the record, what the service keeps of people, and the files that were added
or fetched. Vectors are left out: they are made anew from the record.

A tar file, its first member `manifest.json`, which has the size and the SHA-256 of every other.
"""

import filecmp
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from assistant.database import SERVICE, copy_database
from assistant.errors import LibraryError
from assistant.library import RECORD, Library, full, is_full, owned, sources

KEPT = ("added", "sources")
"""The folders beside the library with files that were added or fetched."""
_MANIFEST, _FORMAT = "manifest.json", 1
_MANIFEST_BYTES = 16_000_000
_SUFFIXES = {".tar": "", ".gz": "gz"}
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Backed:
    """What a backup holds: how many files, and their bytes before packing."""

    files: int
    size: int


def backup(library: Path, file: Path) -> Backed:
    """Write a backup of the library in the folder `library` to `file` (.tar or .tar.gz), while the app runs or not.

    It is all there or not there at all. Raises LibraryError: where there is no library, `file` exists, or cannot be written.
    """
    packed = _packing(file)
    if not (library / RECORD).is_file():
        raise LibraryError(f"There is no library in {library} to back up; check LIBRARY_DIR.")
    if file.exists():
        raise LibraryError(f"{file} exists already; give the backup another name.")
    with _plain(file.parent), tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as name:
        staged = Path(name)
        _stage(library, staged / "files")
        members = {path: _described(staged / "files" / path) for path in _files(staged / "files")}
        manifest = {
            "format": _FORMAT, "made": datetime.now(UTC).isoformat(timespec="seconds"), "home": str(library.resolve().parent), "files": members,
        }  # fmt: skip
        (staged / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        whole = staged / "whole"
        with tarfile.open(whole, f"w:{packed}") as archive:  # type: ignore[call-overload]
            archive.add(staged / _MANIFEST, _MANIFEST, filter=_anonymous)
            for path in members:
                archive.add(staged / "files" / path, path, recursive=False, filter=_anonymous)
        _flush(whole)
        os.link(whole, file)  # unlike a move, never over another file
    return Backed(len(members), sum(member["size"] for member in members.values()))


def restore(file: Path, library: Path, replace: bool = False) -> Backed:
    """Put what the backup `file` holds in the folder `library` and beside it, once all of it has passed its check.

    What is there already is refused unless `replace`, and then put aside until everything new is in its place.
    Raises LibraryError: a file that is no whole backup, a library that is there or in use, or no room.
    """
    home = library.resolve().parent
    library = home / library.name
    if not replace and (library / RECORD).exists():
        raise LibraryError(
            f"There is a library in {library} already; use --replace to have the backup take its place, or --into another folder."
        )
    with _plain(home):
        home.mkdir(parents=True, exist_ok=True)
        with owned(library), tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as name:
            staged = Path(name)
            manifest = _unpack(file, staged / "unpacked")
            new = _arranged(staged / "unpacked", staged / "new", library.name)
            kept = [path for path in manifest["files"] if path.startswith(KEPT)]
            if not replace:
                _require_free(home, new, kept)
            with Library(new / library.name) as record:
                for folder in KEPT:
                    record.moved(Path(manifest["home"]) / folder, home / folder)
            _swap(new, home, staged / "old", [*kept, library.name])
    return Backed(len(manifest["files"]), sum(member["size"] for member in manifest["files"].values()))


# -- making one --------------------------------------------------------------------


def _stage(library: Path, folder: Path) -> None:
    """Copies of all that goes in, so that what changes meanwhile cannot spoil it."""
    folder.mkdir()
    for database in (RECORD, SERVICE):
        if (library / database).is_file():
            copy_database(library / database, folder / database)
    home = library.resolve().parent
    for source in map(Path, sources(folder / RECORD)):
        if source.parts[: len(home.parts)] == home.parts and source.relative_to(home).parts[0] in KEPT:
            for path in (source, source.with_suffix(".toml")):
                if path.is_file() and not path.is_symlink():
                    target = folder / path.relative_to(home)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)


def _files(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _described(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        return {"size": file.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without who made it; for its owner's eyes alone."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _packing(file: Path) -> str:
    if file.suffix not in _SUFFIXES or (file.suffix == ".gz" and not file.name.endswith(".tar.gz")):
        raise LibraryError(f"{file.name} must end in .tar or .tar.gz.")
    return _SUFFIXES[file.suffix]


def _flush(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


# -- and back ----------------------------------------------------------------------


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """The members of a backup as files in `folder`, each of the size and hash its manifest has. The manifest.

    Raises LibraryError for anything else in it: another kind of member, a name that leads elsewhere, more than there is room for.
    """
    folder.mkdir()
    try:
        with tarfile.open(file, "r:*") as archive:
            manifest = _manifest(file, archive)
            left = dict(manifest["files"])
            if sum(member["size"] for member in left.values()) > shutil.disk_usage(folder).free:
                raise full(folder.parent.parent)
            for member in iter(archive.next, None):
                described = left.pop(member.name, None)
                if described is None or not _is_plain(member) or member.size != described["size"]:
                    raise _not_whole(file)
                _extract(file, archive, member, folder / member.name, described["sha256"])
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _not_whole(file) from error
    if left or RECORD not in manifest["files"]:
        raise _not_whole(file)
    return manifest


def _manifest(file: Path, archive: tarfile.TarFile) -> dict[str, Any]:
    member = archive.next()
    if member is None or member.name != _MANIFEST or not member.isreg() or member.size > _MANIFEST_BYTES:
        raise _not_whole(file)
    manifest: dict[str, Any] = json.loads(_stream(archive, member).read())
    if manifest["format"] != _FORMAT:
        raise LibraryError(f"{file.name} is a backup of a newer version; upgrade the app, then restore it.")
    if not all(_is_safe(name) and isinstance(described["size"], int) for name, described in manifest["files"].items()):
        raise _not_whole(file)
    return manifest


def _is_safe(name: str) -> bool:
    """Whether a member's name is one that a backup has: a database, or a file somewhere in a kept folder."""
    parts = PurePosixPath(name).parts
    inside = len(parts) > 1 and parts[0] in KEPT and not any(part.startswith(".") or "\\" in part or "\0" in part for part in parts)
    return name in (RECORD, SERVICE) or (inside and PurePosixPath(name).as_posix() == name)


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not member.issparse()


def _stream(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member)
    if stream is None:
        raise tarfile.TarError
    return stream


def _extract(file: Path, archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path, sha256: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    stream = _stream(archive, member)
    with target.open("xb") as out:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != sha256:
        raise _not_whole(file)


def _not_whole(file: Path) -> LibraryError:
    return LibraryError(f"{file.name} is not a whole backup of this app, so nothing was changed; use another copy of it.")


def _arranged(unpacked: Path, whole: Path, name: str) -> Path:
    """What was unpacked, as it will lie: the library's folder by its name, and the kept folders beside it."""
    (whole / name).mkdir(parents=True)
    for database in (RECORD, SERVICE):
        if (unpacked / database).exists():
            (unpacked / database).rename(whole / name / database)
    for kept in KEPT:
        if (unpacked / kept).exists():
            (unpacked / kept).rename(whole / kept)
    return whole


def _require_free(home: Path, new: Path, kept: Iterable[str]) -> None:
    """Raises LibraryError where another file has the name of one that was kept: it may belong to another library."""
    for path in kept:
        if (home / path).exists() and not filecmp.cmp(home / path, new / path, shallow=False):
            raise LibraryError(
                f"{home / path} is another file than the backup has; use --replace to have it replaced, or --into another folder."
            )


def _swap(new: Path, home: Path, old: Path, paths: Iterable[str]) -> None:
    """Move each of `paths` from `new` to `home`, what is there to `old`. Where that fails, everything goes back."""
    done: list[tuple[Path, Path]] = []
    try:
        for path in paths:
            for source, target in ((home / path, old / path), (new / path, home / path)):
                if source.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    source.rename(target)
                    done.append((source, target))
    except OSError:
        for source, target in reversed(done):
            target.rename(source)
        raise


@contextmanager
def _plain(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if is_full(folder, error):
            raise full(folder) from error
        raise LibraryError(
            f"{error.filename or folder} cannot be read or written ({error.strerror}); check its name and permissions."
        ) from error
