"""The check: nothing is shown that its citation does not carry. Pure."""

from collections.abc import Mapping

from assistant.types import Citation, Sentence


def supported(sentence: Sentence, citations: Mapping[int, Citation]) -> bool:
    """Whether `sentence` stands word for word in a passage that it cites, and every label it cites exists."""
    if not sentence.citations or not all(label in citations for label in sentence.citations):
        return False
    return any(sentence.text in citations[label].passage for label in sentence.citations)


def checked(sentences: list[Sentence], citations: list[Citation]) -> list[Sentence]:
    """The sentences that their citations carry; the rest are dropped."""
    by_label = {c.label: c for c in citations if c.quote in c.passage}
    return [sentence for sentence in sentences if supported(sentence, by_label)]
