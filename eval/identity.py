"""python -m eval.identity [dev|test]: identifying details found in written messages, and false alarms.

`eval/identity/{dev,test}.jsonl` hold messages as people in the field type them, half of them with details of invented people.
The halves were written apart, with other names and sentences, and nothing was fitted on the test half.
"""

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant.chain import identity_over
from assistant.identity import Detail, Identity, load_names
from assistant.library import Library
from assistant.scope import load_authorities
from assistant.settings import Settings
from assistant.spelling import Spelling
from assistant.vocabulary import load_vocabulary

FOLDER = Path(__file__).parent / "identity"
IN_CONTEXT = frozenset({"name", "age"})
"""Kinds of detail that only their context gives away; the others are identifiers."""
_FRAME = frozenset("the and a an is of on at in who to from mr mrs miss dob born nhs date little".split())


@dataclass(frozen=True)
class Message:
    """A message and the details in it, as (kind, text)."""

    text: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Marks:
    """How many details of each kind there are and were found, what was missed, and the messages that raised a false alarm."""

    there: Counter[str]
    found: Counter[str]
    missed: tuple[tuple[str, str, str], ...]
    alarms: tuple[tuple[str, str], ...]
    clear: int


def load(half: str) -> list[Message]:
    """The messages of a half."""
    rows = map(json.loads, (FOLDER / f"{half}.jsonl").read_text(encoding="utf-8").splitlines())
    return [Message(row["text"], tuple((d["kind"], d["text"]) for d in row["details"])) for row in rows]


def covered(text: str, detail: str, found: list[Detail]) -> bool:
    """Whether every word of `detail` that tells something lies in what was found."""
    start = text.index(detail)
    words = [m for m in re.finditer(r"\w+", detail) if m[0].lower() not in _FRAME and (len(m[0]) > 1 or m[0].isdigit())]
    return all(any(d.start <= start + m.start() and start + m.end() <= d.end for d in found) for m in words)


def marks(messages: list[Message], identity: Identity) -> Marks:
    """What `identity` finds in `messages`."""
    there, got = Counter[str](), Counter[str]()
    missed, alarms, clear = [], [], 0
    for message in messages:
        found = identity.found(message.text)
        clear += not message.details
        if found and not message.details:
            alarms.append((message.text, ", ".join(f"{d.what}: {message.text[d.start : d.end]}" for d in found)))
        for kind, detail in message.details:
            there[kind] += 1
            if covered(message.text, detail, found):
                got[kind] += 1
            else:
                missed.append((kind, detail, message.text))
    return Marks(there, got, tuple(missed), tuple(alarms), clear)


def share(there: Counter[str], found: Counter[str], kinds: frozenset[str]) -> str:
    """Of the details of `kinds`, how many were found: "92 of 93 (98.9%)"."""
    total, got = sum(there[kind] for kind in kinds), sum(found[kind] for kind in kinds)
    return f"{got} of {total} ({100 * got / total:.1f}%)"


def from_library(settings: Settings) -> Identity:
    """What the assistant finds details by, with the library as it is."""
    corpus = settings.corpus_dir
    authorities = load_authorities(corpus / "authorities.toml")
    with Library(settings.library_dir) as library:
        texts = library.texts()
    forms = [form for term in load_vocabulary(corpus / "vocabulary.toml").terms for form in term.forms]
    texts += forms
    return identity_over(texts, load_names(corpus / "names.toml"), authorities, Spelling([*texts, *authorities.names]))


def main() -> None:
    """Print the marks of a half; of the development half, what was missed too."""
    half = sys.argv[1] if len(sys.argv) > 1 else "dev"
    found = marks(load(half), from_library(Settings()))
    print(f"identifiers found: {share(found.there, found.found, frozenset(found.there) - IN_CONTEXT)}")
    print(f"names and ages in context found: {share(found.there, found.found, IN_CONTEXT)}")
    for kind in sorted(found.there):
        print(f"  {kind}: {share(found.there, found.found, frozenset({kind}))}")
    print(f"false alarms: {len(found.alarms)} of {found.clear} ({100 * len(found.alarms) / found.clear:.1f}%)")
    if half == "dev":
        for kind, detail, text in found.missed:
            print(f"missed {kind}: {detail!r} in {text!r}")
        for text, what in found.alarms:
            print(f"false alarm: {what!r} in {text!r}")


if __name__ == "__main__":
    main()
