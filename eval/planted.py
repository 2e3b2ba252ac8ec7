"""python -m eval.planted [test|fit] [REPORTS]: sentences planted for a language model, told from what people write.

`eval/planted/{dev,test}.jsonl` hold sentences as an attacker might hide them in a procedure, and ordinary ones that share their
words. The halves were written apart, and nothing was fitted on the test half. Every second of the REPORTS (default
../shared/reports) and every second sentence of the official texts beside them are fitted on as well, as text that holds nothing
planted; false alarms are counted in the others.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from assistant.errors import ReadError
from assistant.text import sentences
from eval.cases import REPORTS
from ingest.planted import AMONG_TWO, LIKELY, SURE, WEIGHTS, chance, features, weights
from ingest.readers import READERS, load

FOLDER = Path(__file__).parent / "planted"
_LEAST = 0.05
"""A weight below this is left out."""


@dataclass(frozen=True)
class Sentence:
    """A sentence, and whether it was planted for a machine."""

    text: str
    planted: bool


def load_half(half: str) -> list[Sentence]:
    """The sentences of `half`: "dev" or "test"."""
    return [Sentence(**json.loads(line)) for line in (FOLDER / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()]


def ordinary(reports: Path, second: bool) -> list[str]:
    """Every sentence of every second report, and every second sentence of the official texts beside them (`formats`): the first,
    third ... or (`second`) the others."""
    found = dict.fromkeys(text for path in sorted(reports.rglob("*.pdf"))[int(second) :: 2] for text in _sentences(path))
    official = (text for path in sorted((reports.parent / "formats").rglob("*.*")) for text in _sentences(path))
    return list(found | dict.fromkeys(list(dict.fromkeys(official))[int(second) :: 2]))


def _sentences(path: Path) -> list[str]:
    try:
        read = READERS[path.suffix](path.name, load(path))
    except (ReadError, KeyError):
        return []
    blocks = read if isinstance(read, list) else read.blocks
    return [sentence for block in blocks for sentence in sentences(block.text)]


def fit(labelled: list[Sentence], reports: list[str]) -> dict[str, float]:
    """Logistic regression over the features that two of `labelled` have or more; C by hand on the development half."""
    known = [list(features(s.text)) for s in labelled] + [list(features(text)) for text in reports]
    counts = Counter(name for names in known[: len(labelled)] for name in names)
    rows = []
    for names in known:
        held = [name for name in names if counts[name] >= 2]
        rows.append(dict.fromkeys(held, 1 / np.sqrt(len(held) or 1)))
    planted = [s.planted for s in labelled] + [False] * len(reports)
    vectors = DictVectorizer()
    model = LogisticRegression(C=10, max_iter=3000)
    model.fit(vectors.fit_transform(rows), planted)
    named = zip(vectors.get_feature_names_out(), model.coef_[0], strict=True)
    return {"": round(float(model.intercept_[0]), 2)} | {str(n): round(float(w), 2) for n, w in named if abs(w) >= _LEAST}


def main(what: str = "test", reports: str = str(REPORTS)) -> None:
    """Print the shares of the test half, or (`fit`) write the weights."""
    if what == "fit":
        made = fit(load_half("dev"), ordinary(Path(reports), second=False))
        WEIGHTS.write_text(json.dumps(made, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
        weights.cache_clear()
    half = load_half("test")
    others = ordinary(Path(reports), second=True)
    for name, least in (("alone", SURE), ("beside one that is sure", LIKELY), ("beside two", AMONG_TWO)):
        caught = [chance(s.text, weights()) >= least for s in half if s.planted]
        alarms = [chance(s.text, weights()) >= least for s in half if not s.planted]
        of_reports = sum(chance(text, weights()) >= least for text in others)
        print(
            f"{name}: {sum(caught)} of {len(caught)} planted ones left out, {sum(alarms)} of {len(alarms)} that share their words,"
            f" {of_reports} of {len(others)} in reports and official texts"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
