"""An answer as the JSON of the contract. Pure."""

from dataclasses import asdict
from typing import Any

from assistant.types import Answer

_CITATION_KEYS = (
    "label", "passage_id", "document_id", "title", "kind", "publisher", "authority", "published", "edition",
    "section", "paragraph", "page", "quote", "passage", "url",
)  # fmt: skip


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as plain data, with the keys that outside programs rely on."""
    return {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": answer.status.value,
        "answer": answer.answer,
        "sentences": [{"text": s.text, "citations": list(s.citations)} for s in answer.sentences],
        "citations": [{key: asdict(c)[key] for key in _CITATION_KEYS} for c in answer.citations],
        "passages": [
            {
                "rank": rank,
                "score": round(hit.score, 4),
                "passage_id": hit.passage.id,
                "document_id": hit.document.id,
                "title": hit.document.title,
                "authority": hit.document.authority,
                "published": hit.document.published,
                "section": hit.passage.section,
                "paragraph": hit.passage.paragraph,
                "page": hit.passage.page,
                "text": hit.passage.text,
            }
            for rank, hit in enumerate(answer.passages, start=1)
        ],
        "notices": list(answer.notices),
        "model": answer.model,
        "timings_ms": {"total": 0.0, **answer.timings_ms},
    }
