"""Questions about other passages of a document, asked of a passage that does not answer them. Pure."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from assistant.embedding import Vectors
from eval.answers import Example

Others = tuple[list[str], list[str]]
"""What is asked of the other passages of a passage's document: what those answer, and what they do not."""
DRAWN = 2, 1
"""How many of either a passage is asked."""
NEAR = 12, 4
"""Of how many of either, the nearest, those are drawn."""


def others_of(examples: Sequence[Example]) -> list[Others]:
    """What is asked of the other passages of the document, and not of itself too, for each of `examples`."""
    of: dict[str, list[Example]] = {}
    for example in examples:
        of.setdefault(example.document, []).append(example)
    made = []
    for example in examples:
        own = dict(example.questions)
        asked = dict(one for other in of[example.document] for one in other.questions if one[0] not in own)
        made.append(([q for q, answered in asked.items() if answered], [q for q, answered in asked.items() if not answered]))
    return made


def nearest(examples: Sequence[Example], others: Sequence[Others], embed: Callable[[list[str]], Vectors]) -> list[Others]:
    """Of `others` those nearest to the text of each of `examples`, which search would find for them."""
    at = {question: n for n, question in enumerate(dict.fromkeys(q for example in examples for q, _ in example.questions))}
    questions, texts = embed(list(at)), embed([example.text for example in examples])

    def near(text: Vectors, pool: list[str], many: int) -> list[str]:
        return [pool[n] for n in np.argsort(-(questions[[at[question] for question in pool]] @ text))[:many]] if pool else []

    return [(near(text, pools[0], NEAR[0]), near(text, pools[1], NEAR[1])) for text, pools in zip(texts, others, strict=True)]


def with_others(examples: Sequence[Example], others: Sequence[Others], shuffled: random.Random) -> list[Example]:
    """`examples`, each also asked some of its `others`, which it does not answer."""
    return [
        replace(example, questions=(*example.questions, *((question, False) for question in _drawn(pools, shuffled))))
        for example, pools in zip(examples, others, strict=True)
    ]


def _drawn(pools: Others, shuffled: random.Random) -> list[str]:
    return [question for pool, many in zip(pools, DRAWN, strict=True) for question in shuffled.sample(pool, min(many, len(pool)))]
