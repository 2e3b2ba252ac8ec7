"""Word documents by python-docx: the body's headings, paragraphs, list items and table rows; headers, feet and notes are left out."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from assistant.errors import ReadError
from assistant.text import clean
from ingest.blocks import Block, Role, label_numbered, nest, path_text, split_number, without_title
from ingest.readers.tables import Cell, rows_as_text

MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
MAX_PARTS = 10_000
_SMALL = 1_000_000
_DEEPEST_STYLE = 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADING = re.compile(r"^heading ([1-9])$", re.IGNORECASE)
_LIST = re.compile(r"^list\b", re.IGNORECASE)
_BULLET = re.compile(r"^[-\u2022\u25aa\u25cf\u2013\uf0b7\uf0a7]\s+")
_BREAKS = {qn("w:tab"): " ", qn("w:br"): " ", qn("w:cr"): " ", qn("w:noBreakHyphen"): "-"}
_UNSEEN = frozenset(map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:txbxContent", "w:pict")))


def read(name: str, data: bytes) -> list[Block]:
    """Blocks of a Word document. Raises ReadError where it is not one, is locked, damaged or unpacks to too much."""
    _check(name, data)
    try:
        document = docx.Document(io.BytesIO(data))
        return label_numbered(without_title(list(_blocks(document, document.element.body, []))))
    except ValueError as error:
        raise ReadError(f"{name} is not a Word document that can be read; save it as .docx and try again.") from error
    except (
        *(PackageNotFoundError, zipfile.BadZipFile, zlib.error, KeyError, AttributeError, TypeError, IndexError, SyntaxError),
        *(NotImplementedError, RuntimeError, EOFError, OSError),
    ) as error:
        raise ReadError(f"{name} is damaged and cannot be read as a Word document; open it in Word and save it again.") from error


def _check(name: str, data: bytes) -> None:
    """Refuse what is not a zip, or unpacks to more than a document would, before any of it is unpacked."""
    if data.startswith(_OLE):
        raise ReadError(f"{name} is an old Word (.doc) file or is locked with a password; save it as .docx without one and try again.")
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ReadError(f"{name} is named .docx but is not a Word document; save it as .docx and try again.") from error
    unpacked = sum(part.file_size for part in parts)
    squeezed = any(part.file_size > _SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts)
    if unpacked > MAX_UNPACKED or squeezed or len(parts) > MAX_PARTS:
        raise ReadError(f"{name} unpacks to far more than a document holds; save its text in a new file and give that.")


def _blocks(document: Document, parent: Any, path: list[Block]) -> Iterator[Block]:
    """Blocks of the paragraphs, tables and content controls in `parent`, in order. `path` is the headings open so far."""
    for child in parent:
        if child.tag == qn("w:p"):
            yield from _paragraph(document, child, path)
            for box in _text_boxes(child):
                yield from _blocks(document, box, path)
        elif child.tag == qn("w:tbl"):
            yield from _table(document, child, path)
        elif child.tag == qn("w:sdt") and not _is_contents(child):
            yield from _blocks(document, child.find(qn("w:sdtContent")), path)
        elif child.tag in (qn("w:ins"), qn("w:moveTo"), qn("w:customXml")):
            yield from _blocks(document, child, path)


def _paragraph(document: Document, element: Any, path: list[Block]) -> Iterator[Block]:
    text = _text(element)
    styles = _styles(document, element)
    if not text or any(style.lower().startswith("toc ") for style in styles):
        return
    if level := _heading_level(element, styles):
        heading = Block(text, Role.HEADING, level=level, whole=True)
        nest(path, heading)
        yield heading
    elif _is_item(document, element, styles) or _BULLET.match(text):
        yield Block(_BULLET.sub("", text), Role.BULLET, section=path_text(path), whole=True)
    else:
        number, text = split_number(text)
        yield Block(text, number=number, section=path_text(path), whole=True)


def _text(element: Any) -> str:
    """The text a reader sees in `element`: without deleted text, notes, field codes or the text boxes that hang on it."""
    return " ".join(clean("".join(_runs(element))).split())


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _UNSEEN:
            yield from _runs(child)
            if child.tag == qn("w:p"):
                yield " "


def _text_boxes(paragraph: Any) -> list[Any]:
    """The contents of text boxes that hang on a paragraph, each once (Word stores a second copy for old readers)."""
    return [box for box in paragraph.iter(qn("w:txbxContent")) if not any("Fallback" in str(above.tag) for above in box.iterancestors())]


def _is_contents(control: Any) -> bool:
    gallery = control.find(f".//{qn('w:docPartGallery')}")
    return control.find(qn("w:sdtContent")) is None or (gallery is not None and gallery.get(qn("w:val")) == "Table of Contents")


def _styles(document: Document, paragraph: Any) -> list[str]:
    """Names of a paragraph's style and the styles it is based on, nearest first."""
    return [str(style.name or "") for style in _style_chain(document, paragraph)]


def _style_chain(document: Document, paragraph: Any) -> list[Any]:
    chain: list[Any] = [document.part.get_style(paragraph.style, WD_STYLE_TYPE.PARAGRAPH)]
    while len(chain) < _DEEPEST_STYLE and (base := getattr(chain[-1], "base_style", None)) is not None:
        chain.append(base)
    return chain


def _heading_level(paragraph: Any, styles: list[str]) -> int:
    """The level of a heading by its style or its own outline level; 0 where it is none."""
    for style in styles:
        if style.lower() == "title":
            return 1
        if heading := _HEADING.match(style):
            return int(heading[1])
    outline = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    level = int(outline.get(qn("w:val"))) if outline is not None else 9
    return level + 1 if level < 9 else 0


def _is_item(document: Document, paragraph: Any, styles: list[str]) -> bool:
    return any(_LIST.match(style) and style.lower() != "list paragraph" for style in styles) or _has_list_mark(document, paragraph)


def _has_list_mark(document: Document, paragraph: Any) -> bool:
    for element in (paragraph, *(style.element for style in _style_chain(document, paragraph))):
        mark = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if mark is not None:
            return bool(mark.get(qn("w:val")) != "0")
    return False


def _table(document: Document, table: Any, path: list[Block]) -> Iterator[Block]:
    """A line per row; a table of one column is a box, read as what it holds."""
    rows = [row for row in table.iter(qn("w:tr")) if next(row.iterancestors(qn("w:tbl"))) is table]
    cells = [[cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row] for row in rows]
    if max(map(len, cells), default=0) < 2:
        for row in cells:
            for cell in row:
                yield from _blocks(document, cell, path)
        return
    for line in rows_as_text(_merged(cells), _heading_rows(rows)):
        yield Block(line, section=path_text(path), whole=True)


def _merged(cells: list[list[Any]]) -> list[list[Cell]]:
    """The cells of each row with their width; one merged into the cell above repeats its text."""
    merged: list[list[Cell]] = []
    above: dict[int, str] = {}
    for row in cells:
        merged.append([])
        column = 0
        for cell in row:
            across = int(_property(cell, "w:gridSpan", "1"))
            text = above.get(column, "") if _property(cell, "w:vMerge", "continue") == "continue" and _merges(cell) else _text(cell)
            above[column] = text
            merged[-1].append(Cell(text, across))
            column += across
    return merged


def _merges(cell: Any) -> bool:
    return cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is not None


def _property(cell: Any, name: str, otherwise: str) -> str:
    found = cell.find(f"{qn('w:tcPr')}/{qn(name)}")
    return str(found.get(qn("w:val"), otherwise)) if found is not None else otherwise


def _heading_rows(rows: list[Any]) -> int:
    """How many rows name the columns: those marked to repeat on every page, else a first row all in bold."""
    marked = 0
    while marked < len(rows) and rows[marked].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
        marked += 1
    return marked or int(_is_bold(rows[0]))


def _is_bold(row: Any) -> bool:
    runs = [run for run in row.iter(qn("w:r")) if _text(run)]
    return bool(runs) and all(_switched_on(run.find(f"{qn('w:rPr')}/{qn('w:b')}")) for run in runs)


def _switched_on(mark: Any) -> bool:
    return mark is not None and mark.get(qn("w:val"), "1") not in ("0", "false", "off")
