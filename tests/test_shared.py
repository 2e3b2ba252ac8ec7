"""A library shared by several processes: PostgreSQL, a Chroma server, two apps and nginx before them, all real.

DOWNS=20 in the environment takes the servers away more often than an ordinary run does.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from pydantic import SecretStr
from sqlalchemy import text

from assistant.accounts import Accounts
from assistant.chain import Assistant
from assistant.database import service_engine
from assistant.errors import LibraryBusy, LibraryError
from assistant.library import Library
from assistant.people import Role
from assistant.settings import Settings
from assistant.types import Document, Kind, Passage, Status
from eval.cases import load
from eval.deployment import compare
from eval.quick import quick
from ingest.run import ingest
from tests.conftest import CORPUS
from tests.servers import ROOT, App, Chroma, Nginx, Postgres
from tests.serving import PASSWORD

DOWNS = int(os.environ.get("DOWNS", "1"))
CHROMIUM = Path("/usr/bin/chromium")
QUESTION = "What did inspectors find about supervision in Sandwell?"
SAID = "The quality and timeliness of supervision vary."


@pytest.fixture(scope="module")
def folder():
    """A folder that another user may go into, as those of pytest may not be."""
    made = Path(tempfile.mkdtemp(prefix="shared-"))
    made.chmod(0o755)
    for name in ("postgres", "chroma", "nginx", "library"):
        (made / name).mkdir()
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def postgres(folder):
    server = Postgres(folder / "postgres")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def chroma(folder):
    server = Chroma(folder / "chroma")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def opened(folder, postgres, chroma):
    """Opens the shared library, as each process does."""
    return lambda: Library(folder / "library", SecretStr(postgres.url), chroma.url)


@pytest.fixture(scope="module")
def writer(opened, embedder):
    """The shared library, filled with the corpus."""
    with opened() as library:
        outcomes = ingest([CORPUS], library, embedder, CORPUS)
        assert [o.name for o in outcomes if o.what != "new"] == []
        yield library


@pytest.fixture(scope="module")
def reader(writer, opened, embedder):
    """An assistant that reads what `writer` writes."""
    with opened() as library:
        yield Assistant(library, embedder, CORPUS)


def note(folder: Path, name: str, words: str) -> Path:
    file = folder / f"{name}.md"
    file.write_text(f"# {name}\n\n{words}\n", encoding="utf-8")
    return file


def test_it_answers_as_the_library_in_a_folder_does(assistant, reader):
    compared = [compare(assistant, reader, case) for case in quick(load("dev"), Settings(_env_file=None))[::3]]
    assert len(compared) > 15
    assert [(c.case, c.differs) for c in compared if set(c.differs) - {"passages"}] == []


def test_keywords_are_ranked_as_by_fts5(assistant, writer):
    documents = [document.id for document in writer.documents()]
    assert documents == [document.id for document in assistant.library.documents()]
    for terms in (
        ["supervision"],
        ["initial child protection conference", "days"],
        ["children's", "Caf\u00e9", "is"],
        ["chronologies", "possibly"],
    ):
        for scope in (documents, documents[:5], documents[5:]):
            alone, shared = (library.keyword(terms, scope, 40) for library in (assistant.library, writer))
            assert list(shared) == list(alone)
            assert shared == pytest.approx(alone, rel=1e-9)
    assert writer.keyword(["'; DROP TABLE passages"], documents, 5) == assistant.library.keyword(["'; DROP TABLE passages"], documents, 5)
    for stem in ("superv", "chronolog", "47", "x"):
        assert writer.frequency(stem) == assistant.library.frequency(stem)
    for form in ("strategy discussion", "discussion strategy", "zebra"):
        assert writer.mentions([form], documents) == assistant.library.mentions([form], documents)
    assert writer.texts() == assistant.library.texts()


def test_one_writes_and_others_are_told_so(writer, opened):
    with opened() as other, writer.writing():
        with pytest.raises(LibraryBusy, match="try again"):
            other.store(Document("busy", "Busy", Kind.LOCAL), [Passage("busy:1", "busy", 0, "Text.")])
        assert other.document("busy") is None
        assert len(other.documents()) == len(writer.documents())
        with ThreadPoolExecutor() as pool, pytest.raises(LibraryBusy):  # another person in the same app
            pool.submit(writer.remove, "busy").result()


def test_the_lock_falls_with_the_process_that_held_it(writer, folder, postgres, chroma):
    code = (
        "import os, sys; from pathlib import Path; from pydantic import SecretStr; from assistant.library import Library\n"
        "with Library(Path(sys.argv[1]), SecretStr(sys.argv[2]), sys.argv[3]).writing(): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(folder / "library"), postgres.url, chroma.url]
    holder = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LibraryBusy):
        writer.remove("nothing")
    holder.kill()
    holder.wait(10)
    for _ in range(50):  # the server notices when it next looks
        if writer.version() is not None:
            break
        time.sleep(0.1)
    writer.remove("nothing")


def test_a_reader_takes_in_what_was_written_once_it_is_done(writer, reader, embedder, tmp_path):
    ingest([CORPUS], writer, embedder, CORPUS)
    reader.keep_up()
    assert not reader.keep_up()
    with writer.writing():
        ingest(
            [note(tmp_path, "Kestrel rota", "The kestrel rota is kept by the duty manager of the kestrel team.")], writer, embedder, CORPUS
        )
        assert not reader.keep_up()
        assert reader.ask(QUESTION).status is Status.ANSWERED
    assert reader.keep_up()
    answer = reader.ask("Who keeps the kestrel rota?")
    assert answer.citations[0].document_id == "kestrel-rota"
    writer.remove("kestrel-rota")
    assert reader.ask("Who keeps the kestrel rota?").status is not Status.ERROR
    assert reader.keep_up()
    assert all(hit.document.id != "kestrel-rota" for hit in reader.ask("Who keeps the kestrel rota?").passages)


@pytest.mark.parametrize("time", range(DOWNS))
def test_postgresql_away_is_said_and_back_needs_no_hands(postgres, reader, time):
    passages = sum(reader.library.counts().values())
    postgres.stop()
    try:
        with pytest.raises(LibraryError, match="PostgreSQL") as told:
            reader.ask(QUESTION)
        assert "not-secret" not in str(told.value)
    finally:
        postgres.start()
    assert reader.ask(QUESTION).status is Status.ANSWERED
    assert sum(reader.library.counts().values()) == passages


@pytest.mark.parametrize("time", range(DOWNS))
def test_chroma_away_is_said_and_back_needs_no_hands(chroma, reader, time):
    chroma.stop()
    try:
        with pytest.raises(LibraryError, match="Chroma"):
            reader.ask(QUESTION)
    finally:
        chroma.start()
    assert reader.ask(QUESTION).status is Status.ANSWERED


def test_an_index_that_was_made_anew_is_found_by_who_reads(writer, reader, embedder):
    index = Assistant(writer, embedder, CORPUS).index
    with writer.writing():
        index.rebuild()
        index.sync()
    assert reader.ask(QUESTION).status is Status.ANSWERED


def test_what_the_service_keeps_of_people_is_shared(postgres, tmp_path):
    one, other = (service_engine(tmp_path, SecretStr(postgres.url)) for _ in range(2))
    with one.begin() as connection:
        connection.execute(text("CREATE TABLE kept (what text)"))
        connection.execute(text("INSERT INTO kept VALUES ('this')"))
    with other.connect() as connection:
        assert connection.execute(text("SELECT what FROM service.kept")).scalar_one() == "this"
    one.dispose()
    other.dispose()


@pytest.mark.parametrize("wrong", ["not an address", "postgresql://test:not-secret@127.0.0.1:1/nothing"])
def test_a_wrong_address_is_said_without_its_password(wrong, tmp_path):
    with pytest.raises(LibraryError, match="DATABASE_URL") as told:
        Library(tmp_path, SecretStr(wrong), "http://127.0.0.1:1")
    assert "not-secret" not in str(told.value)


def test_one_address_without_the_other_is_refused(tmp_path):
    with pytest.raises(LibraryError, match="CHROMA_URL"):
        Library(tmp_path, SecretStr("postgresql://127.0.0.1/nothing"))


@pytest.fixture(scope="module")
def apps(writer, folder, postgres, chroma):
    settings = {"DATABASE_URL": postgres.url, "CHROMA_URL": chroma.url, "LIBRARY_DIR": str(folder / "library")}
    Accounts(service_engine(folder, SecretStr(postgres.url))).add("amina", Role.READER, PASSWORD)
    started = [App(**settings), App(**settings)]
    for app in started:
        app.wait()
    yield started
    for app in started:
        app.stop()


@pytest.fixture
def proxy(apps, folder):
    server = Nginx(folder / "nginx", (apps[0].port, apps[1].port))
    yield server
    server.stop()


@pytest.fixture
def page():
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]).new_page()
        page.set_default_timeout(30_000)
        yield page


def sign_in(page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Name").fill("amina")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def ask(page) -> None:
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#conversation")).to_contain_text(SAID, timeout=30_000)


def has_come(page, url: str, title: str) -> bool:
    """Whether the Library tab comes to list a document of that title, looked at anew up to twenty times."""
    for _ in range(20):
        page.goto(url)
        page.get_by_role("tab", name="Library").click()
        page.locator("table.shelf").wait_for()
        if title in page.locator("table.shelf").inner_text():
            return True
        time.sleep(0.5)
    return False


def test_two_apps_behind_one_proxy_take_in_what_is_new_and_outlive_either(apps, proxy, page, writer, embedder, tmp_path):
    sign_in(page, proxy.url)
    ask(page)
    served = {proxy.last()}
    ingest([note(tmp_path, "Merlin rota", "The merlin rota is kept by the duty manager.")], writer, embedder, CORPUS)
    assert has_come(page, proxy.url, "Merlin rota")
    assert {proxy.last()} == served  # a browser stays with one
    next(app for app in apps if app.port in served).stop()
    page.goto(proxy.url)  # still signed in, and the conversation is found again
    expect(page.locator("#conversation")).to_contain_text(SAID)
    page.get_by_role("button", name="Start again").click()
    expect(page.locator("#conversation")).not_to_contain_text(SAID)
    ask(page)
    assert has_come(page, proxy.url, "Merlin rota")
    assert served.isdisjoint({proxy.last()})
    writer.remove("merlin-rota")
