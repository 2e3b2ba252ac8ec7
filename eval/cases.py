"""The questions in two halves, development (tuned on) and test (not looked at): one validated JSON object a line."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from assistant.scope import Authorities
from assistant.types import Kind, Scope, Status

FOLDER = Path(__file__).parent / "questions"
HOSTILE = Path(__file__).parent / "hostile"
"""Documents that try to give orders to whoever reads them, for the cases of the group "hostile" alone."""
REPORTS = Path(__file__).parent.parent.parent / "shared" / "reports"
"""Where the inspection reports are looked for where no other folder is named."""
HALVES = ("dev", "test")

Group = Literal[
    "letter", "law", "report", "two_source", "comparison", "follow_up", "ambiguous", "typed", "refuse", "near_miss", "hostile"
]  # fmt: skip
Holding = Literal["corpus", "reports", "hostile"]
"""What the library must hold for a question: corpus/ alone, the inspection reports too, or the hostile documents too."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Gold(_Strict):
    """Where an answer stands: a passage by its id, or the passages of a report's file that hold `phrase`."""

    passage: str = ""
    file: str = ""
    phrase: str
    side: Literal["", "A", "B"] = ""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.passage) == bool(self.file):
            raise ValueError("a gold has either a passage or a file")
        return self


class Limits(_Strict):
    """The filters set beside the question."""

    authority: str = ""
    document: str = ""
    kind: Kind | None = None
    since: int | None = None

    @property
    def scope(self) -> Scope:
        """The same, as the assistant takes it."""
        return Scope(self.authority, self.document, kinds=frozenset({self.kind} if self.kind else ()), since=self.since)


class Case(_Strict):
    """One question and what its answer must be.

    `turns` are the questions before it. Each of `facts` is one thing the answer must say, in any of its wordings; none of
    `must_not` may stand in it. `library` says what the library must hold where the gold does not say so.
    """

    id: str
    question: str
    who: Literal["social worker", "leader", "trainer"]
    group: Group
    scope: Limits = Limits()
    turns: tuple[str, ...] = ()
    gold: tuple[Gold, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    status: Status
    library: Literal["", "corpus", "reports"] = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.answerable != bool(self.gold):
            raise ValueError("a case has gold exactly where its status is answered")
        if (self.facts and not self.answerable) or not all(self.facts):
            raise ValueError("facts belong to answerable cases, and each has a wording")
        return self

    @property
    def answerable(self) -> bool:
        """Whether the question is to be answered rather than refused."""
        return self.status is Status.ANSWERED

    def holding(self, authorities: Authorities, shipped: frozenset[str]) -> Holding:
        """What the library must hold: the reports for a gold in one, and for a question on an authority that corpus/
        (`shipped`: the authorities it has) says nothing of, which would be too easily refused without them."""
        if self.group == "hostile":
            return "hostile"
        if self.library:
            return self.library
        if self.gold:
            return "reports" if any(gold.file for gold in self.gold) else "corpus"
        return "reports" if set(authorities.named(" ".join((*self.turns, self.question)))) - shipped else "corpus"


def read(file: Path) -> list[Case]:
    """The cases of one file. Raises ValueError, naming the line, for one that is not as it should be."""
    cases = []
    for number, line in enumerate(file.read_text(encoding="utf-8").rstrip("\n").split("\n"), start=1):
        try:
            cases.append(Case.model_validate_json(line))
        except ValidationError as error:
            raise ValueError(f"{file.name}, line {number}: {error}") from error
    return cases


def evenly(cases: Sequence[Case], count: int, first: int = 0) -> list[Case]:
    """`count` of `cases`, evenly from the one at `first` to the last."""
    return list(cases[first :: max(1, len(cases) // count)][:count])


def load(half: str, folder: Path = FOLDER) -> list[Case]:
    """Every case of `half`, "dev" or "test". Raises ValueError where a line is wrong or two cases have one id."""
    cases = [case for file in sorted(folder.glob(f"*{half}.jsonl")) for case in read(file)]
    if twice := [id for id, count in Counter(case.id for case in cases).items() if count > 1]:
        raise ValueError(f"{half}: more than one case has the id {', '.join(twice)}")
    return cases
