"""python -m eval.judgements [FOLDER]: what is read of the reports in FOLDER against what another tool read of them.

FOLDER holds `<URN>_<authority>/*.pdf` and `history.csv`, the other tool's readings. Every cell where both hold a value is
compared; `judgements_settled.toml` says of each disagreement, after a look at the page, who is right. It holds for the values
that it names: another value read at the same place is a new disagreement. Nothing is embedded.
"""

import csv
import re
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.errors import ReadError
from assistant.scope import load_authorities
from assistant.settings import Settings
from assistant.types import JUDGEMENTS, NOT_REPORTED
from ingest.ofsted import Report, read_report
from ingest.readers import pdf

SETTLED = Path(__file__).parent / "judgements_settled.toml"
GRADES = {name: f"{name}_grade" for name in JUDGEMENTS}
FACTS = {
    "published": "publication_date",
    "framework": "inspection_framework",
    "lead_inspector": "inspector_name",
    "inspection_start": "inspection_start_date",
    "inspection_end": "inspection_end_date",
}
UNREADABLE = "data_unreadable"
_ABSENT = {"inspection_pre_dates_judgement", "not_reported_post_reform"}

Key = tuple[str, str, str]
"""A file, the name of a cell and our value in it."""


@dataclass(frozen=True)
class Reading:
    """One report: its file, what we read, what the other tool read, and the numbers its paragraphs print."""

    file: str
    report: Report
    theirs: dict[str, str]
    pages: int


@dataclass(frozen=True)
class Cell:
    """One value of one report, ours and theirs in the same spelling."""

    file: str
    name: str
    ours: str
    theirs: str

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.ours == self.theirs

    @property
    def key(self) -> Key:
        """What a verdict is about: a value of ours, not whatever is read in that place."""
        return self.file, self.name, self.ours


def readings(folder: Path) -> tuple[list[Reading], list[str]]:
    """Every report in `folder` that the other tool lists, and why the rest could not be read."""
    authorities = load_authorities(Settings().corpus_dir / "authorities.toml")
    rows = list(csv.DictReader((folder / "history.csv").open(encoding="utf-8")))
    read, refused = [], []
    for row in track(rows, description="Reading", transient=True):
        file = f"{row['urn']}_{row['local_authority']}/{row['pdf_filename']}"
        try:
            blocks = pdf.read(file, (folder / file).read_bytes()).blocks
        except (ReadError, OSError) as error:
            refused.append(str(error))
            continue
        report = read_report(blocks, file, authorities.titled)
        if report is None:
            refused.append(f"{file} is not recognised as a report.")
        else:
            read.append(Reading(file, report, row, max(block.last_page or block.page or 0 for block in blocks)))
    return read, refused


def cells(reading: Reading) -> Iterator[Cell]:
    """Every cell of a report in which the other tool holds a value."""
    record, theirs = reading.report.record, reading.theirs
    ours = {name: getattr(record, name, "") for name in FACTS} | {"published": reading.report.published}
    yield Cell(reading.file, "authority", _plain(reading.report.authority), _plain(theirs["local_authority"]))
    for name, column in FACTS.items():
        if theirs[column]:
            yield Cell(reading.file, name, _fact(name, ours[name]), _fact(name, theirs[column]))
    for name, column in GRADES.items():
        if theirs[column] and theirs[column] != UNREADABLE:
            yield Cell(reading.file, name, getattr(record, name).grade, NOT_REPORTED if theirs[column] in _ABSENT else theirs[column])


def _plain(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text.lower().replace("&", "and")).strip()


def _fact(name: str, value: str) -> str:
    """A value in the spelling both are compared in: ISO dates, the framework's last word, a name without stray spaces."""
    if match := re.fullmatch(r"(\d\d)/(\d\d)/(?:20)?(\d\d)", value):
        return f"20{match[3]}-{match[2]}-{match[1]}"
    if name == "framework":
        return value.lower().removeprefix("ilacs ")
    return re.sub(r"\s*-\s*", "-", value)


def settled() -> dict[Key, dict[str, object]]:
    """How each disagreement was settled, by file, cell and our value."""
    entries = tomllib.loads(SETTLED.read_text(encoding="utf-8")).get("settled", []) if SETTLED.exists() else []
    return {(entry["file"], entry["cell"], entry["ours"]): entry for entry in entries}


def not_settled(compared: Iterable[Cell], known: Mapping[Key, Mapping[str, object]]) -> list[Cell]:
    """The disagreements that nobody has settled yet."""
    return [cell for cell in compared if not cell.agrees and cell.key not in known]


def unreadable(read: list[Reading]) -> Iterator[tuple[str, str, str, str]]:
    """(file, cell, our grade, our notes) of every grade the other tool could not read or left out of such a row."""
    for reading in read:
        if UNREADABLE not in reading.theirs.values():
            continue
        for name, column in GRADES.items():
            if reading.theirs[column] in {UNREADABLE, ""}:
                yield reading.file, name, getattr(reading.report.record, name).grade, reading.report.record.notes


def out_of_order(report: Report) -> list[str]:
    """Where the printed numbers of a report are not 1, 2, 3 ... to the end."""
    numbers = [int(p.block.number) for p in report.paragraphs if p.block.number.isdigit()]
    if not numbers:
        return ["prints no numbers"] if report.paragraphs else []
    gaps = [f"{a} is followed by {b}" for a, b in pairwise(numbers) if b != a + 1]
    return ([] if numbers[0] == 1 else [f"begins at {numbers[0]}"]) + gaps


def main(folder: Path) -> int:
    """Print the comparison. Returns 1 where a disagreement is not settled."""
    out = Console(width=160)
    if not (folder / "history.csv").exists():
        out.print(f"{folder} holds no history.csv to compare with; give the folder of reports.")
        return 1
    start = time.perf_counter()
    read, refused = readings(folder)
    seconds, pages = time.perf_counter() - start, sum(reading.pages for reading in read)
    out.print(f"{len(read)} reports, {pages} pages read in {seconds:.1f} s ({pages / seconds:.0f} pages/s); {len(refused)} refused:")
    for reason in refused:
        out.print(f"  {reason}")
    known = settled()
    compared = [cell for reading in read for cell in cells(reading)]
    out.print(_agreement(compared, known))
    wrong = [cell for cell in compared if not cell.agrees]
    for cell in wrong:
        verdict = known.get(cell.key)
        what = f"{verdict['right']} right, page {verdict['page']}: {verdict['why']}" if verdict else "NOT SETTLED"
        out.print(f"{cell.file}: {cell.name}: ours {cell.ours!r}, theirs {cell.theirs!r}; {what}")
    _coverage(out, read)
    _numbers(out, read)
    return int(bool(not_settled(compared, known)))


def _agreement(compared: list[Cell], known: dict[Key, dict[str, object]]) -> Table:
    table = Table(title="Agreement where the other tool holds a value", title_justify="left")
    for column in ("Cell", "Compared", "Agree", "Agree %", "Our errors", "Theirs", "Not settled"):
        table.add_column(column, justify="left" if column == "Cell" else "right")
    names = list(dict.fromkeys(cell.name for cell in compared))
    for name in [*names, "all"]:
        mine = [cell for cell in compared if name in {cell.name, "all"}]
        agree = sum(cell.agrees for cell in mine)
        verdicts = Counter(str(known.get(c.key, {}).get("right", "not settled")) for c in mine if not c.agrees)
        counts = (len(mine), agree, f"{100 * agree / len(mine):.1f}", verdicts["theirs"], verdicts["ours"], verdicts["not settled"])
        table.add_row(name, *map(str, counts))
    return table


def _coverage(out: Console, read: list[Reading]) -> None:
    cells = list(unreadable(read))
    got = sum(grade != NOT_REPORTED for _, _, grade, _ in cells)
    out.print(f"\nGrades the other tool could not read, or left out of the rows it could not: {len(cells)}; read here: {got}.")
    missing: dict[str, list[str]] = {}
    for file, name, grade, notes in cells:
        if grade == NOT_REPORTED:
            missing.setdefault(f"{file} ({notes})", []).append(name)
    for file, names in missing.items():
        out.print(f"  not reported: {', '.join(names)}: {file}")


def _numbers(out: Console, read: list[Reading]) -> None:
    odd = {reading.file: found for reading in read if (found := out_of_order(reading.report))}
    out.print(f"\nPrinted paragraph numbers complete and in order: {len(read) - len(odd)} of {len(read)} reports. Exceptions:")
    for file, found in odd.items():
        out.print(f"  {file}: {'; '.join(found)}")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/reports")))
