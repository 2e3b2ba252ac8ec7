"""Who asks only what was said of a topic is answered by any finding that names it whole, however few ask so of the passage. Pure."""

import re
from collections.abc import Sequence

from assistant.particular import particular
from assistant.text import content_stems, sentences
from assistant.types import Hit, finding

_WHO = r"(?:letters?|reports?|inspectors?|ofsted|hmi|inspections?|visit|they|it)"
_SAY = r"(?:says?|said|finds?|found|see|seen|conclude|think|note|report|mention|tell us|highlight)"
_ON = r"(?:about|on|of|for|around|regarding|re)"
_TOPIC = r"(?P<topic>.+?)\W*$"
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bwhat (?:(?:did|does|do|has|have|had) )?(?:[\w'\u2019&-]+ ){{0,5}}?{_WHO} (?:[\w'\u2019-]+ ){{0,3}}?{_SAY} (?:there |here )?{_ON} {_TOPIC}",
        rf"^\W*(?:what (?:are|were) (?:the |its |their )?(?:main |key )?)?findings {_ON} {_TOPIC}",
        rf"\b(?:anything|something|quotes?|passages?) (?:in|from) (?:[\w'\u2019-]+ ){{0,3}}?(?:{_WHO}|findings) {_ON} {_TOPIC}",
        rf"^\W*(?:does|did|do) (?:[\w'\u2019&-]+ ){{0,5}}?{_WHO} (?:mention|cover|discuss|(?:say|find) anything {_ON}|talk about|comment on|refer to) {_TOPIC}",
        rf"^\W*(?P<topic>[^-\u2013,:?]+?) ?[-\u2013,:?] ?what (?:did|does|do|has|have) (?:[\w'\u2019&-]+ ){{0,3}}?{_WHO} {_SAY}\W*$",
        rf"^\W*(?:what|how|tell me) about (?P<topic>.+?) (?:in|from) (?:[\w'\u2019-]+ ){{0,3}}?{_WHO}\W*$",
    )
)
_MORE = re.compile(
    r"\b(?:how|why|when|where|whether|who|whom|whose|which|what|if|that|compared?|than|not|no|without|(?!(?:19|20)\d\d\b)\d+)\b",
    re.IGNORECASE,
)
"""What asks for more than what is said of a thing."""
_OF_THE_VISIT = frozenset(content_stems("visit inspection letter report"))
"""Every letter speaks of these, and not as a topic."""
_LONGEST = 4
"""Stems of a topic: a longer one says what must be told of it."""


def topic(question: str, about: str) -> frozenset[str]:
    """The stems of the topic of which `question` asks what inspectors said ("what did the letter say about supervision"); none where it
    asks for more. `about` is the question without where and when."""
    asked = next(filter(None, (pattern.search(question) for pattern in _ASKED)), None)
    if not asked or _MORE.search(asked["topic"]) or particular(question, True) is not None:
        return frozenset()
    stems = frozenset(content_stems(asked["topic"])).intersection(content_stems(about))
    return stems if len(stems) <= _LONGEST and not stems & _OF_THE_VISIT else frozenset()


def told(topic: frozenset[str], hits: Sequence[Hit]) -> bool:
    """Whether one sentence of a finding among `hits` has all of `topic`, as it is called there; False for no topic."""
    found = (sentence for hit in hits if finding(hit.document) for sentence in sentences(hit.passage.text))
    return bool(topic) and any(topic.issubset(content_stems(sentence)) for sentence in found)
