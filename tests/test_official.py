"""The law that a note's reference names: found by its place, and quoted beside the note where the library holds it."""

import pytest

from assistant.chain import Assistant
from assistant.library import Library
from assistant.official import by_place, official
from assistant.types import Kind, Passage
from ingest.run import ingest
from tests.conftest import CORPUS
from tests.test_readers_clml import act, section, subsection

PLACES = by_place(
    {"ca": "Children Act 1989", "sa": "Supported Accommodation (England) Regulations 2023"},
    [
        Passage("ca:1", "ca", 0, "One.", "s. 47(1)"),
        Passage("ca:2", "ca", 1, "Two.", "s. 47(2)(a)"),
        Passage("sa:1", "sa", 0, "Three.", "reg. 4"),
        Passage("sa:2", "sa", 1, "Four.", "Sch. 1 para. 2"),
    ],
)


@pytest.mark.parametrize(
    ("reference", "passage"),
    [
        ("Children Act 1989 s.47(2)", "ca:2"),
        ("Children Act 1989 s.47(9)-(11)", "ca:1"),
        ("Children Act 1989 ss.47(1)(b), 44(1)", "ca:1"),
        ("Children Act 1989 s.44(1)", ""),
        ("Children Act 2004 s.47(1)", ""),
        ("Supported Accommodation (England) Regulations 2023 (SI 2023/416) regs 4-7", "sa:1"),
        ("Working Together to Safeguard Children 2026, chapter 3", ""),
    ],
)
def test_a_reference_names_the_subsection_else_the_section(reference: str, passage: str) -> None:
    assert official(reference, PLACES) == passage


def test_the_law_stands_beside_the_note_that_names_it(tmp_path, first_run, embedder) -> None:
    file = tmp_path / "act.xml"
    words = "<Text>Each authority shall look into it within the time that is set.</Text>"
    file.write_bytes(act(section("47", subsection("1", words))).replace(b"Children (Examples) Act 1999", b"Children Act 1989"))
    with Library(first_run.copied(tmp_path / "library")) as library:
        ingest([file], library, embedder, CORPUS)
        answer = Assistant(library, embedder, CORPUS).ask("When must we start a section 47 enquiry?")
        kinds = {citation.kind for citation in answer.citations}
        assert {Kind.POLICY_NOTE, Kind.LEGISLATION} <= kinds
        law = next(citation for citation in answer.citations if citation.kind == Kind.LEGISLATION)
        assert law.reference == "Children Act 1989 s. 47(1)"
        assert law.quote == "Each authority shall look into it within the time that is set."
        assert law.passage_id in {hit.passage.id for hit in answer.passages}
