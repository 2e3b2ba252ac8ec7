"""The official documents, downloaded from their own sites into a folder that the run over files then reads.

Each file keeps its record beside it (ingest/kept.py), so that the next fetch asks only for what has changed.
"""

import hashlib
import html
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from assistant.errors import FetchError, FetchRefused, Unreachable
from ingest.kept import Kept, discard, is_whole, keep, read_kept
from ingest.run import Outcome, Progress
from ingest.sources import Source
from ingest.web import Download, Web

SUFFIXES = {"legislation": ".xml", "govuk": ".json", "ofsted": ".pdf", "pdf": ".pdf", "html": ".html", "feed": ".watched"}
WATCHED = SUFFIXES["feed"]
"""The suffix of a copy that is kept to see changes, so that no reader takes it for a text."""
_GOVUK = "https://www.gov.uk"
_NAME_LENGTH = 80


@dataclass(frozen=True)
class Part:
    """One file to fetch for a source: the source's own address, or an attachment that its page lists."""

    source: Source
    name: str
    title: str
    via: str
    address: str
    page: str

    def file(self, folder: Path) -> Path:
        """Where it is kept."""
        suffix = WATCHED if self.source.watch else SUFFIXES[self.via]
        return folder / f"{self.name}{suffix}"


def chosen(ids: Sequence[str], sources: dict[str, Source]) -> list[Source]:
    """The sources of these ids, or all of them where none is given. Raises FetchError for an unknown id."""
    for unknown in (i for i in ids if i not in sources):
        raise FetchError(f"There is no source {unknown}; `python -m ingest fetch --list` prints them.")
    return [sources[i] for i in dict.fromkeys(ids or sources)]


def fetch(
    sources: Sequence[Source], folder: Path, web: Web, elsewhere: Iterable[str] = (), progress: Progress = lambda *_: None
) -> list[Outcome]:
    """Bring the files of `sources` in `folder` up to date. One that cannot be had never stops the rest, or touches what is there.

    Attachments at an address in `elsewhere` are left to the source whose address it is. Raises Unreachable where no host
    answered, and LibraryError where the folder cannot be written.
    """
    outcomes: list[Outcome] = []
    for done, source in enumerate(sources, start=1):
        outcomes += _fetch_source(source, folder, web, frozenset(elsewhere))
        progress("Fetching", done, len(sources))
    if outcomes and not web.answered:
        raise Unreachable(
            "The official sources could not be reached, and what is there was left as it is; check the network, then run it again."
        )
    return outcomes


def _fetch_source(source: Source, folder: Path, web: Web, elsewhere: frozenset[str]) -> list[Outcome]:
    """A source's own file, then the attachments that it lists, one level deep; those it no longer lists go."""
    whole = Part(source, source.id, source.title, source.via, source.address, source.page)
    first = _fetch_part(whole, folder, web)
    if source.via != "govuk" or source.watch or first.what not in ("fetched", "unchanged"):
        return [first]
    try:
        listed = attachments(source, json.loads(whole.file(folder).read_bytes()), elsewhere)
    except (ValueError, TypeError, AttributeError):
        what_to_do = f"its attachments are listed in a way that cannot be read; download them by hand from {source.page}."
        return [first, Outcome(source.title, "refused", f"{source.title}: {what_to_do}")]
    gone = _drop_unlisted(source, {part.file(folder) for part in listed}, folder)
    return [first, *(_fetch_part(part, folder, web) for part in listed), *gone]


def _fetch_part(part: Part, folder: Path, web: Web) -> Outcome:
    file = part.file(folder)
    try:
        held = _held(part, file)
        answer = web.get(part.address, held.etag if held else "", held.last_modified if held else "")
        if answer.data is None:
            return Outcome(part.title, "unchanged")
        require_format(part.via, part.address, answer.data)
    except FetchRefused as error:
        return Outcome(part.title, "refused", f"{part.title}: {error}")
    except FetchError as error:
        return Outcome(part.title, "failed", f"{part.title}: {error}")
    kept = _record(part, answer, answer.data, web.manners.now().date().isoformat())
    same = held is not None and held.sha256 == kept.sha256
    keep(file, kept, None if same else answer.data)
    return Outcome(part.title, "unchanged") if same else Outcome(part.title, "fetched", _look(part, held, answer.data))


def _held(part: Part, file: Path) -> Kept | None:
    """The record of the copy that is there, if it is that address's and whole: only then is it enough that nothing changed."""
    kept = read_kept(file)
    return kept if kept and kept.address == part.address and is_whole(file, kept) else None


def _record(part: Part, answer: Download, data: bytes, today: str) -> Kept:
    version, withdrawn = dates(part.via, data, answer.last_modified)
    sha256 = hashlib.sha256(data).hexdigest()
    return Kept(part.source.id, part.title, part.address, part.page, today, answer.etag, answer.last_modified, sha256, version, withdrawn)


def _look(part: Part, held: Kept | None, data: bytes) -> str:
    """What to do about a watched page that changed, or about what a feed lists."""
    if part.via == "feed":
        listed = "; ".join(feed_titles(data))
        return f"{part.title}: it lists {listed}; look at {part.page}" if listed else ""
    return f"{part.title}: it has changed since {held.retrieved}; look at {part.page}" if part.source.watch and held else ""


def _drop_unlisted(source: Source, listed: set[Path], folder: Path) -> list[Outcome]:
    files = [f for f in sorted(folder.glob(f"{source.id}--*")) if f.suffix in SUFFIXES.values() and f not in listed]
    for file in files:
        discard(file)
    return [Outcome(file.name, "removed", f"{source.title} no longer lists {file.name}") for file in files]


# -- pure ------------------------------------------------------------------------


def attachments(source: Source, page: dict[str, Any], elsewhere: frozenset[str] = frozenset()) -> list[Part]:
    """The attachments to fetch of a GOV.UK page: HTML and PDF in English, without the PDF of a title that is there as HTML.

    `page` is a response of the Content API. Those that are a source of their own (`elsewhere`), or that the source's `only`
    leaves out, are not fetched. Each has a name of its own, made of the source's id and the attachment's.
    """
    listed = [a for a in page["details"].get("attachments") or [] if a.get("url") and a.get("locale") in (None, "", "en")]
    as_html = {_title(a) for a in listed if a.get("attachment_type") == "html"}
    parts: dict[str, Part] = {}
    for attachment in listed:
        via, address, read_at = _where(attachment)
        wanted = source.only.casefold() in f"{_title(attachment)} {address}".casefold()
        twin = via == "pdf" and _title(attachment) in as_html
        if via and wanted and not twin and address not in elsewhere | {part.address for part in parts.values()}:
            name = _free_name(f"{source.id}--{_slug(address)}", parts)
            parts[name] = Part(source, name, attachment.get("title") or source.title, via, address, read_at)
    return list(parts.values())


def _where(attachment: dict[str, Any]) -> tuple[str, str, str]:
    """How and where an attachment is fetched, and where people read it; no `via` for a format that is not followed."""
    url = urljoin(_GOVUK, attachment["url"])
    if attachment.get("attachment_type") == "html":
        return "govuk", url.replace(f"{_GOVUK}/", f"{_GOVUK}/api/content/", 1), url
    return ("pdf" if attachment.get("content_type") == "application/pdf" else ""), url, url


def _title(attachment: dict[str, Any]) -> str:
    return str(attachment.get("title") or "").casefold().strip()


def _slug(address: str) -> str:
    stem = urlsplit(address).path.rsplit("/", 1)[-1].removesuffix(".pdf")
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:_NAME_LENGTH] or "attachment"


def _free_name(name: str, taken: dict[str, Part]) -> str:
    return next(free for n in range(1, len(taken) + 2) if (free := name if n == 1 else f"{name}-{n}") not in taken)


def dates(via: str, data: bytes, last_modified: str) -> tuple[str, str]:
    """The date of the text as its publisher gives it, and the date it was withdrawn; "" where there is none."""
    if via == "govuk":
        page = json.loads(data)
        notice = page.get("withdrawn_notice") or {}
        return str(page.get("public_updated_at") or "")[:10], str(notice.get("withdrawn_at") or "")[:10]
    if via == "legislation" and (valid := re.search(rb"<dct:valid>(\d{4}-\d\d-\d\d)</dct:valid>", data[:100_000])):
        return valid[1].decode(), ""
    try:
        return parsedate_to_datetime(last_modified).date().isoformat(), ""
    except ValueError:
        return "", ""


def feed_titles(data: bytes) -> list[str]:
    """The titles of an Atom feed's entries."""
    found = re.findall(r"<entry\b.*?<title[^>]*>(.*?)</title>", data.decode("utf-8", errors="replace"), re.DOTALL)
    return [" ".join(html.unescape(title).split()) for title in found]


def require_format(via: str, address: str, data: bytes) -> None:
    """Raises FetchRefused where `data` is not what that `via` answers with: an error page, say, in place of a PDF."""
    what, looks_right = _FORMATS[via]
    if not looks_right(data):
        raise FetchRefused(f"{address} answered with something other than {what}; open it in a browser to see what is there now.")


def _is_content(data: bytes) -> bool:
    try:
        page = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(page, dict) and isinstance(page.get("details"), dict) and bool(page.get("title"))


def _is_html(data: bytes) -> bool:
    start = data[:4096].lower()
    return b"<html" in start or b"<!doctype html" in start


def _is_xml(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and not _is_html(data)


def _is_pdf(data: bytes) -> bool:
    return b"%PDF" in data[:1024]


_FORMATS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "govuk": ("the Content API's JSON", _is_content),
    "legislation": ("XML", _is_xml),
    "feed": ("a feed", _is_xml),
    "html": ("an HTML page", _is_html),
    "pdf": ("a PDF", _is_pdf),
    "ofsted": ("a PDF", _is_pdf),
}
