"""Dense and keyword results fused into one ranking. Pure; the retriever brings the results in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.types import Signals
from assistant.vectors import Near
from assistant.views import ASKED, SENTENCE, WHOLE

WEIGHTS = Signals(
    nearest=0.102, asked=0.128, support=0.211, sentence=0.109, whole=0.059, keyword=0.07, words=0.145, finding=0.12, expectation=0.056,
)  # fmt: skip
"""For a passage that phrases are known for. Fitted on the development half of eval/questions by `python -m eval fit`."""
UNPHRASED = Signals(
    nearest=0.186, sentence=0.209, whole=0.051, keyword=0.059, words=0.159, finding=0.137, given=0.05, together=0.111,
)  # fmt: skip
"""For one that none are known for, fitted likewise on the questions on reports; `given` by hand, since the gate weighs it again."""
TAIL = 0.15
"""Share of a cosine that the question at the end of a longer message has."""


@dataclass(frozen=True)
class Fused:
    """A passage and what speaks for it. `sentences` maps a sentence's index to its cosine."""

    passage_id: str
    signals: Signals
    sentences: Mapping[int, float]


Cosines = dict[str, dict[tuple[str, int], float]]


def fuse(near: Iterable[Near], keyword: Mapping[str, float], tail: int | None = None) -> list[Fused]:
    """What speaks for every passage that either search returned, by id.

    `tail` is which query of `near` is only the end of the message; the others are wordings of the whole and the
    best of them counts. A sort of view that was not near enough to be returned counts as the farthest returned.
    """
    near = list(near)
    cosines = _best(item for item in near if item.query != tail)
    if tail is not None:
        cosines = _blend(cosines, _best(item for item in near if item.query == tail), TAIL)
    best_keyword = max(keyword.values(), default=0.0) or 1.0
    floor = _floor(cosines)
    fused = []
    for passage_id in sorted(cosines.keys() | keyword.keys()):
        views = cosines.get(passage_id, {})
        by = {what: sorted((c for (w, _), c in views.items() if w == what), reverse=True) for what in (WHOLE, SENTENCE, ASKED)}
        best = {what: found[0] if found else floor for what, found in by.items()}
        signals = Signals(
            nearest=max(best.values()),
            asked=best[ASKED],
            support=sum((by[ASKED] + [floor] * 3)[:3]) / 3,
            sentence=best[SENTENCE],
            whole=best[WHOLE],
            keyword=keyword.get(passage_id, 0.0) / best_keyword,
        )
        fused.append(Fused(passage_id, signals, {index: cosine for (what, index), cosine in views.items() if what == SENTENCE}))
    return fused


def _best(near: Iterable[Near]) -> Cosines:
    best: Cosines = {}
    for item in near:
        views = best.setdefault(item.passage_id, {})
        key = (item.what, item.index)
        views[key] = max(item.cosine, views.get(key, -1.0))
    return best


def _blend(whole: Cosines, tail: Cosines, share: float) -> Cosines:
    """Each cosine as (1 - share) of the whole message's and `share` of its end's; one not returned counts as the least."""
    low_whole, low_tail = _floor(whole), _floor(tail)
    return {
        passage_id: {
            key: (1 - share) * whole.get(passage_id, {}).get(key, low_whole) + share * tail.get(passage_id, {}).get(key, low_tail)
            for key in whole.get(passage_id, {}).keys() | tail.get(passage_id, {}).keys()
        }
        for passage_id in whole.keys() | tail.keys()
    }


def _floor(cosines: Cosines) -> float:
    return min((cosine for views in cosines.values() for cosine in views.values()), default=0.0)


def last_question(text: str) -> str:
    """The question at the end of a message that tells a situation first; "" where there is no such end."""
    parts = [part.strip() for part in re.split(r"(?<=[.!?])\s+|\s+-\s+|\n", text) if part.strip()]
    return parts[-1] if len(parts) > 1 and len(parts[-1].split()) >= 4 else ""
