"""The sides of a question that sets one thing beside another: two authorities, two inspections of one, or what was found
and what is expected. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.inspections import LATEST, Held, dates, meant, newest_first, on
from assistant.scope import EXPECTATION, FINDING, Authorities, Reading, topic_of
from assistant.text import content_stems, spelt
from assistant.types import EXPECTATIONS, FINDINGS, Kind

_COMPARES = re.compile(
    r"\b(?:chang\w*|improv\w*|better|worse|progress\w*|still|held up|slipp\w*|since|compar\w*|than (?:in|at|the)|versus|vs?\.?|against|"
    r"moved on|any more|(?:19|20)\d\d (?:and|to) (?:19|20)\d\d|then and now|now)\b",
    re.IGNORECASE,
)
_SINCE_LAST = re.compile(
    r"\b(?:(?:since|from|than|after|compared (?:with|to)|on) (?:the |its |their |our )?(?:last|previous)\b|"
    r"(?:what(?:'?s| has| have)?|how (?:has|have|is|are)|has|have|is|are)\b.{0,80}\b(?:changed|improved|got(?:ten)? (?:any )?(?:better|worse))\b)",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"\s*(?:[,;:+&]|[.?!](?=\s|$)|\s-\s|\b(?:plus|and|n|while|but|vs?\.?|versus|followed by)(?!\w))\s*", re.IGNORECASE)
_SECTION = re.compile(r"^s(?:ections?|\.)? ?\d+(?:\(\w+\))*$", re.IGNORECASE)
"""A section as the heading of what is asked; within a clause it may be what was inspected: "the quality of s47 enquiries"."""
_SAYS_LAW = re.compile(
    r"\b(?:laws?|guidance|statut\w*|legal\w*|legislation|lawful\w*|act|regulations?|rules?|rule ?book|dut(?:y|ies)|standards?(?! inspection)|requirements?|"
    r"national\w*|(?:good|best) practice|ilacs framework|(?-i:Working Together)|wt(?: ?20\d\d)?|gdpr|courts?'?s? test|"
    r"general (?:position|rule))\b",
    re.IGNORECASE,
)
"""What names law or guidance outright, so that a clause need not ask: "plus the court's test for a care order"."""
_NORM = re.compile(rf"{EXPECTATION.pattern}|\b(?:should|ought|require\w*|(?:has|have|had|got) to|supposed|meant to)\b", re.IGNORECASE)
_LAW = re.compile(
    rf"{_SAYS_LAW.pattern}|{_NORM.pattern}|\b(?:needs to|how often|by what|by when|enough|define|(?:is|be) it (?:ok|okay|fine)|"
    r"(?:can|do|could) (?:i|we|you|anyone|anybody|parents?|councils?)|(?:can|does|is|do|are) (?:an?|anyone|that|this|the court)|"
    r"what(?:'?s| is| are)? an?|(?:is|are) there (?:a|any) (?:set|fixed|minimum|maximum)|can [\w' ]+ be|what [\w ]+ would)\b",
    re.IGNORECASE,
)
"""What a question of law and guidance says beside one of findings."""
_ASKS = re.compile(
    r"\b(?:what(?:'?s)?|who|whom|whose|which|when|where|whether|why|how|define|(?:can|could|should|must|do|does|is|are|am|has|have|would|will)(?:n'?t)?)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:did|was|were|had|been|went|got better|got worse)\b", re.IGNORECASE)
"""What is asked so is asked of then and there, not of what holds everywhere."""
_STATES = re.compile(r"\b(?:(?:is|are|was|were|has|have|had)(?:n'?t)?|gets?|got|went|came|put|made|gave|said|saw|found)\b", re.IGNORECASE)
_ASKS_FIRST = re.compile(
    r"^(?:so |and |but )?(?:what(?:'?s)?|who|which|when|where|why|how|is|are|was|were|do|does|did|has|have|can|could|should|will)\b",
    re.IGNORECASE,
)
_ASKS_WITHIN = re.compile(
    r"\b(?:what(?:'?s)?|who|which|why|how|whether|(?:can|could|should|must|do|does|is|are|will|would|am) (?:i|we|you|they|it|there|an?|the|parents?))\b",
    re.IGNORECASE,
)
_POINTS_ACROSS = re.compile(
    r"\b(?:its?|they|their|theirs|them|this|that|those|these|such|(?<!is )(?<!are )there)\b|"
    r"\bones?\b(?! to one)(?=\W*$|\W+(?:before|after|to|be|is|has|have|should|must|when|if|in|for|by|at|with)\b)",
    re.IGNORECASE,
)
"""What a clause says in place of what the other has named: "one", "it", "that"."""
_HEADING = re.compile(
    r"^((?!(?:what|who|which|when|where|why|how|is|are|do|does|did|can|should|hi|hello|hey|thanks|please)\b)[^:.?!,]{3,45}?)(?::|\.| -)\s+",
    re.IGNORECASE,
)
"""What both sides are about, before either begins: "Core groups: what is their timescale by law and what did they make of Norfolk's?"."""
_SAID_OF = re.compile(r"\b(?:was|were) (?:\w+ly )?(?:said|judged|praised|criticised)\b", re.IGNORECASE)
"""How a finding is told of without saying whose it is."""
_SETS_BESIDE = re.compile(
    r"\b(?:short of|against|beside|in line with|using both|compar\w+|contrast\w*|meets?|compl(?:y|ies)|match(?:es)?|legal position|lawful\w*|breach\w*)\b",
    re.IGNORECASE,
)
"""What sets a finding beside a rule within one clause: "how far short of best practice are they"."""
_MEASURES = re.compile(r"\b(?:short of|compar\w+|contrast\w*|how far (?:[\w'\u2019]+ ){1,4}from (?:what|how))\b", re.IGNORECASE)
"""What sets a finding beside what should be, however that is said."""
_OF_NO_PLACE = re.compile(r"\bwhat (?:makes|counts as)\b|\b(?:normal|typical|usual|on paper|in general)\b", re.IGNORECASE)
_IN_ONE_BREATH = re.compile(
    r"\b(?:(?<!in )laws?|(?:by|in|what|of) the law|legislation|(?<!emotional )regulations|"
    r"(?:the|national|statutory|government|what|and) guidance(?! (?:from|of|to))|guidance (?:says?|asks?|expects?|wants?|requires?)|"
    r"statute|(?:statutory|legal(?:ly)?) (?:dut(?:y|ies)|requirements?|frameworks?|position|basis|limits?|minimum|tests?|meaning|definition|standards?)|legally|"
    r"lawful\w*|rule ?book|(?:the|and|what) rules?|rules? (?:on|for|about|behind|says?)|"
    r"(?:the|an?|its|their|our|sufficiency) dut(?:y|ies)(?! (?:and|team|desk|social|system|worker|manager|service|officer|rota))|"
    r"(?:employers?'?|national|quality|professional|the) standards?(?! of)|requirements?|(?:is|are|was|were|be|it|them) required|"
    r"(?:as|than|what) [\w' -]{1,60} (?:requires?|expects?)|what(?:'?s| is| was) (?:required|expected)|supposed to|"
    r"(?:is|are|it'?s|they'?re) meant to|(?:do|does) (?:we|they|it) have to|national framework|in line with (?:the |what )?(?:\d+|law|guidance|rules?|statut\w*|legal\w*))\b",
    re.IGNORECASE,
)
"""What names a rule so plainly that it is asked for beside what was found, in whatever clause it stands."""
_TO_DO = re.compile(
    r"standard inspections?|\b(?:w(?:as|ere) (?:meant|supposed|expected|required) to\b|"
    r"(?:expected|required|(?:do|does) (?:we|they|it) have) to (?:\w+ )?(?:be )?(?:improv\w*|chang\w*|better|do\b|fix\w*|work on))",
    re.IGNORECASE,
)
"""What an inspection asks of those it found wanting, and no rule."""
_FEW_STEMS = 2
FOUND, EXPECTED = "inspectors' findings", "law and guidance"


@dataclass(frozen=True)
class Side:
    """One side: what it is called where nothing is found on it, and the question read for it alone."""

    name: str
    reading: Reading
    otherwise: Reading | None = None
    """Another wording of it: with what the other side is about, or without it where `reading` has that."""


def sides(
    question: str, reading: Reading, held: Sequence[Held], authorities: Authorities, concepts: Callable[[str], object]
) -> tuple[Side, ...]:
    """The sides of `question`, in the order they are named or, of inspections, oldest first; none where it has but one.

    `held` are the letters and reports of the library, and `concepts` gives the concepts of the vocabulary that a text names.
    Filters set beside the question leave it one side.
    """
    if reading.absent or reading.nation or reading.scope.document or reading.scope.kinds:
        return ()
    of = {name: [pair for pair in held if pair[0].authority == name] for name in reading.authorities}
    there = [name for name, pairs in of.items() if pairs]
    if len(there) > 1:
        return tuple(_of_authority(question, reading, name, of[name]) for name in there)
    pairs = _two_inspections(question, of[there[0]]) if there else []
    if pairs:
        return tuple(_of_inspection(reading, pair) for pair in pairs)
    return _found_and_expected(question, reading, authorities, concepts)


def _of_authority(question: str, reading: Reading, name: str, pairs: Sequence[Held]) -> Side:
    reports = [pair for pair in pairs if pair[0].kind is Kind.REPORT] or list(pairs)
    ids = meant(question, pairs) or frozenset({newest_first(reports)[0][0].id})
    scope = replace(reading.scope, authority=name, inspections=ids, kinds=FINDINGS, since=None)
    return Side(name, replace(reading, scope=scope))


def _of_inspection(reading: Reading, pair: Held) -> Side:
    document = pair[0]
    scope = replace(reading.scope, authority=document.authority, inspections=frozenset({document.id}), kinds=FINDINGS, since=None)
    return Side(f"{document.authority}, {spelt(document.published)}", replace(reading, scope=scope))


def _two_inspections(question: str, pairs: Sequence[Held]) -> list[Held]:
    """The inspections that `question` sets beside each other, oldest first; none where it does not."""
    ordered = newest_first(pairs)
    reports = [pair for pair in ordered if pair[0].kind is Kind.REPORT]
    named = [next((pair for pair in (*reports, *ordered) if on(pair, when)), None) for when in dict.fromkeys(dates(question))]
    chosen = [pair for pair in named if pair]
    if len(chosen) == 1 and (_COMPARES.search(question) or LATEST.search(question)):
        chosen += [pair for pair in (reports or ordered)[:1] if pair not in chosen]
    if not named and _SINCE_LAST.search(question):
        chosen = reports[:2]
    chosen = list({pair[0].id: pair for pair in chosen}.values())
    return list(reversed(newest_first(chosen))) if len(chosen) > 1 else []


def _found_and_expected(question: str, reading: Reading, authorities: Authorities, concepts: Callable[[str], object]) -> tuple[Side, ...]:
    """Both sides where one clause asks, or states, what was found and another asks what law or guidance expects, each with its
    own clauses and what these leave to the other's."""
    asked = question.rpartition(" (")[0] if question.endswith(")") else question  # in brackets: what a follow-up is about
    ours = replace(reading, scope=replace(reading.scope, kinds=FINDINGS), findings=max(reading.findings, 1.0), expectations=False)
    scope = replace(reading.scope, kinds=EXPECTATIONS, authority="", inspections=frozenset(), since=None)
    theirs = replace(reading, scope=scope, findings=0.0, expectations=True)
    found, expected = _under_heading(asked, reading, authorities) or _by_side(asked, reading, authorities)
    if found and expected:
        found = topic_of(found, authorities)
        first = _worded(ours, found, expected, len(content_stems(found)) > 1 or bool(concepts(found)))
        return Side(FOUND, *first), Side(EXPECTED, *_worded(theirs, expected, found, _stands_alone(expected, concepts)))
    beside = (
        _IN_ONE_BREATH.search(_TO_DO.sub(" ", asked))
        or (_SAYS_LAW.search(asked) and _SETS_BESIDE.search(asked))
        or (_NORM.search(asked) and _MEASURES.search(asked))
    )
    if beside and (reading.findings >= 1 or _SAID_OF.search(asked)):
        about = topic_of(asked, authorities)  # both in one breath: "how far short of best practice are they"
        return Side(FOUND, replace(ours, about=about)), Side(EXPECTED, replace(theirs, about=about))
    return ()


def _under_heading(question: str, reading: Reading, authorities: Authorities) -> tuple[str, str] | None:
    """Both sides, each under the heading that `question` has over both; None where it has none or the rest has one side."""
    heading = _HEADING.match(question)
    if not heading or _of_findings(heading[1], authorities) or _LAW.search(heading[1]) or _STATES.search(heading[1]):
        return None
    found, expected = _by_side(question[heading.end() :], reading, authorities)
    return (f"{heading[1]}: {found}", f"{heading[1]}: {expected}") if found and expected else None


def _worded(reading: Reading, text: str, topic: str, alone: bool) -> tuple[Reading, Reading]:
    """`reading` of `text`, and of it with the `topic` of the other side: first the one that fits, as it stands `alone` or not."""
    words = (text, f"{text} ({topic})")
    first, second = words if alone else reversed(words)
    return replace(reading, about=first), replace(reading, about=second)


def _by_side(question: str, reading: Reading, authorities: Authorities) -> tuple[str, str]:
    """The clauses of `question` on what was found and those on what is expected; "" for both where one is missing."""
    clauses = _clauses(question)
    which: list[str] = []
    stated = False  # whether a sentence that states what was found, and asks nothing, has ended
    for i, (start, end) in enumerate(clauses):
        text = question[start:end]
        stated = stated or (
            bool(which) and "found" in which and bool(re.search(r"[.!?]\s*$", question[:start])) and not _ASKS_FIRST.search(question)
        )
        broken = bool(re.search(r"[^\w\s]", question[clauses[i - 1][1] : start])) if i else False
        apart = _asks_apart(text, authorities) and (
            (broken and "found" in which) if which else bool(_OF_NO_PLACE.search(text)) or _tells_of_place(question[end:], authorities)
        )
        if _of_law(text, stated or apart, authorities):
            which.append("law")
        elif _of_findings(text, authorities) or _PAST.search(text) or not which:
            if i and which[-1] == "law" and not _NORM.search(question[slice(*clauses[i - 1])]) and _is_bare(text, authorities):
                which[-1] = "found"  # "do parents understand the concerns, what did inspectors see": one thing is asked
            which.append("found")
        else:  # goes on with the clause before it: "for children and their families"
            which.append(which[-1])
    found, law = (_joined(question, [c for c, side in zip(clauses, which, strict=True) if side == name]) for name in ("found", "law"))
    if (
        not found
        or not law
        or not (reading.findings >= 1 or _of_findings(found, authorities) or _SAID_OF.search(found))
        or _is_bare(found, authorities)
    ):
        return "", ""
    plain = authorities.without(found)
    beside = re.search(rf"(?:\band|\bplus|\bbut|[+&])\s*{re.escape(law)}", question, re.IGNORECASE) and (
        _NORM.search(law) or _SAYS_LAW.search(law)
    )
    points = _POINTS_ACROSS.search(law) and _NORM.search(law)
    told = (
        stated
        or points
        or re.search(r"\binspectors?|\bofsted|\bletter|\bvisit|\bfindings?\b", plain, re.IGNORECASE)
        or _ASKS.search(plain)
        or _STATES.search(plain)
    )
    return (found, law) if told or beside else ("", "")


def _clauses(question: str) -> list[tuple[int, int]]:
    """Start and end of each clause of `question` that is not empty."""
    breaks = list(_BREAKS.finditer(question))
    spans = zip([0, *(match.end() for match in breaks)], [*(match.start() for match in breaks), len(question)], strict=True)
    return [(start, end) for start, end in spans if question[start:end].strip()]


def _joined(question: str, spans: list[tuple[int, int]]) -> str:
    """The stretches of `question`, with what stands between two that follow each other."""
    found = ""
    for i, (start, end) in enumerate(spans):
        between = question[spans[i - 1][1] : start] if i else ""
        found += (between if i and not re.search(r"\w{5}", between) else " " if i else "") + question[start:end]
    return found.strip()


def _of_findings(text: str, authorities: Authorities) -> bool:
    return bool(authorities.named(text) or FINDING.search(text))


def _of_law(text: str, stated: bool, authorities: Authorities) -> bool:
    """Whether a clause asks what law or guidance expects; after a statement of what was found, any question of the present does."""
    if authorities.named(text) or (FINDING.search(text) and not (stated and _NORM.search(text) and not _PAST.search(text))):
        return False
    if _SECTION.search(text):
        return True
    if not _SAYS_LAW.search(text) and (_PAST.search(text) or not _ASKS.search(text)):
        return False
    says = bool(_LAW.search(text)) or stated
    return says and (len(content_stems(text)) >= _FEW_STEMS or bool(_POINTS_ACROSS.search(text)))


def _asks_apart(text: str, authorities: Authorities) -> bool:
    """Whether a clause asks, in the present, something that is of no place."""
    here = _of_findings(text, authorities) or _PAST.search(text) or _POINTS_ACROSS.search(text)
    return not here and bool(_ASKS_FIRST.search(text) or _ASKS_WITHIN.search(text)) and "how many" not in text.lower()


def _tells_of_place(text: str, authorities: Authorities) -> bool:
    """Whether `text`, which comes after what holds everywhere, tells or asks what was found at a place."""
    own = re.match(r"\s*[.?!;]", text) and (_ASKS.search(text) or _STATES.search(text))
    return any(
        authorities.named(text[a:b]) and (own or _PAST.search(text[a:b]) or FINDING.search(authorities.without(text[a:b])))
        for a, b in _clauses(text)
    )


def _is_bare(text: str, authorities: Authorities) -> bool:
    """Whether `text` names a source and no subject: "what did inspectors think", "Norfolk 2014"."""
    return all(stem.isdigit() for stem in content_stems(topic_of(text, authorities)))


def _stands_alone(text: str, concepts: Callable[[str], object]) -> bool:
    """Whether `text` names what it asks about and points to nothing named elsewhere."""
    return bool(concepts(text) or len(content_stems(text)) > _FEW_STEMS) and not _POINTS_ACROSS.search(text)
