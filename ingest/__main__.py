"""python -m ingest [PATH ...]: bring files and folders into the library."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from assistant.embedding import Embedder
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.settings import Settings
from ingest.run import Outcome, ingest


def ingest_with_progress(paths: list[Path], library: Library, embedder: Embedder, corpus: Path, console: Console) -> list[Outcome]:
    """`ingest`, with a progress bar on `console`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            task = tasks.setdefault(what, bar.add_task(what, total=total)) if what not in tasks else tasks[what]
            bar.update(task, completed=done, total=total)

        return ingest(paths, library, embedder, corpus, show)


def table(outcomes: list[Outcome]) -> Table:
    """The closing table: how many files of each outcome, and each refused or removed one with its reason."""
    counts = Counter(outcome.what for outcome in outcomes)
    made = Table(title="Ingested")
    made.add_column("Outcome")
    made.add_column("Files", justify="right")
    made.add_column("Which, and why")
    for what in ("new", "changed", "unchanged", "removed", "refused"):
        reasons = [o.reason for o in outcomes if o.what == what and o.reason]
        made.add_row(what, str(counts[what]), "\n".join(reasons))
    return made


def main(paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; corpus/ when none is given.")] = None) -> None:
    """Bring files and folders into the library: text, Markdown and PDF."""
    settings = Settings()
    try:
        with Library(settings.library_dir) as library:
            outcomes = ingest_with_progress(
                paths or [settings.corpus_dir], library, Embedder(settings.embedding_model), settings.corpus_dir, Console(stderr=True)
            )
    except AssistantError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    Console().print(table(outcomes))
    if outcomes and all(outcome.what == "refused" for outcome in outcomes):
        print(outcomes[0].reason, file=sys.stderr)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
