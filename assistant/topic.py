"""Who asks only what was said of a topic is answered by any finding that names it whole, however few ask so of the passage. Pure."""

import re
from collections.abc import Sequence

from assistant.content import meaning
from assistant.extract import FRAME
from assistant.particular import particular
from assistant.text import content_stems, sentences
from assistant.types import FINDINGS, Hit

_OPENING = (
    r"^\W*(?:(?:so|and|but|ok|hi|hello|please|pls|also|can you|could you|tell me|show me|give me|find me|remind me|summari[sz]e|i need|i want to know|"
    r"do you know)\b\W*)*"
)
_WHO = (
    r"(?P<whose>(?:[\w'\u2019&.-]+ ){0,5}?)(?:letters?|reports?|inspectors?|ofsted|hmi|inspections?|visit|they|it)"
    r"(?: (?:there|here|actually|have to|had to|have|has))*"
)
_SAY = (
    r"(?:says?|said|saying|finds?|found|see|saw|seen|concluded?|think|thought|noted?|report(?:ed)?|mention(?:ed)?|identif(?:y|ied)|tell us|"
    r"highlight(?:ed)?)(?: (?:anything|there|here))?"
)
_WHAT = r"what(?:'?s|\u2019s)?(?: (?:exactly|specifically|else))?(?: (?:did|does|do|has|have|had))?"
_ON = r"(?:about|on|of|around|regarding|re)"
_TOPIC = r"(?P<topic>[^?;:(]+?)\W*$"
_NAMED_FIRST = r"(?P<topic>[^?;:(,]+?)"
_ASKED = tuple(
    re.compile(_OPENING + pattern, re.IGNORECASE)
    for pattern in (
        rf"{_WHAT} {_WHO} {_SAY} {_ON} {_TOPIC}",
        rf"(?:what (?:are|were) )?(?:(?:the|its|their) )?(?:(?:main|key) )?findings {_ON} {_TOPIC}",
        rf"(?:(?:is|was) there |are there )?(?:anything|something|any quotes?|a quote|quotes?|passages?) (?:in|from) {_WHO} {_ON} {_TOPIC}",
        rf"(?:(?:is|was) there )?(?:anything|something) {_ON} {_NAMED_FIRST} (?:in|from) {_WHO}\W*$",
        rf"(?:does|did|do) {_WHO} (?:mention|discuss|(?:say|find) anything {_ON}|talk about|comment on|refer to) {_TOPIC}",
        rf"{_NAMED_FIRST} ?(?: [-\u2013]|[,:?]|) {_WHAT} {_WHO} {_SAY}\W*$",
        rf"(?:what|how) about {_NAMED_FIRST} (?:in|from) {_WHO}\W*$",
    )
)
_MORE = re.compile(
    r"\b(?:how|why|when|where|whether|who|whom|whose|which|what|if|that|compared?|than|not|no|without|because|since|before|after|is|are|was|were|do|"
    r"does|did|has|have|had|can|could|will|would|should|must|(?!(?:19|20)\d\d\b)\d+)\b",
    re.IGNORECASE,
)
"""What asks for more than what is said of a thing."""
_OF_THE_VISIT = frozenset(content_stems("focused visit inspection letter report inspector ofsted finding"))
"""Every letter speaks of these, and not as a topic."""
_AS_MUCH = frozenset(content_stems("all exactly specifically pls"))
_LONGEST = 4
"""Stems of a topic: a longer one says what must be told of it."""


def topic(question: str, about: str) -> frozenset[str]:
    """The stems of the topic of which `question` asks what inspectors said ("what did the letter say about supervision"); none where it
    asks for more. `about` is the question without where and when: what it says of whose letter is meant is said there no more."""
    asked = next(filter(None, (pattern.search(question) for pattern in _ASKED)), None)
    if not asked:
        return frozenset()
    whose = asked.groupdict().get("whose") or ""
    if _MORE.search(asked["topic"]) or _MORE.search(whose) or particular(question, True) is not None:
        return frozenset()
    kept, named = frozenset(content_stems(about)), frozenset(content_stems(asked["topic"])) - _AS_MUCH
    another = kept.intersection(content_stems(whose)) - _OF_THE_VISIT
    stems = named & kept
    return frozenset() if another or named & _OF_THE_VISIT or len(stems) > _LONGEST else stems


def told(topic: frozenset[str], hits: Sequence[Hit]) -> bool:
    """Whether one line among `hits`, the first of which is a finding, has all of `topic` in a row, beside words without meaning; False
    for no topic. Where a letter only says whom it is to and from, it tells of nothing."""
    if not topic or not hits or hits[0].document.kind not in FINDINGS:
        return False
    of = [hit.passage for hit in hits if hit.document.kind in FINDINGS and hit.passage.paragraph not in FRAME]
    lines = (line for passage in of for sentence in sentences(passage.text) for line in sentence.split("\n"))
    said = map(meaning, lines)
    return any(topic == set(stems[at : at + len(topic)]) for stems in said for at in range(len(stems)))
