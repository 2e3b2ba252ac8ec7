"""The headers that every response carries, and the mark without which a browser runs no script in the page."""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Scope, Send

_CSP = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with `no-referrer` a browser hides where a form comes from, even from its own site
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SAME_FOR_ALL = re.compile(r"/(own|assets|static|svelte)/.+|/theme\.css|/favicon\.ico")
"""What holds nothing of anyone, and may be kept by browsers."""


def uncompressed(scope: Scope) -> Scope:
    """Have the page itself sent as it is, so that its scripts can be marked."""
    if scope["path"] == "/":
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
    return scope


def hardened(scope: Scope, send: Send) -> Send:
    """`send`, which adds the headers; in a page, its own scripts are marked, and no other is run."""
    nonce = secrets.token_urlsafe(16)
    start: Message = {}
    """Of a page, how its response starts, kept until all of it is here."""
    page: list[bytes] = []

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            _harden(headers, nonce, scope)
            message = {**message, "headers": headers.raw}
            if headers.get("content-type", "").startswith("text/html"):
                start.update(message)
                return
        elif start:
            page.append(message.get("body", b""))
            if message.get("more_body"):
                return
            message = {**message, "body": _marked(b"".join(page), nonce)}
            headers = MutableHeaders(raw=start["headers"])
            headers["content-length"] = str(len(message["body"]))
            await send(start)
            start.clear()
        await send(message)

    return sending


def _harden(headers: MutableHeaders, nonce: str, scope: Scope) -> None:
    headers.update(_HEADERS)
    headers["Content-Security-Policy"] = _CSP.format(nonce=nonce)
    if not _SAME_FOR_ALL.fullmatch(scope["path"]):
        headers["Cache-Control"] = "no-store"
    if scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = "max-age=31536000"


def _marked(page: bytes, nonce: str) -> bytes:
    """The page with the nonce in each of its script elements. What its scripts hold as data has no "<" of its own."""
    return page.replace(b"<script", f'<script nonce="{nonce}"'.encode())
