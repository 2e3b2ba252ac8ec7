"""python -m eval.fit_reader [REPORTS]: the reader's changes to the embedding model, fitted on `eval/answers/` (see `eval.answers`).

Six documents, drawn at random (a report, three notes, two invented papers), are kept apart. Prints how often a question that their passages
answer is put above one that they do not, and writes corpus/reader.npz. Takes three hours on two cores. The weights that ship were fitted in
steps, as the questions were written, and are the mean of two fits, the first counting for 70%: one without those six, in three rounds over
129,517 questions without regard to habits, one over most of the first 158,052 with it, and the last two; and one of all documents, in two
rounds over the 120,362 of all 192,694 that are no twins, with hard ones of other passages from the first.
"""

import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from sklearn.metrics import roc_auc_score
from torch.optim.swa_utils import AveragedModel

from assistant.embedding import Embedder, Vectors
from assistant.reader import Asked, Reader, asked, taken
from assistant.settings import Settings
from assistant.tuned import tokenizer
from eval.answers import Example, load_examples
from eval.by_words import by_words
from eval.cases import REPORTS
from eval.others import Others, nearest, others_of, with_others
from eval.run import library_of
from eval.tuning import SEED, Whole, batches, changeable, kept, learn

ROUNDS = 3
"""Over all questions."""
LAST = 2
"""Over those that are no twins, each begun from what those rounds have come to; their mean is what a fit comes to."""
FITS = 2
"""Each begun anew from the packaged model; their mean is what is kept."""
HABIT = 0.5
"""How much of what the words of a question alone tell (log odds) is held to be a habit of whoever wrote the questions: of the development
questions it tells half as much as of these (logistic regression)."""
APART = 6
_TOGETHER = 1500
"""Word pieces that are read at once."""

Labelled = tuple[Asked, list[float], list[float]]
"""A passage with questions; of each, 1 where the passage answers it, and what by habit the question's words tell of that, in log odds."""


def tuned(examples: Sequence[Example], embed: Callable[[list[str]], Vectors]) -> dict[str, Any]:
    """What corpus/reader.npz holds, fitted on `examples`: the mean of several fits, which tells more than any of them, although each begins
    with a head of its own and sees all in an order of its own (Wortsman et al. 2022, "Model soups: averaging weights of multiple fine-tuned
    models improves accuracy without increasing inference time")."""
    mean = _mean(_fitted(examples, embed, SEED + n) for n in range(FITS))
    return kept(mean["model"], {"answers": mean["answers"]})


def _mean(fitted: Iterable[torch.nn.ModuleDict]) -> Any:
    """The mean of `fitted`, each as it is when it comes: the next may be the same, fitted anew."""
    later = iter(fitted)
    first = next(later)
    mean = AveragedModel(first)
    for reading in chain([first], later):
        mean.update_parameters(reading)
    return mean.module


def _fitted(examples: Sequence[Example], embed: Callable[[list[str]], Vectors], seed: int) -> Any:
    """The model and the head that tell whether a passage answers, fitted on `examples`: first over all questions, and then over those that
    are no twins, from which it learns how often a question of its kind is answered at all, more than once, and the mean of those is taken.

    In each round a passage is also asked some questions that were written for other passages of its document: first any; in the last, as
    `embed` tells, of those nearest to it that it does not seem to answer so far (denoised hard negatives: Qu et al. 2021, "RocketQA: An
    Optimized Training Approach to Dense Passage Retrieval"). What a question's words alone tell is added to what is read while
    it learns, as far as it is a habit of whoever wrote them, and so need not be learned (Clark et al. 2019, "Don't Take the Easy Way Out:
    Ensemble Based Methods for Avoiding Known Dataset Biases")."""
    # with dropout of what is attended to, a step takes twice as long and nothing is better
    model = changeable(Whole, attention_probs_dropout_prob=0.0, attn_implementation="eager")
    words, shuffled = tokenizer(), random.Random(seed)
    torch.manual_seed(seed)
    answers = torch.nn.Linear(2 * model.config.hidden_size, 1)
    heads = {"answers": answers}
    reading = torch.nn.ModuleDict({"model": model, **heads})

    def scores(batch: Sequence[Asked]) -> torch.Tensor:
        """One for each question of `batch`, in log odds."""
        read_by = taken(batch)
        unseen = torch.where(read_by["attention_mask"], 0.0, -1e4).bfloat16()  # the eager way adds the mask up
        states = model(**read_by | {"attention_mask": unseen}).last_hidden_state
        said = [row[slice(*span)] for row, one in zip(states, batch, strict=True) for span in one.spans]
        read = torch.stack([torch.cat([of[0], of.mean(dim=0)]) for of in said])
        return answers(torch.nn.functional.dropout(read, 0.1, model.training))[:, 0].float()

    def loss(batch: Sequence[Labelled]) -> torch.Tensor:
        targets = torch.tensor([target for _, targets, _ in batch for target in targets])
        told = torch.tensor([habit for _, _, habits in batch for habit in habits])
        return torch.nn.functional.binary_cross_entropy_with_logits(scores([one for one, _, _ in batch]) + told, targets)

    def a_round(of: Sequence[Example], others: Sequence[Others], told: Mapping[str, float]) -> list[list[Labelled]]:
        labelled = [_labelled(words, example, told, shuffled) for example in with_others(of, others, shuffled)]
        return batches(labelled, lambda one: len(one[0]), _TOGETHER, shuffled)

    def unanswered(text: str, pools: Others) -> Others:
        """Of `pools` what `text` does not seem to answer so far."""
        if not any(pools):
            return pools
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            found = iter(scores([asked(words, text, [*pools[0], *pools[1]])]).tolist())
        answered, missed = ([question for question in pool if next(found) < 0] for pool in pools)
        return answered, missed

    every = [replace(example, questions=(*example.questions, *example.twins)) for example in examples]
    others, told = others_of(every), by_words(every)
    learn(model, heads, [batch for _ in range(ROUNDS) for batch in a_round(every, others, told)], loss)
    model.eval()
    near = [unanswered(example.text, pools) for example, pools in zip(examples, nearest(examples, others_of(examples), embed), strict=True)]
    begun, told = deepcopy(reading.state_dict()), by_words(examples)

    def last_rounds() -> Iterator[torch.nn.ModuleDict]:
        for _ in range(LAST):
            reading.load_state_dict(begun)
            learn(model, heads, a_round(examples, near, told), loss)
            yield reading

    return _mean(last_rounds())


def _labelled(words: Any, example: Example, told: Mapping[str, float], shuffled: random.Random) -> Labelled:
    questions, answered = zip(*shuffled.sample(example.questions, len(example.questions)), strict=True)
    return asked(words, example.text, questions), [float(yes) for yes in answered], [HABIT * told[question] for question in questions]


def main(reports: str = str(REPORTS)) -> None:
    """Fit, write, and print the figures of the documents kept apart."""
    settings, embedder = Settings(), Embedder()
    with library_of("corpus", Path(reports), embedder, settings, lambda *_: None) as library:
        examples = load_examples(Path(reports), library)
    apart = set(random.Random(SEED).sample(sorted({example.document for example in examples}), APART))
    file = settings.corpus_dir / "reader.npz"
    np.savez_compressed(file, **tuned([example for example in examples if example.document not in apart], embedder.embed))
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
