"""python -m eval.deployment [PATH ...]: whether a shared library (DATABASE_URL, CHROMA_URL) answers as one in a folder does.

Both are given corpus/ and the same files; every question of the cases is asked of each, and the answers are compared as JSON,
all of it but the timings.
"""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from assistant.chain import Assistant
from assistant.embedding import Embedder
from assistant.library import Library
from assistant.present import as_json
from assistant.settings import Settings
from eval.cases import Case, load
from eval.run import KEPT, ask
from ingest.__main__ import ingest_with_progress, plain_errors, progress_bar

SHOWN = 5
"""Differences that are printed."""


@dataclass(frozen=True)
class Compared:
    """One case asked of both libraries: where the answers differ (no name: they agree), and the milliseconds each took.

    The vectors are searched nearly and not exactly, and no two indexes of the same vectors are built alike, so that the scores
    of `passages` may differ in the fourth decimal where the farthest of 150 vectors is another one.
    """

    case: str
    differs: tuple[str, ...]
    alone_ms: float
    shared_ms: float


def compare(alone: Assistant, shared: Assistant, case: Case) -> Compared:
    """`case` asked of both."""
    (one, one_ms), (other, other_ms) = ask(alone, case), ask(shared, case)
    return Compared(case.id, differing(as_json(one), as_json(other)), one_ms, other_ms)


def differing(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, ...]:
    """The names under which two answers differ as JSON, timings aside."""
    return tuple(name for name in one if name != "timings_ms" and json.dumps(one[name]) != json.dumps(other[name]))


def summary(compared: Sequence[Compared]) -> str:
    """How many agree, which do not and in what, and how long a question took each."""
    bad = [c for c in compared if c.differs]
    alone, shared = (statistics.median(times) for times in zip(*((c.alone_ms, c.shared_ms) for c in compared), strict=True))
    return "\n".join(
        [
            f"{len(compared) - len(bad)} of {len(compared)} answers are the same in every field, "
            f"{sum(not set(c.differs) - {'passages'} for c in compared)} in all but the scores or order of the passages found.",
            *(f"{c.case}: {', '.join(c.differs)}" for c in bad[:SHOWN]),
            *([f"and {len(bad) - SHOWN} more"] if len(bad) > SHOWN else []),
            f"A question takes {alone:.0f} ms in a folder and {shared:.0f} ms shared (median).",
        ]
    )


def main(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders that both are to hold beside corpus/.")] = None,
    step: Annotated[int, typer.Option(help="Ask only every so many-th case.")] = 1,
) -> None:
    """Compare the answers of a shared library with those of one in a folder."""
    settings, console = Settings(), Console(stderr=True)
    with plain_errors(), Library(KEPT / "alone") as alone, Library.of(settings) as shared:
        if not shared.shared:
            raise typer.BadParameter("Set DATABASE_URL and CHROMA_URL to the shared library.")
        embedder = Embedder(settings.embedding_model)
        for library in (alone, shared):
            ingest_with_progress([settings.corpus_dir, *(paths or [])], library, embedder, settings.corpus_dir, console)
        assistants = [Assistant(library, embedder, settings.corpus_dir) for library in (alone, shared)]
        for assistant in assistants:
            assistant.warm()
        cases = [*load("dev"), *load("test")][::step]
        with progress_bar(console) as show:
            compared = []
            for done, case in enumerate(cases, start=1):
                compared.append(compare(assistants[0], assistants[1], case))
                show("Asking", done, len(cases))
        passages = sum(alone.counts().values())
    print(f"{passages} passages in each. {summary(compared)}")
    if any(c.differs for c in compared):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
