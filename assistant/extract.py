"""The extractive answerer: picks and orders whole sentences of the best passages. Pure; no language model."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from assistant.faults import narrowed
from assistant.particular import Titles, people_in
from assistant.shape import DATE, DURATION, NUMBER_WORDS, Shape, amount_of, can_answer
from assistant.text import content_stems, sentence_spans, sentences, spelt
from assistant.types import FINDINGS, Hit, Kind, finding

MOST_PASSAGES = 4
_NEAR_ENOUGH = 0.86
"""Least share of the best score that a further passage needs to be quoted."""
WHOLE_BEST, WHOLE_OTHER = 1000, 600
"""Characters up to which the best paragraph, and any other, is quoted whole. Chosen on the development cases: with 420 for
both, a third of the facts that report questions ask for stood in a sentence of the right paragraph that was not shown."""
FRAME = frozenset({"letterhead", "signature", "cover"})
"""Paragraphs that say who, where and when, and nothing of practice."""
LEANS = re.compile(
    r"^(?:This|These|Those|They|Their|It|Its|Such|That|When used|He|She|Both|The same|Otherwise|Neither duty|However|But|So|Also|If not)\b"
)
"""A sentence that starts so cannot be understood without the one before it."""
_OFTEN = re.compile(r"\bhow (?:often|frequent\w*|regular\w*)\b", re.IGNORECASE)
_INTERVAL = re.compile(
    r"(?:at least )?(?:every|once (?:a|every)|each|no more than|at intervals of (?:not|no) more than) [\w ]{0,20}?\d+ (?:working )?(?:day|week|month|year)s?"
    r"|(?:at intervals of )?(?:not|no) more than \d+ (?:working )?(?:day|week|month)s?(?: apart)?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(rf"\d|\b(?:{NUMBER_WORDS})\b", re.IGNORECASE)
_LOOSE = re.compile(
    r"\b(?:at (?!least|most)|for|in|on|into|with|by|and)\b|\d[\d,.]*\s.*\b\d|^one of\b|^(?:19|20)\d\d\b|"
    r"\b(?:past|last) \w+ (?:days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
"""An amount that is not just before its thing, or more than one: "one support for 75 children"."""
_IN_FORCE = re.compile(r"\b(?:in force|yet|now|started|come into|mandatory|apply|required|law)\b", re.IGNORECASE)
_COMES = re.compile(r"\b(?:in force|enacted|commence\w*|start\w*|begin\w*)\b", re.IGNORECASE)
_NOT_YET = "enacted, not in force"
_TURNS = re.compile(r"^(?:However|But|Nevertheless)\b")


@dataclass(frozen=True)
class Quote:
    """A stretch of whole sentences of one passage, verbatim: `hit.passage.text[start:end]`."""

    hit: Hit
    start: int
    end: int
    key: str = ""
    """The sentence of it that answers best, where it has more than one."""

    @property
    def text(self) -> str:
        return self.hit.passage.text[self.start : self.end]


def choose(question: str, hits: list[Hit], shape: Shape) -> list[Quote]:
    """The stretches to show, best passage first; findings and expectations apart is the composer's work."""
    if not hits:
        return []
    near = [hit for hit in hits[:MOST_PASSAGES] if hit.score >= _NEAR_ENOUGH * hits[0].score]
    kept = [hit for hit in near if hit is near[0] or shape in (Shape.WHO, Shape.WHEN) or hit.passage.paragraph not in FRAME]
    return [_stretch(question, hit, shape, WHOLE_BEST if hit is kept[0] else WHOLE_OTHER) for hit in kept]


def _stretch(question: str, hit: Hit, shape: Shape, whole: int) -> Quote:
    """The sentence of `hit` that answers best, with what it leans on before it and what turns it after it.

    A paragraph of up to `whole` characters is quoted whole: cutting it would save little and may lose its qualification.
    """
    spans = sentence_spans(hit.passage.text)
    if len(spans) == 1:
        return Quote(hit, *spans[0])
    cosines = dict(hit.sentence_scores)
    asked = set(content_stems(question))
    texts = [hit.passage.text[start:end] for start, end in spans]

    def worth(i: int) -> float:
        shared = len(asked & set(content_stems(texts[i]))) / (len(asked) or 1)
        fits = 0.1 if shape is not Shape.OPEN and can_answer(shape, texts[i]) else 0.0
        return cosines.get(i, 0.0) + 0.3 * shared + fits

    first = last = best = max(range(len(spans)), key=lambda i: (worth(i), -i))
    if len(hit.passage.text) <= whole:
        return Quote(hit, spans[0][0], spans[-1][1], texts[best])
    first, last = whole_thought(texts, first, last)
    return Quote(hit, spans[first][0], spans[last][1], texts[best] if last > first else "")


def whole_thought(texts: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """The sentences `first` to `last` of a passage, with what they lean on before them and what turns them after them."""
    while first > 0 and LEANS.match(texts[first]):
        first -= 1
    while last + 1 < len(texts) and _TURNS.match(texts[last + 1]):
        last += 1
    return first, last


def lead(
    question: str, shape: Shape, quote: Quote, concepts: Callable[[str], Collection[int]], titled: Callable[[], Titles] = tuple
) -> str:
    """The short answer that the first quote gives to a question of this shape, verbatim; "" where it gives none, or where
    its clause has a quantifier or a negation that it leaves out: the sentence stands below it either way.

    A clock is given only from a sentence that speaks of every concept the question names: another thing's clock is worse
    than none, and of two in a sentence either may be. `concepts` finds the concepts of a text; `titled` says what has capitals
    and is nobody's name.
    """
    short = _short(question, shape, quote, concepts, titled)
    return "" if short and any(narrowed(text, short) for text in sentences(quote.text) if short in text) else short


def _short(question: str, shape: Shape, quote: Quote, concepts: Callable[[str], Collection[int]], titled: Callable[[], Titles]) -> str:
    if shape in (Shape.HOW_LONG, Shape.WHEN):
        asked = set(concepts(question))
        about = [text for text in sentences(quote.text) if asked and asked <= set(concepts(text))]
        for pattern in _clocks(question, shape, quote):
            clocks = [m[0].strip() for text in about for m in pattern.finditer(text) if _AMOUNT.search(m[0])]
            if clocks:
                return clocks[0] if len({clock.lower() for clock in clocks}) == 1 and re.search(r"\d", clocks[0]) else ""
        return ""
    if shape is Shape.HOW_MANY:
        amount = amount_of(question, quote.text)
        numbered = re.search(
            rf"\b(?:sections?|paragraphs?|regulations?|parts?|schedules?|articles?|s) {re.escape(amount)}", quote.text, re.IGNORECASE
        )
        return "" if numbered or _LOOSE.search(amount) else amount
    if shape is Shape.WHO and finding(quote.hit.document):
        return people_in(question, quote.text, titled(), quote.hit.document.authority)
    if shape is Shape.YES_NO and _IN_FORCE.search(question) and quote.hit.passage.force == _NOT_YET:
        return next((text for text in sentences(quote.text) if _COMES.search(text)), "")
    return ""


def _clocks(question: str, shape: Shape, quote: Quote) -> tuple[re.Pattern[str], ...]:
    """What counts as the time asked for: an interval for "how often", a date too where a finding is asked when."""
    if _OFTEN.search(question):
        return (_INTERVAL,)
    return (DATE, DURATION) if shape is Shape.WHEN and finding(quote.hit.document) else (DURATION,)


def groups(quotes: Iterable[Quote], compared: bool = False) -> list[tuple[str, list[Quote]]]:
    """Quotes under their headings, the heading of the first quote first; findings `compared` each under whose and when they are."""
    titles: dict[str, list[Quote]] = {}
    for quote in quotes:
        document = quote.hit.document
        title = f"{document.authority}, {spelt(document.published)}" if compared and document.kind in FINDINGS else _title(quote.hit)
        titles.setdefault(title, []).append(quote)
    return list(titles.items())


def _title(hit: Hit) -> str:
    if hit.document.kind in FINDINGS:
        return "What inspectors found"
    if hit.document.kind is Kind.LOCAL:
        return "From documents you added"
    return "About this inspection (plain-language note)" if hit.document.authority else "What law and guidance expect"
