"""The app in real Chromium: ask, open a source, keyboard, refusal, accessibility, and nothing executes."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "LIBRARY_DIR": str(tmp_path_factory.mktemp("served"))}
    server = subprocess.Popen([sys.executable, "app.py", "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert "Ready" in server.stdout.readline()
    url = f"http://127.0.0.1:{port}/"
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    yield url
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        yield playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)


@pytest.fixture
def page(browser, address):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(address)
    page.get_by_label("Your question").wait_for()
    yield page
    page.close()


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]


def test_ask_and_open_the_source_at_its_sentence(page):
    ask(page, "What did inspectors find about supervision in Sandwell?")
    page.locator("a.cite").first.click()
    source = page.locator(".source.open")
    expect(source.locator("mark")).to_contain_text("The quality and timeliness of supervision vary.")
    expect(source).to_contain_text("18")
    expect(source.get_by_role("link", name="Official page")).to_have_attribute("href", "https://reports.ofsted.gov.uk/provider/44/80549")
    expect(page.locator(".notices")).to_contain_text("2 December 2025")
    assert serious(page) == []


def test_the_keyboard_alone_is_enough(page):
    page.get_by_label("Your question").focus()
    page.keyboard.type("when is the icpc due after a strat")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("a.cite").first.wait_for()
    page.locator("a.cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".source.open h3")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".source.open")).to_have_count(0)
    expect(page.locator("a.cite").first).to_be_focused()


def test_a_refusal_and_an_error_are_plain(page):
    assert serious(page) == []
    ask(page, "what did ofsted find in dudley")
    expect(page.locator(".refused")).to_contain_text("holds nothing on Dudley")
    assert serious(page) == []
    ask(page, "")
    expect(page.locator(".refused").nth(1)).to_contain_text("Type a question")


def test_a_phone_has_no_sideways_scroll(page):
    page.set_viewport_size({"width": 360, "height": 740})
    ask(page, "What needs to improve in Sandwell?")
    page.locator("a.cite").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("a.cite").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    "payload",
    [
        "<script>window.hurt=1</script> supervision sandwell",
        "<img src=x onerror=window.hurt=1> supervision sandwell",
        "${window.hurt=1} {{window.hurt=1}} supervision sandwell",
        "[x](javascript:window.hurt=1) supervision sandwell",
    ],
)
def test_a_question_cannot_execute(page, payload):
    ask(page, payload)
    page.locator("#turn-1").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.hurt") is None
    assert page.locator("#turn-1 img, #turn-1 script").count() == 0
