"""What the project wrote for sessions, from corpus/session/: topics, patterns and quiz questions. Pure once loaded."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from sessions.pack import Case, Topic


@dataclass(frozen=True)
class Part:
    """A part of every session, its share of the time and how it is run in under and in over an hour."""

    id: str
    name: str
    weight: float
    short: str
    long: str


@dataclass(frozen=True)
class Audience:
    """Whom a session is for: its emphasis, and the aims, prompts and questions that go with it."""

    id: str
    name: str
    weights: Mapping[str, float]
    aims: tuple[str, ...]
    prompts: tuple[str, ...]
    case: str
    listen: tuple[str, ...]
    reflection: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A question on a policy note: `right` is verbatim in the passage, each of `wrong` fits in its place.

    `short`: it can be asked without options. `statement`: it can be asked as true or false.
    """

    id: str
    passage: str
    ask: str
    right: str
    wrong: tuple[str, ...]
    short: bool = False
    statement: bool = True


@dataclass(frozen=True)
class Step:
    """A step of a sequence: what is shown, and the words of a passage that bear it out."""

    text: str
    passage: str
    words: str


@dataclass(frozen=True)
class Sequence:
    """Steps in their right order."""

    id: str
    ask: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Patterns:
    """All of corpus/session/."""

    topics: tuple[Topic, ...]
    parts: tuple[Part, ...]
    audiences: tuple[Audience, ...]
    questions: tuple[Asked, ...]
    sequences: tuple[Sequence, ...]

    def audience(self, id: str) -> Audience:
        """The audience of that id. Raises KeyError."""
        return next(audience for audience in self.audiences if audience.id == id)


def load_patterns(folder: Path) -> Patterns:
    """The patterns in `folder`. Raises CorpusError."""
    try:
        data = {name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in ("topics", "patterns", "quiz")}
        return Patterns(
            tuple(_topic(entry) for entry in data["topics"]["topic"]),
            tuple(Part(**entry) for entry in data["patterns"]["part"]),
            tuple(_audience(id, entry) for id, entry in data["patterns"]["audience"].items()),
            tuple(_asked(data["quiz"]["question"])),
            tuple(
                Sequence(f"sequence:{i}", entry["ask"], tuple(Step(*step) for step in entry["steps"]))
                for i, entry in enumerate(data["quiz"]["sequence"])
            ),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CorpusError(f"{folder} cannot be read as patterns of sessions: {error}") from error


def _topic(entry: dict[str, Any]) -> Topic:
    case = entry["case"]
    return Topic(
        entry["id"],
        entry["name"],
        entry["about"],
        tuple(entry.get("themes", [entry["id"]])),
        tuple(entry["words"]),
        tuple(entry["notes"]),
        entry["aim"],
        tuple(entry["prompts"]),
        Case(f"case:{entry['id']}", case["title"], case["text"], tuple(case["questions"])),
        entry.get("wider", False),
    )


def _audience(id: str, entry: dict[str, Any]) -> Audience:
    lists = {name: tuple(entry[name]) for name in ("aims", "prompts", "listen", "reflection")}
    return Audience(id, entry["name"], entry["weights"], case=entry["case"], **lists)


def _asked(entries: list[dict[str, Any]]) -> list[Asked]:
    """The questions; one's id is its passage and its number among those on that passage, so that an added one changes no other."""
    made: list[Asked] = []
    for entry in entries:
        before = sum(asked.passage == entry["passage"] for asked in made)
        made.append(Asked(f"{entry['passage']}/{before + 1}", **{**entry, "wrong": tuple(entry["wrong"])}))
    return made
