"""Markdown by markdown-it: headings, paragraphs and list items as text; raw HTML, images and code are left out."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.text import clean
from ingest.blocks import Block, Role
from ingest.readers.plain import decode


def read(name: str, data: bytes) -> list[Block]:
    """Blocks of a Markdown file. Raises ReadError where it is not text."""
    blocks: list[Block] = []
    role, level, number = Role.PARAGRAPH, 0, ""
    for token in MarkdownIt("commonmark").enable("table").parse(without_front_matter(clean(decode(name, data)))):
        match token.type:
            case "heading_open":
                role, level = Role.HEADING, int(token.tag[1])
            case "list_item_open":
                role, number = (Role.PARAGRAPH, token.info) if token.info else (Role.BULLET, "")
            case "inline" if text := _text(token):
                blocks.append(Block(text, role, None, level, number))
                role, level, number = Role.PARAGRAPH, 0, ""
    return blocks


def without_front_matter(text: str) -> str:
    """`text` after a leading block between two lines of three dashes."""
    if text.startswith("---\n") and (end := text.find("\n---", 4)) > 0:
        return text[text.find("\n", end + 1) + 1 :]
    return text


def _text(token: Token) -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts).strip()
