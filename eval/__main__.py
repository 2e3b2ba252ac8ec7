"""python -m eval [dev|fit|compare|readme]: the questions through the assistant, other searches, and the assistant in part."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from assistant.chain import Assistant
from assistant.embedding import Embedder
from assistant.settings import Settings
from eval.cases import REPORTS, Case, Holding, load
from eval.fit import fit_bare, fit_phrased
from eval.page import page
from eval.quick import quick
from eval.results import (
    ALL,
    DATED,
    EXPLAINED,
    FOLDER,
    README,
    Run,
    changes,
    in_readme,
    moved,
    newest,
    read,
    shown,
    with_interval,
    write,
)
from eval.run import HOLDINGS, Progress, by_holding, library_of, run
from ingest.__main__ import plain_errors

Fit = Callable[[Assistant, Sequence[Case]], None]
cli = typer.Typer(add_completion=False, help="Measure the assistant.")
Reports = Annotated[Path, typer.Option("--reports", help="Folder of inspection reports; cases on them are left out without it.")]
Ablate = Annotated[bool, typer.Option(help="With each part switched off in turn, which takes the longest.")]
Quick = Annotated[bool, typer.Option("--quick", help="Some sixty development questions over corpus/ alone.")]


@contextlib.contextmanager
def one_bar(console: Console) -> Iterator[Progress]:
    """Something to call as work goes on: one bar, whatever is being done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)


@cli.callback(invoke_without_command=True)
def everything(context: typer.Context, reports: Reports = REPORTS, small: Quick = False, ablate: Ablate = True) -> None:
    """Measure both halves: figures are given of the test half, single answers of the development half alone."""
    if context.invoked_subcommand:
        return
    if small:
        _measure("quick", {"dev": quick(load("dev"), Settings())}, "dev", reports, ablate=False)
    else:
        _measure("all", {half: load(half) for half in ("dev", "test")}, "test", reports, ablate)


@cli.command()
def dev(reports: Reports = REPORTS, ablate: Ablate = False) -> None:
    """Measure the development half alone."""
    _measure("dev", {"dev": load("dev")}, "dev", reports, ablate)


@cli.command()
def compare(a: str, b: str) -> None:
    """Say what differs between two runs: files, or names of files in eval/results."""
    try:
        before, after = read(a), read(b)
    except FileNotFoundError as error:
        held = ", ".join(sorted(file.stem for file in FOLDER.glob(DATED))) or "none"
        raise typer.BadParameter(f"There is no run {Path(error.filename).stem}; the runs in eval/results are: {held}.") from error
    table = Table("half", "slice", "figure", a, b, "intervals apart")
    for half, key, name, old, new, sure in changes(before, after):
        table.add_row(half, key, name, shown(name, old), shown(name, new), "yes" if sure else "")
    out = Console()
    out.print(table)
    for what, ids in zip(("worse", "better"), moved(before, after), strict=True):
        out.print(f"Development cases that went {what}: {', '.join(ids) or 'none'}.")


@cli.command()
def readme() -> None:
    """Write the figures of the newest whole run into README."""
    latest = newest("all")
    if latest is None:
        raise typer.BadParameter("There is no whole run in eval/results; `python -m eval` makes one.")
    README.write_text(in_readme(README.read_text(encoding="utf-8"), latest), encoding="utf-8")


@cli.command()
def fit(reports: Reports = REPORTS) -> None:
    """Fit the weights of search and of the gates on the development half, and print them."""
    settings, embedder = Settings(), Embedder()
    cases = by_holding([case for case in load("dev") if not case.turns], settings)
    with plain_errors(), one_bar(Console(stderr=True)) as progress:
        both: tuple[tuple[Holding, Fit], ...] = (("corpus", fit_phrased), ("reports", fit_bare))
        for holding, fitted in both:
            if holding == "corpus" or reports.is_dir():
                with library_of(holding, reports, embedder, settings, progress) as library:
                    fitted(Assistant(library, embedder, settings.corpus_dir), cases[holding])


def _measure(what: str, halves: dict[str, list[Case]], judged: str, reports: Path, ablate: bool) -> None:
    with plain_errors(), one_bar(Console(stderr=True)) as progress:
        found = run(what, halves, judged, reports, Settings(), progress, ablate)
    before = newest(what, before=found["when"])
    file = write(found)
    (FOLDER / ("report.html" if what == "all" else f"report-{what}.html")).write_text(page(found, before), encoding="utf-8")
    out = Console()
    out.print(_table(found, judged))
    out.print(f"Written: {file} and the page beside it.")


def _table(found: Run, half: str) -> Table:
    figures, counts = found["halves"][half]["figures"], found["halves"][half]["cases"]
    keys = [key for key in (ALL, *(f"library: {holding}" for holding in HOLDINGS)) if key in figures]
    table = Table("figure", *(f"{key}, {counts[key]}" for key in keys), title=f"{half} half, commit {found['commit']}")
    for name in figures[ALL]:
        table.add_row(EXPLAINED.get(name, name), *(with_interval(name, figures[key].get(name)) for key in keys))
    for name, of in found["halves"][half]["baselines"].items():
        for figure in ("hit@1", "hit@5", "characters in five"):
            table.add_row(f"{name}: {figure}", *(with_interval(figure, of[key].get(figure)) for key in keys))
    return table


if __name__ == "__main__":
    cli(prog_name="python -m eval")
