"""Changes to the packaged embedding model, learned on two cores, as `assistant.tuned` adds them to its weights: of low rank (LoRA: Hu et
al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models") or whole."""

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
SEED = 0
T = TypeVar("T")


class Thin(torch.nn.Module):  # type: ignore[misc]
    """A linear layer of the model, which stays, and a low-rank change to it, which is learned."""

    RATE = 1e-3

    def __init__(self, layer: torch.nn.Linear) -> None:
        super().__init__()
        self.layer = layer.requires_grad_(False)
        self.down = torch.nn.Parameter(torch.randn(RANK, layer.in_features) * 0.02)
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return self.layer(states) + states @ self.down.T @ self.up.T

    def learned(self) -> dict[str, Any]:
        """The change in float16."""
        return {"down": _numbers(self.down, np.float16), "up": _numbers(self.up, np.float16)}


class Whole(torch.nn.Module):  # type: ignore[misc]
    """A linear layer of the model, which stays, and a change to all of its weights, which is learned."""

    RATE = 1e-4

    def __init__(self, layer: torch.nn.Linear) -> None:
        super().__init__()
        self.layer = layer.requires_grad_(False)
        self.change = torch.nn.Parameter(torch.zeros_like(layer.weight))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.linear(states, self.layer.weight + self.change, self.layer.bias)

    def learned(self) -> dict[str, Any]:
        """The change in whole steps of a quarter of its root mean square, which take about five bits each and leave out half a hundredth
        of its variance."""
        step = self.change.square().mean().sqrt() / 4
        return {"steps": _numbers((self.change / step).round().clamp(-127, 127), np.int8), "step": _numbers(step, np.float32)}


def _numbers(values: torch.Tensor, kind: Any) -> Any:
    return values.detach().numpy().astype(kind)


def changeable(change: type[Thin] | type[Whole], **settings: Any) -> Any:
    """The packaged model, loaded with `settings`, with a change, so far of nothing, to each of TUNED."""
    torch.manual_seed(SEED)
    model = AutoModel.from_pretrained(str(packaged_folder()), **settings).requires_grad_(False)
    for layer in model.encoder.layer:
        for name in TUNED:
            parent, _, last = name.rpartition(".")
            setattr(layer.get_submodule(parent), last, change(layer.get_submodule(name)))
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


def learn(model: Any, heads: dict[str, torch.nn.Linear], given: Sequence[T], loss: Callable[[T], torch.Tensor]) -> None:
    """Have `model` and `heads` take a step for each of `given`, whose `loss` is to fall (AdamW; the rate rises over the first sixteenth and
    then falls to nothing)."""
    learned = [parameter for part in (model, *heads.values()) for parameter in part.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=model.encoder.layer[0].get_submodule(TUNED[0]).RATE, weight_decay=0.01)
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


def kept(model: Any, heads: dict[str, torch.nn.Linear]) -> dict[str, Any]:
    """What `assistant.tuned.learned` reads: the changes and, in float16, the heads."""
    changes = {f"{n}.{name}": layer.get_submodule(name) for n, layer in enumerate(model.encoder.layer) for name in TUNED}
    made = {f"{name}.{part}": _numbers(getattr(head, part), np.float16) for name, head in heads.items() for part in ("weight", "bias")}
    return made | {f"{at}.{part}": value for at, change in changes.items() for part, value in change.learned().items()}
