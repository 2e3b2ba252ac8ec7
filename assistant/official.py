"""The official text that a policy note's reference names, where the library holds it: "Children Act 1989 s.47(1)". Pure.

A note says in plain words what the law expects; beside it stands the law itself, so that an answer rests on both.
"""

import re
from collections.abc import Iterable

from assistant.types import Passage

_PLACE = re.compile(
    r"^(?P<title>[^;]*?(?:Act|Regulations|Rules|Order)(?: \d{4})?)(?: \(SI [^)]*\))? (?P<kind>s|reg|r|art)s?\.? ?"
    r"(?P<number>\d+[A-Z]*)(?P<sub>\(\d+[A-Z]*\))?"
)
_LABEL = re.compile(r"(?P<kind>s|reg|r|art)\. (?P<number>\d+[A-Z]*)(?P<sub>\(\d+[A-Z]*\))?")


def by_place(titles: dict[str, str], passages: Iterable[Passage]) -> dict[str, str]:
    """The ids of legislation passages by what they are: each by its subsection, the first of a section by the section too.

    `titles` are those of the documents by id.
    """
    found: dict[str, str] = {}
    for passage in passages:
        if match := _LABEL.match(passage.paragraph):
            section = _key(titles[passage.document_id], match["kind"], match["number"])
            found.setdefault(section, passage.id)
            found.setdefault(section + (match["sub"] or ""), passage.id)
    return found


def official(reference: str, places: dict[str, str]) -> str:
    """The id of the passage that `reference` names first, or of its section's first; "" where the library has neither."""
    match = _PLACE.match(reference)
    if not match:
        return ""
    section = _key(match["title"], match["kind"], match["number"])
    return places.get(section + (match["sub"] or "")) or places.get(section, "")


def _key(title: str, kind: str, number: str) -> str:
    return f"{title} {kind} {number}".replace("\u2019", "'").lower()
