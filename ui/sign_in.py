"""Where people sign in: with an account of the app's own, or at the proxy before it."""

import hmac
from typing import Annotated

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from sqlalchemy.exc import OperationalError

from assistant.accounts import LONGEST, Accounts
from assistant.database import service_engine
from assistant.errors import AccountError, LibraryError, ServeError
from assistant.people import Person, Role
from assistant.settings import Settings
from ui.sign_in_page import change_form, sign_in_form

COOKIE = "sign-in"
SECRET = "X-Proxy-Secret"
GROUPS = "X-Forwarded-Groups"
_SHORTEST_SECRET = 32
_Text = Annotated[str, Form(max_length=1000)]


class AccountsDoor:
    """Accounts of the app's own. The cookie holds a random token and nothing else."""

    open = frozenset({"/sign-in"})
    leave = {"Change password": "/password", "Sign out": "/sign-out"}  # noqa: RUF012

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def person(self, request: Request) -> Person | None:
        """Whoever signed in with the token of the cookie."""
        token = request.cookies.get(COOKIE, "")
        return self._accounts.person(token) if token else None

    def ask(self, request: Request) -> Response:
        """The way to the form for a page; for anything else, that one must sign in."""
        if request.method == "GET" and request.scope["path"] == "/":
            return RedirectResponse("/sign-in", 303)
        return PlainTextResponse("Sign in first.", 401)

    def listen(self, server: FastAPI) -> None:
        """The forms to sign in and to change a password, and the way out."""

        @server.get("/sign-in")
        def form() -> Response:
            return HTMLResponse(sign_in_form())

        @server.post("/sign-in")
        def sign_in(request: Request, name: _Text = "", password: _Text = "") -> Response:
            try:
                token = self._accounts.sign_in(name, password, _address(request))
            except AccountError as error:
                return HTMLResponse(sign_in_form(str(error), name), 401)
            self._accounts.sign_out(request.cookies.get(COOKIE, ""))
            answer = RedirectResponse("/", 303)
            https = request.scope["scheme"] == "https"
            answer.set_cookie(COOKIE, token, max_age=int(LONGEST), httponly=True, samesite="strict", secure=https)
            return answer

        @server.get("/sign-out")  # the cookie is not sent along from another site, so none can sign anybody out
        def sign_out(request: Request) -> Response:
            self._accounts.sign_out(request.cookies.get(COOKIE, ""))
            answer = RedirectResponse("/sign-in", 303)
            answer.delete_cookie(COOKIE)
            return answer

        @server.get("/password")
        def change() -> Response:
            return HTMLResponse(change_form())

        @server.post("/password")
        def changed(request: Request, old: _Text = "", new: _Text = "", again: _Text = "") -> Response:
            try:
                if new != again:
                    raise AccountError("The new password was typed in two ways; type it again.")
                self._accounts.change_password(request.cookies.get(COOKIE, ""), old, new, _address(request))
            except AccountError as error:
                return HTMLResponse(change_form(str(error)), 400)
            return HTMLResponse(change_form(done=True))


class ProxyDoor:
    """A proxy that people sign in at, with OpenID Connect for one. It alone knows the secret, so only it can say who they are."""

    open: frozenset[str] = frozenset()

    def __init__(self, secret: str, header: str, groups: dict[Role, frozenset[str]], sign_out: str = "") -> None:
        self.leave = {"Sign out": sign_out} if sign_out else {}
        self._secret, self._header, self._groups = secret.encode(), header, groups

    def person(self, request: Request) -> Person | None:
        """Whom the proxy names, with the highest role that one of their groups has; a reader with none."""
        name = request.headers.get(self._header, "").strip()
        if not hmac.compare_digest(request.headers.get(SECRET, "").encode(), self._secret) or not 0 < len(name) <= 300:
            return None
        held = {group.strip() for group in request.headers.get(GROUPS, "").split(",")}
        return Person(name, next((role for role in (Role.ADMIN, Role.EDITOR) if self._groups[role] & held), Role.READER))

    def ask(self, request: Request) -> Response:
        """That one must come through the proxy."""
        return PlainTextResponse("Sign in at this service's own address; this one takes requests from its proxy only.", 401)

    def listen(self, server: FastAPI) -> None:
        """Nothing: the proxy has the pages."""


def door_for(settings: Settings) -> AccountsDoor | ProxyDoor | None:
    """Where people sign in, as the settings and the accounts that there are have it; None where nobody has to.

    Raises ServeError where a proxy is to sign people in and could be impersonated.
    """
    if settings.sign_in == "proxy":
        secret = settings.sign_in_secret.get_secret_value() if settings.sign_in_secret else ""
        if len(secret) < _SHORTEST_SECRET:
            raise ServeError(
                f"SIGN_IN=proxy needs a SIGN_IN_SECRET of {_SHORTEST_SECRET} characters or more, which the proxy sends in {SECRET}."
            )
        groups = {Role.EDITOR: _names(settings.sign_in_editors), Role.ADMIN: _names(settings.sign_in_admins)}
        return ProxyDoor(secret, settings.sign_in_header, groups, settings.sign_out_url)
    accounts = accounts_of(settings)
    return AccountsDoor(accounts) if accounts.all() else None


def accounts_of(settings: Settings) -> Accounts:
    """The accounts beside the library. Raises LibraryError where its folder cannot be written to."""
    try:
        settings.library_dir.mkdir(parents=True, exist_ok=True)
        return Accounts(service_engine(settings.library_dir, settings.database_url))
    except (OSError, OperationalError) as error:
        raise LibraryError(f"{settings.library_dir} cannot be written to; check the folder's permissions, or set LIBRARY_DIR.") from error


def _names(listed: str) -> frozenset[str]:
    return frozenset(name.strip() for name in listed.split(",") if name.strip())


def _address(request: Request) -> str:
    return request.client.host[:64] if request.client else ""
