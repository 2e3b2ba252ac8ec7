"""Feedback: whether an answer was useful and why, with the question and the answer, kept because the person sent them.

The one place where a question and its answer are kept. The caller has looked for identifying details in the reason.
"""

import json
import uuid
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Engine, MetaData, String, Table, delete, insert, or_, select, update

from assistant.audit import belongs, shown
from assistant.database import prepare, transaction
from assistant.types import Answer, Status

LONGEST = 2_000
"""Characters of a reason."""
_schema = MetaData()


class Thumb(StrEnum):
    """Whether the answer was useful."""

    UP = "up"
    DOWN = "down"


class State(StrEnum):
    """How far the review of a piece of feedback has come."""

    OPEN = "open"
    DONE = "done"
    CASE = "made a case"


@dataclass(frozen=True)
class Feedback:
    """What one person said of one answer. `at` is ISO, UTC; `cited` are the passages cited and the quote from each, in order;
    `passages` the ids of all that were shown."""

    id: str
    at: str
    person: str
    thumb: Thumb
    reason: str
    question: str
    status: str
    answer: str
    cited: tuple[tuple[str, str], ...] = ()
    passages: tuple[str, ...] = ()
    state: State = State.OPEN


COLUMNS = tuple(f.name for f in fields(Feedback))
_feedback = Table(
    "feedback",
    _schema,
    Column("id", String, primary_key=True),
    *(Column(name, String, nullable=False) for name in COLUMNS if name != "id"),
)


def feedback_on(answer: Answer, person: str, thumb: Thumb, reason: str) -> Feedback:
    """What `person` says of `answer` now, whose question is given as one that stands alone."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    question = answer.question if answer.status is Status.BLOCKED else answer.standalone_question
    cited = tuple((citation.passage_id, citation.quote) for citation in answer.citations)
    return Feedback(
        uuid.uuid4().hex, at, person, thumb, reason[:LONGEST], question, answer.status.value, answer.answer, cited, shown(answer)
    )


class Reviews:
    """The feedback in the database of `engine`. Raises LibraryError where that cannot be read or written."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        prepare(engine, _schema)

    def add(self, feedback: Feedback) -> None:
        """Keep a piece of feedback."""
        row = {**asdict(feedback), "cited": json.dumps(feedback.cited), "passages": json.dumps(feedback.passages)}
        with transaction(self._engine) as connection:
            connection.execute(insert(_feedback), [row])

    def all(self) -> list[Feedback]:
        """Every piece of feedback, newest first."""
        with transaction(self._engine) as connection:
            rows = connection.execute(select(_feedback).order_by(_feedback.c.at.desc(), _feedback.c.id))
            return [_read(row._mapping) for row in rows]

    def set_state(self, id: str, state: State) -> None:
        """Note how far the review of one has come."""
        with transaction(self._engine) as connection:
            connection.execute(update(_feedback).where(_feedback.c.id == id).values(state=state.value))

    def forget_document(self, document_id: str) -> int:
        """Delete the feedback on answers that showed a passage of the document. How many there were."""
        has = or_(*(column.contains(document_id, autoescape=True) for column in (_feedback.c.passages, _feedback.c.cited)))
        with transaction(self._engine) as connection:
            held = [_read(row._mapping) for row in connection.execute(select(_feedback).where(has))]
            ids = [f.id for f in held if any(belongs(passage, document_id) for passage in (*f.passages, *(id for id, _ in f.cited)))]
            connection.execute(delete(_feedback).where(_feedback.c.id.in_(ids)))
            return len(ids)


def case_of(feedback: Feedback) -> dict[str, Any]:
    """A draft of an eval case in the form of eval/questions, for a developer to correct and check in: what was asked, and how it
    ended and what was cited as the answer to hold it to, which after a thumb down is what has to be corrected."""
    answered = feedback.status == Status.ANSWERED
    gold = [{"passage": id, "phrase": quote} for id, quote in feedback.cited] if answered else []
    return {
        "id": f"feedback-dev-{feedback.id[:8]}",
        "question": feedback.question,
        "who": "social worker",
        "group": "typed" if answered else "refuse",
        "scope": {},
        "turns": [],
        "gold": gold,
        "facts": [],
        "must_not": [],
        "status": feedback.status,
    }


def _read(row: Any) -> Feedback:
    cited = tuple((id, quote) for id, quote in json.loads(row["cited"]))
    passages = tuple(json.loads(row["passages"]))
    return Feedback(**{**row, "thumb": Thumb(row["thumb"]), "state": State(row["state"]), "cited": cited, "passages": passages})
