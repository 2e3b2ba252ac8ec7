"""The app on an address: Gradio mounted behind the guard, with the project's own script and style."""

import ctypes
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.chain import Assistant
from assistant.conversations import Conversations
from assistant.errors import ServeError
from ingest.readers import MAX_BYTES
from ui.operations import Operations

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ui.access import Access, Door

STATIC = Path(__file__).parent / "static"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def check_address(host: str, port: int, sign_in: bool = False) -> None:
    """Raises ServeError where the app must not or cannot listen there. `sign_in`: whether people have to sign in."""
    if host not in LOOPBACK and not sign_in:
        raise ServeError(
            f"Beyond this machine people must sign in: make an account with `python app.py account add NAME --role admin` "
            f"or set SIGN_IN=proxy, or use --host 127.0.0.1 instead of {host}."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise ServeError(f"Port {port} is in use or not allowed; stop what is using it, or choose another with --port.") from error


def run(
    assistant: Assistant,
    operations: Operations,
    host: str,
    port: int,
    door: "Door | None" = None,
    conversations: Conversations | None = None,
) -> None:
    """Serve until stopped. With a `door` people sign in there, and find their `conversations` again. Stopped by a signal, it
    lets the questions that are running end, and returns."""
    from ui.access import Access
    from ui.stopping import serve

    server = make(assistant, operations, Access(door, conversations))
    assistant.warm()
    _ = assistant.register
    print(f"Ready on http://{host}:{port}", flush=True)
    serve(server, operations, host, port)


def share_memory() -> None:
    """Let all threads take memory from the same two places. By itself glibc makes sixteen on two processors, and each keeps
    what the largest question ever took there: 120 MB more after 840 questions. To be called before there are threads, for the
    number is settled with the first of them. (mallopt(3), M_ARENA_MAX.)"""
    with suppress(OSError, TypeError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(-8, 2)


def make(assistant: Assistant, operations: Operations, access: "Access") -> "FastAPI":
    """The server: the page, what it needs, and the guard before all of it."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr
    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    from ui.access import Guard
    from ui.files import receive_uploads
    from ui.page import blocks
    from ui.theme import theme

    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    server.mount("/own", StaticFiles(directory=STATIC))
    operations.routes(server)
    page = blocks(assistant, operations, access)
    receive_uploads(server, page)
    if access.door:
        access.door.listen(server)
    Guard(access, page).install(server)
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
    return server
