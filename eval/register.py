"""python -m eval.register [dev|test] [REPORTS]: polarity and themes of the register against sentences labelled by hand.

The labels are `eval/labels/<half>.jsonl`: {"file", "document_id", "paragraph", "sentence", "polarity", "themes"}, `file`
a report under REPORTS (default ../shared/reports) or a letter of the corpus. A sentence that the register splits is
compared whole: mixed where its parts weigh both ways, its themes those of all its parts. One that the register does
not hold counts as wrong.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from assistant.classify import Lexicon, load_lexicon
from assistant.findings import EVALUATIVE, Finding, Polarity
from assistant.scope import load_authorities
from assistant.settings import ROOT, Settings
from assistant.settle import Weights, load_weights
from assistant.types import Document, Kind, Passage
from eval.cases import REPORTS
from eval.metrics import Interval, draws, squeezed
from ingest import ofsted
from ingest.readers import read_source
from ingest.register import findings, units
from ingest.structure import cut, passages

LABELS = Path(__file__).parent / "labels"
MISSING = "not in the register"
T = TypeVar("T")


@dataclass(frozen=True)
class Label:
    """A sentence, which way a person says it weighs and what it is about."""

    file: str
    paragraph: str
    sentence: str
    polarity: str
    themes: frozenset[str]
    chosen: bool = False
    """Not drawn at random: picked because the words alone were unsure of it, or read by a language model."""


def load(half: str) -> list[Label]:
    """The labels of `half`: "dev" or "test"."""
    rows = map(json.loads, (LABELS / f"{half}.jsonl").read_text(encoding="utf-8").splitlines())
    return [
        Label(r["file"], r.get("paragraph", ""), r["sentence"], r["polarity"], frozenset(r["themes"]), r.get("chosen", False)) for r in rows
    ]


def load_read(reports: Path) -> list[Label]:
    """The labels of `eval/labels/read.jsonl`, which says of each report what its sentences weigh and are about and not what they
    say: a sentence is known by the start of the SHA-256 of its letters and digits."""
    rows = map(json.loads, (LABELS / "read.jsonl").read_text(encoding="utf-8").splitlines())
    return [label for row in rows for label in labelled(row["file"], row["read"], passages_of(row["file"], reports)[1])]


def labelled(file: str, read: dict[str, str], found: Iterable[Passage]) -> Iterator[Label]:
    """The labels in `read` ("strength plans,iro-chairs" by the mark of the sentence) with their sentences, each where it stands first."""
    left = dict(read)
    for passage in found:
        for start, end, _ in units(passage.text):
            sentence = passage.text[start:end]
            if label := left.pop(marked(sentence), ""):
                polarity, _, themes = label.partition(" ")
                yield Label(file, passage.paragraph, sentence, polarity, frozenset(filter(None, themes.split(","))), True)


def marked(sentence: str) -> str:
    """What `sentence` is known by in read.jsonl."""
    return hashlib.sha256(squeezed(sentence).encode()).hexdigest()[:10]


def found(label: Label, register: Iterable[Finding]) -> list[Finding]:
    """The findings that make up the sentence, or the one that it is part of; of the paragraph named where it comes twice."""
    wanted = squeezed(label.sentence)
    held = [(f, squeezed(f.text)) for f in register]
    same = [f for f, text in held if text == wanted]
    inside = [f for f, text in held if len(text) > 12 and text in wanted]
    around = [f for f, text in held if wanted in text]
    hits = same or inside or around
    return [f for f in hits if f.paragraph == label.paragraph] or hits


def whole(parts: Sequence[Finding]) -> str:
    """Which way the parts of a sentence weigh together."""
    sides = {f.polarity for f in parts} & EVALUATIVE
    if not parts:
        return MISSING
    return next(iter(sides), Polarity.NEUTRAL).value if len(sides) < 2 else Polarity.MIXED.value


def f1(pairs: Iterable[tuple[str, str]], name: str) -> float:
    """F1 of one class over (gold, given): the harmonic mean of precision and recall; 0 where nothing is right."""
    counts = Counter((gold == name, given == name) for gold, given in pairs)
    return 2 * counts[True, True] / max(1, 2 * counts[True, True] + counts[True, False] + counts[False, True])


def micro_f1(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> float:
    """F1 over every (sentence, theme) taken together."""
    pairs = list(pairs)
    right = sum(len(gold & given) for gold, given in pairs)
    return 2 * right / max(1, sum(len(gold) + len(given) for gold, given in pairs))


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean of F1 over the four polarities."""
    return sum(f1(pairs, side) for side in Polarity) / len(Polarity)


def drawn_again(figure: Callable[[Sequence[T]], float], pairs: Sequence[T], reports: Sequence[str]) -> Interval:
    """The 95% percentile bootstrap interval of `figure` (Efron 1979): reports, not sentences, drawn again 1000 times, for
    the sentences of one report are alike."""
    by_report: dict[str, list[T]] = {}
    for pair, report in zip(pairs, reports, strict=True):
        by_report.setdefault(report, []).append(pair)
    groups = list(by_report.values())
    figures = [figure([pair for i in draw for pair in groups[i]]) for draw in draws(len(groups))]
    low, high = np.percentile(figures, [2.5, 97.5])
    return float(low), float(high)


def main(half: str = "test", reports: str = str(REPORTS)) -> None:
    """Print the figures of one half with their 95% intervals, and for the development half every sentence that is wrong."""
    labels = load(half)
    register = cache(lambda file: _register(file, Path(reports)))
    judged = [(label, found(label, register(label.file))) for label in labels]
    rows = [(label.polarity, whole(parts), label.themes, frozenset(t for f in parts for t in f.themes), label) for label, parts in judged]
    if half == "dev":
        for gold, given, about, said, label in rows:
            if gold != given or about != said:
                print(f"{gold} > {given} | {' '.join(sorted(about))} > {' '.join(sorted(said))} | {label.sentence}")
    _print(half if half != "dev" else "dev, drawn at random", [row for row in rows if not row[-1].chosen])
    if any(label.chosen for label in labels):
        _print(f"{half}, all", rows)


def _print(name: str, rows: Sequence[tuple[str, str, frozenset[str], frozenset[str], Label]]) -> None:
    files = [label.file for *_, label in rows]
    polarity = [(gold, given) for gold, given, *_ in rows]
    about = [(gold, given) for _, _, gold, given, _ in rows]
    table = Table("figure", f"{name}: {len(rows)} sentences of {len(set(files))} reports", "95% interval")

    def row(what: str, figure: Callable[[Sequence[tuple[str, str]]], float]) -> None:
        low, high = drawn_again(figure, polarity, files)
        table.add_row(what, f"{figure(polarity):.3f}", f"{low:.3f} to {high:.3f}")

    row("polarity macro-F1", macro_f1)
    for side in Polarity:
        row(f"  {side} ({sum(gold == side for gold, _ in polarity)})", partial(f1, name=side))
    row("polarity right", lambda pairs: sum(a == b for a, b in pairs) / max(1, len(pairs)))
    low, high = drawn_again(micro_f1, about, files)
    table.add_row("theme micro-F1", f"{micro_f1(about):.3f}", f"{low:.3f} to {high:.3f}")
    table.add_row(MISSING, str(sum(given == MISSING for _, given in polarity)), "")
    Console().print(table)


def passages_of(file: str, reports: Path) -> tuple[Document, list[Passage]]:
    """One report as ingest reads it: the document and its passages, none cut for its length."""
    corpus = Settings().corpus_dir
    path = next((p for p in (reports / file, corpus / file, corpus / "letters" / file, ROOT / file) if p.is_file()), reports / file)
    source = read_source(path)
    report = ofsted.read_report(source.blocks, file, load_authorities(corpus / "authorities.toml").titled)
    kind = report.kind if report else Kind.LETTER
    document = Document(report.document_id if report else path.stem, path.stem, kind)
    if report and report.paragraphs:
        return document, cut(document, [(p.label, p.section, p.block) for p in report.paragraphs], len, sys.maxsize)
    return document, passages(document, source.blocks, len, sys.maxsize)


def _register(file: str, reports: Path) -> list[Finding]:
    return findings(*passages_of(file, reports), *read_with())


@cache
def read_with() -> tuple[Lexicon, Weights]:
    """What an ingest reads findings with, loaded once."""
    corpus = Settings().corpus_dir
    return load_lexicon(corpus / "register.toml"), load_weights(corpus / "register_weights.toml")


if __name__ == "__main__":
    main(*sys.argv[1:])
