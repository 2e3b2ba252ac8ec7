"""python -m eval.paragraphs [REPORTS] [--seed N] [--out DIR]: thirty paragraphs at random, to be compared with their pages by eye.

They are spread over the years and frameworks of the reports in REPORTS, `<URN>_<authority>/*.pdf`. DIR gets the text of each
as it is read (`paragraphs.txt`), a picture of every page it stands on, and a list to fill in (`checked.toml`): `outcome` is
"equal", or what differs. The list filled in is kept as `eval/paragraphs_checked.toml`; it holds a hash in place of the text, by
which `tests/test_paragraphs_checked.py` sees where a paragraph is read otherwise later.
"""

import hashlib
import json
import random
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import Annotated

import pypdfium2
import typer
from rich.progress import track

from assistant.errors import ReadError
from assistant.scope import Authorities, load_authorities
from assistant.settings import Settings
from ingest.ofsted import Report, read_report
from ingest.readers import read_source

CHECKED = Path(__file__).parent / "paragraphs_checked.toml"
COUNT = 30
_SCALE = 1.6
"""Pictures of 115 dots an inch: large enough to read footnote marks by."""


@dataclass(frozen=True)
class Read:
    """A paragraph as it is read: its file, the pages it begins and ends on, its label, the headings above it and its text."""

    file: str
    page: int
    last_page: int
    label: str
    section: str
    text: str

    @property
    def sha256(self) -> str:
        """What stands for the text where the text itself is not kept."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Checked:
    """A paragraph compared with its page: the hash of what was read, and "equal" or what differs."""

    file: str
    page: int
    label: str
    sha256: str
    outcome: str = ""


def checked() -> list[Checked]:
    """The paragraphs that were compared with their pages."""
    return [Checked(**entry) for entry in tomllib.loads(CHECKED.read_text(encoding="utf-8"))["checked"]]


def paragraphs(file: str, report: Report) -> list[Read]:
    """The paragraphs of a report, in order."""
    return [
        Read(file, p.block.page, p.block.last_page or p.block.page, p.label, p.section, p.block.text)
        for p in report.paragraphs
        if p.block.page
    ]


def load_report(folder: Path, file: str, authorities: Authorities) -> Report | None:
    """The report in `file` under `folder`, read as the run over files reads it. Raises ReadError."""
    return read_report(read_source(folder / file).blocks, file, authorities.titled)


def draw(strata: Mapping[tuple[str, str], Sequence[Sequence[Read]]], count: int, seed: int) -> list[Read]:
    """`count` paragraphs at random: from each stratum in turn, of a report at random, no report twice.

    A stratum is a year and a framework, with the paragraphs of each of its reports. Fewer where there are fewer reports.
    """
    chance = random.Random(seed)
    left = {key: chance.sample(list(reports), len(reports)) for key, reports in sorted(strata.items())}
    turns = cycle(chance.sample(list(left), len(left)))
    drawn: list[Read] = []
    while len(drawn) < count and any(left.values()):
        if reports := left[next(turns)]:
            drawn.append(chance.choice(reports.pop()))
    return sorted(drawn, key=lambda read: (read.file, read.page))


def write(drawn: Iterable[Read], reports: Path, out: Path) -> None:
    """The text of each paragraph, a picture of every page it stands on, and the list to fill in, into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    texts, entries = [], []
    for number, read in enumerate(drawn, start=1):
        about = f"{number:02} {read.file}, page {read.page}, paragraph {read.label}\n{read.section}"
        texts.append(f"{about}\n\n{read.text}\n")
        entry = asdict(Checked(read.file, read.page, read.label, read.sha256))
        entries.append("\n".join(["[[checked]]", *(f"{key} = {json.dumps(value)}" for key, value in entry.items()), ""]))
        with pypdfium2.PdfDocument(reports / read.file) as document:
            for page in range(read.page, read.last_page + 1):
                document[page - 1].render(scale=_SCALE).to_pil().save(out / f"{number:02}-page-{page}.png")
    (out / "paragraphs.txt").write_text(f"\n{'-' * 80}\n".join(texts), encoding="utf-8")
    (out / "checked.toml").write_text("\n".join(entries), encoding="utf-8")


def main(
    reports: Annotated[Path, typer.Argument()] = Path("../shared/reports"), seed: int = 1, out: Path = Path("data/paragraphs")
) -> None:
    """Draw thirty paragraphs of the reports and write them with pictures of their pages, to be compared by eye."""
    authorities = load_authorities(Settings().corpus_dir / "authorities.toml")
    strata = defaultdict(list)
    for path in track(sorted(reports.glob("*/*.pdf")), description="Reading", transient=True):
        file = path.relative_to(reports).as_posix()
        try:
            report = load_report(reports, file, authorities)
        except ReadError as error:
            print(error)
            continue
        if report and (found := paragraphs(file, report)):
            strata[report.published[:4], report.framework].append(found)
    drawn = draw(strata, COUNT, seed)
    write(drawn, reports, out)
    print(f"{len(drawn)} paragraphs of {len(strata)} years and frameworks are in {out}.")


if __name__ == "__main__":
    typer.run(main)
