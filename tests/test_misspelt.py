"""Authorities misspelt in a question: found, written right, told of, and never taken for a person."""

import pytest

from assistant.identity import Identity, load_names
from assistant.misspelt import misspelt, respelt
from assistant.scope import load_authorities
from assistant.spelling import Spelling
from tests.conftest import CORPUS

FORMS = ("Sandwell", "Surrey", "Kent", "Nottinghamshire", "Kensington and Chelsea", "Stockton-on-Tees", "Bolton")
KNOWN = frozenset("what did inspectors find in and about boulder the on tees".split())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what did inspectors find in Sandwel", "what did inspectors find in Sandwell"),
        ("sandwelll's plans", "Sandwell's plans"),
        ("Surery and kent", "Surrey and kent"),
        ("Notinghamshre 2019", "Nottinghamshire 2019"),
        ("Kensington andd Chelsea", "Kensington and Chelsea"),
        ("Stokton-on-Tees", "Stockton-on-Tees"),
        ("Sandwell", "Sandwell"),  # as it is written
        ("Nott caseloads, Bolt's plans", "Nottinghamshire caseloads, Bolton's plans"),  # cut short
        ("Stoc and Ken", "Stockton-on-Tees and Ken"),  # three letters are too few
        ("Kant", "Kant"),  # too short to tell
        ("boulder in Bxxton", "boulder in Bxxton"),  # a word that is known, and two slips in six letters
        ("Dolton", "Dolton"),  # people get the first letter right
    ],
)
def test_a_slip_is_written_right(typed, read):
    assert respelt(typed, misspelt(typed, FORMS, KNOWN.__contains__)) == read


@pytest.fixture(scope="module")
def identity():
    authorities = load_authorities(CORPUS / "authorities.toml")
    spelling = Spelling(["section ofsted children with said about was told to improve", *authorities.names])

    def slips(text):
        return [(place.start, place.end) for place in misspelt(text, authorities.names, spelling.knows)]

    return Identity(load_names(CORPUS / "names.toml"), spelling.knows, places=authorities.spans, slips=slips, corrected=spelling.corrected)


@pytest.mark.parametrize(
    "typed",
    [
        "Notinghamshire was told to improve",
        "what did they say about Setcion 20",
        "Camdden said it",
        "Kensington andd Chelsea",
        "about Power2",
    ],
)
def test_a_slip_is_not_a_name(identity, typed):
    assert identity.found(typed) == []


@pytest.mark.parametrize("typed", ["Camdden's mum rang", "Zbigniew was told", "Kayleigh said no"])
def test_a_name_still_is(identity, typed):
    assert identity.found(typed)


def test_letters_that_changed_places_are_put_right():
    spelling = Spelling(["section supervision"])
    assert spelling.corrected("setcion and sueprvision") == "section and supervision"


def test_the_person_is_told_how_a_misspelt_place_was_read(assistant):
    answer = assistant.ask("what did inspectors find about supervision in Sanddwell?")
    assert answer.standalone_question == "what did inspectors find about supervision in Sandwell?"
    assert {citation.authority for citation in answer.citations} == {"Sandwell"}
    assert answer.notices[0].startswith("Sanddwell was read as Sandwell;")
