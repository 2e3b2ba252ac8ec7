"""What became of each thing to improve between successive inspections of one authority, by theme. Pure.

A theme is an issue in a document where something in it is to be improved: it stands among what needs to improve, or at
least a third of what weighs in that theme weighs that way. Both sides are quoted; what a later document does not mention
is said to be so, never that it is better: a focused visit looks at a part of the services.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from assistant.findings import WORSE, Finding, Polarity, Register, Theme, Wanted
from assistant.text import spelt
from assistant.types import Document, Kind

_SHARE = 1 / 3
_QUOTES = 2
"""Findings quoted on each side of a change."""
_BOTH = frozenset({Polarity.MIXED})
_BETTER = frozenset({Polarity.STRENGTH}) | _BOTH


class Course(StrEnum):
    """What became of a theme from one document to the next."""

    IMPROVED = "improved"
    STILL = "still an issue"
    NEW = "new"
    GONE = "no longer mentioned"


@dataclass(frozen=True)
class Change:
    """One theme from one document to the next, with the findings that say so on each side (none where not mentioned)."""

    theme: Theme
    course: Course
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]


@dataclass(frozen=True)
class Step:
    """Two successive documents of an authority and every change between them, in the order of the themes."""

    before: Document
    after: Document
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()


def progress(register: Register, authority: str, themes: Sequence[Theme]) -> list[Step]:
    """Every step between successive letters and reports of `authority`, oldest first; none where it has fewer than two.

    Letters on visits cover a part of the services. Where some stand between two full reports there is a step from the one
    to the other as well, and what a letter leaves out is told there alone.
    """
    documents = register.inspections(Wanted(authorities=frozenset({authority})))
    full = [i for i, document in enumerate(documents) if not _partial(register, document)]
    spans = [(first, last) for first, last in pairwise(full) if last - first > 1]
    within = {documents[i].id for first, last in spans for i in range(first + 1, last)}
    steps = []
    for before, after in pairwise(documents):
        made = step(register, before, after, themes)
        kept = [change for change in made.changes if not _left_out(change, before.id in within, after.id in within)]
        steps.append(replace(made, changes=tuple(kept)))
        steps += [step(register, documents[first], after, themes) for first, last in spans if documents[last] is after]
    return steps


def _partial(register: Register, document: Document) -> bool:
    return document.kind is Kind.LETTER or "visit" in register.framework(document.id)


def _left_out(change: Change, before_partial: bool, after_partial: bool) -> bool:
    """Whether the only thing that a change says is that a letter does not mention the theme."""
    return (before_partial and not change.before) or (after_partial and not change.after)


def step(register: Register, before: Document, after: Document, themes: Sequence[Theme]) -> Step:
    """What changed from the document `before` to the document `after`."""
    sides = [register.by_document.get(document.id, ()) for document in (before, after)]
    changes = tuple(change for theme in themes if (change := changed(theme, *sides)))
    return Step(before, after, changes, tuple(_notes(register, before, after)))


def changed(theme: Theme, before: Iterable[Finding], after: Iterable[Finding]) -> Change | None:
    """What became of `theme`; None where it was no issue before and is none now."""
    old = [finding for finding in before if theme.id in finding.themes]
    new = [finding for finding in after if theme.id in finding.themes and finding.polarity is not Polarity.NEUTRAL]
    was, now = _issue(old), _issue(new)
    if was and now:
        return Change(theme, Course.STILL, _quoted(old, theme, WORSE), _quoted(new, theme, WORSE))
    if was:
        course = Course.IMPROVED if new else Course.GONE
        return Change(theme, course, _quoted(old, theme, WORSE), _quoted(new, theme, _BETTER))
    return Change(theme, Course.NEW, _quoted(old, theme, _BETTER), _quoted(new, theme, WORSE)) if now else None


def _issue(findings: Sequence[Finding]) -> bool:
    worse = [finding for finding in findings if finding.polarity in WORSE]
    weighing = [finding for finding in findings if finding.polarity is not Polarity.NEUTRAL]
    return any(finding.listed for finding in worse) or (bool(worse) and len(worse) >= _SHARE * len(weighing))


def _quoted(findings: Iterable[Finding], theme: Theme, polarities: frozenset[Polarity]) -> tuple[Finding, ...]:
    """The most telling: what needs to improve first, then those that are chiefly about the theme, as they are printed."""
    fitting = [finding for finding in findings if finding.polarity in polarities]
    ranked = sorted(fitting, key=lambda f: (not f.listed, f.themes.index(theme.id), f.polarity in _BOTH, f.position))
    return tuple(sorted(ranked[:_QUOTES], key=lambda finding: finding.position))


def _notes(register: Register, before: Document, after: Document) -> Iterable[str]:
    """What must be known before the two documents are compared."""
    kinds = register.framework(before.id), register.framework(after.id)
    for document, kind in zip((before, after), kinds, strict=True):
        if "visit" in kind:
            yield (
                f"The {kind} letter of {spelt(register.when(document.id))} covers a part of the services: "
                "what it does not mention was not necessarily looked at."
            )
    if kinds[0] != kinds[1] and not any("visit" in kind for kind in kinds) and all(kinds) and kinds[0][:5] != kinds[1][:5]:
        yield f"The two were inspected under different frameworks ({kinds[0]}, then {kinds[1]}), which ask different questions."
