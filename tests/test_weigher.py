"""A sentence is weighed by its words and by the tuned model, which reads it in its paragraph: both decide its side and its themes."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from assistant.classify import load_lexicon
from assistant.errors import CorpusError
from assistant.findings import Polarity, load_themes
from assistant.settle import Weights, chances, likeliest, load_weights, themes
from assistant.types import Document, Kind, Passage
from assistant.weigher import SIDES, Chances, Weigher, given, windows
from eval.register import LABELS, labelled, load, marked, passages_of
from ingest.register import findings
from tests.conftest import CORPUS
from tests.shared import shared
from tests.words import Words

LEXICON, WEIGHTS = load_lexicon(CORPUS / "register.toml"), load_weights(CORPUS / "register_weights.toml")
REPORT = Document("report", "T", Kind.REPORT)


class Asked:
    """Takes the place of the model: gives every sentence the same chances, and keeps what it was asked."""

    def __init__(self, *given: float) -> None:
        self.given, self.asked = given, []

    def chances(self, paragraphs):
        self.asked += paragraphs
        return [Chances(np.tile(self.given, (len(sentences), 1)), [{} for _ in sentences]) for _, sentences in paragraphs]


@pytest.fixture(scope="module")
def weigher():
    return Weigher(CORPUS / "weigher.npz")


@pytest.mark.parametrize(
    ("sentence", "side"),
    [
        ("Social workers know their children well and visit them often.", Polarity.STRENGTH),
        ("Too many children wait months before anyone writes to them.", Polarity.IMPROVEMENT),
        ("Records are up to date, but they do not say why decisions were taken.", Polarity.MIXED),
        ("There were 412 children in care in March 2019, of whom 37 lived more than 20 miles away.", Polarity.NEUTRAL),
    ],
)
def test_plain_sentences_are_weighed_as_a_person_would(weigher, sentence, side):
    [read] = weigher.chances([("Children in care", (sentence,))])
    assert read.sides.sum() == pytest.approx(1, abs=1e-5) and SIDES[int(read.sides[0].argmax())] is side


def test_what_a_sentence_is_about_is_weighed_too(weigher):
    [read] = weigher.chances([("Care leavers", ("Personal advisers help care leavers.", "Caseloads of social workers are too high."))])
    assert set(read.about[0]) == {theme.id for theme in load_themes(CORPUS / "themes.toml")}
    assert max(read.about[0], key=read.about[0].get) == "care-leavers" and read.about[1]["workforce"] > 0.5
    assert all(0 <= chance <= 1 for about in read.about for chance in about.values())


def test_a_sentence_is_weighed_among_its_neighbours(weigher):
    fact = "Eighteen young people are at university."
    praised = ("The service is very good at helping care leavers into higher education.", fact)
    alone, among = (weigher.chances([("Care leavers", sentences)])[0].sides[-1][0] for sentences in ((fact,), praised))
    assert among > alone + 0.2


def test_many_at_once_are_weighed_as_one_by_one(weigher):
    paragraphs = [
        ("Care leavers", tuple(f"Plans are reviewed every {n} weeks and are{' not' * (n % 2)} clear." for n in range(many)))
        for many in (1, 45, 0, 3)
    ]
    together = weigher.chances(paragraphs)
    assert [(one.sides.shape, len(one.about)) for one in together] == [((1, 4), 1), ((45, 4), 45), ((0, 4), 0), ((3, 4), 3)]
    for one, paragraph in zip(together, paragraphs, strict=True):
        [alone] = weigher.chances([paragraph])
        assert np.abs(one.sides - alone.sides).max(initial=0) < 0.02
        assert one.sides.sum(axis=1) == pytest.approx(np.ones(len(one.sides)), abs=1e-5)
        assert [max(about, key=about.get) for about in one.about] == [max(about, key=about.get) for about in alone.about]
    assert weigher.chances([]) == []


def test_a_paragraph_longer_than_a_window_is_read_in_several_with_what_stands_around():
    sentence = " ".join(["a"] * 80)
    first, second = windows(Words(), ("Care leavers", (sentence, "bb " * 80, "ccc " * 80)))
    assert (first.first, second.first) == (0, 2) and first.pieces[:4] == second.pieces[:4] == [101, 4, 7, 102] and first.heading == 4
    assert [first.pieces[start:stop] for start, stop in first.spans] == [[1] * 80, [2] * 80]
    assert first.pieces[164:] == [3] * 30 + [102], "the next sentence begins to be read"
    assert second.pieces[4:64] == [2] * 60 and [second.pieces[start:stop] for start, stop in second.spans] == [[3] * 80]
    [long] = windows(Words(), ("H", ("word " * 400,)))
    assert long.spans == [(3, 153)], "a sentence without end is read to a length"
    assert not list(windows(Words(), ("H", ())))
    [signs] = windows(Words(), ("H", (" ", "a")))
    assert [signs.pieces[start:stop] for start, stop in signs.spans] == [[102], [1]], "what has no piece is read as an end"


def test_shorter_windows_are_filled_up_and_not_read_there():
    [short], [longer] = (list(windows(Words(), ("H", (text,)))) for text in ("a b", "a b c d"))
    taken = given([short, longer])
    assert taken["input_ids"].tolist()[0] == [101, 1, 102, 1, 1, 102, 0, 0]
    assert taken["attention_mask"].tolist() == [[1, 1, 1, 1, 1, 1, 0, 0], [1] * 8]
    assert taken["token_type_ids"].tolist()[0] == [0, 0, 0, 1, 1, 1, 0, 0]


def test_a_file_that_is_no_weigher_is_refused_in_one_line(tmp_path):
    (tmp_path / "text.npz").write_text("not weights")
    (tmp_path / "empty.npz").write_bytes(b"")
    (tmp_path / "cut.npz").write_bytes((CORPUS / "weigher.npz").read_bytes()[:1000])
    np.savez(tmp_path / "other.npz", head=np.zeros(3))
    whole = (CORPUS / "weigher.npz").read_bytes()
    (tmp_path / "spoilt.npz").write_bytes(whole[:200] + bytes(len(whole) - 20_200) + whole[-20_000:])
    for name in ("text", "empty", "cut", "spoilt", "other", "none"):
        file = tmp_path / f"{name}.npz"
        with pytest.raises(CorpusError, match="weights of the register"):
            Weigher(file).chances([("", ("Plans are clear.",))])


def test_a_corpus_without_one_goes_by_the_words(tmp_path):
    shutil.copy(CORPUS / "register_weights.toml", tmp_path)
    weights = load_weights(tmp_path / "register_weights.toml")
    assert weights.weigher is None
    assert findings(REPORT, [Passage("report:1", "report", 0, "The panel meets on Mondays.", "1", "Care leavers")], LEXICON, weights)


def test_the_likeliest_is_by_the_words_and_more_by_what_is_read_again():
    assert likeliest((0.6, 0.3, 0.1, 0.0)) is Polarity.STRENGTH
    assert likeliest((0.6, 0.3, 0.1, 0.0), (0.1, 0.7, 0.1, 0.1)) is Polarity.IMPROVEMENT
    assert likeliest((0.9, 0.1, 0.0, 0.0), (0.45, 0.55, 0.0, 0.0)) is Polarity.STRENGTH
    assert sum(chances(WEIGHTS, {"bias": 1.0, "praise only": 1.0})) == pytest.approx(1)


def test_themes_are_those_that_both_find_likeliest():
    weights = Weights({}, {"bias": 0.0, "named": 2.0}, {}, (0.3, 0.42, 0.7))
    named = {"plans": {"bias": 1.0, "named": 1.0}, "health": {"bias": 1.0}}
    assert themes(weights, named) == ("plans", "health")
    assert themes(weights, named, {"plans": 0.9, "health": 0.0, "neglect": 0.0}) == ("plans",)
    assert themes(weights, named, {"plans": 0.1, "health": 0.0, "neglect": 0.9}) == ("neglect",), "what no word names is found too"
    assert themes(weights, named, {"neglect": 0.0}) == ("plans", "health"), "of a theme that it has not learned the words decide"


def test_a_paragraph_is_read_again_under_its_heading_and_decides_with_the_words():
    text = "Social workers know children exceptionally well and practice is strong. The panel meets on Mondays in the town hall."
    model = Asked(0.0, 0.0, 0.0, 1.0)
    made = findings(REPORT, [Passage("report:1", "report", 0, text, "1", "Care leavers")], LEXICON, replace(WEIGHTS, weigher=model))
    assert model.asked == [("Care leavers", tuple(finding.text for finding in made))]
    assert [finding.polarity for finding in made] == [Polarity.NEUTRAL] * 2


def test_what_heads_what_needs_to_improve_is_not_weighed():
    model = Asked(1.0, 0.0, 0.0, 0.0)
    passage = Passage("report:1", "report", 0, "- The quality of plans.", "1", "What needs to improve")
    [finding] = findings(REPORT, [passage], LEXICON, replace(WEIGHTS, weigher=model))
    assert finding.polarity is Polarity.IMPROVEMENT


def test_labels_without_their_text_find_their_sentences():
    rows = [json.loads(line) for line in (LABELS / "read.jsonl").read_text().splitlines()]
    held_out = {label.file for label in load("test")}
    assert sum(len(row["read"]) for row in rows) > 43_000 and held_out.isdisjoint(row["file"] for row in rows)
    row = rows[0]
    labels = list(labelled(row["file"], row["read"], passages_of(row["file"], shared("reports"))[1]))
    assert sorted(marked(label.sentence) for label in labels) == sorted(row["read"])
    assert {label.polarity for label in labels} <= {str(side) for side in SIDES}


def test_a_mark_is_of_letters_and_digits_and_a_sentence_is_found_where_it_stands_first():
    assert marked("Plans  are\nclear.") == marked("plans are clear")
    passages = [Passage(f"d:{n}", "d", n, "Plans are clear. Visits vary.", str(n)) for n in (1, 2)]
    [label] = labelled("f.pdf", {marked("Plans are clear."): "strength plans"}, passages)
    assert (label.paragraph, label.sentence, label.polarity, label.themes) == ("1", "Plans are clear.", "strength", {"plans"})
