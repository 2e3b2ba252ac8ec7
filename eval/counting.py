"""python -m eval.counting [dev|test] [REPORTS]: questions that count, list, rank or compare, over a library of all reports.

The library (LIBRARY_DIR) is first brought up to date with corpus/ and REPORTS (default ../shared/reports). The answers in
`questions/counting_*.jsonl` were worked out from history.csv, another tool's readings, and not from what this project
reads. A question counts as right only where its whole answer is: every authority or report of it and no other.
"""

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.chain import Assistant
from assistant.crosstab import SCALE
from assistant.embedding import Embedder
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Answer, Status
from eval.cases import REPORTS
from ingest.__main__ import ingest_with_progress

FOLDER = Path(__file__).parent / "counts"
_ROW = re.compile(r"^- \*\*.+?\*\* \(.*?\): (?P<grade>[a-z ]+)\. \u201c.*\[(?P<label>\d+)\]$", re.MULTILINE)


@dataclass(frozen=True)
class CountingCase:
    """A question and its whole answer: a number `of` "authorities" or "reports", or names, or lines "Leeds 2022-05-09 good".

    `says` must be told beside the answer: why something cannot be compared. `why` is how the answer was worked out.
    """

    question: str
    kind: str
    answer: tuple[str, ...] | int
    why: str
    of: str = ""
    says: tuple[str, ...] = ()


def load(half: str) -> list[CountingCase]:
    """The cases of `half`: "dev" or "test"."""
    rows = map(json.loads, (FOLDER / f"{half}.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        CountingCase(**{**row, "answer": tuple(a) if isinstance(a := row["answer"], list) else a, "says": tuple(row.get("says", ()))})
        for row in rows
    ]


def fault(case: CountingCase, answer: Answer) -> str:
    """What is wrong with `answer`, "" where it is the whole answer and says what must be said."""
    if answer.model != "register" and not (answer.status is not Status.ANSWERED and case.answer == () and not case.says):
        return f"not counted ({answer.status}, {answer.model})"
    told = f"{answer.answer} {' '.join(answer.notices)}"
    if unsaid := [words for words in case.says if words not in told]:
        return f"does not say {', '.join(unsaid)}"
    if isinstance(case.answer, int):
        given = len({c.authority for c in answer.citations} if case.of == "authorities" else answer.citations)
        headline = answer.answer.split("\n")[0]
        printed = re.search(rf"\b{case.answer}\b", headline)
        return "" if given == case.answer and printed else f"{given} instead of {case.answer}" + ("" if printed else ", and not so printed")
    if case.kind in ("trend", "compare", "rank"):
        given_lines = lines(answer)
        in_order = case.kind != "rank" or [_place(line) for line in given_lines] == sorted(_place(line) for line in given_lines)
        return _difference(case.answer, given_lines) or ("" if in_order else "not in order")
    return _difference(case.answer, list(dict.fromkeys(c.authority for c in answer.citations)))


def lines(answer: Answer) -> list[str]:
    """The rows of an answer on judgements, in order, as "Leeds 2022-05-09 good"."""
    cited = {c.label: c for c in answer.citations}
    rows = [(cited[int(row["label"])], row["grade"]) for row in _ROW.finditer(answer.answer)]
    return [f"{citation.authority} {citation.published} {grade}" for citation, grade in rows]


def _place(line: str) -> int:
    return -next((place for place, grade in enumerate(SCALE) if line.endswith(grade)), -1)


def _difference(gold: tuple[str, ...], given: list[str]) -> str:
    left_out, added = sorted(set(gold) - set(given)), sorted(set(given) - set(gold))
    return "; ".join(
        f"{what} {', '.join(names[:6])}{' ...' * (len(names) > 6)}" for what, names in (("left out", left_out), ("added", added)) if names
    )


def main(half: str = "dev", reports: str = str(REPORTS)) -> None:
    """Print the share with the whole answer right, by kind, and on the development half what is wrong with the others."""
    settings, embedder, out = Settings(), Embedder(), Console(width=160)
    with Library(settings.library_dir) as library:
        ingest_with_progress([settings.corpus_dir, Path(reports)], library, embedder, settings.corpus_dir, Console(stderr=True))
        assistant = Assistant(library, embedder, settings.corpus_dir)
        faults = [(case, fault(case, assistant.ask(case.question))) for case in track(load(half), console=Console(stderr=True))]
    asked, right = Counter(case.kind for case, _ in faults), Counter(case.kind for case, wrong in faults if not wrong)
    table = Table("kind", "questions", "whole answer right", title=f"counting questions, {half}")
    for kind, number in [*asked.items(), ("all", len(faults))]:
        good = right.total() if kind == "all" else right[kind]
        table.add_row(kind, str(number), f"{good} ({100 * good / number:.0f}%)")
    out.print(table)
    if half == "dev":
        for case, wrong in faults:
            if wrong:
                out.print(f"{case.question}\n    {wrong}", markup=False, highlight=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
