"""The app in real Chromium: ask, sources, copying, the library, keyboard, accessibility, narrow screens, and nothing executes."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from eval.page_client import free_port
from eval.payloads import calls, scripts
from tests.fakes import server as chat_server

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")


@pytest.fixture(scope="module")
def address(tmp_path_factory, assistant):
    """The app over a copy of the library that the tests share."""
    with served(tmp_path_factory.mktemp("served") / "library", assistant) as url:
        yield url


@contextmanager
def served(folder: Path, assistant, **settings: str):
    """The address of the app in a process of its own, over a copy of the library."""
    shutil.copytree(assistant.library.folder, folder)
    port = free_port()
    environment = {**os.environ, "LIBRARY_DIR": str(folder), **settings}
    server = subprocess.Popen([sys.executable, "app.py", "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert "Ready" in server.stdout.readline()
    url = f"http://127.0.0.1:{port}/"
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield url
    finally:
        server.kill()
        server.wait(10)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        yield playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    page.get_by_label("Your question").wait_for()
    yield page
    context.close()


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def open_library(page: Page) -> None:
    page.get_by_role("tab", name="Library").click()
    page.locator("table.shelf").wait_for()


def add(page: Page, *files: Path) -> None:
    if not page.get_by_role("button", name="Add to the library").is_visible():
        page.get_by_role("button", name="Add documents").click()
    page.locator("#files input[type=file]").set_input_files(files)
    expect(page.locator("#files")).to_contain_text(files[-1].name[:4])
    page.get_by_role("button", name="Add to the library").click()
    page.locator("table.outcomes").wait_for()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]


def test_ask_and_open_the_source_at_its_sentence(page):
    ask(page, "What did inspectors find about supervision in Sandwell?")
    page.get_by_role("link", name="Source 1: Focused visit to Sandwell children's services, paragraph 18").click()
    source = page.locator(".source.open")
    expect(source.locator("mark")).to_contain_text("The quality and timeliness of supervision vary.")
    expect(source).to_contain_text("20 May 2025")
    expect(source.get_by_role("link", name="Open the official page")).to_have_attribute(
        "href", "https://reports.ofsted.gov.uk/provider/44/80549"
    )
    expect(page.locator(".notice")).to_contain_text("2 December 2025")
    assert serious(page) == []
    source.get_by_role("link", name="Read it in its document").click()
    expect(page.locator("#reading .here")).to_contain_text("The quality and timeliness of supervision vary.")


def test_the_newest_answer_comes_into_view_and_is_announced(page):
    for question in ("What needs to improve in Sandwell?", "when is the icpc due after a strat"):
        ask(page, question)
        page.locator("#turn-1, #turn-2").last.wait_for()
    page.locator("#turn-2").wait_for()
    expect(page.locator("#turn-2 .question")).to_be_in_viewport()
    expect(page.locator(".unseen[aria-live=polite]")).to_contain_text("15 working days")
    expect(page.locator("#conversation")).to_have_attribute("aria-busy", "false")


def test_the_keyboard_alone_is_enough(page):
    page.get_by_label("Your question").focus()
    page.keyboard.type("when is the icpc due")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("after a strat")
    assert "\n" in page.get_by_label("Your question").input_value()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("a.cite").first.wait_for()
    page.locator("a.cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".source.open h2")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".source.open")).to_have_count(0)
    expect(page.locator("a.cite").first).to_be_focused()


def test_enter_sends(page):
    page.get_by_label("Your question").fill("what needs to improve in sandwell")
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#turn-1 .answer")).to_contain_text("Consistent practice")


def test_an_answer_is_copied_as_plain_text_with_its_sources(page):
    ask(page, "When is the ICPC due after a strat?")
    page.get_by_role("button", name="Copy with sources").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("When is the ICPC due after a strat?\n\nWithin 15 working days [1]")
    assert "Sources\n[1] Child protection conferences, paragraph 1." in copied
    assert "**" not in copied and "<" not in copied


def test_feedback_is_sent_by_keyboard_and_reviewed(page):
    ask(page, "When is the ICPC due after a strat?")
    page.locator("#turn-1").get_by_role("button", name="Not useful").press("Enter")
    expect(page.get_by_role("heading", name="Feedback on answer 1")).to_be_focused()
    expect(page.get_by_label("No", exact=True)).to_be_checked()
    assert serious(page) == []
    page.get_by_label("Why? (optional)").fill("Kayleigh Thompson's mum rang on 07700 900123")
    page.get_by_role("button", name="Send feedback").press("Enter")
    expect(page.locator("#feedback-told")).to_contain_text("it was not sent")
    assert "900123" not in page.get_by_label("Why? (optional)").input_value()
    page.get_by_label("Why? (optional)").fill("It does not say who may attend")
    page.get_by_role("button", name="Send feedback").press("Enter")
    expect(page.locator("#feedback-told")).to_contain_text("Thank you")
    page.get_by_role("tab", name="Review").click()
    expect(page.locator("#review-detail")).to_contain_text("It does not say who may attend")
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert fits(page)
    page.get_by_role("button", name="Mark as done").press("Enter")
    expect(page.locator("#review-count")).to_contain_text("0 shown")
    expect(page.locator("#review-detail")).not_to_contain_text("attend")


def test_start_again_clears_the_conversation_on_the_server_too(page):
    page.get_by_role("button", name="What needs to improve in Sandwell?").click()
    page.locator("#turn-1 .answer").wait_for()
    expect(page.get_by_text("More examples")).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_role("heading", name="Try one of these")).to_be_visible()
    ask(page, "when is the icpc due after a strat")
    expect(page.locator("#turn-1 .question")).to_contain_text("icpc")


def test_the_buttons_that_are_seen_follow_from_the_conversation(page):
    def seen():
        return [name for name in ("Ask", "Stop", "Try again", "Ask without the details", "Start again") if button(name).is_visible()]

    def button(name):
        return page.get_by_role("button", name=name, exact=True)

    expect(button("Ask")).to_be_visible()  # the box is there a moment before its buttons
    assert seen() == ["Ask"]
    ask(page, "when is the icpc due after a strat")
    page.locator("#turn-1 .answer").wait_for()
    assert seen() == ["Ask", "Try again", "Start again"]
    ask(page, "Kayleigh Brannigan, NHS 999 405 1148: when is the icpc due after a strat")
    page.locator("#turn-2 .refused").wait_for()
    assert seen() == ["Ask", "Ask without the details", "Start again"]
    page.get_by_label("Your question").fill("typed meanwhile")
    button("Ask without the details").click()
    page.locator("#turn-2 .answer").wait_for()
    assert seen() == ["Ask", "Try again", "Start again"]
    assert page.get_by_label("Your question").input_value() == "typed meanwhile"


def test_a_refusal_and_an_error_are_plain(page):
    assert serious(page) == []
    ask(page, "what did ofsted find in dudley")
    expect(page.locator(".refused")).to_contain_text("holds nothing on Dudley")
    expect(page.locator(".refused")).to_contain_text("What you can do")
    assert serious(page) == []
    ask(page, "")
    expect(page.locator(".refused").nth(1)).to_contain_text("Type a question")
    ask(page, "What did inspectors say about SEND plans in Sandwell?")
    page.locator(".refused").nth(2).get_by_role("link", name="Focused visit to Sandwell").first.click()
    expect(page.locator("#reading .here")).to_be_in_viewport()


def test_a_blocked_question_is_never_shown(page):
    page.evaluate("""() => { window.shown = ""; new MutationObserver(() => (window.shown += document.querySelector("#conversation").innerText))
        .observe(document.querySelector("#conversation"), {childList: true, subtree: true}) }""")
    ask(page, "My client Jane Ashworth born 01/02/2015 has a case number")
    expect(page.locator("#turn-1")).to_contain_text("was not kept")
    assert "Ashworth" not in page.evaluate("window.shown + document.body.innerText")


@pytest.mark.parametrize("width", [320, 390])
def test_a_narrow_screen_has_no_sideways_scroll(page, width):
    page.set_viewport_size({"width": width, "height": 700})
    assert fits(page)
    ask(page, "What needs to improve in Sandwell?")
    page.locator("a.cite").first.click()
    panel = page.locator(".source.open").bounding_box()
    assert fits(page) and (panel["x"], panel["width"]) == (0, width)
    assert page.evaluate("(d => d.scrollWidth <= d.clientWidth)(document.querySelector('.source.open'))")
    page.keyboard.press("Escape")
    expect(page.locator("a.cite").first).to_be_focused()
    open_library(page)
    assert fits(page)
    page.get_by_role("link", name="Focused visit to Sandwell").click()
    page.locator("#reading .passage").first.wait_for()
    assert fits(page)


def test_the_library_lists_and_filters(page):
    open_library(page)
    letter = page.locator("table.shelf tr", has_text="Focused visit to Sandwell")
    for text in ("Inspection letter", "Sandwell", "20 May 2025", "A later inspection exists", "23"):
        expect(letter).to_contain_text(text)
    expect(page.locator("#stale")).to_contain_text("2 December 2025")
    assert serious(page) == []
    page.get_by_label("Find a document").fill("section 47")
    expect(page.locator("table.shelf tbody tr")).to_have_count(1)
    page.get_by_label("Find a document").fill("")
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Inspection letter").click()
    expect(page.locator("table.shelf tbody tr")).to_have_count(1)
    expect(page.locator("#documents .count")).to_contain_text("1 of ")


def test_a_document_opens_to_read_and_goes_back(page):
    open_library(page)
    page.get_by_role("link", name="Focused visit to Sandwell").click()
    expect(page.locator("#about h1")).to_be_focused()
    expect(page.locator("#reading .passage", has_text="Paragraph 18")).to_contain_text("supervision vary")
    expect(page.locator("#about")).to_contain_text("ships with the project")
    expect(page.get_by_role("button", name="Remove from the library")).to_have_count(0)
    assert serious(page) == []
    page.reload()
    expect(page.locator("#about h1")).to_have_text("Focused visit to Sandwell children's services")
    page.go_back()
    expect(page.locator("table.shelf")).to_be_visible()


LARCHFORD = """# Supervision in Larchford

<script>window.hurt=1</script><img src=x onerror="window.hurt=1">

## How often

Newly qualified social workers in the Larchford team receive reflective supervision every 10 working days.

## Recording

[read](javascript:window.hurt=1) Each supervision session is recorded within 3 working days.
"""


def test_files_are_added_asked_about_and_removed(page, tmp_path):
    (tmp_path / "Larchford supervision.md").write_text(LARCHFORD, encoding="utf-8")
    (tmp_path / "broken.pdf").write_text("not a PDF", encoding="utf-8")
    open_library(page)
    add(page, tmp_path / "broken.pdf", tmp_path / "Larchford supervision.md")
    expect(page.locator("table.outcomes tr", has_text="broken.pdf")).to_contain_text("Refused")
    expect(page.locator("table.outcomes tr", has_text="broken.pdf")).to_contain_text("is named .pdf but")
    expect(page.locator("table.outcomes tr", has_text="Larchford")).to_contain_text("New")
    expect(page.get_by_role("link", name="Larchford supervision")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("link", name="Larchford supervision").click()
    expect(page.locator("#reading")).to_contain_text("every 10 working days")
    page.get_by_role("tab", name="Ask").click()
    ask(page, "How often do newly qualified social workers in the Larchford team receive reflective supervision?")
    expect(page.locator("#turn-1 .answer")).to_contain_text("every 10 working days")
    page.locator("a.cite").first.click()
    expect(page.locator(".source.open .kind")).to_contain_text("Your document")
    assert page.evaluate("window.hurt") is None
    assert page.locator(".turn script, .turn img, #reading script, #reading img").count() == 0
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Remove from the library").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Remove from the library").click()
    assert serious(page) == []
    page.get_by_role("button", name="Yes, remove it").click()
    expect(page.locator("#told")).to_contain_text("Larchford supervision was removed")
    expect(page.locator("table.shelf")).not_to_contain_text("Larchford")


def test_a_question_is_answered_while_files_are_added(page, browser, address, tmp_path):
    text = "\n\n".join(f"Team {n} in Alderbrook reviews its caseloads in week {n} of the quarter." for n in range(150))
    (tmp_path / "Alderbrook.md").write_text(f"# Caseloads\n\n{text}", encoding="utf-8")
    open_library(page)
    page.get_by_role("button", name="Add documents").click()
    page.locator("#files input[type=file]").set_input_files(tmp_path / "Alderbrook.md")
    expect(page.locator("#files")).to_contain_text("Alde")
    page.get_by_role("button", name="Add to the library").click()
    other = browser.new_page()
    other.goto(address)
    ask(other, "What needs to improve in Sandwell?")
    expect(other.locator("#turn-1 .answer")).to_contain_text("Consistent practice", timeout=20_000)
    other.close()
    expect(page.locator("table.outcomes")).to_contain_text("New", timeout=30_000)


def test_another_site_cannot_speak_to_the_app(address):
    for headers in ({"Origin": "https://example.org"}, {"Host": "example.org"}):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(urllib.request.Request(f"{address}config", headers=headers), timeout=5)


def test_a_file_that_was_not_uploaded_cannot_be_added(address):
    config = json.load(urllib.request.urlopen(f"{address}config", timeout=5))
    button = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "add-files")
    event = next(d["id"] for d in config["dependencies"] if [button, "click"] in d["targets"])
    file = {"path": str(ROOT / "README.md"), "meta": {"_type": "gradio.FileData"}}
    call = json.dumps({"data": [[file]], "fn_index": event, "session_hash": "forged"}).encode()
    headers = {"Content-Type": "application/json"}
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(urllib.request.Request(f"{address}gradio_api/queue/join", call, headers), timeout=5)


def test_hostile_questions_run_nothing_and_reach_nobody(page, address):
    """A sample; `python -m eval.access` puts all of them through questions and documents."""
    elsewhere = []
    page.on("request", lambda request: None if request.url.startswith((address, "data:")) else elsewhere.append(request.url))
    page.evaluate("() => { window.hurt = () => { window.ran = true } }")
    for number, payload in enumerate([*scripts()[6::40], *calls()[6::12]], start=1):
        ask(page, f"{payload} supervision sandwell")
        page.locator(f"#turn-{number} :is(.answer, .refused)").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None and elsewhere == []
    assert page.locator("#conversation :is(script, img, iframe, svg, style, form)").count() == 0


def test_a_written_answer_can_be_stopped_and_tried_again_and_a_slow_model_is_told_of(browser, assistant, tmp_path):
    question = "What did inspectors find about supervision in Sandwell?"
    with (
        chat_server("slow", lambda prompt: "word " * 60) as (url, _),
        served(tmp_path / "library", assistant, CHAT_MODEL="openai:slow", CHAT_MODEL_URL=url, ANSWER_SECONDS="3") as app,
    ):
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.goto(app)
        expect(page.locator("#intro")).to_contain_text("openai:slow on this machine")
        ask(page, question)
        expect(page.locator("#conversation .pending")).to_contain_text("Passages found")
        expect(page.get_by_role("button", name="Try again")).to_be_hidden()
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.locator("#conversation .turn")).to_have_count(0)
        expect(page.get_by_label("Your question")).to_have_value(question)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator("#conversation .notice").first).to_contain_text("did not finish in time", timeout=20_000)
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("#conversation .pending")).to_be_visible()
        expect(page.locator("#conversation .notice").first).to_contain_text("did not finish in time", timeout=20_000)
        expect(page.locator("#conversation .turn")).to_have_count(1)
        page.close()


def test_a_session_is_made_changed_and_taken_away(page):
    page.get_by_role("tab", name="Sessions").click()
    page.get_by_role("button", name="Make the session").click()
    page.locator(".pack").wait_for()
    told = page.locator("#session-told")
    assert serious(page) == []
    prompt = page.locator("#pack .item", has_text="Think of a decision about a child")
    page.get_by_role("button", name="Swap prompt 1").click()
    expect(told).to_contain_text("Swapped")
    expect(prompt).to_have_count(0)
    dropped = page.get_by_role("button", name="Drop question 2")
    dropped.focus()
    page.keyboard.press(" ")
    expect(told).to_contain_text("Dropped")
    quoted = page.locator("#pack blockquote").all_inner_texts()
    page.get_by_role("button", name="Make this part afresh: What inspectors found").click()
    expect(told).to_contain_text("There is no other")  # the one letter has no more on it
    assert page.locator("#pack blockquote").all_inner_texts() == quoted
    page.get_by_role("button", name="Make this part afresh: Invented case").click()
    expect(told).to_contain_text("made afresh")
    page.get_by_role("button", name="Prepare the files").click()
    expect(told).to_contain_text("5 files are ready")
    with page.expect_download() as taken:
        page.locator("#pack-files a").first.click()
    assert taken.value.suggested_filename == "supervision-slides.pptx"
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert fits(page)


def test_a_session_that_cannot_be_made_says_why(page):
    page.get_by_role("tab", name="Sessions").click()
    page.get_by_label("Topic").fill("pizza recipes")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Make the session").click()
    expect(page.locator("#session-told")).to_contain_text("No topic is near")
