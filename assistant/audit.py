"""The audit: who asked when, what was shown, how it ended and which versions made it. Ids, and no question's text unless that is turned on.

AUDIT_QUESTIONS_DAYS says for how many days the text of questions is kept as well; 0, as it is unless set, keeps none.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, insert, select, update

from assistant.database import prepare, transaction
from assistant.refusal import NEAREST, NEAREST_SHOWN
from assistant.settings import ROOT
from assistant.types import Answer, Status
from assistant.version import version

_schema = MetaData()
_audit = Table(
    "audit",
    _schema,
    Column("id", String, primary_key=True),
    Column("at", String, nullable=False, index=True),
    Column("person", String, nullable=False),
    Column("status", String, nullable=False),
    Column("passages", String, nullable=False),
    Column("model", String, nullable=False),
    Column("prompts", String, nullable=False),
    Column("library", String, nullable=False),
    Column("code", String, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("question", String, nullable=True),
)
ERASED = "(erased)"
"""In place of the id of a passage whose document was erased."""


@dataclass(frozen=True)
class Entry:
    """One question. `at` is ISO, UTC; `passages` are the ids of those shown, in order; `library`, `code` and `prompts` are marks
    that change when what they stand for does, "" for prompts where no model wrote; `question` is "" where it is not kept."""

    id: str
    at: str
    person: str
    status: str
    passages: tuple[str, ...]
    model: str
    prompts: str
    library: str
    code: str
    milliseconds: int
    question: str = ""


COLUMNS = tuple(f.name for f in fields(Entry))


def entry_of(answer: Answer, person: str, library: str, prompts: str, milliseconds: int) -> Entry:
    """The entry of an answer given now. `question` is as the answer has it, which a blocked one does not."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    question = "" if answer.status is Status.BLOCKED else answer.question
    return Entry(
        uuid.uuid4().hex,
        at,
        person,
        answer.status.value,
        shown(answer),
        answer.model,
        prompts,
        library,
        code_mark(),
        milliseconds,
        question,
    )


def shown(answer: Answer) -> tuple[str, ...]:
    """The ids of the passages that an answer shows: cited, said to be expected, or nearest to a question it refuses."""
    near = [hit.passage.id for hit in answer.passages[:NEAREST_SHOWN]] if NEAREST in answer.answer else []
    linked = [link.passage_id for link in answer.expected if link.passage_id]
    return tuple(dict.fromkeys([*(citation.passage_id for citation in answer.citations), *linked, *near]))


def library_mark(stamps: Mapping[str, str]) -> str:
    """A short mark of what a library holds, made of its documents and the stamp of each."""
    return hashlib.sha256(json.dumps(sorted(stamps.items())).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def code_mark() -> str:
    """A short mark of the code and the settled facts that make answers."""
    return version([*(ROOT / "assistant").glob("*.py"), *(ROOT / "corpus").glob("*.toml"), *(ROOT / "corpus").glob("*.npz")])


class Audit:
    """The entries in the database of `engine`. The text of questions is kept for `days`, and deleted after.

    Raises LibraryError where the database cannot be read or written.
    """

    def __init__(self, engine: Engine, days: int = 0) -> None:
        self._engine, self._days = engine, days
        prepare(engine, _schema)
        self.forget_old_questions()

    def write(self, entry: Entry) -> None:
        """Add an entry; its question only where the deployment keeps them."""
        row = {**asdict(entry), "passages": json.dumps(entry.passages), "question": entry.question if self._days else None}
        with transaction(self._engine) as connection:
            connection.execute(insert(_audit), [row])
        if self._days:
            self.forget_old_questions()

    def forget_old_questions(self) -> None:
        """Delete the text of questions older than is kept."""
        until = (datetime.now(UTC) - timedelta(days=self._days)).isoformat(timespec="milliseconds")
        with transaction(self._engine) as connection:
            connection.execute(update(_audit).where(_audit.c.question.is_not(None), _audit.c.at < until).values(question=None))

    def entries(self, since: str = "") -> list[Entry]:
        """The entries from the day or time `since` (ISO) on, oldest first."""
        with transaction(self._engine) as connection:
            rows = connection.execute(select(_audit).where(_audit.c.at >= since).order_by(_audit.c.at))
            return [Entry(**{**row._mapping, "passages": tuple(json.loads(row.passages)), "question": row.question or ""}) for row in rows]

    def forget_document(self, document_id: str) -> None:
        """Take the ids of a document's passages, which hold its name, out of every entry, and questions answered from it too."""
        with transaction(self._engine) as connection:
            for row in connection.execute(
                select(_audit.c.id, _audit.c.passages).where(_audit.c.passages.contains(document_id, autoescape=True))
            ).all():
                held = json.loads(row.passages)
                kept = [ERASED if belongs(id, document_id) else id for id in held]
                if kept != held:
                    values = {"passages": json.dumps(kept), "question": None}
                    connection.execute(update(_audit).where(_audit.c.id == row.id).values(values))


def belongs(passage_id: str, document_id: str) -> bool:
    """Whether a passage is one of the document's, by their ids."""
    return passage_id.startswith(f"{document_id}:")
