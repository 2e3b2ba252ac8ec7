"""What shape of answer a question asks for, and whether a passage can give it. Pure."""

import re
from collections.abc import Sequence
from enum import StrEnum

from assistant.text import STOPWORDS, sentences, stem, words


class Shape(StrEnum):
    """The kinds of answer that can be told apart by the question's words."""

    YES_NO = "yes_no"
    WHO = "who"
    WHEN = "when"
    HOW_LONG = "how_long"
    HOW_MANY = "how_many"
    CHECKLIST = "checklist"
    OPEN = "open"


_SHAPES = (
    (
        Shape.HOW_MANY,
        r"\b(?:how many(?! (?:working )?(?:days|weeks|months|hours))|what (?:percent\w*|proportion|number|share|figure)|percentage|what %|how much)\b",
    ),
    (
        Shape.HOW_LONG,
        r"\b(?:how long|how soon|how quick\w*|how often|how frequent\w*|how many (?:working )?(?:days|weeks|months|hours)|timescales?|time ?limit|deadline|what interval)\b",
    ),
    (Shape.WHEN, r"\b(?:when (?:did|was|were|is|are|do|does|must|should|will)|what date|which (?:date|day|month|year))\b"),
    (Shape.WHO, r"(?:^|[.?!,] *|\bsay )who(?:'s|s| is| was| has| can| should| must| did| does)?\b"),
    (
        Shape.CHECKLIST,
        r"\bwhat (?:should|do|must|can) (?:i|we|you|(?:a |an |the )?(?:\w+ )?(?:social workers?|managers?|practitioners?|iros?|chairs?))\b.{0,40}\b(?:check|look|consider|ask|cover|do|have|include|think|record|watch)\w*|\bchecklist\b|\bthings to check\b",
    ),
    (
        Shape.YES_NO,
        r"(?:^|[.?!,] *|\bbut )(?:is|are|was|were|do|does|did|can|could|should|must|has|have|will|would|may|am) (?!.*\bor\b.*\bor\b)\w+",
    ),
)
_COMPILED = tuple((shape, re.compile(pattern, re.IGNORECASE)) for shape, pattern in _SHAPES)

NUMBER_WORDS = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|halved|third|quarter|once|twice"
QUANTITY = re.compile(
    rf"\b(?:\d[\d,.]*|{NUMBER_WORDS})\b|%|\b(?:majority|minority|most|many|few|several|small number|no (?:fixed|set|national))\b",
    re.IGNORECASE,
)
DURATION = re.compile(
    r"(?:(?:no (?:later|more|longer) than|at least|within|up to|under|every|about|for up to) )*"
    r"(?:\d+(?:\.\d+)?|one|two|three|six|eight|twelve) (?:(?:working|calendar) )?(?:day|week|month|hour|year)s?(?: and (?:a half|\d+ \w+))?"
    r"|\b(?:weekly|fortnightly|monthly|daily|annual\w*|yearly|halved|at any time|reduced|vary|varies|regular\w*|"
    r"interval|period|deadline|delay)\b",
    re.IGNORECASE,
)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(
    rf"(?:\d{{1,2}}(?: (?:and|to) \d{{1,2}})? )?(?:{_MONTH}) 20\d\d|\b(?:19|20)\d\d\b|\b(?:before|after|when|once|until|if)\b",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"\b[A-Z][a-z]+ [A-Z][a-z]+\b|\b(?:social workers?|manager|director|chief executive|local authorit(?:y|ies)|council|court|police|"
    r"constable|officers?|parents?|partners?|practitioner|inspectors?|Ofsted|Home Office|guardian|provider|employer|anyone|person|people|team|Act|agency|Cafcass|NSPCC)\b"
)
_NEEDS = {
    Shape.HOW_MANY: QUANTITY,
    Shape.HOW_LONG: DURATION,
    Shape.WHEN: re.compile(f"{DATE.pattern}|{DURATION.pattern}", re.IGNORECASE),
    Shape.WHO: PERSON,
}


def shape_of(question: str) -> Shape:
    """The shape of answer that `question` asks for."""
    return next((shape for shape, pattern in _COMPILED if pattern.search(question)), Shape.OPEN)


def fit(shape: Shape, text: str, found: bool) -> float:
    """How well `text` holds the kind of thing the shape asks for: 1 it does, 0.5 only loosely, 0 not at all.

    In findings (`found`) a date must be a date and a number a number: "some teams" does not say how many.
    """
    if not can_answer(shape, text):
        return 0.0
    strict = {Shape.WHEN: _STRICT_DATE, Shape.HOW_MANY: _STRICT_NUMBER, Shape.WHO: _NAME}.get(shape) if found else None
    return 1.0 if strict is None or strict.search(text) else 0.5


_STRICT_DATE = re.compile(rf"\b(?:{_MONTH})\b|\b20\d\d\b|[Ss]ince")
_STRICT_NUMBER = re.compile(rf"\b(?:\d[\d,.]*|{NUMBER_WORDS})\b|%", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b")

# Things that only the exact word can answer: a passage about fines is not one that says how large the fine is.
_DEMANDED = re.compile(
    r"\b(?:(phone|telephone|contact|form|helpline) (?:number|no|details)|(email|e-mail|postal) address|(fined?|fines|penalt\w+|salar\w+|paid|wages?|costs?|"
    r"budgets?|prices?|fees?|spend\w*|spent|fund\w+|percent\w*|templates?|caseloads?|vacanc\w+|sickness|turnover|agency|levels? \d|"
    r"panel|case law|poverty|perpetrators?|download|logo|score|scored|scores|postcode)\b|(?:the |which |what )(case) (?:that|which|says|is))|(%|\u00a3)",
    re.IGNORECASE,
)


def demanded(question: str) -> list[str]:
    """Words of `question` for a thing that a passage must name to answer it."""
    return [next(filter(None, match.groups())).lower() for match in _DEMANDED.finditer(question)]


_AMOUNT_OF = re.compile(
    r"\b(?:how many|how much|(?:what|which) (?:percent\w*|proportion|share|number|%)(?: of)?|what %(?: of)?|"
    r"(?:no\.?|numbers?|percent\w*|proportion|share|figures?|total|count|rates?|ratio) (?:of|for|on))\s+((?:[\w'/-]+\s*){1,4})",
    re.IGNORECASE,
)
_NOT_THINGS = frozenset(
    """is are was were do does did has have had get gets got can could will would should must may there in on at of they we
    the a that who with from to by for it and or other others sandwell ofsted""".split()
)
_BEFORE = re.compile(
    r"(?:\b(?:as|a (?:maximum|minimum|total) of|only|just|about|around|approximately|nearly|almost|over|under|up to|at least|at most|(?:no )?(?:more|fewer|less) than) )*"
    r"(?:\b(?:an?|the) (?:\w+ )?)?\u00a3?$",
    re.IGNORECASE,
)
"""What an amount is given with."""
_SINGLE = re.compile(r"\b(?:one|an?) \w+$", re.IGNORECASE)
_OVER_TIME = re.compile(r"in (?:\d|(?:the )?(?:last|past)\b)", re.IGNORECASE)
"""What follows "how many" where it tells the time over which they are counted, and not of what."""
_PLURAL = re.compile(r"(?:[^s]s|children|people|women|men)$")


def amount_fit(question: str, texts: Sequence[str]) -> float:
    """1 where no amount is asked for, or one of `texts` gives an amount of the thing asked about; else 0.

    "How many audits" is not answered by a number of something else: the number must stand before the thing.
    """
    return float(not _things(question) or any(amount_of(question, text) for text in texts))


def amount_of(question: str, text: str) -> str:
    """The first amount in `text` of the thing that `question` asks the amount of, verbatim with the thing; "" for none."""
    things = _things(question)
    for sentence in sentences(text) if things else ():
        for quantity in QUANTITY.finditer(sentence):
            for thing in list(re.finditer(r"[\w'-]+", sentence[quantity.end() :]))[:4]:
                if stem(thing[0].lower()) in things:
                    before = _BEFORE.search(sentence[: quantity.start()])
                    more = "|".join(map(re.escape, things))
                    rest = re.match(rf"(?: (?:{more})\w*)*", sentence[quantity.end() + thing.end() :], re.IGNORECASE)
                    end = quantity.end() + thing.end() + (rest.end() if rest else 0)
                    return sentence[before.start() if before else quantity.start() : _noun_ends(sentence, end)]
    return ""


def _noun_ends(sentence: str, end: int) -> int:
    """Where the noun that has its first word or words before `end` ends: "11 district" goes on to "councils"."""
    if _PLURAL.search(sentence[:end]) or _SINGLE.search(sentence[:end]):
        return end
    found = re.match(r"(?: [a-z]+)?? [a-z]+s\b", sentence[end:])
    return end + found.end() if found and STOPWORDS.isdisjoint(found[0].split()) else end


def _things(question: str) -> set[str]:
    asked = _AMOUNT_OF.search(question)
    things: set[str] = set()
    for word in words(asked[1]) if asked and not _OVER_TIME.match(asked[1]) else ():
        if word in _NOT_THINGS and things:
            break
        if word not in _NOT_THINGS and not word.isdigit():
            things.add(stem(word))
    return things


def can_answer(shape: Shape, text: str) -> bool:
    """Whether `text` holds the kind of thing that the shape asks for (a name, a date, a length of time, a quantity)."""
    needed = _NEEDS.get(shape)
    return needed is None or bool(needed.search(text))
