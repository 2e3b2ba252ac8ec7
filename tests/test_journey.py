"""From the letter on disk to a cited answer, with the real embedding model."""

import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.scope import read_scope
from assistant.text import stem
from assistant.types import Kind, Scope, Status
from assistant.vectors import VectorIndex
from eval.cases import load
from ingest.run import ingest
from tests.conftest import CORPUS, LETTER, run, typed

ROOT = Path(__file__).resolve().parent.parent


def test_a_question_about_the_letter_is_answered_with_its_paragraph(assistant):
    answer = assistant.ask("What did inspectors find about supervision in Sandwell?")
    assert answer.status is Status.ANSWERED
    first = answer.citations[0]
    assert (first.passage_id, first.paragraph, first.section) == (f"{LETTER}:18", "18", "Main findings")
    assert "within several locality teams this remains an area for improvement" in first.quote
    assert any("2 December 2025" in notice for notice in answer.notices)
    assert len(answer.passages) >= 10


@pytest.mark.parametrize(
    ("question", "phrase", "reference"),
    [
        ("when is the icpc due after a strat", "within 15 working days of the strategy discussion", "Working Together"),
        ("how long do care proceedings take max", "26 weeks", "s.32"),
        ("is family group decision making in force yet", "Enacted is not in force", "2026"),
        ("suspect believe satisfied whats the difference", "suspect", "s.47"),
    ],
)
def test_law_is_given_with_its_clock_test_or_standing_and_reference(assistant, question, phrase, reference):
    answer = assistant.ask(question)
    text = answer.answer + " ".join(answer.notices)
    assert answer.status is Status.ANSWERED
    assert phrase in text and reference in answer.answer


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("what did ofsted find in dudley", Status.NOT_IN_LIBRARY),
        ("what is the law on this in scotland", Status.OUT_OF_SCOPE),
        ("write me a python script to sort a list", Status.OUT_OF_SCOPE),
        ("sandwell weather this weekend", Status.OUT_OF_SCOPE),
        ("calpol dose for a 4 year old", Status.OUT_OF_SCOPE),
        ("a child is being beaten right now next door", Status.NEEDS_A_PERSON),
        ("can you advise on Tom, dob 01/02/2014", Status.BLOCKED),
        ("", Status.ERROR),
    ],
)
def test_what_cannot_be_answered_is_refused_by_status(assistant, question, status):
    answer = assistant.ask(question)
    assert answer.status is status
    assert not answer.sentences and answer.answer


def test_a_gap_in_what_is_known_is_no_reason_to_refuse_what_the_letter_says_of_the_authority(assistant):
    answer = assistant.ask("how well are social workers supervised in sandwell")  # near to a phrase on opinions of social workers
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].passage_id == f"{LETTER}:18"
    assert assistant.ask("are social workers too powerful in sandwell").status is Status.OUT_OF_SCOPE


def test_what_is_beyond_the_library_is_refused_where_the_filters_leave_no_document_too(assistant):
    nothing = Scope(kinds=frozenset({Kind.LOCAL}))
    assert assistant.ask("what is the weather this weekend", nothing).status is Status.OUT_OF_SCOPE


def test_danger_comes_with_999_first(assistant):
    assert assistant.ask("he is hitting the baby right now").answer.startswith("**If a child may be in danger now, call 999.**")


def test_every_quote_over_many_questions_is_verbatim_in_its_passage(assistant):
    """A sample here; `python -m eval` counts it over every question."""
    questions = [case.question for case in load("dev")][::12]
    assert len(questions) >= 120
    for question in questions:
        answer = assistant.ask(question)
        stored = assistant.library.passages([c.passage_id for c in answer.citations])
        for citation in answer.citations:
            assert citation.quote in stored[citation.passage_id].text
        labels = {c.label for c in answer.citations}
        assert all(set(s.citations) <= labels for s in answer.sentences)


def test_what_was_found_at_a_place_stands_before_the_law(assistant):
    def first(question: str):
        reading = read_scope(question, Scope(), assistant.authorities, assistant.documents, assistant.held)
        return assistant.retriever.hits(question, reading)[0].document

    assert first("police protection in Sandwell").id == LETTER
    assert first("we are in Sandwell: what is police protection").kind is Kind.POLICY_NOTE


def test_filters_hold(assistant):
    answer = assistant.ask("supervision", Scope(document=LETTER))
    assert {hit.document.id for hit in answer.passages} == {LETTER}


def test_ingesting_again_writes_nothing_and_the_vectors_rebuild_from_the_record(assistant, embedder):
    outcomes = ingest([CORPUS], assistant.library, embedder, CORPUS)
    assert {o.what for o in outcomes} == {"unchanged"}
    index = VectorIndex(assistant.library, embedder)
    assert index.sync() == 0
    asked = index.embed(["supervision"])
    before = [n.passage_id for n in index.search(asked, [LETTER], 20)]
    index.rebuild()
    assert index.sync() > 1000
    assistant.index = index
    assistant.reload()
    assert [n.passage_id for n in index.search(asked, [LETTER], 20)] == before


@pytest.fixture(scope="module")
def used(first_run, tmp_path_factory):
    return first_run.copied(tmp_path_factory.mktemp("used") / "library")


def test_the_command_line_from_nothing(first_run, tmp_path):
    assert "reading corpus/ first" in first_run.stderr
    first, second, third = map(json.loads, first_run.stdout.splitlines())
    assert first["citations"][0]["passage_id"] == "child-protection-conferences:1"
    assert {p["document_id"] for p in second["passages"]} == {LETTER}
    assert third["status"] == "error"

    library = first_run.copied(tmp_path / "library")
    own = tmp_path / "Our procedure.md"
    own.write_text("# Visits\n\nChild in need visits in Borsetshire are every 3 weeks by local rule.\n")
    (tmp_path / "bad.pdf").write_bytes(b"<html></html>")
    added = run("-m", "ingest", str(own), str(tmp_path / "bad.pdf"), library=library)
    assert added.returncode == 0 and "bad.pdf is named .pdf but is HTML" in " ".join(added.stdout.split())
    local = typed("ask", "how often are cin visits in borsetshire", "--json", "--kind", "local", library=library)
    assert json.loads(local.stdout)["citations"][0]["document_id"] == "our-procedure"

    assert len(json.loads(typed("library", "--json", library=library).stdout)) > 30
    assert "the index matches" in typed("check", library=library).stdout
    empty = run("app.py", "ask", "", library=library)
    assert (empty.returncode, len(empty.stderr.splitlines())) == (1, 1)
    assert typed("ask", "--nonsense", library=library).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["ask"], 2, "Give a question"),
        (["ask", "supervision", "--authority", "Narnia"], 1, "not an English authority"),
        (["ask", "supervision", "--kind", "novel"], 1, "use one of"),
        (["ask", "supervision", "--document", "none"], 1, "python app.py library"),
        (["ask", "--file", "no such file"], 1, "cannot be read as text"),
    ],
)
def test_wrong_use_says_what_to_do_in_one_line(used, arguments, code, says):
    done = typed(*arguments, library=used)
    assert done.exit_code == code
    assert says in " ".join(done.stderr.replace("\u2502", " ").split())
    assert isinstance(done.exception, SystemExit)


def test_findings_are_listed_as_the_contract_has_them(used):
    columns = "finding_id,document_id,authority,published,section,paragraph,page,theme,polarity,quantifier,text"
    done = typed("findings", "--csv", library=used)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert done.stdout.splitlines()[0] == columns and len(rows) > 70
    assert {row["polarity"] for row in rows} <= {"strength", "improvement", "mixed", "neutral"}
    assert len({row["finding_id"] for row in rows}) == len(rows)

    listed = typed("findings", "--json", "--theme", "supervision", "--polarity", "improvement", "--since", "2025", library=used)
    found = json.loads(listed.stdout)
    assert all("supervision" in row["themes"] and row["polarity"] == "improvement" for row in found)
    regular = next(row for row in found if row["text"].startswith("Regularity and quality of supervision"))
    assert {"ground": "theme: Supervision and management oversight", "reference": "enabler 2",
            "says": "leaders drive conditions for effective practice", "passage_id": ""} in regular["expected"]  # fmt: skip
    assert "supervision:1" in {link["passage_id"] for link in regular["expected"]}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["findings"], 2, "Give --csv or --json"),
        (["findings", "--csv", "--theme", "weather"], 1, "is not a theme; use one of supervision"),
        (["findings", "--csv", "--polarity", "bad"], 1, "use one of strength"),
        (["findings", "--csv", "--region", "Wales"], 1, "is not a region"),
        (["findings", "--csv", "--since", "last year"], 1, "must be a year or a date"),
        (["compare", "Sandwell", "Dudley"], 1, "holds no letter or report on Dudley"),
        (["progress", "Sandwell"], 1, "report published 2 December 2025"),
    ],
)
def test_wrong_use_of_the_register_says_what_to_do(used, arguments, code, says):
    done = typed(*arguments, library=used)
    assert done.exit_code == code
    assert says in " ".join(done.stderr.replace("\u2502", " ").split())
    assert isinstance(done.exception, SystemExit)


def test_many_who_ask_at_once_are_answered_as_one_after_the_other(assistant):
    questions = [case.question for case in load("dev") if not case.turns][:200:4]

    def asked(question: str):
        answer = assistant.ask(question)
        return answer.status, answer.answer, [hit.passage.id for hit in answer.passages]

    stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(asked, questions))
    assert together == [asked(question) for question in questions]
