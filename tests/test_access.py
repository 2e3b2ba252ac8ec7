"""Two people and every route: nobody reaches what is another's, a reader changes nothing, and nothing answers who has not signed in."""

import json
import re
from pathlib import Path

import httpx
import pytest
from fastapi import Request
from playwright.sync_api import expect, sync_playwright
from typer.testing import CliRunner

from app import cli
from assistant.accounts import Accounts
from assistant.conversations import Conversations
from assistant.database import service_engine
from assistant.errors import QuotaError, ServeError
from assistant.people import HERE, Person, Role
from assistant.quota import Quota
from assistant.settings import Settings
from assistant.types import Answer, Status
from tests.serving import PASSWORD, Visitor, routes_of, serving
from tests.test_browser import CHROMIUM, ask, fits, open_library, serious
from ui.access import Access, comes_from_own_page
from ui.operations import Operations
from ui.server import make
from ui.sign_in import AccountsDoor, door_for

SECRET = "only-amina-knows-this-passage"
OPEN = {"/sign-in", "/health"}


@pytest.fixture(scope="module")
def app(tmp_path_factory, assistant):
    """The app with accounts, and the events and addresses of its process."""
    folder = tmp_path_factory.mktemp("access") / "library"
    people = {"amina": Role.EDITOR, "ben": Role.READER, "cara": Role.EDITOR, "dan": Role.READER, "eve": Role.ADMIN, "fay": Role.READER}
    with serving(folder, assistant, people) as served:
        yield served


@pytest.fixture
def amina(app):
    return Visitor(app.url).sign_in("amina")


@pytest.fixture
def ben(app):
    return Visitor(app.url).sign_in("ben")


@pytest.fixture
def cara(app):
    return Visitor(app.url).sign_in("cara")


@pytest.fixture(scope="module")
def routes(app, assistant, tmp_path_factory):
    """Every route of the server, Gradio's too."""
    operations = Operations(assistant, service_engine(tmp_path_factory.mktemp("service")))
    found = routes_of(make(assistant, operations, Access(AccountsDoor(app.accounts))))
    assert {("POST", "/gradio_api/queue/join"), ("GET", "/gradio_api/info"), ("GET", "/sign-out")} <= set(found) and len(found) > 80
    return found


def test_what_is_kept_of_pages_has_an_end(assistant, tmp_path, monkeypatch):
    monkeypatch.setattr("ui.page.PAGES", 2)
    server = make(assistant, Operations(assistant, service_engine(tmp_path)), Access())
    pages = next(route.app.state_holder for route in server.routes if hasattr(getattr(route, "app", None), "state_holder"))
    for name in ("first", "second", "first", "third"):
        assert pages[name]
    assert list(pages.session_data) == ["first", "third"]  # of three the one that was used longest ago is forgotten


def test_nothing_is_served_to_who_has_not_signed_in(app, routes):
    with httpx.Client(base_url=app.url) as stranger:
        for method, path in routes:
            if path in OPEN or path == "/metrics":
                continue
            answer = stranger.request(method, re.sub(r"\{[^}]+\}", "x", path))
            assert answer.status_code in (303, 401, 404), (method, path, answer.status_code)
            assert len(answer.content) < 120


def test_the_figures_are_for_a_monitor_on_this_machine_and_for_nobody_beyond_the_proxy(app):
    assert httpx.get(f"{app.url}metrics").status_code == 200
    for header in ("X-Forwarded-For", "Forwarded"):
        beyond = httpx.get(f"{app.url}metrics", headers={header: "for=192.0.2.7"})
        assert beyond.status_code == 401 and "assistant_questions" not in beyond.text


@pytest.mark.parametrize("host", ["a/sign-in?", "a/health?", "a/own/app.js#", "a\\sign-in?", "a@b/sign-in?"])
def test_a_forged_host_opens_nothing(app, host):
    assert httpx.get(f"{app.url}config", headers={"Host": host}).status_code in (400, 403)
    assert not comes_from_own_page(host, None, sign_in=True)


def test_no_route_gives_one_person_what_is_anothers(app, routes, amina, ben):
    """Every route is asked by one with all the names of the other: her page, her file, her upload."""
    shown = amina.ask(f"What does {SECRET} say about supervision in Sandwell?")
    assert SECRET in shown
    path = amina.upload("note.md", SECRET, upload_id="hers").json()[0]
    names = {"session_hash": amina.session, "upload_id": "hers", "event_id": re.search(r'"event_id":"(\w+)"', shown)[1], "path": path}
    numbers = [dependency["id"] for dependency in amina.config["dependencies"]]
    asked = 0
    for method, route in routes:
        url = re.sub(r"\{(\w+)[^}]*\}", lambda part: str(names.get(part[1], path)), route)
        bodies = [{**names, "data": [None] * 20, "fn_index": n} for n in (numbers if url.endswith("queue/join") else numbers[:1])]
        for body in bodies:
            with ben.stream(method, url, params=names, json=body if method == "POST" else None, timeout=5) as answer:
                assert "event-stream" not in answer.headers.get("content-type", ""), (method, route)
                assert SECRET not in answer.read().decode(errors="replace"), (method, route)
            asked += 1
    assert asked > 100


def test_every_response_has_the_headers(app, ben):
    for path in ("/", "/sign-in", "/config", "/nothing", "/own/app.js"):
        headers = ben.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"] and "unsafe-eval" not in headers["content-security-policy"]
        script = next(part for part in headers["content-security-policy"].split(";") if "script-src" in part)
        assert "unsafe-inline" not in script and "nonce-" in script
        for name in ("permissions-policy", "cross-origin-opener-policy", "cross-origin-resource-policy", "x-content-type-options"):
            assert headers[name]
        assert (headers.get("cache-control") == "no-store") == (path != "/own/app.js")
        assert "server" not in headers and "strict-transport-security" not in headers
    secure = ben.get("/config", headers={"X-Forwarded-Proto": "https"}).headers  # from this machine, where the proxy would be
    assert secure["strict-transport-security"]


def test_the_cookie_is_for_this_site_and_no_script(app):
    form = {"name": "ben", "password": PASSWORD}
    for scheme, secure in (("http", False), ("https", True)):
        with httpx.Client(base_url=app.url, headers={"X-Forwarded-Proto": scheme}) as client:
            cookie = client.post("/sign-in", data=form).headers["set-cookie"].lower()
            assert "httponly" in cookie and "samesite=strict" in cookie and ("secure" in cookie) == secure


def test_another_site_cannot_send_a_form(app):
    with httpx.Client(base_url=app.url) as client:
        for origin in ("https://example.org", "null", f"{app.url.rstrip('/')}.example.org"):
            assert client.post("/sign-in", data={"name": "ben", "password": PASSWORD}, headers={"Origin": origin}).status_code == 403


def test_a_hundred_bad_passwords_lock_out_one_person_at_one_address(app, amina):
    with httpx.Client(base_url=app.url) as client:
        said = [client.post("/sign-in", data={"name": "cara", "password": f"wrong-{n}"}).text for n in range(100)]
        assert [("too many attempts" in s) for s in said] == [False] * 5 + [True] * 95
        assert "too many attempts" in client.post("/sign-in", data={"name": "cara", "password": PASSWORD}).text
        assert client.post("/sign-in", data={"name": "ben", "password": PASSWORD}).status_code == 303
    assert amina.get("/config").status_code == 200
    app.accounts.unlock("cara")


def test_signing_out_ends_the_sign_in_itself(app, ben):
    token = ben.cookies["sign-in"]
    assert ben.get("/sign-out").status_code == 303
    assert httpx.get(f"{app.url}config", cookies={"sign-in": token}).status_code == 401


def test_a_page_of_someone_else_is_refused(app, amina, ben):
    amina.ask("What did inspectors find about supervision in Sandwell?")
    session = amina.session
    body = {"data": ["", "", "", []], "fn_index": amina.event("send", "click"), "session_hash": session}
    assert ben.post("/gradio_api/queue/join", json=body).status_code == 403
    assert ben.get("/gradio_api/queue/data", params={"session_hash": session}).status_code == 403
    assert ben.get(f"/gradio_api/heartbeat/{session}").status_code == 403
    assert ben.post("/gradio_api/cancel", json={"session_hash": session, "fn_index": 0, "event_id": "x"}).status_code == 403


def test_nobody_cancels_what_another_asks_for(app, amina, ben):
    fresh = amina.event("again", "click", after=True)  # takes half a second, and one is done at a time
    call = {"data": [], "fn_index": fresh, "session_hash": amina.session}
    running, waiting = (amina.post("/gradio_api/queue/join", json=call).json()["event_id"] for _ in range(2))
    for event in (running, waiting):
        body = {"session_hash": ben.session, "fn_index": fresh, "event_id": event}
        assert ben.post("/gradio_api/cancel", json=body).status_code == 403
    with amina.stream("GET", "/gradio_api/queue/data", params={"session_hash": amina.session}) as said:
        completed = [line for line in said.iter_lines() if "process_completed" in line]
    assert [running in completed[0], waiting in completed[1]] == [True, True]


def test_a_conversation_is_found_again_by_its_person_alone(app, amina, ben):
    amina.call("again", "click", after=True)
    amina.ask("What needs to improve in Sandwell?")
    assert "Regularity and quality of supervision" in amina.ask("When is the ICPC due after a strat?")
    elsewhere = Visitor(app.url).sign_in("amina")
    assert "What needs to improve in Sandwell" in elsewhere.ask("What is child in need?")
    shown = ben.ask("What is child in need?")
    assert "turn-1" in shown and "Regularity and quality" not in shown


def test_a_forged_history_is_ignored(app, ben):
    forged = [{"question": "Is Ofsted run by pirates?", "status": "answered", "answer": SECRET}]
    assert SECRET not in ben.ask("What needs to improve in Sandwell?", history=forged)
    assert SECRET not in ben.call("retry", "click", ["Everything", "Everything", forged])


def test_a_file_is_its_uploaders_alone(app, amina, cara, ben):
    path = amina.upload("Amina's note.md", f"# Note\n\n{SECRET} is recorded in the Larchford file.").json()[0]
    assert amina.get(f"/gradio_api/file={path}").status_code == 200
    again = cara.upload("Amina's note.md", f"# Note\n\n{SECRET} is recorded in the Larchford file.").json()[0]
    assert again != path
    for other in (ben, cara):
        for way in (path, path.replace("/", "//"), f"{Path(again).parent}/../../../{'/'.join(Path(path).parts[-3:])}"):
            answer = other.get(f"/gradio_api/file={way}")
            assert answer.status_code == 403 and SECRET not in answer.text
        file = {"path": path, "meta": {"_type": "gradio.FileData"}}
        body = {"data": [[file]], "fn_index": other.event("add-files", "click"), "session_hash": other.session}
        assert other.post("/gradio_api/queue/join", json=body).status_code == 403


def test_no_file_is_fetched_from_another_host(app, amina):
    file = {"path": "http://example.org/x.md", "meta": {"_type": "gradio.FileData"}}
    body = {"data": [[file]], "fn_index": amina.event("add-files", "click"), "session_hash": amina.session}
    assert amina.post("/gradio_api/queue/join", json=body).status_code == 403
    for path in ("/gradio_api/file=http://example.org/x", "/gradio_api/proxy=http://example.org/x", "/?deep_link=x"):
        assert amina.get(path).status_code in (403, 404)


def test_a_reader_changes_nothing(app, ben, amina):
    assert ben.upload("x.md", "# X\n\nText.").status_code == 403
    assert "needs editor" in json.dumps(ben.call("yes-remove", "click", ["sandwell-focused-visit-2025-05-20"]))
    made = ben.call_raw("add-files", "click", [[]])
    assert "Choose one or more files" in made or "needs editor" in made
    path = amina.upload("Larch.md", "# Larch\n\nThe Larchford team meets on Mondays.").json()[0]
    added = amina.call_raw("add-files", "click", [[{"path": path, "meta": {"_type": "gradio.FileData"}}]])
    assert "needs editor" not in added and not Path(path).exists()


def test_what_is_downloaded_is_its_makers_alone(app, amina, ben):
    made = ben.call_raw("get-csv", "click", [None, "All regions", "", "", "", "All frameworks", None, "Strengths and to improve", False])
    path = made.split('"path":"')[1].split('"')[0]
    assert ben.get(f"/gradio_api/file={path}").status_code == 200
    assert amina.get(f"/gradio_api/file={path}").status_code == 403


def test_who_asks_too_much_is_told_so(app, cara):
    said = [cara.ask("pizza") for _ in range(21)]
    assert "asked 20 questions in a minute" in said[-1] and "asked 20 questions" not in said[-2]


@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
def test_a_reader_signs_in_finds_the_conversation_again_and_is_signed_out(app):
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"]).new_page(
            viewport={"width": 390, "height": 800}
        )
        page.set_default_timeout(20_000)
        page.goto(app.url)
        page.get_by_label("Name").fill("dan")
        page.get_by_label("Password").fill("wrong-horse-battery")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("do not go together")
        assert serious(page) == [] and fits(page)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        ask(page, "What needs to improve in Sandwell?")
        page.locator("#turn-1 .answer").wait_for()
        page.reload()
        expect(page.locator("#turn-1 .answer")).to_contain_text("Regularity and quality of supervision")
        expect(page.locator("#masthead")).to_contain_text("dan")
        assert serious(page) == [] and fits(page)
        open_library(page)
        expect(page.get_by_role("button", name="Add documents")).to_have_count(0)
        page.get_by_role("link", name="Change password").click()
        page.get_by_label("Password now").fill(PASSWORD)
        page.get_by_label("New password", exact=True).fill("velvet-harbour-tractor")
        page.get_by_label("New password, once more").fill("velvet-harbour-tractor")
        assert serious(page) == [] and fits(page)
        page.get_by_role("button", name="Change password").click()
        page.get_by_role("link", name="Back to the assistant").click()
        page.locator("#turn-1 .answer").wait_for()
        app.accounts.set_password("dan", PASSWORD)
        page.get_by_role("button", name="Try again").click()
        page.get_by_label("Name").wait_for()  # signed out meanwhile: not an error, but the way back in


@pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
def test_what_a_reader_sends_about_an_answer_is_reviewed_by_an_administrator(app):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        reader, admin = (browser.new_context(viewport={"width": 390, "height": 800}).new_page() for _ in range(2))
        for page, name in ((reader, "fay"), (admin, "eve")):
            page.set_default_timeout(20_000)
            page.goto(app.url)
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
        ask(reader, "What needs to improve in Sandwell?")
        reader.get_by_role("button", name="this answer was not useful").press("Enter")
        expect(reader.locator("#feedback-about h2")).to_be_focused()
        expect(reader.get_by_label("No", exact=True)).to_be_checked()
        assert serious(reader) == [] and fits(reader)
        reader.get_by_label("Why?").fill("It leaves out supervision.")
        reader.keyboard.press("Tab")
        expect(reader.get_by_role("button", name="Send feedback")).to_be_focused()
        reader.keyboard.press("Enter")
        expect(reader.locator("#feedback-told")).to_contain_text("Your feedback was sent")
        expect(reader.get_by_role("tab", name="Review")).to_have_count(0)
        admin.get_by_role("tab", name="Review").press("Enter")
        expect(admin.locator("#review-detail")).to_contain_text("It leaves out supervision.")
        assert serious(admin) == [] and fits(admin)
        admin.get_by_role("button", name="Mark as done").press("Enter")
        expect(admin.locator("#review-count")).to_contain_text("Now done")
        expect(admin.locator("#review-detail")).to_contain_text("Nothing here fits")
        assert serious(admin) == [] and fits(admin)


def test_no_connection_leaves_the_machine(app):
    """Last in this file: what the process has asked of the network in all of the tests above."""
    asked = app.connections.read_text(encoding="utf-8").splitlines()
    assert "watching" in asked
    assert [line for line in asked if line != "watching"] == []


def test_accounts_by_the_command_line(tmp_path):
    def run(*arguments: str, typed: str = ""):
        return CliRunner().invoke(cli, ["account", *arguments], input=typed, env={"LIBRARY_DIR": str(tmp_path)})

    assert run("add", "dev", "--role", "admin", typed=f"{PASSWORD}\n").exit_code == 0
    short = run("add", "eve", typed="short\n")
    assert short.exit_code == 1 and "longer" in short.stderr and short.stderr.count("\n") == 1
    assert run("add", "eve", "--role", "boss", typed=PASSWORD).exit_code == 2
    assert "dev" in run("list").stdout
    accounts = Accounts(service_engine(tmp_path))
    assert accounts.sign_in("dev", PASSWORD, "here")
    assert run("password", "dev", typed="velvet-harbour-tractor\n").exit_code == 0
    assert accounts.sign_in("dev", "velvet-harbour-tractor", "here")
    assert run("unlock", "nobody").exit_code == 1
    kept = Conversations(service_engine(tmp_path), 30)
    kept.add("dev", Answer("What?", "What?", Status.ERROR, "No."))
    assert run("remove", "Dev").exit_code == 0 and accounts.all() == [] and kept.of("dev") == []


def through(secret: str = "s" * 32, **headers: str) -> Request:
    sent = {"X-Proxy-Secret": secret, **headers}
    return Request({"type": "http", "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()]})


def test_a_proxy_says_who_it_is_and_what_they_may_do():
    settings = Settings(
        sign_in="proxy", sign_in_secret="s" * 32, sign_in_header="X-User", sign_in_editors="workforce", sign_in_admins="it, qa"
    )
    door = door_for(settings)
    groups = {"": Role.READER, "staff": Role.READER, "staff,workforce": Role.EDITOR, "workforce, qa": Role.ADMIN}
    for held, role in groups.items():
        assert door.person(through(**{"X-User": "amina@x.gov.uk", "X-Forwarded-Groups": held})) == Person("amina@x.gov.uk", role)
    for bad in (through("", **{"X-User": "a"}), through("t" * 32, **{"X-User": "a"}), through(), through(**{"X-User": "a" * 301})):
        assert door.person(bad) is None


@pytest.mark.parametrize("secret", [None, "too short"])
def test_a_proxy_without_a_secret_is_refused(secret):
    with pytest.raises(ServeError, match="32 characters"):
        door_for(Settings(sign_in="proxy", sign_in_secret=secret))


def test_a_quota_is_each_persons_and_comes_back():
    now = [0.0]
    quota = Quota(3, 60, "Wait.", lambda: now[0])
    amina, ben = Person("amina", Role.READER), Person("ben", Role.READER)
    quota.take(amina, 3)
    quota.take(ben)
    with pytest.raises(QuotaError, match="Wait"):
        quota.take(amina)
    now[0] = 60.0
    quota.take(amina)
    for _ in range(9):
        quota.take(HERE)


@pytest.mark.parametrize(
    ("host", "origin", "own"),
    [
        ("127.0.0.1:7860", None, True),
        ("localhost:7860", "http://localhost:7860", True),
        ("[::1]:7860", "http://[::1]:7860", True),
        ("127.0.0.1:7860", "https://example.org", False),
        ("127.0.0.1:7860", "null", False),
        ("127.0.0.1:7860", "http://127.0.0.1:9000", False),
        ("example.org", None, False),
        ("", None, False),
    ],
)
def test_without_sign_in_only_the_apps_own_page_on_this_machine_is_answered(host, origin, own):
    assert comes_from_own_page(host, origin, sign_in=False) is own


@pytest.mark.parametrize(("origin", "own"), [(None, True), ("https://a.gov.uk", True), ("https://b.gov.uk", False), ("null", False)])
def test_where_people_sign_in_any_name_will_do_but_no_other_site(origin, own):
    assert comes_from_own_page("a.gov.uk", origin, sign_in=True) is own
