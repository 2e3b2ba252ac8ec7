"""What a chat model adds to a pack: what its quotes say in short, and questions to discuss. Without a model, or where it fails,
the pack is as it is."""

import time
from dataclasses import replace

from assistant.errors import ChatError
from assistant.identity import Identity
from assistant.types import Hit, Passage
from assistant.written import Writer
from sessions.compose import Material, compose
from sessions.pack import Request, Said, Words


def written(request: Request, material: Material, writer: Writer | None, identity: Identity) -> tuple[Request, str]:
    """`request` with what the model wrote for its pack, and a notice where it wrote nothing that can be used.

    A question of the model's own that names a child, by `identity`, is none that can be used.
    """
    pack = compose(request, material)
    sides = [side for pair in pack.pairs for side in pair.sides]
    if not writer or not sides:
        return request, ""
    # The model is shown the quotes alone, so that what it writes is checked against what people will read.
    hits = [Hit(Passage(s.id, s.source.document_id, 0, s.text), material.documents[s.source.document_id], 1.0) for s in sides]
    try:
        summary, prompts = writer.introduce(request.topic.about, pack.audience, hits, time.monotonic() + writer.chat.seconds)
    except ChatError as error:
        return request, f"The language model {error}, so the session is made without it."
    prompts = tuple(prompt for prompt in prompts if not identity.found(prompt))
    if not summary and not prompts:
        return request, "The language model wrote nothing that the quotes carry, so the session is made without it."
    said = tuple(Said(one.text, tuple(quote.hit.passage.id for quote in one.quotes)) for one in summary)
    return replace(request, words=Words(said, prompts, writer.chat.name)), ""
