"""python -m eval fit: the weights of search and of the gate, fitted on the development questions alone."""

from collections.abc import Sequence
from dataclasses import astuple, fields

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.chain import Assistant
from assistant.gate import SIGNALS, Gate
from assistant.scope import read_scope
from assistant.types import Hit, Scope, Signals
from eval.questions import Case

Matrix = NDArray[np.float64]


def ranking(assistant: Assistant, cases: Sequence[Case]) -> Signals:
    """Weights that put the gold above the others: logistic regression on differences of signals (pairwise learning to
    rank, Joachims 2002), none below 0, scaled to sum to 1."""
    pairs = []
    for case in cases:
        hits = _hits(assistant, case)
        gold = [h for h in hits if h.passage.id in case.gold]
        others = [h for h in hits if h.passage.id not in case.gold][:10]
        pairs += [np.array(astuple(g.signals)) - np.array(astuple(o.signals)) for g in gold[:1] for o in others]
    kept = np.arange(len(fields(Signals)))
    while True:
        differences = np.array(pairs)[:, kept]
        both = np.vstack([differences, -differences])
        side = np.repeat([1, 0], len(differences))
        weights = LogisticRegression(fit_intercept=False, C=1.0, max_iter=2000).fit(both, side).coef_[0]
        if (weights >= 0).all():
            break
        kept = np.delete(kept, weights.argmin())
    full = np.zeros(len(fields(Signals)))
    full[kept] = weights / weights.sum()
    return Signals(*(round(float(w), 3) for w in full))


def gate(assistant: Assistant, asked: Sequence[tuple[str, bool]]) -> Gate:
    """The gate that tells apart questions that are answerable (True) from those that are not: logistic regression, both
    sides counting alike.

    The threshold is where, out of fold, the shares of answerable answered (less 95%) and refused (less 90%) are best matched.
    """
    rows, answerable = [], []
    for question, answered in asked:
        reading = read_scope(question, Scope(), assistant.authorities, assistant.documents, assistant.held)
        if reading.absent or reading.nation:
            continue
        neighbours = assistant.retriever.neighbours(question)
        about = assistant.spelling.corrected(reading.about)
        rows.append(assistant.signals(about, reading, assistant.retriever.hits(question, reading)[:12], neighbours))
        answerable.append(answered)
    x, y = np.array(rows), np.array(answerable)
    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=5000)
    folds = [StratifiedKFold(10, shuffle=True, random_state=seed) for seed in range(6)]
    chances = np.mean([cross_val_predict(model, x, y, cv=fold, method="predict_proba")[:, 1] for fold in folds], axis=0)
    threshold = max(np.linspace(0.05, 0.95, 91), key=lambda t: min(np.mean(chances[y] >= t) - 0.95, np.mean(chances[~y] < t) - 0.90))
    print(f"out of fold: answered {np.mean(chances[y] >= threshold):.3f}, refused {np.mean(chances[~y] < threshold):.3f}")
    fitted = model.fit(x, y)
    return Gate(tuple(round(float(w), 2) for w in fitted.coef_[0]), round(float(fitted.intercept_[0]), 2), round(float(threshold), 2))


def _hits(assistant: Assistant, case: Case) -> list[Hit]:
    reading = read_scope(case.question, Scope(), assistant.authorities, assistant.documents, assistant.held)
    return assistant.retriever.hits(case.question, reading)


def fit(assistant: Assistant, cases: Sequence[Case]) -> None:
    """Print the fitted weights, to be put in assistant/search.py and assistant/gate.py; the gate's with search as it is."""
    print(ranking(assistant, [case for case in cases if case.gold]))
    asked = [(case.question, case.status == "answered") for case in cases if case.status in ("answered", "not_in_library")]
    print(dict(zip(SIGNALS, (fitted := gate(assistant, asked)).weights, strict=True)), fitted)
