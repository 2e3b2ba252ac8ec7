"""Dense and keyword results fused into one ranking. Pure; the retriever brings the results in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assistant.vectors import Near
from assistant.views import ASKED, SENTENCE, WHOLE


@dataclass(frozen=True)
class Weights:
    """How much each signal counts in the fused score. Chosen on the development half of eval/questions."""

    nearest: float = 0.45
    asked: float = 0.15
    sentence: float = 0.1
    whole: float = 0.1
    keyword: float = 0.2
    lean: float = 0.12
    """Added to the side (findings, or law and guidance) that the question leans to."""


@dataclass(frozen=True)
class Fused:
    """A passage's fused score and its parts, all 0 to 1. `sentences` maps a sentence's index to its cosine."""

    passage_id: str
    score: float
    dense: float
    keyword: float
    sentences: Mapping[int, float]


def fuse(near: Iterable[Near], keyword: Mapping[str, float], weights: Weights) -> list[Fused]:
    """Every passage that either search returned, best first; ties by id, so that the order never varies.

    A weighted sum of cosines (the nearest view of any sort, and the nearest of each sort) and BM25 as a share of
    the best BM25 (Bruch et al. 2023, "An Analysis of Fusion Functions for Hybrid Retrieval": a convex
    combination of normalised scores beats rank fusion once its weights are tuned).
    """
    cosines: dict[str, dict[str, dict[int, float]]] = {}
    for item in near:
        views = cosines.setdefault(item.passage_id, {}).setdefault(item.what, {})
        views[item.index] = max(item.cosine, views.get(item.index, -1.0))
    best_keyword = max(keyword.values(), default=0.0) or 1.0
    floor = min((c for views in cosines.values() for v in views.values() for c in v.values()), default=0.0)
    fused = []
    for passage_id in cosines.keys() | keyword.keys():
        views = cosines.get(passage_id, {})
        by = {what: max(views.get(what, {}).values(), default=floor) for what in (WHOLE, SENTENCE, ASKED)}
        nearest = max(by.values())
        share = keyword.get(passage_id, 0.0) / best_keyword
        score = (
            weights.nearest * nearest
            + weights.asked * by[ASKED]
            + weights.sentence * by[SENTENCE]
            + weights.whole * by[WHOLE]
            + weights.keyword * share
        )
        fused.append(Fused(passage_id, score, nearest, share, views.get(SENTENCE, {})))
    return sorted(fused, key=lambda f: (-f.score, f.passage_id))


def last_question(text: str) -> str:
    """The question at the end of a message that tells a situation first; the whole message where it does not."""
    parts = [part.strip() for part in re.split(r"(?<=[.!?])\s+|\s+-\s+|\n", text) if part.strip()]
    return parts[-1] if len(parts) > 1 and len(parts[-1].split()) >= 4 else text
