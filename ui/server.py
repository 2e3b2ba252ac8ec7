"""The app on an address: Gradio mounted behind strict headers, with the project's own script and style."""

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.chain import Assistant
from assistant.errors import ServeError
from ingest.readers import MAX_BYTES
from ui.operations import Operations

if TYPE_CHECKING:
    from fastapi import Request

STATIC = Path(__file__).parent / "static"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def check_address(host: str, port: int) -> None:
    """Raises ServeError where the app must not or cannot listen there."""
    if host not in _LOOPBACK:
        raise ServeError(f"The app has no sign-in, so it serves this machine only; use --host 127.0.0.1 instead of {host}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise ServeError(f"Port {port} is in use or not allowed; stop what is using it, or choose another with --port.") from error


def comes_from_here(host: str, origin: str | None) -> bool:
    """Whether a request is for this machine by a loopback name, and not sent by another site's page."""
    return urlsplit(f"//{host}").hostname in _LOOPBACK and (not origin or urlsplit(origin).netloc == host)


def run(assistant: Assistant, operations: Operations, host: str, port: int) -> None:
    """Serve until stopped. Stopped by a signal, it lets the questions that are running end, and returns."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr
    from fastapi import FastAPI, Response
    from fastapi.responses import PlainTextResponse
    from fastapi.staticfiles import StaticFiles

    from ui.page import blocks
    from ui.stopping import serve
    from ui.theme import theme

    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    server.mount("/own", StaticFiles(directory=STATIC))

    operations.routes(server)

    @server.middleware("http")
    async def guard(request: "Request", call_next):  # type: ignore[no-untyped-def]
        if not comes_from_here(request.headers.get("host", ""), request.headers.get("origin")):
            return PlainTextResponse("This app answers only to its own page on this machine.", status_code=403)
        response: Response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    page = blocks(assistant, operations)
    gr.mount_gradio_app(
        server,
        page,
        path="/",
        ssr_mode=False,
        show_error=False,
        mcp_server=False,
        run_history=False,
        max_file_size=MAX_BYTES,
        theme=theme(),
        footer_links=[],
        head='<link rel="stylesheet" href="/own/app.css"><script src="/own/app.js" defer></script>',
    )
    # Mounting leaves this unset, and unset Gradio takes any path on the disk for an uploaded file.
    page.has_launched = True
    assistant.warm()
    _ = assistant.register
    print(f"Ready on http://{host}:{port}", flush=True)
    serve(server, operations, host, port)
