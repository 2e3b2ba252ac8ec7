"""What a session pack is made of. All are frozen; what comes from a source carries its `Citation`, the rest is the trainer's
material, which the project wrote. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import QuestionError
from assistant.findings import Wanted
from assistant.refusal import place
from assistant.text import spelt
from assistant.types import Citation, Kind

SHORTEST, LONGEST = 30, 180
"""Minutes of the shortest and the longest session."""
INVENTED = "Invented for training. No real child, family, worker or authority."
OURS = "Trainer's material"
"""Beside everything that does not come from a source."""


class Form(StrEnum):
    """How a quiz question is asked."""

    CHOICE = "single choice"
    TRUE_FALSE = "true or false"
    ORDER = "put in order"
    SHORT = "short answer"


@dataclass(frozen=True)
class Topic:
    """What a session can be on: see corpus/session/topics.toml. `asked` is what was typed where that was another name."""

    id: str
    name: str
    about: str
    themes: tuple[str, ...]
    words: tuple[str, ...]
    notes: tuple[str, ...]
    aim: str
    prompts: tuple[str, ...]
    case: "Case"
    wider: bool = False
    asked: str = ""


@dataclass(frozen=True)
class Said:
    """A sentence that a language model wrote, and the ids of the quotes that carry it."""

    text: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What a language model, named in `by`, wrote for a session: what quotes say in short, and prompts of its own."""

    summary: tuple[Said, ...] = ()
    prompts: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class Request:
    """What a pack is asked for. Raises QuestionError for a length out of range."""

    topic: Topic
    audience: str
    minutes: int
    scope: Wanted = Wanted()
    words: Words = Words()

    def __post_init__(self) -> None:
        if not SHORTEST <= self.minutes <= LONGEST:
            raise QuestionError(f"A session lasts {SHORTEST} to {LONGEST} minutes; {self.minutes} is outside that.")


@dataclass(frozen=True)
class Edits:
    """What a person changed: ids of items put to the back of the queue, oldest first, and of items left out."""

    back: tuple[str, ...] = ()
    dropped: frozenset[str] = frozenset()

    def swap(self, *ids: str) -> "Edits":
        """With the items of these ids behind all others."""
        return Edits((*(id for id in self.back if id not in ids), *ids), self.dropped)

    def drop(self, id: str) -> "Edits":
        """Without the item of this id; nothing takes its place."""
        return Edits(self.back, self.dropped | {id})

    def rank(self, id: str) -> int:
        """Its place behind the others, 0 where it was never swapped."""
        return self.back.index(id) + 1 if id in self.back else 0


@dataclass(frozen=True)
class Quoted:
    """Words of a document, verbatim in `source.passage`. `weight` is how a reading of the document takes them."""

    id: str
    source: Citation
    weight: str = ""

    @property
    def text(self) -> str:
        return self.source.quote


@dataclass(frozen=True)
class Pair:
    """What is done well in one place and needs to improve in another. Where a side is None, `gap` says why."""

    id: str
    strength: Quoted | None
    improvement: Quoted | None
    gap: str = ""

    @property
    def sides(self) -> tuple[Quoted, ...]:
        """The sides there are, what is done well first."""
        return tuple(side for side in (self.strength, self.improvement) if side)


@dataclass(frozen=True)
class Line:
    """A sentence on what was found, and the quotes' sources that carry it."""

    id: str
    text: str
    sources: tuple[Citation, ...]

    @property
    def cited(self) -> str:
        """With the number of each source and whose finding it is."""
        return " ".join([self.text, *(f"[{source.label}] ({source.authority})" for source in self.sources)])


@dataclass(frozen=True)
class Prompt:
    """A question to discuss, of the trainer's material."""

    id: str
    text: str


@dataclass(frozen=True)
class Case:
    """An invented case and its questions."""

    id: str
    title: str
    text: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A quiz question. `options` are as shown; `right` is the one right option, all of them in their right order, or for a
    short answer each spelling that counts. `sources` carry the right answer, and `key` says why, for the answer key."""

    id: str
    form: Form
    ask: str
    options: tuple[str, ...]
    right: tuple[str, ...]
    key: str
    sources: tuple[Citation, ...]


@dataclass(frozen=True)
class Activity:
    """A part of the running order. `start` and `minutes` are in minutes from the start of the session."""

    part: str
    name: str
    start: int
    minutes: int
    how: str


@dataclass(frozen=True)
class Reading:
    """Something to read, with its official address."""

    title: str
    edition: str
    url: str


@dataclass(frozen=True)
class SessionPack:
    """Everything a session needs. Citations are numbered by passage, in the order in which they first come."""

    request: Request
    title: str
    audience: str
    aims: tuple[str, ...]
    order: tuple[Activity, ...]
    summary: tuple[Line, ...]
    pairs: tuple[Pair, ...]
    law: tuple[Quoted, ...]
    prompts: tuple[Prompt, ...]
    listen: tuple[str, ...]
    case: Case | None
    quiz: tuple[Question, ...]
    reflection: tuple[str, ...]
    reading: tuple[Reading, ...]
    limits: tuple[str, ...]

    @property
    def sources(self) -> tuple[Citation, ...]:
        """Every passage that is cited, by label."""
        found = {side.source.label: side.source for pair in self.pairs for side in pair.sides}
        found |= {statement.source.label: statement.source for statement in self.law}
        for question in self.quiz:
            for source in question.sources:
                found.setdefault(source.label, source)
        return tuple(found[label] for label in sorted(found))


NOT_IN_FORCE = "enacted, not in force"
STANDINGS = {
    "must": "Must: an Act or regulations require it",
    "should": "Should: statutory guidance",
    "expected": "Expected: a sector standard",
    "good practice": "Good practice, not a rule",
    "court test": "A test that courts apply",
    "definition": "A definition",
    "background": "Background",
    NOT_IN_FORCE: "Enacted, not confirmed in force",
}


def where(source: Citation) -> str:
    """In a few words: whose finding and when, or the reference and edition of a statement of law."""
    if source.kind in (Kind.LETTER, Kind.REPORT):
        return ", ".join(filter(None, (source.authority, spelt(source.published), place(source.paragraph), _page(source))))
    return "; ".join(filter(None, (source.reference, source.edition)))


def source_line(source: Citation) -> str:
    """In full: the document, its date or edition, where in it, and its official address."""
    if source.kind in (Kind.LETTER, Kind.REPORT):
        dated = f"published {spelt(source.published)}" if source.published else ""
        named = ", ".join(filter(None, (source.publisher, source.title, dated, place(source.paragraph), _page(source))))
        return ". ".join(filter(None, (named, source.url)))
    note = f"Plain-language note \u201c{source.title}\u201d, {place(source.paragraph)}"
    return ". ".join(filter(None, (source.reference, source.edition, STANDINGS.get(source.force, source.force), note, source.url)))


def _page(source: Citation) -> str:
    return f"page {source.page}" if source.page else ""
