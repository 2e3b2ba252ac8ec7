"""Dense and keyword results fused into one ranking. Pure; the retriever brings the results in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.vectors import Near
from assistant.views import ASKED, SENTENCE, WHOLE


@dataclass(frozen=True)
class Weights:
    """How much each signal counts in the fused score. Chosen on the development half of eval/questions."""

    nearest: float = 0.21
    asked: float = 0.4
    sentence: float = 0.21
    whole: float = 0.03
    keyword: float = 0.15
    tail: float = 0.15
    """Share of a cosine that the question at the end of a longer message has."""
    findings: float = 0.25
    """Added to findings where the question asks what was found."""
    expectations: float = 0.04
    """Added to law and guidance where the question asks what is expected."""


@dataclass(frozen=True)
class Fused:
    """A passage's fused score and its parts, all 0 to 1. `sentences` maps a sentence's index to its cosine."""

    passage_id: str
    score: float
    dense: float
    keyword: float
    sentences: Mapping[int, float]


Cosines = dict[str, dict[tuple[str, int], float]]


def fuse(near: Iterable[Near], keyword: Mapping[str, float], weights: Weights, tail: int | None = None) -> list[Fused]:
    """Every passage that either search returned, best first; ties by id, so that the order never varies.

    A weighted sum of cosines (the nearest view of any sort, and the nearest of each sort) and BM25 as a share of
    the best BM25 (Bruch et al. 2023, "An Analysis of Fusion Functions for Hybrid Retrieval": a convex
    combination of normalised scores beats rank fusion once its weights are tuned). `tail` is which query of
    `near` is only the end of the message; the others are wordings of the whole and the best of them counts.
    """
    near = list(near)
    cosines = _best(item for item in near if item.query != tail)
    if tail is not None:
        cosines = _blend(cosines, _best(item for item in near if item.query == tail), weights.tail)
    best_keyword = max(keyword.values(), default=0.0) or 1.0
    floor = _floor(cosines)
    fused = []
    for passage_id in cosines.keys() | keyword.keys():
        views = cosines.get(passage_id, {})
        by = {what: max((c for (w, _), c in views.items() if w == what), default=floor) for what in (WHOLE, SENTENCE, ASKED)}
        nearest = max(by.values())
        share = keyword.get(passage_id, 0.0) / best_keyword
        score = (
            weights.nearest * nearest
            + weights.asked * by[ASKED]
            + weights.sentence * by[SENTENCE]
            + weights.whole * by[WHOLE]
            + weights.keyword * share
        )
        sentences = {index: cosine for (what, index), cosine in views.items() if what == SENTENCE}
        fused.append(Fused(passage_id, score, nearest, share, sentences))
    return sorted(fused, key=lambda f: (-f.score, f.passage_id))


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
