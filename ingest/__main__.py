"""python -m ingest [PATH ...]: bring files and folders into the library. python -m ingest fetch [ID ...]: official documents."""

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table

from assistant.embedding import Embedder
from assistant.errors import AssistantError
from assistant.library import Library
from assistant.settings import Settings
from ingest.fetch import chosen, fetch
from ingest.readers import READERS, why_unread
from ingest.run import Outcome, Progress, ingest
from ingest.sources import read_manifest
from ingest.web import Manners, Web

INGESTED = ("new", "changed", "unchanged", "removed", "refused")
FETCHED = ("fetched", "unchanged", "removed", "failed", "refused")


@contextlib.contextmanager
def progress_bar(console: Console) -> Iterator[Progress]:
    """Something to call as work goes on, which shows it as a bar on `console`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            task = tasks.setdefault(what, bar.add_task(what, total=total)) if what not in tasks else tasks[what]
            bar.update(task, completed=done, total=total)

        yield show


def ingest_with_progress(paths: list[Path], library: Library, embedder: Embedder, corpus: Path, console: Console) -> list[Outcome]:
    """`ingest`, with a progress bar on `console`."""
    with progress_bar(console) as show:
        return ingest(paths, library, embedder, corpus, show)


def fetch_into_library(
    ids: list[str],
    settings: Settings,
    console: Console,
    manners: Manners | None = None,
    transport: httpx.BaseTransport | None = None,
) -> tuple[list[Outcome], list[Outcome]]:
    """Download the sources of `ids` (none: all), then bring what is new or changed into the library: what each step did.

    Raises FetchError for an unknown id or where nothing can be reached; then nothing has changed.
    """
    manifest = read_manifest(settings.corpus_dir)
    wanted = chosen(ids, manifest.sources)
    folder = settings.library_dir.parent / "sources"
    with Web(manifest.hosts, manners, transport) as web, progress_bar(console) as show:
        fetched = fetch(wanted, folder, web, [source.address for source in manifest.sources.values()], show)
    if not folder.exists():
        return fetched, []
    with Library.of(settings) as library:
        corpus = [] if library.counts() else [settings.corpus_dir]
        paths = [*corpus, folder, *without_reader(folder)]
        return fetched, ingest_with_progress(paths, library, Embedder(settings.embedding_model), settings.corpus_dir, console)


def without_reader(folder: Path) -> list[Path]:
    """Files of `folder` that the run over it would pass over in silence: named, so that it refuses them by name."""
    aside = {*READERS, ".toml", ".watched", ".part"}
    return [file for file in sorted(folder.iterdir()) if file.suffix not in aside and not why_unread(file)]


def table(outcomes: list[Outcome], title: str = "Ingested", rows: tuple[str, ...] = INGESTED) -> Table:
    """The closing table: how many files of each outcome, and the reason of each that has one."""
    counts = Counter(outcome.what for outcome in outcomes)
    made = Table(title=title)
    made.add_column("Outcome")
    made.add_column("Files", justify="right")
    made.add_column("Which, and why")
    for what in rows:
        reasons = [o.reason for o in outcomes if o.what == what and o.reason]
        made.add_row(what, str(counts[what]), "\n".join(reasons))
    return made


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """One clear line on stderr and exit code 1 in place of a traceback."""
    try:
        yield
    except AssistantError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    except typer.Exit:
        raise
    except Exception as error:  # the last resort: what nobody foresaw is still one line and not a traceback
        print(
            f"Something went wrong that should not have ({type(error).__name__}); run `python app.py check` and try again.", file=sys.stderr
        )
        raise typer.Exit(1) from error


def stop_if_none_worked(outcomes: list[Outcome], bad: frozenset[str]) -> None:
    """Exit code 1, with the first reason, where every outcome is a bad one."""
    if outcomes and all(outcome.what in bad for outcome in outcomes):
        print(outcomes[0].reason, file=sys.stderr)
        raise typer.Exit(1)


def main(paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders; corpus/ when none is given.")] = None) -> None:
    """Bring files and folders into the library: text, Markdown, PDF, Word, HTML, GOV.UK JSON and legislation XML. `fetch` in place of a path: the official documents."""
    settings = Settings()
    with plain_errors(), Library.of(settings) as library:
        outcomes = ingest_with_progress(
            paths or [settings.corpus_dir], library, Embedder(settings.embedding_model), settings.corpus_dir, Console(stderr=True)
        )
    Console().print(table(outcomes))
    stop_if_none_worked(outcomes, frozenset({"refused"}))


def fetch_command(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Sources by id; all when none is given.")] = None,
    show_list: Annotated[bool, typer.Option("--list", help="Print the ids and titles, and fetch nothing.")] = False,
) -> None:
    """Download official documents that are new or have changed, and bring them into the library."""
    settings = Settings()
    with plain_errors():
        if show_list:
            for source in chosen(ids or [], read_manifest(settings.corpus_dir).sources):
                print(f"{source.id}: {source.title}{'' if source.verified else ' (address not verified)'}")
            return
        fetched, ingested = fetch_into_library(ids or [], settings, Console(stderr=True))
    Console().print(table(fetched, "Fetched", FETCHED))
    Console().print(table(ingested))
    stop_if_none_worked(fetched, frozenset({"failed", "refused"}))


def command(fetching: bool) -> typer.Typer:
    """The command for the official documents, or for files and folders."""
    app = typer.Typer(add_completion=False)
    app.command()(fetch_command if fetching else main)
    return app


def run(arguments: list[str]) -> None:
    """Run the command that `arguments` ask for: `fetch` first means the official documents, anything else files and folders."""
    fetching = arguments[:1] == ["fetch"]
    given = arguments[1:] if fetching else arguments
    command(fetching)(given, prog_name="python -m ingest fetch" if fetching else "python -m ingest")


if __name__ == "__main__":
    run(sys.argv[1:])
