"""python -m eval.fit_reader [REPORTS]: the reader's changes to the embedding model, fitted on `eval/answers/` (see `eval.answers`).

Six documents, drawn at random (a report, three notes, two invented papers), are kept apart, and the weights that ship are fitted without
them. Prints how often a question that
their passages answer is put above one that they do not, and writes corpus/reader.npz. Takes forty minutes on two cores.
"""

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from sklearn.metrics import roc_auc_score

from assistant.embedding import Embedder
from assistant.reader import Asked, Reader, asked, taken
from assistant.settings import Settings
from assistant.tuned import tokenizer
from eval.answers import Example, load_examples
from eval.cases import REPORTS
from eval.run import library_of
from eval.tuning import SEED, Whole, batches, changeable, learn

ROUNDS = 3
APART = 6
_TOGETHER = 1500
"""Word pieces that are read at once."""

Labelled = tuple[Asked, list[float]]
"""A passage with questions, and of each 1 where the passage answers it."""


def tuned(examples: Sequence[Example]) -> dict[str, Any]:
    """What corpus/reader.npz holds, fitted on `examples`: in three rounds over all questions, and in a last one over those that are no
    twins, from which it learns how often a question of its kind is answered at all. In each round a passage is also asked three questions
    that were written for other passages of its document, so that a question alone does not tell whether it is answered."""
    # with dropout of what is attended to, a step takes twice as long and nothing is better
    model = changeable(Whole, attention_probs_dropout_prob=0.0, attn_implementation="eager")
    words, shuffled = tokenizer(), random.Random(SEED)
    answers = torch.nn.Linear(2 * model.config.hidden_size, 1)

    def loss(batch: Sequence[Labelled]) -> torch.Tensor:
        read_by = taken([one for one, _ in batch])
        unseen = torch.where(read_by["attention_mask"], 0.0, -1e4).bfloat16()  # the eager way adds the mask up
        states = model(**read_by | {"attention_mask": unseen}).last_hidden_state
        said = [row[slice(*span)] for row, (one, _) in zip(states, batch, strict=True) for span in one.spans]
        read = torch.nn.functional.dropout(torch.stack([torch.cat([of[0], of.mean(dim=0)]) for of in said]), 0.1)
        targets = torch.tensor([target for _, targets in batch for target in targets])
        return torch.nn.functional.binary_cross_entropy_with_logits(answers(read)[:, 0].float(), targets)

    def a_round(of: Sequence[Example]) -> list[list[Labelled]]:
        labelled = [_labelled(words, example, shuffled) for example in with_others(of, shuffled)]
        return batches(labelled, lambda one: len(one[0]), _TOGETHER, shuffled)

    every = [replace(example, questions=(*example.questions, *example.twins)) for example in examples]
    learn(model, {"answers": answers}, [batch for _ in range(ROUNDS) for batch in a_round(every)], loss)
    return learn(model, {"answers": answers}, a_round(examples), loss)


def with_others(examples: Sequence[Example], shuffled: random.Random) -> list[Example]:
    """`examples`, each with two questions that another passage of its document answers and one that another does not, as unanswered."""
    of: dict[str, list[Example]] = {}
    for example in examples:
        of.setdefault(example.document, []).append(example)
    made = []
    for example in examples:
        others = [asked for other in of[example.document] if other is not example for asked in other.questions]
        drawn = [(True, 2), (False, 1)]
        more = [q for so, many in drawn if len(fit := [q for q, yes in others if yes is so]) >= many for q in shuffled.sample(fit, many)]
        made.append(replace(example, questions=(*example.questions, *((question, False) for question in more))))
    return made


def _labelled(words: Any, example: Example, shuffled: random.Random) -> Labelled:
    questions = shuffled.sample(example.questions, len(example.questions))
    return asked(words, example.text, [question for question, _ in questions]), [float(yes) for _, yes in questions]


def main(reports: str = str(REPORTS)) -> None:
    """Fit, write, and print the figures of the documents kept apart."""
    settings = Settings()
    with library_of("corpus", Path(reports), Embedder(), settings, lambda *_: None) as library:
        examples = load_examples(Path(reports), library)
    apart = set(random.Random(SEED).sample(sorted({example.document for example in examples}), APART))
    file = settings.corpus_dir / "reader.npz"
    np.savez_compressed(file, **tuned([example for example in examples if example.document not in apart]))
    reader = Reader(file)
    judged = [
        [(yes, reader.chances(question, [example.text])[0]) for question, yes in (*example.questions, *example.twins)]
        for example in examples
        if example.document in apart
    ]
    flat = [pair for pairs in judged for pair in pairs]
    within = [chance > other for pairs in judged for yes, chance in pairs if yes for no, other in pairs if not no]
    Console().print(
        f"{len(flat)} questions on {len(judged)} passages kept apart: area under the curve "
        f"{roc_auc_score(*zip(*flat, strict=True)):.3f}, of one passage {np.mean(within):.3f}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
