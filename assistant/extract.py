"""The extractive answerer: picks and orders whole sentences of the best passages. Pure; no language model."""

import re
from dataclasses import dataclass

from assistant.shape import DATE, DURATION, Shape, amount_of, can_answer
from assistant.text import content_stems, sentence_spans
from assistant.types import Hit, finding

MOST_PASSAGES = 4
_NEAR_ENOUGH = 0.8
"""Least share of the best score that a further passage needs to be quoted."""
_LEANS = re.compile(
    r"^(?:This|These|Those|They|Their|It|Its|Such|That|When used|He|She|Both|The same|Otherwise|Neither duty|However|But|So|Also|If not)\b"
)
_NAME = r"(?!His Majesty|Working Together|Public Law|Home Office|Main |Family Court)[A-Z][a-z]+ [A-Z][a-z]+(?!'s)"
_TURNS = re.compile(r"^(?:However|But|Nevertheless)\b")


@dataclass(frozen=True)
class Quote:
    """A stretch of whole sentences of one passage, verbatim: `hit.passage.text[start:end]`."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.hit.passage.text[self.start : self.end]


def choose(question: str, hits: list[Hit], shape: Shape) -> list[Quote]:
    """The stretches to show, best passage first; findings and expectations apart is the composer's work."""
    if not hits:
        return []
    kept = [hit for hit in hits[:MOST_PASSAGES] if hit.score >= _NEAR_ENOUGH * hits[0].score]
    return [_stretch(question, hit, shape) for hit in kept]


def _stretch(question: str, hit: Hit, shape: Shape) -> Quote:
    """The sentence of `hit` that answers best, with what it leans on before it and what turns it after it.

    A short paragraph is quoted whole: cutting it would save nothing and may lose its qualification.
    """
    spans = sentence_spans(hit.passage.text)
    if len(hit.passage.text) <= 420 or len(spans) == 1:
        return Quote(hit, spans[0][0], spans[-1][1])
    cosines = dict(hit.sentence_scores)
    asked = set(content_stems(question))
    texts = [hit.passage.text[start:end] for start, end in spans]

    def worth(i: int) -> float:
        shared = len(asked & set(content_stems(texts[i]))) / (len(asked) or 1)
        fits = 0.1 if shape is not Shape.OPEN and can_answer(shape, texts[i]) else 0.0
        return cosines.get(i, 0.0) + 0.3 * shared + fits

    first = last = max(range(len(spans)), key=lambda i: (worth(i), -i))
    while first > 0 and _LEANS.match(texts[first]):
        first -= 1
    while last + 1 < len(spans) and _TURNS.match(texts[last + 1]):
        last += 1
    return Quote(hit, spans[first][0], spans[last][1])


def lead(question: str, shape: Shape, quote: Quote) -> str:
    """The short answer that the first quote gives to a question of this shape, verbatim; "" where it gives none."""
    if shape in (Shape.HOW_LONG, Shape.WHEN):
        patterns = (DATE, DURATION) if shape is Shape.WHEN and finding(quote.hit.document) else (DURATION,)
        found = (m[0].strip() for p in patterns for m in p.finditer(quote.text) if any(c.isdigit() for c in m[0]))
        return next(found, "")
    if shape is Shape.HOW_MANY:
        return amount_of(question, quote.text)
    if shape is Shape.WHO and finding(quote.hit.document):
        names = re.search(rf"\b{_NAME}(?: and {_NAME})?", quote.text)
        return names[0] if names and names[0] in quote.text else ""
    return ""


def groups(quotes: list[Quote]) -> list[tuple[str, list[Quote]]]:
    """Quotes under their headings, the heading of the best quote first."""
    titles: dict[str, list[Quote]] = {}
    for quote in quotes:
        titles.setdefault(_title(quote.hit), []).append(quote)
    return list(titles.items())


def _title(hit: Hit) -> str:
    if hit.document.kind.value == "local":
        return "From documents you added"
    return "What inspectors found" if finding(hit.document) else "What law and guidance expect"
