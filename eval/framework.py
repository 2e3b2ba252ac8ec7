"""LIBRARY_DIR=data/all python -m eval.framework [REPORTS]: links by theme against the National Framework references printed.

Every finding to improve in a report of 2025 or 2026 that prints a reference after its words is linked by the themes that
the register has for it, as the product does for one that prints none; the register reads themes with the reference taken
away. The halves are by report, so no report is in both; the table of corpus/expectations.toml was settled on the first,
and the second is the one to go by.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.embedding import Embedder
from assistant.expectations import by_theme, load_expectations, printed
from assistant.findings import Polarity, register
from assistant.library import Library
from assistant.settings import Settings
from eval.cases import REPORTS
from ingest.__main__ import ingest_with_progress

FIRST = 3
_FROM = "2025"


def halves(reports: Iterable[str]) -> dict[str, str]:
    """Which half each report is in: the first, third, fifth ... by id are the first half."""
    return {report: ("first", "second")[i % 2] for i, report in enumerate(sorted(set(reports)))}


def main(reports: str = str(REPORTS)) -> None:
    """Print the share of findings whose printed reference is among the first three, for each half, and the first half's misses."""
    settings, out = Settings(), Console(width=160)
    expectations = load_expectations(settings.corpus_dir / "expectations.toml")
    with Library(settings.library_dir) as library:
        ingest_with_progress([settings.corpus_dir, Path(reports)], library, Embedder(), settings.corpus_dir, Console(stderr=True))
        held = register(library.documents(), library.reports(), library.findings())
    told = [
        (finding, gold)
        for finding in held.findings
        if finding.polarity is Polarity.IMPROVEMENT and held.when(finding.document_id) >= _FROM
        if (gold := printed(finding.text, expectations.references))
    ]
    half = halves(finding.document_id for finding, _ in told)
    found: dict[str, list[bool]] = {"first": [], "second": []}
    for finding, gold in told:
        given = by_theme(finding.themes, expectations)[:FIRST]
        right = not set(gold).isdisjoint(given)
        found[half[finding.document_id]].append(right)
        if half[finding.document_id] == "first" and not right:
            out.print(f"{', '.join(gold)} > {', '.join(given) or 'none'} | {finding.text}", markup=False, highlight=False)
    table = Table("half", "findings", f"printed among the first {FIRST}", title=f"{len(half)} reports since {_FROM} that print references")
    for name, rights in [*found.items(), ("both", found["first"] + found["second"])]:
        table.add_row(name, str(len(rights)), f"{sum(rights) / max(1, len(rights)):.0%}")
    out.print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
