"""python -m eval.pairs [dev|test|free|fit]: the check of written sentences over pairs of a sentence and a passage.

`eval/pairs/{dev,test}.jsonl` hold sentences made by hand from real passages, half of them supported; the halves share no
document. Those of `free`, for development too, are put in words of their own whether supported or not, so that the wording does
not tell, and some exchange who does what to whom. `fit` prints the weights of the support score, fitted on the half `dev` alone.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.check import SUPPORT, Support, WrittenCheck
from assistant.embedding import Embedder, Entails
from assistant.faults import Source
from assistant.scope import load_authorities
from assistant.settings import Settings
from assistant.text import spelt

FOLDER = Path(__file__).parent / "pairs"
_PUBLISHER = {"letter": "Ofsted", "report": "Ofsted"}
CAUGHT, DROPPED = 0.97, 0.10
"""What the check must reach on the test half: least share of unsupported sentences caught, most of supported ones dropped."""


@dataclass(frozen=True)
class Pair:
    """A sentence, the passage it was made from, whether the passage supports it, and how it was made."""

    document: str
    source: Source
    sentence: str
    supported: bool
    edit: str


def load(half: str) -> list[Pair]:
    """The pairs of `half`: "dev", "test" or "free"."""
    rows = map(json.loads, (FOLDER / f"{half}.jsonl").read_text(encoding="utf-8").splitlines())
    return [Pair(row["document"], _source(row), row["sentence"], row["supported"], row["edit"]) for row in rows]


def _source(row: dict) -> Source:  # type: ignore[type-arg]
    about = row["about"]
    told = [about.get(key, "") for key in ("title", "authority", "reference", "edition")]
    told += [_PUBLISHER.get(about["kind"], ""), spelt(about.get("published", ""))]
    return Source(row["passage"], " ".join(filter(None, told)), about.get("force", ""))


def the_check(settings: Settings) -> WrittenCheck:
    """The check as the assistant uses it."""
    authorities = load_authorities(settings.corpus_dir / "authorities.toml")
    entailment = Entails(settings.entailment_model) if settings.entailment_model else None
    return WrittenCheck(Embedder(settings.embedding_model).embed, authorities.named, entailment)


def elsewhere(pairs: Sequence[Pair]) -> list[Pair]:
    """Supported sentences beside the next passage of the half: what a wrong label looks like."""
    moved = [replace(a, source=b.source, supported=False, edit="wrong passage") for a, b in pairwise(pairs) if a.supported]
    firsts = [pair for pair in pairs if pair.supported]
    half = len(firsts) // 2
    far = [replace(a, source=b.source, supported=False, edit="wrong passage") for a, b in zip(firsts, firsts[half:], strict=False)]
    return [pair for pair in moved if pair.source != _of(pair, pairs)] + far


def _of(pair: Pair, pairs: Sequence[Pair]) -> Source:
    return next(p.source for p in pairs if p.sentence == pair.sentence)


def fit(check: WrittenCheck, pairs: Sequence[Pair]) -> Support:
    """Logistic regression of support on SUPPORT. The threshold is the highest that, out of fold, drops at most 6% of the
    supported."""
    rows = [*pairs, *elsewhere(pairs)]
    x = np.array([check.signals(pair.sentence, [pair.source]) for pair in rows])
    y = np.array([pair.supported for pair in rows])
    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=5000)
    chances = cross_val_predict(model, x, y, cv=StratifiedKFold(10, shuffle=True, random_state=0), method="predict_proba")[:, 1]
    threshold = float(np.quantile(chances[y], 0.06))
    fitted = model.fit(x, y)
    return Support(tuple(round(float(w), 2) for w in fitted.coef_[0]), round(float(fitted.intercept_[0]), 2), round(threshold, 2))


def main(arguments: Sequence[str]) -> int:
    """Print the figures of each half, or (`fit`) the weights. Returns 1 where the test half misses what it must reach."""
    check = the_check(Settings())
    if list(arguments) == ["fit"]:
        support = fit(check, load("dev"))
        print(dict(zip(SUPPORT, support.weights, strict=True)), support)
        return 0
    short = 0
    for half in arguments:
        pairs = load(half)
        verdicts = [check.verdict(pair.sentence, [pair.source]) for pair in pairs]
        table = Table("made by", "pairs", "stand", title=f"{half}: {len(pairs)} pairs")
        for kind in dict.fromkeys(pair.edit for pair in sorted(pairs, key=lambda pair: not pair.supported)):
            stands = [v.stands for p, v in zip(pairs, verdicts, strict=True) if p.edit == kind]
            table.add_row(kind, str(len(stands)), str(sum(stands)))
        Console().print(table)
        caught = float(np.mean([not v.stands for p, v in zip(pairs, verdicts, strict=True) if not p.supported]))
        dropped = float(np.mean([not v.stands for p, v in zip(pairs, verdicts, strict=True) if p.supported]))
        print(f"{half}: unsupported caught {caught:.1%}, supported dropped {dropped:.1%}")
        if half != "test":
            for pair, verdict in zip(pairs, verdicts, strict=True):
                if verdict.stands != pair.supported:
                    print(f"  {'dropped' if pair.supported else 'missed'} ({pair.edit}): {pair.sentence} {', '.join(verdict.faults)}")
        short += half == "test" and (caught < CAUGHT or dropped > DROPPED)
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["dev", "test", "free"]))
