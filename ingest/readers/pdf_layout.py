"""The lines of a PDF become blocks: what runs along every page is left out, the rest is grouped. Pure.

What decides is where a line stands and how it is set, not what it says: the space above it, its margin, its type.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.blocks import Block, Role
from ingest.readers.pdf_lines import HYPHEN, Line

_EDGE = 0.13
"""The share of a page's height, at head and foot, where running lines stand."""
_SMALL = 0.9
"""Type smaller than this share of the body's is footnote type."""
_NUMBER = re.compile(r"^(\d{1,3}(?:\.\d{1,3})+[.)]?(?=\s)|\d{1,3}[.)](?=\s|[^\W\d_]|[\u2018\u201c]))\s*(?=\S)")
_BULLET = re.compile(
    r"^([\u2022\u2023\u25a0-\u25ff\u2b1b\u2b24\uf000-\uf0ff*\u00b7]|[-\u2013-\u2015\u2500-\u257f\u0336](?=\s))\s*|^o\s(?=[a-z])"
)
_DASH = re.compile(r"^[-\u2013-\u2015]")
_PAGE_NUMBER = re.compile(r"^(?:(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|[ivxl]{1,6})$", re.IGNORECASE)
_CONTENTS = re.compile(r"^(?:table of )?contents$", re.IGNORECASE)
_ENTRY = re.compile(r"^(?:.*\S[\s.\u2026]+)?(\d{1,3})$")
_ENDED = re.compile(r"[.!?:;][\"')\]\u2019\u201d]*$")
_HEADING_LENGTH = 200
_LINES_OF_AN_ENTRY = 3


@dataclass(frozen=True)
class Chunk:
    """Lines that belong together: one block, or one row of a table where it has more than one cell."""

    cells: tuple[tuple[Line, ...], ...]

    @property
    def first(self) -> Line:
        """The line it begins with."""
        return self.cells[0][0]

    @property
    def last(self) -> Line:
        """The line that was added last."""
        return self.cells[-1][-1]

    @property
    def lines(self) -> list[Line]:
        """All its lines."""
        return [line for cell in self.cells for line in cell]


def blocks(pages: Iterable[list[Line]]) -> list[Block]:
    """The blocks of a document in reading order, without what is on its pages but not in its text.

    Left out: running heads and feet, page numbers, footnotes and their marks, the table of contents.
    """
    pages = [in_order(page) for page in pages]
    running = _running(pages)
    kept = [[line for line in page if not _is_furniture(line, running)] for page in pages]
    body = body_size(line for page in kept for line in page)
    lines = without_contents([line for page in kept for line in without_footnotes(page, body)])
    chunks = grouped(lines, _leading(lines), _margins(lines))
    return _as_blocks(chunks, body)


def in_order(page: list[Line]) -> list[Line]:
    """A page's lines from top to bottom, where it was written in another order; columns and tables stay as written.

    A stretch of lines runs until one stands higher up than the one before. Stretches side by side stay together.
    """
    stretches: list[list[Line]] = []
    for line in page:
        if stretches and line.top > stretches[-1][-1].top - line.size:
            stretches[-1].append(line)
        else:
            stretches.append([line])
    stretches.sort(key=lambda stretch: min(line.top for line in stretch))
    together: list[list[Line]] = []
    for stretch in stretches:
        if together and min(line.top for line in stretch) < max(line.bottom for line in together[-1]) - 2:
            together[-1] += stretch
        else:
            together.append(list(stretch))
    place = {id(line): i for i, line in enumerate(page)}
    return [line for lines in together for line in sorted(lines, key=lambda line: place[id(line)])]


# -- what is left out ---------------------------------------------------------------


def _is_furniture(line: Line, running: set[tuple[int, str]]) -> bool:
    at_edge = _at_edge(line)
    return at_edge and (bool(_PAGE_NUMBER.match(line.text)) or _key(line) in running)


def _running(pages: list[list[Line]]) -> set[tuple[int, str]]:
    """Lines that stand in the same place, digits aside, at the edge of at least two pages and a third of all."""
    counts = Counter(key for page in pages for key in {_key(line) for line in page if _at_edge(line)})
    return {key for key, count in counts.items() if count >= max(2, len(pages) / 3)}


def _at_edge(line: Line) -> bool:
    return line.bottom < _EDGE * line.height or line.top > (1 - _EDGE) * line.height


def _key(line: Line) -> tuple[int, str]:
    return round(line.top / 4), re.sub(r"\d+", "0", line.text)


def body_size(lines: Iterable[Line]) -> float:
    """The type size that most of the text is set in, points."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.size, 1)] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 12.0


def without_footnotes(page: list[Line], body: float) -> list[Line]:
    """A page without its footnotes: the small type at its foot, from the first line there that a mark opens."""
    from_foot = sorted(page, key=lambda line: -line.bottom)
    small: list[Line] = []
    for line in from_foot:
        if line.size > _SMALL * body:
            break
        small.append(line)
    top = min((line.top for line in small if line.marked), default=None)
    if top is None:
        return page
    notes = {id(line) for line in small if line.top >= top - 1}
    return [line for line in page if id(line) not in notes]


def without_contents(lines: list[Line]) -> list[Line]:
    """`lines` without the table of contents: its heading, and the entries with ever higher page numbers after it."""
    start = next((i for i, line in enumerate(lines) if _CONTENTS.match(line.text)), None)
    if start is None:
        return lines
    end, page = start, 0
    for i in range(start + 1, len(lines)):
        entry = _ENTRY.match(lines[i].text)
        if entry and int(entry[1]) >= page:
            end, page = i, int(entry[1])
        elif i - end >= _LINES_OF_AN_ENTRY:
            break
    return lines[:start] + lines[end + 1 :] if end > start else lines


# -- lines into chunks --------------------------------------------------------------


def _leading(lines: list[Line]) -> float:
    """How far apart the lines of a paragraph stand, as a multiple of their type size: the commonest distance."""
    counts: Counter[float] = Counter()
    for above, line in pairwise(lines):
        if line.page == above.page and _same_type(above, line) and 0.8 * line.size < line.top - above.top < 3 * line.size:
            counts[round((line.top - above.top) / line.size, 1)] += 1
    return counts.most_common(1)[0][0] if counts else 1.2


def _margins(lines: list[Line]) -> dict[tuple[int, int], float]:
    """How far right text reaches, by page and left edge (both rounded): where a full line ends."""
    reach: dict[tuple[int, int], float] = {}
    for line in lines:
        key = line.page, round(line.left / 4)
        reach[key] = max(reach.get(key, 0.0), line.right)
    return reach


def grouped(lines: list[Line], leading: float, margins: dict[tuple[int, int], float]) -> list[Chunk]:
    """Lines as chunks. `leading` is the usual distance of lines over type size, `margins` where full lines end."""
    chunks: list[Chunk] = []
    for line in lines:
        last = chunks[-1] if chunks else None
        if last and _is_cell(last, line):
            chunks[-1] = Chunk((*last.cells, (line,)))
        elif last and _goes_on_in_cell(last, line):
            chunks[-1] = Chunk((*last.cells[:-1], (*last.cells[-1], line)))
        elif last and _goes_on(last, line, leading, margins):
            chunks[-1] = Chunk(((*last.cells[0], line),))
        else:
            chunks.append(Chunk(((line,),)))
    return chunks


def _is_cell(chunk: Chunk, line: Line) -> bool:
    """Whether `line` stands to the right of all of `chunk`, level with it."""
    if line.page != chunk.last.page or line.left < max(one.right for one in chunk.cells[-1]) - 1:
        return False
    return chunk.first.top - line.size < line.top < chunk.last.bottom - 0.3 * line.size


def _goes_on_in_cell(chunk: Chunk, line: Line) -> bool:
    """Whether `line` is one more line of the last cell of a row."""
    if len(chunk.cells) == 1 or line.page != chunk.last.page:
        return False
    close = -0.3 * line.size < line.top - chunk.last.bottom < 0.8 * line.size
    return close and line.left > max(one.right for one in chunk.cells[-2]) - 1 and line.left > chunk.first.left + 2 * line.size


def _goes_on(chunk: Chunk, line: Line, leading: float, margins: dict[tuple[int, int], float]) -> bool:
    """Whether `line` continues the paragraph, bullet or heading in `chunk`."""
    last = chunk.last
    if len(chunk.cells) > 1 or not (_same_type(last, line) or _runs_on(last, line)) or _opens(chunk, line):
        return False
    if line.page != last.page:
        return _goes_over(chunk, line, margins)
    if not 0.5 * line.size < line.top - last.top < 1.22 * leading * line.size:
        return False
    return not (_outdented(chunk, line) or _stops_short(last, line, margins))


def _goes_over(chunk: Chunk, line: Line, margins: dict[tuple[int, int], float]) -> bool:
    """Whether `line`, the first of a page, continues the last chunk of the page before."""
    last = chunk.last
    if _is_set_off(last) or line.left < chunk.first.left - 2:
        return False
    hung = _hang(chunk) is not None and abs(line.left - (_hang(chunk) or 0.0)) < 3
    if hung and line.left > chunk.first.left + 3:
        return True
    if _ENDED.search(last.text) or (line.text[:1].isupper() and _stops_short(last, line, margins)):
        return False
    return line.text[:1].islower() or not _stops_short(last, line, margins)


def _opens(chunk: Chunk, line: Line) -> bool:
    """Whether `line` opens with a bullet, or with a number, and stands where those do: not inside a paragraph."""
    bullet = _BULLET.match(line.text)
    if bullet and not _DASH.match(line.text):
        return True
    return bool(bullet or _NUMBER.match(line.text)) and not _inside(chunk, line)


def _inside(chunk: Chunk, line: Line) -> bool:
    """Whether `line` stands at the text of a numbered or bulleted chunk, or below a line of plain text that has not ended."""
    if _NUMBER.match(chunk.first.text) or _BULLET.match(chunk.first.text):
        hang = _hang(chunk)
        return line.left > chunk.first.left + 3 and (hang is None or abs(line.left - hang) < 3) and not _ENDED.search(chunk.last.text)
    level = abs(line.left - chunk.first.left) < 3 and line.page == chunk.last.page
    return level and not _ENDED.search(chunk.last.text)


def _hang(chunk: Chunk) -> float | None:
    """Where the lines after the first begin; None where there is only one."""
    lines = chunk.cells[0]
    return lines[1].left if len(lines) > 1 else None


def _outdented(chunk: Chunk, line: Line) -> bool:
    """Whether `line` stands left of the chunk's own text, or is indented where that has ended.

    The first line of a plain paragraph may be indented by up to three times its type size.
    """
    hang, left, ended = _hang(chunk), chunk.first.left, bool(_ENDED.search(chunk.last.text))
    plain = not (_NUMBER.match(chunk.first.text) or _BULLET.match(chunk.first.text))
    if hang is None:
        return line.left < left - 3 and not (plain and not ended and line.left > left - 3 * line.size)
    return line.left < hang - 3 or (plain and ended and line.left > hang + 3)


def _stops_short(last: Line, line: Line, margins: dict[tuple[int, int], float]) -> bool:
    """Whether `last` was broken off by hand: the first word of `line` would have fitted on it."""
    if last.text.endswith((HYPHEN, "-")):
        return False
    margin = margins.get((last.page, round(last.left / 4)), last.right)
    width = (last.right - last.left) / max(len(last.text), 1)
    spare = margin - last.right - width * (len(line.text.split(" ")[0]) + 1)
    if _ENDED.search(last.text):
        return spare > 1.5 * last.size
    return spare > 0.35 * (margin - last.left) and not line.text[:1].islower()


def _same_type(above: Line, line: Line) -> bool:
    return abs(above.size - line.size) < 0.7 and above.bold == line.bold and above.italic == line.italic


def _runs_on(above: Line, line: Line) -> bool:
    """Whether a sentence runs from `above` to `line` though they are set a little differently."""
    return abs(above.size - line.size) < 1.5 and line.text[:1].islower() and not _ENDED.search(above.text)


def _is_set_off(line: Line) -> bool:
    return line.bold or line.italic


# -- chunks into blocks -------------------------------------------------------------


def _as_blocks(chunks: list[Chunk], body: float) -> list[Block]:
    words = {word.lower() for chunk in chunks for line in chunk.lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text)}
    made = [(_as_block(chunk, body, words.__contains__), chunk) for chunk in chunks]
    ranks = sorted({_rank(chunk) for block, chunk in made if block.role is Role.HEADING})
    out: list[Block] = []
    indents: list[float] = []
    in_table = False
    for block, chunk in made:
        indents = _nested(indents, chunk.first.left) if block.role is Role.BULLET else []
        row = len(chunk.cells) > 1 and block.role is Role.PARAGRAPH
        if block.role is Role.HEADING:
            out.append(replace(block, level=ranks.index(_rank(chunk)) + 1))
        elif block.role is Role.BULLET:
            out.append(replace(block, level=len(indents) - 1))
        elif row and in_table and out[-1].page == block.page:
            out[-1] = replace(out[-1], text=f"{out[-1].text}\n{block.text}")
        else:
            out.append(block)
        in_table = row
    return out


def _nested(indents: list[float], left: float) -> list[float]:
    """The indents of the bullets that one at `left` stands under, its own last; `indents` are those of the one before."""
    outer = [indent for indent in indents if indent < left - 4]
    return [*outer, left]


def _as_block(chunk: Chunk, body: float, known: Callable[[str], bool]) -> Block:
    page, last = chunk.first.page, max(line.page for line in chunk.lines)
    text = _text(chunk, known)
    block = Block(text, page=page, last_page=last if last != page else None)
    bullet = _BULLET.match(text)
    if bullet:
        return replace(block, text=text[bullet.end() :], role=Role.BULLET)
    number = _NUMBER.match(text) if len(chunk.cells) == 1 else None
    if number:
        block = replace(block, text=text[number.end() :], number=number[1].rstrip(".)"))
    return replace(block, role=Role.HEADING) if _is_heading(chunk, block.text, body) else block


def _text(chunk: Chunk, known: Callable[[str], bool]) -> str:
    """The text of a chunk: a row's cells parted by a colon where there are two, else by bars."""
    cells = [joined([line.text for line in cell], known) for cell in chunk.cells]
    if len(cells) == 2:
        return f"{cells[0].rstrip(':')}: {cells[1]}"
    return " | ".join(cells)


def joined(lines: Iterable[str], known: Callable[[str], bool]) -> str:
    """Lines as running text. A word broken at a line's end is joined where `known` says the document has it whole."""
    text = ""
    for line in lines:
        if text.endswith(HYPHEN):
            text = _rejoined(text[:-1], line, known)
        elif re.search(r"\w-$", text):
            text += line
        else:
            text = f"{text} {line}" if text else line
    return text.replace(HYPHEN, "-")


def _rejoined(text: str, line: str, known: Callable[[str], bool]) -> str:
    before, after = re.search(r"[^\W\d_]*$", text), re.match(r"[^\W\d_]*", line)
    whole = f"{before[0] if before else ''}{after[0] if after else ''}".lower()
    return text + line if known(whole) else f"{text}-{line}"


def _is_heading(chunk: Chunk, text: str, body: float) -> bool:
    """Whether a chunk is a heading: short, and larger than the body, or bold or italic throughout, in no sentence's shape."""
    lines = chunk.lines
    larger = min(line.size for line in lines) > 1.05 * body
    bold = all(line.bold for line in lines)
    italic = all(line.italic for line in lines)
    if not (larger or bold or italic) or len(text) > _HEADING_LENGTH or len(lines) > 5:
        return False
    if re.search(r"[.!?]\s+[A-Z]", text):
        return False
    return larger or (bold and not text.endswith(";")) or (italic and len(lines) == 1 and not _ENDED.search(text))


def _rank(chunk: Chunk) -> tuple[float, bool, bool]:
    """Sorts headings of a document: larger first, then bold, then plain, italic last."""
    first = chunk.first
    return -round(first.size), not first.bold, first.italic
