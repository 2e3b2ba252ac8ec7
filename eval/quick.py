"""The small part of the development half that every test run asks."""

from collections.abc import Sequence

from assistant.settings import Settings
from eval.cases import Case
from eval.run import by_holding

SIZE = 60
HARDEST = ("c-", "d-", "f-", "g-")
"""How the ids begin of questions that were written to be harder than people's: a whole run asks them, this small one would only
rise and fall with which of them it draws."""


def quick(cases: Sequence[Case], settings: Settings) -> list[Case]:
    """Some SIZE of the cases that need corpus/ alone: the same share of each group, spread evenly over each."""
    some = [case for case in by_holding(cases, settings)["corpus"] if not case.id.startswith(HARDEST)]
    groups: dict[str, list[Case]] = {}
    for case in some:
        groups.setdefault(case.group, []).append(case)
    step = len(some) / SIZE
    return [
        group[int(i * step)] for group in groups.values() for i in range(max(1, round(len(group) / step))) if int(i * step) < len(group)
    ]
