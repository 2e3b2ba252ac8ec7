"""What the words of a sentence leave unsure is read by the tuned model: a side is a mean of both, and the words stand where they are sure."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from assistant.classify import load_lexicon
from assistant.errors import CorpusError
from assistant.findings import Polarity
from assistant.settle import chances, likeliest, load_weights
from assistant.types import Document, Kind, Passage
from assistant.weigher import SIDES, Weigher
from eval.register import LABELS, labelled, load, marked, passages_of
from ingest.register import SURE, findings
from tests.conftest import CORPUS
from tests.shared import shared

LEXICON, WEIGHTS = load_lexicon(CORPUS / "register.toml"), load_weights(CORPUS / "register_weights.toml")
REPORT = Document("report", "T", Kind.REPORT)


class Asked:
    """Takes the place of the model: gives every sentence the same chances, and keeps what it was asked."""

    def __init__(self, *given: float) -> None:
        self.given, self.asked = given, []

    def chances(self, sentences):
        self.asked += sentences
        return np.tile(self.given, (len(sentences), 1))


@pytest.fixture(scope="module")
def weigher():
    return Weigher(CORPUS / "weigher.npz")


@pytest.mark.parametrize(
    ("before", "sentence", "side"),
    [
        ("", "Social workers know their children well and visit them often.", Polarity.STRENGTH),
        ("", "Too many children wait months before anyone writes to them.", Polarity.IMPROVEMENT),
        ("", "Records are up to date, but they do not say why decisions were taken.", Polarity.MIXED),
        ("", "There were 412 children in care in March 2019, of whom 37 lived more than 20 miles away.", Polarity.NEUTRAL),
    ],
)
def test_plain_sentences_are_weighed_as_a_person_would(weigher, before, sentence, side):
    [given] = weigher.chances([(before, "Children in care", sentence)])
    assert given.sum() == pytest.approx(1, abs=1e-5) and SIDES[int(given.argmax())] is side


def test_many_at_once_are_weighed_as_one_by_one(weigher):
    sentences = [("", "Care leavers", f"Plans are reviewed every {n} weeks and are{' not' * (n % 2)} clear.") for n in range(45)]
    together = weigher.chances(sentences)
    alone = np.concatenate([weigher.chances(sentences[i : i + 15]) for i in (0, 15, 30)])
    assert together.shape == (45, 4) and np.abs(together - alone).max() < 0.02
    assert weigher.chances([]).shape == (0, 4)


def test_a_file_that_is_no_weigher_is_refused_in_one_line(tmp_path):
    (tmp_path / "text.npz").write_text("not weights")
    (tmp_path / "empty.npz").write_bytes(b"")
    (tmp_path / "cut.npz").write_bytes((CORPUS / "weigher.npz").read_bytes()[:1000])
    np.savez(tmp_path / "other.npz", head=np.zeros(3))
    for name in ("text", "empty", "cut", "other", "none"):
        file = tmp_path / f"{name}.npz"
        with pytest.raises(CorpusError, match="weights of the register"):
            Weigher(file).chances([("", "", "Plans are clear.")])


def test_a_corpus_without_one_goes_by_the_words(tmp_path):
    shutil.copy(CORPUS / "register_weights.toml", tmp_path)
    weights = load_weights(tmp_path / "register_weights.toml")
    assert weights.weigher is None
    assert findings(REPORT, [Passage("report:1", "report", 0, "The panel meets on Mondays.", "1", "Care leavers")], LEXICON, weights)


def test_the_likeliest_is_the_best_mean():
    assert likeliest((0.6, 0.3, 0.1, 0.0)) is Polarity.STRENGTH
    assert likeliest((0.6, 0.3, 0.1, 0.0), (0.1, 0.7, 0.1, 0.1)) is Polarity.IMPROVEMENT
    assert sum(chances(WEIGHTS, {"bias": 1.0, "praise only": 1.0})) == pytest.approx(1)


def test_only_what_the_words_are_unsure_of_is_read_again():
    text = "Social workers know children exceptionally well and practice is strong. The panel meets on Mondays in the town hall."
    model = Asked(0.0, 0.0, 0.0, 1.0)
    made = findings(REPORT, [Passage("report:1", "report", 0, text, "1", "Care leavers")], LEXICON, replace(WEIGHTS, weigher=model))
    assert [heading for _, heading, _ in model.asked] == ["Care leavers"] * len(model.asked)
    assert "know children exceptionally well" not in " ".join(sentence for _, _, sentence in model.asked)
    assert made[0].polarity is Polarity.STRENGTH and SURE < 1
    assert [f.polarity for f in made if f.text == model.asked[-1][2]] == [Polarity.NEUTRAL]


def test_what_stands_before_a_sentence_is_read_with_it():
    model = Asked(0.25, 0.25, 0.25, 0.25)
    passage = Passage("report:1", "report", 0, "The panel meets on Mondays. This has begun to help some of them.", "1", "Care leavers")
    findings(REPORT, [passage], LEXICON, replace(WEIGHTS, weigher=model))
    assert ("The panel meets on Mondays.", "Care leavers", "This has begun to help some of them.") in model.asked


def test_what_heads_what_needs_to_improve_is_not_weighed():
    model = Asked(1.0, 0.0, 0.0, 0.0)
    passage = Passage("report:1", "report", 0, "- The quality of plans.", "1", "What needs to improve")
    [finding] = findings(REPORT, [passage], LEXICON, replace(WEIGHTS, weigher=model))
    assert finding.polarity is Polarity.IMPROVEMENT and not model.asked


def test_labels_without_their_text_find_their_sentences():
    rows = [json.loads(line) for line in (LABELS / "read.jsonl").read_text().splitlines()]
    held_out = {label.file for label in load("test")}
    assert sum(len(row["read"]) for row in rows) > 22_000 and held_out.isdisjoint(row["file"] for row in rows)
    row = rows[0]
    labels = list(labelled(row["file"], row["read"], passages_of(row["file"], shared("reports"))[1]))
    assert sorted(marked(label.sentence) for label in labels) == sorted(row["read"])
    assert {label.polarity for label in labels} <= {str(side) for side in SIDES}


def test_a_mark_is_of_letters_and_digits_and_a_sentence_is_found_where_it_stands_first():
    assert marked("Plans  are\nclear.") == marked("plans are clear")
    passages = [Passage(f"d:{n}", "d", n, "Plans are clear. Visits vary.", str(n)) for n in (1, 2)]
    [label] = labelled("f.pdf", {marked("Plans are clear."): "strength plans"}, passages)
    assert (label.paragraph, label.sentence, label.polarity, label.themes) == ("1", "Plans are clear.", "strength", {"plans"})
