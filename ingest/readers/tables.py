"""Tables as text: one line per row, each cell after the heading of its column. Pure."""

from dataclasses import dataclass

_WIDEST = 100
"""Columns that spans are followed over; a page that claims more is broken or means harm."""


@dataclass(frozen=True)
class Cell:
    """The text of a cell, and how many columns and rows it covers."""

    text: str
    across: int = 1
    down: int = 1


def rows_as_text(rows: list[list[Cell]], headings: int) -> list[str]:
    """A line per row: "Heading: cell; Heading: cell", or "cell | cell" where the first `headings` rows (0) name no columns."""
    if headings >= len(rows):
        headings = 0
    grid = _grid(rows, headings)
    named = _column_names(grid[:headings])
    lines = (_line(row, named) for row in grid[headings:])
    return [line for line in lines if line]


def _grid(rows: list[list[Cell]], headings: int) -> list[list[str]]:
    """The rows with every cell in its column. A heading stands over all its columns; another cell only in its first."""
    grid: list[list[str]] = []
    above: dict[int, tuple[str, int]] = {}
    for number, row in enumerate(rows):
        texts: list[str] = []
        for cell in row:
            _fill_from_above(texts, above)
            for i in range(min(max(cell.across, 1), _WIDEST)):
                text = cell.text if i == 0 or number < headings else ""
                if cell.down > 1 and len(texts) < _WIDEST:
                    above[len(texts)] = (text, cell.down - 1)
                texts.append(text)
        _fill_from_above(texts, above)
        grid.append(texts)
    return grid


def _fill_from_above(texts: list[str], above: dict[int, tuple[str, int]]) -> None:
    while (column := len(texts)) in above:
        text, left = above.pop(column)
        if left > 1:
            above[column] = (text, left - 1)
        texts.append(text)


def _column_names(rows: list[list[str]]) -> list[str]:
    width = max((len(row) for row in rows), default=0)
    columns = ([row[i] for row in rows if i < len(row) and row[i]] for i in range(width))
    return [" ".join(dict.fromkeys(column)) for column in columns]


def _line(row: list[str], named: list[str]) -> str:
    if not any(named):
        return " | ".join(text for text in row if text)
    filled = [(named[i] if i < len(named) else "", text) for i, text in enumerate(row) if text]
    if len(filled) == 1 and row[0]:
        return row[0]
    return "; ".join(f"{name}: {text}" if name else text for name, text in filled)
