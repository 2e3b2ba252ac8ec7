"""Which findings are worth quoting on a topic, and in which pairs. Pure.

A reading of a report can be wrong, so a quote is taken only where its own words say which way it weighs, and only where it
can be understood alone.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.extract import LEANS
from assistant.findings import Finding, Polarity, Register, Wanted
from assistant.text import content_stems
from sessions.pack import Edits, Topic

_SHORT, _LONG = 60, 260
"""Characters of a quote that can be read from a slide."""
_MORE_LEANS = re.compile(
    r"^(?:As a result|Consequently|Therefore|Thus|Similarly|In addition|Additionally|Furthermore|Moreover|Nevertheless|Nonetheless|"
    r"For (?:these|those|example|instance|others?)|In (?:these|those|this|other|such|contrast)|Others?|Another|Where this|When this|There|Here|"
    r"Although|While|Despite|Yet|Instead|Overall|Once|Once completed|At that time|He|She|Last year|Equally|Conversely|Where they|When they|All of this|Neither|(?:For|In|At) [^,]*, this|"
    r"(?:All|Some|Many|Most|Few)(?: of)? (?:this|these|those|them)|(?:All|Some|Many|Most|Few|Not all) (?:receive|experience|have|had|are|were)|Because of this|Too often, this|Positively|Importantly|More recently|Since then)\b"
)
_GOOD = re.compile(
    r"\b(?:good|strong\w*|effective\w*|well|benefit\w*|thorough\w*|timely|comprehensive|high[- ](?:quality|standard)|robust\w*|positive\w*|skil\w+|"
    r"clear\w*|improved|sensitive\w*|committed|excellent|impressive|quickly|promptly?|regular\w*|careful\w*|child-(?:centred|focused)|"
    r"appropriately|strengthened|detailed|meaningful\w*|tenacious|proactive\w*|confident\w*|creative\w*|reflective|purposeful|rigorous\w*)\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"\b(?:not|no|never|inadequate\w*|insufficient\w*|delay\w*|drift\w*|weak\w*|poor\w*|lack\w*|limited|inconsisten\w+|varia\w+|vary|varies|varied|"
    r"too (?:long|many|often|few|late|slow\w*|much|reliant)|fail\w*|miss(?:ed|ing) (?:opportunit\w+|key)|gaps?|shortfalls?|underdeveloped|overdue|unclear|"
    r"absence of|insufficiently|ineffective\w*|superficial|overly|neither|unidentified|unassessed|hampers?|hampered|less (?:effective|clear|consistent|well)|"
    r"remains? an area|not yet)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"^(?:If|When|Where) [^,]*, ")
"""Under which something is so: what is bad in it does not make the rest bad."""
_REASSURES = re.compile(
    r"\b(?:no (?:looked after )?(?:child|children|cases|private fostering|delay)|never acceptable|not (?:wait|requir\w+|subjected|dispute|prevent\w*|at immediate risk)|"
    r"(?<!not )ha(?:ve|s) a (?:clear|strong|good) understanding|highlight(?:s|ing) (?:gaps|enduring)|fully accept\w+|strenuous efforts|achieved important)\b",
    re.IGNORECASE,
)
"""Bad words in what is no weakness, or in what is done about one."""
_DOUBT = re.compile(
    r"\b(?:however|although|but|though|despite|while|yet|too|need(?:s|ed)? to|require[sd]?|should|must|could|would|less|unless|without|only|minority|improve|concern\w*|"
    r"previous\w*|at the (?:last|time)|had been|were not|risk of)\b",
    re.IGNORECASE,
)
_BOARD = re.compile(r"safeguarding children board|lscb|safeguarding board", re.IGNORECASE)
_CLEAR = frozenset({Polarity.STRENGTH, Polarity.IMPROVEMENT})
_POOL = 60
"""How many of the best on each side are looked at for pairs."""


@dataclass(frozen=True)
class Candidate:
    """A finding that can be quoted, whose it is, and its words as stems."""

    finding: Finding
    authority: str
    when: str
    stems: frozenset[str]

    @property
    def place(self) -> tuple[str, str]:
        """The paragraph it is from: a long one is held as several passages."""
        return self.finding.document_id, self.finding.paragraph or self.finding.passage_id


def alone(text: str) -> bool:
    """Whether a sentence can be understood without the one before it, and read from a slide."""
    whole = text[:1].isupper() and text.endswith(".") and "\n" not in text
    return whole and _SHORT <= len(text) <= _LONG and not LEANS.match(text) and not _MORE_LEANS.match(text)


def says_so(finding: Finding) -> bool:
    """Whether the words themselves say which way the finding weighs."""
    if finding.polarity is Polarity.STRENGTH:
        return bool(_GOOD.search(finding.text)) and not _BAD.search(finding.text) and not _DOUBT.search(finding.text)
    said = _CONDITION.sub("", finding.text)
    return finding.polarity is Polarity.IMPROVEMENT and bool(_BAD.search(said)) and not _REASSURES.search(said)


def candidates(register: Register, topic: Topic, scope: Wanted, edits: Edits) -> list[Candidate]:
    """The findings on `topic` that can be quoted, those that speak of it in its own words and newest first."""
    speaks = re.compile(rf"\b(?:{'|'.join(map(re.escape, topic.words))})", re.IGNORECASE)
    wanted = Wanted(scope.authorities, scope.since, scope.until, scope.framework, frozenset(topic.themes), _CLEAR, scope.documents)
    found = [f for f in register.select(wanted) if alone(f.text) and says_so(f) and not _BOARD.search(f"{f.section} {f.text}")]
    newest = sorted(found, key=lambda f: (register.when(f.document_id), f.id), reverse=True)
    ranked = sorted(newest, key=lambda f: (edits.rank(f.id), not speaks.search(f.text), f.themes[0] not in topic.themes))
    once = {" ".join(f.text.split()): f for f in reversed(ranked)}
    return [
        Candidate(f, register.documents[f.document_id].authority, register.when(f.document_id), frozenset(content_stems(f.text)))
        for f in ranked
        if once[" ".join(f.text.split())] is f
    ]


def pairs(
    found: Sequence[Candidate], count: int, about: str, spent: Sequence[Candidate] = ()
) -> list[tuple[Candidate | None, Candidate | None]]:
    """Up to `count` pairs (strength, improvement) of `found`, best first, none from a paragraph that another is from, or one
    of `spent`.

    The sides of a pair are from different authorities and, where they can be, on the same thing; as many authorities as
    can be take part. Where the findings come from one authority only, so do both sides; where one side has run out,
    the other stands alone.
    """
    common = frozenset(content_stems(about))
    sides = [[c for c in found if c.finding.polarity is polarity][:_POOL] for polarity in (Polarity.STRENGTH, Polarity.IMPROVEMENT)]
    one_authority = len({c.authority for side in sides for c in side}) == 1
    used = {c.place for c in spent}
    authorities = [c.authority for c in spent]
    made: list[tuple[Candidate | None, Candidate | None]] = []
    while len(made) < count:
        good, bad = ([(i, c) for i, c in enumerate(side) if c.place not in used] for side in sides)
        best = _best(good, bad, common, authorities, one_authority)
        if best == (None, None):
            break
        made.append(best)
        used |= {c.place for c in best if c}
        authorities += [c.authority for c in best if c]
    return made


def _best(
    good: list[tuple[int, Candidate]], bad: list[tuple[int, Candidate]], common: frozenset[str], used: Sequence[str], one_authority: bool
) -> tuple[Candidate | None, Candidate | None]:
    """The pair with most words in common beside `common`, from authorities not yet `used`, rather one that says of how many; a
    side alone where there is none."""

    def worth(strength: tuple[int, Candidate], improvement: tuple[int, Candidate]) -> float:
        (i, s), (j, m) = strength, improvement
        alike = len((s.stems & m.stems) - common) / min(len(s.stems), len(m.stems))
        counted = sum(bool(side.finding.quantifier) for side in (s, m))
        return alike + 0.05 * counted - 0.01 * (i + j) - 0.3 * (used.count(s.authority) + used.count(m.authority))

    fitting: Iterable[tuple[tuple[int, Candidate], tuple[int, Candidate]]] = (
        (s, m) for s in good for m in bad if s[1].place != m[1].place and (one_authority or s[1].authority != m[1].authority)
    )
    first: Callable[[list[tuple[int, Candidate]]], Candidate | None] = lambda side: side[0][1] if side else None  # noqa: E731
    best = max(fitting, key=lambda pair: worth(*pair), default=None)
    if best:
        return best[0][1], best[1][1]
    return (first(good), None) if good else (None, first(bad))
