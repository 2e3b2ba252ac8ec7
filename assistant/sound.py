"""Whether the files of an index can be searched at all, found out by another process: Chroma's own can end the one that opens them.

`python -m assistant.sound FOLDER` is that process: 0 where every vector is whole and a sample of them is found.
"""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

_SECONDS = 120
_SAMPLE = 200
"""Vectors searched for, each by way of hundreds of others: together they pass nearly all links of a library of 20,000."""
_PAGE = 5_000
"""Vectors at a time: Chroma names every id of an answer in one SQL statement."""
_NEAR = 0.02
"""How far from 1 the length of a vector may be, and from 0 its distance to itself."""
_ROOT = Path(__file__).resolve().parent.parent


def sound(folder: Path, seen: Path) -> bool:
    """Whether the index in `folder` can be searched. `seen` keeps what its files looked like when they last could be: as
    long as they look the same, they are not tried again."""
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
        with suppress(OSError):  # on a full disk they are tried again
            seen.write_text(looks, encoding="utf-8")
    return tried.returncode == 0


def _looks(folder: Path) -> str:
    """The name, size and time of every file that Chroma reads without looking; what is in SQLite's it looks at itself."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.parent != folder)
    return "\n".join(f"{file.relative_to(folder)} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)


def _try(folder: str) -> bool:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False))
    return all(_finds_itself(collection) for collection in client.list_collections())


def _finds_itself(collection: Any) -> bool:
    """Whether every vector of `collection` is of length 1, and a search for each of a sample finds one that is the same."""
    count = collection.count()
    step = max(1, count // _SAMPLE)
    for offset in range(0, count, _PAGE):
        held = np.asarray(collection.get(limit=_PAGE, offset=offset, include=["embeddings"])["embeddings"], dtype=np.float32)
        if np.abs(np.linalg.norm(held, axis=1) - 1).max() > _NEAR:
            return False
        nearest = collection.query(query_embeddings=list(held[::step]), n_results=1, include=["distances"])["distances"]
        if max(distance for (distance,) in nearest) > _NEAR:
            return False
    return True


if __name__ == "__main__":
    sys.exit(0 if _try(sys.argv[1]) else 1)
