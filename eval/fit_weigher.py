"""python -m eval.fit_weigher [REPORTS]: the weigher's changes to the embedding model, fitted on the development labels and on
those of `eval/labels/read.jsonl`, which a language model read (docs/labelling.md).

A tenth of the reports, drawn at random, is kept apart, and the weights that ship are fitted without it. Prints what the words,
the weigher and both together make of its sentences, and writes corpus/weigher.npz. Takes forty minutes on two cores.
"""

import random
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from sklearn.model_selection import GroupKFold

from assistant.findings import Polarity, load_themes
from assistant.settings import Settings
from assistant.settle import chances, likeliest, themes
from assistant.tuned import tokenizer
from assistant.weigher import SIDES, Paragraph, Weigher, Window, given, windows
from eval.cases import REPORTS
from eval.fit_register import Case, cases, company, fit
from eval.register import f1, load, load_read, micro_f1
from eval.tuning import SEED, Thin, batches, changeable, kept, learn

ROUNDS = 3
"""Over all labels, before the last."""
SHARE_OF_THEMES = 0.15
"""What the loss of the themes counts for in the last round."""
_TOGETHER = 1100
"""Word pieces that are read at once."""
_SENTENCES = 30
"""What the loss of the sentences read at once is divided by: about how many there are."""

Labelled = tuple[Window, dict[int, Case]]
"""A window, and the labels of some of its sentences."""


def tuned(known: Sequence[Case], themes: Sequence[str]) -> dict[str, Any]:
    """What corpus/weigher.npz holds, fitted on labelled sentences in their paragraphs: by cross-entropy over the sides, the rarer ones
    counting for more (the square root of how much rarer), and in a last round over each of the themes too, which count for less there:
    learned together from the first, they cost the sides three points of F1. Of a sentence whose heading says which way it weighs the
    themes alone are learned."""
    model, words, shuffled = changeable(Thin), tokenizer(), random.Random(SEED)
    sides, about = (torch.nn.Linear(model.config.hidden_size, len(classes)) for classes in (SIDES, themes))
    counts = np.bincount([_side(case) for case in known if not case.settled], minlength=len(SIDES))
    weights = torch.tensor(np.sqrt(counts.sum() / len(SIDES) / counts), dtype=torch.float)

    def loss(share: float, batch: Sequence[Labelled]) -> torch.Tensor:
        states = model(**given([window for window, _ in batch])).last_hidden_state
        read = zip(states, batch, strict=True)
        means = torch.stack([said[slice(*window.spans[at])].mean(dim=0) for said, (window, labels) in read for at in labels])
        means = torch.nn.functional.dropout(means, 0.1)
        labelled = [case for _, labels in batch for case in labels.values()]
        targets = torch.tensor([-1 if case.settled else _side(case) for case in labelled])
        named = torch.tensor([[float(theme in case.label.themes) for theme in themes] for case in labelled])
        weighed = torch.nn.functional.cross_entropy(sides(means).float(), targets, weights, ignore_index=-1, reduction="sum")
        spoken_of = torch.nn.functional.binary_cross_entropy_with_logits(about(means).float(), named, reduction="sum")
        return (weighed + share * spoken_of) / _SENTENCES

    labelled = _labelled(words, known)
    rounds = [batches(labelled, lambda one: len(one[0].pieces), _TOGETHER, shuffled) for _ in range(ROUNDS + 1)]
    learn(model, {"sides": sides}, [batch for one in rounds[:-1] for batch in one], partial(loss, 0.0))
    heads = {"sides": sides, "about": about}
    learn(model, heads, rounds[-1], partial(loss, SHARE_OF_THEMES))
    return kept(model, heads) | {"themes": np.array(themes)}


def _side(case: Case) -> int:
    return SIDES.index(Polarity(case.label.polarity))


def _labelled(tokenizer: Any, known: Sequence[Case]) -> list[Labelled]:
    """The windows of the paragraphs that labelled sentences stand in."""
    paragraphs: dict[Paragraph, dict[int, Case]] = {}
    for case in known:
        paragraphs.setdefault(case.paragraph, {})[case.at] = case
    made = []
    for paragraph, labels in paragraphs.items():
        for window in windows(tokenizer, paragraph):
            inside = {at: labels[window.first + at] for at in range(len(window.spans)) if window.first + at in labels}
            if inside:
                made.append((window, inside))
    return made


def main(reports: str = str(REPORTS)) -> None:
    """Fit, write, and print the figures of the reports kept apart."""
    words = company(Path(reports))
    known = cases([*load("dev"), *load_read(Path(reports))], Path(reports), words)
    groups = [case.label.file for case in known]
    train, apart = next(iter(GroupKFold(10, shuffle=True, random_state=1).split(known, groups=groups)))
    file = Settings().corpus_dir / "weigher.npz"
    fitted = [known[i] for i in train]
    np.savez_compressed(file, **tuned(fitted, [theme.id for theme in load_themes(file.with_name("themes.toml"))]))
    weights, held = fit(fitted, words), [known[i] for i in apart]
    paragraphs = list({case.paragraph: None for case in held})
    read = dict(zip(paragraphs, Weigher(file).chances(paragraphs), strict=True))
    again = [(read[case.paragraph].sides[case.at], read[case.paragraph].about[case.at]) for case in held]
    by_words = [chances(weights, case.polarity) for case in held]
    sides = {
        "words": [likeliest(one) for one in by_words],
        "weigher": [likeliest(one) for one, _ in again],
        "both": [likeliest(one, other) for one, (other, _) in zip(by_words, again, strict=True)],
    }
    for name, found in sides.items():
        pairs = [(case.label.polarity, case.settled or str(side)) for case, side in zip(held, found, strict=True)]
        each = {side.value: round(f1(pairs, side), 3) for side in SIDES}
        Console().print(f"{name}, {len(held)} sentences kept apart: macro-F1 {sum(each.values()) / len(each):.3f} {each}")
    about = {
        "words": [themes(weights, case.themes) for case in held],
        "both": [themes(weights, case.themes, other) for case, (_, other) in zip(held, again, strict=True)],
    }
    for name, named in about.items():
        Console().print(f"{name}: themes {micro_f1((case.label.themes, frozenset(of)) for case, of in zip(held, named, strict=True)):.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
