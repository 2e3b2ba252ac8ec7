"""The sides of a question that sets one thing beside another: two authorities, two inspections of one, or what was found
and what is expected. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.inspections import LATEST, Held, dates, meant, newest_first, on
from assistant.scope import EXPECTATION, FINDING, Authorities, Reading
from assistant.text import spelt
from assistant.types import EXPECTATIONS, FINDINGS, Kind

_COMPARES = re.compile(
    r"\b(?:chang\w*|improv\w*|better|worse|progress\w*|still|held up|slipp\w*|since|compar\w*|than (?:in|at|the)|versus|vs?\.?|against|"
    r"moved on|any more|(?:19|20)\d\d (?:and|to) (?:19|20)\d\d|then and now|now)\b",
    re.IGNORECASE,
)
_SINCE_LAST = re.compile(
    r"\b(?:(?:since|from|than|after|compared (?:with|to)|on) (?:the |its |their |our )?(?:last|previous)\b|"
    r"(?:what(?:'?s| has| have)?|how (?:has|have|is|are)|has|have|is|are)\b.{0,80}\b(?:changed|improved|got(?:ten)? (?:any )?(?:better|worse))\b)",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"\s*(?:[,;:?.+&]|\s-\s|\bplus\b|\band\b|\bwhile\b)\s*", re.IGNORECASE)
_EXPECTED = re.compile(
    rf"{EXPECTATION.pattern}|\b(?:should|(?:can|do|have|need) (?:i|we|you|they|anyone)|good practice|national\w*|how often|by what|by when|"
    r"require\w*|enough|mean|supposed|what (?:is|are) an?|which|who|is (?:that|it|this)|does an?|count)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Side:
    """One side: what it is called where nothing is found on it, and the question read for it alone."""

    name: str
    reading: Reading


def sides(question: str, reading: Reading, held: Sequence[Held], authorities: Authorities) -> tuple[Side, ...]:
    """The sides of `question`, in the order they are named or, of inspections, oldest first; none where it has but one.

    `held` are the letters and reports of the library. Filters set beside the question leave it one side.
    """
    if reading.absent or reading.nation or reading.scope.document or reading.scope.kinds:
        return ()
    of = {name: [pair for pair in held if pair[0].authority == name] for name in reading.authorities}
    there = [name for name, pairs in of.items() if pairs]
    if len(there) > 1:
        return tuple(_of_authority(question, reading, name, of[name]) for name in there)
    pairs = _two_inspections(question, of[there[0]]) if there else []
    if pairs:
        return tuple(_of_inspection(reading, pair) for pair in pairs)
    return _found_and_expected(question, reading, authorities)


def _of_authority(question: str, reading: Reading, name: str, pairs: Sequence[Held]) -> Side:
    reports = [pair for pair in pairs if pair[0].kind is Kind.REPORT] or list(pairs)
    ids = meant(question, pairs) or frozenset({newest_first(reports)[0][0].id})
    scope = replace(reading.scope, authority=name, inspections=ids, kinds=FINDINGS, since=None)
    return Side(name, replace(reading, scope=scope))


def _of_inspection(reading: Reading, pair: Held) -> Side:
    document = pair[0]
    scope = replace(reading.scope, authority=document.authority, inspections=frozenset({document.id}), kinds=FINDINGS, since=None)
    return Side(f"{document.authority}, {spelt(document.published)}", replace(reading, scope=scope))


def _two_inspections(question: str, pairs: Sequence[Held]) -> list[Held]:
    """The inspections that `question` sets beside each other, oldest first; none where it does not."""
    ordered = newest_first(pairs)
    reports = [pair for pair in ordered if pair[0].kind is Kind.REPORT]
    named = [next((pair for pair in (*reports, *ordered) if on(pair, when)), None) for when in dict.fromkeys(dates(question))]
    chosen = [pair for pair in named if pair]
    if len(chosen) == 1 and (_COMPARES.search(question) or LATEST.search(question)):
        chosen += [pair for pair in (reports or ordered)[:1] if pair not in chosen]
    if not named and _SINCE_LAST.search(question):
        chosen = reports[:2]
    chosen = list({pair[0].id: pair for pair in chosen}.values())
    return list(reversed(newest_first(chosen))) if len(chosen) > 1 else []


def _found_and_expected(question: str, reading: Reading, authorities: Authorities) -> tuple[Side, ...]:
    """Both sides where one clause asks what was found and another what law or guidance expects."""
    clauses = [clause for clause in _CLAUSES.split(question) if clause.strip()]

    def of_findings(clause: str) -> bool:
        return bool(authorities.named(clause) or FINDING.search(clause))

    others = [clause for clause in clauses if not of_findings(clause) and len(clause.split()) > 2 and _EXPECTED.search(clause)]
    if not others or len(others) == len(clauses) or not (reading.findings or any(map(of_findings, clauses))):
        return ()
    found = replace(reading, scope=replace(reading.scope, kinds=FINDINGS), findings=max(reading.findings, 1.0), expectations=False)
    scope = replace(reading.scope, kinds=EXPECTATIONS, authority="", inspections=frozenset(), since=None)
    expected = replace(reading, scope=scope, findings=0.0, expectations=True)
    return Side("inspectors' findings", found), Side("law and guidance", expected)
