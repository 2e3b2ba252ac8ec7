"""The embedding model, tuned to tell which way a sentence of a report weighs.

Low-rank changes are added to the packaged model's weights (LoRA: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language
Models"), and a linear layer reads the mean of its states. Both are in corpus/weigher.npz, fitted by `eval.fit_weigher` on
sentences that were read after docs/labelling.md, most of them by a language model. It writes nothing: it weighs four classes, and is loaded only for an ingest.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import compiled, packaged_folder
from assistant.errors import CorpusError
from assistant.findings import Polarity

SIDES = (Polarity.STRENGTH, Polarity.IMPROVEMENT, Polarity.MIXED, Polarity.NEUTRAL)
"""What the columns of `Weigher.chances` stand for."""
PIECES = 112
"""Word pieces read of a sentence with what stands before it."""
TUNED = ("attention.self.query", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense")
"""The matrices of each layer that are changed."""
_NAMES = ("head.weight", "head.bias", *(f"{n}.{name}.{way}" for n in range(6) for name in TUNED for way in ("down", "up")))
_TOGETHER = 32

Placed = tuple[str, str, str]
"""The sentence before one (or ""), the heading it stands under, and the sentence itself."""


class Weigher:
    """Sentences to the chances of SIDES. The weights are loaded at first use; no network is used."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def chances(self, sentences: Sequence[Placed]) -> NDArray[np.float32]:
        """How likely each of `sentences` weighs each way: shape (len(sentences), 4), each row adding up to 1. Raises CorpusError."""
        found = np.zeros((len(sentences), len(SIDES)), dtype=np.float32)
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i][0]) + len(sentences[i][2]))
        for start in range(0, len(order), _TOGETHER):
            batch = order[start : start + _TOGETHER]
            found[batch] = self._weighed([sentences[i] for i in batch])
        return found

    def _weighed(self, sentences: Sequence[Placed]) -> NDArray[np.float32]:
        given = encoded(self._tokenizer, sentences)
        states = self._network(**given).last_hidden_state.numpy()
        mask = given["attention_mask"].numpy()[:, :, None]
        scores = (states * mask).sum(axis=1) / mask.sum(axis=1) @ self._held["head.weight"].T + self._held["head.bias"]
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True), dtype=np.float32)

    @cached_property
    def _held(self) -> dict[str, NDArray[np.float32]]:
        try:
            with np.load(self._file) as kept:
                return {name: kept[name].astype(np.float32) for name in _NAMES}
        except (OSError, ValueError, EOFError, KeyError, BadZipFile) as error:
            raise CorpusError(f"{self._file} cannot be read as the weights of the register: {error}") from error

    @cached_property
    def _tokenizer(self) -> Any:
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(str(packaged_folder()), local_files_only=True)

    @cached_property
    def _network(self) -> Any:
        from transformers import AutoModel
        from transformers.utils import logging

        logging.disable_progress_bar()
        logging.set_verbosity_error()
        model = AutoModel.from_pretrained(str(packaged_folder()), local_files_only=True).eval()
        _change(model, self._held)
        return compiled(model)


def encoded(tokenizer: Any, sentences: Sequence[Placed]) -> Any:
    """What the network takes: what stands before a sentence as the first text, heading and sentence as the second."""
    before = [text[-120:] or "-" for text, _, _ in sentences]
    read = [f"{heading[-50:]} : {text}" for _, heading, text in sentences]
    return tokenizer(before, read, truncation="longest_first", max_length=PIECES, padding=True, return_tensors="pt")


def _change(model: Any, held: dict[str, NDArray[np.float32]]) -> None:
    """Add the low-rank changes in `held` ("3.output.dense.up" @ "3.output.dense.down", of layer 3) to the weights of `model`."""
    import torch

    with torch.no_grad():
        for number, layer in enumerate(model.encoder.layer):
            for name in TUNED:
                change = held[f"{number}.{name}.up"] @ held[f"{number}.{name}.down"]
                layer.get_submodule(name).weight += torch.from_numpy(change)
