"""The findings of a letter or report, made from its passages as it is read. Pure.

What is a finding, and what is not, is said in `assistant.findings`; how one is read in `assistant.classify`.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.classify import Lexicon, judged, standing, themes, under
from assistant.findings import Finding, Polarity, quantifier
from assistant.text import sentence_spans
from assistant.types import FINDINGS, Document, Passage

_BULLET = re.compile(r"\n *- |^- ")
_CROSS_REFERENCE = re.compile(r"\((?:recommendations?|paragraphs?)\b[^)]*\)\.?$", re.IGNORECASE)
"""What some reports print after a sentence to point at another place; it says nothing."""


def findings(document: Document, passages: Sequence[Passage], lexicon: Lexicon) -> list[Finding]:
    """The findings of `document`, in the order they are printed; none of a document that is no letter or report."""
    if document.kind not in FINDINGS:
        return []
    made: list[Finding] = []
    for passage in passages:
        where = standing(lexicon, passage.section or passage.paragraph)
        if where != "left_out":
            made += _of_passage(passage, where, lexicon, len(made))
    return made


def _of_passage(passage: Passage, where: str, lexicon: Lexicon, position: int) -> Iterator[Finding]:
    weighed, about = Polarity.NEUTRAL, tuple[str, ...]()
    lead: tuple[str, ...] = ()
    over: Polarity | None = None
    headings = under(lexicon, passage.section)
    for number, (start, end, bullet) in enumerate(units(passage.text), start=1):
        sentence = passage.text[start:end]
        parts = judged(lexicon, sentence, where, weighed, over if bullet else None)
        about = themes(lexicon, sentence, headings, about, lead)
        lead = lead or about
        for i, ((begin, stop), polarity) in enumerate(parts):
            text = sentence[begin:stop].rstrip(" ,;:\u2013\u2014-") if i + 1 < len(parts) else sentence[begin:stop]
            own = themes(lexicon, text, headings, about, about) if len(parts) > 1 else about
            mark = f"{number}{chr(ord('a') + i)}" if len(parts) > 1 else str(number)
            yield Finding(
                f"{passage.id}#{mark}", passage.document_id, passage.id, position, text, polarity, own, *quantifier(text),
                passage.section, passage.paragraph, passage.page,
            )  # fmt: skip
            position += 1
        weighed = parts[-1][1]
        if not bullet:
            over = weighed if sentence.endswith(":") and weighed is not Polarity.NEUTRAL else None


def units(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it is in a bullet) of each sentence of `text`; a bullet list's lead line and each bullet are
    sentences of their own."""
    edges = [(match.start(), match.end()) for match in _BULLET.finditer(text)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(text)]
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for first, last in sentence_spans(text[start:end]):
            if not _CROSS_REFERENCE.match(text[start + first : start + last]):
                yield start + first, start + last, i > 0
