"""From what a person types to a topic, and from the assistant to what packs are made of."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.chain import Assistant
from assistant.errors import QuestionError
from assistant.findings import Wanted
from assistant.identity import redacted
from assistant.refusal import blocked
from assistant.scope import Reading
from assistant.text import content_stems
from assistant.types import FINDINGS, Hit, Kind, Scope
from sessions.compose import Material
from sessions.pack import Request, Topic
from sessions.patterns import Patterns, load_patterns

_NEAR = 0.45
"""Least cosine of the nearest passage for a topic that shares no word with any that is known."""
_CLOSE = 0.86
"""Least share of the best note's score for a further note to be put first in the pack."""


def material_of(assistant: Assistant) -> Material:
    """What packs are made of, as the library is now."""
    return Material(
        load_patterns(assistant.corpus / "session"),
        assistant.register,
        {document.id: document for document in assistant.documents},
        assistant.held,
        assistant.library.passages,
        assistant.later,
    )


def find_topic(assistant: Assistant, material: Material, typed: str) -> Topic:
    """The topic that `typed` names; of other words the nearest one, with those words and the nearest notes put first.

    Raises QuestionError where it identifies someone or is near to nothing.
    """
    patterns = material.patterns
    if named := named_topic(patterns, typed):
        return named
    if details := assistant.identity.found(typed):
        raise QuestionError(blocked([detail.what for detail in details], redacted(typed, details)))
    words = assistant.spelling.corrected(typed)
    spelled = assistant.vocabulary.spelled_out(words)
    notes = [hit for hit in _search(assistant, spelled, frozenset({Kind.POLICY_NOTE})) if hit.passage.reference]
    findings = _search(assistant, spelled, FINDINGS)
    themes = [
        tuple(t for f in material.register.by_document.get(h.document.id, ()) if f.passage_id == h.passage.id for t in f.themes)
        for h in findings
    ]
    nearest = max((hit.signals.nearest for hit in (*notes, *findings)), default=0.0)
    stems = content_stems(words)
    said = {topic.id: 2 * shared(topic, stems) + shared(topic, content_stems(spelled)) for topic in patterns.topics}
    if not stems or (nearest < _NEAR and not any(said.values())):
        raise QuestionError(f"No topic is near \u201c{typed}\u201d; choose one of: {', '.join(topic.id for topic in patterns.topics)}.")
    best = max(patterns.topics, key=lambda topic: said[topic.id] + of_notes(topic, notes) + of_findings(topic, themes))
    first = [hit.passage.id for hit in notes if hit.score >= _CLOSE * notes[0].score][:3] if nearest >= _NEAR else []
    return replace(best, asked=typed, notes=tuple(dict.fromkeys((*first, *best.notes))))


def _search(assistant: Assistant, text: str, kinds: frozenset[Kind]) -> list[Hit]:
    return assistant.retriever.hits(text, Reading(Scope(kinds=kinds)))


def named_topic(patterns: Patterns, typed: str) -> Topic | None:
    """The topic of that id or name, or the only one whose name has all of the words typed."""
    wanted = typed.strip().lower()
    exact = [topic for topic in patterns.topics if wanted in (topic.id, topic.id.replace("-", " "), topic.name.lower(), topic.about)]
    stems = set(content_stems(typed))
    within = [topic for topic in patterns.topics if stems and stems <= set(content_stems(f"{topic.name} {topic.about}"))]
    return exact[0] if exact else within[0] if len(within) == 1 else None


def shared(topic: Topic, stems: Sequence[str]) -> float:
    """The share of `stems` that stand in what the topic is called and how it is spoken of."""
    own = set(content_stems(f"{topic.name} {topic.about} {' '.join(topic.words)}"))
    return sum(stem in own for stem in stems) / (len(stems) or 1)


def of_notes(topic: Topic, hits: Sequence[Hit]) -> float:
    """How far the notes that search finds, best first, are those that the topic puts first."""
    votes = 0.0
    for place, hit in enumerate(hits, start=1):
        named = [i for i, name in enumerate(topic.notes) if name in (hit.passage.id, hit.passage.document_id)]
        votes += 1 / place / (1 + 0.2 * named[0]) if named else 0.0
    return votes


def of_findings(topic: Topic, themes: Sequence[Sequence[str]]) -> float:
    """The share of the themes of the findings that search finds (of each passage, best first) that are the topic's first."""
    votes: dict[str, float] = {}
    for place, own in enumerate(themes, start=1):
        for theme in own:
            votes[theme] = votes.get(theme, 0.0) + 1 / place / len(own)
    return votes.get(topic.themes[0], 0.0) / (sum(votes.values()) or 1)


def request(
    assistant: Assistant, material: Material, typed: str, audience: str, minutes: int, authority: str = "", since: str = ""
) -> Request:
    """A request as a person makes it; `since` is a year. Raises QuestionError for anything in it that there is not."""
    known = [each.id for each in material.patterns.audiences]
    if audience not in known:
        raise QuestionError(f"There is no audience \u201c{audience}\u201d; choose one of: {', '.join(known)}.")
    if not typed.strip():
        raise QuestionError("Say what the session is on: a topic, or a few words.")
    scope = Wanted(authorities=frozenset({authority} if authority else ()), since=since)
    return Request(find_topic(assistant, material, typed), audience, minutes, scope)
