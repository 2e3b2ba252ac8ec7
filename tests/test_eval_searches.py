"""The other searches and the assistant in part: each leaves out what it says, and nothing else."""

import numpy as np

from assistant.chain import Turn
from assistant.types import COUNTED, Scope, Status
from eval.ablation import variants
from eval.baselines import Baseline, Row, _vectors
from tests.conftest import CORPUS
from tests.fakes import Counting


def test_a_baseline_gives_the_best_rows_of_the_documents_in_scope():
    rows = [Row("one", "a"), Row("two", "b"), Row("three", "a"), Row("four", "b")]
    search = Baseline("by place", rows, lambda question: np.array([1.0, 4.0, 3.0, 2.0])).search
    assert [row.text for row in search("?", {"a", "b"})] == ["two", "three", "four", "one"]
    assert [row.text for row in search("?", {"a"})] == ["three", "one"]
    assert [row.text for row in search("?", {"a", "b"}, k=1)] == ["two"]


def test_vectors_are_made_once_for_the_same_texts_and_stand_in_their_order(tmp_path):
    embedder = Counting()
    texts = ["long text", "a", "text"]
    first = _vectors(texts, embedder, tmp_path, lambda done, total: None)
    assert first[:, 0].tolist() == [9, 1, 4]
    assert (_vectors(texts, embedder, tmp_path, lambda done, total: None) == first).all() and embedder.texts == 3
    _vectors([*texts, "more"], embedder, tmp_path, lambda done, total: None)
    assert embedder.texts == 7


def test_each_part_is_switched_off_in_turn_and_on_again(assistant, embedder):
    asked = "how good is suprevision in Sandwell"
    turn = Turn(asked, standalone=asked)
    seen = {}
    for name, variant in variants(assistant.library, embedder, CORPUS):
        weights, unphrased = vars(variant.retriever.weights), vars(variant.retriever.unphrased)
        seen[name] = (
            [signal for signal, weight in weights.items() if weight == 0 == unphrased[signal]],
            bool(variant.vocabulary.terms),
            "supervision" in variant.spelling.corrected(asked),
            variant.find_scope(turn).reading.scope.authority,
            any(phrase.gap and not phrase.gap.calls for phrase, _ in variant.neighbours("how many social workers left last year")),
        )
    whole = ([], True, True, "Sandwell", True)
    assert seen.pop("everything") == whole
    assert seen.pop("signal: words") == (["words"], *whole[1:])
    assert seen.pop("vocabulary") == ([], False, *whole[2:])
    assert seen.pop("spelling") == ([], True, False, *whole[3:])
    assert seen.pop("known gaps") == (*whole[:4], False)
    assert seen.pop("reading the scope") == (*whole[:3], Scope().authority, True)
    assert len(seen) == 15 and all(found[1:] == whole[1:] for found in seen.values())


def test_without_a_step_a_question_gets_what_is_left(assistant, embedder):
    parts = dict(variants(assistant.library, embedder, CORPUS))
    whole = parts["everything"]

    follow_up = ("and for care leavers?", None, ("How good is supervision in Sandwell?",))
    assert "Sandwell" in whole.ask(*follow_up).standalone_question
    assert parts["reading follow-ups"].ask(*follow_up).standalone_question == "and for care leavers?"

    counted = "How many areas for improvement are there in Sandwell?"
    assert whole.ask(counted).model == COUNTED != parts["counting"].ask(counted).model

    both = "What does the letter say about supervision, and what does statutory guidance expect?"
    kinds = {name: {c.kind for c in parts[name].ask(both).citations} for name in ("everything", "two sides")}
    assert len(kinds["everything"]) > 1

    unanswered = "What was the budget of Sandwell's children's services?"
    assert whole.ask(unanswered).status is not Status.ANSWERED
    assert parts["the gate"].ask(unanswered).status is Status.ANSWERED
