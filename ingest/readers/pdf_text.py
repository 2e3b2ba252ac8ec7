"""The bare text of PDF pages, without places or type, becomes blocks: for files that only pypdf opens, and for OCR."""

import io
import logging
import re
from collections import Counter
from dataclasses import replace

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from assistant.errors import ReadError
from assistant.text import clean
from ingest.blocks import Block, Role
from ingest.readers.plain import is_heading, lines_to_blocks

_NUMBERED = re.compile(r"^\d{1,3}[.)]\s+\S")
_BULLET = re.compile(r"^[-\u2022\u25aa\u25cf\u2013\uf0b7\uf0a7]\s*")
_PAGE_NUMBER = re.compile(r"^(?:page\s+)?\d{1,3}(?:\s+of\s+\d{1,3})?$", re.IGNORECASE)
# What recognised text shows of a paragraph's number and of a hyphen at the end of a line ("pre- and post-birth" is none).
_CLOSE_NUMBER = re.compile(r"^(\d{1,3}\.)(?=[A-Z])")
_LINE_END_HYPHEN = re.compile(r"(?<=[a-z])- (?!(?:and|or|to)\b)(?=[a-z])")
_END = (".", "!", "?", ":", ";")


def page_texts(name: str, data: bytes) -> list[str]:
    """The text of each page by pypdf. Raises ReadError where it is locked or broken."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError(f"{name} is locked with a password; save a copy without one and try again.")
        return [clean(page.extract_text()) for page in reader.pages]
    except ReadError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise ReadError(f"{name} is damaged and cannot be read as a PDF; download it again.") from error


def blocks(texts: list[str]) -> list[Block]:
    """The blocks of pages of text: running lines and page numbers left out, lines grouped by how they begin and end."""
    pages = [text.split("\n") for text in texts]
    running = _running_lines(pages)
    made: list[Block] = []
    for number, lines in enumerate(pages, start=1):
        kept = [
            _CLOSE_NUMBER.sub(r"\1 ", s) for line in lines if (s := line.strip()) and _key(s) not in running and not _PAGE_NUMBER.match(s)
        ]
        for chunk in _chunks(kept):
            made += [replace(block, text=_LINE_END_HYPHEN.sub("-", block.text)) for block in lines_to_blocks(chunk, number)]
    return made


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
