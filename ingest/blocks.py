"""What readers produce: blocks of text in reading order, before they are cut into passages, and what a file says of itself."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.types import Kind

_NUMBER = re.compile(r"^(?:(\d{1,3})[.)]|(\d{1,2}(?:\.\d{1,3})+)\.?(?=\s+[A-Z\"'(\u2018\u201c]))\s+(?=\S)")


class Role(StrEnum):
    """What a block is on its page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"


@dataclass(frozen=True)
class Block:
    """One heading, paragraph or bullet. `number` is its printed number; `page` counts from 1, None where there are no pages.

    `level` is a heading's rank, 1 the highest, or how deep a bullet is nested, 0 the outermost. `last_page` is the page
    a block ends on where that is another than the one it begins on.

    The rest is for formats that say more than plain text does: `label` is what people cite the block by and wins over
    the number; `section` is the path of headings it stands under and wins over the last heading; `whole` says that
    the format itself marks where the block ends, so it is never joined to the next.
    """

    text: str
    role: Role = Role.PARAGRAPH
    page: int | None = None
    level: int = 0
    number: str = ""
    last_page: int | None = None
    label: str = ""
    section: str = ""
    edition: str = ""
    force: str = ""
    url: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Attachment:
    """A file or page that a publication carries; it is a document of its own."""

    title: str
    url: str


@dataclass(frozen=True)
class Source:
    """A file read: its blocks, and what the file says of itself (empty where it says nothing). Dates are ISO.

    `number` is how the law is numbered ("1989 c. 41"); `status` is "withdrawn" or empty; `notes` are sentences
    about the document that stand outside its text.
    """

    blocks: list[Block]
    title: str = ""
    kind: Kind | None = None
    publisher: str = ""
    published: str = ""
    edition: str = ""
    url: str = ""
    licence: str = ""
    number: str = ""
    status: str = ""
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """The sentences and paragraphs that were left out because they were written for a language model."""
    unread: tuple[int, ...] = ()
    """The numbers of pages that are pictures, where nothing is installed that reads them."""
    attachments: tuple[Attachment, ...] = ()


def nest(path: list[Block], heading: Block) -> None:
    """Put `heading` where it belongs in `path`: it closes the headings at its level or deeper."""
    path[:] = [*(h for h in path if h.level < heading.level), heading]


def path_text(path: list[Block]) -> str:
    """The headings of `path` as one line, outermost first."""
    return " > ".join(heading.text for heading in path)


def without_title(blocks: list[Block]) -> list[Block]:
    """Blocks whose section paths leave out the title: the only heading of the first level, where others stand under it."""
    titles = [block.text for block in blocks if block.role is Role.HEADING and block.level == 1]
    if len(titles) != 1:
        return blocks
    return [replace(block, section=block.section.removeprefix(f"{titles[0]} > ")) for block in blocks]


def split_number(text: str) -> tuple[str, str]:
    """The number that a paragraph prints at its start ("12.", "3)", "1.12"; "" for none), and the rest."""
    number = _NUMBER.match(text)
    return (number[1] or number[2], text[number.end() :]) if number else ("", text)


def label_numbered(blocks: list[Block]) -> list[Block]:
    """Blocks labelled by their printed numbers where most paragraphs have one of their own, else with the numbers in the text.

    A paragraph without a number is then labelled by the one before it ("after 12").
    """
    paragraphs = [block for block in blocks if block.role is Role.PARAGRAPH]
    numbers = [block.number for block in paragraphs if block.number]
    if len(numbers) * 2 <= len(paragraphs) or len(set(numbers)) < len(numbers):
        return [_number_in_text(block) for block in blocks]
    labelled: list[Block] = []
    near = f"before {numbers[0]}"
    for block in blocks:
        if block.role is Role.HEADING:
            labelled.append(block)
        elif block.number:
            near = f"after {block.number}"
            labelled.append(replace(block, label=block.number))
        else:
            labelled.append(replace(block, label=near))
    return labelled


def _number_in_text(block: Block) -> Block:
    if not block.number or block.role is Role.HEADING:
        return block
    mark = block.number if "." in block.number else f"{block.number}."
    return replace(block, text=f"{mark} {block.text}", number="")
