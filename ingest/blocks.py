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
    """One heading, paragraph or bullet. `number` is its printed number; `page` counts from 1, None where there are no pages."""

    text: str
    role: Role = Role.PARAGRAPH
    page: int | None = None
    level: int = 0
    number: str = ""
