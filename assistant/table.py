"""The register as plain tables: rows for CSV and JSON, in the columns outside programs rely on. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from assistant.findings import EVALUATIVE, Finding, Polarity, Register, Theme, Wanted
from assistant.progress import Step

FINDING_COLUMNS = (
    "finding_id", "document_id", "authority", "published", "section", "paragraph", "page", "theme", "polarity", "quantifier", "text",
)  # fmt: skip
PROGRESS_COLUMNS = (
    "authority",
    "from",
    "to",
    "theme",
    "course",
    "side",
    "finding_id",
    "document_id",
    "section",
    "paragraph",
    "page",
    "text",
)
COMPARE_COLUMNS = ("theme", "authority", "document_id", "published", "strength", "improvement", "mixed", "finding_id", "text")


def finding_row(finding: Finding, register: Register) -> dict[str, Any]:
    """One finding; its themes are joined by "; ", the chief one first, and `page` is empty where the file has no pages."""
    document = register.documents[finding.document_id]
    return {
        "finding_id": finding.id,
        "document_id": finding.document_id,
        "authority": document.authority,
        "published": document.published,
        "section": finding.section,
        "paragraph": finding.paragraph,
        "page": finding.page or "",
        "theme": "; ".join(finding.themes),
        "polarity": finding.polarity.value,
        "quantifier": finding.quantifier,
        "text": finding.text,
    }


def progress_rows(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """A row of each finding quoted on either side of each change; one row with no finding where a side has none."""
    rows: list[dict[str, Any]] = []
    for step in steps:
        for change in step.changes:
            base: dict[str, Any] = {"authority": step.after.authority, "theme": change.theme.id, "course": change.course.value}
            base |= {"from": step.before.published, "to": step.after.published}
            for side, found in (("before", change.before), ("after", change.after)):
                rows += [base | {"side": side} | _place(finding) for finding in found] or [base | {"side": side}]
    return [{name: row.get(name, "") for name in PROGRESS_COLUMNS} for row in rows]


def compare_rows(register: Register, authorities: Sequence[str], themes: Iterable[Theme]) -> list[dict[str, Any]]:
    """The newest document of each authority side by side, theme by theme: how many findings weigh which way, and one of them.

    The finding quoted is the first to improve, else the first that weighs at all.
    """
    newest = [register.inspections(Wanted(authorities=frozenset({name}), latest=True)) for name in authorities]
    documents = [document for found in newest for document in found]
    rows: list[dict[str, Any]] = []
    for theme in themes:
        for document in documents:
            found = [f for f in register.by_document.get(document.id, ()) if theme.id in f.themes and f.polarity in EVALUATIVE]
            counts = {polarity.value: sum(f.polarity is polarity for f in found) for polarity in EVALUATIVE}
            shown = next((f for f in found if f.polarity is Polarity.IMPROVEMENT), next(iter(found), None))
            row: dict[str, Any] = {
                "theme": theme.id,
                "authority": document.authority,
                "document_id": document.id,
                "published": document.published,
            }
            row |= counts | ({"finding_id": shown.id, "text": shown.text} if shown else {})
            rows.append({name: row.get(name, "") for name in COMPARE_COLUMNS})
    return rows


def _place(finding: Finding) -> dict[str, Any]:
    names = ("document_id", "section", "paragraph", "text")
    return {"finding_id": finding.id, "page": finding.page or "", **{name: getattr(finding, name) for name in names}}
