"""Which way a sentence of a report weighs and what it is about, by its words. Pure; no language model.

The words stand in corpus/register.toml. A clause is read from left to right for words of praise and of blame, each
within the scope of what denies it ("not consistently effective"), says it is missing ("a lack of effective challenge")
or deals with it ("delay is avoided"): the scope is the rest of the clause, fourteen words at most (Taboada et al. 2011,
"Lexicon-Based Methods for Sentiment Analysis", with blame counted apart from praise, so that a clause can be both).
A sentence that turns, at "however", "but" or "although", is two parts where its sides weigh differently. What stands
under "What needs to improve" needs no words: it is to be improved.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant.errors import CorpusError
from assistant.findings import BRACKETED, Polarity

Span = tuple[int, int]

_REACH = {"deny": 14, "lack": 14, "avert": 8}
"""How many words what denies, misses or averts reaches."""
_NEAR = 30
"""Characters: what denies takes back blame no farther off ("no delay"); beyond that it is the denial itself that weighs."""
_ENOUGH = 0.7
"""The score that makes a theme: a strong cue counts 1, a weak one 0.4, and 0.3 more under a heading of that theme."""
_THEMES = 3
"""A sentence is about no more than this."""
_LISTS = (("strong_strength", True, 2.0), ("strong_deficit", False, 2.0), ("deficit", False, 1.0), ("strength", True, 1.0))
_TURN = re.compile(
    r"(?:[;,\u2013\u2014-]+\s*|\s)(?=(?:but|however|although|though|whereas|albeit|whilst|nevertheless|nonetheless|except)\b)"
    r"|[;,]\s+(?=(?:and yet|yet|despite|while|whilst|with (?:some|the exception)|some|others?|a (?:small |significant )?(?:number|minority)|in (?:some|other|a)|for (?:some|a|others?|other))\b)"
    r"|[;:]\s+",
    re.IGNORECASE,
)
_CONCEDES = re.compile(r"^(?:however,? )?(?:although|while|whilst|though|even though|whereas)\b", re.IGNORECASE)
_CONTRAST = re.compile(
    r"\b(?:but|however|although|though|while|whilst|despite|(?<!not )yet|albeit|whereas|except)\b(?! to\b)", re.IGNORECASE
)
_CLAUSE_ENDS = re.compile(
    r"[,;:.()\u2013\u2014]|\b(?:but|because|although|while|so that|resulting|leading|meaning|however|when)\b", re.IGNORECASE
)
_SUPPOSED = re.compile(
    r"^(?:however, )?(?:when|where|if|once|should|until|unless|before|after|as)\b[^,]*,(?=.{15})|\b(?:despite|in spite of|notwithstanding)\b[^,;.]*",
)
_CONDITION = re.compile(
    r"\b(?:if|unless|until|when|where)\b[^,;.]*"
    r"|\b(?:children|young people|families|those|parents) who (?:are not|do not|cannot|can no longer|have no|were not)\b[^,;.]{0,30}",
)
_REFERENCE = re.compile(BRACKETED)
"""Its words say nothing of what the thing to improve is about."""
_INSPECTORS = re.compile(
    r"^(?:inspectors (?:looked|also looked|evaluated)|this (?:visit|inspection) (?:was|took)|"
    r"ofsted (?:will|last|carried)|this letter|"
    r"(?:the )?(?:inspection )?(?:report|findings) (?:was|were|is) published|his majesty|her majesty)",
    re.IGNORECASE,
)
_NONE_FOUND = re.compile(
    r"\b(?:did not|no|none) (?:\w+ )?(?:areas?|priorit)\w*[\w ]*(?:priority|immediate|action|identified)|^none\b", re.IGNORECASE
)
FOLLOWS_ON = re.compile(
    r"^(?:this|these|they|it|as a (?:result|consequence)|consequently|for example|examples? (?:include|of this)|such|in addition|additionally|"
    r"their|its|he|she|those|some|others|most|many|all|however|therefore|when (?:this|these|they)|where (?:this|these|they)|both|here|there)\b",
    re.IGNORECASE,
)
RESULT = re.compile(
    r"^(?:as a (?:result|consequence)|consequently|therefore|thus|in turn|which|(?:this|these|that|it) (?:\w+ )?(?:has |have |had )?(?:\w+ing )?"
    r"(?:mean|meant|ensure|enable|help|lead|led|result|allow|make|made|leave|left|support|provide|give|gave|contribute|create|prevent|reduce|limit|"
    r"impact|increase|strengthen|improve|facilitate|assist|promote|hinder|hamper|cause|affect|place|risk|add|build|encourage)(?:e?d|s)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Cues:
    either: re.Pattern[str]
    """Strong or weak: one look for a theme that, most often, a sentence does not have."""
    strong: re.Pattern[str]
    weak: re.Pattern[str]
    always: re.Pattern[str]
    never: re.Pattern[str]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """The patterns of corpus/register.toml, compiled."""

    ignore: re.Pattern[str]
    scopes: tuple[tuple[str, re.Pattern[str]], ...]
    """(deny, lack or avert, its pattern)."""
    words: tuple[tuple[bool, float, re.Pattern[str]], ...]
    """(whether it is praise, weight, pattern); of two that overlap the earlier in this order counts."""
    wanting: re.Pattern[str]
    sections: tuple[tuple[str, re.Pattern[str]], ...]
    themes: tuple[tuple[str, _Cues], ...]


_LETTER_FIRST = re.compile(r"[a-z](?![?*+{])")


def load_lexicon(file: Path) -> Lexicon:
    """The lexicon in `file`. Raises CorpusError."""
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        words = data["polarity"]
        return Lexicon(
            _any(words["ignore"]),
            tuple((name, _any(words[name])) for name in ("deny", "lack", "avert")),
            tuple((good, weight, _any(words[name])) for name, good, weight in _LISTS),
            _any(words["wanting"]),
            tuple((name, re.compile("|".join(patterns), re.IGNORECASE)) for name, patterns in data["section"].items()),
            tuple(
                (
                    name,
                    _Cues(
                        _any(list(dict.fromkeys((*cues["strong"], *cues["weak"])))),
                        _any(cues["strong"]),
                        _any(cues["weak"]),
                        re.compile("|".join(cues.get("always", ())) or r"(?!)", re.IGNORECASE),
                        _any(cues.get("not", ())),
                    ),
                )
                for name, cues in data["theme"].items()
            ),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, re.error) as error:
        raise CorpusError(f"{file} cannot be read as the words of the register: {error}") from error


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    """Matches any of `patterns` as whole words, in text of lower case: without regard to case costs twice the time."""
    return re.compile(rf"\b(?<!-)(?:{_branches([p.lower() for p in patterns])})(?!\w)") if patterns else re.compile(r"(?!)")


def _branches(patterns: Sequence[str]) -> str:
    """`patterns` as one alternation, those next to each other that begin with the same letter under it: the engine tries
    every alternative at every word. Which of two that fit comes first stays as it is."""
    made: list[str] = []
    for plain, run in groupby(patterns, lambda pattern: bool(_LETTER_FIRST.match(pattern))):
        by_letter: dict[str, list[str]] = {}
        for pattern in run:
            by_letter.setdefault(pattern[0] if plain else pattern, []).append(pattern)
        made += [f"{key}(?:{_branches([p[1:] for p in same])})" if len(same) > 1 else same[0] for key, same in by_letter.items()]
    return "|".join(made)


# -- sections -----------------------------------------------------------------------


def standing(lexicon: Lexicon, section: str) -> str:
    """What a section's headings, the nearest first, say of what stands under them: "left_out", "neutral", "improvement",
    "strength", "deficit" (reasons for a low judgement), or "" where they leave it open."""
    for heading in reversed(section.split(" > ")):
        for name, pattern in lexicon.sections:
            if pattern.search(heading):
                return "" if name == "open" else name
    return ""


# -- polarity -----------------------------------------------------------------------


@dataclass(frozen=True)
class Weight:
    """How much of a clause praises and how much blames, and which of the two has the last word."""

    praise: float = 0.0
    blame: float = 0.0
    last: Polarity = Polarity.NEUTRAL


@lru_cache(maxsize=256)
def weigh(lexicon: Lexicon, clause: str) -> Weight:
    """The praise and blame of `clause`."""
    text = _SUPPOSED.sub(_blank, lexicon.ignore.sub(_blank, _lower(clause)))
    stated = _CONDITION.sub(_blank, text)
    scopes = [
        (name, match.start(), _reach(stated, match.end(), _REACH[name]))
        for name, pattern in lexicon.scopes
        for match in pattern.finditer(stated)
    ]
    cues = [(match.start(), match.end(), False, 1.5) for match in lexicon.wanting.finditer(stated)]
    for good, weight, pattern in lexicon.words:
        found = [(match.start(), match.end(), good, weight) for match in pattern.finditer(text if good else stated)]
        cues += [cue for cue in found if not any(cue[0] < end and start < cue[1] for start, end, _, _ in cues)]
    cues.sort()
    denied: dict[int, bool] = {}
    events: list[tuple[int, float, bool]] = []
    for begin, end in ((begin, end) for name, begin, end in scopes if name == "deny"):
        if any(start <= begin < stop for start, stop, _, _ in cues):
            continue
        inside = [(start, good) for start, _, good, _ in cues if begin < start < end]
        if not inside:
            events.append((begin, 1.0, False))
        elif not inside[0][1] and inside[0][0] - begin <= _NEAR:
            denied[inside[0][0]] = True
        elif not inside[0][1]:
            events.append((begin, 1.0, False))
        else:
            denied |= {start: True for start, good in inside if good}
    for start, _, good, weight in cues:
        if start in denied:
            events.append((start, 1.5, False) if good else (start, 0.5, True))
        elif not any(name == ("lack" if good else "avert") and begin < start < end for name, begin, end in scopes) or weight == 1.5:
            events.append((start, weight, good))
    events.sort()
    praise = sum(weight for _, weight, good in events if good)
    blame = sum(weight for _, weight, good in events if not good)
    last = Polarity.NEUTRAL if not events else Polarity.STRENGTH if events[-1][2] else Polarity.IMPROVEMENT
    return Weight(praise, blame, last)


def _lower(text: str) -> str:
    """`text` in lower case, character for character."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _blank(match: re.Match[str]) -> str:
    return "_" * len(match[0])


def _reach(text: str, start: int, most: int) -> int:
    """Where the scope of what ends at `start` ends: with the clause, or after `most` words."""
    stop = _CLAUSE_ENDS.search(text, start)
    end = stop.start() if stop else len(text)
    words = list(re.finditer(r"\S+", text[start:end]))
    return start + words[most - 1].end() if len(words) >= most else end


def clause_polarity(lexicon: Lexicon, clause: str) -> Polarity:
    """Which way one clause weighs: the side that far outweighs the other, or has no other."""
    weight = weigh(lexicon, clause)
    if weight.praise and weight.blame:
        if weight.blame >= 2 * weight.praise:
            return Polarity.IMPROVEMENT
        if weight.praise >= 3 * weight.blame:
            return Polarity.STRENGTH
        if _CONTRAST.search(clause[1:]):
            return Polarity.MIXED
        return Polarity.IMPROVEMENT if weight.blame >= 1 else weight.last
    if weight.blame:
        return Polarity.IMPROVEMENT
    return Polarity.STRENGTH if weight.praise else Polarity.NEUTRAL


def parts(lexicon: Lexicon, sentence: str) -> list[tuple[Span, Polarity]]:
    """The parts of `sentence` (spans of it) and which way each weighs: one, or more where it turns."""
    polarity: Callable[[str], Polarity] = lambda text: clause_polarity(lexicon, text)  # noqa: E731
    if _CONCEDES.match(sentence):
        turns = [match.end() for match in re.finditer(r",\s+", sentence)]
    else:
        turns = [match.end() for match in _TURN.finditer(sentence)]
    for turn in turns:
        left, right = sentence[:turn].rstrip(" ,;:\u2013\u2014-"), sentence[turn:]
        if len(left.split()) < 3 or len(right.split()) < 3:
            continue
        sides = polarity(left), polarity(right)
        if _opposed(*sides) or (Polarity.MIXED in sides and Polarity.NEUTRAL not in sides and len(turns) > 1):
            before, after = parts(lexicon, left), parts(lexicon, right)
            split = before + [((turn + start, turn + end), side) for (start, end), side in after]
            if len({side for _, side in split}) > 1:
                return split
    return [((0, len(sentence)), polarity(sentence))]


def _opposed(a: Polarity, b: Polarity) -> bool:
    return {a, b} == {Polarity.STRENGTH, Polarity.IMPROVEMENT}


def judged(
    lexicon: Lexicon, sentence: str, section: str, before: Polarity = Polarity.NEUTRAL, lead: Polarity | None = None
) -> list[tuple[Span, Polarity]]:
    """The parts of a sentence and which way each weighs, by its words, its section and what it follows.

    `section` is a `standing`; `before` is how the sentence before it weighs: what only gives its result ("This means
    that ...") weighs the same; `lead` is how the line weighs that a bullet stands under.
    """
    whole = (0, len(sentence))
    if section == "neutral" or _INSPECTORS.match(sentence) or (section == "improvement" and _NONE_FOUND.search(sentence)):
        return [(whole, Polarity.NEUTRAL)]
    if section == "improvement":
        return [(whole, Polarity.NEUTRAL if sentence.endswith((":", "?")) else Polarity.IMPROVEMENT)]
    found = parts(lexicon, sentence)
    if len(found) > 1:
        return found
    polarity = found[0][1]
    if polarity is Polarity.NEUTRAL:
        given = {"strength": Polarity.STRENGTH, "deficit": Polarity.IMPROVEMENT}.get(section)
        polarity = lead or given or (before if RESULT.match(sentence) else polarity)
    elif section == "strength":
        polarity = Polarity.STRENGTH
    return [(whole, polarity)]


# -- themes -------------------------------------------------------------------------


def named_themes(lexicon: Lexicon, text: str) -> dict[str, list[str]]:
    """The themes that `text` names outright, each with the words it names it by."""
    plain = _lower(text)
    found = {name: [match[0] for match in cues.strong.finditer(cues.never.sub(_blank, plain))] for name, cues in lexicon.themes}
    return {name: words for name, words in found.items() if words}


def hits(lexicon: Lexicon, text: str) -> dict[str, tuple[list[int], int]]:
    """Of each theme that `text` names or hints at: where it is named, and how many different words hint at it."""
    plain = _REFERENCE.sub(_blank, _lower(text))
    found: dict[str, tuple[list[int], int]] = {}
    for name, cues in lexicon.themes:
        if not cues.either.search(plain):
            continue
        masked = cues.never.sub(_blank, plain)
        places, weak = [match.start() for match in cues.strong.finditer(masked)], len(set(cues.weak.findall(masked)))
        if places or weak:
            found[name] = places, weak
    return found


@dataclass(frozen=True)
class Under:
    """The themes that headings give: `always` to all that stands under them, `named` to what hints at them."""

    always: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()


def under(lexicon: Lexicon, section: str) -> Under:
    """What the headings of `section` are about."""
    return Under(
        frozenset(name for name, cues in lexicon.themes if cues.always.search(section)),
        frozenset(name for name, cues in lexicon.themes if cues.strong.search(cues.never.sub(_blank, _lower(section)))),
    )


def themes(
    lexicon: Lexicon, sentence: str, headings: Under = Under(), before: Sequence[str] = (), lead: Sequence[str] = ()
) -> tuple[str, ...]:
    """What a sentence is about, the chief theme first.

    `before` are the themes of the sentence before it, which one that goes on about the same ("They ...") keeps where it
    names none; `lead` those of the paragraph's first sentence.
    """
    scores: dict[str, float] = {}
    hints: dict[str, int] = {}
    found = hits(lexicon, sentence)
    for name in (name for name, _ in lexicon.themes if name in found or name in headings.always):
        strong, weak = found.get(name, ([], 0))
        always = name in headings.always
        score = len(strong) + 0.4 * weak + 0.3 * (name in headings.named and weak > 0)
        if strong or always or score >= _ENOUGH:
            scores[name] = score + 0.5 * always - (min(strong) / 1000 if strong else 0)
        if weak:
            hints[name] = weak
    if scores:
        return tuple(sorted(scores, key=lambda name: scores[name], reverse=True)[:_THEMES])
    if before and FOLLOWS_ON.match(sentence):
        return tuple(before[:2])
    return tuple(lead[:2]) or tuple(sorted(hints, key=lambda name: hints[name], reverse=True)[:1])
