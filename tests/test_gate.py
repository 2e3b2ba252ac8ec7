"""The gate: when what was found is taken for an answer."""

import pytest

from assistant.gate import BARE, BESIDE, PHRASED, SIGNALS, UNREAD, Gate, gate_for, signals
from assistant.types import Document, Hit, Kind, Passage, Signals
from assistant.vocabulary import load_vocabulary
from tests.conftest import CORPUS

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


def test_beside_is_less_than_either_gate_asks_alone():
    assert min(gate.threshold for gate in (PHRASED, BARE, UNREAD)) > BESIDE


def test_what_the_reader_says_is_two_signals_and_nothing_where_it_was_not_asked():
    hit = Hit(Passage("d:1", "d", 0, "The panel meets on Mondays.", "1", "Panel"), Document("d", "T", Kind.REPORT), 1.0, Signals())
    place = SIGNALS.index("read")

    def read(*chances):
        return signals("when does the panel meet", [hit], (), VOCABULARY, lambda word: 1, 10, lambda concept: True, False, tuple, chances)

    assert read(0.2, 0.9, 0.4)[place:] == (0.2, 0.9) and read()[place:] == (0.0, 0.0)
    assert len(read()) == len(SIGNALS) == len(BARE.weights) == len(PHRASED.weights)
    assert BARE.chance(read(0.9, 0.9)) > BARE.chance(read(0.1, 0.1)) and PHRASED.weights[place:] == UNREAD.weights[place:] == (0.0, 0.0)
    assert (gate_for([hit]), gate_for([hit], read=False), gate_for([])) == (BARE, UNREAD, BARE)
