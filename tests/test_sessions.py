"""Session packs: what is chosen, how it is timed and asked, what a person changes, and the files that come of it."""

import csv
import io
import re
import shutil
from dataclasses import replace
from itertools import pairwise

import pytest
from docx import Document as Word
from pptx import Presentation
from typer.testing import CliRunner

import app
from assistant.errors import QuestionError
from assistant.findings import Finding, Polarity, Wanted, register
from assistant.types import Citation, Document, Kind, Passage
from eval.sessions import faults, key_holds, of_like_length
from sessions.compose import Material, compose
from sessions.edits import edited, items
from sessions.export import files
from sessions.pack import INVENTED, Edits, Form, Question, Request
from sessions.patterns import Asked, load_patterns
from sessions.quiz import as_printed, choice, cloze, disordered, statement
from sessions.quiz_files import COLUMNS, as_csv, as_gift, escaped
from sessions.quotes import alone, candidates, pairs, says_so
from sessions.timing import share
from sessions.topics import find_topic, material_of, named_topic, request
from tests.conftest import CORPUS
from ui.pack import preview

PATTERNS = load_patterns(CORPUS / "session")
NOTE = "An assessment should take no longer than 45 working days from the point of referral. It is a maximum, not a target."
ASKED = Asked(
    "note:1/1", "note:1", "How long at most?", "45 working days", ("15 working days", "35 working days", "70 working days"), short=True
)


def cite(passage_id: str, quote: str) -> Citation:
    """A citation with only what a question needs."""
    return Citation(0, passage_id, "doc", "Title", "report", "Ofsted", "Ashby", "2024-05-01", "", "", "1", 2, quote, quote, "")


def finding(n: int, document: str, polarity: Polarity, text: str) -> Finding:
    """Finding `n` of a document, in a paragraph of its own."""
    return Finding(f"{document}:{n}#1", document, f"{document}:{n}", n, text, polarity, ("supervision",), paragraph=str(n))


# -- choosing ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Supervision of social workers is regular and well recorded in all teams.", True),
        ("This means that supervision of social workers is regular and well recorded.", False),
        ("As a result, supervision of social workers is regular and well recorded.", False),
        ("but supervision of social workers is not yet regular across all of the teams.", False),
        ("Regularity and quality of supervision of social workers and oversight of cases", False),
        ("Supervision is regular.", False),
    ],
)
def test_a_quote_stands_alone(text, stands):
    assert alone(text) is stands


def test_a_quote_says_itself_which_way_it_weighs():
    good, bad, swapped = (
        finding(1, "a", polarity, text)
        for polarity, text in (
            (Polarity.STRENGTH, "Supervision is regular and effective."),
            (Polarity.IMPROVEMENT, "Supervision is not regular."),
            (Polarity.STRENGTH, "Arrangements for supervision are inadequate."),
        )
    )
    assert [says_so(f) for f in (good, bad, swapped)] == [True, True, False]


def ashby_and_barton(second: str = "Barton") -> Material:
    """A library of two reports, on Ashby and on `second`, each with one paragraph of either sort on supervision."""
    documents = [
        Document("a", "Report on Ashby", Kind.REPORT, "Ofsted", "Ashby", "2024-05-01"),
        Document("b", f"Report on {second}", Kind.REPORT, "Ofsted", second, "2023-05-01"),
    ]
    good = "Supervision of social workers is regular, reflective and well recorded in all of the teams."
    bad = "Supervision of social workers is not regular, and records of it are weak in several teams."
    found = [finding(n, d.id, p, t) for d in documents for n, (p, t) in enumerate(((Polarity.STRENGTH, good), (Polarity.IMPROVEMENT, bad)))]
    found = [replace(f, text=f"{f.text[:-1]} of {f.document_id}.") for f in found]
    held = {f.passage_id: Passage(f.passage_id, f.document_id, f.position, f.text, f.paragraph, page=1) for f in found}
    return Material(
        PATTERNS, register(documents, [], found), {d.id: d for d in documents}, [], lambda ids: {i: held[i] for i in ids if i in held}, {}
    )


def test_a_pair_is_from_two_authorities_and_no_paragraph_comes_twice():
    material = ashby_and_barton()
    topic = named_topic(PATTERNS, "supervision")
    found = candidates(material.register, topic, Wanted(), Edits())
    made = pairs(found, 3, topic.about)
    assert [{side.authority for side in pair} for pair in made] == [{"Ashby", "Barton"}] * 2
    used = [side.finding.passage_id for pair in made for side in pair]
    assert len(used) == len(set(used)) == 4


def test_with_one_authority_both_sides_are_from_it_and_the_limits_say_so():
    pack = compose(Request(named_topic(PATTERNS, "supervision"), "managers", 60), ashby_and_barton("Ashby"))
    assert [len(pair.sides) for pair in pack.pairs] == [2, 2]
    assert any("one authority" in line for line in pack.limits)


def test_without_findings_the_part_is_left_out_and_its_minutes_go_to_the_others():
    material = ashby_and_barton()
    pack = compose(Request(named_topic(PATTERNS, "neglect"), "students", 45), material)
    assert not pack.pairs and "findings" not in [a.part for a in pack.order]
    assert sum(a.minutes for a in pack.order) == 45
    assert any("no finding on neglect" in line for line in pack.limits)


# -- timing -----------------------------------------------------------------------


@pytest.mark.parametrize("audience", [a.id for a in PATTERNS.audiences])
def test_minutes_add_up_at_every_length(audience):
    weights = {part.id: PATTERNS.audience(audience).weights.get(part.id, part.weight) for part in PATTERNS.parts if part.id != "break"}
    for minutes in range(30, 181):
        given = share(minutes, weights)
        assert sum(given.values()) == minutes and min(given.values()) >= 1


def test_minutes_are_shared_by_weight():
    assert share(60, {"a": 1, "b": 2, "c": 3}) == {"a": 10, "b": 20, "c": 30}
    assert share(62, {"a": 1, "b": 2}) == {"a": 20, "b": 42}
    assert share(31, {"a": 1, "b": 100}) == {"a": 1, "b": 30}


@pytest.mark.parametrize("minutes", [29, 181])
def test_a_length_out_of_range_is_refused(minutes):
    with pytest.raises(QuestionError, match="30 to 180"):
        Request(PATTERNS.topics[0], "students", minutes)


# -- quiz -------------------------------------------------------------------------


def test_the_right_option_is_the_cited_one():
    question = choice(ASKED, cite("note:1", ASKED.right))
    assert sorted(question.options) == ["15 working days", "35 working days", "45 working days", "70 working days"]
    assert question.right == ("45 working days",) and "\u201c45 working days\u201d" in question.key


def test_a_statement_is_the_sentence_or_has_a_wrong_option_in_it():
    (made,) = statement(ASKED, NOTE, cite("note:1", ASKED.right))
    sentence = made.ask.removeprefix("True or false (Title)? ")
    assert (sentence in NOTE) is (made.right == ("True",))
    assert sentence.startswith("An assessment should take no longer than ") and sentence.endswith(" from the point of referral.")


def test_a_statement_that_leans_on_the_one_before_is_not_made():
    leaning = replace(ASKED, right="a maximum, not a target", wrong=("a target, not a maximum",) * 3)
    assert list(statement(leaning, NOTE, cite("note:1", leaning.right))) == []
    assert list(statement(replace(ASKED, statement=False), NOTE, cite("note:1", ASKED.right))) == []


def test_the_quantifier_is_kept_as_printed():
    most = replace(finding(1, "a", Polarity.STRENGTH, "Most children are seen regularly and alone."), quantifier="Most", rank=7)
    asked = cloze(most, "Ashby, 1 May 2024", ("few", "some", "most", "all"), cite)
    assert asked.right == ("Most",) and sorted(asked.options) == ["All", "Few", "Most", "Some"]
    assert "\u201c____ children are seen regularly and alone.\u201d" in asked.ask
    printed = as_printed(most, "Ashby, 1 May 2024", ("few", "some", "most", "all"), cite)
    assert (most.text in printed.ask) is (printed.right == ("True",))


def test_steps_are_never_shown_in_their_right_order():
    for seed in map(str, range(50)):
        shown = disordered(seed, ("one", "two", "three"))
        assert shown != ("one", "two", "three") and sorted(shown) == ["one", "three", "two"]


def test_every_question_of_the_patterns_rests_on_its_note(assistant):
    held = assistant.library.passages(
        [q.passage for q in PATTERNS.questions] + [s.passage for steps in PATTERNS.sequences for s in steps.steps]
    )
    assert [q.id for q in PATTERNS.questions if q.right not in held[q.passage].text] == []
    assert [s.text for steps in PATTERNS.sequences for s in steps.steps if s.words not in held[s.passage].text] == []
    assert [q.id for q in PATTERNS.questions if len({q.right.lower(), *map(str.lower, q.wrong)}) != 4] == []


# -- a pack from what ships with the project -----------------------------------------


@pytest.fixture(scope="module")
def material(assistant):
    return material_of(assistant)


def test_every_topic_makes_a_whole_pack_from_the_letter_and_the_notes(material):
    themes = {t.id for t in PATTERNS.topics}
    assert len(PATTERNS.topics) >= 30 and len(themes) == len(PATTERNS.topics)
    for topic in PATTERNS.topics:
        pack = compose(Request(topic, "experienced", 90), material)
        # The letter is on one authority and speaks of some topics only; everything else must hold.
        assert [f for f in faults(pack, material) if f not in ("an empty part: pairs", "a pair from one authority")] == [], topic.id
        assert all(key_holds(q, material) and of_like_length(q) for q in pack.quiz), topic.id


def test_every_sort_of_question_is_asked(material):
    packs = [compose(Request(topic, "students", 120), material) for topic in PATTERNS.topics[:8]]
    assert {question.form for pack in packs for question in pack.quiz} == set(Form)


def test_items_are_swapped_dropped_and_made_afresh(material):
    asked = Request(named_topic(PATTERNS, "child-protection"), "partners", 60)
    pack = compose(asked, material)
    for part, members in items(pack).items():
        if part == "findings":  # the letter holds one pair on it
            continue
        first = next(iter(members))
        swapped = items(compose(asked, material, edited(pack, Edits(), f"swap/{first}")))[part]
        assert first not in swapped and len(swapped) == len(members)
        dropped = compose(asked, material, edited(pack, Edits(), f"drop/{first}"))
        assert list(items(dropped)[part]) == list(members)[1:]
        assert sum(a.minutes for a in dropped.order) == 60
    fresh = compose(asked, material, edited(pack, Edits(), "fresh/quiz"))
    assert not {q.id for q in fresh.quiz} & {q.id for q in pack.quiz}
    for nothing in ("swap/none", "drop/", "fresh/all", "", "<b>"):
        assert edited(pack, Edits(), nothing) == Edits()


def test_a_topic_is_found_by_the_words_people_type(assistant, material):
    assert find_topic(assistant, material, "Supervision").id == "supervision"
    assert find_topic(assistant, material, "fgc").id == "family-group-decision-making"
    found = find_topic(assistant, material, "strat meetings")
    assert (found.id, found.asked, found.notes[0]) == ("child-protection", "strat meetings", "strategy-discussions:1")
    with pytest.raises(QuestionError, match="No topic is near"):
        find_topic(assistant, material, "pizza recipes")
    with pytest.raises(QuestionError, match="no audience"):
        request(assistant, material, "neglect", "judges", 60)


# -- files ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pack(material):
    return compose(Request(named_topic(PATTERNS, "supervision"), "newly qualified", 120), material)


@pytest.fixture(scope="module")
def made(pack):
    return {name.partition("supervision-")[2]: content for name, content in files(pack).items()}


def test_each_slide_has_a_title_notes_and_sources(pack, made):
    slides = list(Presentation(io.BytesIO(made["slides.pptx"])).slides)
    for slide in slides:
        shapes = list(slide.shapes)
        assert slide.shapes.title.text_frame.text and shapes[0] == slide.shapes.title
        assert shapes[-1].name == "Sources" and shapes[-1].text_frame.text
        assert "Source" in slide.notes_slide.notes_text_frame.text
        assert all(s.has_text_frame or s._element.nvGraphicFramePr.cNvPr.get("descr") for s in shapes)
        assert not [s for s in slide.placeholders if not s.text_frame.text]
    text = "\n".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)
    assert all(f"\u201c{side.text}\u201d" in text for pair in pack.pairs for side in pair.sides)
    assert all(statement.text in text and statement.source.reference in text for statement in pack.law)
    assert INVENTED in text and all(limit in text for limit in pack.limits)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert len(titles) == len(set(titles))


def test_papers_have_real_headings_and_the_key_is_in_the_guide_only(pack, made):
    for name, keyed in (("handout.docx", False), ("facilitators-guide.docx", True)):
        paper = Word(io.BytesIO(made[name]))
        levels = [int(p.style.name[-1]) for p in paper.paragraphs if p.style.name.startswith("Heading")]
        assert paper.paragraphs[0].style.name == "Title" and levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        text = "\n".join(p.text for p in paper.paragraphs)
        assert ("Answer: True" in text or "Answer: False" in text) is keyed
        assert INVENTED in text and all(limit in text for limit in pack.limits)
        cited = {int(n) for n in re.findall(r"^\[(\d+)\]", text, re.MULTILINE)}
        assert {source.label for source in pack.sources} <= cited
        assert paper.core_properties.language == "en-GB"


def test_the_handout_shows_each_quote_with_its_place(pack, made):
    lines = [p.text for p in Word(io.BytesIO(made["handout.docx"])).paragraphs]
    for side in (side for pair in pack.pairs for side in pair.sides):
        after = lines[lines.index(f"\u201c{side.text}\u201d") + 1]
        assert after.startswith(f"[{side.source.label}] Sandwell, 20 May 2025, paragraph ")


def test_csv_has_a_row_for_each_question(pack, made):
    rows = list(csv.DictReader(io.StringIO(made["quiz.csv"].decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS and len(rows) == len(pack.quiz)
    for row, question in zip(rows, pack.quiz, strict=True):
        assert row["source"] and (question.form is Form.ORDER or row["answer"] == question.right[0])


def test_no_cell_is_a_formula(pack):
    bad = Question("q", Form.SHORT, "=HYPERLINK(1)", (), ("-1",), "+key", pack.quiz[0].sources)
    row = next(csv.DictReader(io.StringIO(as_csv(replace(pack, quiz=(bad,))))))
    assert (row["question"], row["answer"], row["why"]) == ("'=HYPERLINK(1)", "'-1", "'+key")


def test_gift_escapes_its_own_signs():
    assert escaped("a ~ b = c # d { e } : \\ f\n\ng -> h") == r"a \~ b \= c \# d \{ e \} \: \\ f g " + "\u2192 h"


def test_gift_has_each_question_in_its_form(pack, material):
    source = pack.quiz[0].sources[0]
    quiz = (
        Question("c", Form.CHOICE, "Which: one?", ("A = 1", "B"), ("A = 1",), "k", (source,)),
        Question("t", Form.TRUE_FALSE, "True or false? Yes.", ("True", "False"), ("False",), "k", (source,)),
        Question("o", Form.ORDER, "Order", ("second", "first"), ("first", "second"), "k", (source,)),
        Question("s", Form.SHORT, "Days?", (), ("up to 8 days", "8 days"), "k", (source,)),
    )
    blocks = re.findall(r"^::(.*?):: (.*?) \{\n(.*?)\n####(.*?)\n\}", as_gift(replace(pack, quiz=quiz)), re.MULTILINE | re.DOTALL)
    assert [body for _, _, body, _ in blocks] == ["=A \\= 1\n~B", "FALSE", "=second -> 2\n=first -> 1", "=up to 8 days\n=8 days"]
    assert blocks[0][1] == "Which\\: one?" and all(why.startswith("k ") for *_, why in blocks)


# -- on the page and on the command line ------------------------------------------------


def test_what_is_typed_or_quoted_is_escaped_on_the_page(pack):
    topic = replace(pack.request.topic, asked="<script>x</script>")
    html = preview(replace(pack, title="<b>T</b>", aims=("<i>",), request=replace(pack.request, topic=topic)))
    assert not any(tag in html for tag in ("<script>", "<b>", "<i>"))
    assert html.count('title="Swap question') == len(pack.quiz)


def test_the_command_line_writes_the_files(assistant, tmp_path):
    shutil.copytree(assistant.library.folder, tmp_path / "library")
    environment = {"LIBRARY_DIR": str(tmp_path / "library")}
    asked = ["session", "neglect", "--audience", "students", "--minutes", "30", "--out", str(tmp_path / "out")]
    assert CliRunner().invoke(app.cli, asked, env=environment).exit_code == 0
    assert len(list((tmp_path / "out").iterdir())) == 5
    assert CliRunner().invoke(app.cli, ["session", "neglect", "--minutes", "5"], env=environment).exit_code == 1
