"""How the minutes of a session are shared among its parts, so that they add up exactly. Pure."""

from collections.abc import Mapping

BREAKS = ((150, 15), (100, 10))
"""(from this many minutes, a break of this many)."""
_UNIT_FROM = 60
_UNIT = 5


def share(minutes: int, weights: Mapping[str, float]) -> dict[str, int]:
    """`minutes` shared by weight, in the order of `weights`: each part at least one unit, a unit 5 minutes from an hour on
    and 1 below; what is left over of a unit goes to the heaviest part. Hamilton's method (largest remainders).

    >>> share(60, {"a": 1, "b": 2})
    {'a': 20, 'b': 40}
    """
    unit = _UNIT if minutes >= _UNIT_FROM else 1
    units, spare = divmod(minutes, unit)
    total = sum(weights.values())
    exact = {part: units * weight / total for part, weight in weights.items()}
    given = {part: max(1, int(value)) for part, value in exact.items()}
    while (left := units - sum(given.values())) != 0:
        step = 1 if left > 0 else -1
        able = [part for part in given if step > 0 or given[part] > 1]
        given[max(able, key=lambda part: (step * (exact[part] - given[part]), weights[part]))] += step
    heaviest = max(weights, key=lambda part: weights[part])
    return {part: count * unit + (spare if part == heaviest else 0) for part, count in given.items()}


def break_of(minutes: int) -> int:
    """The minutes of a session's break, 0 where it is too short for one."""
    return next((length for least, length in BREAKS if minutes >= least), 0)
