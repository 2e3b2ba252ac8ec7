"""The weights of search and of the gate, fitted on the development questions alone."""

from collections.abc import Collection, Sequence
from dataclasses import astuple, fields

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.chain import Assistant
from assistant.gate import READ_BY, SIGNALS, Gate
from assistant.scope import read_scope
from assistant.sides import sides
from assistant.types import Signals, Status
from eval.cases import Case
from eval.score import look_up

Matrix = NDArray[np.float64]


def ranking(assistant: Assistant, cases: Sequence[Case], without: Collection[str] = ()) -> Signals:
    """Weights that put the gold above the others: logistic regression on differences of signals (pairwise learning to
    rank, Joachims 2002), none below 0 and none for the signals `without`, scaled to sum to 1."""
    pairs = []
    for case, targets in zip(cases, look_up(assistant.library, cases), strict=True):
        wanted = {id for target in targets for id in target.passages}
        reading = read_scope(case.question, case.scope.scope, assistant.authorities, assistant.documents, assistant.held)
        hits = assistant.retriever.hits(case.question, reading)
        gold = [h for h in hits if h.passage.id in wanted]
        others = [h for h in hits if h.passage.id not in wanted][:10]
        pairs += [np.array(astuple(g.signals)) - np.array(astuple(o.signals)) for g in gold[:1] for o in others]
    kept = np.array([i for i, signal in enumerate(fields(Signals)) if signal.name not in without])
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


def judged(assistant: Assistant, asked: Sequence[Case]) -> tuple[Matrix, NDArray[np.bool_]]:
    """Of each case whose place is held and whose question has but one side, all SIGNALS and whether it is answerable. A side of
    two is judged, unread, as if it were asked alone."""
    rows, answerable = [], []
    for case in asked:
        question = case.question
        reading = read_scope(question, case.scope.scope, assistant.authorities, assistant.documents, assistant.held)
        parts = sides(question, reading, assistant.held, assistant.authorities, assistant.vocabulary.concepts)
        if parts or reading.absent or reading.nation or reading.not_held:
            continue
        neighbours = assistant.neighbours(question)
        about = assistant.spelling.put_right(reading.about)
        hits = assistant.by_reader(question, assistant.retriever.hits(question, reading)[:12])
        rows.append(assistant.signals(question, about, reading, hits, neighbours))
        answerable.append(case.answerable)
    return np.array(rows), np.array(answerable)


def gate(every: Matrix, answerable: NDArray[np.bool_], signals: Sequence[str]) -> Gate:
    """The gate that tells apart questions that are answerable from those that are not, by `signals`, of `every` signal: logistic
    regression, both sides counting alike. At its threshold 98% of the answerable ones are answered, out of fold."""
    x, y = every * [name in signals for name in SIGNALS], answerable
    model = LogisticRegression(C=3.0, class_weight="balanced", max_iter=5000)
    folds = [StratifiedKFold(10, shuffle=True, random_state=seed) for seed in range(6)]
    chances = np.mean([cross_val_predict(model, x, y, cv=fold, method="predict_proba")[:, 1] for fold in folds], axis=0)
    least = float(np.quantile(chances[y], 0.02))
    print(f"out of fold: answered {np.mean(chances[y] >= least):.3f}, refused {np.mean(chances[~y] < least):.3f}")
    fitted = model.fit(x, y)
    return Gate(tuple(round(float(w), 2) for w in fitted.coef_[0]), round(float(fitted.intercept_[0]), 2), round(least, 2))


def fit_phrased(assistant: Assistant, cases: Sequence[Case]) -> None:
    """Print the weights for assistant/search.py and the gates (PHRASED and, without the reader, PHRASED_UNREAD) for passages that phrases
    are known for."""
    print(ranking(assistant, [case for case in cases if case.gold]))
    asked = [case for case in cases if case.answerable or case.status is Status.NOT_IN_LIBRARY]
    every = judged(assistant, asked)
    for name, without in (("PHRASED", ()), ("PHRASED_UNREAD", READ_BY)):
        print(name, gate(*every, [signal for signal in SIGNALS if signal not in without]))


def fit_bare(assistant: Assistant, cases: Sequence[Case]) -> None:
    """Print the weights (UNPHRASED) and the gates (BARE and, without the reader, BARE_UNREAD) for passages without phrases, from questions on
    reports."""
    print(ranking(assistant, [case for case in cases if case.gold], ("asked", "support")))
    asked = [case for case in cases if case.status not in (Status.NEEDS_A_PERSON, Status.BLOCKED)]
    every = judged(assistant, asked)
    for name, read in (("BARE", READ_BY), ("BARE_UNREAD", ())):
        print(name, gate(*every, ("dense", "spread", "absent", "shape", "vote", "given", *read)))
