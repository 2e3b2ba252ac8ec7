"""Which authorities a question names, where the name is also an English word or a judgment."""

import pytest

from assistant.scope import load_authorities
from tests.conftest import CORPUS

AUTHORITIES = load_authorities(CORPUS / "authorities.toml")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("His reading levels have improved.", []),
        ("What did inspectors find in Reading?", ["Reading"]),
        ("We cannot bury the report.", []),
        ("is bury any good at supervision", ["Bury"]),
        ("The baby's bath time is at six.", []),
        ("There were barking dogs at the visit.", []),
        ("how did Barking do", ["Barking and Dagenham"]),
        ("Who mainly staffs the National Age Assessment Board?", []),
        ("supervision in staffs", ["Staffordshire"]),
        ("which staffs teams are good at supervision", ["Staffordshire"]),
        ("tell me about staffs that was inspected in 2024", ["Staffordshire"]),
        ("has staffs the same grade as Leeds", ["Staffordshire", "Leeds"]),
        ("how does Merton do age assessments", ["Merton"]),
        ("Were age-disputed children well supported by Merton?", ["Merton"]),
        ("Compare Sandwell and Merton on age assessments", ["Sandwell", "Merton"]),
        ("An initial age assessment is what the trust did. Is that the same as Merton?", []),
        ("Would it be Merton compliant, and what would Merton require?", []),
        ("Age assessments in Merton: what did inspectors find?", ["Merton"]),
        ("How good are Merton's age assessments?", ["Merton"]),
        ("What are Merton care leavers offered?", ["Merton"]),
    ],
)
def test_a_name_that_is_a_word_too_is_a_place_where_the_place_is_meant(question, named):
    assert AUTHORITIES.named(question) == named
