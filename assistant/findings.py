"""The register: what every letter and report says, sentence by sentence, and how to filter it. Pure.

One rule decides what is in it: every sentence of the body of a letter or report is a finding. One that weighs nothing
(context, procedure, what inspectors did) is `neutral`; a count of findings leaves neutral ones out. What speaks of the
inspection and not of the authority (the cover, a letterhead, a signature, "About this inspection") is not in it.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from assistant.errors import CorpusError
from assistant.types import Document, Kind, ReportRecord


class Polarity(StrEnum):
    """Which way a finding weighs; `mixed` where one part that cannot be split verbatim weighs both ways."""

    STRENGTH = "strength"
    IMPROVEMENT = "improvement"
    MIXED = "mixed"
    NEUTRAL = "neutral"


WORSE = frozenset({Polarity.IMPROVEMENT, Polarity.MIXED})
EVALUATIVE = WORSE | {Polarity.STRENGTH}


@dataclass(frozen=True)
class Theme:
    """What a finding can be about: `means` says what belongs to it, for whoever reads a table or labels a sentence."""

    id: str
    name: str
    means: str


UNTHEMED = Theme("none", "No theme", "What no theme was read in: shown, so that no finding is lost from a count.")


BRACKETED = r"[(\[][^()\[\]]*\b(?:national framework|outcome|enabler|principle)\b[^()\[\]]*[)\]]"
"""A reference to the National Framework, as reports print it after a thing to improve."""
_LIST = re.compile(r"needs? to improve|recommendation|areas? for (?:improvement|development)|priority", re.IGNORECASE)
BOARD = re.compile(r"\bLSCB\b|safeguarding children(?:.?s)? board", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of a report, or one side of a sentence that turns at "However".

    `id` is the passage's id, "#", the number of the sentence in it and, of a part, a letter: "x:12#3b". `text` is
    verbatim in the passage. `position` is the order in the document. `quantifier` is as printed, "" where there is
    none; `rank` is its place on the scale of `RANKS`. `themes` are ids of corpus/themes.toml, the chief one first.
    """

    id: str
    document_id: str
    passage_id: str
    position: int
    text: str
    polarity: Polarity
    themes: tuple[str, ...] = ()
    quantifier: str = ""
    rank: int | None = None
    section: str = ""
    paragraph: str = ""
    page: int | None = None

    @property
    def listed(self) -> bool:
        """Whether it stands in the list of what the authority must improve; a safeguarding board answers for its own."""
        return bool(_LIST.search(self.section)) and not BOARD.search(self.section) and self.polarity in WORSE

    @property
    def about(self) -> tuple[str, ...]:
        """Its themes, or UNTHEMED alone: what it is filtered and counted by."""
        return self.themes or (UNTHEMED.id,)


# -- quantifiers --------------------------------------------------------------------

RANKS: tuple[tuple[str, str], ...] = (
    ("none or very few", r"no|none(?: of)?|(?:a )?very few|hardly any|very small (?:number|minority)"),
    ("few", r"(?:a )?(?:few|small (?:number|proportion|minority|group))|in isolated cases|isolated|not many"),
    ("a minority", r"(?:a )?(?:significant |substantial |sizeable |large )?minority"),
    ("some", r"some|a proportion|a number|certain|not (?:all|every|each)"),
    ("several", r"several|a (?:significant|considerable|large|high|growing|substantial|good) (?:number|proportion)|(?:about |around |approximately )?half"),
    ("many", r"(?:too |so )?many|numerous"),
    ("most", r"most(?! (?:recent|recently|appropriate|vulnerable|effective|complex|suitable|senior|serious|likely|needed|important|able|part\b))"),
    ("the majority", r"(?:the |a )?(?:vast |large |great |overwhelming |significant |clear |small )?majority"),
    ("almost all", r"(?:almost|nearly|virtually) (?:all|every|everyone)|the (?:vast|overwhelming) majority|(?:almost|nearly) always"),
    ("all", r"all|every|each"),
)  # fmt: skip
"""The scale of quantifiers, least first: (name, how it is printed). A rank is the place on it, 1 to 10."""
_SCALE = [(rank, re.compile(rf"\b(?:{printed})\b", re.IGNORECASE)) for rank, (_, printed) in enumerate(RANKS, start=1)]
_ANY_RANK = re.compile("|".join(pattern.pattern for _, pattern in _SCALE), re.IGNORECASE)
_NOT_OF_PEOPLE = re.compile(
    r"\b(?:all of the above|at all|above all|after all|in all|first of all|once and for all|all (?:the )?time|all ages|no longer|no later|"
    r"each other|every effort|every day|no doubt|not only|in most respects|as many|how many|all aspects|most of all|"
    r"at most|(?:last|past|next|first|coming|recent) few|few (?:days|weeks|months|years)|minority[- ]ethnic|ethnic minorit\w+|black and minority|a number of years|some time ago|for some time|in some respects|some time|some way to go|all-age|all-round|every opportunity)\b",
    re.IGNORECASE,
)


def quantifier(text: str) -> tuple[str, int | None]:
    """The first quantifier of `text` as it is printed, and its rank; ("", None) where it has none.

    "the vast majority" is one quantifier, not two: of those that start at one place the longest counts.
    """
    masked = _NOT_OF_PEOPLE.sub(lambda match: "\0" * len(match[0]), text)
    first = _ANY_RANK.search(masked)
    if first is None:
        return "", None
    found = [(len(match[0]), rank, match[0]) for rank, pattern in _SCALE if (match := pattern.match(masked, first.start()))]
    _, rank, printed = max(found)
    return printed, rank


# -- themes -------------------------------------------------------------------------


def load_themes(file: Path) -> tuple[Theme, ...]:
    """The themes in `file`, in its order. Raises CorpusError."""
    try:
        return tuple(Theme(**entry) for entry in tomllib.loads(file.read_text(encoding="utf-8"))["theme"])
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CorpusError(f"{file} cannot be read as a list of themes: {error}") from error


# -- filters ------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Which findings are wanted. Empty means no limit; dates are ISO or a start of one ("2023"), both ends counted."""

    authorities: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    framework: str = ""
    """How the framework starts: "ILACS" is short and standard inspections."""
    themes: frozenset[str] = frozenset()
    polarities: frozenset[Polarity] = frozenset()
    documents: frozenset[str] = frozenset()
    latest: bool = False
    """Only the newest document of each authority among those that the rest lets through."""
    inspector: str = ""
    """Who led the inspection."""


def family(framework: str) -> str:
    """Which kind of inspection a framework is of: those of one family are graded alike, those of two are not compared."""
    return "ILACS" if framework.startswith("ILACS") else framework or "not known"


@dataclass(frozen=True)
class Register:
    """Every finding, and the letters and reports they stand in, by id."""

    documents: dict[str, Document]
    records: dict[str, ReportRecord]
    findings: tuple[Finding, ...]

    @cached_property
    def by_document(self) -> dict[str, tuple[Finding, ...]]:
        """The findings of each document, in order."""
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.document_id, []).append(finding)
        return {document_id: tuple(members) for document_id, members in found.items()}

    @cached_property
    def weighed(self) -> dict[str, Counter[tuple[str, Polarity]]]:
        """Of each document, how many of its findings on each theme weigh each way; what weighs neither way is left out."""
        return {
            document_id: Counter((theme, f.polarity) for f in members if f.polarity in EVALUATIVE for theme in f.about)
            for document_id, members in self.by_document.items()
        }

    def when(self, document_id: str) -> str:
        """When a document was published, or where that is not known the last day of its inspection."""
        record = self.records.get(document_id)
        return self.documents[document_id].published or (record.inspection_end if record else "")

    def framework(self, document_id: str) -> str:
        """The kind of inspection that a document tells of, "" where it is not known."""
        record = self.records.get(document_id)
        return record.framework if record else ""

    def inspections(self, wanted: Wanted) -> list[Document]:
        """The letters and reports that `wanted` lets through, by authority, oldest first."""
        found = [document for document in self.documents.values() if self._fits(document, wanted)]
        found.sort(key=lambda document: (document.authority, self.when(document.id), document.id))
        return list({document.authority: document for document in found}.values()) if wanted.latest else found

    def select(self, wanted: Wanted) -> list[Finding]:
        """The findings that `wanted` lets through, by authority, oldest document first, in the order they are printed."""
        return [
            finding
            for document in self.inspections(wanted)
            for finding in self.by_document.get(document.id, ())
            if (not wanted.polarities or finding.polarity in wanted.polarities)
            and (not wanted.themes or not wanted.themes.isdisjoint(finding.about))
        ]

    def _fits(self, document: Document, wanted: Wanted) -> bool:
        when = self.when(document.id)
        return (
            (not wanted.authorities or document.authority in wanted.authorities)
            and (not wanted.documents or document.id in wanted.documents)
            and (not wanted.since or when >= wanted.since)
            and (not wanted.until or (bool(when) and when[: len(wanted.until)] <= wanted.until))
            and (
                not wanted.inspector
                or ((record := self.records.get(document.id)) is not None and record.lead_inspector == wanted.inspector)
            )
            and (not wanted.framework or self.framework(document.id).lower().startswith(wanted.framework.lower()))
        )


def register(documents: Iterable[Document], held: Collection[tuple[Document, ReportRecord]], findings: Iterable[Finding]) -> Register:
    """The register of a library's letters and reports."""
    letters = {document.id: document for document in documents if document.kind in (Kind.LETTER, Kind.REPORT)}
    return Register(letters, {document.id: record for document, record in held}, tuple(findings))
