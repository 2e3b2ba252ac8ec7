"""python -m eval.fit_register [REPORTS]: the weights of the register, fitted on the development labels and on those of
`eval/labels/read.jsonl`, which a language model read (docs/labelling.md).

Writes corpus/register_weights.toml and prints what weights fitted without a report's labels make of that report: ten
folds, each with whole reports (the first figure of every row is of the sentences drawn at random, the second of all).
The words of corpus/register.toml were settled on the same labels, so these figures are still above the truth.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from rich.console import Console
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.classify import load_lexicon, standing, under
from assistant.errors import ReadError
from assistant.findings import Polarity
from assistant.settings import Settings
from assistant.settle import Features, Weights, chances, likeliest, polarity_features, read, theme_features, themes, words_of
from assistant.weigher import Paragraph
from eval.cases import REPORTS
from eval.metrics import squeezed
from eval.register import Label, f1, load, load_read, micro_f1, passages_of
from ingest.register import SETTLED, as_read, units

LEAST = (0.3, 0.42, 0.7)
"""The chance that a first, second and third theme must have, chosen out of fold for the words alone; for what they and the weigher
say together others are no better."""


@dataclass(frozen=True)
class Case:
    """A labelled sentence, and what its words and its place say of it."""

    label: Label
    polarity: Features
    themes: dict[str, Features]
    settled: str
    """The polarity that its heading decides, "" where it does not."""
    paragraph: Paragraph
    at: int
    """Which sentence of its paragraph it is."""


def company(reports: Path) -> dict[str, Features]:
    """How words speak for a polarity: logistic regression over the words (in 30 sentences or more) of every report
    without a label in the test half, against what their sentences' words of praise and blame say."""
    lexicon = load_lexicon(Settings().corpus_dir / "register.toml")
    held_out = {label.file for label in load("test")}
    texts, sides = [], []
    for path in sorted(reports.rglob("*.pdf")):
        file = path.relative_to(reports).as_posix()
        if file in held_out:
            continue
        try:
            _, passages = passages_of(file, reports)
        except ReadError:
            continue
        for passage in passages:
            where = standing(lexicon, passage.section or passage.paragraph)
            if where not in ("left_out", "improvement"):
                reads = read(lexicon, [(passage.text[a:b], bullet) for a, b, bullet in units(passage.text)], where)
                texts += [r.text for r in reads]
                sides += [str(r.whole) for r in reads]
    counts = Counter(word for text in texts for word in words_of(text))
    rows = []
    for text in texts:
        known = [word for word in words_of(text) if counts[word] >= 30]
        rows.append(dict.fromkeys(known, 1 / np.sqrt(len(known) or 1)))
    vectors = DictVectorizer()
    model = LogisticRegression(C=0.3, max_iter=300).fit(vectors.fit_transform(rows), sides)
    names = vectors.get_feature_names_out()
    return {
        side: {str(n): round(float(w), 2) for n, w in zip(names, row, strict=True)}
        for side, row in zip(model.classes_, model.coef_, strict=True)
    }


def cases(labels: Sequence[Label], reports: Path, words: dict[str, Features]) -> list[Case]:
    """The features of each label's sentence; one that is not found in its report is left out."""
    lexicon = load_lexicon(Settings().corpus_dir / "register.toml")
    held = cache(lambda file: passages_of(file, reports)[1])
    made = []
    for label in labels:
        wanted = squeezed(label.sentence)
        near = [p for p in held(label.file) if wanted in squeezed(p.text)]
        for passage in [p for p in near if p.paragraph == label.paragraph] or near:
            where = standing(lexicon, passage.section or passage.paragraph)
            reads = read(lexicon, [(passage.text[a:b], bullet) for a, b, bullet in units(passage.text)], where)
            at = next((i for i, r in enumerate(reads) if squeezed(r.text) == wanted), None)
            if at is not None:
                settled = reads[at].whole if where in SETTLED else ""
                facts = theme_features(reads, at, under(lexicon, passage.section))
                sides = polarity_features(reads, at, where, passage.section, words)
                made.append(Case(label, sides, facts, settled, as_read(reads, passage.section), at))
                break
    return made


def fit(known: Sequence[Case], words: dict[str, Features]) -> Weights:
    """The weights fitted on `known`: L2, by cross-validation C of 0.05 for polarity and 0.5 for themes."""
    open_ = [case for case in known if not case.settled]
    sides = _fitted([case.polarity for case in open_], [case.label.polarity for case in open_], 0.05, 4)
    proposed = [(facts, theme in case.label.themes) for case in known for theme, facts in case.themes.items()]
    return Weights(
        sides, _fitted([facts for facts, _ in proposed], ["yes" if so else "no" for _, so in proposed], 0.5, 3)["yes"], words, LEAST
    )


def _fitted(rows: Sequence[Features], classes: Sequence[str], c: float, least: int) -> dict[str, Features]:
    """The weights of each class, of features that at least so many rows have."""
    counts = Counter(name for row in rows for name in row)
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([{name: value for name, value in row.items() if counts[name] >= least} for row in rows])
    model = LogisticRegression(C=c, max_iter=3000, fit_intercept=False).fit(matrix, classes)
    names = vectors.get_feature_names_out()
    classed = model.classes_ if len(model.classes_) > 2 else model.classes_[1:]
    return {
        side: {str(n): round(float(w), 3) for n, w in zip(names, row, strict=True)} for side, row in zip(classed, model.coef_, strict=True)
    }


def main(reports: str = str(REPORTS)) -> None:
    """Fit, print the figures out of fold, and write the weights."""
    words = company(Path(reports))
    known = cases([*load("dev"), *load_read(Path(reports))], Path(reports), words)
    given: dict[int, tuple[str, frozenset[str]]] = {}
    for train, held in GroupKFold(10, shuffle=True, random_state=1).split(np.zeros(len(known)), groups=[case.label.file for case in known]):
        weights = fit([known[i] for i in train], words)
        for i in held:
            case = known[i]
            given[i] = case.settled or likeliest(chances(weights, case.polarity)), frozenset(themes(weights, case.themes))
    drawn = [i for i, case in enumerate(known) if not case.label.chosen]
    for name, chosen in (("drawn at random", drawn), ("all", list(given))):
        pairs = [(known[i].label.polarity, given[i][0]) for i in chosen]
        sides = {side.value: round(f1(pairs, side), 3) for side in Polarity}
        about = micro_f1((known[i].label.themes, given[i][1]) for i in chosen)
        Console().print(f"out of fold, {name} ({len(chosen)}): macro-F1 {sum(sides.values()) / len(sides):.3f} {sides}, themes {about:.3f}")
    fitted = fit(known, words)
    file = Settings().corpus_dir / "register_weights.toml"
    file.write_text(as_toml(fitted), encoding="utf-8")


def as_toml(weights: Weights) -> str:
    """The weights as `assistant.settle.load_weights` reads them."""
    tables = {f"polarity.{side}": facts for side, facts in weights.polarity.items()} | {"theme": weights.theme}
    tables |= {f"company.{side}": words for side, words in weights.company.items()}
    lines = ["# Made by eval/fit_register.py; read by assistant/settle.py.", f"least = {list(weights.least)}"]
    for name, values in tables.items():
        lines += ["", f"[{name}]", *(f"{json.dumps(key, ensure_ascii=False)} = {value}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(*sys.argv[1:])
