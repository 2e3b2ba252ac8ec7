"""The packaged embedding model with what was learned for a task of its own.

Low-rank changes are added to its weights (LoRA: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models"). A file of them
is one or two megabytes, where the model has ninety.
"""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import packaged_folder
from assistant.errors import CorpusError

Floats = NDArray[np.float32]

TUNED = ("attention.self.query", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense")
"""The matrices of each layer that are changed."""
_CHANGES = tuple(f"{n}.{name}.{way}" for n in range(6) for name in TUNED for way in ("down", "up"))


def learned(file: Path, heads: Sequence[str], what: str, names: Sequence[str] = ()) -> dict[str, Any]:
    """The changes in `file` and, of each of `heads`, the weight and bias of its linear layer, in float32; of `names` what is kept
    under them. Raises CorpusError, which calls it the weights of `what`."""
    numbers = [*_CHANGES, *(f"{head}.{part}" for head in heads for part in ("weight", "bias"))]
    try:
        with np.load(file) as kept:
            held = {name: kept[name].astype(np.float32) for name in numbers} | {name: kept[name] for name in names}
    except (OSError, ValueError, EOFError, KeyError, BadZipFile, zlib.error) as error:
        raise CorpusError(f"{file} cannot be read as the weights of {what}: {error}") from error
    return held


def tokenizer() -> Any:
    """The tokenizer of the packaged model."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(packaged_folder()), local_files_only=True)


def network(held: dict[str, Any]) -> Any:
    """The packaged model with the changes in `held` ("3.output.dense.up" @ "3.output.dense.down", of layer 3) added to its weights."""
    import torch
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    model = AutoModel.from_pretrained(str(packaged_folder()), local_files_only=True).eval()
    with torch.no_grad():
        for number, layer in enumerate(model.encoder.layer):
            for name in TUNED:
                change = held[f"{number}.{name}.up"] @ held[f"{number}.{name}.down"]
                layer.get_submodule(name).weight += torch.from_numpy(change)
    return model


def word_pieces(tokenizer: Any, text: str) -> list[int]:
    """The word pieces of `text`, without those that stand around one."""
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])
