"""The questions: development (tuned on) and test (not looked at), one JSON object a line."""

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "questions"


@dataclass(frozen=True)
class Case:
    """A question, who asks it, its gold passages (none where it must be refused) and a phrase of the first of them."""

    question: str
    group: str
    who: str
    gold: tuple[str, ...]
    phrase: str
    status: str


def load(half: str) -> list[Case]:
    """The cases of `half`: "dev" or "test"."""
    lines = (FOLDER / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Case(**{**row, "gold": tuple(row["gold"])}) for row in map(json.loads, lines)]
