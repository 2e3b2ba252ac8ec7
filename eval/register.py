"""python -m eval.register [dev|test] [REPORTS]: polarity and themes of the register against sentences labelled by hand.

The labels are `eval/labels/<half>.jsonl`: {"file", "document_id", "paragraph", "sentence", "polarity", "themes"}, `file`
a report under REPORTS (default ../shared/reports) or a letter of the corpus. A sentence that the register splits is
compared whole: mixed where its parts weigh both ways, its themes those of all its parts. One that the register does
not hold counts as wrong. Nothing is embedded.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.table import Table

from assistant.classify import load_lexicon
from assistant.findings import EVALUATIVE, Finding, Polarity
from assistant.scope import load_authorities
from assistant.settings import ROOT, Settings
from assistant.types import Document, Kind
from eval.cases import REPORTS
from eval.metrics import squeezed
from ingest import ofsted
from ingest.readers import read_source
from ingest.register import findings
from ingest.structure import cut, passages

LABELS = Path(__file__).parent / "labels"
MISSING = "not in the register"


@dataclass(frozen=True)
class Label:
    """A sentence, which way a person says it weighs and what it is about."""

    file: str
    paragraph: str
    sentence: str
    polarity: str
    themes: frozenset[str]


def load(half: str) -> list[Label]:
    """The labels of `half`: "dev" or "test"."""
    rows = map(json.loads, (LABELS / f"{half}.jsonl").read_text(encoding="utf-8").splitlines())
    return [Label(r["file"], r.get("paragraph", ""), r["sentence"], r["polarity"], frozenset(r["themes"])) for r in rows]


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


def main(half: str = "test", reports: str = str(REPORTS)) -> None:
    """Print the figures of one half, and for the development half every sentence that is wrong."""
    labels = load(half)
    register = cache(lambda file: _register(file, Path(reports)))
    judged = [(label, found(label, register(label.file))) for label in labels]
    polarity = [(label.polarity, whole(parts)) for label, parts in judged]
    themes = [(label.themes, frozenset(theme for f in parts for theme in f.themes)) for label, parts in judged]
    by_class = {p.value: f1(polarity, p.value) for p in Polarity}
    table = Table("figure", f"{half}, {len(labels)} sentences of {len({label.file for label in labels})} reports")
    table.add_row("polarity macro-F1", f"{sum(by_class.values()) / len(by_class):.3f}")
    for name, figure in by_class.items():
        table.add_row(f"  {name} ({sum(gold == name for gold, _ in polarity)})", f"{figure:.3f}")
    table.add_row("polarity right", f"{sum(a == b for a, b in polarity) / max(1, len(polarity)):.3f}")
    table.add_row("theme micro-F1", f"{micro_f1(themes):.3f}")
    table.add_row(MISSING, str(sum(not parts for _, parts in judged)))
    if half == "dev":
        for (label, _), (gold, given), (about, said) in zip(judged, polarity, themes, strict=True):
            if gold != given or about != said:
                print(f"{gold} > {given} | {' '.join(sorted(about))} > {' '.join(sorted(said))} | {label.sentence}")
    Console().print(table)


def _register(file: str, reports: Path) -> list[Finding]:
    """The register of one report, as ingest makes it."""
    corpus = Settings().corpus_dir
    path = next((p for p in (reports / file, corpus / file, corpus / "letters" / file, ROOT / file) if p.is_file()), reports / file)
    source = read_source(path)
    report = ofsted.read_report(source.blocks, file, load_authorities(corpus / "authorities.toml").titled)
    kind = report.kind if report else Kind.LETTER
    document = Document(report.document_id if report else path.stem, path.stem, kind)
    if report and report.paragraphs:
        made = cut(document, [(p.label, p.section, p.block) for p in report.paragraphs], len, sys.maxsize)
    else:
        made = passages(document, source.blocks, len, sys.maxsize)
    return findings(document, made, load_lexicon(corpus / "register.toml"))


if __name__ == "__main__":
    main(*sys.argv[1:])
