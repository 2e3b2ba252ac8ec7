"""python -m eval.load [--people 50] [--arrivals 200] [--soak MINUTES] [--ingest]: the real app under many people at once.

The library is LIBRARY_DIR, copied first. People ask the development questions over HTTP as the page does, each in a page of their
own, which they have opened before; the time counts from the press of the button.
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from assistant.settings import Settings
from eval.cases import load
from eval.page_client import App, Asked, Buttons, add_files, app, ask, buttons, open_page, press

_WAIT = httpx.Timeout(120)
_ALONE = 30
"""Questions of one person, one after the other."""
_OPENING = 10
"""Pages that open at the same time."""


def main(
    people: Annotated[int, typer.Option(help="How many ask at once.")] = 50,
    arrivals: Annotated[int, typer.Option(help="How many arrive at once, more than are let in.")] = 200,
    rounds: Annotated[int, typer.Option(help="How often all the people ask.")] = 3,
    soak: Annotated[float, typer.Option(help="Minutes of four people who ask one question after the other.")] = 0,
    ingest: Annotated[bool, typer.Option("--ingest", help="The people again, while files are added to the library.")] = False,
) -> None:
    """Print how long people wait, and what becomes of their questions."""
    questions = [case.question for case in load("dev") if not case.turns]
    table = Table("load", "questions", "answered", "refused politely", "failed", "p50 s", "p95 s", "longest s", "p95 s to anything shown")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "home" / "library"
        shutil.copytree(Settings().library_dir, library)
        with app(library) as running:
            pressed = buttons(running)
            at_once(running, pressed, questions[-1:])  # the model is still being loaded, and nobody of the table waits for that
            alone = [one for question in questions[:_ALONE] for one in at_once(running, pressed, [question])]
            table.add_row("one person alone", *figures(alone))
            asked = [one for turn in range(rounds) for one in at_once(running, pressed, _cycled(questions, people, turn))]
            table.add_row(f"{people} at once, {rounds} times", *figures(asked))
            if ingest:
                table.add_row(
                    f"{people} at once beside an ingest", *figures(beside_ingest(running, pressed, questions, people, Path(folder)))
                )
            if arrivals:
                table.add_row(f"{arrivals} at once", *figures(at_once(running, pressed, _cycled(questions, arrivals, 0))))
            if soak:
                before, after, asked = soaked(running, pressed, questions, soak)
                table.add_row(f"soak of {soak:g} minutes", *figures(asked))
            health = running.health()
    Console().print(table)
    if soak:
        print(f"Memory: {before:.0f} MB before the soak, {after:.0f} MB after it: {100 * (after / before - 1):+.1f}%.")
    print(f"Health after it all: {health}.")


def figures(asked: Sequence[Asked]) -> list[str]:
    """The row of a table: how many, what became of them, and the seconds of those that were answered."""
    counts = Counter(one.what for one in asked)
    answered = [one for one in asked if one.what == "answered"] or [Asked("answered", 0.0)]
    took = [one.seconds for one in answered]
    for why, count in Counter(f"{one.what}: {one.why}" for one in asked if one.what == "failed").items():
        print(f"{count} {why}")
    counted = [str(counts[what]) for what in ("answered", "refused", "failed")]
    seconds = median(took), _p95(took), max(took), _p95([one.first for one in answered])
    return [str(len(asked)), *counted, *(f"{figure:.2f}" for figure in seconds)]


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(0.95 * len(seconds))]


def at_once(running: App, pressed: Buttons, questions: Sequence[str], pages: Sequence[str] = ()) -> list[Asked]:
    """All the questions at the same time, each in one of the `pages`, or where there are none in a page opened for it."""

    async def everyone() -> list[Asked]:
        async with _client(running) as client:
            asked = (ask(client, pressed.send, question, page) for question, page in zip(questions, pages, strict=True))
            return list(await asyncio.gather(*asked))

    pages = pages or opened(running, pressed, len(questions))
    return asyncio.run(everyone())


def opened(running: App, pressed: Buttons, count: int) -> list[str]:
    """So many new pages."""

    async def some() -> list[str]:
        async with _client(running) as client:
            groups = [range(group, min(group + _OPENING, count)) for group in range(0, count, _OPENING)]
            return [page for group in groups for page in await asyncio.gather(*(open_page(client, pressed.opens) for _ in group))]

    return asyncio.run(some())


def _client(running: App) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=running.url, timeout=_WAIT, limits=httpx.Limits(max_connections=None))


def soaked(running: App, pressed: Buttons, questions: Sequence[str], minutes: float, people: int = 4) -> tuple[float, float, list[Asked]]:
    """(memory in MB once it has settled, and after `minutes` of questions; how they went). Each has one page, and starts again
    there after ten questions. Memory has settled once every question was asked: what is kept of passages seen is kept by then."""
    pages = opened(running, pressed, people)
    before, asked, turn, until = 0.0, list[Asked](), 0, float("inf")
    while time.monotonic() < until:
        asked += at_once(running, pressed, _cycled(questions, people, turn := turn + 1), pages)
        if turn % 10 == 0:
            asyncio.run(_again(running, pressed, pages))
        if turn == len(questions) // people:
            before, until = running.memory_mb(), time.monotonic() + 60 * minutes
    return before, running.memory_mb(), asked


async def _again(running: App, pressed: Buttons, pages: Sequence[str]) -> None:
    async with _client(running) as client:
        await asyncio.gather(*(press(client, pressed.again, [], "", page) for page in pages))


def beside_ingest(running: App, pressed: Buttons, questions: Sequence[str], people: int, folder: Path) -> list[Asked]:
    """All the people at once, again and again while files are being added in the app."""

    files = []
    for place in range(20):
        files.append(folder / f"Procedure {place}.md")
        steps = (f"Step {n} of procedure {place} is taken by the duty team." for n in range(60))
        files[-1].write_text("\n\n".join((f"# Procedure {place}", *steps)), encoding="utf-8")

    async def adding() -> Asked:
        async with httpx.AsyncClient(base_url=running.url, timeout=httpx.Timeout(900)) as client:
            return await add_files(client, pressed.add_files, files)

    asked: list[Asked] = []
    with ThreadPoolExecutor(1) as pool:
        added = pool.submit(asyncio.run, adding())
        while not asked or not added.done():
            asked += at_once(running, pressed, _cycled(questions, people, len(asked)))
    if added.result().what != "answered":
        print(f"The files were not added: {added.result().why}")
    return asked


def _cycled(questions: Sequence[str], count: int, turn: int) -> list[str]:
    return [questions[(turn * count + place) % len(questions)] for place in range(count)]


if __name__ == "__main__":
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    typer.run(main)
