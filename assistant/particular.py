"""The particular that a question asks for (a sum, a share, a number, a name), and which sentences hold one. Pure.

A paragraph on pay does not answer "how much are they paid" unless a sum stands in it: a near miss is told from an answer
by what kind of thing is asked for (answer types: Prager et al. 2000, "Question-answering by predictive annotation").
"""

import re
from collections.abc import Callable, Iterable
from enum import StrEnum

from assistant.shape import NUMBER_WORDS, things_counted
from assistant.text import sentences, stem, words


class Particular(StrEnum):
    """The kinds of thing that can be told to be there or not."""

    SUM = "sum"
    SHARE = "share"
    NUMBER = "number"
    NAME = "name"


_BODIES = (
    r"compan(?:y|ies)|firms?|colleges?|universit(?:y|ies)|schools?|hospitals?|organi[sz]ations?|charit(?:y|ies)|agenc(?:y|ies)|bod(?:y|ies)|"
    r"providers?|suppliers?|contractors?|consultan(?:ts?|cy|cies)|countr(?:y|ies)|gangs?|councils?|authorit(?:y|ies)|"
    r"(?:police )?forces?|program(?:me)?s?|models?|tools?|apps?|systems?|software|schemes?|towns?|estates?|boroughs?"
)
_MONEY = r"costs?|costing|prices?|spend\w*|spent|budgets?|salar(?:y|ies)|pay|paid|wages?|fees?|grants?|fund(?:s|ing|ed)?|invest\w*|bursar(?:y|ies)|allowances?|supplements?|overspend|savings?|money"
_ASKED = (
    (
        Particular.SUM,
        rf"\u00a3|\b(?:salar(?:y|ies)|pay grade|prices?|wages?)\b|\bcosts? (?:of|per)\b|\bwhat (?:did|does|do|was|were|is) .*\bcosts?\b|\bhow much\b.*\b(?:{_MONEY})\b|"
        rf"\b(?:{_MONEY})\b.*\b(?:amounts?|figures?|how much|total|exact)\b|\b(?:amounts?|figures?|total|exact|annual|weekly|size) (?:\w+ ){{0,4}}(?:{_MONEY})\b",
    ),
    (
        Particular.NUMBER,
        r"\bhow many\b(?! (?:working )?(?:days|weeks|months|hours|years))|\b(?:numbers?|no\.?|headcount|count) (?:of|for)\b|"
        r"\b(?:the|exact|actual|average|avg) (?:numbers?|figures?)\b|\b(?:average|avg) (?:\w+ )?caseloads?\b",
    ),
    (
        Particular.SHARE,
        r"%|\bper ?cent\w*|\bproportions?\b|\bshare of\b|\b(?:what|which) share\b|\b(?:vacancy|response|turnover|compliance|completion|take-?up|sickness|re-?referral|success) rates?\b",
    ),
    (
        Particular.NAME,
        rf"\bnames? of\b|\bnam(?:ed|es)\b|\bcalled\b|\b(?:which|what) (?:[\w/-]+ ){{0,3}}(?:{_BODIES})\b|\bwho (?:wrote|supplie[sd]|provide[sd]|delivers?|built|developed)\b|"
        rf"\bwho (?:is|are|was|were) the (?:[\w/-]+ ){{0,3}}(?:{_BODIES})\b",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _ASKED)
_HELD = {
    Particular.SUM: re.compile(r"\u00a3 ?\d|\b\d[\d,.]*(?: ?(?:million|m|k|pounds|pence|p))\b|\bmillions?\b", re.IGNORECASE),
    Particular.SHARE: re.compile(
        r"\d ?%|\bper ?cent\b|\b\w+ (?:in|out of) (?:every )?(?:\d+|two|three|four|five|ten)\b|\b(?:half|third|quarter|thirds|quarters)\b",
        re.IGNORECASE,
    ),
    Particular.NUMBER: re.compile(rf"\b(?:\d[\d,]*|{NUMBER_WORDS}|no|none|single|dozens?|hundreds?|thousands?)\b", re.IGNORECASE),
}
_ROUGHLY = re.compile(r"\b(?:majority|minority|most|all|none)\b", re.IGNORECASE)
_EXACTLY = re.compile(r"%|per ?cent|\brates?\b|\bexact", re.IGNORECASE)
_NEXT = 4
"""Words after a number among which the thing must stand that it is the number of."""
_LEAST = {Particular.SUM: 0.3, Particular.SHARE: 0.1, Particular.NUMBER: 0.4, Particular.NAME: 0.6}
"""Share of the question that a sentence must speak of beside the particular: chosen on the development questions."""
_NAME = re.compile(
    r"[A-Z][\w'\u2019&]+(?:[ -](?:(?:of|the|and|for) )?[A-Z][\w'\u2019&]+)*|[\u2018\u201c'\"][A-Z][^\u2019\u201d'\"]{2,40}[\u2019\u201d'\"]"
)
_NO_NAMES = frozenset(
    """ofsted hmi council councils borough county city london metropolitan royal board lscb children childrens services service social care
    local authority authorities director directors dcs assistant head the a an this these those they it its in on at for as when while where since
    however although most some many all inspectors inspector inspection managers management staff senior leaders leader workers worker work
    january february march april may june july august september october november december mash cse cp plo iro iros lado camhs send ehc pep peps
    nhs dfe young people person england english government act department education health police parents parent carers carer families family
    no not there their he she we you if but and or good outstanding inadequate requires improvement""".split()
)


def particular(question: str) -> Particular | None:
    """What `question` asks for, or None where it asks for nothing that can be told so."""
    return next((kind for kind, pattern in _COMPILED if pattern.search(question)), None)


def given(question: str, texts: Iterable[str], cover: Callable[[str], float]) -> bool:
    """Whether a sentence of `texts` gives the particular that `question` asks for; True where it asks for none.

    `cover` says how much of the question, 0 to 1, a sentence speaks of.
    """
    kind = particular(question)
    if kind is None:
        return True
    held = [sentence for text in texts for sentence in sentences(text) if _holds(kind, sentence, question)]
    return max(map(cover, held), default=0.0) >= _LEAST[kind]


def _holds(kind: Particular, sentence: str, question: str) -> bool:
    if kind is Particular.NAME:
        typed = set(words(question))
        return any(set(own) - _NO_NAMES - typed for own in (words(name[0]) for name in _NAME.finditer(sentence[1:])))
    if kind is Particular.SHARE and not _EXACTLY.search(question) and _ROUGHLY.search(sentence):
        return True
    found = list(_HELD[kind].finditer(sentence))
    if kind is Particular.NUMBER and (things := things_counted(question)):
        after = (words(re.split(r"[,;:]", sentence[match.end() :], maxsplit=1)[0])[:_NEXT] for match in found)
        return any(things & set(map(stem, following)) for following in after)
    return bool(found)
