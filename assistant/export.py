"""Findings as CSV and as a workbook, each row with the citation that carries it. openpyxl is used here alone."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font

from assistant.findings import Finding, Register
from assistant.refusal import place
from assistant.text import spelt

COLUMNS = (
    "finding_id", "document_id", "authority", "published", "section", "paragraph", "page", "theme", "polarity", "quantifier", "text",
    "themes", "framework", "citation", "passage_id", "url",
)  # fmt: skip
"""The columns of `findings --csv`, then all themes by name and what a reader needs to cite the finding."""
_WIDTHS = {"text": 90, "citation": 60, "themes": 40, "authority": 24, "section": 30, "document_id": 24}
_BOLD, _WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def export_rows(register: Register, found: Iterable[Finding], themes: Mapping[str, str]) -> list[dict[str, str]]:
    """One row a finding; `themes` is the name of each by id. `theme` is the id of the chief one, `themes` the names of all."""
    return [_row(register, finding, themes) for finding in found]


def _row(register: Register, finding: Finding, themes: Mapping[str, str]) -> dict[str, str]:
    document = register.documents[finding.document_id]
    return {
        "finding_id": finding.id,
        "document_id": document.id,
        "authority": document.authority,
        "published": document.published,
        "section": finding.section,
        "paragraph": finding.paragraph,
        "page": str(finding.page or ""),
        "theme": finding.themes[0] if finding.themes else "",
        "polarity": finding.polarity.value,
        "quantifier": finding.quantifier,
        "text": finding.text,
        "themes": "; ".join(themes[theme] for theme in finding.themes),
        "framework": register.framework(document.id),
        "citation": cited(register, finding),
        "passage_id": finding.passage_id,
        "url": document.url,
    }


def cited(register: Register, finding: Finding) -> str:
    """Where a finding stands, to print beside it: publisher, title, date, paragraph and page."""
    document = register.documents[finding.document_id]
    parts = (
        document.publisher,
        document.title,
        spelt(register.when(document.id)),
        place(finding.paragraph),
        f"page {finding.page}" if finding.page else "",
    )
    return ", ".join(filter(None, parts))


def as_csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    """UTF-8 with the mark that Excel knows it by. A cell that a spreadsheet would run as a formula starts with an apostrophe."""
    made = io.StringIO()
    writer = csv.DictWriter(made, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: f"'{value}" if _FORMULA.match(value) else value for name, value in row.items()} for row in rows)
    return made.getvalue().encode("utf-8-sig")


def write_xlsx(file: Path, rows: Sequence[Mapping[str, str]], about: Sequence[tuple[str, str]]) -> None:
    """A workbook of two sheets: the findings, and `about` (what was filtered for, when, what to know). Every cell is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Findings")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + number)].width = _WIDTHS.get(name, 16)
    sheet.append([_cell(sheet, name, font=_BOLD) for name in COLUMNS])
    for row in rows:
        sheet.append([_cell(sheet, row[name], alignment=_WRAPPED) if name == "text" else _value(sheet, row[name]) for name in COLUMNS])
    sheet.auto_filter.ref = f"A1:{chr(ord('A') + len(COLUMNS) - 1)}{len(rows) + 1}"
    notes = book.create_sheet("About")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 24, 100
    for name, value in about:
        notes.append([_cell(notes, name, font=_BOLD), _cell(notes, value, alignment=_WRAPPED)])
    book.save(file)


def _value(sheet: object, value: str) -> Cell | str:
    """What to append: a plain value, which is written faster, where it cannot be taken for a formula."""
    return _cell(sheet, value) if value.startswith("=") or _CONTROL.search(value) else value


def _cell(sheet: object, value: str, **style: Font | Alignment) -> Cell:
    cell = WriteOnlyCell(sheet, value=_CONTROL.sub(" ", value))
    cell.data_type = "s"  # text that starts with "=" must stay text
    for name, look in style.items():
        setattr(cell, name, look)
    return cell
