"""The app in a process of its own with people who sign in, and a visitor who speaks to it as a browser does, by hand."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant.accounts import Accounts
from assistant.database import service_engine
from assistant.people import Role
from eval.page_client import free_port
from tests.conftest import OUTBOUND

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "marmalade-otter-lantern"


@dataclass(frozen=True)
class Served:
    """The app's address, its accounts, and the file of the connections that it made."""

    url: str
    accounts: Accounts
    connections: Path


def routes_of(server) -> list[tuple[str, str]]:
    """(method, path) of every route of a server, with those of what is mounted on it and included in it."""
    found = set()
    for route in getattr(server, "routes", ()):
        path = getattr(route, "path", "").rstrip("/")
        inner = getattr(route, "original_router", getattr(route, "app", None))
        found |= {(method, f"{path}{below}") for method, below in routes_of(inner)}
        found |= {(method, getattr(route, "path", "")) for method in getattr(route, "methods", None) or ()}
    return sorted(found)


@contextmanager
def serving(folder: Path, assistant, people: dict[str, Role], **settings: str) -> Iterator[Served]:
    """The app over a copy of the library, with an account for each of `people`."""
    shutil.copytree(assistant.library.folder, folder)
    accounts = Accounts(service_engine(folder))
    for name, role in people.items():
        accounts.add(name, role, PASSWORD)
    connections = folder.parent / "connections.txt"
    port = free_port()
    environment = {**os.environ, "LIBRARY_DIR": str(folder), "PYTHONPATH": str(OUTBOUND), "OUTBOUND": str(connections), **settings}
    command = [sys.executable, "app.py", "--host", "0.0.0.0", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout and "Ready" in server.stdout.readline()
        httpx.Client(transport=httpx.HTTPTransport(retries=5)).get(f"http://127.0.0.1:{port}/sign-in")
        yield Served(f"http://127.0.0.1:{port}/", accounts, connections)
    finally:
        server.kill()
        server.wait(10)


class Visitor(httpx.Client):
    """One person's browser, on one page of the app."""

    def __init__(self, url: str) -> None:
        super().__init__(base_url=url, timeout=30)
        self.session = secrets.token_hex(6)
        self.config: dict = {}

    def sign_in(self, name: str) -> "Visitor":
        assert self.post("/sign-in", data={"name": name, "password": PASSWORD}).status_code == 303
        self.config = self.get("/config").json()
        return self

    def event(self, part: str, what: str, after: bool = False) -> int:
        """The number of the event that `part` listens to. `after`: of the event that follows it."""
        id = next(c["id"] for c in self.config["components"] if c["props"].get("elem_id") == part)
        number = next(d["id"] for d in self.config["dependencies"] if [id, what] in d["targets"])
        return next(d["id"] for d in self.config["dependencies"] if d.get("trigger_after") == number) if after else number

    def call_raw(self, part: str, what: str, data: list, after: bool = False) -> str:
        """Everything that an event of `part` sends back. `after`: the event that follows it."""
        body = {"data": data, "fn_index": self.event(part, what, after), "session_hash": self.session}
        joined = self.post("/gradio_api/queue/join", json=body)
        if joined.status_code != 200:
            return joined.text
        with self.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session}) as said:
            lines = []
            for line in said.iter_lines():
                lines.append(line)
                if "close_stream" in line:
                    break
        return "\n".join(lines)

    def call(self, part: str, what: str, data: list | None = None, after: bool = False) -> str:
        """The same as text, with what JSON hides made plain."""
        return self.call_raw(part, what, data or [], after).encode().decode("unicode_escape", "replace")

    def ask(self, question: str, history: list | None = None) -> str:
        """The conversation as it stands once `question` is answered."""
        return self.call("send", "click", [question, "Everything", "Everything", history or []])

    def upload(self, name: str, text: str, upload_id: str = "") -> httpx.Response:
        return self.post("/gradio_api/upload", params={"upload_id": upload_id}, files={"files": (name, text.encode())})
