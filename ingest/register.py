"""The findings of a letter or report, made from its passages as it is read.

What is a finding, and what is not, is said in `assistant.findings`; how one is read in `assistant.classify`
and settled in its paragraph in `assistant.settle`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from assistant.classify import Lexicon, Under, hits, standing, under
from assistant.findings import BRACKETED, Finding, Polarity, quantifier
from assistant.settle import Read, Weights, chances, likeliest, polarity_features, read, theme_features, themes
from assistant.text import sentence_spans
from assistant.types import FINDINGS, Document, Passage
from assistant.weigher import Chances, Paragraph

SETTLED = frozenset({"improvement", "neutral"})
"""Headings under which the guide decides every sentence, whatever its words."""
_BULLET = re.compile(r"\n *- |^- ")
_CROSS_REFERENCE = re.compile(r"\((?:recommendations?|paragraphs?)\b[^)]*\)\.?$", re.IGNORECASE)
"""What some reports print after a sentence to point at another place; it says nothing."""
_PRINTED_AFTER = re.compile(rf"{BRACKETED}\.?$", re.IGNORECASE)
"""A reference to the National Framework that is printed after the full stop: it belongs to the sentence before it."""


def findings(document: Document, passages: Sequence[Passage], lexicon: Lexicon, weights: Weights) -> list[Finding]:
    """The findings of `document`, in the order they are printed; none of a document that is no letter or report."""
    if document.kind not in FINDINGS:
        return []
    made: list[Finding] = []
    about = cache(partial(under, lexicon))
    standings = [(passage, standing(lexicon, passage.section or passage.paragraph)) for passage in passages]
    paragraphs = [
        _Paragraph(passage, where, read(lexicon, [(passage.text[a:b], bullet) for a, b, bullet in units(passage.text)], where))
        for passage, where in standings
        if where != "left_out"
    ]
    read_again = (
        weights.weigher.chances([as_read(paragraph.reads, paragraph.passage.section) for paragraph in paragraphs])
        if weights.weigher
        else [None] * len(paragraphs)
    )
    for paragraph, again in zip(paragraphs, read_again, strict=True):
        made += _of_paragraph(paragraph, again, about(paragraph.passage.section), lexicon, weights, len(made))
    return made


@dataclass(frozen=True)
class _Paragraph:
    """A passage, how its heading stands to what is found, and its sentences as their words read."""

    passage: Passage
    where: str
    reads: list[Read]


def as_read(reads: Sequence[Read], section: str) -> Paragraph:
    """A paragraph under `section` as the weigher reads it."""
    return section, tuple(this.text for this in reads)


def _of_paragraph(
    paragraph: _Paragraph, again: Chances | None, headings: Under, lexicon: Lexicon, weights: Weights, position: int
) -> Iterator[Finding]:
    passage, where, reads = paragraph.passage, paragraph.where, paragraph.reads
    about: tuple[str, ...] = ()
    for at, this in enumerate(reads):
        found = themes(weights, theme_features(reads, at, headings), again.about[at] if again else None)
        # A sentence without a subject of its own speaks of what the sentence before it spoke of.
        about = found or (about[:1] if not this.named and where not in SETTLED else ())
        parts = this.parts
        if where not in SETTLED:
            by_words = chances(weights, polarity_features(reads, at, where, passage.section, weights.company))
            side = likeliest(by_words, again.sides[at] if again else None)
            if len(parts) == 1 or side is not Polarity.MIXED:
                parts = (((0, len(this.text)), side),)
        for i, ((begin, stop), side) in enumerate(parts):
            text = this.text[begin:stop].rstrip(" ,;:\u2013\u2014-") if i + 1 < len(parts) else this.text[begin:stop]
            mark = f"{at + 1}{chr(ord('a') + i)}" if len(parts) > 1 else str(at + 1)
            yield Finding(
                f"{passage.id}#{mark}", passage.document_id, passage.id, position, text, side, _own(lexicon, text, about) if len(parts) > 1 else about,
                *quantifier(text), passage.section, passage.paragraph, passage.page,
            )  # fmt: skip
            position += 1


def _own(lexicon: Lexicon, part: str, about: tuple[str, ...]) -> tuple[str, ...]:
    """The themes of a sentence that a part of it names; all of them where it names none."""
    named = hits(lexicon, part)
    return tuple(theme for theme in about if theme in named) or about


def units(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it is in a bullet) of each sentence of `text`; a bullet list's lead line and each bullet are
    sentences of their own, and a reference printed after a sentence is part of it."""
    edges = [(match.start(), match.end()) for match in _BULLET.finditer(text)]
    starts = [0, *(end for _, end in edges)]
    ends = [*(start for start, _ in edges), len(text)]
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        spans: list[tuple[int, int]] = []
        for first, last in sentence_spans(text[start:end]):
            said = text[start + first : start + last]
            if spans and _PRINTED_AFTER.match(said):
                spans[-1] = spans[-1][0], start + last
            elif not _CROSS_REFERENCE.match(said):
                spans.append((start + first, start + last))
        yield from ((first, last, i > 0) for first, last in spans)
