"""Who may come in: the one place where every request is looked at before anything is done with it."""

import json
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import gradio as gr
from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.conversations import Conversations
from assistant.errors import QuotaError
from assistant.people import HERE, Person, Role
from assistant.quota import Quota
from ui.files import belongs, paths
from ui.headers import hardened, uncompressed
from ui.server import LOOPBACK

_API = "/gradio_api"
_SERVED = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/manifest\.json|/robots\.txt|/(assets|static|svelte)/.+"
    rf"|{_API}/(queue/join|queue/data|cancel|reset/?|startup-events|theme\.css|upload_progress|heartbeat/[^/]+|file=.+)"
)
"""What of Gradio's own the page needs. All else is closed: calls by name, downloads from other hosts, its records and editors."""
_NAME = re.compile(r"[\w.:\[\]-]+", re.ASCII)
_OPEN = frozenset({"/health"})
"""What whoever looks after the service may ask without signing in; it says nothing of anyone."""
_MOST_CLAIMED = 100_000
_CALLS = (300, 60.0, "You have asked for too much at once; wait a minute, then try again.")
_QUESTIONS = (20, 60.0, "You have asked 20 questions in a minute, and others are asking too; wait a minute, then try again.")
_UPLOADS = (100, 3600.0, "You have uploaded files 100 times in an hour, the most one person may; wait an hour, then try again.")
_BYTES = (200_000_000, 3600.0, "You have uploaded 200 MB in an hour, the most one person may; wait an hour, then try again.")


class Door(Protocol):
    """Where people sign in."""

    open: frozenset[str]
    """Paths that need no sign-in."""
    leave: dict[str, str]
    """Links for who has signed in, by what they say."""

    def person(self, request: Request) -> Person | None:
        """Who sends the request; nobody, where they have not signed in."""

    def ask(self, request: Request) -> Response:
        """What someone is shown who has not signed in."""

    def listen(self, server: FastAPI) -> None:
        """Add its own pages to the server."""


@dataclass(frozen=True)
class Access:
    """Who may come in, what is kept of them, and how much they may ask for. Without a `door` nobody signs in: the app serves
    this machine alone."""

    door: Door | None = None
    conversations: Conversations | None = None
    calls: Quota = field(default_factory=lambda: Quota(*_CALLS))
    questions: Quota = field(default_factory=lambda: Quota(*_QUESTIONS))
    uploads: Quota = field(default_factory=lambda: Quota(*_UPLOADS))
    bytes: Quota = field(default_factory=lambda: Quota(*_BYTES))


def comes_from_own_page(host: str, origin: str | None, sign_in: bool) -> bool:
    """Whether no other site's page sent a request; where nobody signs in, also whether it is for this machine by a name of its own."""
    if not _NAME.fullmatch(host):
        return False
    return (sign_in or urlsplit(f"//{host}").hostname in LOOPBACK) and (origin is None or urlsplit(origin).netloc == host)


class Claims:
    """Whose each page's session is: the first person to use its name. Gradio itself takes the name for leave to read the session."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()

    def mine(self, name: str, person: Person) -> bool:
        """Whether `name` is the person's, who makes it theirs where it is new."""
        owner = self._owners.setdefault(name, person.id)
        self._owners.move_to_end(name)
        if len(self._owners) > _MOST_CLAIMED:
            self._owners.popitem(last=False)
        return owner == person.id


class Guard:
    """Looks at every request: is it from the app's own page, for something that is served, by someone who signed in, about
    what is theirs, and not too much? Then adds the headers."""

    def __init__(self, access: Access, page: gr.Blocks) -> None:
        self._access, self._page, self._claims = access, page, Claims()
        self._open = _OPEN | (access.door.open if access.door else frozenset())
        self._own: frozenset[str] = frozenset()

    def install(self, server: FastAPI) -> None:
        """Stand before all of the server's routes, those of the project's own that it has now and Gradio's."""
        self._own = frozenset(getattr(route, "path", "") for route in server.routes)
        server.add_middleware(self._before)  # a function that makes what a class would

    def _before(self, app: ASGIApp) -> ASGIApp:
        # Not FastAPI's own `middleware("http")`, which asks anew, in tasks of its own, whether the page is still there each
        # time that an answer is passed on: a fifth of the server's time with fifty people.
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                return await app(scope, receive, send)
            request = Request(uncompressed(scope), receive)
            answering = await self._refusal(request) or app
            await answering(scope, _from_the_start(request, receive), hardened(scope, send))

        return guarded

    async def _refusal(self, request: Request) -> Response | None:
        path = request.scope["path"]  # as it is routed by; the address that is put together with the Host header can be forged
        if not comes_from_own_page(request.headers.get("host", ""), request.headers.get("origin"), self._access.door is not None):
            return _no(403, "This app answers only to its own page.")
        if not (path in self._own or path.startswith("/own/") or _SERVED.fullmatch(path)) or "deep_link" in request.query_params:
            return _no(404, "There is nothing here.")
        if path in self._open or _is_monitor_here(request):
            return None
        door = self._access.door
        person = await run_in_threadpool(door.person, request) if door else HERE
        if person is None:
            return door.ask(request) if door else None
        request.state.person = person
        try:
            return await self._too_far(request, person)
        except QuotaError as error:
            return _no(429, str(error))

    async def _too_far(self, request: Request, person: Person) -> Response | None:
        """Whether it is about what is someone else's, or not for the person's role. Raises QuotaError."""
        if not await self._theirs(request, person):
            return _no(403, "This belongs to someone else.")
        if request.scope["path"] == f"{_API}/queue/join":
            self._access.calls.take(person)
        if request.scope["path"] == f"{_API}/upload":
            length = request.headers.get("content-length", "")
            if not person.may(Role.EDITOR):
                return _no(403, "Only editors may add documents.")
            if not length.isdecimal():
                return _no(411, "An upload must say how long it is.")
            self._access.uploads.take(person)
            self._access.bytes.take(person, int(length))
        return None

    async def _theirs(self, request: Request, person: Person) -> bool:
        """Whether the session, upload or files that a request of Gradio's page names are the person's own."""
        path = request.scope["path"].removeprefix(f"{_API}/")
        if path.startswith("file="):
            return belongs(path.removeprefix("file="), person)
        if path in ("upload", "upload_progress"):
            return self._claims.mine(_upload(request), person)
        if path.startswith("heartbeat/"):
            return self._claims.mine(path.removeprefix("heartbeat/"), person)
        if path == "queue/data":
            return self._claims.mine(request.query_params.get("session_hash", ""), person)
        if path in ("queue/join", "cancel"):
            return await self._may_call(request, person)
        return True

    async def _may_call(self, request: Request, person: Person) -> bool:
        request.state.body = await request.body()
        try:
            body = json.loads(request.state.body)
            session = body["session_hash"]
        except (ValueError, KeyError, TypeError):
            return False
        # Gradio cancels any event by its id, whatever session the request names beside it.
        event = self._page._queue.event_ids_to_events.get(str(body.get("event_id")))
        mine = isinstance(session, str) and self._claims.mine(session, person) and (event is None or event.session_hash == session)
        return mine and all(belongs(file, person) for file in paths(body))


def _from_the_start(request: Request, receive: Receive) -> Receive:
    """`receive`, which first gives again the body that the guard has read."""
    read = [request.state.body] if hasattr(request.state, "body") else []

    async def again() -> Message:
        return {"type": "http.request", "body": read.pop(), "more_body": False} if read else await receive()

    return again


def _upload(request: Request) -> str:
    """What the page calls an upload, to be told how far it has come."""
    return f"upload {request.query_params.get('upload_id') or secrets.token_hex()}"


def _is_monitor_here(request: Request) -> bool:
    """Whether it asks for the figures from this machine itself, and not through a proxy."""
    forwarded = {"forwarded", "x-forwarded-for"} & set(request.headers)
    return request.scope["path"] == "/metrics" and request.client is not None and request.client.host in LOOPBACK and not forwarded


def _no(status: int, text: str) -> Response:
    return PlainTextResponse(text, status_code=status)
