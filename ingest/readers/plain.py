"""Plain text: blank lines part paragraphs, dashes start bullets, a short line without an end is a heading."""

import re

from assistant.errors import ReadError
from assistant.text import clean
from ingest.blocks import Block, Role

_BULLET = re.compile(r"^\s*(?:[-*\u2022\u25aa\u25cf\u2013\uf0b7\uf0a7])\s+")
_NUMBER = re.compile(r"^(\d{1,3})[.)]\s+(?=\S)")
_HEADING_LENGTH = 90


def read(name: str, data: bytes) -> list[Block]:
    """Blocks of a plain text file. Raises ReadError where it is not text."""
    text = clean(decode(name, data))
    blocks: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text):
        blocks += lines_to_blocks([line.strip() for line in chunk.split("\n") if line.strip()])
    return blocks


def decode(name: str, data: bytes) -> str:
    """The text of `data`: UTF-8, UTF-16 where marked, else Windows-1252. Raises ReadError where it is not text."""
    if data.startswith(b"%PDF"):
        raise ReadError(f"{name} is a PDF under another name; rename it to end in .pdf.")
    if data.startswith(b"PK\x03\x04"):
        raise ReadError(f"{name} is a zip or Word file under another name; save it as text or PDF.")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text or sum(not (c.isprintable() or c.isspace()) for c in text) > len(text) / 50:
        raise ReadError(f"{name} is not text; save it as plain text or PDF and try again.")
    return text


def lines_to_blocks(lines: list[str], page: int | None = None) -> list[Block]:
    """The lines of one chunk as blocks: bullets apart, other lines joined into one paragraph or heading."""
    blocks: list[Block] = []
    for line in lines:
        if _BULLET.match(line):
            blocks.append(Block(_BULLET.sub("", line), Role.BULLET, page))
        elif blocks and blocks[-1].role is Role.BULLET:
            blocks[-1] = Block(f"{blocks[-1].text} {line}", Role.BULLET, page)
        elif blocks:
            blocks[-1] = Block(f"{blocks[-1].text} {line}", page=page, number=blocks[-1].number)
        else:
            number = _NUMBER.match(line)
            blocks.append(Block(line[number.end() :] if number else line, page=page, number=number[1] if number else ""))
    if len(lines) == 1 and blocks[0].role is Role.PARAGRAPH and is_heading(lines[0]):
        return [Block(blocks[0].text, Role.HEADING, page, 2, blocks[0].number)]
    return blocks


def is_heading(line: str) -> bool:
    """Whether a line that stands alone reads as a heading: short, a capital first, no sentence end in it."""
    ends = line.endswith((".", ",", ";", ":", "!")) or re.search(r"[.!?]\s", line)
    return len(line) <= _HEADING_LENGTH and line[:1].isupper() and not ends
