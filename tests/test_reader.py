"""The reader: whether a passage answers a question, which search alone cannot tell of a near miss."""

import json
import random
from itertools import chain

import numpy as np
import pytest

from assistant.errors import CorpusError
from assistant.reader import Asked, Reader, asked, placed, taken, with_heading
from assistant.types import Document, Kind, Passage
from eval.answers import FOLDER, Example, load_examples, of_corpus, of_own
from eval.by_words import by_words
from eval.cases import load
from eval.metrics import squeezed
from eval.others import nearest, others_of, with_others
from eval.tuning import batches
from tests.conftest import CORPUS
from tests.shared import shared
from tests.words import Words

CLINICS = with_heading(
    "Leeds", "2022", "The experiences and progress of children in care",
    "Foster carers are positive about the support that they get. A therapist from the hospital trust holds clinics for them every month. "
    "Since the fostering team grew by three posts in 2020, visits to carers have become more regular. However, too few carers are "
    "recruited, because the payments are lower than in neighbouring areas, and so some brothers and sisters live apart.",
)  # fmt: skip
PAIRS = [
    ("how often are the therapist clinics for carers", "how long do carers wait to see the therapist"),
    ("who runs the clinics for foster carers", "who manages the fostering team in Leeds"),
    ("what do foster carers think of their support", "what do children say about their foster carers"),
    ("why are not enough carers recruited", "how many carers were recruited last year"),
    ("by how much did the fostering team grow", "how many supervising social workers have left the team"),
    ("since when has the fostering team been bigger", "since when has the therapist held clinics"),
    ("what comes of having too few foster carers", "what is the council doing to recruit more carers"),
    ("are carers visited more regularly now", "are foster carers reviewed every year"),
]


@pytest.fixture(scope="module")
def reader():
    return Reader(CORPUS / "reader.npz")


def test_questions_stand_behind_the_passage_each_by_itself():
    one = asked(Words(), "a bb", ["ccc", "dddd e"])
    assert one == Asked([101, 1, 2, 102], [[101, 3, 102], [101, 4, 1, 102]])
    assert one.spans == [(4, 7), (7, 11)] and len(one) == 11
    long = asked(Words(), "word " * 400, ["word " * 400])
    assert (len(long.passage), len(long.questions[0])) == (302, 50), "what is too long is read to a length"


def test_a_question_sees_the_passage_and_itself_and_the_passage_no_question():
    given = taken([asked(Words(), "a", ["b", "c"]), asked(Words(), "a", ["b"])])
    assert given["input_ids"].tolist()[1] == [101, 1, 102, 101, 1, 102, 0, 0, 0]
    assert given["position_ids"].tolist()[0] == [0, 1, 2, 3, 4, 5, 3, 4, 5], "each question as if it were the only one"
    assert given["token_type_ids"].tolist()[0] == [0, 0, 0, 1, 1, 1, 1, 1, 1]
    seen = given["attention_mask"][0, 0].int().tolist()
    assert seen[0] == seen[2] == [1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert seen[3] == [1, 1, 1, 1, 1, 1, 0, 0, 0] and seen[8] == [1, 1, 1, 0, 0, 0, 1, 1, 1]
    assert given["attention_mask"][1, 0].int().tolist()[3] == [1, 1, 1, 1, 1, 1, 0, 0, 0], "what fills up is not seen"


def test_questions_that_are_answered_are_told_from_near_misses(reader):
    judged = [[reader.chances(question, [CLINICS])[0] for question in pair] for pair in PAIRS]
    assert all(0 <= chance <= 1 for pair in judged for chance in pair)
    assert sum(answered > missed for answered, missed in judged) >= 7, judged
    assert np.mean([answered for answered, _ in judged]) > np.mean([missed for _, missed in judged]) + 0.2, judged


def test_passages_are_read_together_as_one_by_one(reader):
    other = with_heading("", "", "Panel", "The panel meets every Monday at ten. " * 12)
    together = reader.chances("when does the panel meet", [CLINICS, other])
    alone = [reader.chances("when does the panel meet", [one])[0] for one in (CLINICS, other)]
    assert np.abs(np.array(together) - alone).max() < 0.05 and together[1] > together[0]
    assert reader.chances("when does the panel meet", []) == []


def test_a_file_that_is_no_reader_is_refused_in_one_line(tmp_path):
    np.savez(tmp_path / "other.npz", head=np.zeros(3))
    for name in ("other", "none"):
        with pytest.raises(CorpusError, match="weights of the reader"):
            Reader(tmp_path / f"{name}.npz").chances("who", ["The panel meets."])


def test_a_passage_is_read_behind_what_says_where_it_stands():
    document = Document("d", "T", Kind.REPORT, authority="Leeds", published="2022-03-04")
    passage = Passage("d:1", "d", 0, "Plans are clear.", "1", "x" * 70)
    assert placed(document, passage) == f"Leeds 2022, {'x' * 60} : Plans are clear."


def test_a_paper_of_ones_own_is_read_as_it_was_learned():
    paper = Document("p", "Brackenshire visits", Kind.LOCAL, published="2024-01-01")
    row = {"title": paper.title, "heading": "When", "text": "Visits are weekly.", "answers": ["how often"], "misses": ["who"], "pairs": []}
    assert placed(paper, Passage("p:1", "p", 0, row["text"], "1", row["heading"])) == of_own(row).text


def test_twins_are_kept_apart_from_what_people_ask():
    row = {
        "title": "T",
        "heading": "H",
        "text": "Visits are weekly.",
        "answers": ["how often"],
        "misses": ["why"],
        "pairs": [["when", "who"]],
    }
    example = of_own(row)
    assert (example.questions, example.twins) == ((("how often", True), ("why", False)), (("when", True), ("who", False)))


def test_each_passage_is_also_asked_what_others_of_its_document_answer():
    examples = [Example("d", f"text {n}", ((f"yes {n}", True), (f"no {n}", False))) for n in range(3)] + [
        Example("e", "x", (("why", True),))
    ]
    first, *_, alone = with_others(examples, others_of(examples), random.Random(0))
    assert first.questions[:2] == examples[0].questions
    assert sorted(first.questions[2:4]) == [("yes 1", False), ("yes 2", False)] and first.questions[4][0] in ("no 1", "no 2")
    assert alone == examples[-1], "a document of one passage has no others to ask of"


def test_hard_questions_are_those_nearest_to_the_text():
    texts = [f"text {n}" for n in range(16)]
    examples = [Example("d", text, ((f"{text} well", True), (f"{text} when", False))) for text in texts]

    def embed(asked):  # text 1 stands a little off text 0, text 2 a little more, and so does what is asked of them
        angles = [0.1 * int(one.split()[1]) for one in asked]
        return np.array([[np.cos(angle), np.sin(angle)] for angle in angles])

    first = nearest(examples, others_of(examples), embed)[0]
    assert first == ([f"text {n} well" for n in range(1, 13)], [f"text {n} when" for n in range(1, 5)])
    assert nearest(examples[:1], others_of(examples[:1]), embed) == [([], [])]


def test_what_a_passage_is_asked_itself_is_no_question_of_others():
    examples = [Example("d", "a", (("same", True), ("why", False))), Example("d", "b", (("same", False), ("how", True)))]
    assert others_of(examples) == [(["how"], []), ([], ["why"])]


def test_words_alone_tell_what_other_passages_have_them_tell():
    examples = [
        Example("d", f"text {n}", ((f"how many {n}", n % 4 == 0), (f"is it so {n}", n % 4 != 0), (f"odd {n}", n % 2 == 0)))
        for n in range(40)
    ]
    told = by_words([Example("d", "x", tuple((f"only here {m}", True) for m in range(20))), *examples])
    only, many, so = (
        np.mean([told[question] for question in told if question.startswith(words)]) for words in ("only", "how many", "is it")
    )
    assert many == pytest.approx(np.log(1 / 3), abs=0.5) and so == pytest.approx(np.log(3), abs=0.5), "a quarter and three quarters"
    assert only < 0.5, "no other passage says that such are answered"


def test_batches_are_of_things_about_as_long_and_no_longer_than_asked():
    made = batches([10, 90, 50, 50, 20, 300], lambda one: one, 100, random.Random(0))
    assert sorted(one for batch in made for one in batch) == [10, 20, 50, 50, 90, 300]
    assert [300] in made and all(len(batch) == 1 or max(batch) * len(batch) <= 100 for batch in made)


def test_what_it_learns_from_keeps_clear_of_what_it_is_measured_by():
    rows, *more = (
        [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()] for name in ("reports", "corpus", "own")
    )
    measured = {gold.file for case in load("test") for gold in case.gold if gold.file}
    assert measured and measured.isdisjoint(row["file"] for row in rows)
    cases = [case for half in ("dev", "test") for case in load(half)]
    own = [json.loads(line) for half in ("dev", "test") for line in (FOLDER.parent / "own" / f"{half}.jsonl").read_text().splitlines()]
    asked = {squeezed(question) for case in cases for question in (case.question, *case.turns)} | {squeezed(row["question"]) for row in own}
    learned = (question for row in chain(rows, *more) for question in (*row["answers"], *row["misses"], *chain(*row["pairs"])))
    assert asked.isdisjoint(map(squeezed, learned))


def test_its_examples_find_their_passages(assistant):
    examples = load_examples(shared("reports"), assistant.library)
    rows = sum(1 for name in ("reports", "corpus", "own") for _ in (FOLDER / f"{name}.jsonl").read_text().splitlines())
    assert len(examples) == rows > 8_000
    assert all({yes for _, yes in example.questions} == {True, False} for example in examples)
    assert len(list(of_corpus(assistant.library))) == 250
