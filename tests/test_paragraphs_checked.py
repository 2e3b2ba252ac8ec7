"""Paragraphs that were compared with their pages by eye are still read as they were then; how they are drawn."""

from itertools import groupby

import pytest

from assistant.scope import load_authorities
from eval.paragraphs import COUNT, Checked, Read, checked, draw, load_report, paragraphs
from tests.conftest import CORPUS
from tests.shared import shared

CHECKED = [(file, list(entries)) for file, entries in groupby(checked(), lambda entry: entry.file)]


@pytest.mark.parametrize(("file", "entries"), CHECKED, ids=[file for file, _ in CHECKED])
def test_what_was_compared_by_eye_is_still_read_so(file, entries):
    shared(f"reports/{file}")
    report = load_report(shared("reports"), file, load_authorities(CORPUS / "authorities.toml"))
    now = {read.label: read for read in paragraphs(file, report)}
    found = [Checked(file, now[e.label].page, e.label, now[e.label].sha256, e.outcome) for e in entries if e.label in now]
    assert found == entries, "read otherwise than when it was compared with its page: compare it again"


def test_thirty_were_compared_over_the_years_and_are_equal():
    assert len({(entry.file, entry.label) for entry in checked()}) == COUNT
    assert {entry.outcome for entry in checked()} == {"equal"}


def test_paragraphs_are_drawn_from_each_stratum_in_turn_and_the_same_again_for_the_same_seed():
    def report(name: str) -> list[Read]:
        return [Read(name, page, page, str(page), "", f"{name} {page}") for page in (1, 2, 3)]

    strata = {("2014", "SIF"): [report("a"), report("b"), report("c"), report("d")], ("2026", "ILACS short"): [report("e")]}
    drawn = draw(strata, 3, seed=7)
    assert len({read.file for read in drawn}) == 3 and "e" in {read.file for read in drawn}
    assert draw(strata, 3, seed=7) == drawn
    assert len({tuple(draw(strata, 3, seed)) for seed in range(20)}) > 10
    assert len(draw(strata, 30, seed=7)) == 5
