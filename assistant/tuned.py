"""The packaged embedding model with what was learned for a task of its own.

Changes are added to its weights: two thin matrices each (LoRA: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models") or,
where a task needs more, one whole in steps of one size. A file of them is one megabyte or of six, where the model has ninety.
"""

import zlib
from collections.abc import Mapping, Sequence
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
_CHANGED = tuple(f"{n}.{name}" for n in range(6) for name in TUNED)


def learned(file: Path, heads: Sequence[str], what: str, names: Sequence[str] = ()) -> dict[str, Any]:
    """The changes in `file` as they are kept and, of each of `heads`, the weight and bias of its linear layer, in float32; of `names` what
    is kept under them. Raises CorpusError, which calls it the weights of `what`."""
    try:
        with np.load(file) as kept:
            held = {f"{head}.{part}": kept[f"{head}.{part}"].astype(np.float32) for head in heads for part in ("weight", "bias")}
            for at in _CHANGED:
                held |= {name: kept[name] for name in _parts(kept, at)}
            held |= {name: kept[name] for name in names}
    except (OSError, ValueError, EOFError, KeyError, BadZipFile, zlib.error) as error:
        raise CorpusError(f"{file} cannot be read as the weights of {what}: {error}") from error
    return held


def _parts(held: Mapping[str, Any], at: str) -> tuple[str, str]:
    """Under which names the change to the matrix `at` ("3.output.dense", of layer 3) is held: how many steps each weight moves and how far
    one is, or two thin matrices. Multiplied they are the change."""
    return (f"{at}.steps", f"{at}.step") if f"{at}.steps" in held else (f"{at}.up", f"{at}.down")


def _change(held: Mapping[str, Any], at: str) -> Floats:
    """What is added to the matrix `at`."""
    first, second = _parts(held, at)
    made: Floats = np.dot(held[first].astype(np.float32), held[second].astype(np.float32))
    return made


def tokenizer() -> Any:
    """The tokenizer of the packaged model."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(str(packaged_folder()), local_files_only=True)


def network(held: dict[str, Any]) -> Any:
    """The packaged model with the changes in `held` added to its weights."""
    import torch
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    model = AutoModel.from_pretrained(str(packaged_folder()), local_files_only=True).eval()
    with torch.no_grad():
        for number, layer in enumerate(model.encoder.layer):
            for name in TUNED:
                layer.get_submodule(name).weight += torch.from_numpy(_change(held, f"{number}.{name}"))
    return model


def word_pieces(tokenizer: Any, text: str) -> list[int]:
    """The word pieces of `text`, without those that stand around one."""
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])
