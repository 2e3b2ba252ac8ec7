"""Polite downloads from the official sites: HTTPS only, listed hosts only, slowly, and patient with a busy server.

The one module that speaks HTTP. It keeps everything in memory until a download is whole, so a cut connection leaves no trace.
"""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from types import TracebackType
from typing import Self

import httpx

from assistant.errors import FetchError, FetchRefused

USER_AGENT = "inspection-assistant/0.1 (reads official documents; one request at a time)"
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
MAX_REDIRECTS = 5
_TRY_AGAIN = frozenset({202, 429, 500, 502, 503, 504})
"""Statuses that a later try may cure. legislation.gov.uk says 202 while it makes a large Act's XML."""
_NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Manners:
    """How gently to ask, and the clock to ask by. Waits are in seconds."""

    pause: float = 1.0
    retries: int = 3
    longest_wait: float = 120.0
    max_bytes: int = 50_000_000
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = _utc_now
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True)
class Download:
    """What an address gave: its bytes, or None where it has not changed since the copy it was asked about."""

    data: bytes | None
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class _Reply:
    """One answer of a server; status 0 means that none came whole, and `trouble` says why."""

    status: int
    headers: httpx.Headers
    data: bytes = b""
    trouble: str = ""


class Web:
    """A polite client that asks only `hosts`, one request at a time. `answered` says whether any host ever answered."""

    def __init__(self, hosts: Iterable[str], manners: Manners | None = None, transport: httpx.BaseTransport | None = None) -> None:
        self.hosts = frozenset(hosts)
        self.manners = manners or Manners()
        self.answered = False
        self._asked: set[str] = set()
        self._silent: set[str] = set()
        self._client = httpx.Client(transport=transport, timeout=TIMEOUT, headers={"User-Agent": USER_AGENT}, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def get(self, address: str, etag: str = "", last_modified: str = "") -> Download:
        """What `address` holds, if it changed since the copy with this ETag or date; redirects stay on the listed hosts.

        Raises FetchRefused for what may not be asked or taken, FetchError for what could not be had.
        """
        conditions = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)) if value}
        url = self._permitted(address)
        for _ in range(MAX_REDIRECTS + 1):
            reply = self._patiently(url, conditions)
            if reply.status not in (301, 302, 303, 307, 308):
                return _download(url, reply)
            url = self._permitted(reply.headers.get("Location", ""), url)
        raise FetchRefused(f"{address} redirects more than {MAX_REDIRECTS} times; look for its new address in a browser.")

    def _permitted(self, address: str, came_from: httpx.URL | None = None) -> httpx.URL:
        """The address to ask, if it is HTTPS on a listed host. Raises FetchRefused that names it."""
        how = f"{came_from} redirects to" if came_from else "The address is"
        try:
            url = came_from.join(address) if came_from else httpx.URL(address)
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchRefused(f"{how} {address!r}, which is no address; correct it in corpus/sources.toml.") from error
        if url.scheme != "https" or url.host not in self.hosts or url.port is not None or url.userinfo:
            raise FetchRefused(f"{how} {url}, which is not HTTPS on a host of corpus/sources.toml; add a source there if it is right.")
        return url

    def _patiently(self, url: httpx.URL, conditions: dict[str, str]) -> _Reply:
        """The server's answer, asked again while that may help."""
        if url.host in self._silent:
            raise FetchError(f"{url.host} could not be reached; check the network and run it again.")
        offline = self._silent and not self.answered
        retries = 0 if offline else self.manners.retries
        for attempt in count():
            self._wait_for_turn(url.host)
            reply = self._once(url, conditions)
            if (reply.status and reply.status not in _TRY_AGAIN) or attempt >= retries:
                return reply
            self.manners.sleep(self._wait_before_retry(attempt, reply))
        raise AssertionError("unreachable")

    def _wait_for_turn(self, host: str) -> None:
        if host in self._asked:
            self.manners.sleep(self.manners.pause)
        self._asked.add(host)

    def _wait_before_retry(self, attempt: int, reply: _Reply) -> float:
        """What the server asked for, else one second doubled each time and up to as much again by chance."""
        asked = retry_after(reply.headers.get("Retry-After", ""), self.manners.now())
        wait = asked if asked is not None else 2.0**attempt * (1 + self.manners.jitter())
        return min(wait, self.manners.longest_wait)

    def _once(self, url: httpx.URL, conditions: dict[str, str]) -> _Reply:
        try:
            with self._client.stream("GET", url, headers=conditions) as response:
                self.answered = True
                self._silent.discard(url.host)
                data = self._body(url, response) if response.status_code == 200 else b""
                return _Reply(response.status_code, response.headers, data)
        except _NEVER_CONNECTED:
            self._silent.add(url.host)
            return _Reply(0, httpx.Headers(), trouble="could not be reached")
        except httpx.DecodingError:
            return _Reply(0, httpx.Headers(), trouble="sent a download that cannot be unpacked")
        except httpx.TransportError:
            return _Reply(0, httpx.Headers(), trouble="broke the connection off")

    def _body(self, url: httpx.URL, response: httpx.Response) -> bytes:
        """The whole body. Raises FetchRefused as soon as it is too large."""
        most = self.manners.max_bytes
        data = bytearray()
        declared = response.headers.get("Content-Length", "")
        if declared.isdigit() and int(declared) > most:
            raise FetchRefused(_too_large(url, most))
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > most:
                raise FetchRefused(_too_large(url, most))
        return bytes(data)


def retry_after(value: str, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, as a number or an HTTP date; None where it says neither."""
    if value.strip().isdigit():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())


def _download(url: httpx.URL, reply: _Reply) -> Download:
    match reply.status:
        case 200:
            return Download(reply.data, reply.headers.get("ETag", ""), reply.headers.get("Last-Modified", ""))
        case 304:
            return Download(None)
        case 0:
            raise FetchError(f"{url.host} {reply.trouble}; run it again later.")
        case 404 | 410:
            raise FetchError(f"{url.host} has nothing at {url} ({reply.status}); find the new address and put it in corpus/sources.toml.")
        case status:
            raise FetchError(f"{url.host} answered {status} for {url}; run it again later.")


def _too_large(url: httpx.URL, most: int) -> str:
    return f"{url} is larger than {most / 1_000_000:g} MB; fetch a part of it instead (a section's own address)."
