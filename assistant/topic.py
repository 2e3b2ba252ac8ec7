"""Who asks only what was said of a topic is answered by any finding that names it whole, however few ask so of the passage. Pure."""

import re
from collections.abc import Sequence

from assistant.particular import particular
from assistant.text import content_stems, sentences
from assistant.types import Hit, finding

_ASKED = re.compile(
    r"\bwhat (?:did|does|do|has|have|had) (?:[\w'\u2019&-]+ ){0,5}?"
    r"(?:letters?|reports?|inspectors?|ofsted|inspections?|visit|they|it) (?:[\w'\u2019-]+ ){0,3}?"
    r"(?:say|said|find|found|see|seen|conclude|think|note|report|mention|tell us|highlight) (?:(?:there|here) )?(?:about|on|of|regarding|re) (?P<topic>.+?)\W*$",
    re.IGNORECASE,
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
    asked = _ASKED.search(question)
    if not asked or _MORE.search(asked["topic"]) or particular(question, True) is not None:
        return frozenset()
    stems = frozenset(content_stems(asked["topic"])).intersection(content_stems(about))
    return stems if len(stems) <= _LONGEST and not stems & _OF_THE_VISIT else frozenset()


def told(topic: frozenset[str], hits: Sequence[Hit]) -> bool:
    """Whether one sentence of a finding among `hits` has all of `topic`, as it is called there; False for no topic."""
    found = (sentence for hit in hits if finding(hit.document) for sentence in sentences(hit.passage.text))
    return bool(topic) and any(topic.issubset(content_stems(sentence)) for sentence in found)
