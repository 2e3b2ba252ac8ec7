"""Policy notes: the project's own Markdown files, each numbered paragraph with its reference, edition, force and address."""

import re
from dataclasses import replace

from assistant.errors import CorpusError
from assistant.types import Document, Kind, Passage
from ingest.readers.markdown import without_front_matter

FORCES = frozenset(("must", "should", "expected", "good practice", "court test", "definition", "background", "enacted, not in force"))
_HEADING = re.compile(r"^## +(.+)$")
_NUMBERED = re.compile(r"^(\d+)\. +(.+)$")
_FIELD = re.compile(r"^ +- (Reference|Edition|Force|Address|Asked as): +(.+)$")
_FIELDS = ("Reference", "Edition", "Force", "Address", "Asked as")


def read_note(name: str, text: str, base: Document) -> tuple[Document, list[Passage]]:
    """The document and passages of a policy note. `base` carries what all notes share (publisher, licence).

    Raises CorpusError that names the file and the line where a note does not keep to the form.
    """
    front = _front_matter(name, text)
    document = replace(
        base, id=front["id"], title=front["title"], topic=front["topic"], authority=front.get("authority", ""), kind=Kind.POLICY_NOTE
    )
    found: list[Passage] = []
    section, fields, offset = "", dict[str, str](), 0
    for line in without_front_matter(text).split("\n"):
        if heading := _HEADING.match(line):
            section = heading[1].strip()
        elif numbered := _NUMBERED.match(line):
            _finish(name, found, fields)
            number, body = numbered[1], numbered[2].strip()
            found.append(Passage(f"{document.id}:{number}", document.id, len(found), body, number, section, None, offset))
        elif found and (field := _FIELD.match(line)):
            fields[field[1]] = field[2].strip()
        elif line.strip() and not line.startswith("# "):
            raise CorpusError(f"{name}: this line is not part of a policy note's form: {line.strip()[:60]!r}")
        offset += len(line) + 1
    _finish(name, found, fields)
    if not found:
        raise CorpusError(f"{name} has no numbered paragraph")
    return document, found


def _front_matter(name: str, text: str) -> dict[str, str]:
    lines = text.split("---\n")[1].splitlines() if text.startswith("---\n") else []
    front = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    if not all(front.get(key) for key in ("id", "title", "topic")):
        raise CorpusError(f"{name} needs id, title and topic between two lines of three dashes")
    return front


def _finish(name: str, found: list[Passage], fields: dict[str, str]) -> None:
    """Give the last paragraph the fields that stand under it, and clear them for the next."""
    if not found:
        return
    missing = [field for field in _FIELDS if field not in fields]
    if missing:
        raise CorpusError(f"{name} paragraph {found[-1].paragraph} has no {', '.join(missing)}")
    if fields["Force"] not in FORCES:
        raise CorpusError(f"{name} paragraph {found[-1].paragraph}: Force is {fields['Force']!r}, not one of {sorted(FORCES)}")
    found[-1] = replace(
        found[-1],
        reference=fields["Reference"],
        edition=fields["Edition"],
        force=fields["Force"],
        url=fields["Address"],
        asked=tuple(phrase.strip() for phrase in fields["Asked as"].split(";") if phrase.strip()),
    )
    fields.clear()
