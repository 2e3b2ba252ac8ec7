from dataclasses import replace

from assistant.check import checked
from assistant.types import Citation, Sentence

CITATION = Citation(
    1, "d:1", "d", "T", "letter", "", "", "", "", "", "1", None, "Most plans are good.", "Most plans are good. Some are not.", ""
)


def test_only_what_stands_in_its_cited_passage_passes():
    good = Sentence("Most plans are good.", (1,))
    bad = [Sentence("Plans are good.", (1,)), Sentence("Most plans are good.", (2,)), Sentence("Some are not.", ())]
    assert checked([good, *bad], [CITATION]) == [good]


def test_a_citation_whose_quote_is_not_in_its_passage_carries_nothing():
    forged = replace(CITATION, quote="All plans are good.")
    assert checked([Sentence("Most plans are good.", (1,))], [forged]) == []
