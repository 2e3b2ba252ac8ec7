"""PDF pages become lines, each with its place and its type, by pdfium. The one module that speaks pdfium.

pdfium (Chromium's PDF engine, https://pdfium.googlesource.com/pdfium/, fpdf_text.h) gives the text of a page in the
order it was written, and the box and font of any character. Only a few characters a line are asked for, so a page
costs about a millisecond. pdfium is not safe for threads: one lock is held for as long as a file is open.
"""

import ctypes
import re
import shutil
import subprocess
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.text import clean

HYPHEN = "\u00ad"
"""Ends a line that pdfium found to break inside a hyphenated word."""

_LOCK = threading.Lock()
_BREAK = re.compile("(?:\r\n|\n|(?<=\ufffe))")
_MARKER = re.compile(r"(?<=[^\W\d_]|[,.;:)\]?'\"\u2019\u201d])\d{1,2}(?=$|[\s,.;:)])")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*[.)]\s*(?=[^\W\d_])")
_OPENING = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*[.)]?|[^\w\s\"'(\u2018\u201c])$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_WIDE = 0.45
"""A line wider than this share of its type size a character may hold a gap (running text has 0.4 to 0.55)."""
_GAP = 1.0
"""A space parts two cells where it is wider than this many times the type size and ..."""
_STRETCH = 1.8
"""... than this many times the line's narrowest space: justified text has wide spaces, but all alike."""
_RAISED = 0.8
"""A figure smaller than this share of its line's type is a footnote mark."""
_SLANT = 0.1
"""Upright type leaning by more than this share of its height is italic made from a font that has none."""
_OCR_SCALE = 300 / 72
_STAMP = 60
"""Characters: a scan carries no more text than this of its own."""


@dataclass(frozen=True)
class Line:
    """One line, or one cell of one, as it stands on its page. Places are points (1/72 inch) from the page's top left.

    `marked` tells that a footnote mark stood at its start; `height` is the page's height in points.
    """

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    italic: bool = False
    marked: bool = False
    height: float = 842.0


@dataclass(frozen=True)
class Pages:
    """What a PDF holds: the lines of each page, and the numbers of those that are pictures of pages."""

    lines: list[list[Line]]
    pictures: tuple[int, ...] = ()


def read_pages(data: bytes) -> Pages:
    """The lines of every page. Raises pypdfium2.PdfiumError where pdfium cannot open or read it."""
    with _LOCK, pypdfium2.PdfDocument(data) as document:
        pages = [_page_lines(document[i], i + 1) for i in range(len(document))]
        pictures = tuple(i + 1 for i, lines in enumerate(pages) if _is_picture(document[i], lines))
    return Pages(pages, pictures)


def wants_password(error: pypdfium2.PdfiumError) -> bool:
    """Whether `error` says that the file is locked."""
    return bool(getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD)


def ocr_pages(data: bytes, numbers: Iterable[int]) -> dict[int, str] | None:
    """The text of the pages of these numbers as tesseract reads their pictures, 300 dots an inch; None where it is not installed.

    Raises OSError or subprocess.SubprocessError where tesseract fails.
    """
    tesseract = shutil.which("tesseract")
    if not tesseract:
        return None
    command = [tesseract, "stdin", "stdout", "-l", "eng"]
    texts: dict[int, str] = {}
    with _LOCK, pypdfium2.PdfDocument(data) as document:
        for number in numbers:  # one picture at a time is held: each takes eight million bytes
            run = subprocess.run(command, input=_grey_map(document[number - 1]), capture_output=True, check=True, timeout=120)
            texts[number] = clean(run.stdout.decode("utf-8", "replace"))
    return texts


def _grey_map(page: pypdfium2.PdfPage) -> bytes:
    """The page as a grey picture in the PGM format, which needs no encoder."""
    bitmap = page.render(scale=_OCR_SCALE, grayscale=True)
    rows = bytes(bitmap.buffer)
    body = b"".join(rows[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + body


def _is_picture(page: pypdfium2.PdfPage, lines: list[Line]) -> bool:
    """Whether a page is a picture: it has one and no text, or one that fills it and no more text than a scanner's stamp."""
    if sum(len(line.text) for line in lines) > _STAMP:
        return False
    images = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2)
    return next(images, None) is not None if not lines else any(_fills(image.get_bounds(), page) for image in images)


def _fills(bounds: tuple[float, float, float, float], page: pypdfium2.PdfPage) -> bool:
    left, bottom, right, top = bounds
    return bool((right - left) * (top - bottom) > page.get_width() * page.get_height() / 2)


def _page_lines(page: pypdfium2.PdfPage, number: int) -> list[Line]:
    text_page = page.get_textpage()
    reader = _Reader(text_page.raw, number, page.get_height())
    return _joined([line for start, text in _pieces(reader.text) for line in reader.lines(start, text)])


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """(start, text) of each line of a page's text, blank ones left out."""
    start = 0
    for piece in _BREAK.split(text):
        if piece.strip():
            yield text.index(piece, start), piece
        start = text.index(piece, start) + len(piece)


class _Reader:
    """Asks pdfium about the characters of one page. An index is a place in `text`, one for each UTF-16 unit."""

    def __init__(self, handle: object, number: int, height: float) -> None:
        self._handle, self._number, self._height = handle, number, height
        count = max(pdfium.FPDFText_CountChars(handle), 0)
        units = (ctypes.c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(handle, 0, count, units)
        self.text = "".join(map(chr, units[: max(written - 1, 0)]))
        self._matrix = pdfium.FS_MATRIX()
        self._box, self._flags, self._name = pdfium.FS_RECTF(), ctypes.c_int(), ctypes.create_string_buffer(128)

    def lines(self, start: int, text: str) -> list[Line]:
        """The cells of the line `text` that begins at `start`: one, unless it holds wide gaps."""
        first, last = start + len(text) - len(text.lstrip()), start + len(text.rstrip()) - 1
        cells = [(first, last)]
        line = self._line(first, last)
        if line and line.right - line.left > _WIDE * line.size * len(line.text):
            cells = self._cells(first, last, line.size)
        if len(cells) == 1:
            return [line] if line else []
        return [cell for a, b in cells if (cell := self._line(a, b))]

    def _cells(self, first: int, last: int, size: float) -> list[tuple[int, int]]:
        """Where the cells between `first` and `last` begin and end. A number or bullet goes with what it opens."""
        spaces = [(first + m.start() - 1, first + m.end()) for m in re.finditer(r"\s+", self.text[first : last + 1])]
        widths = [self._place(after)[0] - self._place(before)[1] for before, after in spaces]
        usual = min(widths, default=0.0) if len(widths) > 1 else 0.0
        cells = [(first, last)]
        for (before, after), width in zip(spaces, widths, strict=True):
            opening = _OPENING.match(self.text[cells[-1][0] : before + 1])
            if not opening and width > max(_GAP * size, _STRETCH * usual):
                cells[-1:] = [(cells[-1][0], before), (after, last)]
        return cells

    def _line(self, first: int, last: int) -> Line | None:
        raw = self.text[first : last + 1]
        opening = _NUMBER.match(raw)
        letters = [i for i, c in enumerate(raw) if c.isalnum() and (not opening or i >= opening.end())] or [0]
        samples = [self._type(first + letters[i]) for i in (0, len(letters) // 2, -1)]
        size = sorted(sample[0] for sample in samples)[1]
        marked, text = self._unmarked(first, raw, size)
        anchor = first + next((i for i in letters if not (marked and i < len(raw) - len(text))), letters[0])
        left, right = self._place(first)[0], self._place(last)[1]
        _, _, top, bottom = self._place(anchor)
        text = _plain(text)
        if not text:
            return None
        bold, italic = (all(sample[i] for sample in samples) for i in (1, 2))
        return Line(text, self._number, left, right, top, bottom, size, bold, italic, marked, self._height)

    def _unmarked(self, first: int, raw: str, size: float) -> tuple[bool, str]:
        """(whether a footnote mark opens it, the text without footnote marks: figures in much smaller type)."""
        opening = re.match(r"\d{1,2}(?=\s|[^\W\d])", raw)
        marked = bool(opening) and self._type(first)[0] < _RAISED * size
        begin = opening.end() if marked and opening else 0
        kept, end = "", begin
        for match in _MARKER.finditer(raw, begin):
            if self._type(first + match.start())[0] < _RAISED * size:
                kept, end = kept + raw[end : match.start()], match.end()
        return marked, (kept + raw[end:]).lstrip() if marked else kept + raw[end:]

    def _index(self, place: int) -> int:
        return int(pdfium.FPDFText_GetCharIndexFromTextIndex(self._handle, place))

    def _place(self, place: int) -> tuple[float, float, float, float]:
        """Left, right, top and bottom of the character there."""
        pdfium.FPDFText_GetLooseCharBox(self._handle, self._index(place), self._box)
        box = self._box
        return box.left, box.right, self._height - box.top, self._height - box.bottom

    def _type(self, place: int) -> tuple[float, bool, bool]:
        """Size in points, bold and italic of the character there."""
        index = self._index(place)
        pdfium.FPDFText_GetFontInfo(self._handle, index, self._name, len(self._name), self._flags)
        name = self._name.value.decode("utf-8", "replace").lower()
        bold = "bold" in name or "black" in name or pdfium.FPDFText_GetFontWeight(self._handle, index) >= 600
        pdfium.FPDFText_GetMatrix(self._handle, index, self._matrix)
        italic = "italic" in name or "oblique" in name or self._matrix.c > _SLANT * abs(self._matrix.d)
        return self._size(index), bold, italic

    def _size(self, index: int) -> float:
        """The type size as shown. pdfium gives it before the page's own scaling, so the box has the last word."""
        size = float(pdfium.FPDFText_GetFontSize(self._handle, index))
        pdfium.FPDFText_GetLooseCharBox(self._handle, index, self._box)
        tall = float(self._box.top - self._box.bottom)
        return size if 0.5 * size < tall < 2 * size else tall


def _plain(units: str) -> str:
    """Text of UTF-16 units: pairs joined, control characters out, a broken word's end marked, spaces single."""
    text = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    hyphen = text.rstrip().endswith("\ufffe")
    plain = " ".join(clean(_CONTROL.sub(" ", text.replace("\ufffe", ""))).split())
    return plain + HYPHEN if hyphen else plain


def _joined(lines: list[Line]) -> list[Line]:
    """Lines that a raised mark had cut in two made whole, and the mark left out."""
    out: list[Line] = []
    mark: Line | None = None
    for line in lines:
        if out and re.fullmatch(r"\d{1,2}", line.text) and line.size < _RAISED * out[-1].size:
            mark = line
        elif out and _beside(out[-1], line):
            space = "" if line.text[0] in ",.;:)" else " "
            out[-1] = replace(out[-1], text=f"{out[-1].text}{space}{line.text}", right=line.right)
            mark = None
        else:
            opens = mark is not None and abs(mark.bottom - line.bottom) < line.size and mark.right <= line.left + 1
            out.append(replace(line, marked=line.marked or opens))
            mark = None
    return out


def _beside(last: Line, line: Line) -> bool:
    """Whether `line` stands where `last` ends, on the same base and in the same type."""
    level = abs(line.bottom - last.bottom) < 0.3 * last.size and abs(line.size - last.size) < 1
    return level and -1 <= line.left - last.right < _GAP * last.size
