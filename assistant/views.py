"""What is embedded of a passage: the whole under a contextual header, and each sentence and each phrase people ask it by.

A passage is found when any of its views is near the question; which one it was tells the answerer
where in the passage the answer stands. A pure function of the record, so vectors can be rebuilt at any time.
"""

import hashlib
from dataclasses import dataclass

from assistant.scope import subject
from assistant.text import sentence_spans
from assistant.types import Document, Gap, Kind, Passage

WHOLE, SENTENCE, ASKED, GAP = "whole", "sentence", "asked", "gap"


@dataclass(frozen=True)
class View:
    """One text to embed: the whole of a passage, a sentence of it or a phrase it is asked by, the `index`th of its sort."""

    passage_id: str
    what: str
    index: int
    text: str
    parts: tuple[tuple[int, int], ...] = ()
    """Where in the text the sentences begin and end whose vectors are made along with its own."""

    def id(self, model: str) -> str:
        """An id that says what it is a view of, and changes exactly when the text, its parts or the embedding model do."""
        digest = hashlib.sha256(f"{model}\x1f{self.text}\x1f{self.parts}".encode()).hexdigest()[:16]
        return f"{self.what}|{self.index}|{digest}|{self.passage_id}"


def parse(view_id: str) -> tuple[str, str, int]:
    """The passage, the sort and the index that a view's id tells of."""
    what, index, _, passage_id = view_id.split("|", 3)
    return passage_id, what, int(index)


def header(document: Document, passage: Passage) -> str:
    """Who says it, about whom and of what: the context a paragraph loses when it is cut out.

    Of a report only whose it is and the nearest heading: its title and framework are the same for hundreds of passages.
    """
    if document.kind is Kind.REPORT:
        parts = [document.authority, passage.section.split(" > ")[-1]]
    else:
        title = "" if passage.reference.startswith(document.title) else document.title
        parts = [title, document.authority, passage.section, passage.reference]
    return ". ".join(dict.fromkeys(part.strip(" .") for part in parts if part))


def views(document: Document, passage: Passage) -> list[View]:
    """The views of one passage, in a fixed order, the whole of it first.

    A passage that phrases are known for is also seen sentence by sentence. Reports, which are many, are not: it would take
    five times the vectors. Their sentences are parts of the whole, compared only where the whole is near.
    """
    lead = f"{header(document, passage)}. "
    spans = sentence_spans(passage.text)
    if not passage.asked:
        parts = tuple((len(lead) + start, len(lead) + end) for start, end in spans)
        return [View(passage.id, WHOLE, 0, lead + passage.text, parts)]
    texts = [(WHOLE, 0, lead + passage.text)]
    texts += [(SENTENCE, i, passage.text[start:end]) for i, (start, end) in enumerate(spans)]
    texts += [(ASKED, i, subject(text)) for i, text in enumerate(passage.asked)]
    return [View(passage.id, what, i, text) for what, i, text in texts]


def gap_views(gap: Gap) -> list[View]:
    """The views of a gap: the phrases it is asked by, under the gap's own id."""
    return [View(gap.id, GAP, i, text) for i, text in enumerate(map(subject, gap.asked))]
