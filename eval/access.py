"""python -m eval.access: what someone hostile puts into questions and documents, in Chromium: how much runs, and how much gets out.

200 scripts and 50 addresses are each typed as a question, and added as a document that has it for its title, headings, text and
file name; then every document is opened, and questions are asked that quote them. Chromium is told that every other host is a
socket of ours, which counts who connects: getting a connection ready counts too. The same in a bare page says what it can see.
"""

import os
import socket
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Dialog, Page, Request, sync_playwright
from rich.console import Console
from rich.progress import track

from eval.bench import served
from eval.payloads import calls, scripts

_BATCH = 50
_QUOTED = 20
_TOLD = "addEventListener('securitypolicyviolation', e => stopped(e.violatedDirective))"


@contextmanager
def sink() -> Iterator[tuple[int, list[bytes]]]:
    """A port on this machine, and the first bytes of every connection made to it."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(1)
                    try:
                        seen.append(connection.recv(2000))
                    except OSError:
                        seen.append(b"")

        threading.Thread(target=listen, daemon=True).start()
        yield listening.getsockname()[1], seen


def documents(payloads: list[str], folder: Path) -> list[Path]:
    """A web page for each payload, which is its title, a heading, a sentence and the name of its file."""
    made = []
    for number, payload in enumerate(payloads):
        text = escape(payload, quote=False)
        name = f"{number} {payload}".replace("/", "\N{DIVISION SLASH}").replace("\n", " ").encode()[:100].decode(errors="ignore")
        file = folder / f"{name}.html"
        file.write_text(
            f"<html><head><title>{text}</title></head><body><h1>{text}</h1><h2>How often {text}</h2>"
            f"<p>Team {number} in Larchford reviews its caseloads every {number} weeks, and writes {text} at the top of each record.</p></body></html>",
            encoding="utf-8",
        )
        made.append(file)
    return made


class Hostile:
    """One person at the page who types and adds what is hostile; counts what comes of it."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.ran: list[str] = []
        self.stopped: Counter[str] = Counter()
        self.elsewhere: list[str] = []
        self.refused: list[str] = []
        self._now, self._address = "", address
        context = browser.new_context()
        context.expose_binding("hurt", lambda *_: self.ran.append(self._now))
        context.expose_binding("stopped", lambda _, directive: self.stopped.update([str(directive)]))
        context.add_init_script(_TOLD)
        context.on("request", self._note)
        self.page: Page = context.new_page()
        self.page.on("dialog", self._dismiss)
        self.page.set_default_timeout(60_000)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self._address, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def _dismiss(self, dialog: Dialog) -> None:
        self.ran.append(self._now)
        dialog.dismiss()

    def ask(self, questions: list[str], told: str) -> None:
        """Type each as a question; the conversation is begun again every ten."""
        for number, question in enumerate(track(questions, told, console=Console(stderr=True))):
            if number % 10 == 0:
                self.page.goto(self._address)
            self._now = f"question: {question}"
            self.page.get_by_label("Your question").fill(question)
            self.page.get_by_role("button", name="Ask", exact=True).click()
            self.page.locator(f"#turn-{number % 10 + 1} :is(.answer, .refused, .urgent)").first.wait_for()
            self.page.wait_for_timeout(50)

    def put(self, payloads: list[str]) -> None:
        """Put each in a page with nothing to guard it, which shows what this would see."""
        for payload in payloads:
            self._now = payload
            self.page.goto("about:blank")
            self.page.set_content(f"<body>{payload}</body>", wait_until="commit")
            self.page.wait_for_timeout(150)

    def add(self, files: list[Path], told: str) -> None:
        """Add the files in the Library tab, and open every document that comes of them."""
        for start in range(0, len(files), _BATCH):
            self.page.goto(self._address)
            self._now = f"files from {start}"
            self.page.get_by_role("tab", name="Library").click()
            self.page.get_by_role("button", name="Add documents").click()
            with self.page.expect_response(lambda answer: "/gradio_api/upload?" in answer.url):
                self.page.locator("#files input[type=file]").set_input_files(files[start : start + _BATCH])
            self.page.wait_for_timeout(1000)
            self.page.get_by_role("button", name="Add to the library").click()
            self.page.locator("table.outcomes").wait_for()
            self.refused += self.page.locator("table.outcomes tr", has_text="Refused").all_inner_texts()
        opened = [link.get_attribute("href") or "" for link in self.page.locator("table.shelf a").all()]
        for href in track([href for href in opened if "#document/" in href], told, console=Console(stderr=True)):
            self._now = f"document {href}"
            self.page.evaluate("hash => { location.hash = hash; dispatchEvent(new PopStateEvent('popstate')) }", href)
            self.page.locator("#reading .passage").first.wait_for()
            self.page.wait_for_timeout(50)


def _served(folder: str) -> AbstractContextManager[tuple[str, int]]:
    return served({**os.environ, "LIBRARY_DIR": str(Path(folder) / "data" / "library")})


def measure() -> None:
    """Print how many payloads ran, and how many connections to another host were made: in the app, and in a bare page."""
    out = Console(soft_wrap=True)
    with tempfile.TemporaryDirectory() as folder, sink() as (port, seen), _served(folder) as (address, _), sync_playwright() as play:
        # Chromium asks its maker for updates however it is started; those names are not found, and all others are the sink.
        hosts = "MAP *.google.com ~NOTFOUND, MAP *.googleapis.com ~NOTFOUND, MAP *.gvt1.com ~NOTFOUND"
        rules = f"--host-resolver-rules={hosts}, MAP * 127.0.0.1:{port}, EXCLUDE 127.0.0.1, EXCLUDE localhost"
        quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=[*quiet, rules])
        hostile = Hostile(browser, address)
        for name, payloads in (("scripts", scripts()), ("addresses", calls())):
            (Path(folder) / name).mkdir()
            hostile.ask(payloads, f"Asking, {name}")
            hostile.add(documents(payloads, Path(folder) / name), f"Opening, {name}")
            hostile.ask([f"How often does team {n} in Larchford review its caseloads?" for n in range(_QUOTED)], f"Quoting, {name}")
        reached = len(seen)
        bare = Hostile(browser, address)
        bare.put(scripts())
        bare_ran = len(set(bare.ran))
        bare.put(calls())
        browser.close()
    out.print(f"{len(scripts())} scripts, each as a question and in a document: {len(hostile.ran)} ran (in a bare page: {bare_ran}).")
    out.print(
        f"{len(calls())} addresses, the same: {len(hostile.elsewhere)} requests to another host and {reached} connections "
        f"(in a bare page: {len(set(bare.elsewhere))} and {len(seen) - reached})."
    )
    out.print(f"Stopped by the page's policy: {dict(hostile.stopped)}. Documents refused: {len(hostile.refused)}.")
    for what in [*hostile.refused, *hostile.ran, *hostile.elsewhere][:40]:
        out.print(f"  {what}", markup=False)


if __name__ == "__main__":
    measure()
