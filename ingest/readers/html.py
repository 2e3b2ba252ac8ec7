"""HTML by Beautiful Soup and lxml: the main content as headings, paragraphs, list items and table rows; site furniture is left out."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from assistant.errors import ReadError
from assistant.text import clean
from ingest.blocks import Block, Role, label_numbered, nest, path_text, split_number, without_title
from ingest.readers.plain import decode
from ingest.readers.tables import Cell, rows_as_text

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = ("ul", "ol", "menu")
_BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form
    header hr html legend li main p pre section summary table tbody td tfoot th thead tr""".split()
).union(HEADINGS, _LISTS)
_FURNITURE = (
    "nav header footer aside script style noscript template svg iframe object button input select textarea label head [hidden] "
    "[role=navigation] [role=banner] [role=contentinfo] [role=search]"
).split()
_FOOTNOTES = (
    ".footnotes",
    "[role=doc-endnotes]",
    "[role=doc-noteref]",
    "[rel~=footnote]",
    "a.footnote",
    "a.reversefootnote",
    "sup[id^=fnref]",
    "sup:has(> a[href^='#'])",
)
_CALL_OUTS = frozenset("advisory application-notice call-to-action contact example information help-notice highlight-answer".split())
_ADDRESSES = frozenset("adr address contact".split())
_ERROR_PAGE = re.compile(
    r"\b(?:not found|no longer (?:exists|available)|page unavailable|service unavailable|access denied|forbidden|404"
    r"|server error|just a moment|sign in|log ?in)\b",
    re.IGNORECASE,
)
_ERROR_PAGE_LENGTH = 2_000
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LONG_ITEM = 200
_LINE_END = "\u2028"
_SUPERSCRIPT = str.maketrans("0123456789n+-", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207f\u207a\u207b")


def read(name: str, data: bytes) -> list[Block]:
    """Blocks of a web page's main content. Raises ReadError where it has none, or is an error page."""
    try:
        soup = BeautifulSoup(_decode(name, data), "lxml")
        title = _flat(soup.title) if soup.title else ""
        blocks = content_blocks(_main_content(soup))
    except RecursionError as error:
        raise ReadError(f"{name} is nested too deeply to be a real page; save its text and give that.") from error
    if not blocks:
        raise ReadError(f"{name} {_what(name)} with no text in it; give the page or file that has the text.")
    if said := _error_said(title, blocks):
        raise ReadError(f'{name} is a web page that says "{said}", not a document; download the document itself and try again.')
    return blocks


def _what(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return "is HTML" if ending in ("html", "htm") else f"is named .{ending} but is HTML"


def looks_like_html(data: bytes) -> bool:
    """Whether a file is HTML, whatever its name says."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (start.startswith((b"<?xml", b"<!--")) and b"<html" in start)


def fragment_blocks(markup: str) -> list[Block]:
    """Blocks of a piece of HTML that is content all through, such as the body of a GOV.UK page."""
    soup = BeautifulSoup(clean(markup), "lxml")
    for aside in soup.find_all("aside"):
        aside.name = "div"
    return content_blocks(soup)


def content_blocks(content: Tag) -> list[Block]:
    """Blocks of everything inside `content` but furniture, forms and footnotes."""
    for tag in content.select(",".join((*_FURNITURE, *_FOOTNOTES))):
        if not tag.decomposed:
            tag.decompose()
    for form in content.find_all("form"):
        if not form.decomposed and not form.find(list(HEADINGS)):
            form.decompose()
    return label_numbered(without_title(list(_walk(content, []))))


def _main_content(soup: BeautifulSoup) -> Tag:
    articles = soup.find_all("article")
    return soup.find("main") or soup.select_one("[role=main]") or (articles[0] if len(articles) == 1 else None) or soup.body or soup


def _error_said(title: str, blocks: list[Block]) -> str:
    """What an error page says, from its first heading or title; nothing where a page is long enough to be content."""
    heading = next((block.text for block in blocks if block.role is Role.HEADING), "")
    if sum(len(block.text) for block in blocks) > _ERROR_PAGE_LENGTH:
        return ""
    return next((said for said in (heading, title) if _ERROR_PAGE.search(said)), "")


def _decode(name: str, data: bytes) -> str:
    """The text in the character set that the page declares, else as a text file is read. Raises ReadError where it is not text."""
    text = decode(name, data)
    declared = _CHARSET.search(data[:4096])
    charset = declared[1].decode("ascii", "replace").lower() if declared else ""
    if charset in ("", "utf-8", "utf8") or charset.startswith("utf-16") or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return clean(text)
    try:
        return clean(data.decode("cp1252" if charset in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else charset))
    except (LookupError, ValueError):
        return clean(text)


def _walk(node: Tag, path: list[Block]) -> Iterator[Block]:
    """Blocks inside `node`, in order; runs of inline text between blocks are paragraphs. `path` is the headings open so far."""
    inline: list[str] = []
    for child in node.children:
        if isinstance(child, Tag) and _is_block(child):
            yield from _paragraph("".join(inline), path)
            inline = []
            yield from _block(child, path)
        else:
            inline.append(_inline(child))
    yield from _paragraph("".join(inline), path)


def _is_block(tag: Tag) -> bool:
    return tag.name in _BLOCKS or any(isinstance(inner, Tag) and inner.name in _BLOCKS for inner in tag.descendants)


def _block(tag: Tag, path: list[Block]) -> Iterator[Block]:
    classes = set(tag.get_attribute_list("class"))
    if tag.name in HEADINGS:
        yield from _heading(tag, path)
    elif tag.name in _LISTS:
        yield from _list(tag, path)
    elif tag.name == "dl":
        yield from _definitions(tag, path)
    elif tag.name == "table":
        yield from _table(tag, path)
    elif tag.name == "address" or (classes & _ADDRESSES and not tag.find(_other_than_lines)):
        yield from _paragraph(_lines(tag), path)
    elif classes & _CALL_OUTS or tag.name == "blockquote":
        yield from _walk(tag, list(path))
    else:
        yield from _walk(tag, path)


def _heading(tag: Tag, path: list[Block]) -> Iterator[Block]:
    if text := _flat(tag):
        heading = Block(text, Role.HEADING, level=HEADINGS[tag.name], whole=True)
        nest(path, heading)
        yield heading


def _paragraph(text: str, path: list[Block]) -> Iterator[Block]:
    number, text = split_number(" ".join(text.split()))
    if text:
        yield Block(text, number=number, section=path_text(path), whole=True)


def _list(tag: Tag, path: list[Block]) -> Iterator[Block]:
    """Items as bullets, those of inner lists after their own; items as long as paragraphs are numbered paragraphs."""
    items = [child for child in tag.children if isinstance(child, Tag)]
    long = tag.name == "ol" and sum(len(item.get_text()) for item in items) > _LONG_ITEM * len(items)
    number = _whole_number(tag, "start", 1)
    for item in items:
        if item.name != "li":
            yield from _block(item, path)
            continue
        number = _whole_number(item, "value", number)
        text, inner = _item(item)
        mark = _mark(tag, number)
        if text and long and mark.rstrip(".").isdigit():
            yield Block(text, number=mark.rstrip("."), section=path_text(path), whole=True)
        elif text:
            yield Block(f"{mark} {text}".strip(), Role.BULLET, section=path_text(path), whole=True)
        for inner_list in inner:
            yield from _list(inner_list, path)
        number += 1


def _item(item: Tag) -> tuple[str, list[Tag]]:
    """The text of a list item without the lists inside it, and those lists."""
    inner = [found for found in item.find_all(_LISTS) if found.find_parent(_LISTS) is item.find_parent(_LISTS)]
    for inner_list in inner:
        inner_list.extract()
    return _flat(item), inner


def _mark(tag: Tag, number: int) -> str:
    """What a numbered list prints before an item: "3.", "c."; nothing where the list prints none."""
    if tag.name != "ol" or "legislative-list" in tag.get_attribute_list("class"):
        return ""
    if tag.get("type") in ("a", "A") and 1 <= number <= 26:
        return f"{chr(ord(str(tag['type'])) + number - 1)}."
    return f"{number}."


def _definitions(tag: Tag, path: list[Block]) -> Iterator[Block]:
    terms: list[str] = []
    defined = False
    for part in tag.find_all(("dt", "dd")):
        if part.name == "dt":
            terms = [_flat(part)] if defined else [*terms, _flat(part)]
            defined = False
        elif text := _flat(part):
            defined = True
            yield Block(": ".join(filter(None, (", ".join(terms), text))), section=path_text(path), whole=True)


def _table(tag: Tag, path: list[Block]) -> Iterator[Block]:
    """A line per row; a table that only lays out the page, or has one column, is read as what it holds."""
    rows = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
    cells = [[cell for cell in row.find_all(("td", "th"), recursive=False)] for row in rows]
    if tag.get("role") == "presentation" or tag.find(("table", *HEADINGS)) or max(map(len, cells), default=0) < 2:
        yield from _walk(tag, path)
        return
    if tag.caption and (caption := _flat(tag.caption)):
        yield Block(caption, section=path_text(path), whole=True)
    for line in rows_as_text([[_cell(cell) for cell in row] for row in cells], _heading_rows(rows, cells)):
        yield Block(line, section=path_text(path), whole=True)


def _heading_rows(rows: list[Tag], cells: list[list[Tag]]) -> int:
    """How many rows name the columns: those in the head of the table, else a first row of nothing but heading cells."""
    in_head = sum(row.find_parent(("thead", "table")).name == "thead" for row in rows)  # type: ignore[union-attr]
    return in_head or int(all(cell.name == "th" for cell in cells[0]))


def _cell(tag: Tag) -> Cell:
    return Cell(_flat(tag), _whole_number(tag, "colspan", 1), _whole_number(tag, "rowspan", 1))


def _whole_number(tag: Tag, attribute: str, otherwise: int) -> int:
    value = str(tag.get(attribute, "")).strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else otherwise


def _other_than_lines(tag: Tag) -> bool:
    return tag.name in HEADINGS or tag.name in _LISTS or tag.name == "table"


def _lines(tag: Tag) -> str:
    """The lines of an address on one line."""
    for line_break in tag.find_all("br"):
        line_break.replace_with(_LINE_END)
    for part in tag.find_all(("p", "div")):
        part.append(_LINE_END)
    lines = (" ".join(line.split()).strip(" ,") for line in _inline(tag).split(_LINE_END))
    return ", ".join(line for line in lines if line)


def _flat(tag: Tag) -> str:
    return " ".join(_inline(tag).split())


def _inline(node: PageElement) -> str:
    """The text of `node` as it reads; blocks and line breaks inside it part words."""
    if not isinstance(node, Tag):
        return str(node) if type(node) is NavigableString else ""
    if node.name == "br":
        return " "
    if node.name == "img":
        return str(node.get("alt", "")) if node.find_parent(class_="fraction") else ""
    text = "".join(_inline(child) for child in node.children)
    if node.name == "sup" and text and all(ord(c) in _SUPERSCRIPT for c in text):
        return text.translate(_SUPERSCRIPT)
    return f" {text} " if node.name in _BLOCKS else text
