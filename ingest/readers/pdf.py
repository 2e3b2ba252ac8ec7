"""PDF by pypdf: lines become paragraphs, running heads and feet and page numbers are left out."""

import io
import logging
import re
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from assistant.errors import ReadError
from assistant.text import clean
from ingest.blocks import Block, Role
from ingest.readers.plain import is_heading, lines_to_blocks

_NUMBERED = re.compile(r"^\d{1,3}[.)]\s+\S")
_BULLET = re.compile(r"^[-\u2022\u25aa\u25cf\u2013\uf0b7\uf0a7]\s*")
_PAGE_NUMBER = re.compile(r"^(?:page\s+)?\d{1,3}(?:\s+of\s+\d{1,3})?$", re.IGNORECASE)
_END = (".", "!", "?", ":", ";")


def read(name: str, data: bytes) -> list[Block]:
    """Blocks of a PDF, each with its page. Raises ReadError where it is not a PDF, is locked, broken or has no text."""
    pages = [page.split("\n") for page in _pages(name, data)]
    running = _running_lines(pages)
    blocks: list[Block] = []
    for number, lines in enumerate(pages, start=1):
        kept = [s for line in lines if (s := line.strip()) and _key(s) not in running and not _PAGE_NUMBER.match(s)]
        for chunk in _chunks(kept):
            blocks += lines_to_blocks(chunk, number)
    return blocks


def _pages(name: str, data: bytes) -> list[str]:
    if not data[:1024].lstrip().startswith(b"%PDF"):
        what = "HTML" if b"<html" in data[:4096].lower() or b"<!doctype" in data[:4096].lower() else "something else"
        raise ReadError(f"{name} is named .pdf but is {what}; download the PDF itself and try again.")
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError(f"{name} is locked with a password; save a copy without one and try again.")
        texts = [clean(page.extract_text()) for page in reader.pages]
    except ReadError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise ReadError(f"{name} is damaged and cannot be read as a PDF; download it again.") from error
    if not any(text.strip() for text in texts):
        raise ReadError(f"{name} has pages but no text (a scan, perhaps); give a version with text in it.")
    return texts


def _running_lines(pages: list[list[str]]) -> set[str]:
    """Lines that stand at the head or foot of at least half of three or more pages, digits aside."""
    if len(pages) < 3:
        return set()
    edges = [{_key(s) for line in lines[:3] + lines[-3:] if (s := line.strip())} for lines in pages]
    counts = Counter(key for keys in edges for key in keys)
    return {key for key, count in counts.items() if count >= len(pages) / 2}


def _key(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _chunks(lines: list[str]) -> list[list[str]]:
    """Lines grouped into paragraphs: a number, a bullet, a heading, or the line after a short last line starts one."""
    widest = max((len(line) for line in lines), default=0)
    chunks: list[list[str]] = []
    for line in lines:
        last = chunks[-1][-1] if chunks else ""
        ended = len(last) < 0.8 * widest and last.endswith(_END)
        starts = bool(_NUMBERED.match(line) or _BULLET.match(line))
        title = is_heading(line) and len(line) < 0.7 * widest and (ended or _is_title(chunks))
        if not chunks or ended or starts or title or _is_title(chunks):
            chunks.append([line])
        else:
            chunks[-1].append(line)
    return chunks


def _is_title(chunks: list[list[str]]) -> bool:
    return bool(chunks) and len(chunks[-1]) == 1 and lines_to_blocks(chunks[-1])[0].role is Role.HEADING and len(chunks[-1][0]) < 60
