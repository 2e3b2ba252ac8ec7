"""What is to be done with each file of a run, decided before any is read: by its bytes, and by what the record holds."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import ReadError
from assistant.library import Library
from assistant.types import Document
from assistant.version import own, version
from ingest.readers import load

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Task:
    """One file. `before` is what the record holds of it, or of the file of the same bytes that it was before it was renamed.

    `refused` says why it cannot be read at all. `stamp` stands for all that its document is made from; `known` tells that
    the record holds a document made from just that. `same_as` is the source of another file with the same bytes, which
    stands for both.
    """

    file: Path
    source: str
    sha256: str = ""
    stamp: str = ""
    before: Document | None = None
    known: bool = False
    same_as: str = ""
    refused: str = ""

    @property
    def renamed(self) -> bool:
        """Whether it had another name when it was read."""
        return self.before is not None and self.before.source != self.source

    @property
    def to_read(self) -> bool:
        """Whether the file itself has to be read."""
        return not (self.known or self.same_as or self.refused)


def plan(files: Iterable[Path], library: Library, corpus: Path, maker: str) -> list[Task]:
    """A task for each file, in order. `maker` names the embedding model, whose window decides where passages are cut."""
    common = _common(corpus, maker)
    tasks = [_looked_at(file, source_of(file, corpus), common) for file in files]
    return decide(tasks, library.documents(), library.stamps(), corpus)


def decide(tasks: list[Task], documents: list[Document], stamps: dict[str, str], corpus: Path) -> list[Task]:
    """The tasks with what the record's documents and their stamps mean for each."""
    now = {task.source: task.sha256 for task in tasks}
    there = [d for d in documents if is_there(d, corpus)]
    held = {d.source: d for d in documents}
    gone = {d.sha256: d for d in documents if d not in there}
    stands = {sha256: source for source, sha256 in reversed(now.items())}
    stands |= {d.sha256: d.source for d in reversed(there) if now.get(d.source, d.sha256) == d.sha256}
    decided = []
    for task in tasks:
        if task.refused:
            decided.append(task)
            continue
        before = held.get(task.source)
        if stands[task.sha256] != task.source:
            decided.append(replace(task, before=before, same_as=stands[task.sha256]))
        else:
            known = before is not None and stamps.get(before.id) == task.stamp
            decided.append(replace(task, before=before or gone.get(task.sha256), known=known))
    return decided


def source_of(file: Path, corpus: Path) -> str:
    """Where a document came from: a path under corpus/, or the full path of a person's own file."""
    full = file.resolve()
    root = corpus.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else full.as_posix()


def is_there(document: Document, corpus: Path) -> bool:
    """Whether the file that a document was read from still is where it was."""
    return (corpus / document.source).exists()


def _looked_at(file: Path, source: str, common: str) -> Task:
    try:
        sha256 = hashlib.sha256(load(file)).hexdigest()
    except ReadError as error:
        return Task(file, source, refused=str(error))
    return Task(file, source, sha256, _hash(common, sha256, *map(_text_of, _beside(file))))


def _common(corpus: Path, maker: str) -> str:
    """What every document is made with: the code, the model, and what the corpus says of documents."""
    said = "sources.toml", "authorities.toml", "register.toml", "register_weights.toml", "weigher.npz"
    return _hash(version(read_with()), maker, *(_text_of(corpus / name) for name in said))


def read_with() -> list[Path]:
    """The files that decide what is read of a document: this package, the weights in it, and what it takes from the assistant."""
    return [
        *_HERE.rglob("*.py"),
        *_HERE.rglob("*.json"),
        *own("text", "views", "scope", "types", "findings", "classify", "settle", "weigher", "tuned"),
    ]


def _beside(file: Path) -> list[Path]:
    """Where more is said of a file: the record of a fetched one, the phrases a letter is asked by."""
    return [file.with_suffix(".toml"), file.with_suffix(".asked.toml")]


def _text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
