"""What readers produce: blocks of text in reading order, before they are cut into passages."""

from dataclasses import dataclass
from enum import StrEnum


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
    """

    text: str
    role: Role = Role.PARAGRAPH
    page: int | None = None
    level: int = 0
    number: str = ""
    last_page: int | None = None
