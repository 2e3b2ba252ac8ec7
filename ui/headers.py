"""The headers that every response carries, and the mark without which a browser runs no script in the page."""

import re
import secrets

from fastapi import Request, Response

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


def uncompressed(request: Request) -> None:
    """Have the page itself sent as it is, so that its scripts can be marked."""
    if request.scope["path"] == "/":
        request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"accept-encoding"]


async def harden(request: Request, response: Response) -> Response:
    """The response with the headers; in a page, its own scripts are marked, and no other is run."""
    nonce = secrets.token_urlsafe(16)
    if response.headers.get("content-type", "").startswith("text/html"):
        response = await _marked(response, nonce)
    response.headers.update(_HEADERS)
    response.headers["Content-Security-Policy"] = _CSP.format(nonce=nonce)
    if not _SAME_FOR_ALL.fullmatch(request.scope["path"]):
        response.headers["Cache-Control"] = "no-store"
    if request.scope["scheme"] == "https":
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


async def _marked(response: Response, nonce: str) -> Response:
    """The page with the nonce in each of its script elements. What its scripts hold as data has no "<" of its own."""
    page = b"".join([chunk async for chunk in response.body_iterator])  # type: ignore[attr-defined]
    marked = page.replace(b"<script", f'<script nonce="{nonce}"'.encode())
    made = Response(marked, response.status_code, media_type="text/html")
    made.raw_headers += [pair for pair in response.raw_headers if pair[0] not in (b"content-length", b"content-type")]
    return made
