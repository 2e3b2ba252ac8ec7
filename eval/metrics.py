"""Retrieval metrics as pure functions over a ranking of ids and the set of gold ids."""

from collections.abc import Collection, Sequence


def rank_of(ranking: Sequence[str], gold: Collection[str]) -> int | None:
    """Place of the first gold id, from 1; None where there is none."""
    return next((place for place, id in enumerate(ranking, start=1) if id in gold), None)


def hit_at(k: int, ranks: Sequence[int | None]) -> float:
    """Share of questions whose first gold id is among the first `k`."""
    return share([rank is not None and rank <= k for rank in ranks])


def mrr(ranks: Sequence[int | None]) -> float:
    """Mean reciprocal rank (Voorhees 1999); a question without its gold counts 0."""
    return sum(1 / rank for rank in ranks if rank) / len(ranks) if ranks else 0.0


def share(flags: Sequence[bool]) -> float:
    """Share of `flags` that are true; 0 for none."""
    return sum(flags) / len(flags) if flags else 0.0
