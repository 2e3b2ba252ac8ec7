"""python -m eval.reports [dev|test|fit] [REPORTS]: questions on published reports, over a library that holds all of them.

The library (LIBRARY_DIR) is first brought up to date with corpus/ and REPORTS (default ../shared/reports). The gold is
the passage of the named report that holds the gold phrase. `fit` prints the gate for passages without phrases, fitted on
the development half.
"""

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.chain import Assistant
from assistant.embedding import Embedder
from assistant.library import Library
from assistant.settings import ROOT, Settings
from assistant.types import Status
from eval.fit import gate
from eval.metrics import hit_at, mrr, rank_of, share
from eval.questions import FOLDER
from ingest.__main__ import ingest_with_progress

REPORTS = ROOT.parent / "shared" / "reports"


@dataclass(frozen=True)
class ReportCase:
    """A question on one paragraph of one report: the file it stands in and a phrase that only that paragraph holds."""

    question: str
    file: str
    phrase: str


def load(half: str) -> list[ReportCase]:
    """The cases of `half`: "dev" or "test"."""
    rows = map(json.loads, (FOLDER / f"report_{half}.jsonl").read_text(encoding="utf-8").splitlines())
    return [ReportCase(row["question"], row["file"], row["phrase"]) for row in rows]


def load_unanswerable(half: str) -> list[str]:
    """Questions on authorities and their reports that no report answers."""
    lines = (FOLDER / f"report_refuse_{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


def squeezed(text: str) -> str:
    """`text` with its white space, hyphens and dashes taken out: line ends and broken words are no difference."""
    return "".join(c for c in text.lower() if c.isalnum())


def gold(library: Library, case: ReportCase) -> list[str]:
    """Ids of the passages that hold the phrase in the report of that file."""
    documents = [d.id for d in library.documents() if d.source.endswith(case.file)]
    return [p.id for id in documents for p in library.passages_of(id) if squeezed(case.phrase) in squeezed(p.text)]


def measure(assistant: Assistant, cases: Sequence[ReportCase]) -> dict[str, float]:
    """Ranks, answers and times of `cases`."""
    golds = [gold(assistant.library, case) for case in cases]
    answers, times = [], []
    for case in track(cases, console=Console(stderr=True)):
        start = time.perf_counter()
        answers.append(assistant.ask(case.question))
        times.append(1000 * (time.perf_counter() - start))
    ranks = [rank_of([hit.passage.id for hit in a.passages], g) for a, g in zip(answers, golds, strict=True)]
    return {
        "questions": len(cases),
        "gold in library": share([bool(g) for g in golds]),
        **{f"hit@{k}": hit_at(k, ranks) for k in (1, 3, 5)},
        "MRR": mrr(ranks),
        "characters in five": statistics.mean(sum(len(h.passage.text) for h in a.passages[:5]) for a in answers),
        "answered": share([a.status is Status.ANSWERED for a in answers]),
        "gold among citations": share([any(c.passage_id in g for c in a.citations) for a, g in zip(answers, golds, strict=True)]),
        "quotes verbatim": share([c.quote in c.passage for a in answers for c in a.citations]),
        "p50 ms": statistics.median(times),
        "p95 ms": statistics.quantiles(times, n=20)[-1],
    }


def main(half: str = "test", reports: str = str(REPORTS)) -> None:
    """Print the figures of one half."""
    settings, embedder = Settings(), Embedder()
    with Library(settings.library_dir) as library:
        ingest_with_progress([settings.corpus_dir, Path(reports)], library, embedder, settings.corpus_dir, Console(stderr=True))
        assistant = Assistant(library, embedder, settings.corpus_dir)
        assistant.ask("warm up")
        if half == "fit":
            asked = [(case.question, True) for case in load("dev")] + [(question, False) for question in load_unanswerable("dev")]
            return print(gate(assistant, asked))
        refused = [assistant.ask(question).status is not Status.ANSWERED for question in load_unanswerable(half)]
        figures = {**measure(assistant, load(half)), "unanswerable refused": share(refused)}
    table = Table(
        "figure", f"reports, {half}", title=f"{sum(1 for _ in Path(reports).rglob('*.pdf'))} reports, {assistant.passage_count:,} passages"
    )
    for name, figure in figures.items():
        table.add_row(name, f"{figure:.3g}")
    Console().print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
