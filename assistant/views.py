"""What is embedded of a passage: the whole under a contextual header, each sentence, and each phrase people ask it by.

A passage is found when any of its views is near the question; which one it was tells the answerer
where in the passage the answer stands. A pure function of the record, so vectors can be rebuilt at any time.
"""

import hashlib
from dataclasses import dataclass

from assistant.scope import subject
from assistant.text import sentences
from assistant.types import Document, Gap, Passage

WHOLE, SENTENCE, ASKED, GAP = "whole", "sentence", "asked", "gap"


@dataclass(frozen=True)
class View:
    """One text to embed. `id` changes exactly when the passage, the text or the embedding model does."""

    id: str
    passage_id: str
    what: str
    index: int
    text: str


def header(document: Document, passage: Passage) -> str:
    """Who says it, about whom and when: the context a paragraph loses when it is cut out."""
    parts = [document.title, document.authority, passage.section, passage.reference]
    return ". ".join(dict.fromkeys(part.strip(" .") for part in parts if part))


def views(document: Document, passage: Passage, model: str) -> list[View]:
    """The views of one passage, in a fixed order. `model` names the weights the vectors will come from."""
    texts = [(WHOLE, 0, f"{header(document, passage)}. {passage.text}")]
    texts += [(SENTENCE, i, text) for i, text in enumerate(sentences(passage.text))]
    texts += [(ASKED, i, subject(text)) for i, text in enumerate(passage.asked)]
    return [View(_id(model, passage.id, what, i, text), passage.id, what, i, text) for what, i, text in texts]


def gap_views(gap: Gap, model: str) -> list[View]:
    """The views of a gap: the phrases it is asked by, under the gap's own id."""
    return [View(_id(model, gap.id, GAP, i, text), gap.id, GAP, i, text) for i, text in enumerate(map(subject, gap.asked))]


def _id(model: str, passage_id: str, what: str, index: int, text: str) -> str:
    digest = hashlib.sha256("\x1f".join((model, passage_id, what, str(index), text)).encode())
    return digest.hexdigest()[:32]
