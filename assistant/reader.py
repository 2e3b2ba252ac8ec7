"""The embedding model, tuned to tell whether a passage answers a question.

Search finds what a passage is about; a near miss ("who manages the team" of a passage that says how well it is managed) is about the
same. So the passage and the question are read together: the passage by itself, and the question with the passage before its eyes
(a cross-encoder: Nogueira and Cho 2019, "Passage Re-ranking with BERT", whose passage does not see the question, so that many
questions can be learned from one reading of it). Fitted by `eval.fit_reader` on passages of reports, of the letter and the notes, and of
invented papers, each with questions that it answers and others, as near, that it does not. It writes nothing: its chances are two signals
of the gate, and help to put the first passages of reports and added documents in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embedding import fast_in_bfloat16
from assistant.tuned import Floats, learned, network, tokenizer, word_pieces
from assistant.types import Document, Passage

_HEADING, _PASSAGE, _QUESTION = 60, 300, 48
"""Characters of a heading that are read, from its end; word pieces of a passage and of a question."""


@dataclass(frozen=True)
class Asked:
    """A passage and the questions asked of it, as the network reads them."""

    passage: list[int]
    questions: list[list[int]]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where each question begins and ends."""
        ends = list(accumulate(map(len, self.questions), initial=len(self.passage)))
        return list(pairwise(ends))

    def __len__(self) -> int:
        return len(self.passage) + sum(map(len, self.questions))


class Reader:
    """Question and passages to chances. The weights are loaded at first use; no network is used."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def chances(self, question: str, passages: Sequence[str]) -> list[float]:
        """How likely, 0 to 1, each of `passages` (as `placed` gives them) answers `question`. Raises CorpusError."""
        if not passages:
            return []
        import torch

        batch = [asked(self._tokenizer, passage, [question]) for passage in passages]
        with torch.inference_mode():
            states = self._network(**taken(batch)).last_hidden_state.float().numpy()
        return [self._chance(said[slice(*one.spans[0])]) for one, said in zip(batch, states, strict=True)]

    def _chance(self, states: Floats) -> float:
        read = np.concatenate([states[0], states.mean(axis=0)])
        [score] = self._held["answers.weight"] @ read + self._held["answers.bias"]
        return float(1 / (1 + np.exp(-score)))

    @cached_property
    def _held(self) -> dict[str, Any]:
        return learned(self._file, ["answers"], "the reader")

    @cached_property
    def _tokenizer(self) -> Any:
        return tokenizer()

    @cached_property
    def _network(self) -> Any:
        model = network(self._held)
        return model.bfloat16() if fast_in_bfloat16() else model


def placed(document: Document, passage: Passage) -> str:
    """A passage as the reader reads it: whose it is, when, under what heading, and its text. A paper of one's own, which is of no
    authority, has its title before the heading."""
    section = passage.section if document.authority else f"{document.title} > {passage.section}"
    return with_heading(document.authority, document.published[:4] if document.authority else "", section, passage.text)


def with_heading(authority: str, year: str, section: str, text: str) -> str:
    """The text of a passage behind what says where it stands."""
    return f"{authority} {year}, {section[-_HEADING:]} : {text}"


def asked(tokenizer: Any, passage: str, questions: Sequence[str]) -> Asked:
    """`questions` and the passage they are asked of, in word pieces."""

    def framed(text: str, most: int) -> list[int]:
        return [tokenizer.cls_token_id, *word_pieces(tokenizer, text)[:most], tokenizer.sep_token_id]

    return Asked(framed(passage, _PASSAGE), [framed(question, _QUESTION) for question in questions])


def taken(batch: Sequence[Asked]) -> dict[str, Any]:
    """What the network takes: each question stands right behind the passage and sees it and itself, the passage itself alone."""
    import torch

    shape = len(batch), max(map(len, batch))
    given = {name: torch.zeros(shape, dtype=torch.long) for name in ("input_ids", "token_type_ids", "position_ids")}
    block = torch.full(shape, -1)  # 0 the passage, 1 and on the questions, -1 what fills up
    for row, one in enumerate(batch):
        start = len(one.passage)
        given["input_ids"][row, : len(one)] = torch.tensor([*one.passage, *(piece for question in one.questions for piece in question)])
        given["token_type_ids"][row, start : len(one)] = 1
        given["position_ids"][row, :start] = torch.arange(start)
        block[row, :start] = 0
        for number, (first, last) in enumerate(one.spans, start=1):
            given["position_ids"][row, first:last] = torch.arange(start, start + last - first)
            block[row, first:last] = number
    seen = (block[:, None, :] == block[:, :, None]) | (block[:, None, :] == 0)
    return given | {"attention_mask": seen[:, None]}
