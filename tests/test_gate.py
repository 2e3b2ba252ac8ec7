"""The gate: when what was found is taken for an answer."""

from dataclasses import replace

import pytest

from assistant.gate import BARE, BARE_UNREAD, BESIDE, PHRASED, PHRASED_UNREAD, READ_BY, SIGNALS, Gate, gate_for, signals
from assistant.types import Document, Hit, Kind, Passage, Signals
from assistant.vocabulary import load_vocabulary
from tests.conftest import CORPUS

GATES = (PHRASED, PHRASED_UNREAD, BARE, BARE_UNREAD)
VOCABULARY = load_vocabulary(CORPUS / "vocabulary.toml")

GATE = Gate(weights=(2.0,), bias=-2.0, threshold=0.5, least=0.4)
"""Opens at a signal of 1, where the chance is a half: 1 / (1 + e^-(2s - 2))."""


@pytest.mark.parametrize(
    ("signal", "alone", "beside"),
    [
        (1.0, True, True),
        (0.9, False, True),  # chance 0.45
        (0.32, False, False),  # chance 0.204, but the nearest passage is too far
        (0.2, False, False),  # chance 0.17
    ],
)
def test_a_side_beside_one_that_is_answered_needs_less(signal, alone, beside):
    assert GATE.opens((signal,)) is alone
    assert GATE.opens((signal,), beside=True) is beside


def test_beside_is_less_than_the_gates_of_a_side_ask_alone():
    assert min(PHRASED_UNREAD.threshold, BARE_UNREAD.threshold) > BESIDE


def test_what_the_reader_says_is_two_signals_and_nothing_where_it_was_not_asked():
    hit = Hit(Passage("d:1", "d", 0, "The panel meets on Mondays.", "1", "Panel"), Document("d", "T", Kind.REPORT), 1.0, Signals())
    place = SIGNALS.index("read")

    def read(*chances):
        return signals("when does the panel meet", [hit], (), VOCABULARY, lambda word: 1, 10, lambda concept: True, False, tuple, chances)

    assert SIGNALS[place:] == READ_BY and all(len(gate.weights) == len(SIGNALS) for gate in GATES)
    assert read(0.2, 0.8, 0.4)[place:] == pytest.approx((-1.386, 1.386), abs=0.001), "the logarithm of 1 to 4, and of 4 to 1"
    assert read(0.0, 1.0)[place:] == pytest.approx((-6.907, 6.907), abs=0.001), "at most of 999 to 1"
    assert read()[place:] == read(0.5)[place:] == (0.0, 0.0)
    for asked, unread in ((BARE, BARE_UNREAD), (PHRASED, PHRASED_UNREAD)):
        assert asked.chance(read(0.9, 0.9)) > asked.chance(read(0.1, 0.1)) and unread.weights[place:] == (0.0, 0.0)
    phrased = replace(hit, passage=replace(hit.passage, asked=("when is the panel",)))
    assert [gate_for(hits, read) for hits in ([hit], [phrased], []) for read in (True, False)] == [
        *(BARE, BARE_UNREAD),
        *(PHRASED, PHRASED_UNREAD),
        *(BARE, BARE_UNREAD),
    ]
