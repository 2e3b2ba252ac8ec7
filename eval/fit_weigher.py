"""python -m eval.fit_weigher [REPORTS]: the weigher's changes to the embedding model, fitted on the development labels and on
those of `eval/labels/read.jsonl`, which a language model read (docs/labelling.md).

A tenth of the reports, drawn at random, is kept apart, and the weights that ship are fitted without it. Prints what the words,
the weigher and both together make of its sentences, and writes corpus/weigher.npz. Takes half an hour on two cores.
"""

import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from sklearn.model_selection import GroupKFold
from transformers import AutoModel, AutoTokenizer

from assistant.embedding import packaged_folder
from assistant.findings import Polarity
from assistant.settings import Settings
from assistant.settle import chances, likeliest
from assistant.weigher import SIDES, TUNED, Placed, Weigher, encoded
from eval.cases import REPORTS
from eval.fit_register import Case, cases, company, fit
from eval.register import f1, load, load_read
from ingest.register import SURE

RANK, SCALE = 8, 2.0
"""Of each change, and what it is multiplied by (alpha over rank)."""
EPOCHS, TOGETHER, RATE, HEAD_RATE = 3, 32, 1e-3, 1e-3
_SEED = 0


class _Changed(torch.nn.Module):  # type: ignore[misc]
    """A linear layer of the model, which stays, and a low-rank change to it, which is learned."""

    def __init__(self, layer: torch.nn.Linear) -> None:
        super().__init__()
        self.layer = layer.requires_grad_(False)
        self.down = torch.nn.Parameter(torch.randn(RANK, layer.in_features) * 0.02)
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return self.layer(states) + states @ self.down.T @ self.up.T * SCALE


def tuned(known: Sequence[tuple[Placed, str]]) -> dict[str, Any]:
    """What corpus/weigher.npz holds, in float16, fitted on sentences with the side each weighs. The rarer a class, the more its
    sentences count (the square root of how much rarer)."""
    torch.manual_seed(_SEED)
    shuffled = random.Random(_SEED)
    folder = str(packaged_folder())
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).requires_grad_(False)
    for layer in model.encoder.layer:
        for name in TUNED:
            parent, _, last = name.rpartition(".")
            setattr(layer.get_submodule(parent), last, _Changed(layer.get_submodule(name)))
    head = torch.nn.Linear(model.config.hidden_size, len(SIDES))
    targets = np.array([SIDES.index(Polarity(side)) for _, side in known])
    counts = np.bincount(targets, minlength=len(SIDES))
    loss = torch.nn.CrossEntropyLoss(weight=torch.tensor(np.sqrt(len(known) / len(SIDES) / counts), dtype=torch.float))
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW([{"params": learned, "lr": RATE}, {"params": head.parameters(), "lr": HEAD_RATE}], weight_decay=0.01)
    steps = EPOCHS * -(-len(known) // TOGETHER)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1, step / (0.06 * steps)) * max(0, 1 - step / steps))
    model.train()
    for batch in track(list(_batches([placed for placed, _ in known], shuffled)), "Fitting"):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            given = encoded(tokenizer, [known[i][0] for i in batch])
            states, mask = model(**given).last_hidden_state, given["attention_mask"][:, :, None]
            scores = head(torch.nn.functional.dropout((states * mask).sum(1) / mask.sum(1), 0.1))
        loss(scores.float(), torch.tensor(targets[batch])).backward()
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
    made: dict[str, Any] = {"head.weight": head.weight, "head.bias": head.bias}
    for number, layer in enumerate(model.encoder.layer):
        for name in TUNED:
            change = layer.get_submodule(name)
            made |= {f"{number}.{name}.down": change.down, f"{number}.{name}.up": change.up * SCALE}
    return {name: value.detach().numpy().astype(np.float16) for name, value in made.items()}


def _batches(sentences: Sequence[Placed], shuffled: random.Random) -> list[list[int]]:
    """Which sentences are read together, in the order of all epochs: those about as long, in an order of chance."""
    made = []
    for _ in range(EPOCHS):
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i][2]) + 40 * shuffled.random())
        batches = [order[start : start + TOGETHER] for start in range(0, len(order), TOGETHER)]
        shuffled.shuffle(batches)
        made += batches
    return made


def main(reports: str = str(REPORTS)) -> None:
    """Fit, write, and print the figures of the reports kept apart."""
    words = company(Path(reports))
    known = [case for case in cases([*load("dev"), *load_read(Path(reports))], Path(reports), words) if not case.settled]
    groups = [case.label.file for case in known]
    train, apart = next(iter(GroupKFold(10, shuffle=True, random_state=1).split(known, groups=groups)))
    file = Settings().corpus_dir / "weigher.npz"
    np.savez_compressed(file, **tuned([(known[i].placed, known[i].label.polarity) for i in train]))
    weights, held = fit([known[i] for i in train], words), [known[i] for i in apart]
    by_words = [chances(weights, case.polarity) for case in held]
    again = Weigher(file).chances([case.placed for case in held])
    for name, sides in (
        ("words", [likeliest(one) for one in by_words]),
        ("weigher", [likeliest(other) for other in again]),
        ("both", [likeliest(one) if max(one) >= SURE else likeliest(one, other) for one, other in zip(by_words, again, strict=True)]),
    ):
        _print(name, held, sides)


def _print(name: str, held: Sequence[Case], sides: Sequence[Polarity]) -> None:
    pairs = [(case.label.polarity, str(side)) for case, side in zip(held, sides, strict=True)]
    each = {side.value: round(f1(pairs, side), 3) for side in SIDES}
    Console().print(f"{name}, {len(held)} sentences kept apart: macro-F1 {sum(each.values()) / len(each):.3f} {each}")


if __name__ == "__main__":
    main(*sys.argv[1:])
