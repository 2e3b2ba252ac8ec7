"""What people who sign in have asked and been answered, so that they find it again, on this process of the app or another.

Only of people who sign in: on a machine of one's own nobody is told apart, and a conversation lives as long as its page.
"""

import json
import time
from collections.abc import Callable

from pydantic import TypeAdapter
from sqlalchemy import Column, ColumnElement, Engine, Float, Integer, MetaData, String, Table, Text, delete, func, insert, select

from assistant.types import Answer

MOST = 50
"""Answers kept for one person; the oldest go."""
_schema = MetaData()
_answers = Table(
    "conversations",
    _schema,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("person", String(300), nullable=False, index=True),
    Column("at", Float, nullable=False, index=True),
    Column("answer", Text, nullable=False),
)
_json = TypeAdapter(Answer)


class Conversations:
    """The conversations in the database that `engine` opens, each kept for `days` after its last answer."""

    def __init__(self, engine: Engine, days: int, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock, self._seconds = engine, clock, days * 24 * 60 * 60
        _schema.create_all(engine)

    def of(self, person: str) -> list[Answer]:
        """The answers that a person has been given, oldest first; none are shown that are past their time."""
        self._expire()
        with self._engine.connect() as connection:
            rows = connection.execute(select(_answers.c.answer).where(_answers.c.person == person).order_by(_answers.c.id)).scalars()
            return [_json.validate_json(row) for row in rows][-MOST:]

    def add(self, person: str, answer: Answer) -> None:
        """Keep an answer."""
        with self._engine.begin() as connection:
            connection.execute(insert(_answers).values(person=person, at=self._clock(), answer=_json.dump_json(answer).decode()))
            kept = select(_answers.c.id).where(_answers.c.person == person).order_by(_answers.c.id.desc()).limit(MOST)
            connection.execute(delete(_answers).where(_answers.c.person == person, _answers.c.id.not_in(kept.scalar_subquery())))

    def drop_last(self, person: str) -> None:
        """Forget the last answer, which is asked for again."""
        last = select(func.max(_answers.c.id)).where(_answers.c.person == person).scalar_subquery()
        self._delete(_answers.c.id == last)

    def forget(self, person: str) -> None:
        """Forget all that a person asked."""
        self._delete(_answers.c.person == person)

    def forget_document(self, document_id: str) -> None:
        """Forget every answer that shows a passage of a document."""
        self._delete(_answers.c.answer.contains(f'"document_id":{json.dumps(document_id, ensure_ascii=False)}', autoescape=True))

    def _expire(self) -> None:
        newest = select(_answers.c.person).group_by(_answers.c.person).having(func.max(_answers.c.at) < self._clock() - self._seconds)
        self._delete(_answers.c.person.in_(newest))

    def _delete(self, which: ColumnElement[bool]) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(_answers).where(which))
