"""One reader a file format: a file becomes blocks in reading order. `read` picks the reader by what the file is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.errors import ReadError
from ingest.blocks import Block, Source
from ingest.planted import without_orders
from ingest.readers import clml, docx, govuk, html, markdown, pdf, plain

MAX_BYTES = 50_000_000

Reader = Callable[[str, bytes], list[Block] | Source]

READERS: dict[str, Reader] = {
    ".txt": plain.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".pdf": pdf.read,
    ".docx": docx.read,
    ".html": html.read,
    ".htm": html.read,
    ".json": govuk.read,
    ".xml": clml.read,
}
_SAVE_AS = {
    **dict.fromkeys((".doc", ".docm", ".dot", ".dotx", ".odt", ".rtf", ".pages", ".wpd", ".wps", ".epub"), ".docx or .pdf"),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".key", ".xls", ".xlsx", ".xlsm", ".ods", ".numbers", ".msg", ".eml", ".xps"), ".pdf"),
    **dict.fromkeys((".mht", ".mhtml"), ".html or .pdf"),
}
"""What documents in formats that no reader knows can be saved as."""
_OFTEN_A_WEB_PAGE = frozenset((".pdf", ".docx", ".json", ".xml"))
"""Names under which people save what turns out to be a web page."""


def read(path: Path) -> list[Block]:
    """The blocks of the file at `path`.

    Raises ReadError with one sentence that names the file and says what to do.
    """
    return read_source(path).blocks


def read_source(path: Path) -> Source:
    """The blocks of the file at `path` with what the file says of itself, without what was written for a language model.

    Raises ReadError as `read` does.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ReadError(why_unread(path) or f"{path.name} is not a format that can be read; give a {', '.join(sorted(READERS))} file.")
    data = load(path)
    if path.suffix.lower() in _OFTEN_A_WEB_PAGE and html.looks_like_html(data):
        reader = html.read
    found = reader(path.name, data)
    source = found if isinstance(found, Source) else Source(found)
    blocks, left_out = without_orders(source.blocks)
    if not any(block.text.strip() for block in blocks):
        raise ReadError(f"{path.name} holds no text; give the file that has the text in it.")
    return replace(source, blocks=blocks, left_out=left_out)


def why_unread(path: Path) -> str:
    """Why a document in a format that no reader knows cannot be read, and what to do; "" for any other file, such as a picture."""
    suffix = path.suffix.lower()
    return f"{path.name} is a {suffix} file, which cannot be read; save it as {_SAVE_AS[suffix]}." if suffix in _SAVE_AS else ""


def load(path: Path) -> bytes:
    """The bytes of a file that is worth reading. Raises ReadError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ReadError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB; split it or give the text alone.")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(f"{path} does not exist; check the name.") from error
    except OSError as error:
        raise ReadError(f"{path.name} cannot be opened ({error.strerror}); check that you may read it.") from error
    if not data.strip():
        raise ReadError(f"{path.name} is empty; give the file that has the text in it.")
    return data
