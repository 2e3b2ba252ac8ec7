"""What an inspection lists as to improve, whole and in its order: "what needs to improve in Sandwell?". Pure."""

import re
from collections.abc import Iterable, Sequence

from assistant.findings import Finding, Register
from assistant.tally import PassagesOf, Row, Tally
from assistant.text import spelt
from assistant.types import Document, Passage

_ASKED = re.compile(
    r"\b(?:need\w*|got|told|asked|wants?|wanted|must|should|ought|what (?:to|can|could)|list to|things? to|points? to|areas? to)\b"
    r"(?P<between>(?: \w+){0,3}?) improv(?:e|ed|ing)\b|\bto[- ]improve\b|\bneeds? improvement\b|\bimprovement (?:points?|areas?|list|priorities)\b|"
    r"\b(?:areas?|points?|priorities|things) (?:for|of) (?:improvement|development)\b|\brecommendations?\b",
    re.IGNORECASE,
)
_PLAIN = frozenset(
    """a all an and any are be been bits can children childrens did do does each every for from full give given got had has have identified in
    inspectors is it its just key letter list listed lists made main me most must name named need needed needs of on ofsted one ones per
    please report s said say says see service services show so tell that the their them there they thing things this to told total trust visit want wanted
    wants was were what whats which with would you your january february march april may june july august september october november december""".split()
)
"""Words that add no subject of their own: with any other, the question is about some of the list, and is searched for."""
_HOW_MANY = re.compile(
    r"\b(?:how many|(?:the )?number of) (?=(?:key |main )?(?:areas?|points?|things?|recommendations?|priorities)\b)", re.IGNORECASE
)
_WHAT_WAS_DONE = re.compile(r"\b(?:do|done|did|doing) (?:to|what)\b", re.IGNORECASE)
_NO_POINT = re.compile(r"\?$|\bthe following \w+[.:]$|\bdid not find any\b|\bthere (?:are|were) no areas\b", re.IGNORECASE)
"""A heading, what leads in to the whole list, and that there is nothing to list."""
_LEADS_IN = re.compile(r":$")


def asks(about: str) -> bool:
    """Whether a question, without the words that name its source, asks for all that needs to improve."""
    rest, found = _ASKED.subn(lambda match: match["between"] or " ", _HOW_MANY.sub("", about))
    words = re.findall(r"[a-z]+", rest.lower().replace("\u2019", "").replace("'", ""))
    return found > 0 and not _WHAT_WAS_DONE.search(about) and _PLAIN.issuperset(words)


def listed(within: Iterable[Document], register: Register, passages_of: PassagesOf) -> Tally | None:
    """The whole list of the newest of the documents `within` that has one; None where none has, or they are not of one authority."""
    listing = [document for document in within if any(finding.listed for finding in register.by_document.get(document.id, ()))]
    if len({document.authority for document in listing}) != 1:
        return None
    *earlier, newest = sorted(listing, key=lambda document: register.when(document.id))
    points = _points((finding for finding in register.by_document[newest.id] if finding.listed), passages_of(newest.id))
    if not points:
        return None
    when, framework = register.when(newest.id), register.framework(newest.id)
    rows = tuple(Row(newest, when, framework, "", passage, line) for passage, line in points)
    lists = "lists 1 thing that needs to improve" if len(rows) == 1 else f"lists {len(rows)} things that need to improve"
    if any(map(_holds_others, rows)):  # then a number of lines is no number of points
        lists = "lists what needs to improve"
    dates = ", ".join(spelt(register.when(document.id)) for document in reversed(earlier))
    notices = [f"Earlier inspections list theirs too: {dates}. Name the month and year of one to see it."] if earlier else []
    return Tally(f"The {newest.kind} of {spelt(when)} on {newest.authority} {lists}.", rows, tuple(notices))


def _holds_others(row: Row) -> bool:
    """Whether points stand under this one."""
    return bool(_LEADS_IN.search(row.quote)) or row.passage.text.startswith(f"{row.quote}\n")


def _points(findings: Iterable[Finding], passages: Sequence[Passage]) -> list[tuple[Passage, str]]:
    """(passage, line of it) of each point and of what leads in to some of them, in order, each line once."""
    by_id = {passage.id: passage for passage in passages}
    found = []
    for finding in findings:
        if passage := by_id.get(finding.passage_id):  # else another process has just changed the document
            first, *under = passage.text.split("\n")
            line = next((line for line in (first, *under) if finding.text in line), finding.text)
            found += [(passage, said.removeprefix("- ")) for said in ((first, line) if line in under else (line,))]
    return [(passage, line) for passage, line in dict.fromkeys(found) if not _NO_POINT.search(line)]
