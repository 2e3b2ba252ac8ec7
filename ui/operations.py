"""What is kept and told of the app as it runs: the audit and the log of each answer, the figures that a monitor reads, and its health."""

import logging
import threading
import time
from collections import Counter as Counts
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import Engine

from assistant.audit import Audit, entry_of
from assistant.chain import Assistant
from assistant.errors import LibraryError, ServeError
from assistant.feedback import Feedback, Reviews
from assistant.people import Person
from assistant.types import COUNTED, QUOTED, Answer, Progress, Status
from ingest.run import Outcome
from ui.logs import NAME, tell

if TYPE_CHECKING:
    from fastapi import FastAPI

_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3, 5, 10, 30, 60)
_STOPPING = "The app is being stopped; ask again in a minute."
_NOT_NOTED = "The audit cannot be written; answers go on without it until it can"


class Operations:
    """The audit, the feedback and the figures of one app. Events of all sessions share it."""

    def __init__(self, assistant: Assistant, engine: Engine, question_days: int = 0) -> None:
        self.assistant = assistant
        self.audit, self.reviews = Audit(engine, question_days), Reviews(engine)
        self.figures = Figures(assistant)
        self.stopping = False
        self.running = 0
        self._lock = threading.Lock()
        self._audit_works = True

    # -- questions ---------------------------------------------------------------

    def check_open(self) -> None:
        """Raises ServeError where the app is being stopped and takes no more questions."""
        if self.stopping:
            raise ServeError(_STOPPING)

    def watched(self, events: Iterator[Progress], person: Person) -> Iterator[Progress]:
        """The events, the answer among them noted before it is passed on."""
        with self._counted():
            begun = time.perf_counter()
            for event in events:
                if event.answer:
                    self._note(event.answer, person, time.perf_counter() - begun)
                yield event

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self.running += 1
        try:
            yield
        finally:
            with self._lock:
                self.running -= 1

    def _note(self, answer: Answer, person: Person, seconds: float) -> None:
        """Whatever becomes of the note, the answer goes on to who waits for it."""
        writer = self.assistant.writer
        prompts = writer.prompts.mark if writer and answer.model not in (QUOTED, COUNTED) else ""
        try:
            entry = entry_of(answer, person.id, self.assistant.mark, prompts, round(1000 * seconds))
            if self.assistant.identity.found(entry.question):
                entry = replace(entry, question="")
            self.figures.answered(answer.status, seconds)
            tell("answered", id=entry.id, person=person.id, status=entry.status, milliseconds=entry.milliseconds, model=entry.model)
            self.audit.write(entry)
            self._audit_works = True
        except LibraryError:
            self.figures.errors.labels("audit").inc()
            if self._audit_works:
                logging.getLogger(NAME).exception(_NOT_NOTED)
            self._audit_works = False

    # -- the rest ----------------------------------------------------------------

    def ingested(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        """The outcomes of added files, counted."""
        for what, count in Counts(outcome.what for outcome in outcomes).items():
            self.figures.ingested.labels(what).inc(count)
        return outcomes

    def failed(self, what: str) -> None:
        """Log an error that nobody foresaw, and count it; called where it is caught."""
        self.figures.errors.labels("unforeseen").inc()
        logging.getLogger(NAME).exception(what)

    def sent(self, feedback: Feedback) -> None:
        """Keep a piece of feedback, and count it. Raises LibraryError."""
        self.reviews.add(feedback)
        self.figures.feedback.labels(feedback.thumb.value).inc()

    def health(self) -> dict[str, Any]:
        """What the library holds, once the record and the index have both answered. Raises LibraryError."""
        counts = self.assistant.library.counts()
        self.assistant.index.require_answer()
        self.check_open()
        return {"status": "ok", "documents": len(counts), "passages": sum(counts.values())}

    def routes(self, server: "FastAPI") -> None:
        """Add /health and /metrics to the server."""
        from fastapi.responses import JSONResponse, Response

        @server.get("/health")
        def health() -> Response:
            try:
                return JSONResponse(self.health())
            except (LibraryError, ServeError) as error:
                why = (
                    str(error)
                    if isinstance(error, ServeError)
                    else "The library does not answer; see the log, and run python app.py check."
                )
                return JSONResponse({"status": "failing", "why": why}, status_code=503)

        @server.get("/metrics")
        def metrics() -> Response:
            return Response(generate_latest(self.figures.registry), media_type=CONTENT_TYPE_LATEST)


class Figures:
    """The figures as Prometheus has them, in a registry of their own."""

    def __init__(self, assistant: Assistant) -> None:
        self.registry = CollectorRegistry()
        made: dict[str, Any] = {"namespace": "assistant", "registry": self.registry}
        self._questions = Counter("questions", "Questions that were given an answer or a refusal, by status.", ["status"], **made)
        self._seconds = Histogram("answer_seconds", "Seconds from a question's turn to its answer.", buckets=_SECONDS, **made)
        self.errors = Counter("errors", "Errors: an audit that could not be written, and what nobody foresaw.", ["kind"], **made)
        self.ingested = Counter("ingested_files", "Files brought to the library in the app, by outcome.", ["outcome"], **made)
        self.feedback = Counter("feedback", "Feedback sent, by thumb.", ["thumb"], **made)
        Gauge("documents", "Documents in the library.", **made).set_function(lambda: len(assistant.documents))
        Gauge("passages", "Passages in the library.", **made).set_function(lambda: assistant.passage_count)
        for status in Status:
            self._questions.labels(status.value)

    def answered(self, status: Status, seconds: float) -> None:
        """Count an answer."""
        self._questions.labels(status.value).inc()
        self._seconds.observe(seconds)
