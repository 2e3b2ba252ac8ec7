"""A run: every question through the assistant, the baselines and the ablations, and what comes of it as figures."""

import os
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.chain import Assistant
from assistant.embedding import Embedder
from assistant.gate import BARE, BARE_UNREAD, PHRASED, PHRASED_UNREAD
from assistant.library import Library
from assistant.scope import in_scope
from assistant.settings import ROOT, Settings
from assistant.types import Answer
from eval.ablation import Remembering, variants
from eval.baselines import Baseline, baselines
from eval.cases import HOSTILE, Case, Holding
from eval.metrics import Score, difference_interval, figure, interval, quantile, quantile_interval
from eval.results import ALL, Figure, Run
from eval.score import Outcome, columns, found_by, look_up, scores, search_scores
from ingest.run import ingest
from ingest.sources import read_manifest

KEPT = ROOT / "data" / "eval"
"""Libraries and vectors, kept between runs: they are brought up to date, not made again."""
HOLDINGS: tuple[Holding, ...] = ("corpus", "reports", "hostile")
ABLATED = ("hit@1", "hit@5", "MRR", "gold cited", "fact recall", "citation precision", "answerable refused", "refusal recall")

Progress = Callable[[str, int, int], None]
Marks = dict[str, Score]


@dataclass
class Sheet:
    """What the cases of one half scored: the assistant, and by name each baseline and each ablation, case by case."""

    outcomes: list[Outcome] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    baselines: dict[str, list[Marks]] = field(default_factory=dict)
    ablations: dict[str, list[Marks]] = field(default_factory=dict)


@contextmanager
def library_of(holding: Holding, reports: Path, embedder: Embedder, settings: Settings, progress: Progress) -> Iterator[Library]:
    """The kept library that holds corpus/ and what else `holding` says, brought up to date."""
    more = {"corpus": [], "reports": [reports], "hostile": [HOSTILE]}[holding]
    folder = KEPT / ("library" if holding == "reports" else holding)
    with Library(folder) as library:
        ingest([settings.corpus_dir, *more], library, embedder, settings.corpus_dir, progress)
        yield library


def ask(assistant: Assistant, case: Case) -> tuple[Answer, float]:
    """The answer to a case, and the milliseconds it took."""
    start = time.perf_counter()
    answer = assistant.ask(case.question, case.scope.scope, case.turns)
    return answer, 1000 * (time.perf_counter() - start)


def outcomes(assistant: Assistant, cases: Sequence[Case], progress: Progress, what: str) -> list[Outcome]:
    """Every case asked, in order."""
    found = []
    for done, (case, targets) in enumerate(zip(cases, look_up(assistant.library, cases), strict=True), start=1):
        found.append(Outcome(case, targets, *ask(assistant, case)))
        progress(what, done, len(cases))
    return found


def by_holding(cases: Sequence[Case], settings: Settings) -> dict[Holding, list[Case]]:
    """The cases by what the library must hold for them."""
    manifest = read_manifest(settings.corpus_dir)
    shipped = frozenset(document.authority for document in manifest.documents.values() if document.authority)
    found: dict[Holding, list[Case]] = {}
    for case in cases:
        found.setdefault(case.holding(manifest.authorities, shipped), []).append(case)
    return {holding: found[holding] for holding in HOLDINGS if holding in found}


def run(
    what: str, halves: Mapping[str, Sequence[Case]], judged: str, reports: Path, settings: Settings, progress: Progress, ablate: bool
) -> Run:
    """Ask the cases of `halves`; of the half `judged`, the baselines and (`ablate`) the ablations too.

    Cases that need reports are left out where there is no folder `reports`.
    """
    began = {"when": datetime.now(UTC).isoformat(timespec="seconds"), **_code()}
    embedder, remembering = Embedder(settings.embedding_model), Remembering(settings.embedding_model)
    sheets = {half: Sheet() for half in halves}
    needed = {half: by_holding(cases, settings) for half, cases in halves.items()}
    libraries: dict[str, Any] = {}
    for holding in HOLDINGS:
        if not any(holding in cases for cases in needed.values()) or (holding == "reports" and not reports.is_dir()):
            continue
        with library_of(holding, reports, embedder, settings, progress) as library:
            libraries[holding] = _described(library)
            assistant = Assistant(library, embedder, settings.corpus_dir)
            assistant.warm()
            for half, cases in needed.items():
                asked = outcomes(assistant, cases.get(holding, []), progress, f"Asking, {half}, {holding}")
                sheets[half].outcomes += asked
                sheets[half].holdings += [holding] * len(asked)
            cases_judged = needed[judged].get(holding, [])
            for baseline in baselines(library, embedder, KEPT / "vectors", progress) if cases_judged else []:
                marks = baseline_marks(baseline, library, cases_judged, progress)
                sheets[judged].baselines.setdefault(baseline.name, []).extend(marks)
            for name, variant in variants(library, remembering, settings.corpus_dir) if ablate and cases_judged else []:
                asked = outcomes(variant, cases_judged, progress, f"Ablation: {name}, {holding}")
                sheets[judged].ablations.setdefault(name, []).extend(scores(outcome) for outcome in asked)
    return {
        **began,
        "what": what,
        "settings": _settings(settings),
        "libraries": libraries,
        "halves": {half: _half(sheet) for half, sheet in sheets.items()},
        "test_ids": [outcome.case.id for outcome in sheets["test"].outcomes] if "test" in sheets else [],
        "cases": [record(outcome) for outcome in sheets["dev"].outcomes] if "dev" in sheets else [],
    }


def baseline_marks(baseline: Baseline, library: Library, cases: Sequence[Case], progress: Progress) -> list[Marks]:
    """What a baseline scores on each case. A follow-up is asked with the question before it; nothing is asked that has no gold."""
    documents = library.documents()
    found: list[Marks] = []
    for done, (case, targets) in enumerate(zip(cases, look_up(library, cases), strict=True), start=1):
        if targets:
            within = {d.id for d in in_scope(documents, case.scope.scope)}
            rows = baseline.search(" ".join((*case.turns[-1:], case.question)), within)
            found.append(search_scores(found_by(rows, targets), len(targets), [row.text for row in rows]))
        else:
            found.append({})
        progress(baseline.name, done, len(cases))
    return found


def badness(outcome: Outcome) -> float:
    """How far an answer is from what its case asks: what it must not say or should have refused weighs most."""
    marks = {name: figure([score]) for name, score in scores(outcome).items()}

    def short_of(name: str) -> float:
        value = marks.get(name)
        return 0.0 if value is None else 1.0 - value

    return (
        3.0 * (marks.get("contradictions") or 0.0)
        + 3.0 * short_of("refusal recall")
        + 2.0 * (marks.get("answerable refused") or 0.0)
        + short_of("hit@5")
        + short_of("gold cited")
        + short_of("both sides cited")
        + short_of("fact recall")
        + short_of("citation precision")
        + short_of("qualifiers kept")
    )


def record(outcome: Outcome) -> dict[str, Any]:
    """A development case and its answer as plain data."""
    case, answer = outcome.case, outcome.answer
    marks = {name: figure([score]) for name, score in scores(outcome).items()}
    return {
        "id": case.id,
        "group": case.group,
        "question": " / ".join((*case.turns, case.question)),
        "expected": case.status.value,
        "got": answer.status.value,
        "badness": round(badness(outcome), 3),
        "place": next((place for place, golds in enumerate(outcome.found, start=1) if golds), None),
        "gold": sorted({id for target in outcome.targets for id in target.passages}),
        "cited": [c.passage_id for c in answer.citations],
        "facts": marks.get("fact recall"),
        "answer": answer.answer if len(answer.answer) <= 500 else f"{answer.answer[:500]} ...",
    }


def _half(sheet: Sheet) -> dict[str, Any]:
    slices = {ALL: list(range(len(sheet.outcomes)))}
    for i, (outcome, holding) in enumerate(zip(sheet.outcomes, sheet.holdings, strict=True)):
        slices.setdefault(f"library: {holding}", []).append(i)
        slices.setdefault(outcome.case.group, []).append(i)
    ours = [scores(outcome) for outcome in sheet.outcomes]
    figures = {key: _figures([ours[i] for i in rows]) for key, rows in slices.items()}
    for key, rows in slices.items():
        times = [sheet.outcomes[i].ms for i in rows]
        for name, q in (("milliseconds, p50", 0.5), ("milliseconds, p95", 0.95)):
            value, bounds = quantile(times, q), quantile_interval(times, q)
            if value is not None and bounds is not None:
                figures[key][name] = _rounded([value, *bounds, len(times)])
    return {
        "cases": {key: len(rows) for key, rows in slices.items()},
        "figures": figures,
        "baselines": {
            name: {key: _figures([marks[i] for i in rows]) for key, rows in slices.items()} for name, marks in sheet.baselines.items()
        },
        "ablations": _ablations(sheet, {key: rows for key, rows in slices.items() if key == ALL or key.startswith("library")}),
    }


def _figures(each: Sequence[Marks]) -> dict[str, Figure]:
    found = {}
    for name, column in columns(each).items():
        value, bounds = figure(column), interval(column)
        if value is not None and bounds is not None:
            found[name] = _rounded([value, *bounds, sum(total > 0 for _, total in column)])
    return found


def _ablations(sheet: Sheet, slices: Mapping[str, Sequence[int]]) -> dict[str, dict[str, dict[str, Figure]]]:
    """For each part left out, the change of each figure against everything: [figure, change, low, high]."""
    found: dict[str, dict[str, dict[str, Figure]]] = {}
    for name, marks in sheet.ablations.items():
        for key, rows in slices.items():
            whole = columns([sheet.ablations["everything"][i] for i in rows])
            without = columns([marks[i] for i in rows])
            for what in ABLATED:
                value, was = figure(without.get(what, [])), figure(whole.get(what, []))
                bounds = difference_interval(without.get(what, []), whole.get(what, []))
                if value is not None and was is not None and bounds is not None:
                    found.setdefault(name, {}).setdefault(key, {})[what] = _rounded([value, value - was, *bounds])
    return found


def _rounded(values: Sequence[float]) -> Figure:
    return [round(float(value), 4) for value in values]


def _described(library: Library) -> dict[str, Any]:
    """How much a library holds, and a hash of it: of every document and its passages."""
    digest = sha256()
    for document in sorted(library.documents(), key=lambda d: d.id):
        digest.update("\x1f".join([document.id, document.sha256, *(p.text for p in library.passages_of(document.id))]).encode())
    return {"documents": len(library.documents()), "passages": sum(library.counts().values()), "hash": digest.hexdigest()[:16]}


def _code() -> dict[str, Any]:
    """The commit, and whether the code that was run differs from it."""
    try:
        commit = _git("rev-parse", "--short", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!eval/results", ":!README.md")
    except (OSError, subprocess.CalledProcessError):
        return {"commit": "unknown", "changed": False}
    return {"commit": commit, "changed": bool(changed)}


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _settings(settings: Settings) -> dict[str, Any]:
    from assistant.search import WEIGHTS

    return {
        "embedding model": settings.embedding_model,
        "weights": asdict(WEIGHTS),
        "gates": {
            "phrased": asdict(PHRASED),
            "phrased, unread": asdict(PHRASED_UNREAD),
            "bare": asdict(BARE),
            "bare, unread": asdict(BARE_UNREAD),
        },
        "python": platform.python_version(),
        "processors": os.cpu_count(),
    }
