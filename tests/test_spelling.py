"""Questions typed in a hurry: what is put right, and what is left as it is."""

from dataclasses import replace

import pytest

from assistant.guard import readable
from assistant.scope import load_authorities, read_scope
from assistant.spelling import Spelling, english_words
from assistant.types import Document, Kind, Scope
from assistant.vocabulary import load_vocabulary
from tests.conftest import CORPUS

TEXT = (
    "the direct work with children is robust. assessment and assessments within 45 working days. a care order, a core group. "
    "notice of a visit every week. supervision must be regular. registration is compulsory. an offence, an office. step down. high. parents and police. "
)
ENGLISH = "the and with work children care order every nightie can mum organize down high test letter between".split()


@pytest.fixture(scope="module")
def spelling():
    return Spelling([TEXT] * 100, ENGLISH, ["EPO", "CIN", "s47", "sec20", "GCP2", "Sandwell", "LPM"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("dirct robst notce", "direct robust notice"),  # vowels left out
        ("dwn hgh", "down high"),
        ("asesment offnce", "assessment offence"),
        ("wats n whn u hv gd btween", "what is and when you have good between"),  # texting
        ("visit w/ parents w/o notice", "visit with parents without notice"),
        ("45days 15wd", "45 days 15 working days"),  # run together
        ("careorder coregrp", "care order core group"),
        ("superv registr", "supervision registration"),  # cut short
        ("compulsroy polcie", "compulsory police"),
        ("Dirct work", "Direct work"),  # a question begins with a capital
    ],
)
def test_what_is_typed_in_a_hurry_is_put_right(spelling, typed, read):
    assert spelling.put_right(typed) == read
    assert spelling.put_right(read) == read


@pytest.mark.parametrize(
    "typed",
    [
        "direct work with parents",
        "epo cin s47 sec20 gcp2 lpm sandwell",  # short forms of the field and places
        "a nightie, organise",  # English that the library does not use
        "s31(2) s22c 1st 9yo reg44",  # sections and ordinals
        "visit to Polce Dirct",  # names with a capital
        "Re W and R v N",
        "hadnt youve",
        "a zylophone",
    ],
)
def test_what_is_right_stays(spelling, typed):
    assert spelling.put_right(typed) == typed


def test_a_rare_word_that_is_all_but_a_frequent_one_is_a_slip():
    spelling = Spelling([*["supervision"] * 60, "supervison"])
    assert spelling.put_right("supervison") == "supervision"
    assert Spelling(["supervision", "supervison"]).put_right("supervison") == "supervison"


@pytest.mark.parametrize("typed", ["wats diff btween s47 tst n epo tst", "superv 16 17 ofsted regstration compulsry snce wen robst notce"])
def test_english_in_a_hurry_is_english(spelling, typed):
    assert readable(typed, spelling.reads) == typed


def test_another_language_is_not():
    spelling = Spelling([TEXT] * 100, ENGLISH)
    assert not any(map(spelling.reads, "quelles sont les obligations zijn plichten cuales doveri".split()))


VISIT = Document("visit", "Letter", Kind.LETTER, authority="Sandwell")


@pytest.mark.parametrize(
    ("question", "findings"),
    [
        ("what grade did they get", 2.0),
        ("are managers any good there", 2.0),
        ("is PLO working", 1.0),
        ("is there a time limit", 0.0),
        ("who has to be there", 0.0),
        ("when must they review it", 0.0),
        ("is a plan needed", 0.0),
    ],
)
def test_they_are_those_inspected_where_only_one_authority_was(question, findings):
    authorities = load_authorities(CORPUS / "authorities.toml")
    assert read_scope(question, Scope(), authorities, [VISIT]).findings == findings
    others = [VISIT, replace(VISIT, id="other", authority="Kent")]
    assert read_scope(question, Scope(), authorities, others).findings == (findings if findings < 2 else 0.0)


def test_a_question_may_name_a_concept_and_nothing_else():
    vocabulary = load_vocabulary(CORPUS / "vocabulary.toml")
    assert vocabulary.only_concepts("the threshold")
    assert not vocabulary.only_concepts("draft the threshold for a case")
    assert not vocabulary.only_concepts("who is it")


def test_what_the_library_uses_often_and_what_is_made_of_a_word_stay_as_typed():
    spelling = Spelling(["carer " * 5 + "care " * 500, "stepped rise"], ["care", "exploit", "halve", "having"])
    for word in ("carer", "carers", "stepdad", "resi", "exploiters", "halving"):
        assert spelling.put_right(f"what of {word}") == f"what of {word}"


def test_names_of_authorities_and_letters_that_stand_for_somebody_stay_as_typed():
    authorities = load_authorities(CORPUS / "authorities.toml")
    spelling = Spelling([TEXT], english_words(), (), authorities.spans)
    for form in authorities.forms:
        question = f"what did ofsted find in {form} then"
        assert authorities.named(spelling.put_right(question)) == authorities.named(question)
    assert spelling.put_right("re w (a child), child n and work w kids") == "re w (a child), child n and work with kids"


def test_a_word_of_english_that_the_library_never_uses_stays_as_typed():
    spelling = Spelling([TEXT * 50, "coventry locality holding decided limited dcs"], english_words())
    for word in ("covertly", "legality", "hoarding", "abode", "unvisited", "docs", "elective"):
        assert spelling.put_right(f"what of {word}") == f"what of {word}"


def test_what_is_no_word_for_its_length_is_left():
    assert Spelling([TEXT], english_words()).put_right("x" * 2000) == "x" * 2000


@pytest.mark.parametrize(
    ("question", "about", "findings"),
    [
        ("we are in Sandwell: what is police protection", "what is police protection", 0.0),
        ("I'm a team manager in Sandwell and want to know when core groups meet", "want to know when core groups meet", 0.0),
        ("Im in Sandwell, what did inspectors say about supervision", "what did say about supervision", 1.0),
        ("we work in Sandwell, how was supervision in Sandwell", "how was supervision in", 2.0),
        ("supervision in Sandwell", "supervision in", 2.0),
        ("I'm looking at supervision in Sandwell, is it any good", "I'm looking at supervision in , is it any good", 2.0),
        ("we are interested in Sandwell: strengths of practice", "we are interested in : strengths of practice", 2.0),
        ("I'm based in Sandwell, is supervision good here", "I'm based in , is supervision good here", 2.0),
        ("I'm a social worker in Sandwell. How high are our caseloads?", "I'm a social worker in . How high are our caseloads", 2.0),
        ("working together in Sandwell: was it good", "working together in : was it good", 1.0),
    ],
)
def test_where_the_asker_works_is_not_what_is_asked(question, about, findings):
    authorities = load_authorities(CORPUS / "authorities.toml")
    reading = read_scope(question, Scope(), authorities, [VISIT])
    assert (reading.about, reading.findings, reading.authorities) == (about, findings, ("Sandwell",))
