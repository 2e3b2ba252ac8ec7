"""Session packs: what is chosen, how it is timed and asked, what a person changes, and the files that come of it."""

import csv
import io
import random
import re
import shutil
from dataclasses import replace
from itertools import pairwise

import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from pptx import Presentation
from typer.testing import CliRunner

import app
from assistant.check import WrittenCheck
from assistant.errors import QuestionError
from assistant.findings import Finding, Polarity, Wanted, register
from assistant.identity import Identity, load_names
from assistant.models import Chat
from assistant.prompts import load_prompts
from assistant.scope import load_authorities
from assistant.types import Citation, Document, Kind, Passage
from assistant.written import Writer
from eval.sessions import KEYS, OPTIONS, current, faults, key_holds, labels, of_like_length, of_patterns, read_as_right
from sessions.compose import Material, compose
from sessions.edits import edited, items, unmoved
from sessions.export import files
from sessions.pack import INVENTED, NOT_IN_FORCE, OURS, STANDINGS, Edits, Form, Question, Request
from sessions.patterns import Asked, load_patterns
from sessions.quiz import as_printed, choice, cloze, disordered, statement
from sessions.quiz_files import COLUMNS, as_csv, as_gift, escaped
from sessions.quotes import Candidate, alone, candidates, pairs, says_so
from sessions.timing import share
from sessions.topics import find_topic, material_of, named_topic, request
from sessions.writing import written
from tests.conftest import CORPUS
from tests.fakes import QueuedChat
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


@pytest.mark.parametrize(
    ("text", "weak"),
    [
        ("If children cannot stay and adoption is not possible, leaders find them a home.", False),
        ("When risks to children are lower, this is not always identified by their social workers.", True),
        ("When it is not possible to stay at home, managers look early for another family.", False),
        ("At the time of this inspection, there were no private fostering arrangements.", False),
        ("Inspectors saw no looked after child at immediate risk of harm.", False),
        ("The commitment of leaders results in more children in kinship care and not requiring foster care.", False),
        ("Leaders do not have a clear understanding of what children experience.", True),
        ("Actions agreed in strategy meetings are not always reviewed.", True),
    ],
)
def test_bad_words_in_what_is_no_weakness_do_not_make_one(text, weak):
    assert says_so(finding(1, "a", Polarity.IMPROVEMENT, text)) is weak


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


def test_two_parts_of_one_paragraph_are_never_paired():
    good = finding(1, "a", Polarity.STRENGTH, "Supervision of social workers is regular, reflective and well recorded in all teams.")
    bad = finding(2, "a", Polarity.IMPROVEMENT, "Supervision of social workers is not regular, and records of it are weak in some teams.")
    parts = [replace(good, passage_id="a:1.1", paragraph="1"), replace(bad, passage_id="a:1.2", paragraph="1")]
    found = [Candidate(f, "Ashby", "2024-05-01", frozenset()) for f in parts]
    assert [[side is not None for side in pair] for pair in pairs(found, 2, "supervision")] == [[True, False]]


def test_an_empty_side_says_truly_why_it_is_empty():
    topic = named_topic(PATTERNS, "supervision")
    material = ashby_and_barton()
    assert [pair.gap for pair in compose(Request(topic, "students", 60), material).pairs] == ["", ""]
    one = material.register.by_document["a"]
    praise = replace(
        material, register=register(list(material.documents.values()), [], [f for f in one if f.polarity is Polarity.STRENGTH])
    )
    (alone_,) = compose(Request(topic, "students", 60), praise).pairs
    assert alone_.gap == f"The library has nothing to improve on {topic.about} that can be quoted within this scope."
    both = replace(one[1], paragraph="0")  # a later part of the paragraph that praises
    same = replace(material, register=register(list(material.documents.values()), [], [one[0], both]))
    (lone,) = compose(Request(topic, "students", 60), same).pairs
    assert lone.gap == "No further quote on this side fits beside this one."


def test_a_dropped_quote_does_not_come_back_in_another_pair():
    material, asked = ashby_and_barton(), Request(named_topic(PATTERNS, "supervision"), "students", 60)
    pack = compose(asked, material)
    edits = edited(pack, Edits(), f"drop/{pack.pairs[0].id}")
    kept = compose(asked, material, edits)
    assert [pair.id for pair in kept.pairs] == [pack.pairs[1].id]
    dropped = {side.id for side in pack.pairs[0].sides}
    for action in (f"swap/{kept.pairs[0].id}", "fresh/findings"):
        after = compose(asked, material, edited(kept, edits, action))
        assert not dropped & {side.id for pair in after.pairs for side in pair.sides}


def test_a_swap_without_another_is_told_apart_from_one_that_found_one(material):
    asked = Request(named_topic(PATTERNS, "supervision"), "students", 60)
    few = ashby_and_barton()
    pack = compose(asked, few)
    for action, none_other in ((f"swap/{pack.pairs[0].id}", True), ("fresh/findings", True), (f"drop/{pack.pairs[0].id}", False)):
        assert unmoved(pack, compose(asked, few, edited(pack, Edits(), action)), action) is none_other
    whole = compose(asked, material)
    for action in (f"swap/{whole.case.id}", f"swap/{whole.prompts[0].id}", "fresh/quiz"):
        assert not unmoved(whole, compose(asked, material, edited(whole, Edits(), action)), action)


def test_the_limits_say_what_the_library_holds_for_the_scope():
    material = ashby_and_barton()
    topic = named_topic(PATTERNS, "supervision")
    everything = compose(Request(topic, "managers", 60), material).limits
    assert everything[0].startswith(
        "For what this pack was asked for (all authorities, all years) the library holds 2 letters and reports on 2 "
    )
    assert "published 1 May 2023 to 1 May 2024" in everything[0] and "4 findings, 2 on what is done well and 2 on" in everything[0]
    assert everything[1] == "This pack quotes 4 of those findings, on 2 authorities, published 1 May 2023 to 1 May 2024."
    one = compose(Request(topic, "managers", 60, Wanted(frozenset({"Ashby"}))), material).limits
    assert "(Ashby, all years) the library holds 1 letter or report on Ashby, published 1 May 2024" in one[0]
    none = compose(Request(topic, "managers", 60, Wanted(since="2030")), material).limits
    assert none[0] == "For what this pack was asked for (all authorities, since 2030) the library holds no letter or report."


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


@pytest.mark.parametrize(
    ("audience", "minutes"), [("students", 30), ("newly qualified", 45), ("experienced", 90), ("partners", 120), ("managers", 180)]
)
def test_every_topic_makes_a_whole_pack_from_the_letter_and_the_notes(material, audience, minutes):
    right = read_as_right()
    for topic in PATTERNS.topics:
        pack = compose(Request(topic, audience, minutes), material)
        # The letter is on one authority and speaks of some topics only; everything else must hold.
        assert [f for f in faults(pack, material) if f not in ("an empty part: pairs", "a pair from one authority")] == [], topic.id
        assert all(key_holds(q, material, right) and of_like_length(q) for q in pack.quiz), topic.id
        assert len(pack.law) >= 3 and len(pack.quiz) >= 4 and pack.audience == PATTERNS.audience(audience).name, topic.id
        assert not any("{about}" in text for text in (*pack.aims, *pack.reflection)), topic.id


def test_there_are_topics_enough_and_each_once():
    assert len({topic.id for topic in PATTERNS.topics}) == len(PATTERNS.topics) >= 30


def test_what_is_expected_is_law_guidance_or_a_standard_and_what_is_not_in_force_says_so(material):
    packs = [compose(Request(topic, "managers", 180), material) for topic in PATTERNS.topics]
    forces = {statement.source.force for pack in packs for statement in pack.law}
    assert forces <= set(STANDINGS) - {"background"}
    assert not [
        s.source.edition for pack in packs for s in pack.law if s.source.edition.startswith("Letter of") and ";" not in s.source.edition
    ]
    made = compose(Request(named_topic(PATTERNS, "family-group-decision-making"), "managers", 180), material)
    waiting = [s.source.force == NOT_IN_FORCE for s in made.law]
    assert any(waiting) and waiting == sorted(waiting)  # after what is in force
    assert STANDINGS[NOT_IN_FORCE] in preview(made) and any("not confirmed in force" in line for line in made.limits)


def planted(question):
    """The question with each wrong key that it could have."""
    if question.form is Form.CHOICE:
        keys = [(option,) for option in question.options if option not in question.right]
    elif question.form is Form.ORDER:
        keys = [question.right[::-1], (*question.right[1:], question.right[0])]
    elif question.form is Form.TRUE_FALSE:
        keys = [("False" if question.right == ("True",) else "True",)]
    else:
        asked = next(asked for asked in PATTERNS.questions if question.id == f"{asked.id}/short")
        keys = [(wrong,) for wrong in asked.wrong]
    return [replace(question, right=key) for key in keys]


def test_every_key_of_the_patterns_is_right_and_a_planted_wrong_one_is_caught(material):
    right, questions = read_as_right(), of_patterns(material)
    assert len(questions) > 200 and {question.form for question in questions.values()} == set(Form)
    assert [id for id, question in questions.items() if not key_holds(question, material, right)] == []
    wrong = [one for question in questions.values() for one in planted(question)]
    assert len(wrong) > 600 and [(one.id, one.right) for one in wrong if key_holds(one, material, right)] == []


def test_wrong_options_were_read_and_are_wrong_by_the_source(material):
    rows = current(labels(OPTIONS), of_patterns(material))
    assert len(rows) >= 60 and all(row["why"] for row in rows)
    assert sum(row["wrong"] for row in rows) >= 0.98 * len(rows)
    assert all(row["key"] for row in labels(KEYS))


def test_every_sort_of_question_is_asked(material):
    packs = [compose(Request(topic, "students", 120), material) for topic in PATTERNS.topics[:8]]
    assert {question.form for pack in packs for question in pack.quiz} == set(Form)


def test_items_are_swapped_dropped_and_made_afresh(material):
    asked = Request(named_topic(PATTERNS, "child-protection"), "partners", 60)
    pack = compose(asked, material)
    for part, members in items(pack).items():
        if part in ("findings", "summary"):  # the letter holds one pair on it, and no model wrote a summary
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
    for slide, question in zip([s for s in slides if s.shapes.title.text_frame.text.startswith("Quiz")], pack.quiz, strict=True):
        footer = slide.shapes[-1].text_frame.text
        assert all(f"[{source.label}] " in footer and source.title in footer for source in question.sources)
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
        unsourced = {"Aims", "Discussion", "What this pack does not cover"} | {
            "guide": {"Before you start", "Running order", "Listen for", "Reflection"}, "handout": {"Reflection sheet for supervision"}
        }["guide" if keyed else "handout"]  # fmt: skip
        marked = {p.text for p, after in pairwise(paper.paragraphs) if after.text == OURS}
        assert unsourced <= marked and any(p.text == INVENTED and after.text == OURS for p, after in pairwise(paper.paragraphs))
        for table in paper.tables:
            (told,) = table._tbl.tblPr.findall(qn("w:tblDescription"))
            assert all(f"{a.name}, {a.minutes} minutes" in told.get(qn("w:val")) for a in pack.order)
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
        assert row["source"].startswith(f"[{question.sources[0].label}] ") and (
            question.form is Form.ORDER or row["answer"] == question.right[0]
        )


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
    assert blocks[0][1] == "Which\\: one?" and all(why.startswith(f"k [{source.label}] ") for *_, why in blocks)


# -- with a language model ------------------------------------------------------------


@pytest.fixture
def writer_of(embedder):
    """A writer whose chat model gives these replies, and the model."""

    def make(*replies):
        model = QueuedChat(*replies)
        named = load_authorities(CORPUS / "authorities.toml").named
        return Writer(Chat("queued", model), load_prompts(), WrittenCheck(embedder.embed, named), random.Random(1)), model

    return make


IDENTITY = Identity(load_names(CORPUS / "names.toml"))
ASKED_FOR = Request(named_topic(PATTERNS, "supervision"), "students", 60)


def test_a_models_sentences_are_checked_against_the_quotes_and_its_questions_are_the_trainers(writer_of):
    material = ashby_and_barton()

    def reply(given):
        (label, text), (other, _) = given[:2]
        invented = f"Supervision has ended in nine teams. [{other}]"
        return f"{text} [{label}] {invented} What would a child notice? Why does the Act ask for 3 reviews? What did Kayleigh's mum say?"

    writer, model = writer_of(reply)
    asked, notice = written(ASKED_FOR, material, writer, IDENTITY)
    pack = compose(asked, material)
    (line,) = pack.summary
    assert not notice and line.text == pack.pairs[0].strength.text and line.sources == (pack.pairs[0].strength.source,)
    assert [p.text for p in pack.prompts if p.id.startswith("prompt:model")] == ["What would a child notice?"]
    assert any("A language model (queued) wrote" in limit for limit in pack.limits) and "http" not in model.asked[0]
    made = files(pack)
    shown = "\n".join(p.text for p in Word(io.BytesIO(made["supervision-handout.docx"])).paragraphs)
    assert f"{line.text} [{line.sources[0].label}] ({line.sources[0].authority})" in shown and "nine teams" not in shown + preview(pack)
    without = edited(pack, Edits(), f"drop/{pack.pairs[0].id}")
    assert compose(asked, material, without).summary == ()  # its quote is gone
    assert compose(asked, material, edited(pack, Edits(), f"drop/{line.id}")).summary == ()


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (ConnectionError("secret"), "cannot be reached"),
        ("Supervision has ended in nine teams. [Z9]", "wrote nothing that the quotes carry"),
        ("", "broke off"),
    ],
)
def test_a_model_that_fails_leaves_the_pack_as_it_is_and_says_so(writer_of, reply, why):
    material = ashby_and_barton()
    asked, notice = written(ASKED_FOR, material, writer_of(reply)[0], IDENTITY)
    assert compose(asked, material) == compose(ASKED_FOR, material)
    assert notice.startswith(f"The language model {why}") and "secret" not in notice


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
