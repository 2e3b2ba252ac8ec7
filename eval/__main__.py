"""python -m eval [dev|test|fit]: the questions through the assistant and two baselines, in one run."""

import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.chain import Assistant
from assistant.embedding import Embedder
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Answer, Status
from eval.baselines import Search, bm25, tutorial
from eval.fit import fit
from eval.metrics import hit_at, mrr, rank_of, share
from eval.questions import Case, load
from ingest.run import ingest


def ours(cases: Sequence[Case], answers: Sequence[Answer]) -> dict[str, float]:
    """The figures of our own answers."""
    pairs = [(c, a) for c, a in zip(cases, answers, strict=True) if c.gold]
    refuse = [a for c, a in zip(cases, answers, strict=True) if not c.gold]
    ranks = [rank_of([hit.passage.id for hit in a.passages], c.gold) for c, a in pairs]
    quotes = [c.quote in c.passage for a in answers for c in a.citations]
    return {
        "questions": len(cases),
        **{f"hit@{k}": hit_at(k, ranks) for k in (1, 3, 5)},
        "MRR": mrr(ranks),
        "gold among citations": share([any(x.passage_id in c.gold for x in a.citations) for c, a in pairs]),
        "answerable answered": share([a.status is Status.ANSWERED for _, a in pairs]),
        "unanswerable refused": share([a.status is not Status.ANSWERED for a in refuse]),
        "quotes verbatim": share(quotes),
        "citations per answer": statistics.mean([len(a.citations) for a in answers if a.citations]),
        "median ms": statistics.median(a.timings_ms["total"] for a in answers),
    }


def baseline(cases: Sequence[Case], search: Search) -> dict[str, float]:
    """hit@k and MRR of a baseline, by the gold phrase."""
    ranks = [
        next((place for place, text in enumerate(search(c.question), start=1) if c.phrase in " ".join(text.split())), None)
        for c in cases
        if c.gold
    ]
    return {**{f"hit@{k}": hit_at(k, ranks) for k in (1, 3, 5)}, "MRR": mrr(ranks)}


def main(arguments: Sequence[str]) -> None:
    """Print a table for each half, or (`fit`) the weights fitted on the development half."""
    settings, embedder = Settings(), Embedder()
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        ingest([settings.corpus_dir], library, embedder, settings.corpus_dir)
        assistant = Assistant(library, embedder, settings.corpus_dir)
        assistant.ask("warm up")
        if list(arguments) == ["fit"]:
            return fit(assistant, load("dev"))
        searches = {"tutorial stack": tutorial(library), "BM25": bm25(library)}
        for half in arguments:
            cases = load(half)
            answers = [assistant.ask(case.question) for case in track(cases, description=half, console=Console(stderr=True))]
            columns = {"assistant": ours(cases, answers), **{name: baseline(cases, search) for name, search in searches.items()}}
            table = Table("figure", *columns, title=f"{half}: letter, law and refusals")
            for figure in columns["assistant"]:
                table.add_row(figure, *(f"{column[figure]:.3g}" if figure in column else "" for column in columns.values()))
            for group in ("letter", "law"):
                some = [(c, a) for c, a in zip(cases, answers, strict=True) if c.group == group]
                table.add_row(f"hit@1, {group}", f"{ours([c for c, _ in some], [a for _, a in some])['hit@1']:.3g}")
            Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:] or ["dev", "test"])
