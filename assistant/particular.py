"""The particular that a question asks for (a sum, a share, a number, a name), and which sentences hold one. Pure.

A paragraph on pay does not answer "how much are they paid" unless a sum stands in it: a near miss is told from an answer
by what kind of thing is asked for (answer types: Prager et al. 2000, "Question-answering by predictive annotation").
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum

from assistant.text import sentences, words


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
_COUNT_WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
_HELD = {
    Particular.SUM: re.compile(r"\u00a3 ?\d|\b\d[\d,.]*(?: ?(?:million|m|k|pounds|pence|p))\b|\bmillions?\b", re.IGNORECASE),
    Particular.SHARE: re.compile(
        r"\d ?%|\bper ?cent\b|\b\w+ (?:in|out of) (?:the |every )?(?:\d+|two|three|four|five|ten)\b|\b(?:half|third|quarter|thirds|quarters)\b",
        re.IGNORECASE,
    ),
    Particular.NUMBER: re.compile(rf"(?<![\w.,/-])(?:\d{{1,3}}(?:,\d{{3}})+|\d+|{_COUNT_WORDS})(?![\w%/]|[.,]\d)", re.IGNORECASE),
}
_NO_COUNT = re.compile(
    rf"(?:(?:\d+|{_COUNT_WORDS})(?: |-)(?:(?:to|and|or|-) ?\d+ )?(?:working )?(?:hours?|days?|weeks?|months?|years?|minutes?)\b"
    r"|(?:\b(?:19|20)\d\d(?:[-\u2013/]\d+)?\b)|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"|\b(?:sections?|s|paragraphs?|page|regulation|outcome|recommendation|route|aged?|ages|turn|under|over) ?\d+(?:(?: to | and |-)\d+)?|\u00a3 ?[\d.,]+|[\d.]+ ?(?:%|per ?cent))",
    re.IGNORECASE,
)
"""Numbers that count nothing: times, dates, ages, places in a text, sums and shares."""
_ROUGHLY = re.compile(r"\b(?:majority|minority|most|all|none)\b", re.IGNORECASE)
_EXACTLY = re.compile(r"%|per ?cent|\brates?\b|\bexact", re.IGNORECASE)
_LEAST = {Particular.SUM: 0.1, Particular.SHARE: 0.1, Particular.NUMBER: 0.1, Particular.NAME: 0.2}
"""Share of the question that a sentence must speak of beside the particular, where it is not in the best passage: chosen on
the development questions."""
_NAME = re.compile(
    r"[A-Z][\w'\u2019&]+(?:[ -](?:(?:of|the|and|for) )?[A-Z][\w'\u2019&]+)*|[\u2018\u201c'\"][A-Z][^\u2019\u201d'\"]{2,40}[\u2019\u201d'\"]"
)
_NO_NAMES = frozenset(
    """ofsted hmi council councils borough county city london metropolitan royal board lscb children childrens services service social care
    local authority authorities director directors dcs assistant head the a an this these those they it its in on at for as when while where since
    however although most some many all inspectors inspector inspection managers management staff senior leaders leader workers worker work
    january february march april may june july august september october november december mash cse cp plo iro iros lado camhs send ehc pep peps
    nhs dfe young people person england english government act department education health police parents parent carers carer families family
    no not there their chief executive independent chair improvement officer principal main after care community trust he she we you if but and or good outstanding inadequate requires improvement""".split()
)


def particular(question: str) -> Particular | None:
    """What `question` asks for, or None where it asks for nothing that can be told so."""
    return next((kind for kind, pattern in _COMPILED if pattern.search(question)), None)


def gives(question: str) -> Callable[[str], bool] | None:
    """Whether a sentence gives the particular that `question` asks for; None where it asks for none."""
    kind = particular(question)
    if kind is None:
        return None
    typed = frozenset(words(question))
    exactly = bool(_EXACTLY.search(question))
    return lambda sentence: _holds(kind, sentence, typed, exactly)


def given(question: str, texts: Sequence[str], cover: Callable[[str], float]) -> bool:
    """Whether a sentence of `texts`, best first, gives the particular that `question` asks for; True where it asks for none.

    `cover` says how much of the question, 0 to 1, a sentence speaks of.
    """
    kind, holds = particular(question), gives(question)
    if kind is None or holds is None:
        return True
    return any(
        (place == 0 and kind is not Particular.NAME) or cover(sentence) >= _LEAST[kind]
        for place, text in enumerate(texts)
        for sentence in sentences(text)
        if holds(sentence)
    )


def _holds(kind: Particular, sentence: str, typed: frozenset[str], exactly: bool) -> bool:
    """Whether `sentence` holds one of `kind` that is not `typed` in the question; a share may be rough unless it is asked `exactly`."""
    if kind is Particular.NAME:
        return any(_is_name(name[0], typed) for name in _NAME.finditer(sentence))
    if kind is Particular.SHARE and not exactly and _ROUGHLY.search(sentence):
        return True
    if not _HELD[kind].search(sentence):
        return False
    return kind is not Particular.NUMBER or any(
        match[0].lower() not in typed for match in _HELD[kind].finditer(_NO_COUNT.sub(" ", sentence))
    )


def _is_name(name: str, typed: frozenset[str]) -> bool:
    """Whether `name` is in quotes or has two words, and says something that is neither a title nor typed in the question."""
    own = words(name)
    return (len(own) > 1 or name[0] in "\u2018\u201c'\"") and bool(set(own) - _NO_NAMES - typed)
