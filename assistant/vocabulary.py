"""The words people type and what they stand for, from corpus/vocabulary.toml. Pure once loaded."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError
from assistant.text import content_stems, stem, words

# Short forms that are English words or names too, so they count only when typed in capitals.
_CAPITALS_ONLY = frozenset({"so", "met", "pa", "co", "pp", "po", "pr", "sa", "dv", "ad", "it", "as"})

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Term:
    """A concept of the field. `names` keep its meaning, `typed` is what people write for it."""

    term: str
    names: tuple[str, ...]
    typed: tuple[str, ...]
    meaning: str
    ambiguous: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form the concept is written in, the short one first."""
        return (self.term, *self.names, *self.typed)


class Vocabulary:
    """Finds the concepts of a text and expands a question both ways: short form to full, full to short."""

    def __init__(self, terms: list[Term]) -> None:
        self.terms = tuple(terms)
        self.stems = tuple(frozenset(content_stems(" ".join(term.forms))) for term in terms)
        self._forms: dict[Phrase, list[int]] = {}
        for i, term in enumerate(terms):
            for form in term.forms:
                known = self._forms.setdefault(phrase(form), [])
                if i not in known:
                    known.append(i)
        self._longest: dict[str, int] = {}
        """How many words the longest form has that begins with a stem: most words of a text begin none."""
        for first, *rest in filter(None, self._forms):
            self._longest[first] = max(1 + len(rest), self._longest.get(first, 0))

    def concepts(self, text: str) -> dict[int, Phrase]:
        """Index of each concept that `text` names, with the stems it is named by; longer forms win over shorter."""
        raw = re.findall(r"[A-Za-z0-9]+(?:\([a-z0-9]+\))*", text.replace("'", "").replace("\u2019", ""))
        stems = [stem(word.lower()) for word in raw]
        found: dict[int, Phrase] = {}
        at = 0
        while at < len(stems):
            for length in range(min(self._longest.get(stems[at], 0), len(stems) - at), 0, -1):
                form = tuple(stems[at : at + length])
                known = self._forms.get(form)
                if known and not (length == 1 and raw[at].lower() in _CAPITALS_ONLY and not raw[at].isupper()):
                    for i in known:
                        found.setdefault(i, form)
                    at += length - 1
                    break
            at += 1
        return found

    def only_concepts(self, text: str) -> bool:
        """Whether `text` names concepts of the field and nothing else: "the threshold"."""
        named = {part for form in self.concepts(text).values() for part in form}
        return bool(named) and named.issuperset(content_stems(text))

    def spelled_out(self, text: str) -> str:
        """`text` with what its short forms stand for in brackets at the end: "icpc due" gives "icpc due (initial ...)"."""
        typed = set(words(text))
        added = []
        for i, form in self.concepts(text).items():
            term = self.terms[i]
            names = [name for name in term.names[:1] if not set(words(name)) <= typed]
            if names and len(form) <= 2:
                added += names
            elif not names and term.term.isupper() and term.term.lower() not in typed:
                added.append(term.term)
        return f"{text} ({'; '.join(dict.fromkeys(added))})" if added else text

    def search_terms(self, text: str) -> list[str]:
        """Every other form of the concepts in `text`, as phrases for keyword search."""
        return [form for i in self.concepts(text) for form in self.terms[i].forms]

    def ambiguities(self, text: str) -> list[Term]:
        """Terms of `text` that stand for more than one thing."""
        return [self.terms[i] for i, form in self.concepts(text).items() if self.terms[i].ambiguous and form == phrase(self.terms[i].term)]


def phrase(text: str) -> Phrase:
    """The stems of all words of `text`, in order."""
    return tuple(stem(word) for word in words(text))


def load_vocabulary(file: Path) -> Vocabulary:
    """The vocabulary in `file`. Raises CorpusError."""
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["term"]
        return Vocabulary(
            [Term(e["term"], tuple(e["names"]), tuple(e["typed"]), e["meaning"], tuple(e.get("ambiguous", ()))) for e in entries]
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CorpusError(f"{file} cannot be read as a vocabulary: {error}") from error
