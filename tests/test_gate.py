"""The gate: when what was found is taken for an answer."""

import pytest

from assistant.gate import BARE, BESIDE, PHRASED, Gate

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
    assert min(PHRASED.threshold, BARE.threshold) > BESIDE
