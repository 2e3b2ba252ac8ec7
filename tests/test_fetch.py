"""Downloads against a local server that stands in for the official sites: real requests, no network, no waiting."""

import hashlib
import io
import json
import shutil
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from rich.console import Console
from typer.testing import CliRunner

from assistant.errors import AssistantError, CorpusError, FetchError, FetchRefused, Unreachable
from assistant.library import Library
from assistant.settings import Settings
from assistant.superseded import superseded
from assistant.types import Kind
from ingest.__main__ import FETCHED, command, fetch_into_library, table, without_reader
from ingest.__main__ import run as ingest_command
from ingest.fetch import attachments, chosen, dates, feed_titles, fetch, require_format
from ingest.kept import read_kept
from ingest.ofsted import read_report
from ingest.readers import read_source
from ingest.sources import Source, describe, read_manifest
from ingest.web import Manners, Web, retry_after
from tests.conftest import CORPUS
from tests.shared import shared

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ROOT.parent / "shared" / "formats"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GOVUK, ASSETS, LAW = "https://www.gov.uk", "https://assets.publishing.service.gov.uk", "https://www.legislation.gov.uk"
ACT = f"{LAW}/ukpga/2022/44/section/18/data.xml"


def official(name: str) -> bytes:
    """A real response of an official site."""
    if not (FORMATS / name).exists():
        pytest.skip(f"the official sample {name} is not here")
    return (FORMATS / name).read_bytes()


def pdf(*paragraphs: str) -> bytes:
    """A one-page PDF of these paragraphs, a line each."""
    stream = f"BT /F1 12 Tf 40 TL 72 720 Td {' T* '.join(f'({text}) Tj' for text in paragraphs)} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)


@dataclass
class Says:
    """One answer of the stand-in. `cut` sends half of the body and hangs up."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


class Site:
    """The official sites, stood in for by one local server: what each address says in turn (the last goes on), what was asked."""

    def __init__(self) -> None:
        self.transport: httpx.BaseTransport | None = None
        self.pages: dict[str, list[Says]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def says(self, address: str, *answers: Says) -> None:
        self.pages[address] = list(answers)

    def serves(self, address: str, body: bytes, etag: str = "") -> None:
        """`body` with an ETag, and 304 to whoever has it."""
        self.says(address, Says(body=body, headers={"ETag": etag or f'"{hashlib.sha256(body).hexdigest()[:8]}"'}))

    def addresses(self) -> list[str]:
        return [address for address, _ in self.asked]

    def answer(self, address: str, headers: dict[str, str]) -> Says:
        self.asked.append((address, headers))
        answers = self.pages.get(address, [Says(404)])
        says = answers.pop(0) if len(answers) > 1 else answers[0]
        same = says.headers.get("ETag") and headers.get("if-none-match") == says.headers["ETag"]
        return Says(304) if same else says


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            says = made.answer(f"https://{self.headers['Host']}{self.path}", headers)
            self.send_response(says.status)
            for name, value in says.headers.items():
                self.send_header(name, value)
            if "Transfer-Encoding" not in says.headers and says.status != 304:
                self.send_header("Content-Length", str(len(says.body)))
            self.end_headers()
            self.wfile.write(says.body[: len(says.body) // 2] if says.cut else says.body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.transport = ToLocal(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


class ToLocal(httpx.HTTPTransport):
    """Takes what is meant for https://<host>/ to the local server, which reads the host from its header."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return super().handle_request(request)


class NoNetwork(httpx.BaseTransport):
    """A machine without a network."""

    def __init__(self) -> None:
        self.tries = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.tries += 1
        raise httpx.ConnectError("Name or service not known", request=request)


class Waits(list[float]):
    """Every wait that was asked for, none of them waited."""

    def manners(self, **given: object) -> Manners:
        return replace(Manners(sleep=self.append, now=lambda: NOW, jitter=lambda: 0.5), **given)


@pytest.fixture
def waits() -> Waits:
    return Waits()


def source(name: str, via: str, address: str, **given: object) -> Source:
    return Source(name, name.title(), Kind.GUIDANCE, "Publisher", via, address, f"https://page/{name}", "OGL", **given)


ACT_SOURCE = source("energy-act", "legislation", ACT)
HOSTS = ("www.gov.uk", "assets.publishing.service.gov.uk", "www.legislation.gov.uk")


def fetched(sources: list[Source], folder: Path, site: Site, manners: Manners, **given: object) -> list[tuple[str, str]]:
    """(what, why) of a fetch from the stand-in."""
    with Web(HOSTS, manners, site.transport) as web:
        return [(o.what, o.reason) for o in fetch(sources, folder, web, **given)]


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {f.name: (f.stat().st_mtime_ns, f.stat().st_ino) for f in folder.iterdir()}


# -- what is fetched ---------------------------------------------------------------


def test_a_document_is_kept_with_its_record_and_a_second_fetch_rewrites_nothing(site, tmp_path, waits):
    body = official("legislation/fragment-2.xml")
    site.says(ACT, Says(body=body, headers={"ETag": '"v1"', "Last-Modified": "Wed, 01 Oct 2025 10:00:00 GMT"}))
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners()) == [("fetched", "")]
    assert (tmp_path / "energy-act.xml").read_bytes() == body
    record = tomllib.loads((tmp_path / "energy-act.toml").read_text())
    assert record["address"] == ACT and record["etag"] == '"v1"' and record["retrieved"] == "2026-11-24"
    assert record["last_modified"] == "Wed, 01 Oct 2025 10:00:00 GMT" and record["version"] == "2025-10-01"
    assert record["sha256"] == hashlib.sha256(body).hexdigest()
    assert "python-httpx" not in site.asked[0][1]["user-agent"]

    before = stamps(tmp_path)
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners()) == [("unchanged", "")]
    assert site.asked[1][1]["if-none-match"] == '"v1"'
    assert site.asked[1][1]["if-modified-since"] == "Wed, 01 Oct 2025 10:00:00 GMT"
    assert stamps(tmp_path) == before


def test_the_same_bytes_without_an_etag_are_unchanged_and_new_bytes_are_fetched(site, tmp_path, waits):
    site.says(ACT, Says(body=b"<Act>one</Act>"), Says(body=b"<Act>one</Act>"), Says(body=b"<Act>two</Act>"))
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners()) == [("fetched", "")]
    before = stamps(tmp_path)["energy-act.xml"]
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners()) == [("unchanged", "")]
    assert stamps(tmp_path)["energy-act.xml"] == before
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners()) == [("fetched", "")]
    assert (tmp_path / "energy-act.xml").read_bytes() == b"<Act>two</Act>"
    assert read_kept(tmp_path / "energy-act.xml").sha256 == hashlib.sha256(b"<Act>two</Act>").hexdigest()


def test_a_source_whose_address_was_corrected_is_fetched_whole(site, tmp_path, waits):
    site.serves(ACT, b"<Act>section</Act>", etag='"1"')
    site.serves(f"{LAW}/whole", b"<Act>whole</Act>", etag='"1"')
    fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    assert fetched([replace(ACT_SOURCE, address=f"{LAW}/whole")], tmp_path, site, waits.manners()) == [("fetched", "")]
    assert (tmp_path / "energy-act.xml").read_bytes() == b"<Act>whole</Act>"


def test_a_copy_that_someone_changed_or_that_has_lost_its_record_is_fetched_whole(site, tmp_path, waits):
    site.serves(ACT, b"<Act/>")
    fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    (tmp_path / "energy-act.xml").write_bytes(b"<Act>edited by hand</Act>")
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners())[0][0] == "fetched"
    (tmp_path / "energy-act.toml").write_text("not = a record")
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners())[0][0] == "fetched"
    assert (tmp_path / "energy-act.xml").read_bytes() == b"<Act/>"
    assert all("if-none-match" not in headers for _, headers in site.asked)


# -- what goes wrong ---------------------------------------------------------------


def test_a_missing_page_is_named_and_does_not_stop_the_rest(site, tmp_path, waits):
    site.serves(ACT, b"<Act/>")
    gone = source("gone", "pdf", f"{ASSETS}/media/1/old.pdf")
    (failed, why), (what, _) = fetched([gone, ACT_SOURCE], tmp_path, site, waits.manners())
    assert (failed, what) == ("failed", "fetched")
    assert f"{ASSETS}/media/1/old.pdf (404)" in why and "corpus/sources.toml" in why and "\n" not in why
    assert not list(tmp_path.glob("gone*"))
    assert waits == []


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7.0), ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0), ("9000", 120.0), ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0), ("soon", 1.5)],
)
def test_a_busy_server_is_given_the_time_it_asks_for(site, tmp_path, waits, asked, waited):
    site.says(ACT, Says(429, headers={"Retry-After": asked}), Says(body=b"<Act/>"))
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners()) == [("fetched", "")]
    assert waits == [waited, 1.0]


@pytest.mark.parametrize("status", [202, 500, 502, 503, 504])
def test_a_failing_server_is_asked_again(site, tmp_path, waits, status):
    site.says(ACT, Says(status), Says(body=b"<Act/>"))
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners()) == [("fetched", "")]
    assert waits == [1.5, 1.0]


def test_after_three_retries_further_and_further_apart_it_is_given_up_and_the_old_copy_stays(site, tmp_path, waits):
    site.serves(ACT, b"<Act/>")
    fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    before = stamps(tmp_path)
    site.asked.clear()
    site.says(ACT, Says(503))
    ((what, why),) = fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    assert what == "failed" and "answered 503" in why
    assert len(site.asked) == 4
    assert waits == [1.5, 1.0, 3.0, 1.0, 6.0, 1.0]
    assert stamps(tmp_path) == before


def test_a_connection_cut_in_the_middle_leaves_the_old_copy_and_no_half_file(site, tmp_path, waits):
    site.serves(ACT, b"<Act>old</Act>")
    fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    before = stamps(tmp_path)
    site.says(ACT, Says(body=b"<Act>" + b"x" * 100_000 + b"</Act>", cut=True))
    ((what, why),) = fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    assert (what, "broke the connection off" in why) == ("failed", True)
    assert stamps(tmp_path) == before and (tmp_path / "energy-act.xml").read_bytes() == b"<Act>old</Act>"


def test_a_connection_cut_once_is_mended_by_a_retry(site, tmp_path, waits):
    whole = b"<Act>" + b"x" * 100_000 + b"</Act>"
    site.says(ACT, Says(body=whole, cut=True), Says(body=whole))
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners()) == [("fetched", "")]
    assert (tmp_path / "energy-act.xml").read_bytes() == whole


@pytest.mark.parametrize(
    ("to", "named"),
    [
        ("https://evil.example/data.xml", "https://evil.example/data.xml"),
        ("http://www.legislation.gov.uk/data.xml", "http://www.legislation.gov.uk/data.xml"),
        ("https://www.legislation.gov.uk:8443/data.xml", "www.legislation.gov.uk:8443"),
        ("https://www.gov.uk.evil.example/", "www.gov.uk.evil.example"),
        ("https://name@www.gov.uk/", "name@www.gov.uk"),
        ("//127.0.0.1/data.xml", "https://127.0.0.1/data.xml"),
        ("file:///etc/passwd", "/etc/passwd"),
    ],
)
def test_a_redirect_off_the_list_is_refused_by_name_and_never_asked(site, tmp_path, waits, to, named):
    site.says(ACT, Says(302, headers={"Location": to}))
    ((what, why),) = fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    assert what == "refused" and f"{ACT} redirects to " in why and named in why
    assert site.addresses() == [ACT]
    assert list(tmp_path.iterdir()) == []


def test_redirects_within_the_list_are_followed_but_not_for_ever(site, tmp_path, waits):
    site.says(ACT, Says(301, headers={"Location": "/moved"}))
    site.says(f"{LAW}/moved", Says(303, headers={"Location": f"{GOVUK}/act"}))
    site.serves(f"{GOVUK}/act", b"<Act/>")
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners()) == [("fetched", "")]
    assert site.addresses() == [ACT, f"{LAW}/moved", f"{GOVUK}/act"]
    site.says(ACT, Says(302, headers={"Location": ACT}))
    ((what, why),) = fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    assert what == "refused" and "redirects more than 5 times" in why


@pytest.mark.parametrize("chunked", [False, True])
def test_what_is_too_large_is_refused_whether_or_not_it_says_its_size(site, tmp_path, waits, chunked):
    body = b"<Act>" + b"x" * 5_000 + b"</Act>"
    site.says(ACT, Says(body=body))
    if chunked:
        pieces = [body[i : i + 500] for i in range(0, len(body), 500)]
        packed = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        site.says(ACT, Says(body=packed, headers={"Transfer-Encoding": "chunked"}))
    ((what, why),) = fetched([ACT_SOURCE], tmp_path, site, waits.manners(max_bytes=2_000))
    assert what == "refused" and "larger than 0.002 MB" in why
    assert list(tmp_path.iterdir()) == [] and len(site.asked) == 1
    assert fetched([ACT_SOURCE], tmp_path, site, waits.manners(max_bytes=10_000)) == [("fetched", "")]


def test_an_error_page_in_place_of_the_document_never_replaces_the_copy(site, tmp_path, waits):
    site.serves(ACT, b"<Act/>")
    fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    site.says(ACT, Says(body=b"<!DOCTYPE html><html>Please sign in</html>"))
    ((what, why),) = fetched([ACT_SOURCE], tmp_path, site, waits.manners())
    assert what == "refused" and "something other than XML" in why
    assert (tmp_path / "energy-act.xml").read_bytes() == b"<Act/>"


@pytest.mark.parametrize(
    ("via", "good", "bad"),
    [
        ("govuk", b'{"title": "T", "details": {}}', b"<html></html>"),
        ("govuk", b'{"title": "T", "details": {}}', b"[" * 100_000),
        ("pdf", b"%PDF-1.7", b"<html></html>"),
        ("html", b"<!DOCTYPE html>", b"%PDF-1.7"),
        ("feed", b"<?xml version='1.0'?><feed/>", b"<html></html>"),
    ],
)
def test_each_format_is_told_from_another(via, good, bad):
    require_format(via, "https://x/", good)
    with pytest.raises(FetchRefused, match="https://x/"):
        require_format(via, "https://x/", bad)


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(site, tmp_path, waits):
    (tmp_path / "file").write_text("")
    site.serves(ACT, b"<Act/>")
    with pytest.raises(AssistantError, match=r"cannot be written .*; free some space"):
        fetched([ACT_SOURCE], tmp_path / "file" / "sources", site, waits.manners())


# -- manners -----------------------------------------------------------------------


def test_each_host_is_given_a_pause_between_requests_and_another_host_none(site, tmp_path, waits):
    site.serves(ACT, b"<Act/>")
    site.serves(f"{LAW}/two", b"<Act/>")
    site.serves(f"{ASSETS}/a.pdf", pdf("a"))
    sources = [ACT_SOURCE, source("a", "pdf", f"{ASSETS}/a.pdf"), source("two", "legislation", f"{LAW}/two")]
    fetched(sources, tmp_path, site, waits.manners())
    assert waits == [1.0]
    assert Manners().pause == 1.0 and Manners().max_bytes == 50_000_000 and Manners().retries == 3


@pytest.mark.parametrize("address", ["http://www.gov.uk/", "https://elsewhere.example/", "https://", "https://[bad", "ftp://www.gov.uk/"])
def test_an_address_that_is_not_https_on_a_listed_host_is_never_asked(site, waits, address):
    with Web(HOSTS, waits.manners(), site.transport) as web, pytest.raises(FetchRefused, match=r"corpus/sources\.toml"):
        web.get(address)
    assert site.asked == []


@pytest.mark.parametrize(("value", "seconds"), [("", None), ("-5", None), ("3", 3.0), ("Tue, 24 Nov 2026 12:01:00 GMT", 60.0)])
def test_retry_after_as_seconds_or_a_date(value, seconds):
    assert retry_after(value, NOW) == seconds


# -- attachments and dates (pure) ----------------------------------------------------


def test_the_attachments_of_a_real_publication_are_found():
    page = json.loads(official("govuk/publication-frontend-publication-with-featured-attachments.json"))
    (part,) = attachments(source("fr20", "govuk", f"{GOVUK}/api/content/x"), page)
    assert (part.name, part.via) == ("fr20--public-1392629965", "pdf")
    assert part.address == part.page == page["details"]["attachments"][0]["url"]
    without = json.loads(official("govuk/publication-frontend-best-practice-statutory-guidance.json"))
    assert attachments(source("s", "govuk", f"{GOVUK}/api/content/x"), without) == []


def test_html_is_followed_through_the_content_api_and_its_pdf_twin_other_formats_and_languages_are_left_out():
    listed = [
        {"title": "Guide 2026", "url": "/government/publications/x/guide-2026", "attachment_type": "html"},
        {"title": "Guide 2026", "url": f"{ASSETS}/media/1/Guide_2026.pdf", "content_type": "application/pdf"},
        {"title": "Annex 2026", "url": f"{ASSETS}/media/2/Annex.pdf", "content_type": "application/pdf", "locale": "en"},
        {"title": "Annex B 2026", "url": f"{ASSETS}/media/3/Annex.pdf", "content_type": "application/pdf"},
        {"title": "Tables 2026", "url": f"{ASSETS}/media/4/t.csv", "content_type": "text/csv"},
        {"title": "Canllaw 2026", "url": f"{ASSETS}/media/5/cy.pdf", "content_type": "application/pdf", "locale": "cy"},
        {"title": "Guide 2023", "url": f"{ASSETS}/media/6/old.pdf", "content_type": "application/pdf"},
        {"title": "Changes 2026", "url": "/government/publications/x/changes", "attachment_type": "html"},
    ]
    own = frozenset({f"{GOVUK}/api/content/government/publications/x/changes"})
    parts = attachments(source("g", "govuk", "https://www.gov.uk/x", only="2026"), {"details": {"attachments": listed}}, own)
    assert [(p.name, p.via, p.address) for p in parts] == [
        ("g--guide-2026", "govuk", f"{GOVUK}/api/content/government/publications/x/guide-2026"),
        ("g--annex", "pdf", f"{ASSETS}/media/2/Annex.pdf"),
        ("g--annex-2", "pdf", f"{ASSETS}/media/3/Annex.pdf"),
    ]
    assert parts[0].page == f"{GOVUK}/government/publications/x/guide-2026"


def test_the_date_and_withdrawal_of_real_pages():
    assert dates("govuk", official("govuk/html_publication-frontend-withdrawn.json"), "") == ("2017-02-03", "2019-11-19")
    assert dates("govuk", official("govuk/publication-frontend-best-practice-statutory-guidance.json"), "") == ("2015-12-17", "")
    assert dates("legislation", b"<L><dct:valid>2025-04-15</dct:valid></L>", "") == ("2025-04-15", "")
    assert dates("pdf", b"%PDF", "") == ("", "")


def test_what_a_feed_lists():
    feed = b"<feed><title>Search</title><entry><id>1</id><title type='text'>The X (Commencement)\n Regulations &amp; Order</title></entry></feed>"
    assert feed_titles(feed) == ["The X (Commencement) Regulations & Order"]
    assert feed_titles(b"<feed><title>Search</title></feed>") == []


def test_attachments_on_listed_hosts_are_followed_and_those_no_longer_listed_go(site, tmp_path, waits):
    page = json.loads(official("govuk/publication-frontend-publication-with-featured-attachments.json"))
    (listed,) = page["details"]["attachments"]
    page["details"]["attachments"].append({**listed, "title": "Elsewhere", "url": "https://evil.example/a.pdf"})
    landing = source("fr20", "govuk", f"{GOVUK}/api/content/government/publications/fr20")
    site.serves(landing.address, json.dumps(page).encode())
    site.serves(listed["url"], pdf("Two people"))
    outcomes = fetched([landing], tmp_path, site, waits.manners())
    assert [what for what, _ in outcomes] == ["fetched", "fetched", "refused"]
    assert "https://evil.example/a.pdf" in outcomes[2][1]
    assert (tmp_path / "fr20--public-1392629965.pdf").read_bytes() == pdf("Two people")
    assert read_kept(tmp_path / "fr20--public-1392629965.pdf").page == listed["url"]

    page["details"]["attachments"] = [{**listed, "url": f"{ASSETS}/media/9/Reissued.pdf"}]
    site.serves(landing.address, json.dumps(page).encode())
    site.serves(f"{ASSETS}/media/9/Reissued.pdf", pdf("Three people"))
    assert [what for what, _ in fetched([landing], tmp_path, site, waits.manners())] == ["fetched", "fetched", "removed"]
    assert sorted(f.name for f in tmp_path.iterdir()) == ["fr20--reissued.pdf", "fr20--reissued.toml", "fr20.json", "fr20.toml"]


def test_a_publication_that_has_not_changed_still_has_its_attachments_checked(site, tmp_path, waits):
    page = json.loads(official("govuk/publication-frontend-publication-with-featured-attachments.json"))
    landing = source("fr20", "govuk", f"{GOVUK}/api/content/government/publications/fr20")
    site.serves(landing.address, json.dumps(page).encode())
    assert [what for what, _ in fetched([landing], tmp_path, site, waits.manners())] == ["fetched", "failed"]
    site.serves(page["details"]["attachments"][0]["url"], pdf("Two people"))
    assert [what for what, _ in fetched([landing], tmp_path, site, waits.manners())] == ["unchanged", "fetched"]


# -- from the sites into the library -------------------------------------------------


SOURCES = f"""
[[source]]
id = "old-guide"
title = "The old guide"
kind = "guidance"
publisher = "Department for Testing"
via = "pdf"
address = "{ASSETS}/media/1/guide.pdf"
page = "{GOVUK}/guide"
licence = "Open Government Licence v3.0"
published = "2023-12-15"
edition = "2023 edition"
status = "superseded"
superseded_by = "new-guide"

[[source]]
id = "new-guide"
title = "The new guide"
kind = "guidance"
publisher = "Department for Testing"
via = "govuk"
address = "{GOVUK}/api/content/new"
page = "{GOVUK}/new"
licence = "Open Government Licence v3.0"

[[source]]
id = "watched-page"
title = "A page to watch"
kind = "guidance"
publisher = "Department for Testing"
via = "html"
watch = true
address = "{GOVUK}/watched"
page = "{GOVUK}/watched"
licence = "Open Government Licence v3.0"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A small corpus of its own, and a library beside which sources/ will stand."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "sources.toml").write_text(SOURCES)
    (corpus / "gaps.toml").write_text("")
    for name in ("authorities.toml", "names.toml", "register.toml", "register_weights.toml"):
        shutil.copy(CORPUS / name, corpus)
    return Settings(library_dir=tmp_path / "data" / "library", corpus_dir=corpus)


def quiet() -> Console:
    return Console(file=io.StringIO())


def test_a_changed_document_replaces_its_passages_and_keeps_what_the_manifest_says(site, settings, waits):
    address = f"{ASSETS}/media/1/guide.pdf"
    site.serves(address, pdf("Visits are every six weeks for a child in need."))
    downloads, ingested = fetch_into_library(["old-guide"], settings, quiet(), waits.manners(), site.transport)
    assert [o.what for o in downloads] == ["fetched"] and [o.what for o in ingested] == ["new"]
    with Library(settings.library_dir) as library:
        document = library.document("old-guide")
        assert (document.title, document.publisher, document.kind) == ("The old guide", "Department for Testing", Kind.GUIDANCE)
        assert (document.edition, document.url, document.published) == ("2023 edition", f"{GOVUK}/guide", "2023-12-15")
        assert (document.licence, document.sha256) == (
            "Open Government Licence v3.0",
            hashlib.sha256(pdf("Visits are every six weeks for a child in need.")).hexdigest(),
        )

    downloads, ingested = fetch_into_library(["old-guide"], settings, quiet(), waits.manners(), site.transport)
    assert [o.what for o in downloads] == ["unchanged"] and [o.what for o in ingested] == ["unchanged"]

    site.serves(address, pdf("Visits are every four weeks for a child in need."))
    downloads, ingested = fetch_into_library(["old-guide"], settings, quiet(), waits.manners(), site.transport)
    assert [o.what for o in downloads] == ["fetched"] and [o.what for o in ingested] == ["changed"]
    with Library(settings.library_dir) as library:
        assert [p.text for p in library.passages_of("old-guide")] == ["Visits are every four weeks for a child in need."]


def test_all_sources_are_fetched_where_none_is_named_and_a_watched_page_is_kept_but_not_read(site, settings, waits):
    site.serves(f"{ASSETS}/media/1/guide.pdf", pdf("Visits are every six weeks for a child in need."))
    attachment = {"title": "Annex", "url": f"{ASSETS}/media/2/annex.pdf", "content_type": "application/pdf"}
    page = {"title": "New", "public_updated_at": "2026-05-01T00:00:00Z", "details": {"body": "<p>New.</p>", "attachments": [attachment]}}
    site.serves(f"{GOVUK}/api/content/new", json.dumps(page).encode())
    site.serves(f"{ASSETS}/media/2/annex.pdf", pdf("The annex says that plans are written down."))
    site.serves(f"{GOVUK}/watched", b"<!DOCTYPE html><html>one</html>")
    downloads, _ = fetch_into_library([], settings, quiet(), waits.manners(), site.transport)
    assert [(o.name, o.what, o.reason) for o in downloads] == [
        ("The old guide", "fetched", ""),
        ("The new guide", "fetched", ""),
        ("Annex", "fetched", ""),
        ("A page to watch", "fetched", ""),
    ]
    assert (settings.library_dir.parent / "sources" / "watched-page.watched").exists()
    with Library(settings.library_dir) as library:
        ids = {document.id for document in library.documents()}
        annex = library.document("new-guide--annex")
    assert {"old-guide", "new-guide--annex"} <= ids and "watched-page" not in ids
    assert (annex.title, annex.kind, annex.publisher) == ("Annex", Kind.GUIDANCE, "Department for Testing")

    site.serves(f"{GOVUK}/watched", b"<!DOCTYPE html><html>two</html>")
    downloads, _ = fetch_into_library(["watched-page"], settings, quiet(), waits.manners(), site.transport)
    assert [(o.what, o.reason) for o in downloads] == [
        ("fetched", f"A page to watch: it has changed since 2026-11-24; look at {GOVUK}/watched")
    ]


def test_what_supersedes_a_fetched_report_is_known_though_the_report_names_itself(site, settings, waits):
    entry = {"kind": "report", "publisher": "Ofsted", "authority": "Sandwell", "via": "ofsted", "licence": "OGL", "title": "Inspection"}
    old = {**entry, "id": "first-report", "address": f"{ASSETS}/1.pdf", "page": f"{ASSETS}/1.pdf", "superseded_by": "second-report"}
    new = {**entry, "id": "second-report", "address": f"{ASSETS}/2.pdf", "page": f"{ASSETS}/2.pdf", "published": "2025-12-02"}
    lines = ["\n".join(["[[source]]", *(f"{key} = {json.dumps(value)}" for key, value in e.items())]) for e in (old, new)]
    (settings.corpus_dir / "sources.toml").write_text("\n\n".join(lines))
    report = pdf(
        "Inspection of Sandwell local authority children's services",
        "Inspection dates: 9 to 20 May 2022",
        "Lead inspector: Ann Example, Her Majesty's Inspector, Ofsted",
        "1. Social workers visit children every six weeks.",
    )
    site.serves(old["address"], report)
    _, ingested = fetch_into_library(["first-report"], settings, quiet(), waits.manners(), site.transport)
    assert [o.what for o in ingested] == ["new"]
    with Library(settings.library_dir) as library:
        (document,) = library.documents()
        ((_, record),) = library.reports()
    assert (document.id, record.document_id, record.framework) == ("first-report", "first-report", "ILACS standard")
    assert (document.authority, document.url) == ("Sandwell", old["page"])
    (notice,) = superseded([document.id], [old, new])
    assert "superseded by Inspection (published 2025-12-02)" in notice


@pytest.mark.parametrize("published", ["05 july 2022", "02 december 2025"])
def test_the_sandwell_reports_have_the_ids_that_the_manifest_gives_them_however_they_come_in(published):
    manifest = read_manifest(CORPUS)
    path = f"80549_sandwell/children's services inspection - {published}.pdf"
    report = read_report(read_source(shared(f"reports/{path}")).blocks, path, manifest.authorities.titled)
    assert manifest.sources[report.document_id].published == report.published


def test_a_fetched_file_that_no_reader_knows_is_named_and_not_passed_over_in_silence(tmp_path):
    for name in ("a.pdf", "a.toml", "b.watched", ".c.json.part", "d.unknown", "e.doc"):
        (tmp_path / name).write_text("x")
    assert [file.name for file in without_reader(tmp_path)] == ["d.unknown"]


def test_what_gov_uk_changed_or_withdrew_since_the_manifest_was_written_shows_in_the_edition(site, tmp_path, waits):
    site.serves(f"{GOVUK}/api/content/w", official("govuk/html_publication-frontend-withdrawn.json"))
    page = source("w", "govuk", f"{GOVUK}/api/content/w", edition="First edition", published="2016-01-01")
    fetched([page], tmp_path, site, waits.manners())
    document = describe(page, read_kept(tmp_path / "w.json"), "w")
    assert document.edition == "First edition; page updated 2017-02-03; withdrawn 2019-11-19"


def test_without_a_network_one_sentence_and_nothing_changes(settings, waits, site, tmp_path):
    site.serves(f"{ASSETS}/media/1/guide.pdf", pdf("Visits are every six weeks for a child in need."))
    offline = NoNetwork()
    with pytest.raises(Unreachable, match="could not be reached, and what is there was left as it is") as error:
        fetch_into_library([], settings, quiet(), waits.manners(), offline)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "data").exists()
    assert offline.tries == 4 + 1, "the first host is tried four times, the second once"

    fetch_into_library(["old-guide"], settings, quiet(), waits.manners(), site.transport)
    folder = settings.library_dir.parent / "sources"
    before = stamps(folder)
    with pytest.raises(Unreachable):
        fetch_into_library(["old-guide"], settings, quiet(), waits.manners(), NoNetwork())
    assert stamps(folder) == before
    with Library(settings.library_dir) as library:
        assert library.document("old-guide")


def test_a_dead_host_is_given_up_after_its_retries_and_the_others_are_still_asked(site, tmp_path, waits):
    class OneIsDown(ToLocal):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == "assets.publishing.service.gov.uk":
                raise httpx.ConnectTimeout("timed out", request=request)
            return super().handle_request(request)

    site.serves(ACT, b"<Act/>")
    down = [source(name, "pdf", f"{ASSETS}/{name}.pdf") for name in ("a", "b")]
    with Web(HOSTS, waits.manners(), OneIsDown(site.transport.port)) as web:
        outcomes = fetch([*down, ACT_SOURCE], tmp_path, web)
    assert [o.what for o in outcomes] == ["failed", "failed", "fetched"]
    assert all("assets.publishing.service.gov.uk could not be reached" in o.reason for o in outcomes[:2])


def test_the_closing_table_counts_each_outcome_and_gives_reasons(site, settings, waits):
    site.serves(f"{ASSETS}/media/1/guide.pdf", pdf("Visits are every six weeks for a child in need."))
    site.says(f"{GOVUK}/watched", Says(302, headers={"Location": "https://evil.example/"}))
    downloads, _ = fetch_into_library([], settings, quiet(), waits.manners(), site.transport)
    out = io.StringIO()
    Console(width=200, file=out).print(table(downloads, "Fetched", FETCHED))
    rows = {cells[1].strip(): cells[2:4] for line in out.getvalue().splitlines() if len(cells := line.split("│")) == 5}
    assert {name: int(cells[0]) for name, cells in rows.items()} == {
        "fetched": 1, "unchanged": 0, "removed": 0, "failed": 1, "refused": 1,
    }  # fmt: skip
    assert "404" in rows["failed"][1] and "evil.example" in rows["refused"][1]


# -- the manifest and the command line ----------------------------------------------


def test_an_unknown_id_is_one_sentence():
    with pytest.raises(FetchError, match=r"There is no source nope; .*--list"):
        chosen(["nope"], read_manifest(CORPUS).sources)


def test_the_shipped_manifest_holds_together():
    manifest = read_manifest(CORPUS)
    sources = manifest.sources
    assert len(sources) >= 45
    assert len({s.address for s in sources.values()}) == len(sources)
    assert sum(not s.verified for s in sources.values()) == 14
    assert all(s.watch for s in sources.values() if s.via == "feed")
    assert {"www.gov.uk", "assets.publishing.service.gov.uk", "www.legislation.gov.uk", "files.ofsted.gov.uk"} <= manifest.hosts
    assert sources["working-together-2023"].superseded_by == "working-together-2026"
    for later in (s for s in sources.values() if s.supersedes):
        assert sources[later.supersedes].superseded_by == later.id
    for earlier in (s for s in sources.values() if s.superseded_by):
        assert sources[earlier.superseded_by].supersedes == earlier.id and earlier.status == "superseded"
    assert not set(sources) & {document.id for document in manifest.documents.values()}


@pytest.mark.parametrize("line", ['via = "ftp"', 'id = "Not Plain"', 'address = "http://www.gov.uk/"', "licence = "])
def test_a_malformed_source_is_named(settings, line):
    manifest = settings.corpus_dir / "sources.toml"
    key = line.split(" = ")[0]
    lines = [line if old.startswith(f"{key} = ") else old for old in SOURCES.splitlines()]
    manifest.write_text("\n".join(lines).replace("licence = \n", ""))
    with pytest.raises(CorpusError, match=r"sources\.toml"):
        read_manifest(settings.corpus_dir)


def run(*arguments: str, library: Path) -> Result:
    """The command, every connection of which goes to a port where nothing listens."""
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    return CliRunner().invoke(command(fetching=True), arguments, env={**nowhere, "LIBRARY_DIR": str(library)})


def test_fetch_is_told_by_the_first_word(capsys):
    with pytest.raises(SystemExit) as ended:
        ingest_command(["fetch", "--list", "working-together-2026"])
    assert ended.value.code == 0 and capsys.readouterr().out.startswith("working-together-2026: ")


def test_the_command_lists_refuses_an_unknown_id_and_says_when_there_is_no_network(tmp_path):
    listed = run("--list", library=tmp_path / "library")
    assert listed.exit_code == 0 and "working-together-2026: Working Together to Safeguard Children 2026" in listed.stdout
    assert len(listed.stdout.splitlines()) == len(read_manifest(CORPUS).sources)
    unknown = run("nope", library=tmp_path / "library")
    assert (unknown.exit_code, unknown.stderr) == (1, "There is no source nope; `python -m ingest fetch --list` prints them.\n")
    offline = run("working-together-2023", library=tmp_path / "library")
    assert (offline.exit_code, offline.stdout) == (1, "")
    (line,) = [line for line in offline.stderr.splitlines() if line.strip()]
    assert "could not be reached, and what is there was left as it is" in line
    assert run("--nonsense", library=tmp_path / "library").exit_code == 2
    assert list(tmp_path.iterdir()) == []
