"""The things the assistant speaks of. All are frozen: a step returns a new one, it never changes one."""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from operator import attrgetter


class Kind(StrEnum):
    """What sort of document a passage comes from."""

    LETTER = "letter"
    REPORT = "report"
    LEGISLATION = "legislation"
    GUIDANCE = "guidance"
    POLICY_NOTE = "policy_note"
    LOCAL = "local"


FINDINGS = frozenset({Kind.LETTER, Kind.REPORT})
"""Kinds that say what inspectors found; `EXPECTATIONS` say what law and guidance expect."""
EXPECTATIONS = frozenset({Kind.LEGISLATION, Kind.GUIDANCE, Kind.POLICY_NOTE})


class Status(StrEnum):
    """How a question ended. A refusal is a status, not a sentence to be parsed."""

    ANSWERED = "answered"
    NOT_IN_LIBRARY = "not_in_library"
    OUT_OF_SCOPE = "out_of_scope"
    NEEDS_A_PERSON = "needs_a_person"
    BLOCKED = "blocked"
    ERROR = "error"


@dataclass(frozen=True)
class Document:
    """One document of the library. Dates are ISO; `authority` is the plain name ("Sandwell")."""

    id: str
    title: str
    kind: Kind
    publisher: str = ""
    authority: str = ""
    published: str = ""
    edition: str = ""
    url: str = ""
    licence: str = ""
    source: str = ""
    sha256: str = ""
    topic: str = ""


def finding(document: Document) -> bool:
    """Whether a document says what was found at one authority, rather than what is expected of all."""
    return document.kind in FINDINGS or (document.kind is Kind.POLICY_NOTE and bool(document.authority))


@dataclass(frozen=True)
class Passage:
    """A citable piece of a document: a paragraph with its exact text and where it stands.

    `paragraph` is the printed number where there is one, else the order; `page` counts from 1, and is
    None where the document has no pages; `last_page` is the page it ends on where that is another; `offset` is the character position in the document's text.
    `asked` holds phrases people type for this paragraph: an index for search, never shown or quoted.
    """

    id: str
    document_id: str
    position: int
    text: str
    paragraph: str = ""
    section: str = ""
    page: int | None = None
    offset: int = 0
    reference: str = ""
    edition: str = ""
    force: str = ""
    url: str = ""
    asked: tuple[str, ...] = ()
    last_page: int | None = None


NOT_REPORTED = "not reported"
"""In place of a grade where the report gives none."""


@dataclass(frozen=True)
class Judgement:
    """A grade, lower case, as the report prints it, and the page it stands on."""

    grade: str = NOT_REPORTED
    page: int | None = None


@dataclass(frozen=True)
class ReportRecord:
    """What an inspection report or letter says of itself, beside its passages. Dates are ISO, "" where it gives none.

    `framework` is the inspection's kind ("ILACS standard", "SIF", "focused visit"); `notes` say why a grade is not
    reported, and anything else a reader of the record should know.
    """

    document_id: str
    urn: str = ""
    framework: str = ""
    inspection_start: str = ""
    inspection_end: str = ""
    lead_inspector: str = ""
    overall_effectiveness: Judgement = Judgement()
    impact_of_leaders: Judgement = Judgement()
    help_and_protection: Judgement = Judgement()
    in_care: Judgement = Judgement()
    care_leavers: Judgement = Judgement()
    notes: str = ""

    @property
    def page(self) -> int | None:
        """The page the judgements stand on: that of the first one reported."""
        return next((getattr(self, name).page for name in JUDGEMENTS if getattr(self, name).grade != NOT_REPORTED), None)


JUDGEMENTS = ("overall_effectiveness", "impact_of_leaders", "help_and_protection", "in_care", "care_leavers")
"""The judgements of a report, in the order they are listed."""


LAW = "law"
"""In place of a document's id: what none of the policy notes says."""


DANGER, ONE_CASE = "danger", "one case"
"""What a message may call for in place of an answer: help for a child now, or a person's decision on one case."""


@dataclass(frozen=True)
class Gap:
    """Something people ask that a document does not say. `document_id` is "" for what no document here is meant to say.

    `why` is one sentence shown when a question falls into the gap; `asked` are phrases people type, an index for search.
    `calls` says what the question calls for where it is not a question for a library at all.
    """

    id: str
    document_id: str
    why: str
    asked: tuple[str, ...]
    calls: str = ""


@dataclass(frozen=True)
class Scope:
    """What a question, or the filters beside it, limits the search to. Empty means no limit."""

    authority: str = ""
    document: str = ""
    inspections: frozenset[str] = frozenset()
    """Ids of the letters and reports that findings may come from; law and guidance stay in scope beside them."""
    kinds: frozenset[Kind] = frozenset()
    since: int | None = None
    own: frozenset[str] = frozenset()
    """Ids of the documents of a person's own that the question names by what they alone are named after."""


@dataclass(frozen=True)
class Signals:
    """What speaks for a passage, each 0 to 1, and (as weights) how much each counts in its score."""

    nearest: float = 0.0
    """Cosine of its nearest view of any sort."""
    asked: float = 0.0
    """Cosine of the nearest phrase it is asked by."""
    support: float = 0.0
    """Mean cosine of the three nearest such phrases: one lucky phrase is weaker than three near ones."""
    sentence: float = 0.0
    """Cosine of its nearest sentence."""
    whole: float = 0.0
    """Cosine of the whole under its header."""
    keyword: float = 0.0
    """BM25 as a share of the best."""
    words: float = 0.0
    """Share of the question's words, weighed by rarity, that it is known by."""
    finding: float = 0.0
    """How surely the question asks for findings, where this is one."""
    expectation: float = 0.0
    """1 where the question asks for law and guidance and this is such."""
    given: float = 0.0
    """1 where the question asks for a number, a sum, a share or a name and this gives one; counted of passages without phrases."""
    together: float = 0.0
    """Share of the question's words, weighed by rarity, that one of its sentences says; counted of passages without phrases."""

    def weighed(self, weights: "Signals") -> float:
        """The score: a weighted sum (Bruch et al. 2023, "An Analysis of Fusion Functions for Hybrid Retrieval": a
        convex combination of normalised scores beats rank fusion once its weights are tuned)."""
        return float(sum(float(signal) * weight for signal, weight in zip(_values(self), _values(weights), strict=True)))


_values = attrgetter(*(signal.name for signal in fields(Signals)))
"""The signals of a passage, or their weights, in one order: a search weighs hundreds."""


@dataclass(frozen=True)
class Hit:
    """A passage that search returned, with its score and what made it up."""

    passage: Passage
    document: Document
    score: float
    signals: Signals = Signals()
    sentence_scores: tuple[tuple[int, float], ...] = ()
    """(index of a sentence of the passage, its cosine to the question), where search saw it."""
    chance: float | None = None
    """How likely it answers the question, 0 to 1, where the reader has read it."""


@dataclass(frozen=True)
class Citation:
    """Where a sentence of an answer comes from. `quote` is verbatim in `passage`."""

    label: int
    passage_id: str
    document_id: str
    title: str
    kind: str
    publisher: str
    authority: str
    published: str
    edition: str
    section: str
    paragraph: str
    page: int | None
    quote: str
    passage: str
    url: str
    reference: str = ""
    force: str = ""
    last_page: int | None = None


def citation_of(label: int, passage: Passage, document: Document, quote: str) -> Citation:
    """The citation of `quote`, which stands in `passage` of `document`."""
    return Citation(
        label=label,
        passage_id=passage.id,
        document_id=document.id,
        title=document.title,
        kind=document.kind.value,
        publisher=document.publisher,
        authority=document.authority,
        published=document.published,
        edition=passage.edition or document.edition,
        section=passage.section,
        paragraph=passage.paragraph,
        page=passage.page,
        quote=quote,
        passage=passage.text,
        url=passage.url or document.url,
        reference=passage.reference,
        force=passage.force,
        last_page=passage.last_page,
    )


@dataclass(frozen=True)
class Sentence:
    """A statement of the answer and the labels of the citations that carry it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True)
class Link:
    """From a finding to what is expected, and the link's ground: a reference of the National Framework, or a paragraph.

    `says` is what the framework has under the reference, or how the paragraph begins; what follows it is of a
    paragraph alone, and `title` says where that stands.
    """

    ground: str
    reference: str
    says: str
    passage_id: str = ""
    title: str = ""
    edition: str = ""
    force: str = ""
    url: str = ""


COUNTED = "register"
"""What a count says of its model."""
QUOTED = "extractive"
"""What an answer says of its model where none wrote it."""


@dataclass(frozen=True)
class Answer:
    """What a question gets: a status, the text as Markdown with [1] markers, and where it comes from."""

    question: str
    standalone_question: str
    status: Status
    answer: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Hit, ...] = ()
    notices: tuple[str, ...] = ()
    model: str = QUOTED
    timings_ms: dict[str, float] = field(default_factory=dict)
    expected: tuple[Link, ...] = ()
    """What law and guidance expect of what it quotes as to improve."""


@dataclass(frozen=True)
class Progress:
    """Something that happened on the way to an answer: a step was done (`what` is its name), a written "sentence" passed its
    check, the model is awaited ("waiting"), or the "answer" is there."""

    what: str
    scope: Scope = Scope()
    """What is searched, once that is read."""
    passages: tuple[Hit, ...] = ()
    """What was found, best first, once that is searched."""
    sentence: Sentence | None = None
    answer: Answer | None = None
