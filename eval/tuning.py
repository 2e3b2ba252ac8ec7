"""Low-rank changes to the packaged embedding model, learned on two cores (LoRA: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large
Language Models"), as `assistant.tuned` adds them to its weights."""

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from rich.progress import track
from transformers import AutoModel

from assistant.embedding import packaged_folder
from assistant.tuned import TUNED

RANK = 16
RATE = 1e-3
SEED = 0
T = TypeVar("T")


class _Changed(torch.nn.Module):  # type: ignore[misc]
    """A linear layer of the model, which stays, and a low-rank change to it, which is learned."""

    def __init__(self, layer: torch.nn.Linear) -> None:
        super().__init__()
        self.layer = layer.requires_grad_(False)
        self.down = torch.nn.Parameter(torch.randn(RANK, layer.in_features) * 0.02)
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return self.layer(states) + states @ self.down.T @ self.up.T


def changeable() -> Any:
    """The packaged model with a change, so far of nothing, to each of TUNED."""
    torch.manual_seed(SEED)
    model = AutoModel.from_pretrained(str(packaged_folder())).requires_grad_(False)
    for layer in model.encoder.layer:
        for name in TUNED:
            parent, _, last = name.rpartition(".")
            setattr(layer.get_submodule(parent), last, _Changed(layer.get_submodule(name)))
    return model


def batches(items: Sequence[T], length: Callable[[T], int], together: int, shuffled: random.Random) -> list[list[T]]:
    """`items` in batches of those about as long, filled up no longer than `together` word pieces, in an order of chance."""
    made: list[list[T]] = [[]]
    longest = 0
    for item in sorted(items, key=lambda one: length(one) + 40 * shuffled.random()):
        longest = max(longest, length(item))
        if made[-1] and longest * (len(made[-1]) + 1) > together:
            made.append([])
            longest = length(item)
        made[-1].append(item)
    shuffled.shuffle(made)
    return made


def learn(model: Any, heads: dict[str, torch.nn.Linear], given: Sequence[T], loss: Callable[[T], torch.Tensor]) -> dict[str, Any]:
    """What `assistant.tuned.learned` reads, in float16: the changes and the heads after a step for each of `given`, whose `loss` is to
    fall (AdamW; the rate rises over the first sixteenth and then falls to nothing)."""
    learned = [parameter for part in (model, *heads.values()) for parameter in part.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=RATE, weight_decay=0.01)
    steps = len(given)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1, 16 * step / steps) * max(0, 1 - step / steps))
    model.train()
    for batch in track(given, "Fitting"):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            fall = loss(batch)
        fall.backward()
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
    made: dict[str, Any] = {f"{name}.{part}": getattr(head, part) for name, head in heads.items() for part in ("weight", "bias")}
    for number, layer in enumerate(model.encoder.layer):
        for name in TUNED:
            change = layer.get_submodule(name)
            made |= {f"{number}.{name}.down": change.down, f"{number}.{name}.up": change.up}
    return {name: value.detach().numpy().astype(np.float16) for name, value in made.items()}
