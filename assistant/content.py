"""What a text says, as the stems of its words, and how far others carry it. Pure; no model.

Words that mean the same carry each other; those of number, force and bound are left to the rules that compare them
(assistant/faults.py).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.text import STOPWORDS, stem, words

# -- words that mean the same ---------------------------------------------------------------------

_SAME = """
help support assist aid | show reflect demonstrate | enough sufficient sufficiently | thorough comprehensive | start begin began
end finish close discontinue cease | understand know known knew | risk danger | convene call hold held | visit see seen saw
wish want | often frequent frequently regular regularly | quick quickly prompt promptly timely soon early | permit allow | appropriate suitable
try attempt tried | current currently now | replace supersede place | improve strengthen stronger better | increase rise rose grow grew
undertake undertaken conduct carry carried complete do done make made take taken took | form build built | brother sister sibling
vary variable variability inconsistent | reduce shorten short decrease fall fell fallen drop | get got receive received benefit gain obtain experience give given gave
go goes went gone happen occur | lead led | write written wrote | think thought feel felt view | say said says tell told state stated set
hold held keep kept | meet met meeting | bring brought | create creation set | identify identified find found spot | examine look looked
child children young youngster | parent mother father mum dad | family families relative | manager management oversight
practitioner worker staff | council authority trust | lack insufficient | limit maximum most latest long longer longest | important key
purpose aim job | apply application | begin start run count | interval frequency | require requirement mandatory compulsory oblige
choose choosing choice | prefer preferred | share shared sharing | live living home | talk discuss discussion conversation
concern worry | effective effectively well good | impact effect affect | detailed detail depth deep deeply | open
two both | ongoing continue continuing still remain remaining remains | whole entire | take took last lasts | wrong wrongly inaccurate inaccurately incorrect
exist there | mean means meaning | include including cover covers | decide decided decision | judge judged judgement | own
proof prove proved | participant minimum least take part | address tackle deal | various range several | involve involved involvement part engage | alone
respond response reply act action | develop development | difficult hard | able ability | case work | professional practitioner
underpin back backed | prevent stop avoid | late latest | set out list describe | tidy
""".replace("\n", " | ")


def groups(text: str) -> dict[str, frozenset[str]]:
    """Each stem of `text`, groups of words between bars, with the stems of its groups."""
    found: dict[str, set[str]] = {}
    for group in filter(str.strip, text.split("|")):
        stems = {stem(word) for word in group.split()}
        for one in stems:
            found.setdefault(one, set()).update(stems)
    return {one: frozenset(many) for one, many in found.items()}


SAME = groups(_SAME)

# -- classes of words that must agree, and numbers -------------------------------------------------

_SUPERLATIVE = (
    r"(?:appropriate|suitable|likely|important|effective|vulnerable|urgent|recent|recently|useful|significant|serious|common|complex)\b"
)
_QUANTIFIERS = {
    "all": r"\b(?<!almost )(?<!nearly )(?<!virtually )(?:all|every|each|whole|entire(?:ly)?|always|any(?:one|body)|100%)(?!\w)",
    "nearly": r"\b(?:almost|nearly|virtually) (?:all|every|always|entirely)\b",
    "most": rf"\b(?:(?<!at )(?<!the )most(?! \w+ than)(?! {_SUPERLATIVE})|(?:vast |large )?majority|mostly)\b",
    "many": r"\b(?:(?<!how )many|numerous|plenty|a (?:large|significant|considerable|high) number)\b",
    "some": r"\b(?:some|several|certain|a number of|(?<!small )numbers of (?:children|young|teams?|social|homes?|cases?|families))\b",
    "few": r"\b(?:(?:a )?few|minority|small (?:number|proportion|minority))\b",
    "only": r"\b(?:(?<!not )only(?! (?:very |a )?(?:limited|few|small|minority))|solely|reserved)\b",
    "intended": r"\b(?:intend(?:s|ed)?(?! or)|meant to|aim(?:s|ed) (?:to|for)|planned to|(?:leaders|authority|council|trust|board|they|it) plans? to|propos(?:es|ed))\b",
    "where possible": r"\b(?:wherever|where|as far as|so far as) (?:it )?(?:is )?(?:reasonably )?(?:possible|practicable|appropriate)\b",
    "often": r"\b(?:too often|(?<!how )(?<!as )(?<!more )often|frequently)\b",
    "usually": r"\b(?:usually|normally|generally|typically|broadly|in the main|as a general rule|in practice(?! direction))\b",
    "sometimes": r"\b(?:sometimes|at times|occasionally)\b",
    "never": r"\bnever\b",
    "requires improvement": r"\brequir\w+ improvement\b",
    "much": r"\bmuch of\b",
    "new": r"\b(?:new|newly|updated?|revised)\b",
    "the same": r"\b(?:(?<!not )(?<!n't )the same|identical|no different|another name)\b",
    "once": r"\bonce(?=[,.]| only)",
    "half": r"\b(?:half|halved)\b",
    "third": r"\b(?:a|one|two) thirds?\b",
    "double": r"\b(?:double[ds]?|twice)\b",
}
QUANTIFIERS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _QUANTIFIERS.items()}
_MODALS = {
    "must": r"\b(?:must|shall|(?<!they )ha(?:s|ve) to|required?|requires|requirements?|duty|duties|oblig(?:ed|es?|ations?)|mandatory|compulsory|cannot|by law)\b",
    "should": r"\b(?:should|ought|(?:is|as|be) (?:a matter of )?(?:good|best) practice|(?:good|best) practice (?:is|that)|(?<!than )expected|recommended|advised)\b",
    "may": r"\b(?:may|might|can(?:not)?|could|able|allow(?:s|ed)?|lets?|permit(?:s|ted)?|enables?|power)\b",
}
MODALS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _MODALS.items()}
MONTH_MAY = re.compile(r"(?<=\d )May\b|\bMay(?= (?:19|20)\d\d)")
_BOUNDS = {
    "most": r"\b(?:within|no (?:more|later|longer) than|not (?:more|later|longer) than|up to|at most|maximum|limits?|longest|latest|cannot last longer|(?:not|no) \w+ longer|under|less than)\b",
    "least": r"\b(?:at least|no (?:fewer|less|earlier) than|minimum|over|more than|above)\b",
}
_BOUND_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _BOUNDS.items()}
NUMBER_WORDS = {word: str(i) for i, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_UNIT = r"(?:(?:working|calendar) )?(?:days?|weeks?|months?|hours?|years?|minutes?|%|per ?cent|percent)"
_QUANTITY = re.compile(
    rf"(?P<before>(?:section|sections|chapter|regulation|reg|part|paragraph|volume|version|schedule|article|s\.) ?)?(?<![\w.])"
    rf"(?P<value>\d[\d,]*(?:\.\d+)?|{'|'.join(NUMBER_WORDS)})(?!\w)(?:[- ]?(?P<unit>{_UNIT})|-?(?P<ly>weekly|monthly))?",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"[,;:]\s+|\s+(?:but|and|which|although|while|whereas|then)\s+|\s+-\s+", re.IGNORECASE)


# -- what a text says, and what carries it ---------------------------------------------------------


@lru_cache(maxsize=4096)
def stems_of(text: str) -> frozenset[str]:
    """The stems that carry the meaning of `text`."""
    return frozenset(content(text))


def content(text: str) -> list[str]:
    """Stems of the words of `text` that a source must carry, in order: not those that rules compare by class."""
    bare = MONTH_MAY.sub("", text)
    for pattern in (*QUANTIFIERS.values(), *MODALS.values(), *_BOUND_PATTERNS.values()):
        bare = pattern.sub(" ", bare)
    found = (
        stem(word) for word in words(bare.replace("-", " ")) if word not in STOPWORDS and not word.isdigit() and word not in NUMBER_WORDS
    )
    return list(dict.fromkeys(found))


def meaning(text: str) -> list[str]:
    """Stems of the words of `text` that are not stopwords, those compared by class among them."""
    return [stem(word) for word in words(text.replace("-", " ")) if word not in STOPWORDS]


def carried(one: str, stems: Collection[str]) -> bool:
    """Whether a stem stands among `stems` itself, as one that means the same, or as another form of the same word."""
    if one in stems or not SAME.get(one, frozenset()).isdisjoint(stems):
        return True
    return len(one) >= 5 and any(len(other) >= 5 and one[:5] == other[:5] and abs(len(one) - len(other)) <= 5 for other in stems)


def coverage(text: str, stems: Collection[str]) -> float:
    """The share of the content of `text` that `stems` carry; 1 where it has none."""
    wanted = content(text)
    return sum(carried(one, stems) for one in wanted) / len(wanted) if wanted else 1.0


def clauses(text: str) -> list[str]:
    """The clauses of a sentence, roughly; one too short to say anything goes with the one before it."""
    parts: list[str] = []
    for part in CLAUSE.split(text):
        if parts and len(content(part)) < 2:
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def nearest_to(clause: str, texts: Sequence[str]) -> str:
    """Which of `texts`, sentences or clauses of one, carries most of `clause`: of several the first."""
    return max(texts, key=lambda text: coverage(clause, stems_of(text)))


def unit_of(match: re.Match[str]) -> str:
    """What a match of `numbers_in` counts ("working day", "%") or is the number of ("section"); "" where neither is said."""
    unit = (match["unit"] or match["ly"] or "").lower().replace("per cent", "%").replace("percent", "%")
    before = (match["before"] or "").strip().lower().rstrip("s.")
    return before or re.sub(r"s$", "", unit)


def value_of(match: re.Match[str]) -> str:
    """The number of a match of `numbers_in` in digits."""
    value = match["value"].lower().replace(",", "")
    return NUMBER_WORDS.get(value, value)


def numbers_in(text: str) -> Iterator[re.Match[str]]:
    """Each number of `text`, in digits or words, with its unit; "one" only where it counts."""
    for match in _QUANTITY.finditer(text):
        value, before = match["value"].lower(), text[: match.start()].rstrip().lower()
        if value != "one" or before.endswith("than") or unit_of(match):
            yield match


def bound_of(text: str) -> str:
    """Which way `text` bounds a number: "most", "least" or ""."""
    return next((name for name, pattern in _BOUND_PATTERNS.items() if pattern.search(text)), "")


def aligned(sentence: str, texts: Sequence[str], least: int = 1) -> list[int]:
    """Which of `texts` say what `sentence` says: the one that carries most of it, and up to two more that each carry at
    least `least` words of what it lacks."""
    wanted = content(sentence)
    numbers = {value_of(m) for m in numbers_in(sentence)}
    chosen: list[int] = []
    held: frozenset[str] = frozenset()
    while len(chosen) < 3:
        missing = [one for one in wanted if not carried(one, held)]
        without = numbers - {value_of(m) for i in chosen for m in numbers_in(texts[i])}
        gains = {
            i: sum(carried(one, stems_of(text)) for one in missing) + 2 * len(without & {value_of(m) for m in numbers_in(text)})
            for i, text in enumerate(texts)
            if i not in chosen
        }
        best = max(gains, key=lambda i: (gains[i] + 0.9 * _alike(sentence, texts[i]), -i), default=-1)
        if best < 0 or (chosen and gains[best] < max(least, 0.12 * len(wanted))):
            break
        chosen.append(best)
        held |= stems_of(texts[best])
    return sorted(chosen)


def _alike(one: str, other: str) -> float:
    """The share of words, small ones too, that two texts have in common (Jaccard)."""
    mine, theirs = set(words(one)), set(words(other))
    return len(mine & theirs) / (len(mine | theirs) or 1)


def likeness(sentence: str, texts: Sequence[str]) -> float:
    """How far the words of `sentence` are those of one of `texts` in the same order, 0 to 1: the share of them in the longest
    matching blocks (difflib)."""
    mine = words(sentence)
    blocks = (SequenceMatcher(None, words(text), mine, autojunk=False).get_matching_blocks() for text in texts)
    return max((sum(b.size for b in found) for found in blocks), default=0) / (len(mine) or 1)
