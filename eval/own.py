"""python -m eval.own [dev|test]: questions on documents that a person added.

`eval/own/{dev,test}/` hold invented procedures, guides and offers, of councils with a name of their own and of no place, and
`eval/own/{dev,test}.jsonl` questions on them: a question and words of the paragraph that answers it, none where nothing does. The two
halves were written apart, and what was chosen (assistant/retriever.py) was chosen on the first.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.chain import Assistant
from assistant.embedding import Embedder
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Answer, Status
from eval.metrics import Score, figure, interval, squeezed
from eval.run import KEPT
from ingest.run import ingest

FOLDER = Path(__file__).parent / "own"


@dataclass(frozen=True)
class Asked:
    """A question, and words of the one paragraph that answers it; "" where none does."""

    question: str
    gold: str


def load(half: str) -> list[Asked]:
    """The questions of `half`: "dev" or "test"."""
    return [Asked(**json.loads(line)) for line in (FOLDER / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()]


def scores(asked: Asked, answer: Answer, gold: frozenset[str]) -> dict[str, Score]:
    """What one answer scores; `gold` are the ids of the passages that answer the question."""
    refused = float(answer.status is not Status.ANSWERED)
    if not asked.gold:
        return {"near misses refused": (refused, 1.0)}
    found = [hit.passage.id in gold for hit in answer.passages]
    return {
        "hit@1": (float(any(found[:1])), 1.0),
        "hit@5": (float(any(found[:5])), 1.0),
        "gold cited": (float(any(citation.passage_id in gold for citation in answer.citations)), 1.0),
        "answerable refused": (refused, 1.0),
    }


def measured(half: str, folder: Path, embedder: Embedder, corpus: Path) -> dict[str, list[Score]]:
    """The scores of every question of `half`, over the corpus and the documents of that half in a library in `folder`."""
    columns: dict[str, list[Score]] = {}
    with Library(folder) as library:
        ingest([corpus, FOLDER / half], library, embedder, corpus)
        texts = {p.id: squeezed(p.text) for d in library.documents() for p in library.passages_of(d.id)}
        assistant = Assistant(library, embedder, corpus)
        for asked in load(half):
            gold = frozenset(id for id, text in texts.items() if asked.gold and squeezed(asked.gold) in text)
            for name, score in scores(asked, assistant.ask(asked.question), gold).items():
                columns.setdefault(name, []).append(score)
    return columns


def main(half: str = "dev") -> None:
    """Ask every question and print the figures with their intervals."""
    settings = Settings()
    table = Table("figure", "share", "95% interval", "questions", title=f"documents that a person added, {half}")
    for name, column in measured(half, KEPT / f"own-{half}", Embedder(settings.embedding_model), settings.corpus_dir).items():
        low, high = interval(column) or (0.0, 0.0)
        table.add_row(name, f"{figure(column) or 0:.3f}", f"{low:.3f} to {high:.3f}", str(len(column)))
    Console().print(table)


if __name__ == "__main__":
    main(*sys.argv[1:])
