"""The register's types: quantifiers on their scale, filters, and findings kept with their document in one step."""

import pytest

from assistant.findings import Finding, Polarity, Wanted, quantifier, register
from assistant.library import Library
from assistant.types import Document, Kind, Passage, ReportRecord

OLD = Document("old", "T", Kind.REPORT, authority="Kent", published="2019-03-01")
NEW = Document("new", "T", Kind.LETTER, authority="Kent", published="2023-05-20")
OTHER = Document("other", "T", Kind.REPORT, authority="Leeds", published="2022-01-01")
RECORDS = [(OLD, ReportRecord("old", framework="SIF")), (OTHER, ReportRecord("other", framework="ILACS standard"))]


def finding(document: str, position: int, polarity: Polarity, *themes: str) -> Finding:
    return Finding(f"{document}:1#{position}", document, f"{document}:1", position, "Text.", polarity, themes)


FINDINGS = [
    finding("old", 1, Polarity.IMPROVEMENT, "supervision"),
    finding("old", 2, Polarity.STRENGTH, "plans"),
    finding("new", 1, Polarity.IMPROVEMENT, "plans", "supervision"),
    finding("other", 1, Polarity.STRENGTH, "supervision"),
]


@pytest.mark.parametrize(
    ("text", "printed", "rank"),
    [
        ("A significant minority of children in some teams wait.", "A significant minority", 3),
        ("The vast majority of plans are clear.", "The vast majority", 9),
        ("The majority of plans are clear.", "The majority", 8),
        ("Most decisions are right.", "Most", 7),
        ("The most vulnerable children are seen.", "", None),
        ("Almost all children are seen.", "Almost all", 9),
        ("Children are no longer seen.", "", None),
        ("Many, but not all, are seen.", "Many", 6),
        ("A small number of teams have changed.", "A small number", 2),
        ("Plans are clear.", "", None),
    ],
)
def test_a_quantifier_is_kept_as_printed_and_ranked(text, printed, rank):
    assert quantifier(text) == (printed, rank)


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (Wanted(), ["old:1#1", "old:1#2", "new:1#1", "other:1#1"]),
        (Wanted(authorities=frozenset({"Leeds"})), ["other:1#1"]),
        (Wanted(since="2022"), ["new:1#1", "other:1#1"]),
        (Wanted(until="2022"), ["old:1#1", "old:1#2", "other:1#1"]),
        (Wanted(framework="ilacs"), ["other:1#1"]),
        (Wanted(themes=frozenset({"supervision"}), polarities=frozenset({Polarity.IMPROVEMENT})), ["old:1#1", "new:1#1"]),
        (Wanted(latest=True), ["new:1#1", "other:1#1"]),
    ],
)
def test_filters_let_through_what_they_say(wanted, ids):
    held = register([OLD, NEW, OTHER], RECORDS, FINDINGS)
    assert [f.id for f in held.select(wanted)] == ids


def test_findings_are_kept_with_their_document_and_changed_alone(tmp_path):
    passages = [Passage("new:1", "new", 0, "Text.")]
    first = [finding("new", 1, Polarity.IMPROVEMENT, "plans", "supervision")]
    second = [finding("new", 1, Polarity.STRENGTH)]
    with Library(tmp_path) as library:
        assert library.store(NEW, passages, findings=first).what == "new"
        library.set_indexed("maker", {"new": 1})
        assert library.store(NEW, passages, findings=first).what == "unchanged"
        assert library.findings() == library.findings_of("new") == first
        assert library.store(NEW, passages, findings=second).what == "changed"
        assert library.findings() == second
        assert library.unindexed("maker") == {}
        library.remove("new")
        assert library.findings() == []
