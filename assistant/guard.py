"""What is looked at before a question is searched for: can it be read, is a child in danger, is it a decision on one case.

Pure functions over the question's text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import islice

from assistant.errors import QuestionError
from assistant.phrases import Neighbours
from assistant.text import clean
from assistant.types import DANGER, ONE_CASE

MAX_LENGTH = 2_000

_ENGLISH = frozenset(
    """the a an of to in is are and for what how who when where why which do does did can could should would must may my
    we i you they it on at with by from not no be has have had was were this that there if or about after before any
    all our their whats hows whos im ive get need been than as""".split()
)


def readable(question: str, known: Callable[[str], bool] = lambda word: False, follows: bool = False) -> str:
    """The question as it will be read: normal form, no invisible characters, single spaces. `known` says which words
    the library uses: a string of key words has no "the" or "is" to tell its language by. One that `follows` another may have
    figures and no word: "17?".

    Raises QuestionError for one that is empty, too long, holds control characters or is not English.
    """
    text = clean(question).strip()
    if not text:
        raise QuestionError("Type a question first; for example: what did inspectors find about supervision?")
    if len(text) > MAX_LENGTH:
        raise QuestionError(f"The question is {len(text):,} characters long and the limit is {MAX_LENGTH:,}; ask it in a few sentences.")
    if any(unicodedata.category(c) in ("Cc", "Co", "Cs", "Cn") and c not in "\n\t" for c in text) or "\ufffd" in text:
        raise QuestionError("The question holds characters that cannot be read; type it again as plain text.")
    letters = [c for c in text if c.isalpha()]
    if not letters and not (follows and any(c.isdigit() for c in text)):
        raise QuestionError("The question has no words in it; type it as a sentence or a few key words.")
    if not _looks_english(text, letters, known):
        raise QuestionError("The question does not look like English; ask it in English.")
    return re.sub(r"\s+", " ", text)


def _looks_english(text: str, letters: list[str], known: Callable[[str], bool]) -> bool:
    if sum(c.isascii() for c in letters) < 0.8 * len(letters):
        return False
    typed = re.findall(r"[^\W\d_]+", text.lower().replace("'", "").replace("\u2019", ""))
    return len(typed) < 6 or any(word in _ENGLISH for word in typed) or sum(map(known, typed)) >= len(typed) / 2


_HARM = (
    r"(?:hit|hitting|beat|beating|hurt|hurting|attack|attacking|stab|stabbed|strangl\w+|chok\w+|kill|abus\w+|assault\w*|rap(?:e|ed|ing)|"
    r"bleed\w*|unconscious|overdos\w*|suicid\w*|self.?harm\w*|unsafe|scream\w*|bruis\w*|burn(?:t|ed|s)?|molest\w*|"
    r"kidnap\w*|abduct\w*|snatch\w*|knife|weapon|drunk|passed out|not breathing|cant breathe|locked in|tied up)"
)
_CHILD = (
    r"(?:child|children|kid|kids|baby|toddler|infant|boy|girl|teen\w*|son|daughter|niece|nephew|grand\w+|year old|yr old|pupil|"
    r"student|little one|bairn|sibling\w*|brother|sister|he|she|they|him|her|them|young person)"
)
_NOW = (
    r"(?:right now|now|this (?:minute|second|moment|very)|at the moment|tonight|as we speak|currently|just|immediately|"
    r"urgent\w*|emergency|still happening|happening|next door|in front of|outside|today|this (?:morning|afternoon|evening)|help)"
)
_EMERGENCY = re.compile(
    r"\b(?:in (?:immediate |real |serious )?danger (?:right )?now|immediate danger (?:right )?now|is in (?:immediate|real|serious) danger|"
    r"(?:life|lives) (?:is|are|'?s) (?:at risk|in danger)|not breathing|unconscious|(?:taken|took|swallowed) (?:an? )?overdose|"
    r"going to (?:kill|hurt|harm|stab) (?:him|her|them|my|the|herself|himself|themsel)|"
    r"(?:threaten\w*|about) to (?:kill|hurt|harm|stab|jump|take (?:his|her|their) (?:own )?life)|"
    r"(?:being|getting) (?:hit|beaten|hurt|attacked|abused|assaulted|strangled) (?:right )?now|"
    r"(?:left|home) alone (?:right )?now)\b",
    re.IGNORECASE,
)
_HARM_NOW = (
    re.compile(rf"\b{_HARM}\b", re.IGNORECASE),
    re.compile(rf"\b{_CHILD}\b", re.IGNORECASE),
    re.compile(rf"\b{_NOW}\b", re.IGNORECASE),
)
_ABOUT_RULES = re.compile(
    r"\b(?:letter|ofsted|inspector\w*|guidance|law|legal\w*|statut\w*|section|polic(?:y|ies)|definition|define|what counts|test for|"
    r"threshold for|example|do (?:i|we) (?:have|need) to|our duty|court order|strat\w*|s\.?47|epo|years ago|now an adult|historic\w*|quote|training|session|in force|act 19|act 20|notes?|timescale\w*|deadline|how long|working together)\b",
    re.IGNORECASE,
)


def about_rules(question: str) -> bool:
    """Whether the question is about the rules, or about what is past, and not about what is happening to a child now."""
    return bool(_ABOUT_RULES.search(question)) and not re.search(
        r"\b(?:right now|not breathing|unconscious|overdose)\b", question, re.IGNORECASE
    )


def at_risk_now(question: str) -> bool:
    """Whether the question, though about the rules, speaks of a child who may be in danger now."""
    return bool(
        re.search(
            r"\b(?:in|at) (?:immediate |serious |real )?(?:risk|danger)(?: right)? now\b|\bimmediate (?:risk|danger)\b|\bin danger\b",
            question,
            re.IGNORECASE,
        )
    )


def child_in_danger_now(question: str) -> bool:
    """Whether the question reads as a report that a child is in danger now, rather than a question about the rules."""
    if about_rules(question):
        return False
    return bool(_EMERGENCY.search(question)) or all(pattern.search(question) for pattern in _HARM_NOW)


def called_for(neighbours: Neighbours) -> str:
    """What a message calls for in place of an answer (DANGER, ONE_CASE), or "", by the phrases nearest to it.

    A gap says what it calls for. The three nearest of a sort
    must be clearly nearer than the three nearest ordinary questions.
    """
    for calls in (DANGER, ONE_CASE):
        mine = _mean_of_three(likeness for phrase, likeness in neighbours if phrase.gap and phrase.gap.calls == calls)
        others = _mean_of_three(likeness for phrase, likeness in neighbours if not phrase.gap or not phrase.gap.calls)
        if mine >= max(0.3, others + 0.01):
            return calls
    return ""


def _mean_of_three(cosines: Iterable[float]) -> float:
    return sum(islice(cosines, 3)) / 3


_LIVE_CASE = re.compile(
    r"\b(?:(?:is|does|do|would) (?:this|that|the|my) (?:family|case|child|mum|mother|situation|one)\b.{0,60}\b(?:meet|met|reach|threshold|over the line)|"
    r"(?:should|shall|do|can) (?:i|we) (?:remove|take|return|close|step down|escalate|issue|place|leave) (?:this|that|these|my|him|her|them)\b|"
    r"(?:should|shall|do) (?:i|we) (?:remove|take) the (?:child|children|kids|baby|girl|boy)\b|"
    r"(?:is|are|was|were) (?:he|she|they|it|this child|these children|the children|the kids) (?:safe|at risk)\b.{0,40}\?|"
    r"(?:decide|tell me|say) (?:whether|if) (?:this|my|the) (?:child|family|case)|"
    r"you decide|decid\w+ for me|tell me straight|(?:threshold|over the line)\b.{0,20}\byes or no|tell me yes or no|"
    r"sign (?:this|it) off for me|what would you do\b|"
    r"(?:do|should|shall) (?:i|we|you) (?:remove|take|return|close|issue|place|believe|send|move) (?:it|this|that|him|her|them|these)\W*$|"
    r"what would you (?:decide|do) (?:for|about|with) (?:this|my|her|him|them))",
    re.IGNORECASE,
)


_TELL_ME = re.compile(
    r"\b(?:just|so) tell me\b.*\b(?:(?:this|that|my|these) (?:child|children|family|case|baby|kids?)|to (?:remove|place|take|move|return)|him|her|them|decision|lying)\b|"
    r"(?<!could )(?<!can )(?<!would )(?<!will )(?<!cld )(?<!wld )\byou tell me\b|"
    r"\b(?:just|so) tell me\b(?! (?:when|whos?|where|about|which|the (?!answer)|how (?:long|often|many|much|soon)|"
    r"what(?:'?s| is| are| does| do| did| needs?| the| an?| section| happens| counts?| ofsted| inspectors)\b))",
    re.IGNORECASE,
)
"""Demands for an answer; not the bare polite form of a question, nor what asks when, who, where and what is of no one case."""


def decides_one_case(question: str) -> bool:
    """Whether the question asks for a decision on one child or family rather than for what the documents say."""
    return bool(_LIVE_CASE.search(question) or _TELL_ME.search(re.sub(r"\s+", " ", question)))
