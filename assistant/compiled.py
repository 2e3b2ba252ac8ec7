"""The layers of the embedding model compiled for this processor: the one module that knows OpenVINO."""

import sys
import threading
import warnings
from typing import Any

import torch
from transformers import PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
"""What a model of BERT's kind takes, and the only kind that is compiled."""


class Compiled(torch.nn.Module):  # type: ignore[misc]
    """Stands in for a transformer of BERT's kind: the same hidden states (cosine 1.00) in two thirds of the time."""

    def __init__(self, model: PreTrainedModel, bfloat16: bool) -> None:
        super().__init__()
        self.config = model.config
        self._run = _compile(model, bfloat16)
        self._one_at_a_time = threading.Lock()  # a compiled model has one set of buffers
        self._next = threading.Lock()  # who waits is next: an ingest that has just run would else be in again before a question

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor, **_: Any) -> BaseModelOutput:
        """Hidden states of shape (texts, word pieces, dimensions) for inputs of shape (texts, word pieces)."""
        with self._next:
            self._one_at_a_time.acquire()
        try:
            states = self._run([tensor.numpy() for tensor in (input_ids, attention_mask, token_type_ids)])[0].copy()
        finally:
            self._one_at_a_time.release()
        return BaseModelOutput(last_hidden_state=torch.from_numpy(states))


class _States(torch.nn.Module):  # type: ignore[misc]
    """A model that gives its hidden states alone."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self._model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> Any:
        return self._model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state


def _compile(model: PreTrainedModel, bfloat16: bool) -> Any:
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # OpenVINO reports its use unless this cannot be imported
    import openvino

    sample = torch.ones(2, 16, dtype=torch.long)
    with warnings.catch_warnings(action="ignore"):
        converted = openvino.convert_model(_States(model), example_input={name: sample for name in INPUTS})
    hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "bf16" if bfloat16 else "f32"}
    return openvino.Core().compile_model(converted, "CPU", hints)
