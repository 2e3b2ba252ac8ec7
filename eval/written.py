"""python -m eval.written MODEL [N] [FIRST]: answers that a chat model writes (as CHAT_MODEL names it), over N development questions,
from the FIRST (0) evenly to the last; another FIRST, less than the step from one to the next, asks others.

Prints, and writes to eval/results/, how often an answer was written, whether the fact asked for is in it (beside the quoted
answerer's), and every sentence shown with what it cites: `supported` is true where it stands there word for word, and else for
whoever reads it to fill in.
"""

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from random import Random

from rich.console import Console
from rich.progress import track

from app import writer_for
from assistant.chain import Assistant
from assistant.content import content, coverage
from assistant.embedding import Embedder
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import QUOTED, Answer, Status
from eval.cases import Case, evenly, load
from eval.metrics import share, word_for_word
from eval.results import keep
from ingest.run import ingest

SECONDS = 300.0
"""A language model on a processor is slow: what a question may take here, in place of what people would wait."""


def answerable(count: int, first: int = 0) -> list[Case]:
    """`count` answerable development questions, evenly from the one at `first` to the last."""
    return evenly([case for case in load("dev") if case.group in ("letter", "law") and not case.turns], count, first)


def holds_fact(case: Case, answer: Answer) -> bool:
    """Whether the answer carries nearly all of the gold phrase's content, and each of its numbers."""
    text = answer.answer
    phrase = case.gold[0].phrase
    numbers = set(re.findall(r"\d+", phrase))
    return coverage(phrase, content(text)) >= 0.8 and numbers <= set(re.findall(r"\d+", text))


def figures(cases: Sequence[Case], written: Sequence[Answer], quoted: Sequence[Answer], seconds: Sequence[float]) -> dict[str, float]:
    """The figures of answers written, beside those quoted."""
    really = [a.model != QUOTED for a in written]
    own = [(c, a) for c, a, mine in zip(cases, written, really, strict=True) if mine]
    return {
        "questions": len(cases),
        "answered": share([a.status is Status.ANSWERED for a in written]),
        "written": share(really),
        "quoted instead (fallback)": share([a.status is Status.ANSWERED and not mine for a, mine in zip(written, really, strict=True)]),
        "fact recall": share([holds_fact(c, a) for c, a in zip(cases, written, strict=True)]),
        "fact recall, quoted answerer": share([holds_fact(c, a) for c, a in zip(cases, quoted, strict=True)]),
        "written answers that cite the gold": share(
            [any(x.passage_id == gold.passage for x in a.citations for gold in c.gold) for c, a in own]
        ),
        "sentences written and shown": sum(len(a.sentences) for _, a in own),
        "seconds, median": round(statistics.median(seconds), 1),
    }


def main(model: str, count: str = "40", first: str = "0") -> None:
    """Ask, print the figures and write them with every sentence shown."""
    settings = Settings(chat_model=model, answer_seconds=SECONDS)
    embedder = Embedder(settings.embedding_model)
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        ingest([settings.corpus_dir], library, embedder, settings.corpus_dir)
        assistant = Assistant(library, embedder, settings.corpus_dir)
        cases = answerable(int(count), int(first))
        quoted = [assistant.ask(case.question) for case in cases]
        writer = writer_for(settings, embedder)
        assert writer is not None
        assistant.writer = replace(writer, random=Random(0))  # the same labels, so the same replies, each time
        written, seconds = [], []
        for case in track(cases, console=Console(stderr=True)):
            start = time.monotonic()
            written.append(assistant.ask(case.question))
            seconds.append(time.monotonic() - start)
        mark = writer.mark
    found = figures(cases, written, quoted, seconds)
    rows = [
        {
            "question": case.question,
            "status": answer.status.value,
            "model": answer.model,
            "notices": list(answer.notices[:1]),
            "sentences": [
                {**asdict(s), "quotes": quotes, "supported": word_for_word(s.text, quotes) or None}
                for s in answer.sentences
                for quotes in [[c.quote for c in answer.citations if c.label in s.citations]]
            ]
            if answer.model != QUOTED
            else [],
        }
        for case, answer in zip(cases, written, strict=True)
    ]
    keep("written", mark.split(" ")[0], f"{len(cases)}-from-{first}", {"model": mark, "figures": found, "answers": rows})
    for name, value in found.items():
        print(f"{name}: {value:.3g}")


if __name__ == "__main__":
    main(*sys.argv[1:4])
