"""What a sentence weighs and is about, settled in its paragraph by fitted weights. Nothing here writes.

`assistant.classify` reads one sentence by its words and proposes; what it says of the sentence, of its neighbours and
of their headings are the features here, each a plain fact with a name ("praise and no blame", "named under a heading").
Two logistic regressions weigh them: one over the four polarities, one over each theme proposed. A third, beneath the
first, says how the plain words of a sentence ("membership", "tracks", "rate") are used beside words of praise, of blame
and of neither: it learns from what `classify` makes of many reports, and so needs no labels (Turney 2002, "Thumbs Up or
Thumbs Down?", whose phrases are weighed by the company they keep). The weights are in corpus/register_weights.toml,
fitted by `eval.fit_register` on the development labels, on labels that a language model read after docs/labelling.md, and on
reports without labels, never on reports of the test half.
`assistant.weigher` reads the paragraph itself, and both decide which way a sentence of it weighs and what it is about.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.classify import FOLLOWS_ON, RESULT, Lexicon, Span, Under, Weight, hits, judged, weigh
from assistant.errors import CorpusError
from assistant.findings import EVALUATIVE, Polarity
from assistant.weigher import SIDES, Weigher

Features = dict[str, float]

SHARE = 0.6
"""What the weigher's chances, of sides and of themes, count for beside those that the words give: chosen on the reports that
`eval.fit_weigher` keeps apart."""

_GRADES = re.compile(r"outstanding|inadequate|requir\w+ improvement|good|adequate", re.IGNORECASE)
_SIGNS = {
    name: re.compile(pattern)
    for name, pattern in {
        "an earlier inspection": r"\b(?:previous|last|earlier|recent) (?:ofsted |inspection|joint|focused)|recommended|\bjtai\b|focused visit",
        "a number": r"\d",
        "a plan": r"\b(?:plans? (?:to|for)|planned|intend\w*|will|proposed|due to|aims?|aimed|(?:is|are) being|in the process|task and finish|under ?way)\b",
        "what is new": r"\b(?:recent(?:ly)?|new|newly|appointed|established|introduced|set up|launched|created)\b",
        "now": r"\b(?:currently|at present|at the time of (?:the|this) inspection|as at)\b",
        "what exists": r"\b(?:is|are) (?:in place|available|provided|offered|located|based|commissioned|chaired|responsible|used)\b",
        "what is offered": r"\b(?:includ(?:es?|ing)|offers?|provides?|consists?|comprises?|sits?|meets?|attends?|membership|encompasses)\b",
        "what is known": r"\b(?:recogni[sz]e\w*|acknowledg\w+|aware|accept|identified|highlight\w*)\b",
        "the past": r"\b(?:was|were|had)\b",
        "what has been": r"\b(?:has|have) been\b",
        "what may be": r"\b(?:can|may|could|should|would)\b",
        "a result": r"^(?:as a (?:result|consequence)|consequently|therefore|this (?:means|ensures|enables|has|helps|includes)|for (?:example|instance)|these include)",
        "the council": r"\b(?:the council|local authority|lscb|board)\b",
        "what was told": r"\b(?:told|said|reported|say|feel|spoke|described|praised|complimentary)\b",
        "a turn at the start": r"^(?:however|despite|although|while|whilst)\b",
        "a turn": r".{15}\b(?:but|however|although|though|while|whilst|despite|(?<!not )yet)\b",
        "not all": r"\bnot (?:all|always|yet|consistently|every)\b",
        "too soon": r"\btoo (?:early|soon)\b",
        "a few": r"\b(?:some|a few|small number|minority|several)\b",
        "most": r"\b(?:most|majority|almost all|many)\b",
    }.items()
}
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|could|will|would|should|ensures?|provides?|benefits?|receives?|know|needs?|works?|makes?|"
    r"understand|continue|includes?|shows?|demonstrates?|takes?|identify|complete|offers?|see|visit|report|told|said|say|live|get|recognise|"
    r"experience|feel|hold|support|use|leads?|helps?|means?|undertake|meet|promote|attend)\b"
)
_GROUPS = frozenset("care-leavers disabled-children uasc private-fostering homelessness partnership permanence education health".split())
"""Themes that are a group or a service: a sentence about one of them is seldom filed under the kind of work as well."""


@dataclass(frozen=True)
class Weights:
    """What each feature adds to the log-odds of a polarity, and of a theme proposed; `least` is the chance that a first,
    second and third theme must have."""

    polarity: dict[str, Features]
    theme: Features
    company: dict[str, Features]
    """How each word speaks for a polarity, by the company it keeps."""
    least: tuple[float, ...]
    weigher: Weigher | None = None


def load_weights(file: Path) -> Weights:
    """The weights in `file`. Raises CorpusError."""
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        changes = file.with_name("weigher.npz")
        weigher = Weigher(changes) if changes.is_file() else None
        return Weights(data["polarity"], data["theme"], data["company"], tuple(data["least"]), weigher)
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CorpusError(f"{file} cannot be read as the weights of the register: {error}") from error


@dataclass(frozen=True)
class Read:
    """A sentence as its words alone read."""

    text: str
    bullet: bool
    parts: tuple[tuple[Span, Polarity], ...]
    weight: Weight
    hits: dict[str, tuple[list[int], int]]
    """Of each theme that it names: where, and how many words hint at it."""

    @property
    def whole(self) -> str:
        """Which way its parts weigh together."""
        sides = {side for _, side in self.parts} & EVALUATIVE
        return next(iter(sides), Polarity.NEUTRAL) if len(sides) < 2 else Polarity.MIXED

    @property
    def named(self) -> frozenset[str]:
        """The themes that it names outright."""
        return frozenset(name for name, (places, _) in self.hits.items() if places)


def read(lexicon: Lexicon, sentences: Sequence[tuple[str, bool]], section: str) -> list[Read]:
    """The sentences (text, whether in a bullet) of one paragraph; `section` as `assistant.classify.standing` says."""
    made: list[Read] = []
    over: Polarity | None = None
    for text, bullet in sentences:
        before = made[-1].parts[-1][1] if made else Polarity.NEUTRAL
        parts = judged(lexicon, text, section, before, over if bullet else None)
        made.append(Read(text, bullet, tuple(parts), weigh(lexicon, text), hits(lexicon, text)))
        if not bullet:
            over = parts[-1][1] if text.endswith(":") and parts[-1][1] is not Polarity.NEUTRAL else None
    return made


# -- polarity -----------------------------------------------------------------------


def words_of(text: str) -> set[str]:
    """The words of `text` whose company counts; every number is "0"."""
    return set(re.findall(r"[a-z\u2019'-]+|0|%", re.sub(r"\d+", "0", text.lower())))


def polarity_features(reads: Sequence[Read], at: int, section: str, headings: str, company: dict[str, Features]) -> Features:
    """What tells which way the sentence at `at` of its paragraph weighs."""
    this, weight = reads[at], reads[at].weight
    before = reads[at - 1].whole if at else "none"
    after = reads[at + 1].whole if at + 1 < len(reads) else "none"
    others = Counter(r.whole for i, r in enumerate(reads) if i != at)
    grades = [grade.lower()[:6] for grade in _GRADES.findall(headings)]
    rule = this.whole
    facts = {
        "bias": True,
        f"section {section}": True,
        f"words say {rule}": True,
        f"words end {this.parts[-1][1]}": True,
        f"before {before}": True,
        f"after {after}": True,
        f"before {before}, words say {rule}": True,
        f"after {after}, words say {rule}": rule == Polarity.NEUTRAL,
        f"before {before}, goes on": FOLLOWS_ON.match(this.text),
        f"before {before}, a result": RESULT.match(this.text),
        f"heading {grades[-1] if grades else 'none'}": True,
        f"heading {grades[-1] if grades else 'none'}, words say {rule}": rule == Polarity.NEUTRAL,
        "heading of the board": re.search(r"lscb|safeguarding children", headings, re.IGNORECASE),
        "heading of a summary": re.search(r"progress since|summary", headings, re.IGNORECASE),
        "praise only": weight.praise and not weight.blame,
        "blame only": weight.blame and not weight.praise,
        "praise and blame": weight.praise and weight.blame,
        "neither": not weight.praise and not weight.blame,
        "turns": len(this.parts) > 1,
        "bullet": this.bullet,
    }
    plain = this.text.lower()
    signs = [name for name, pattern in _SIGNS.items() if pattern.search(plain)]
    facts |= {name: True for name in signs} | {f"{name}, words say {rule}": True for name in signs}
    found = {name: 1.0 for name, fact in facts.items() if fact}
    found |= {f"paragraph {side}": count / (len(reads) - 1) for side, count in others.items()}
    found["praise"], found["blame"] = min(weight.praise, 4) / 2, min(weight.blame, 4) / 2
    for side, words in company.items():
        known = [words[word] for word in words_of(this.text) if word in words]
        found[f"company {side}"] = found[f"company {side}, words say {rule}"] = sum(known) / math.sqrt(len(known) or 1) / 2
    found["length"] = len(this.text.split()) / 30
    return found


def chances(weights: Weights, features: Features) -> tuple[float, ...]:
    """How likely each of SIDES is by the features, together 1 (softmax)."""
    sums = [_sum(weights.polarity[side], features) for side in SIDES]
    raised = [math.exp(value - max(sums)) for value in sums]
    return tuple(value / sum(raised) for value in raised)


def likeliest(by_words: Sequence[float], read_again: Sequence[float] | None = None) -> Polarity:
    """The likeliest polarity by the chances that the words give, and by the weigher's where there are some."""
    mean = (
        by_words if read_again is None else [(1 - SHARE) * words + SHARE * read for words, read in zip(by_words, read_again, strict=True)]
    )
    return SIDES[max(range(len(SIDES)), key=mean.__getitem__)]


# -- themes -------------------------------------------------------------------------


def theme_features(reads: Sequence[Read], at: int, headings: Under) -> dict[str, Features]:
    """Of each theme that the sentence at `at`, its paragraph or its headings propose, what tells whether it is about it."""
    this = reads[at]
    earlier = [r.named for r in reads[:at]]
    before = next((named for named in reversed(earlier) if named), frozenset[str]())
    last = earlier[-1] if earlier else frozenset[str]()
    opening = next((named for named in earlier if named), frozenset[str]())
    around = Counter(name for i, r in enumerate(reads) if i != at for name in r.named)
    verb = match.start() if (match := _VERB.search(this.text.lower())) else len(this.text)
    order = sorted(this.named, key=lambda name: (this.hits[name][0], name))
    groups = [name for name in sorted(_GROUPS) if name in this.named or name in headings.always]
    goes_on = bool(FOLLOWS_ON.match(this.text))
    none = not order
    proposed = set(this.hits) | headings.always | headings.named | ({*before, *opening, *around} if none else before if goes_on else set())
    made: dict[str, Features] = {}
    for name in proposed:
        places, weak = this.hits.get(name, ([], 0))
        always, named = name in headings.always, name in headings.named
        strong = bool(places)
        facts = {
            "bias": True,
            "named": strong,
            "named twice": len(places) > 1,
            "named three times": len(places) > 2,
            "hinted": weak,
            "hinted twice": weak > 1,
            "hinted only": weak and not strong,
            "hinted only, under its heading": weak and not strong and named,
            "hinted, nothing named": weak and none,
            "not in the sentence": not strong and not weak,
            "all under this heading": always,
            "all under this heading, named": always and strong,
            "under its heading": named and not always,
            "under its heading, named": named and strong,
            "before the verb": strong and places[0] < verb,
            "at the start": strong and places[0] < 25,
            "late": strong and places[0] > 0.6 * len(this.text),
            "first named": strong and order[0] == name,
            "second named": strong and order.index(name) == 1,
            f"one of {min(len(order), 4)}": strong,
            "in the sentence before": name in last,
            "spoken of before": name in before,
            "spoken of before, goes on": name in before and goes_on,
            "spoken of before, nothing named": name in before and none,
            "spoken of before, goes on, nothing named": name in before and goes_on and none,
            "opens the paragraph": name in opening,
            "opens the paragraph, nothing named": name in opening and none,
            "much in the paragraph": around[name] >= 2,
            "much in the paragraph, nothing named": around[name] >= 2 and none,
            "not elsewhere in the paragraph": not around[name],
            "beside a group": any(group != name for group in groups),
            "nothing named": none,
            f"{name}": True,
            f"{name}, named": strong,
            f"{name}, before the verb": strong and places[0] < verb,
            f"{name}, not alone": strong and len(order) > 1,
            f"{name}, under its heading": always or named,
        }
        facts |= {f"{name}, beside {other}": True for other in order if strong and other != name}
        facts |= {f"{name}, in the group {group}": True for group in groups if group != name}
        made[name] = {fact: 1.0 for fact, so in facts.items() if so} | ({"place": places[0] / len(this.text)} if strong else {})
    return made


def themes(weights: Weights, features: dict[str, Features], read_again: dict[str, float] | None = None) -> tuple[str, ...]:
    """The likeliest themes, the chief one first, three at most: of those that the words propose, and as the weigher reads it where
    it has."""
    chances = {name: 1 / (1 + math.exp(-_sum(weights.theme, facts))) for name, facts in features.items()}
    if read_again is not None:
        chances |= {name: (1 - SHARE) * chances.get(name, 0.0) + SHARE * chance for name, chance in read_again.items()}
    best = sorted(chances, key=lambda name: (-chances[name], name))
    return tuple(name for name, least in zip(best, weights.least, strict=False) if chances[name] >= least)


def _sum(weights: Features, features: Features) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in features.items())
