"""The files of an index, and whether they can be searched at all. That is found out by another process: Chroma's can end the
one that opens them.

`python -m assistant.sound FOLDER` is that process: 0 where every vector is whole and a sample of them is found.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

_SECONDS = 120
_SAMPLE = 200
"""Vectors searched for, each by way of hundreds of others: together they pass nearly all links of a library of 20,000."""
PAGE = 5_000
"""Vectors at a time: Chroma names every id of an answer in one SQL statement."""
_NEAR = 0.02
"""How far from 1 the length of a vector may be, and from 0 its distance to itself."""
_ROOT = Path(__file__).resolve().parent.parent


def sound(folder: Path, seen: Path) -> bool:
    """Whether the index in `folder` can be searched. `seen` keeps what its files looked like when they last could be, or were
    just written: as long as they look the same, they are not tried."""
    looks = _looks(folder)
    if not looks or (seen.is_file() and seen.read_text(encoding="utf-8") == looks):
        return True
    try:
        tried = subprocess.run(
            [sys.executable, "-m", "assistant.sound", folder.resolve()], cwd=_ROOT, capture_output=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return False
    if tried.returncode == 0:
        remember(folder, seen)
    return tried.returncode == 0


def remember(folder: Path, seen: Path) -> None:
    """Keep in `seen` what the files in `folder` look like: they are good."""
    with suppress(OSError):  # on a full disk they are tried at the next start
        seen.write_text(_looks(folder), encoding="utf-8")


def client_of(folder: Path) -> Any:
    """Chroma over the files in `folder`, made where there are none."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))


def pages(collection: Any, *include: str) -> Iterator[Any]:
    """What a collection holds, so many at a time as can be written back at once."""
    for offset in range(0, collection.count(), PAGE):
        yield collection.get(limit=PAGE, offset=offset, include=list(include))


def _looks(folder: Path) -> str:
    """The name, size and time of every file that Chroma reads without looking; what is in SQLite's it looks at itself."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.parent != folder)
    return "\n".join(f"{file.relative_to(folder)} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)


def _finds_itself(collection: Any) -> bool:
    """Whether every vector of `collection` is of length 1, and a search for each of a sample finds one that is the same."""
    step = max(1, collection.count() // _SAMPLE)
    for page in pages(collection, "embeddings"):
        held = np.asarray(page["embeddings"], dtype=np.float32)
        if np.abs(np.linalg.norm(held, axis=1) - 1).max() > _NEAR:
            return False
        nearest = collection.query(query_embeddings=list(held[::step]), n_results=1, include=["distances"])["distances"]
        if max(distance for (distance,) in nearest) > _NEAR:
            return False
    return True


if __name__ == "__main__":
    sys.exit(0 if all(map(_finds_itself, client_of(Path(sys.argv[1])).list_collections())) else 1)
