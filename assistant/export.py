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
from assistant.table import FINDING_COLUMNS, finding_row
from assistant.text import spelt
from assistant.types import Link

COLUMNS = (
    *FINDING_COLUMNS,
    "themes", "framework", "citation", "passage_id", "url", "expected_framework", "expected_guidance",
)  # fmt: skip
"""The columns of `findings --csv`, then the themes by name, what a reader needs to cite the finding, and what is expected
of what is to improve, each with the ground of the link."""
_WIDTHS = {
    "expected_framework": 60,
    "expected_guidance": 90,
    "text": 90,
    "citation": 60,
    "themes": 40,
    "authority": 24,
    "section": 30,
    "document_id": 24,
}
_BOLD, _WRAPPED = Font(bold=True), Alignment(wrap_text=True, vertical="top")
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def export_rows(
    register: Register, found: Sequence[Finding], themes: Mapping[str, str], expected: Sequence[Sequence[Link]]
) -> list[dict[str, str]]:
    """One row a finding, with what is expected of each beside it; `themes` is the name of each theme by id."""
    return [_row(register, finding, themes, links) for finding, links in zip(found, expected, strict=True)]


def _row(register: Register, finding: Finding, themes: Mapping[str, str], expected: Sequence[Link]) -> dict[str, str]:
    document = register.documents[finding.document_id]
    return {
        **{name: str(value) for name, value in finding_row(finding, register).items()},
        "themes": "; ".join(themes[theme] for theme in finding.themes),
        "framework": register.framework(document.id),
        "citation": cited(register, finding),
        "passage_id": finding.passage_id,
        "url": document.url,
        "expected_framework": "\n".join(f"{link.reference}: {link.says} ({link.ground})" for link in expected if not link.passage_id),
        "expected_guidance": "\n".join(_guidance(link) for link in expected if link.passage_id),
    }


def _guidance(link: Link) -> str:
    """A paragraph of law or guidance on one line: its reference, edition and standing, where it stands, the link's ground."""
    named = "; ".join(filter(None, (link.reference, link.edition, link.force)))
    return f"{named} ({link.title}; {link.ground})"


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
