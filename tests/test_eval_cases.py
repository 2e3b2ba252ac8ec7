"""The cases of the evaluation: what is a case and what is not, and what an answer scores against one."""

import json

import pytest

from assistant.scope import Authorities
from assistant.types import Answer, Citation, Document, Hit, Kind, Passage, Sentence, Status
from eval.baselines import Row
from eval.cases import HALVES, Case, load, read
from eval.metrics import figure
from eval.score import Outcome, Target, found_by, scores

LETTER = Document("letter", "Letter", Kind.LETTER, authority="Sandwell")
CASE = {
    "id": "letter-dev-001",
    "question": "how good are plans",
    "who": "leader",
    "group": "letter",
    "gold": [{"passage": "letter:8", "phrase": "Most plans"}],
    "facts": [["most plans"], ["not all are seen", "some are not seen"]],
    "must_not": ["all plans"],
    "status": "answered",
}


def case(**changed: object) -> Case:
    return Case.model_validate_json(json.dumps(CASE | changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"group": "letters"},
        {"who": "nobody"},
        {"unknown": 1},
        {"gold": []},
        {"status": "not_in_library"},
        {"gold": [{"phrase": "nowhere"}]},
        {"gold": [{"passage": "a:1", "file": "a.pdf", "phrase": "both"}]},
        {"facts": [[]]},
        {"scope": {"since": "2023"}},
        {"scope": {"kind": "novel"}},
    ],
)
def test_what_is_no_case_is_refused(changed):
    with pytest.raises(ValueError):
        case(**changed)


def test_a_bad_line_is_named_and_an_id_is_used_once(tmp_path):
    file = tmp_path / "own_dev.jsonl"
    file.write_text(f"{json.dumps(CASE)}\n{{}}\n")
    with pytest.raises(ValueError, match=r"own_dev\.jsonl, line 2"):
        read(file)
    file.write_text(f"{json.dumps(CASE)}\n{json.dumps(CASE)}\n")
    with pytest.raises(ValueError, match="letter-dev-001"):
        load("dev", tmp_path)


def test_what_the_library_must_hold_follows_from_the_gold_else_from_whom_the_question_names():
    authorities = Authorities({"Sandwell": (), "Dudley": ()})
    shipped = frozenset({"Sandwell"})
    refused = {"gold": [], "facts": [], "status": "not_in_library", "group": "near_miss"}
    assert case().holding(authorities, shipped) == "corpus"
    assert case(gold=[{"file": "x.pdf", "phrase": "p"}]).holding(authorities, shipped) == "reports"
    assert case(**refused, question="plans in Sandwell").holding(authorities, shipped) == "corpus"
    assert case(**refused, question="plans in Dudley").holding(authorities, shipped) == "reports"
    assert case(**refused, library="reports").holding(authorities, shipped) == "reports"
    assert case(group="hostile").holding(authorities, shipped) == "hostile"


def test_the_halves_share_no_question():
    dev, test = ({case.question.lower() for case in load(half)} for half in HALVES)
    assert not dev & test


def test_every_gold_passage_of_the_corpus_holds_its_phrase(assistant):
    from eval.score import look_up

    cases = [case for half in HALVES for case in load(half) if all(gold.passage for gold in case.gold) and case.group != "hostile"]
    for one, targets in zip(cases, look_up(assistant.library, cases), strict=True):
        assert all(target.passages for target in targets), one.id


# -- scores ----------------------------------------------------------------------

TARGET = Target(frozenset({"letter:8"}), frozenset({"letter"}), frozenset({"Sandwell"}), "Most plans", "A")
OTHER = Target(frozenset({"note:1"}), frozenset({"note"}), frozenset(), "must be seen", "B")
TEXT = "Most plans are good. Not all are seen."


def citation(label: int, passage_id: str, authority: str, passage: str, kind: str = "letter") -> Citation:
    document = passage_id.split(":")[0]
    return Citation(label, passage_id, document, "", kind, "", authority, "", "", "", "", None, passage, passage, "")


def outcome(answer: Answer, targets: tuple[Target, ...] = (TARGET,), **changed: object) -> Outcome:
    return Outcome(case(**changed), targets, answer, 10.0)


def answered(citations: list[Citation], sentences: list[Sentence], hits: tuple[Hit, ...] = ()) -> Answer:
    text = " ".join(f"{s.text} [{s.citations[0]}]" for s in sentences)
    return Answer("", "", Status.ANSWERED, text, tuple(sentences), tuple(citations), hits)


def marks(outcome: Outcome) -> dict[str, float | None]:
    return {name: figure([score]) for name, score in scores(outcome).items()}


def test_a_right_answer_scores_full_marks():
    hits = tuple(Hit(Passage(id, "letter", 0, TEXT), LETTER, 1.0) for id in ("letter:7", "letter:8"))
    good = answered(
        [citation(1, "letter:8", "Sandwell", TEXT)], [Sentence(t, (1,)) for t in ("Most plans are good.", "Not all are seen.")], hits
    )
    found = marks(outcome(good))
    assert (found["hit@1"], found["hit@3"], found["MRR"]) == (0.0, 1.0, 0.5)
    assert [found[name] for name in ("citation precision", "citation recall", "fact recall", "gold cited", "qualifiers kept")] == [1.0] * 5
    assert (found["contradictions"], found["answerable refused"]) == (0.0, 0.0)
    assert found["characters in five"] == 2 * len(TEXT)
    assert found["words an answer"] == 8


@pytest.mark.parametrize(
    ("passage_id", "authority", "kind", "supports"),
    [
        ("letter:9", "Sandwell", "letter", 1.0),
        ("guidance:2", "", "guidance", 1.0),
        ("our-note:2", "Sandwell", "policy_note", 1.0),
        ("later-report:2", "Sandwell", "report", 0.0),
        ("elsewhere:2", "Dudley", "letter", 0.0),
    ],
)
def test_a_citation_supports_from_the_inspection_asked_about_or_from_national_text(passage_id, authority, kind, supports):
    answer = answered([citation(1, passage_id, authority, TEXT, kind)], [Sentence("Most plans are good.", (1,))])
    found = marks(outcome(answer))
    assert (found["citation precision"], found["gold cited"], found["citations that are gold"]) == (supports, 0.0, 0.0)


def test_a_sentence_its_passage_does_not_hold_is_not_supported_and_may_contradict():
    answer = answered([citation(1, "letter:8", "Sandwell", TEXT)], [Sentence("All plans are good.", (1,))])
    found = marks(outcome(answer))
    assert (found["citation precision"], found["citation recall"], found["contradictions"], found["qualifiers kept"]) == (0, 0, 1, 0)


def test_a_refusal_of_an_answerable_question_counts_against_facts_and_refusals():
    found = marks(outcome(Answer("", "", Status.NOT_IN_LIBRARY, "The library does not say.")))
    assert (found["answerable refused"], found["fact recall"], found["refusal precision"], found["gold cited"]) == (1, 0, 0, 0)
    assert found["citation precision"] is None


def test_a_refusal_is_right_by_being_one_and_exact_by_its_reason():
    refuse = {"gold": [], "facts": [], "status": "not_in_library", "group": "near_miss"}
    found = marks(outcome(Answer("", "", Status.OUT_OF_SCOPE, "Not covered."), (), **refuse))
    assert (found["refusal recall"], found["refusal precision"], found["refused as it should be"]) == (1, 1, 0)
    wrong = answered([citation(1, "letter:8", "Sandwell", TEXT)], [Sentence("Most plans are good.", (1,))])
    assert marks(outcome(wrong, (), **refuse))["refusal recall"] == 0
    assert "citation precision" not in marks(outcome(wrong, (), **refuse))


def test_a_comparison_must_cite_a_document_of_each_side():
    one = answered([citation(1, "letter:8", "Sandwell", TEXT)], [Sentence("Most plans are good.", (1,))])
    both = answered([*one.citations, citation(2, "note:3", "", "It must be seen.")], [*one.sentences, Sentence("It must be seen.", (2,))])
    assert marks(outcome(one, (TARGET, OTHER)))["both sides cited"] == 0
    assert marks(outcome(both, (TARGET, OTHER)))["both sides cited"] == 1
    assert marks(outcome(both, (TARGET,)))["both sides cited"] is None


def test_a_chunk_is_gold_by_its_document_and_phrase_a_passage_by_its_id():
    rows = [Row("... most  plans are ...", "letter"), Row("most plans", "other"), Row("anything", "letter", "letter:8")]
    assert found_by(rows, [TARGET]) == [[0], [], [0]]
