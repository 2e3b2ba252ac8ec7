"""python -m eval.faults [--times 20] [NAME ...]: what happens to the real app when something breaks under it, again and again.

Each fault says what it expects: nothing stored is lost, the service is back without hands, the message is clear. The library is
LIBRARY_DIR, copied first.
"""

import asyncio
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table

from assistant.database import SERVICE
from assistant.library import RECORD
from assistant.settings import Settings
from eval.page_client import ROOT, App, Asked, app, ask, buttons

QUESTION = "how good is supervision in sandwell"
_GRACE = 20
Fault = Callable[[Path, random.Random], str]
"""Takes a library of its own; "" where all was as expected, else what was not."""


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Which faults; all when none is given.")] = None,
    times: Annotated[int, typer.Option(help="How often each.")] = 20,
) -> None:
    """Break the app in each way, so many times, and print how often all was as expected."""
    table = Table("fault", "times", "as expected", "otherwise", "seconds each")
    for name in names or FAULTS:
        begun, went = time.monotonic(), Counter[str]()
        for seed in range(times):
            with tempfile.TemporaryDirectory() as folder:
                library = Path(folder) / "home" / "library"
                shutil.copytree(Settings().library_dir, library)
                went[FAULTS[name](library, random.Random(seed))] += 1
            print(f"{name} {seed + 1} of {times}: {went['']} as expected", file=sys.stderr)
        bad = "; ".join(f"{count} x {what}" for what, count in went.items() if what)
        table.add_row(name, str(times), str(went[""]), bad, f"{(time.monotonic() - begun) / times:.1f}")
    Console().print(table)


# -- the faults --------------------------------------------------------------------


def killed_while_asking(library: Path, chance: random.Random) -> str:
    """The app is killed with questions running; the next start answers, and has every row that was there."""
    before = rows(library)
    with app(library) as running:
        pressed = buttons(running)
        asyncio.run(_asked_and(running, pressed.send, lambda: running.process.send_signal(signal.SIGKILL), chance.uniform(0, 0.5)))
        running.process.wait(20)
    return _back_again(library, before)


def stopped_while_asking(library: Path, chance: random.Random) -> str:
    """The app is told to stop with questions running: those end or are refused politely, and it exits with 0."""
    before = rows(library)
    with app(library) as running:
        pressed = buttons(running)
        stop = lambda: running.process.send_signal(signal.SIGTERM)  # noqa: E731
        asked = asyncio.run(_asked_and(running, pressed.send, stop, chance.uniform(0, 0.5)))
        code = running.process.wait(2 * _GRACE)
    if code != 0:
        return f"exit code {code}"
    if failed := [one.why for one in asked if one.what == "failed"]:
        return f"a question failed: {failed[0]}"
    return _back_again(library, before)


def corrupted_index(library: Path, chance: random.Random) -> str:
    """Bytes of an index file are flipped, or it is cut short, while the app is down; the next start answers as before."""
    before = rows(library)
    file = chance.choice([f for f in sorted((library / "vectors").rglob("*")) if f.is_file() and f.stat().st_size])
    data = bytearray(file.read_bytes())
    if chance.random() < 0.5:
        data = data[: chance.randrange(len(data))]
    else:
        for _ in range(200):
            data[chance.randrange(len(data))] ^= 0xFF
    file.write_bytes(data)
    return _back_again(library, before)


def stolen_lock(library: Path, chance: random.Random) -> str:
    """Another process holds the library: a start says so in one line; once it lets go, the next start answers. A lock file
    that was left or taken away is in nobody's way."""
    before = rows(library)
    holding = "import sys, filelock; lock = filelock.FileLock(sys.argv[1]); lock.acquire(); print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holding, str(library / ".lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()  # type: ignore[union-attr]
        environment = {**os.environ, "LIBRARY_DIR": str(library)}
        second = subprocess.run([sys.executable, "app.py", "ask", QUESTION], cwd=ROOT, env=environment, capture_output=True, text=True)
        other.kill()
    if second.returncode != 1 or "Another process is using the library" not in second.stderr or "Traceback" in second.stderr:
        return "the second start did not say so"
    if chance.random() < 0.5:
        (library / ".lock").unlink()
    return _back_again(library, before)


def full_disk_for_the_audit(library: Path, chance: random.Random) -> str:
    """There is no room for the audit while questions are answered: every answer comes, and the log says it once."""
    before = rows(library)
    with app(library) as running:
        pressed = buttons(running)
        # The same error as on a full disk, for the audit alone.
        with sqlite3.connect(library / SERVICE, timeout=20) as database:
            database.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
        asked = [asyncio.run(_one(running, pressed.send)) for _ in range(3)]
        said = running.said()
        with sqlite3.connect(library / SERVICE, timeout=20) as database:
            database.execute("DROP TRIGGER full")
        asked.append(asyncio.run(_one(running, pressed.send)))
        with sqlite3.connect(library / SERVICE, timeout=20) as database:
            written = database.execute("SELECT count(*) FROM audit").fetchone()[0]
    if any(one.what != "answered" for one in asked):
        return "an answer did not come"
    if (times := said.count("The audit cannot be written")) != 1 or "Traceback" in said:
        return f"the log said it {times} times"
    return "" if written == before.get("audit", 0) + 1 else "the audit did not go on"


def slow_model(library: Path, chance: random.Random) -> str:
    """The chat model takes the question and never answers: the quoted answer comes in its place, in time."""
    before = rows(library)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with app(library, CHAT_MODEL="openai:m", CHAT_MODEL_URL=address, ANSWER_SECONDS="3") as running:
            asked = asyncio.run(_one(running, buttons(running).send))
    if asked.what != "answered" or asked.seconds > _GRACE:
        return f"{asked.what} after {asked.seconds:.0f} s"
    return "" if _kept(rows(library), before) else "rows were lost"


FAULTS: dict[str, Fault] = {
    "killed-while-asking": killed_while_asking,
    "stopped-while-asking": stopped_while_asking,
    "corrupted-index": corrupted_index,
    "stolen-lock": stolen_lock,
    "full-disk-for-the-audit": full_disk_for_the_audit,
    "slow-model": slow_model,
}

# -- looking -----------------------------------------------------------------------


def rows(library: Path) -> dict[str, int]:
    """How many rows each table of the record and the service's database has."""
    counts: dict[str, int] = {}
    for file in (library / RECORD, library / SERVICE):
        if file.exists():
            with sqlite3.connect(file, timeout=20) as database:
                names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                counts |= {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    return counts


def _kept(now: dict[str, int], before: dict[str, int]) -> bool:
    """Whether each table has at least what it had: the index of words may be laid out anew."""
    return all(now.get(name, 0) >= count for name, count in before.items() if not name.startswith("passage_words_"))


def _back_again(library: Path, before: dict[str, int]) -> str:
    try:
        with app(library) as running:
            asked = asyncio.run(_one(running, buttons(running).send))
            said = running.said()
    except TimeoutError as error:
        return str(error)
    if asked.what != "answered":
        return f"after the start: {asked.why}"
    if "Traceback" in said:
        return "a traceback in the log"
    return "" if _kept(rows(library), before) else "rows were lost"


async def _one(running: App, number: int) -> Asked:
    async with httpx.AsyncClient(base_url=running.url, timeout=60) as client:
        return await ask(client, number, QUESTION)


async def _asked_and(running: App, number: int, act: Callable[[], None], after: float) -> list[Asked]:
    """Eight questions at once, with `act` called so many seconds after they were sent."""

    async def later() -> None:
        await asyncio.sleep(after)
        act()

    async with httpx.AsyncClient(base_url=running.url, timeout=60) as client:
        *asked, _ = await asyncio.gather(*(ask(client, number, QUESTION) for _ in range(8)), later())
    return [one for one in asked if one is not None]


if __name__ == "__main__":
    typer.run(main)
