"""Identifying details: what is found and what passes, redaction, and that they reach no log, file or request."""

import copy
import logging
import random
import tempfile

import pytest

from app import chat_model
from assistant.check import WrittenCheck
from assistant.identity import Detail, Identity, counted, load_names, redacted
from assistant.prompts import load_prompts
from assistant.scope import load_authorities
from assistant.settings import Settings
from assistant.types import Answer, Status
from assistant.written import Writer
from eval.identity import covered, load
from ingest.added import add, folder_of
from ingest.run import ingest
from tests.conftest import CORPUS
from tests.fakes import server

NAMES = load_names(CORPUS / "names.toml")
WORDS = frozenset(
    "child children mum case review plan family close street the school supervision public law core group boy foster carer".split()
)


@pytest.fixture(scope="module")
def identity():
    places = load_authorities(CORPUS / "authorities.toml").spans
    return Identity(NAMES, WORDS.__contains__, WORDS, {"alison smale", "public law"}, places)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("nhs no 999 405 1148 please", "nhs no [NHS number] please"),
        ("9994051148 seen", "[NHS number] seen"),
        ("NHS number 999 123 4567", "NHS number [NHS number]"),
        ("upn A999212345678", "upn [UPN]"),
        ("U330207115021 not on roll", "[UPN] not on roll"),
        ("NI QQ 12 34 56 C", "NI [National Insurance number]"),
        ("dob 3/4/15", "dob [date of birth]"),
        ("DOB: 22.11.09", "DOB: [date of birth]"),
        ("she was born on the 4th of May 2014", "she was born on [date of birth]"),
        ("is 12/4/10 his date of birth", "is [date of birth] his date of birth"),
        ("call 07700 900123", "call [phone number]"),
        ("(0161) 496 0822 rings", "[phone number] rings"),
        ("a.b@example.org wrote", "[email address] wrote"),
        ("in B69 3DE", "in [postcode]"),
        ("lives at 14 Elm Close", "lives at [address]"),
        ("visited flat 2b, 9 Albion Terrace", "visited [address]"),
        ("case no 123456", "[case reference]"),
        ("Mosaic 9081726", "[case reference]"),
        ("ref: CH-2024-1182", "[case reference]"),
        ("CAD 4412 today", "[case reference] today"),
        ("GWF012345678 pending", "[case reference] pending"),
        ("re 1182937 can we close", "re [case reference] can we close"),
        ("LADO/2023/044 closed", "[case reference] closed"),
        ("mob 7700 900123", "mob [phone number]"),
        ("o77oo 9oo 123 is dad's", "[phone number] is dad's"),
        ("07700*900*123", "[phone number]"),
        ("BM22C50431 week 30", "[case reference] week 30"),
        ("Kayleigh's mum", "[name]'s mum"),
        ("kayleighs mum", "[name] mum"),
        ("the Jones children", "the [name] children"),
        ("little Tyler", "little [name]"),
        ("sibling group the Khans", "sibling group the [name]"),
        ("child called Amelia Stone", "child called [name]"),
        ("A.B.'s review", "[name]'s review"),
        ("Mrs Goddard wrote", "Mrs [name] wrote"),
        ("the 7 year old at St Mary's Primary", "[age and place]"),
        ("a 14yo from Tipton", "[age and place]"),
        ("Kieran Walsh dob 3.3.08 of 19 Bell Lane", "[name] dob [date of birth] of [address]"),
        ("case Alfie Denholm, 9.11.2019", "case [name], [date of birth]"),
    ],
)
def test_details_are_found_and_nothing_else_is_taken_out(identity, text, without):
    assert redacted(text, identity.found(text)) == without
    assert identity.found(without) == []


@pytest.mark.parametrize(
    "text",
    [
        "what does s.47(1)(b) say", "Working Together 2023 or 2026", "is s31za in force yet", "the s17 2nd test",
        "what did inspector Tom Anthony say about neglect", "who was Alison Smale", "Williams v Hackney", "Re B and Re B-S",
        "Mr Justice Munby on section 20", "Victoria Climbi\u00e9 inquiry and the Munro review", "Baby P", "Clare's Law", "Gillick competence",
        "the Sandwell children", "Kent's care leavers", "a child's mum", "the boy's foster carer", "the Muslim families",
        "16 and 17 year olds at school", "a 15 year old in Sandwell", "a 7 year old at primary school", "Childline 0800 1111",
        "the letter of 20 May 2025", "visit on 3/4/25", "para 12", "URN 80537", "URN 2638443", "report 50268833", "100000 in 2022", "down in 15/16", "SI 2010/959", "ref DFE-00195-2013", "26 weeks", "hope and grace", "miles away",
        "what did inspectors say about St Mary's primary school in Bolton", "what is the Amber project", "St Basil's hub", "supervision in Northants", "fraser guidelines",
        "what happened to the Dubs children", "the Slovak families", "can Nana get PR", "Wots is a C&F", "16 year old in a caravan", "ref s17",
    ],
)  # fmt: skip
def test_public_matter_passes(identity, text):
    assert redacted(text, identity.found(text)) == text


def test_what_was_found_is_counted_and_never_told(identity):
    assert counted(identity.found("Kayleigh's mum, Tyler's dad, dob 3/4/15")) == "2 names and 1 date of birth"
    assert counted(identity.found("2 homes: 14 Elm Close; 9 Albion Terrace")) == "2 addresses"


def test_an_office_can_be_reached_and_an_inspector_named_in_a_document(identity):
    assert identity.in_document("Yours sincerely, Alison Smale. Ofsted, Piccadilly Gate, Store Street, M1 2WD. 0300 123 1231") == []
    assert identity.found("what did the Kyte family hub do, and the Kyte children's home") == []
    assert identity.found("the Kyte family rang") and identity.found("the Kyte family support plan")
    assert identity.in_document("Families have been heard through the \u2018Power\u2019 parent and carer forum.") == []
    assert identity.in_document("Her mother, who lives at 14 Elm Close") and identity.in_document("Kayleigh's mother")


def test_the_messages_are_600_and_a_detail_counts_only_when_all_of_it_is_found(identity):
    assert [len([m for m in load(half) if bool(m.details) is there]) for half in ("dev", "test") for there in (True, False)] == [150] * 4
    assert not {m.text for m in load("dev")} & {m.text for m in load("test")}
    assert covered("Jo Smith", "Jo Smith", [Detail("a name", 0, 8)]) and not covered("Jo Smith", "Jo Smith", [Detail("a name", 0, 5)])


ASKED = "Kayleigh Brannigan, dob 14/03/2017, of 14 Elm Close, B69 9ZZ, NHS 999 405 1148: when is the icpc due after a strat"
SECRETS = ("Kayleigh", "Brannigan", "14/03/2017", "Elm Close", "B69 9ZZ", "405 1148")


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.lower() in text.lower()]


@pytest.fixture
def temporary(tmp_path):
    """The folder that temporary files go to meanwhile."""
    before, tempfile.tempdir = tempfile.tempdir, str(tmp_path)
    yield tmp_path
    tempfile.tempdir = before


def test_a_blocked_question_is_in_no_log_no_file_and_no_request(assistant, embedder, caplog, temporary):
    with caplog.at_level(logging.DEBUG), server("good", lambda prompt: "NO ANSWER") as (address, prompts):
        chat = chat_model(Settings(chat_model="openai:m", chat_model_url=address, chat_model_key="k"))
        asking = copy.copy(assistant)
        asking.__dict__.pop("chain", None)
        asking.writer = Writer(chat, load_prompts(), WrittenCheck(embedder.embed, assistant.authorities.named), random.Random(1))
        blocked = asking.ask(ASKED)
        danger = asking.ask("Kayleigh Brannigan is being beaten right now next door")
        broken = asking.ask("Kayleigh Brannigan\x00")
        assert prompts == []
        after = asking.ask("when is the icpc due after a strat", history=[ASKED])
        instead = asking.ask(blocked.standalone_question)
    assert prompts and secrets_in("".join(prompts)) == []
    assert (blocked.status, danger.status, broken.status) == (Status.BLOCKED, Status.NEEDS_A_PERSON, Status.ERROR)
    assert (
        blocked.standalone_question
        == "[name], dob [date of birth], of [address], [postcode], NHS [NHS number]: when is the icpc due after a strat"
    )
    assert (
        "a name, a date of birth, an address, a postcode and an NHS number" in blocked.answer
        and blocked.standalone_question in blocked.answer
    )
    assert instead.status is not Status.BLOCKED and isinstance(after, Answer)
    assert [secrets_in(str(answer)) for answer in (blocked, danger, broken, after, instead)] == [[]] * 5
    assert secrets_in(caplog.text) == []
    files = [f for folder in (temporary, assistant.library.folder) for f in folder.rglob("*") if f.is_file()]
    assert [f.name for f in files if secrets_in(f.read_bytes().decode("latin-1"))] == []


def test_a_file_that_identifies_a_child_is_refused_and_leaves_nothing(assistant, embedder, tmp_path, caplog):
    note = tmp_path / "home-visit.txt"
    note.write_text(f"Home visit.\n\nKayleigh's mum let us in. {ASKED}\n\nThe child's file was read.", encoding="utf-8")
    with caplog.at_level(logging.DEBUG):
        [added] = add([note], assistant)
        [read] = ingest([note], assistant.library, embedder, CORPUS)
    for outcome in (added, read):
        assert outcome.what == "refused" and "1 name" in outcome.reason and "1 date of birth" in outcome.reason
        assert secrets_in(outcome.reason) == []
    assert secrets_in(caplog.text) == [] and not list(folder_of(assistant).glob("*home*"))
    assert secrets_in("".join(assistant.library.texts())) == []
    files = [f for f in assistant.library.folder.rglob("*") if f.is_file()]
    assert [f.name for f in files if secrets_in(f.read_bytes().decode("latin-1"))] == []
