"""What a run found, as plain data: written to eval/results/, read back, compared, and shown in README. Pure but for the files."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "results"
README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- figures: written by `python -m eval readme` -->", "<!-- end of figures -->"

Run = dict[str, Any]
"""`when`, `commit`, `changed` (whether the code differed from it), `what` (all, dev or quick), `settings`, `libraries`,
`halves` (of each half its `cases`, the `figures`, `baselines` and `ablations` by slice), `cases` (each development case and
its answer) and `test_ids`. A slice is all, a library or a group; a figure is [value, low, high, cases it says something of]."""
Figure = list[float]

ALL, OVER_CORPUS, OVER_REPORTS = "all", "library: corpus", "library: reports"
_DECIMAL = frozenset({"MRR", "nDCG@10"})
_COUNTED = frozenset({"characters in five", "words an answer", "milliseconds, p50", "milliseconds, p95"})
LESS_IS_BETTER = _COUNTED | {"contradictions", "answerable refused"}

_IN_README = (
    "hit@1", "hit@5", "nDCG@10", "gold cited", "citation precision", "citation recall", "citations that are gold",
    "both sides cited", "fact recall", "contradictions", "refusal recall", "refusal precision", "answerable refused",
    "qualifiers kept", "quotes verbatim", "words an answer", "characters in five", "milliseconds, p50", "milliseconds, p95",
)  # fmt: skip
EXPLAINED = {
    "hit@1": "gold passage first",
    "hit@3": "gold passage in the first three",
    "hit@5": "gold passage in the first five",
    "hit@10": "gold passage in the first ten",
    "gold cited": "answers that cite a gold passage",
    "citation precision": "citations that support their sentence",
    "citation recall": "sentences with a citation that supports them",
    "both sides cited": "both sides cited, where there are two",
    "fact recall": "facts that the answer must hold, held",
    "contradictions": "answers that say what they must not",
    "refusal recall": "unanswerable questions refused",
    "refused as it should be": "unanswerable questions refused for the right reason",
    "refusal precision": "refusals that were right",
    "answerable refused": "answerable questions refused",
    "qualifiers kept": "sentences with their quantifiers and negations",
}


DATED = "20*.json"
"""Runs are called by their date; what else is kept beside them is by what it measured."""


def write(run: Run, folder: Path = FOLDER) -> Path:
    """Write `run` under its date and commit, a line for each case; a run of less than all says so in its name."""
    folder.mkdir(parents=True, exist_ok=True)
    part = "" if run["what"] == "all" else f"-{run['what']}"
    file = folder / f"{run['when'][:10]}-{run['commit']}{part}.json"
    cases = ",\n".join(json.dumps(case, ensure_ascii=False) for case in run["cases"])
    rest = json.dumps({key: value for key, value in run.items() if key != "cases"}, ensure_ascii=False, indent=1)
    file.write_text(f'{rest[:-2]},\n "cases": [\n{cases}\n ]\n}}\n', encoding="utf-8")
    return file


def keep(what: str, model: str, asked: str, found: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Write what was found of a language model, under its name and which questions it was asked."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{what}-{re.sub(r'[^a-z0-9.]+', '-', model.lower())}-{asked}.json"
    file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def read(name: str, folder: Path = FOLDER) -> Run:
    """The run in the file `name`, a path or the name of one in `folder`. Raises FileNotFoundError."""
    file = Path(name) if Path(name).exists() else folder / f"{name.removesuffix('.json')}.json"
    found: Run = json.loads(file.read_text(encoding="utf-8"))
    return found


def newest(what: str, folder: Path = FOLDER, before: str = "~") -> Run | None:
    """The newest run of that sort, of those from before the time `before`; None where there is none."""
    runs = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob(DATED)]
    runs = [run for run in runs if run["what"] == what and run["when"] < before]
    return max(runs, key=lambda run: run["when"], default=None)


def shown(name: str, value: float) -> str:
    """A figure as people read it."""
    return f"{value:.2f}" if name in _DECIMAL else f"{value:,.0f}" if name in _COUNTED else f"{100 * value:.1f}%"


def with_interval(name: str, figure: Figure | None) -> str:
    """A figure and its 95% interval."""
    if figure is None:
        return ""
    low, high = (shown(name, bound).removesuffix("%") for bound in figure[1:3])
    return f"{shown(name, figure[0])} ({low} to {high})"


def tables(run: Run) -> str:
    """The figures of the test half, as README shows them."""
    half = run["halves"]["test"]
    figures, counts = half["figures"], half["cases"]
    slices = {ALL: "All", OVER_CORPUS: "corpus/ alone", OVER_REPORTS: "corpus/ and the inspection reports"}
    slices = {key: f"{title}: {counts[key]} questions" for key, title in slices.items() if key in figures}
    rows = [
        [EXPLAINED.get(name, name), *(with_interval(name, figures[key].get(name)) for key in slices)]
        for name in _IN_README
        if name in figures[ALL]
    ]
    held = ", ".join(f"{library['documents']:,} documents with {library['passages']:,} passages" for library in run["libraries"].values())
    found = {"Assistant": figures, **half["baselines"]}
    sides = [(key, name) for key in (OVER_CORPUS, OVER_REPORTS) if key in figures for name in ("hit@1", "hit@5", "characters in five")]
    heads = [f"{'corpus/' if key == OVER_CORPUS else 'reports'}: {name}" for key, name in sides]
    searches = [[search, *(shown(name, of[key][name][0]) for key, name in sides)] for search, of in found.items()]
    return "\n\n".join(
        [
            f"Commit {run['commit']}, {run['when'][:10]}; the test half, with 95% bootstrap intervals. Libraries: {held}.",
            _markdown(["", *slices.values()], rows),
            "The same questions through other searches, with the same embedding weights:",
            _markdown(["", *heads], searches),
        ]
    )


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])


def in_readme(readme: str, run: Run) -> str:
    """`readme` with the figures of `run` between its two markers. Raises ValueError where it has no such markers."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("README has no place for the figures: two markers are missing")
    return f"{before}{begin}\n{tables(run)}\n{end}{after}"


Change = tuple[str, str, str, float, float, bool]
"""Half, slice, figure, before, after, and whether the two intervals lie apart."""


def changes(before: Run, after: Run) -> list[Change]:
    """Every figure of both runs that is not the same in both."""
    found: list[Change] = []
    for half, now in after["halves"].items():
        was = before["halves"].get(half, {"figures": {}})["figures"]
        for key, figures in now["figures"].items():
            for name, new in figures.items():
                old = was.get(key, {}).get(name)
                if old and old[0] != new[0] and not name.startswith("milliseconds"):
                    found.append((half, key, name, old[0], new[0], new[1] > old[2] or new[2] < old[1]))
    return found


def moved(before: Run, after: Run) -> tuple[list[str], list[str]]:
    """Ids of the development cases that went worse, and of those that went better."""
    old = {case["id"]: case["badness"] for case in before["cases"]}
    gaps = [(case["badness"] - old[case["id"]], case["id"]) for case in after["cases"] if case["id"] in old]
    return [id for gap, id in gaps if gap > 1e-6], [id for gap, id in gaps if gap < -1e-6]
