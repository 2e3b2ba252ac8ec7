"""Where the files of one person are: within what Gradio serves, and apart from everyone else's."""

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from gradio.route_utils import upload_fn
from gradio.routes import file_upload_statuses
from gradio.utils import get_upload_folder
from starlette.formparsers import MultiPartException

from assistant.people import Person
from ingest.readers import MAX_BYTES


def folder_of(person: Person) -> Path:
    """The folder of what a person uploads and downloads; nobody else is served from it. Gradio clears it by the hour."""
    folder = Path(get_upload_folder()) / hashlib.sha256(person.id.encode()).hexdigest()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.resolve()


def new_folder(person: Person) -> Path:
    """An empty folder for files to download."""
    folder = folder_of(person) / secrets.token_hex(16)
    folder.mkdir()
    return folder


def belongs(path: str, person: Person) -> bool:
    """Whether the file at `path` is the person's own."""
    return Path(path).resolve().is_relative_to(folder_of(person))


def paths(data: Any) -> Iterator[str]:
    """Every file that what a page sent names, however deep."""
    if isinstance(data, dict):
        if "path" in data:
            yield str(data["path"])
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from paths(item)


def receive_uploads(server: FastAPI, page: gr.Blocks) -> None:
    """Take uploads in Gradio's place, which would put everyone's into one folder, under the hash of what is in them."""

    @server.post("/gradio_api/upload")
    async def upload(request: Request, upload_id: str | None = None) -> Response:
        folder = folder_of(request.state.person)
        try:
            files, _, _ = await upload_fn(request, str(folder), MAX_BYTES, upload_id, True, file_upload_statuses)
        except MultiPartException as error:
            return PlainTextResponse(
                "The file is too large, or broke off on its way; try a smaller one.", 413 if "size" in error.message else 400
            )
        page.upload_file_set.update(files)  # what is here for an hour is cleared
        return JSONResponse(files)
