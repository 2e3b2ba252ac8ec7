"""python -m eval.framework [REPORTS]: links by theme against the National Framework references that reports print.

Every item that a report of 2025 or 2026 says needs to improve, with a reference after it, is linked by its words alone
(the reference is taken away first). The halves are by report, so no report is in both; the table of
corpus/expectations.toml was settled on the first, and the second is the one to go by.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.classify import load_lexicon, themes
from assistant.errors import ReadError
from assistant.expectations import by_theme, load_expectations, printed
from assistant.scope import load_authorities
from assistant.settings import Settings
from eval.cases import REPORTS
from ingest.ofsted import read_report
from ingest.readers import pdf

FIRST = 3
_FROM = ("2025", "2026")


def items(reports: Path) -> Iterator[tuple[str, str, str]]:
    """(file, what needs to improve, what is printed after it) of every item with a reference."""
    authorities = load_authorities(Settings().corpus_dir / "authorities.toml")
    for path in sorted(reports.rglob("*.pdf")):
        file = path.relative_to(reports).as_posix()
        if not any(year in path.name for year in _FROM):
            continue
        try:
            report = read_report(pdf.read(file, path.read_bytes()).blocks, file, authorities.titled)
        except ReadError:
            continue
        for item in report.improvements if report else ():
            if item.references:
                yield file, item.text, "; ".join(item.references)


def halves(files: Iterable[str]) -> dict[str, str]:
    """Which half each report is in: the first, third, fifth ... by name are the first half."""
    return {file: ("first", "second")[i % 2] for i, file in enumerate(sorted(set(files)))}


def main(reports: str = str(REPORTS)) -> None:
    """Print the share of items whose printed reference is among the first three, for each half."""
    corpus = Settings().corpus_dir
    lexicon, expectations = load_lexicon(corpus / "register.toml"), load_expectations(corpus / "expectations.toml")
    found: dict[str, list[bool]] = {"first": [], "second": []}
    read = list(items(Path(reports)))
    half = halves(file for file, _, _ in read)
    for file, text, reference in read:
        given = by_theme(themes(lexicon, text), expectations)[:FIRST]
        gold = printed(f"({reference})", expectations.references)
        found[half[file]].append(not set(gold).isdisjoint(given))
        if half[file] == "first" and not found["first"][-1]:
            print(f"{', '.join(gold)} > {', '.join(given) or 'none'} | {text}")
    table = Table("half", "items", f"printed among the first {FIRST}")
    for name, right in found.items():
        table.add_row(name, str(len(right)), f"{sum(right) / max(1, len(right)):.0%}")
    Console().print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
