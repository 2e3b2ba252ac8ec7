"""A question put so that it stands alone, from those asked before it. Pure; no language model."""

import re
from collections.abc import Callable, Sequence

from assistant.inspections import said_of_inspection
from assistant.scope import EXPECTATION, FINDING, Authorities, sources, topic_of
from assistant.text import content_stems

_LEADS_ON = re.compile(r"^(?:and|so|also|then|but|ok|okay|what about|how about|what if|even if|why)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r"\b(?:it|its|they|they're|theyre|their|them|this|that|those|these|there|one|then|each)\b", re.IGNORECASE)
_TO_THE_PLACE = re.compile(r"\bthere\b", re.IGNORECASE)
_ONLY_LEADS = re.compile(
    r"^(?:(?:and|so|also|then|but|ok|okay|what|how|about|same|for|in|at|of|on|with|the|a|an|did|does|is|was|were|are|there|"
    r"report|letter|visit|inspection|one|now|please)\b[\s,]*)+",
    re.IGNORECASE,
)
_LEFT_OPEN = re.compile(r"(?:\b(?:in|of|at|for|since|after|before|from|during|until|by)\s*[?.,]*\s*)+$", re.IGNORECASE)
"""What a date or a name leaves behind when it is taken from the end."""
_MOST_STEMS = 6
"""More stems of content than this, and a question says by itself what it is about."""
_FEW_STEMS = 3
_ASKS_ITS_OWN = re.compile(
    r"^\W*(?:and |but |so |ok |then )*(?:for )?(?:how (?:long|often|soon|quick\w*|many|much)|who|when|where)\b", re.IGNORECASE
)
_ASKS_STANDING = re.compile(
    r"\b(?:is|are|was|were)(?:n'?t)? (?:that|it|this|those|these|they)\b.*\b(?:law|legal\w*|statutory|binding|compulsory|mandatory|guidance)\b",
    re.IGNORECASE,
)
"""Asks not what holds but with what force."""
_ASKS_REMEDY = re.compile(
    r"\bwhat (?:did|do|does|had|have) (?:they|ofsted|(?:the )?inspectors)\b.{0,30}\b(?:want(?:ed)? (?:to be )?(?:done|changed|fixed)|(?:want(?:ed)?|ask(?:ed)?|t(?:ell|old)|expect(?:ed)?) (?:them|us|the council|the trust) to do|"
    r"recommend\w*)\b",
    re.IGNORECASE,
)
"""What inspectors ask of those whom they find wanting stands under what needs to improve."""
# A follow-up that is an age and nothing else, and an age in the question before.
_OTHER_AGE = re.compile(r"(?:an? )?(\d{1,2})(?:s|[- ]?(?:years?|yrs?)(?:[- ]?olds?)?|[- ]?yos?)?\W*", re.IGNORECASE)
_AGE = re.compile(r"(?<![\d-])\d{1,2}(?=[- ]?(?:(?:years?|yrs?)[- ]?olds?|yos?)\b)", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:is |are |was |were )?(?:within )?(?:how (?:long|often|soon|quick\w*|many|much)|when|where|who)\b"
    r"(?: (?:should|must|can|do|does|did|is|are|was|were|has|have|has to|have to)\b)?",
    re.IGNORECASE,
)
"""What asks for a time, a number, a place or a person: a question that asks for another drops it from the one before."""


def standalone(question: str, history: Sequence[str], authorities: Authorities, concepts: Callable[[str], object]) -> str:
    """`question` with what it leaves to those before it, oldest first; as typed where it stands alone.

    `concepts` gives the concepts of the vocabulary that a text names, none as an empty thing. What is carried over comes from the last question
    that stood alone or named its own subject: its source where only the subject is new, its subject where only the source is new, both
    else; and from the question just before, whatever that was, where a follow-up says nothing but "why" or "by how much".
    """
    root = made = ""
    for asked in (*history, question):
        says = content_stems(_ASKED.sub(" ", _ONLY_LEADS.sub("", asked)))
        before = root if says else made  # "by how much?" is of the question just before
        made = _carried(asked, before, authorities, concepts) if root else asked
        if made == asked or _other_source(asked, authorities) or _own_subject(asked, concepts):
            root = made
    return made


def _carried(question: str, root: str, authorities: Authorities, concepts: Callable[[str], object]) -> str:
    """`question` after `root`, which stands alone."""
    if len(content_stems(question)) > _MOST_STEMS or not _follows(question, authorities, concepts):
        return question
    if _other_source(question, authorities):
        return _with_source_of(question, root, authorities)
    age = _OTHER_AGE.fullmatch(_ONLY_LEADS.sub("", question))
    if age and len(_AGE.findall(root)) == 1:  # "and 17?": the same is asked of another age
        return _AGE.sub(age[1], root)
    if _ASKS_REMEDY.search(question) and not concepts(question) and (authorities.named(root) or FINDING.search(root)):
        question = "what needs to improve"
    law = bool(EXPECTATION.search(question))
    topic = topic_of(root, authorities) if law else root
    if _new_subject(question, concepts):  # "and police protection?": the same is asked of another subject
        frame = _frame(topic, concepts)
        if content_stems(authorities.without(undated_all(frame))):
            return f"{frame} {_ONLY_LEADS.sub('', question)}"
        topic = root
    elif _own_subject(question, concepts):
        named = {words.lower(): words for words in (*sources(root), *said_of_inspection(root), *authorities.named(root))}
        topic = "" if law else " ".join(reversed(named.values()))
    # "how often should ..." and then "how long for?": not how often any more
    if _ASKS_ITS_OWN.search(question) or _ASKS_STANDING.search(question):
        topic = re.sub(r"\s+", " ", _ASKED.sub(" ", topic))
    return f"{question} ({topic.strip(' ?.')})" if topic.strip() else question


def _follows(question: str, authorities: Authorities, concepts: Callable[[str], object]) -> bool:
    if _LEADS_ON.search(question) or _POINTS_BACK.search(question) or _other_source(question, authorities):
        return True
    return not concepts(question) and len(content_stems(question)) <= _FEW_STEMS


def _other_source(question: str, authorities: Authorities) -> bool:
    """Whether `question` only names another authority or inspection: "and Salford?", "what about in 2022?"."""
    named = authorities.named(_capitals(question)) or said_of_inspection(question)
    return bool(named) and not content_stems(_ONLY_LEADS.sub("", undated_all(authorities.without(_capitals(question)))))


def _with_source_of(question: str, root: str, authorities: Authorities) -> str:
    """`root`, asked of the authority and the inspection that `question` names."""
    named, dated = authorities.named(_capitals(question)), said_of_inspection(question)
    about = authorities.without(root) if named else root
    about = undated_all(about) if named or dated else about
    about = _LEFT_OPEN.sub("", re.sub(r"\(\s*\)", "", about)).strip(" ?.,-:")
    when = " ".join(f"in {words}" if words[-1].isdigit() else words for words in dated)
    return " ".join(filter(None, (about, f"in {named[0]}" if named else "", when)))


def undated_all(text: str) -> str:
    """`text` without the words that say which inspection is meant, whatever is left."""
    for words in said_of_inspection(text):
        text = text.replace(words, " ")
    return re.sub(r"\s+", " ", text).strip()


def _capitals(question: str) -> str:
    """A lone name in small letters as a name: "and salford?" - names that are words count only so."""
    rest = _ONLY_LEADS.sub("", question)
    return question if len(rest.split()) > 4 else question[: len(question) - len(rest)] + rest.title()


def _new_subject(question: str, concepts: Callable[[str], object]) -> bool:
    """Whether `question` only names another subject, which the next one may leave out in its turn."""
    return bool(concepts(question)) and not _POINTS_BACK.search(question) and _is_bare(question)


def _own_subject(question: str, concepts: Callable[[str], object]) -> bool:
    """Whether `question` names what it asks about, and leaves no more than the place to the one before: "has supervision got better there?"."""
    return bool(concepts(question)) and not _POINTS_BACK.search(_TO_THE_PLACE.sub(" ", question))


def _is_bare(question: str) -> bool:
    """Whether nothing is asked of the new subject but what was asked of the last."""
    return not re.search(
        r"\b(?:is|are|was|do|does|did|can|could|must|should|who|when|where|why|how|which|need\w*|if)\b", question, re.IGNORECASE
    )


def _frame(text: str, concepts: Callable[[str], object]) -> str:
    """`text` without the words of its subject: what was asked of it."""
    words = text.split()
    for size in (1, 2, 3, 4):
        at = 0
        while at + size <= len(words):
            if concepts(" ".join(words[at : at + size])):
                del words[at : at + size]
            else:
                at += 1
    return " ".join(words).strip(" ?.")
