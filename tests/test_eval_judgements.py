"""What is settled of a disagreement with the other tool is a value, not the cell that it stands in."""

from dataclasses import replace

from eval.judgements import Cell, main, not_settled, settled
from tests.shared import shared


def test_a_verdict_holds_for_the_value_it_was_given_on_and_no_other():
    ((file, name, ours), verdict), *_ = settled().items()
    cell = Cell(file, name, ours, str(verdict["theirs"]))
    misread = replace(cell, ours="1999-01-01")
    assert not_settled([cell], settled()) == []
    assert not_settled([cell, misread], settled()) == [misread]
    assert not_settled([replace(cell, theirs=ours)], {}) == []


def test_every_verdict_says_who_is_right_and_where_to_look():
    assert settled()
    for verdict in settled().values():
        assert verdict["right"] in {"ours", "theirs"} and verdict["page"] and verdict["why"]


def test_no_disagreement_over_the_published_reports_is_left_unsettled(capsys):
    assert main(shared("reports/history.csv").parent) == 0
    assert "NOT SETTLED" not in capsys.readouterr().out
