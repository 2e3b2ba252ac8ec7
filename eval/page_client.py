"""Asks the running app as its page does: over HTTP, through Gradio's queue. What `load` and `faults` drive it with."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 240


@dataclass(frozen=True)
class Asked:
    """How one question went: `answered`, `refused` politely (the queue is full, or it is being stopped) or `failed` and why."""

    what: str
    seconds: float
    why: str = ""
    first: float = 0.0
    """Seconds until the page showed that anything happens."""


@dataclass
class App:
    """A running app: its address, its process and what it logs, in a file."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """What it has logged."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def memory_mb(self) -> float:
        """Resident memory now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def health(self) -> int:
        """The status of /health; 0 where nothing answers."""
        try:
            return httpx.get(f"{self.url}/health", timeout=10).status_code
        except httpx.HTTPError:
            return 0


@contextmanager
def app(library: Path, **settings: str) -> Iterator[App]:
    """The app over a library in a process of its own, once it answers; it is killed after. Raises TimeoutError."""
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        running = start(library, log, **settings)
        try:
            until = time.monotonic() + START_SECONDS
            while running.health() != 200:
                if running.process.poll() is not None or time.monotonic() > until:
                    raise TimeoutError(f"The app did not start: {running.said()[-500:]}")
                time.sleep(0.1)
            yield running
        finally:
            running.process.kill()
            running.process.wait(20)


def start(library: Path, log: IO[bytes], **settings: str) -> App:
    """The app in a process of its own, which may not answer yet."""
    port = free_port()
    environment = {**os.environ, "LIBRARY_DIR": str(library), **settings}
    command = [sys.executable, "app.py", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=log)
    return App(f"http://127.0.0.1:{port}", process, Path(log.name))


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Buttons:
    """The numbers of the page's functions that answer a question, start the conversation again and add files, and of one that
    runs as a page opens, by the page's own description of itself."""

    send: int
    again: int
    add_files: int
    opens: int


def buttons(running: App) -> Buttons:
    """What the page calls when its buttons are pressed."""
    config = httpx.get(f"{running.url}/config", timeout=60).json()
    ids = {c["props"].get("elem_id"): c["id"] for c in config["components"]}
    pressed = {target[0]: d["id"] for d in reversed(config["dependencies"]) for target in d["targets"] if target[1] == "click"}
    send = pressed[ids["send"]]
    by = {d["id"]: [target[1] for target in d["targets"]] for d in config["dependencies"]}
    bare = {d["id"]: d["outputs"] for d in config["dependencies"] if not d["inputs"]}
    shown = next(d["outputs"] for d in config["dependencies"] if d["id"] == send)
    again = next(number for number, outputs in bare.items() if outputs == shown and by[number] != ["load"])
    opens = next(number for number in bare if by[number] == ["load"])
    return Buttons(send, again, pressed[ids["add-files"]], opens)


async def open_page(client: httpx.AsyncClient, number: int) -> str:
    """What runs as a page opens; the session that it is opened in."""
    session = uuid.uuid4().hex
    await press(client, number, [], "", session)
    return session


async def ask(client: httpx.AsyncClient, number: int, question: str, session: str = "") -> Asked:
    """One question in that session, or one of its own, from the press of the button to the answer."""
    return await press(client, number, [question, "Everything", "Everything", None], session=session)


async def add_files(client: httpx.AsyncClient, number: int, files: Sequence[Path]) -> Asked:
    """Upload files and have them brought into the library."""
    parts = [("files", (file.name, file.read_bytes())) for file in files]
    paths = (await client.post("/gradio_api/upload", files=parts)).json()
    data = [{"path": path, "orig_name": Path(path).name, "meta": {"_type": "gradio.FileData"}} for path in paths]
    return await press(client, number, [data], done="outcomes")


async def press(client: httpx.AsyncClient, number: int, data: list[object], done: str = "turn-1", session: str = "") -> Asked:
    """Press a button in that session, or one of its own; the page shows `done` where it worked."""
    begun = first = time.perf_counter()
    session = session or uuid.uuid4().hex
    body = {"data": data, "fn_index": number, "session_hash": session, "event_data": None}
    try:
        joined = await client.post("/gradio_api/queue/join", json=body)
        if joined.status_code == 503:
            return Asked("refused", time.perf_counter() - begun, "the queue is full")
        if joined.status_code != 200:
            return Asked("failed", time.perf_counter() - begun, f"HTTP {joined.status_code}")
        what, why, first = await _outcome(client, session, done)
    except httpx.HTTPError as error:
        what, why = "failed", type(error).__name__
    return Asked(what, time.perf_counter() - begun, why, first - begun)


async def _outcome(client: httpx.AsyncClient, session: str, done: str) -> tuple[str, str, float]:
    """What became of the question, read from the stream of events that the page reads, and when it was first given anything to show."""
    shown, first = "", 0.0
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        async for line in stream.aiter_lines():
            if not line.startswith("data:"):
                continue
            message = json.loads(line[len("data:") :])
            shown += json.dumps(message.get("output", {}).get("data", "") if isinstance(message.get("output"), dict) else "")
            if "output" in message:
                first = first or time.perf_counter()
            if message["msg"] == "process_completed":
                return *_read(message["success"], shown, done), first
            if message["msg"] == "unexpected_error" or message["msg"] == "queue_full":
                return *(("refused", "the queue is full") if "full" in str(message) else ("failed", "an unexpected error")), first
    return "failed", "the stream ended", first


def _read(success: bool, shown: str, done: str) -> tuple[str, str]:
    if "being stopped" in shown:
        return "refused", "it is being stopped"
    if not success or "Something went wrong" in shown:
        return "failed", "the page shows an error"
    return ("answered", "") if done in shown else ("failed", "no answer in what was shown")
