"""What a question is about: which authority, since when, findings or expectations, and what lies outside England."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.courtesy import without_courtesies
from assistant.errors import CorpusError
from assistant.inspections import Held, meant, not_held, undated
from assistant.types import Document, Scope

# Countries whose own law a question is about: the other parts of these islands wherever they are named, and farther
# countries only beside a word of law or services ("how does CPS in Texas ..."), since families come from everywhere.
_NATIONS = re.compile(
    r"\b(scotland|scottish|scots|wales|welsh|cymru|northern ireland|northern irish|belfast|derry|lisburn|glasgow|edinburgh|aberdeen|dundee|"
    r"inverness|cardiff|swansea|wrexham|isle of man|manx|jersey|guernsey|(?:republic of |southern )?ireland|irish|dublin|tusla|estyn|"
    r"care inspectorate|cafcass cymru|social care wales|sssc|children'?s hearings?|children'?s panel|children'?s reporter|compulsory supervision order|scra|getting it right for every child|girfec|"
    r"social services and well-?being|care inspectorate wales|ciw|wales safeguarding procedures|children \(?ni\)? order|unocini|rqia|sbni)\b",
    re.IGNORECASE,
)
_FARTHER = (
    r"america|american|usa|u\.s\.|texas|california|florida|new york|australian?|nsw|new south wales|queensland|new zealand|canada|canadian|"
    r"ontario|france|french|germany|german|spain|spanish|italy|italian|portugal|portuguese|poland|polish|romania|romanian|netherlands|dutch|"
    r"belgium|belgian|sweden|swedish|norway|norwegian|denmark|danish|finland|finnish|india|indian|pakistan|pakistani|nigeria|nigerian|"
    r"ghana|ghanaian|south africa|china|chinese|japan|japanese|brazil|brazilian|eu"
)
_LEGAL = (
    r"(?:law|laws|legal|legislation|courts?|cps|social (?:services|care|work|workers?)|child protection|system|rules|act|jugendamt|legally)"
)
_FOREIGN_LAW = re.compile(
    rf"\b(?:{_LEGAL}\b[^.?!]{{0,25}}\b(?:in|of) (?:the )?({_FARTHER})|({_FARTHER})(?:'s)? (?:\w+ )?{_LEGAL}|(?<!tell )(?<!give )(?<!show )(?<!for )(?<!to )\bus (?:federal )?(?:law|courts?)\b()|in the (us|states)\b)\b",
    re.IGNORECASE,
)
# Authorities whose names are English words, or a court's test: what says that the word is meant, and not the place.
_WORDS = {
    "reading": (
        r"(?:their|his|her|my|our|your|am|i'?m|i was|be|been|keep|kept|stop|start|started|after|before|by|enjoys?|while|worth|improves?|improved|"
        r"improving|good at|(?:help|helped|support|supported|struggl\w+|problems?|difficult\w+) with|guided|early|daily|weekly|further|background|"
        r"required|essential|child(?:ren)?'?s?|pupils?'?)",
        r"(?:ages?|skills?|levels?|lists?|and writing|ability|books?|schemes?|materials?|groups?|comprehension|tests?|scores?|difficult\w+|to|this|that|these|"
        r"those|the|a|an|it|through|between|up|out|aloud|about|their|his|her|my|your|our|from|with|into|what|how)",
    ),
    "bury": (
        r"(?:to|don'?t|did|didn'?t|could|will|would|we|they|i|you|can|cannot|can'?t|not)",
        r"(?:the|a|an|this|that|these|those|it|them|him|her|his|their|my|our|one)",
    ),
    "bath": (
        r"(?:the|a|an|his|her|their|my|in the|to|at|every|daily|hot|baby)",
        r"(?:time|times|and bed|water|or shower|nightly|daily|chair|seats?|toys?|routine)",
    ),
    "barking": (r"(?:dogs?|is|was|been|kept|keeps|are|were)", r"(?:dogs?|mad|at|up|all|constantly|the|orders)"),
    "merton": (
        r"(?:a|the|of|on|under|non|not)",
        r"(?:compliant|compliance|assess\w*|age assess\w*|case|judge?ments?|guidelines?|principles|style|test|criteria|standards?)",
    ),
}
_MEANT = {
    word: (re.compile(rf"\b{before}[ -]$", re.I), re.compile(rf"[ -]{after}(?!\w)", re.I)) for word, (before, after) in _WORDS.items()
}
_TESTED = re.compile(r"\bage[- ]?(?:assess|disput|determin)|\bmerton[- ]compliant", re.IGNORECASE)
_AS_TEST = (
    re.compile(r"\b(?:same as|like|meets?|under|follow(?:s|ing)?|what is|what's) $", re.IGNORECASE),
    re.compile(r" (?:requires?|needs?|sets?|means?)\b", re.IGNORECASE),
)
"""What a question that says Merton is about, and what stands before or after it, where it is the judgment that is meant."""
_STAFFED = re.compile(r"\b(?:who|which|that)(?: \w+ly)? $", re.IGNORECASE), re.compile(r" (?:the|an?)\b", re.IGNORECASE)
"""What stands before and after a verb that is a county too: "who mainly staffs the board"."""
_DOUBTFUL = {*_WORDS, "staffs"}
NEIGHBOURS = r"(?:(?:statistical|nearest|closest|ten) )*\bneighbours?\b"
"""How people speak of the authorities most like one."""
_NEIGHBOURS = re.compile(rf"(\b(?:and|with|to|against) (?:its|their|the) )?{NEIGHBOURS}", re.IGNORECASE)
# Words that say the question is about what inspectors found there and then, not about inspection in general.
FINDING = re.compile(
    r"\b(sandwell\w*|inspectors?|(?:the|this|that|their|your|visit|inspection) letter(?!s? (?:before|of intent))|"
    r"(?:did|has|have|were|was) ofsted|(?:did|have) they (?:find|found|say|see|saw|notice|think)|(?:the|that) visit\b|ofsted'?s? (?:\w+ )?(?:said|found|saw|thought|noted|praised|critici[sz]ed|reported|"
    r"liked|concluded|judged|commented|flagged|picked|told|credited|recognised|raised)|"
    r"(?:this|the|that|last|recent|april) (?:focused |focussed )?visit|the trust|found in(?! an?\b)|"
    r"(?:visit|inspection|letter|report) (?:found|said|saw|says|praised|noted)|(?:according to|per|said|says) ofsted)\b",
    re.IGNORECASE,
)
_POINTED_AT = re.compile(
    r"\b(?:did|have|had|were) they\b|\bhow (?:are|were) they\b|"
    r"\b(?:did|have|had|has|were|was|come|got|getting|found|find|going|good|bad|better|worse|work\w*)\b[^?]*(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bif )(?<!\bbeen )(?<!\bbe )\bthere\W*$",
    re.IGNORECASE,
)
"""How those who were inspected are spoken of where only one authority can be meant."""
_VERDICT = re.compile(
    r"^(?:is|are) (?!(?:the |a |my )?(?:child|he|she|it|kid|boy|girl|baby|mum|dad)\b)(?:the |their )?[\w&' -]{2,30}? (?:working(?: (?:well|yet|now))?|any (?:good|better)|improving|getting (?:better|worse))\W*$",
    re.IGNORECASE,
)
"""Whether something works is what inspectors weigh up; the law says what it is."""
_INSPECTION = re.compile(r"\b(ofsted\w*|inspect\w*|findings?|strengths?|weakness\w*)\b", re.IGNORECASE)
# Words that name the source, not the subject: they would pull every passage of that source equally.
_SOURCE = re.compile(
    r"\b(?:sandwell(?:'?s)?(?: children'?s trust)?|ofsted'?s?|(?:hm )?inspectors?'?|inspected|"
    r"(?:in |of |from |by |does |did )?(?:the|this|that|visit|inspection) letter(?!s? (?:before|of intent))|(?:the|this|that) (?:focused |focussed )?visit)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:according to|per(?= (?:ofsted|inspectors|the))|says?|said|found(?! by\b| in\b)|saw|see|think|thought|thinks)\b(?: that\b)?|\b(?:it|they) (?=says?\b|said\b)|"
    r"\b(?:what|how) (?:did|was|were)\b|\bquotes? (?:on|about)\b|\bquotes? pls\b",
    re.IGNORECASE,
)
"""What only says that somebody found it, which is no part of what was found."""
_DANGLING = re.compile(
    r"(?<![\w-])(?:'s\b|(?:in|at|of|by|to|from|the|for|about|on|w/)(?=\s*(?:$|[,.;:?!]|-(?!\w)))|'(?=\s))", re.IGNORECASE
)
"""What is left where a name is taken out."""
_WHERE_FROM = re.compile(
    r"\W*(?:(?:hi|hello)\W+)?(?:(?:i'?m|i am|we'?re|we are) (?:(?:an?|the|new|newly|qualified|senior|agency|based|working|social|team|service|practice|head|of|"
    r"manager|worker|leader|trainer|director|student|nqsw|asye|iro|sw|tm) ){0,6}|(?:i|we) work (?:as (?:[\w'-]+ ){1,4}?)?|based )(?:in|at|for|from) ",
    re.IGNORECASE,
)
"""How people say where they work, up to the place."""
_AFTER_WHERE = re.compile(r"(?:\s*[,:;.\u2013-]+\s*(?:and |so )?|\s+and )(?=\w+ \w+)", re.IGNORECASE)
"""What parts that from the question."""
_OURS = re.compile(r"\b(?:here|our|ours|us|we)\b", re.IGNORECASE)
EXPECTATION = re.compile(
    r"\b(law|legal\w*|act|guidance|statut\w*|regulations?|duty|duties|must|section|s\.?\d+\w*|sec ?\d+|working together|"
    r"deadline|timescales?|time ?limit|how long|how soon|working days|allowed|entitled|rights?|required|requirement|"
    r"in force|threshold|definition|national framework|standards?|expected|ilacs)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """What was read of a question: its scope, which authorities it names, and which side it leans to."""

    scope: Scope
    authorities: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    """Authorities named that the library holds nothing on."""
    nation: str = ""
    """A country named whose law is not English law."""
    findings: float = 0.0
    """How surely the question asks what was found: 2 of an authority that it names, 1 where it says so, less where it only
    mentions inspection."""
    expectations: bool = False
    """Whether it asks what law and guidance expect."""
    about: str = ""
    """The question without the words that only name its source."""
    not_held: tuple[str, ...] = ()
    """Dates of inspections that it names outright and the library does not hold."""


class Authorities:
    """The English authorities with children's services, the spellings people use for them and each one's statistical neighbours."""

    def __init__(self, names: dict[str, tuple[str, ...]], neighbours: dict[str, tuple[str, ...]] | None = None) -> None:
        self.names = tuple(names)
        self.neighbours = neighbours or {}
        self._by_form = {form.lower(): name for name, typed in names.items() for form in (name, *typed)}
        self.forms = tuple(self._by_form)
        """Every spelling of a name that people use, in lower case."""
        forms = sorted(self._by_form, key=len, reverse=True)
        self._pattern = re.compile(
            rf"(?<![\w&])(?P<form>{'|'.join(map(re.escape, forms))})(?:(?<=[a-z]{{4}})(?<!stoke)s)?(?![\w&])", re.IGNORECASE
        )
        """A form as it is typed, and with the "s" of a possessive whose apostrophe was left out (Stokes is a surname)."""

    def named(self, text: str) -> list[str]:
        """The authorities that `text` names, in order."""
        return list(dict.fromkeys(self._by_form[match["form"].lower()] for match in self._places(text)))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where `text` names authorities."""
        return [match.span() for match in self._places(text)]

    def without(self, text: str) -> str:
        """`text` with the authorities that it names taken out."""
        for match in reversed(self._places(text)):
            text = text[: match.start()] + text[match.end() :]
        return text

    def _places(self, text: str) -> list[re.Match[str]]:
        return [m for m in self._pattern.finditer(text) if m["form"].lower() not in _DOUBTFUL or _is_place(text, m.start(), m[0])]

    def near(self, text: str) -> tuple[str, tuple[str, ...]]:
        """(the authority whose neighbours `text` speaks of, those neighbours, with itself where it says "and"); else ("", ())."""
        named = self.named(text)
        if len(named) != 1 or named[0] not in self.neighbours or not (speaks := _NEIGHBOURS.search(text)):
            return "", ()
        return named[0], (*([named[0]] if speaks[1] else ()), *self.neighbours[named[0]])

    def exact(self, name: str) -> str | None:
        """The plain name of what a person typed into a filter, or None."""
        return self._by_form.get(name.strip().lower())

    def titled(self, title: str) -> str:
        """The authority that a document's title names (the longest name in it, with a capital), or ""."""
        found = [match["form"] for match in self._pattern.finditer(title) if match[0][0].isupper()]
        return self._by_form[max(found, key=len).lower()] if found else ""


def _is_place(text: str, start: int, form: str) -> bool:
    """Whether a word that is an authority's name and an English word too stands for the place."""
    before, after = text[:start], text[start + len(form) :]
    if form.lower() == "staffs":
        return not (_STAFFED[0].search(before) and _STAFFED[1].match(after))
    if form.lower() not in _WORDS:  # "readings"
        return False
    if re.match(r"(?:'s)? (?:council|ofsted|inspection|letter|report|cc\b|mbc|borough)", after, re.IGNORECASE):
        return True
    if form.lower() == "merton" and _TESTED.search(text) and (_AS_TEST[0].search(before) or _AS_TEST[1].match(after)):
        return False
    meant_before, meant_after = _MEANT[form.lower()]
    spoken = meant_before.search(before) and not form[0].isupper()
    return not meant_after.match(after) and not spoken


def load_authorities(file: Path) -> Authorities:
    """The authorities in `file`. Raises CorpusError."""
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["authority"]
        return Authorities(
            {entry["name"]: (*entry.get("typed", ()), *_shortened(entry["name"])) for entry in entries},
            {entry["name"]: tuple(entry.get("neighbours", ())) for entry in entries},
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise CorpusError(f"{file} cannot be read as a list of authorities: {error}") from error


def _shortened(name: str) -> Iterator[str]:
    """The ways in which any name is written shorter: "B & C" for "B and C", "NE Lincolnshire" for "North East Lincolnshire"."""
    if " and " in name:
        yield name.replace(" and ", " & ")
    if match := re.match(r"(?:(North|South|East|West) )+(?=\w)", name):
        yield "".join(word[0] for word in match[0].split()) + f" {name[match.end() :]}"


def _without_where_from(question: str, authorities: Authorities) -> str:
    """`question` without where the asker says to work: "we are in Sandwell: what is police protection"; as typed where it asks
    of that place: "we are in Sandwell, how good is supervision here"."""
    for start, end in authorities.spans(question)[:1]:
        rest = _AFTER_WHERE.match(question[end:])
        asked = question[end + rest.end() :] if rest else ""
        if asked and _WHERE_FROM.fullmatch(question[:start]) and not _OURS.search(asked) and not _VERDICT.search(asked):
            return asked
    return question


def read_scope(
    question: str, filters: Scope, authorities: Authorities, documents: Iterable[Document], held: Sequence[Held] = ()
) -> Reading:
    """What `question` is about, within `filters`. Filters always hold; the question can only narrow them.

    `held` are the letters and reports of the library: which of them it means is read from its authorities and dates.
    """
    with_findings = {document.authority for document in documents if document.authority}
    named = authorities.named(question)
    whole, question = question, _without_where_from(question, authorities)
    ours = question != whole and not authorities.named(question)
    there = [name for name in named if name in with_findings]
    expectations = bool(EXPECTATION.search(question))
    pointed = not named and len(with_findings) == 1 and not expectations and bool(_POINTED_AT.search(question))
    verdict = not expectations and bool(_VERDICT.search(question))
    nation = _NATIONS.search(question) or _FOREIGN_LAW.search(question)
    scope = filters
    theirs = [pair for pair in held if not there or pair[0].authority in there]
    if not scope.authority and len(there) == 1:
        scope = replace(scope, authority=there[0])
    since = re.search(r"\b(?:since|after|from) (20[0-3]\d)\b", question)
    later = frozenset(d.id for d, r in theirs if since and (d.published or r.inspection_end) >= since[1])
    if later and not scope.document:  # of inspections alone: the law of 1989 still holds
        scope = replace(scope, inspections=later)
    elif not scope.document:
        inspections = meant(question, theirs) or (frozenset(d.id for d, _ in theirs) if len(there) > 1 else frozenset())
        scope = replace(scope, inspections=inspections)
    findings = 1.0 if FINDING.search(question) or (there and not ours) or verdict else 0.3 if _INSPECTION.search(question) else 0.0
    return Reading(
        scope=scope,
        authorities=tuple(named),
        absent=tuple(name for name in named if name not in with_findings),
        nation=next(filter(None, nation.groups()), nation[0]) if nation else "",
        findings=2.0 if (there and not expectations and not ours) or pointed else findings,
        expectations=expectations,
        about=subject(undated(authorities.without(question)) if there else question),
        not_held=tuple(not_held(question, theirs)) if len(there) == 1 else (),
    )


def in_scope(documents: Iterable[Document], scope: Scope) -> list[Document]:
    """The documents that `scope` lets an answer come from. One without an authority is national: within every authority's scope."""
    return [
        d
        for d in documents
        if (not scope.authority or d.authority in (scope.authority, ""))
        and (not scope.document or d.id == scope.document)
        and (not scope.inspections or not d.authority or d.id in scope.inspections)
        and (not scope.kinds or d.kind in scope.kinds)
        and (scope.since is None or d.published >= str(scope.since))
        and (not scope.own or d.id in scope.own)
    ]


def subject(question: str) -> str:
    """`question` without courtesies and the words that only name the source; the whole where nothing else is left."""
    rest = re.sub(r"\s+", " ", _SOURCE.sub(" ", without_courtesies(question))).strip(" ,.;:-?")
    return rest if len(rest.split()) >= 2 else question


def sources(question: str) -> list[str]:
    """The words of `question` that only name the source, which a follow-up keeps to."""
    return list(dict.fromkeys(match[0].strip() for match in _SOURCE.finditer(question)))


def topic_of(text: str, authorities: Authorities) -> str:
    """What `text` is about: without authority, date, and who says so."""
    for start, end in reversed(authorities.spans(text)):
        text = re.sub(r"\b(?:in|at|of|by|from|to|for|on) (?:the )?$", "", text[:start], flags=re.IGNORECASE) + re.sub(
            r"^'s\b", "", text[end:]
        )
    rest = _REPORTED.sub(" ", subject(undated(text)))
    for _ in range(2):
        rest = re.sub(r"\s+", " ", _DANGLING.sub(" ", rest)).strip(" ,.;:?-")
    return re.sub(r"^about ", "", rest)
