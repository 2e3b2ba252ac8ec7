"""The audit and the feedback: what is kept of a question, for how long, and what is not."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import gradio as gr
import pytest

from assistant.audit import ERASED, Audit, entry_of, library_mark, shown
from assistant.database import SERVICE, service_engine
from assistant.feedback import Reviews, State, Thumb, case_of, feedback_on
from assistant.people import HERE, Person, Role
from assistant.types import Answer, Citation, Progress, Status
from eval.cases import Case
from ui.feedback import FeedbackForm
from ui.logs import Json, where
from ui.operations import Operations
from ui.review import ReviewTab

SECRET = "how are the plans at brindle lodge"


def citation(passage: str, quote: str = "Most plans are clear.") -> Citation:
    return Citation(1, passage, passage.split(":")[0], "Letter", "letter", "Ofsted", "", "", "", "", "8", 1, quote, quote, "")


ANSWERED = Answer(SECRET, SECRET, Status.ANSWERED, "Most plans are clear. [1]", citations=(citation("letter:8"),))


def entry(answer: Answer = ANSWERED, at: str = "2026-05-01T10:00:00.000+00:00"):
    return replace(entry_of(answer, "sam", "abc", "", 12), at=at)


def test_an_entry_says_who_when_what_was_shown_and_the_versions_and_never_the_question(tmp_path):
    audit = Audit(service_engine(tmp_path))
    audit.write(entry())
    (held,) = audit.entries()
    assert (held.person, held.status, held.passages, held.milliseconds, held.question) == ("sam", "answered", ("letter:8",), 12, "")
    assert held.model == "extractive" and held.library == "abc" and len(held.code) == 16
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_the_text_of_questions_is_kept_for_the_days_that_are_set_and_no_longer(tmp_path):
    audit = Audit(service_engine(tmp_path), days=30)
    audit.write(entry_of(ANSWERED, "sam", "abc", "", 12))
    audit.write(entry())  # of long ago
    assert [e.question for e in audit.entries()] == ["", SECRET]
    assert [e.question for e in Audit(service_engine(tmp_path)).entries()] == ["", ""]  # turned off again


def test_a_blocked_question_is_kept_nowhere(tmp_path):
    audit = Audit(service_engine(tmp_path), days=30)
    audit.write(entry_of(replace(ANSWERED, status=Status.BLOCKED, citations=()), "sam", "abc", "", 12))
    assert [(e.status, e.question) for e in audit.entries()] == [("blocked", "")]


def test_entries_since_a_day(tmp_path):
    audit = Audit(service_engine(tmp_path))
    for day in ("2026-04-30", "2026-05-01", "2026-05-02"):
        audit.write(entry(at=f"{day}T09:00:00.000+00:00"))
    assert [e.at[:10] for e in audit.entries("2026-05-01")] == ["2026-05-01", "2026-05-02"]


def test_the_mark_of_a_library_changes_with_what_it_holds():
    assert library_mark({"a": "1", "b": "2"}) == library_mark({"b": "2", "a": "1"})
    assert library_mark({"a": "1"}) != library_mark({"a": "2"})


def test_an_erased_document_is_named_in_no_entry_and_in_no_feedback(tmp_path):
    audit, reviews = Audit(service_engine(tmp_path), days=9999), Reviews(service_engine(tmp_path))
    for passages in (("letter:8", "note:1"), ("letter-two:1",)):
        answer = replace(ANSWERED, citations=tuple(map(citation, passages)))
        audit.write(entry(answer))
        reviews.add(feedback_on(answer, "sam", Thumb.DOWN, ""))
    audit.forget_document("letter")
    assert {(e.passages, e.question) for e in audit.entries()} == {((ERASED, "note:1"), ""), (("letter-two:1",), SECRET)}
    assert reviews.forget_document("letter") == 1
    assert [shown(ANSWERED) and f.passages for f in reviews.all()] == [("letter-two:1",)]


def test_a_database_made_before_a_column_is_brought_up_to_date(tmp_path):
    with sqlite3.connect(tmp_path / SERVICE) as old:
        old.execute(
            "CREATE TABLE audit (id VARCHAR PRIMARY KEY, at VARCHAR, person VARCHAR, status VARCHAR, passages VARCHAR, "
            "model VARCHAR, prompts VARCHAR, library VARCHAR, code VARCHAR, milliseconds INTEGER)"
        )
        old.execute("INSERT INTO audit VALUES ('1', '2026-01-01', 'sam', 'answered', '[]', 'extractive', '', 'a', 'b', 5)")
    audit = Audit(service_engine(tmp_path), days=9999)
    audit.write(entry())
    assert [(e.id == "1", e.question) for e in audit.entries()] == [(True, ""), (False, SECRET)]


# -- feedback ------------------------------------------------------------------------


def test_feedback_is_kept_and_reviewed(tmp_path):
    reviews = Reviews(service_engine(tmp_path))
    reviews.add(feedback_on(ANSWERED, "sam", Thumb.DOWN, "It left out reviews."))
    (held,) = reviews.all()
    assert (held.person, held.thumb, held.reason, held.question) == ("sam", Thumb.DOWN, "It left out reviews.", SECRET)
    assert (held.cited, held.state) == ((("letter:8", "Most plans are clear."),), State.OPEN)
    reviews.set_state(held.id, State.CASE)
    assert [f.state for f in reviews.all()] == [State.CASE]


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.NOT_IN_LIBRARY])
def test_feedback_becomes_a_case_that_the_evaluation_reads(status):
    answer = replace(ANSWERED, status=status, citations=ANSWERED.citations if status is Status.ANSWERED else ())
    case = Case.model_validate_json(json.dumps(case_of(feedback_on(answer, "sam", Thumb.DOWN, ""))))
    assert (case.question, case.status) == (SECRET, status)
    assert [gold.passage for gold in case.gold] == (["letter:8"] if status is Status.ANSWERED else [])


class Asker:
    """What a request says of who sends it."""

    def __init__(self, person: Person) -> None:
        self.request = self
        self.state = self
        self.person = person


@pytest.fixture
def operations(assistant, tmp_path, monkeypatch) -> Operations:
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")  # the forms are made here without the server, which says so
    return Operations(assistant, service_engine(tmp_path))


def test_a_reason_that_identifies_someone_is_not_kept_and_is_offered_without(assistant, operations, tmp_path):
    with gr.Blocks():
        form = FeedbackForm(assistant, operations)
    told, _, offered = form.keep(ANSWERED, "No", "No help for Kayleigh's mum, dob 3/4/2015", Asker(HERE))
    assert "a name" in told or "1 name" in told
    assert "Kayleigh" not in offered and "2015" not in offered and offered.startswith("No help for")
    assert operations.reviews.all() == []
    told, _, _ = form.keep(ANSWERED, "No", offered, Asker(Person("sam", Role.READER)))
    assert "was sent" in told
    assert [(f.reason, f.person) for f in operations.reviews.all()] == [(offered, "sam")]
    assert b"Kayleigh" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_only_an_administrator_may_review(operations):
    operations.sent(feedback_on(ANSWERED, "sam", Thumb.DOWN, "Wrong."))
    (held,) = operations.reviews.all()
    with gr.Blocks():
        tab = ReviewTab(operations)
    reader, admin = Asker(Person("r", Role.EDITOR)), Asker(Person("a", Role.ADMIN))
    assert tab.offered(reader)["visible"] is False and tab.offered(admin)["visible"] is True
    for refused in (tab.listing("Open", "All", reader), tab.show(held.id, reader), tab.mark_done(held.id, "Open", "All", reader)):
        assert SECRET not in str(refused)
    assert [f.state for f in operations.reviews.all()] == [State.OPEN]
    assert SECRET in str(tab.listing("Open", "All", admin))
    tab.make_case(held.id, "Open", "All", admin)
    assert [f.state for f in operations.reviews.all()] == [State.CASE]
    assert "Nothing here" in str(tab.listing("Open", "All", admin)) and SECRET in str(tab.listing("Made a case", "Not useful", admin))


# -- what goes on around an answer -----------------------------------------------------


def events(answer: Answer) -> Iterator[Progress]:
    yield Progress("search")
    yield Progress("answer", answer=answer)


def test_an_answer_comes_although_the_audit_cannot_be_written_and_that_is_said_once(operations, tmp_path, caplog):
    with sqlite3.connect(tmp_path / SERVICE) as database:
        database.execute("DROP TABLE audit")
    for _ in range(2):
        found = list(operations.watched(events(ANSWERED), HERE))
        assert found[-1].answer == ANSWERED and operations.running == 0
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == [
        "The audit cannot be written; answers go on without it until it can"
    ]


def test_the_figures_count_answers_by_status(operations):
    list(operations.watched(events(ANSWERED), HERE))
    list(operations.watched(events(replace(ANSWERED, status=Status.NOT_IN_LIBRARY, citations=())), HERE))
    value = operations.figures.registry.get_sample_value
    assert value("assistant_questions_total", {"status": "answered"}) == 1
    assert value("assistant_questions_total", {"status": "not_in_library"}) == 1
    assert value("assistant_answer_seconds_count") == 2
    assert value("assistant_passages") == operations.assistant.passage_count


def test_a_log_line_says_where_an_error_arose_and_not_what_it_says():
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"bad: {SECRET}") from error
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "It failed", (), (type(error), error, error.__traceback__))
        line = json.loads(Json().format(record))
        assert line["error"] == where(error) and "ValueError at test_audit.py" in line["error"] and "KeyError" in line["error"]
        assert SECRET not in json.dumps(line)


def test_no_file_of_the_service_is_opened_before_there_is_a_library(tmp_path: Path):
    from typer.testing import CliRunner

    from app import cli

    made = CliRunner().invoke(cli, ["audit", "--json"], env={"LIBRARY_DIR": str(tmp_path / "none")})
    assert made.exit_code == 1 and "There is no library" in made.stderr and not (tmp_path / "none").exists()
