"""What a written sentence says otherwise than the passages it cites: numbers, dates, names, quantifiers, negations, the force
of must, should and may, opposites, causes, and who does what. Pure; no model.

Each rule compares the sentence, clause by clause, with the sentences of the source that say nearly the same. A rule that is
not sure finds a fault: a sentence that is dropped costs less than one that is wrong.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from assistant.content import (
    MODALS,
    MONTH_MAY,
    QUANTIFIERS,
    aligned,
    bound_of,
    carried,
    clauses,
    content,
    coverage,
    groups,
    meaning,
    nearest_to,
    stems_of,
)
from assistant.figures import MONTHS, NUMBERED, REFERENCE, figures
from assistant.text import STOPWORDS, sentences, stem, words

_OPPOSITE = """
strengthen strengthened strong stronger robust : weaken weakened weak weaker poor | increase increased rise rose more higher high grow : reduce reduced decrease decreased fall fell fallen fewer less lower low decline declined
improve improved better : worsen worsened decline declined deteriorate deteriorated worse | good outstanding strength positive : poor inadequate weak negative bad
effective : ineffective | adequate : inadequate | sufficient enough : insufficient lack | consistent consistently : inconsistent inconsistently
appropriate : inappropriate | accurate : inaccurate | regular regularly : irregular irregularly | timely prompt promptly : late delayed slow
easy : difficult hard | before prior : after following | first : second third last final | temporary : permanent | halve halved half : double doubled twice
within near inside : outside far beyond | open opened start begin : close closed end | maximum most : minimum least target | same : different
registered : unregistered | planned : unplanned | suspect : believe satisfied | plain : legal technical complex | satisfied : believe suspect | benefit benefits : suffer suffers | always : never
all every : none | embedded established : emerging absent | above over exceed : below under | early : late | voluntary : compulsory mandatory
internal : external | majority : minority | many : few | known : unknown | safe : unsafe dangerous | public : private | agree agreed accept : refuse refused object
quickly quick : slowly slow | include includes included : exclude excludes excluded | required : expected optional voluntary | routine : exceptional
accepted : rejected | tighten tightened : loosen loosened relax relaxed | deteriorated : improved strengthened sustained | grown risen : shrunk fallen |
clear : unclear | helps enables ensures supports : hinders hampers prevents undermines | responsive : unresponsive slow | longer long : shorter short | optional : must required | positive : critical | praised : criticised | understood : misunderstood | full : partial | visible : invisible | better : worse | maximum : minimum | statutory : voluntary
"""


def _sides(text: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    pairs = []
    for pair in filter(str.strip, text.replace("\n", "|").split("|")):
        left, right = (frozenset(stem(word) for word in side.split()) for side in pair.split(":"))
        pairs += [(left, right), (right, left)]
    return pairs


OPPOSITES = _sides(_OPPOSITE)
_RESTRICTING = frozenset(
    {
        "requires improvement",
        "nearly",
        "intended",
        "where possible",
        "most",
        "many",
        "some",
        "few",
        "only",
        "often",
        "usually",
        "sometimes",
        "much",
    }
)
_NO_MODAL = re.compile(rf"{MONTH_MAY.pattern}|\b[Rr]equir\w+ [Ii]mprovement(?: to be good)?\b")
"""What only looks like one: a month, a grade."""
_OF_DUTY = re.compile(r"\b(?:the|this|that|an?|its|their)(?: \w+)? (?:duty|obligation|requirement)\b", re.IGNORECASE)
"""A duty that is spoken of, rather than laid on anybody."""
_NEEDS = re.compile(r"(?<!who )(?<!that )(?<!which )\bneeds? to\b", re.IGNORECASE)
_ASKS_FOR = re.compile(
    r"\W*(?:urgently |further )?(?:ensure|improve|strengthen|review|develop|implement|take|increase|reduce|monitor|make|raise|accelerate|provide|"
    r"establish|embed|evaluate|extend|promote) (?:that|the|all|how|its|their|a|any|and|\w+ and)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:should|must|ought|needs?|needed|(?:is|are|was|were|has|have|had) to|to (?:ensure|improve|strengthen|make sure)|ask\w*|call(?:s|ed)|told|tells|"
    r"recommend\w*|requir\w*|improvement|area for|priority|wants?|wanted)\b",
    re.IGNORECASE,
)
_NEED_NOT = re.compile(
    r"\b(?:need not|needn't|(?:do|does|did)(?: not|n't) (?:have|need) to|(?:is|are|was|were)(?: not|n't) (?:required|obliged) to|no (?:duty|need|obligation) to)\b",
    re.IGNORECASE,
)
_FORBIDS = re.compile(r"\b(?:must|should|shall|may|can) not\b|\bcannot\b|\b(?:mustn|shouldn|can)'t\b", re.IGNORECASE)
_ABLE = re.compile(r"\b(?:can|could|able)\b", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|none|cannot|without|nothing|nobody|no longer|lacks?|lacking|stopped|ceased|fail(?:s|ed|ing)? to|rather than|need not|excludes?|excluding)\b|n't\b",
    re.IGNORECASE,
)
_NEGATIVE_WORD = re.compile(
    r"\b(?:in(?:sufficient|effective|consistent|adequate|accurate|appropriate)\w*|un(?!der|til|less|it|i[vo]|ique|accompan|born|ion)\w{4,}|fail\w*|stopp?\w*|"
    r"absent|absence|prevent\w*|except\w*|exempt\w*|prohibit\w*|ban(?:s|ned)?|refus\w*|regardless|whatever|reserved|rare(?:ly)?)\b",
    re.IGNORECASE,
)
_PUT_NEGATIVELY = re.compile(r"\b(?:leav(?:e|es|ing) out|left out|omit\w*|instead|aside|lack\w*|none|wrong|apart|unlike)\b", re.IGNORECASE)
"""Other ways to say not, in a sentence that leaves it out."""
_COUNTERPARTS = (
    (re.compile(r"\b(?:differ\w*|separate|distinct)\b", re.IGNORECASE), "same"),
    (re.compile(r"\bwrong\b", re.IGNORECASE), "right"),
    (re.compile(r"\bcontinuous\w*\b", re.IGNORECASE), "break"),
    (re.compile(r"\b(?:exclud\w+|leaves? out|left out|omit\w*)\b", re.IGNORECASE), "includ"),
)
"""A word of the source, and what "not" stands before where a sentence says the same: "different", "not the same"."""
_NOT_NOT = re.compile(
    rf"\b(?:not|never|cannot|no longer|isn't|aren't|wasn't|hasn't|haven't|doesn't|don't|didn't)(?: \w+ly)?(?: been| being| to| a| an| any)? "
    rf"(?:{_NEGATION.pattern}|{_NEGATIVE_WORD.pattern}|\bdiffer\w*|\bexclud\w*|\bmissed\b|\bapart\b)",
    re.IGNORECASE,
)
"""A denial of what is itself one: "not stopped", "not excluded"."""
_UNTIL = re.compile(r"\b(?:until|unless)\b")
_FIRST = re.compile(r"\b(?:must|ha(?:s|ve) to|needs? to)\b.*\bbefore\b|\bonly (?:after|once|when|where|if)\b", re.IGNORECASE)
"""How what is forbidden until something is done is put without "not"."""
_IN_FORCE = re.compile(r"\bin force\b", re.IGNORECASE)
_IN_FORCE_IF = re.compile(r"n't\b|\b(?:not|once|when|until|if|before|whether|nor|power)\b", re.IGNORECASE)
_NOT_IN_FORCE = re.compile(r"\bnot (?:\w+ ){0,2}in force\b", re.IGNORECASE)
_LIMITING = re.compile(
    r"\b(?:no|not) (?:more|later|longer|fewer|less|earlier) than\b|\bnot only\b|\bcannot last longer\b|\bno matter\b", re.IGNORECASE
)
_CONTRAST = re.compile(r"\brather than\b|,? (?:and |but )?not (?=an?\b|the\b|by\b|at\b|of\b)", re.IGNORECASE)
_COMMON = frozenset(map(stem, STOPWORDS))
_CAUSE = re.compile(
    r"\b(?:because|due to(?! (?:start|begin|be|end|take|have|come|open|close|happen|finish|leave|move|return)\b)|owing to|thanks to|as a (?:result|consequence)|caused by|results? (?:of|from)|leads? to|led to|leading to|driven by|"
    r"therefore|stems? from|so (?:the|that|all|they|it)\b)",
    re.IGNORECASE,
)
_CAUSE_IN_SOURCE = re.compile(
    r"\b(?:because|due to|owing to|as a (?:result|consequence)|result\w*|this (?:means|enables|ensures|provides|hampers|helps)|which|so|enabl\w+|ensur\w+|"
    r"hamper\w*|impact\w*|lead\w*|led|therefore|limits|caused?|reason|prevents?|mean\w*|helps?|helping|increases|correlates|to)\b",
    re.IGNORECASE,
)
_LINKS = re.compile(
    r"\b(?:because|due to|owing to|result\w*|consequen\w+|means?|meaning|enabl\w+|ensur\w+|hamper\w*|impact\w*|lead\w*|led|therefore|"
    r"limit(?:s|ed|ing)|caus\w+|reason\w*|prevent\w*|help\w*|so|since|as|through|by|with|from|affect\w*|creat\w+|allow\w*|reduc\w+|contribut\w+|"
    r"given|following|improv\w+|strengthen\w*|undermin\w*|inhibit\w*|support\w*|where|when|if|which)\b",
    re.IGNORECASE,
)
_LINKED = re.compile(
    rf"{_CAUSE.pattern}|\b(?:enabl|ensur|hamper|impact|caus|result|prevent|help|limit|creat)\w*|\b(?:leads?|led|leading|means?|so that)\b",
    re.IGNORECASE,
)
"""What makes one thing that is said by itself a cause."""
_LINKS_BACK = re.compile(
    r"^(?:\W*(?:This|These|That|Those|It|They|So|Therefore|Thus|Hence|As a (?:result|consequence)|Consequently|Such|The effect))\b|"
    r"\b(?:therefore|as a result|consequently|because of this|for this reason|which is why)\b"
)
"""What makes a sentence the effect of the one before it."""
_TIMES = re.compile(
    r"\b(?:(?P<before>before|prior to|until|ahead of)|(?P<after>after|once(?! (?:only|more|every|(?:a|an|each) (?:day|week|fortnight|month|quarter|year))\b)|following|since)|(?P<during>during|throughout))\b",
    re.IGNORECASE,
)
_CASE = re.compile(r"(?:When|Where|If|Once|Unless|Except|Until|Provided|Subject)\b ([^,]+),")
_PROVISO = re.compile(
    r"\b(?:after (?=\w+ing\b)|subject to|unless|as long as|provided(?= that| an?\b| the\b)|only (?:if|with|after|where|when|once)|with (?=(?:[\w'\u2019]+ ){0,3}(?:consent|agreement|approval|permission)\b))([^,;.]+)"
)
"""What must be so for the rest to hold."""
_RUNS = re.compile(r"\b(?:runs?|running|starts?|begins?|counted|counts?)(?: \w+)? (?:from|at|on|with|when|after) ([^,;.]+)", re.IGNORECASE)
_PROTECTED = """
child children young baby birth infant pupil unborn | parent mother father carer | grandparent grandmother grandfather family | friend
manager management leader leadership oversight senior | member councillor elected | police constable | health nhs doctor hospital nurse clinician | visitor
school education teacher nursery | court judge magistrate hearing | authority council trust trusts department | ofsted inspector inspectorate hmi inspection | solicitor lawyer | officer iro reviewing
foster | nspcc | cafcass guardian | housing | government minister | conference icpc rcpc | strategy | review | assessment assess | plan planning
supervision supervise | audit | placement place placed | consent | threshold | referral refer | chair | team | panel | proceedings proceeding | staff worker practitioner | agency | interview
""".replace("\n", " | ")
PROTECTED = groups(_PROTECTED)
_LEANING = re.compile(r"(?:This|These|Those|They|Their|It|Its|He|She|The (?:duty|tool|exception|order|letter|scheme|aim))\b")
_NOBODY = re.compile(
    r"\b(?:take|takes|took|taken|taking|in|the) place\b|\brefers? to\b|\bhears?\b|\bjudge[ds]\b|\bjudge (?:how|whether|if|that)\b",
    re.IGNORECASE,
)
"""What sounds like somebody or some event and is none."""
_STATUSES = {
    "in need": re.compile(r"\bin need\b|\bCIN\b"),
    "in care": re.compile(
        r"\blooked[- ]after\b|\bcare system\b|\bin(?:to)? (?:[\w'\u2019]+ ){0,3}care\b(?! leaver)|\bLAC\b|\bcare order|\benter\w* (?:the )?care\b"
    ),
    "who have left care": re.compile(r"\b[Cc]are leavers?\b|\bleft care\b|\b[Cc]are[- ]experienced\b"),
    "on a protection plan": re.compile(r"\bprotection plans?\b|\bCP plans?\b"),
}
_SAYS_THAT = re.compile(
    r"(?:(?:In )?(?:the|this|that|its|Ofsted's) (?:\w+ )?(?:inspectors|letter|report|(?P<guidance>guidance|note))|inspectors|Ofsted)(?: of)?,?"
    r"(?: +(?:inspectors|Ofsted|also|it))? +(?:say|said|says|find|finds|found|note|notes|noted|state|states|stated|acknowledge[sd]?|"
    r"report(?:s|ed)|describe[sd]?|saw) (?:that )?(?=\w+ \w+ \w+)",
    re.IGNORECASE,
)
"""Who is said to say it."""
_ACT = re.compile(r"\b(?!The )[A-Z][\w']+(?: (?:[A-Z][\w']+|\([A-Z][\w ]+\)|and|of|for|to|the))* (?:Act|Regulations|Rules) (?:19|20)\d\d\b")
_ATTRIBUTED = re.compile(
    rf"\b(?:letter|report|inspection|visit|published|dated|note)\b[^.;,]{{0,40}}?(\d{{1,2}} (?:{MONTHS}) (?:19|20)\d\d|(?:{MONTHS}) (?:19|20)\d\d)"
    rf"|\b((?:{MONTHS}) (?:19|20)\d\d)(?= (?:letter|report|inspection|visit|note)\b)"
)
_OPENING = re.compile(r"^((?:In|For|Of|At|Among|Across|Within|Where|When|If|Unless|Except)\b[^,]{1,60}),")
"""What a sentence opens with that holds for the clause after it: "In most teams, ..."."""
_PARTED = re.compile(r"[,;:()\u2013\u2014\n]+")
_WIDE = re.compile(r"[;:]\s+|,?\s+(?:but|which|although|while|whereas)\s+", re.IGNORECASE)
_PREPOSITION = re.compile(r"(?:In|At|On|By|For|Of|Under|With|Within|Across|Among|Through|So|As|Since|From)\b")
_PASSIVE = re.compile(r"\bby\b|\b(?:is|are|was|were|be|been|being) (?:not )?(?:\w+ly )?\w+(?:ed|en|wn|ld)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|@|</?\w|\]\(|```", re.IGNORECASE)
_BROKEN_OFF = re.compile(r"\b(?:the|of|and|or|(?-i:a)|an|such as|(?<!\d )(?:and|or) \d+)\W*$", re.IGNORECASE)
_LEFT_HANGING = re.compile(r"\b\w+ (?:on|in|at|for|with|from|to|by|under|about|into|than|as)(?=\W*$)", re.IGNORECASE)
_STRANDS = re.compile(r"\b(?:who|whom|which|what|that)\b", re.IGNORECASE)
"""After such a word a sentence may end in a preposition."""
_LISTED = re.compile(r"[,;:]\s+(?:and|or)\s+$"), re.compile(r"[,;:]\s+$"), re.compile(r"[,;]|\s+(?:and|or)\b")
"""What stands before the last item of a list, before any other, and after one."""
_FINITE = re.compile(r"\b(?:must|shall|should|may|can|could|will|would|is|are|was|were|has|have|had|does?|did)\b", re.IGNORECASE)
"""What tells that a stretch is a sentence, and where its subject ends."""
_REPORTS = re.compile(r"\b(?:says?|said|states?|stated)\b(?: that\b)?:?", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A passage that a sentence cites: its text, what is known about it (title, authority, reference, edition), and its force."""

    text: str
    about: str = ""
    force: str = ""


def narrowed(text: str, part: str) -> bool:
    """Whether the clause of `text` that holds `part` has a quantifier or a negation that `part` leaves out."""
    around = next((clause for clause in _PARTED.split(_OPENING.sub(r"\1", text)) if part in clause), text)
    return bool(_qualifiers(around) - _qualifiers(part))


def _qualifiers(text: str) -> Counter[str]:
    return Counter(match[0].lower() for pattern in (*QUANTIFIERS.values(), _NEGATION) for match in pattern.finditer(text))


def faults(sentence: str, sources: Sequence[Source], named: Callable[[str], Collection[str]] = lambda text: ()) -> list[str]:
    """What `sentence` says that its sources do not, in words; empty where no rule finds anything.

    `named` finds the authorities that a text names.
    """
    texts = [text for source in sources for text in sentences(source.text)]
    if not texts:
        return ["cites nothing"]
    everything = " ".join(texts)
    if misshapen := list(_shape(sentence, everything)):
        return misshapen
    indexes = aligned(sentence, texts)
    chosen = [texts[i] for i in indexes] or texts[:1]
    about = " ".join(source.about for source in sources)
    forces = frozenset(source.force for source in sources)
    stated = _without_attribution(_without_references(sentence, everything, about), about)
    bare = claim(stated, about)
    found = [
        *_names(sentence, f"{everything} {about}", named),
        *figures(bare, chosen, texts),
        *_quantified(bare, chosen),
        *_joined(bare, texts, about),
        *_force(bare, chosen, forces),
        *_negated(bare, chosen, texts),
        *_opposed(bare, chosen),
        *_asked_for(bare, chosen),
        *_caused(bare, chosen, texts),
        *_timed(bare, texts),
        *_started(bare, chosen),
        *_conditioned(bare, chosen),
        *_turned(bare, chosen),
        *_reported(bare, texts),
        *_who(stated, _with_antecedents(texts, _supporting(bare, texts)), everything, about),
    ]
    return list(dict.fromkeys(found))


def claim(sentence: str, about: str) -> str:
    """What `sentence` claims, without who says it, where that is whose source it is: "Inspectors found that plans are late"."""
    frame = _SAYS_THAT.match(sentence)
    inspected = "Ofsted" in about
    return sentence[frame.end() :] if frame and bool(frame["guidance"]) != inspected else sentence


def _supporting(sentence: str, texts: Sequence[str]) -> list[int]:
    """The texts that say much of the sentence, or nearly all of one of its clauses."""
    found = set(aligned(sentence, texts, 2))
    for clause in clauses(sentence):
        best = max(range(len(texts)), key=lambda i: coverage(clause, stems_of(texts[i])))
        if coverage(clause, stems_of(texts[best])) >= 0.75:
            found.add(best)
    return sorted(found)


def _with_antecedents(texts: Sequence[str], indexes: Sequence[int]) -> list[str]:
    """The texts at `indexes`, and the one before each that begins with a word for what was named there."""
    return [texts[j] for i in indexes for j in ((i - 1, i) if i and _LEANING.match(texts[i]) else (i,))]


def _without_attribution(sentence: str, about: str) -> str:
    """The sentence without what it says of where it stands ("the letter of 20 May 2025"), where that is so."""
    for match in _ATTRIBUTED.finditer(sentence):
        if (match[1] or match[2]) in about:
            sentence = sentence.replace(match[1] or match[2], "")
    for name in re.findall(r"\b(?:[A-Z][\w']+ )+(?:19|20)\d\d\b", sentence):
        own = [word for word in name.split() if word.lower() not in STOPWORDS]
        if not re.match(MONTHS, name) and set(own) <= set(re.findall(r"[\w']+", about)):
            sentence = sentence.replace(name, name[:-5])
    return sentence


def _without_references(sentence: str, everything: str, about: str) -> str:
    """The sentence without the sections and Acts that its source is known to be of, or the one Act that it names: their words and
    numbers say nothing of children or of inspections."""
    acts = {match[0] for match in _ACT.finditer(everything)}
    for match in _ACT.finditer(sentence):
        if match[0] in about or acts == {match[0]}:
            sentence = sentence.replace(match[0], "Act")
    known = {_reference(match) for match in REFERENCE.finditer(about)}
    for match in REFERENCE.finditer(sentence):
        same = any(one == _reference(match) or one.startswith(f"{_reference(match)}(") for one in known)
        if same and match["number"] not in NUMBERED.findall(everything):
            sentence = sentence.replace(match[0], "that provision")
    return sentence


def _reference(match: re.Match[str]) -> str:
    """A reference to a provision in one form: "section 17(10)" of "s. 17(10)"."""
    kind, rest = re.split(r"(?=\d)", match[0].lower().replace(" ", ""), maxsplit=1)
    whole = {"s": "section", "s.": "section", "reg": "regulation"}.get(kind, kind.rstrip("s"))
    return f"{whole} {rest}"


def _shape(sentence: str, everything: str) -> Iterator[str]:
    if len(content(sentence)) < 2:
        yield "is too short to check"
    if len(words(sentence)) > 70:
        yield "is too long to check"
    end = None if _STRANDS.search(sentence) else _LEFT_HANGING.search(sentence)
    there = re.findall(rf"\b{re.escape(end[0])}(\W)", everything, re.IGNORECASE) if end else []
    if _BROKEN_OFF.search(sentence) or (there and all(after.isspace() for after in there)):
        yield "breaks off"
    if len(words(sentence)) <= 5 and not _FINITE.search(sentence) and _listed(sentence.rstrip("."), everything):
        yield "is no sentence"
    if re.search(r"\bpassages?\b", sentence, re.IGNORECASE) and "passage" not in everything.lower():
        yield "speaks of the passage"
    if _ADDRESS.search(sentence) and not all(match[0] in everything for match in _ADDRESS.finditer(sentence)):
        yield "holds an address or a mark that the passage has not"


def _listed(stretch: str, everything: str) -> bool:
    """Whether `stretch` is an item of a list in the source."""
    at = everything.lower().find(stretch.lower())
    if at <= 0:
        return False
    before, after = everything[:at], everything[at + len(stretch) :]
    return bool(_LISTED[0].search(before) or (_LISTED[1].search(before) and _LISTED[2].match(after)))


def _names(sentence: str, held: str, named: Callable[[str], Collection[str]]) -> Iterator[str]:
    there = {word for word in re.findall(r"[a-z0-9]+", held.lower())}
    initials = "".join(word[0] for word in re.findall(r"[a-z]+", held.lower()))
    for match in re.finditer(r"(?<![.?!:] )(?<!^)(?<!\")\b[A-Z][A-Za-z]+", sentence):
        word = match[0].lower()
        known = word in there or (word.endswith("s") and word[:-1] in there) or f"{word}s" in there
        known = known or (word == "english" and "england" in there) or (match[0].isupper() and word in initials)
        if not known and not MODALS["may"].fullmatch(word):
            yield f"names {match[0]}, which the passage does not"
    absent = set(named(sentence)) - set(named(held))
    for name in sorted(absent):
        yield f"names {name}, which the passage does not"


def _classes(text: str, patterns: dict[str, re.Pattern[str]]) -> set[str]:
    return {name for name, pattern in patterns.items() if pattern.search(text)}


def _modals(text: str) -> set[str]:
    return _classes(_NO_MODAL.sub("", text), MODALS)


def _used(sentence: str, chosen: Sequence[str], share: float = 0.5) -> list[str]:
    """The clauses of the source that the sentence says again; of a short one it must say all."""
    stems = stems_of(sentence)
    return [part for text in chosen for part in clauses(text) if _says(part, stems, share)]


def _says(part: str, stems: Collection[str], share: float) -> bool:
    wanted = content(part)
    said = sum(carried(one, stems) for one in wanted)
    return said >= 2 and said >= share * len(wanted) and (said >= 3 or said == len(wanted))


def _wide(text: str) -> list[str]:
    """The clauses of a sentence where "and" cuts none off: it may join two subjects of one."""
    return [part for part in _WIDE.split(text) if part]


def _quantified(sentence: str, chosen: Sequence[str]) -> Iterator[str]:
    mine = _classes(sentence, QUANTIFIERS)
    theirs = _classes(" ".join(chosen), QUANTIFIERS)
    for name in sorted(mine - theirs):
        if name == "only" and re.search(r"\b(?:reserved|no other|not by|if|unless)\b", " ".join(chosen)):
            continue
        yield f"says how many or how often ({name}) otherwise than the passage"
    theirs_all = {one for text in chosen for after in _after(QUANTIFIERS["all"], text) for one in after}
    if theirs_all and any(
        after and not any(carried(one, theirs_all) for one in after[:2]) for after in _after(QUANTIFIERS["all"], sentence)
    ):
        yield "says all of something else than the passage"
    stems = stems_of(sentence)
    narrow = {(name, part) for part in _used(sentence, chosen) for name in _classes(part, QUANTIFIERS)}
    wide = {
        (name, part)
        for text in chosen
        for part in _wide(text)
        if _says(part, stems, 0.5)
        for name in _classes(part, QUANTIFIERS)
        if any(after and carried(after[0], stems) for after in _after(QUANTIFIERS[name], part))
    }
    instead = {"only"} if _NEGATION.search(sentence) else set()
    for name in sorted({name for name, _ in narrow | wide} & _RESTRICTING - mine - instead):
        yield f"leaves out how many or how often ({name})"


def _joined(sentence: str, texts: Sequence[str], about: str) -> Iterator[str]:
    """Where the subject, roughly the first words or what stands before the verb, is of one sentence of the source and what is said
    of it of another."""
    clause = _wide(sentence)[0]
    if _PREPOSITION.match(clause):
        return
    verb = _FINITE.search(clause)
    splits = [(content(clause)[:2], content(clause)[2:])]
    splits += [(content(clause[: verb.start()]), content(clause[verb.end() :]))] if verb and not _CASE.match(clause) else []
    for subject, told in splits:
        if len(told) < 3 or not subject:
            continue
        said = [sum(carried(one, stems_of(text)) for one in told) for text in texts]
        at = max(range(len(texts)), key=lambda i: (said[i], any(carried(one, stems_of(texts[i])) for one in subject)))
        if said[at] < 0.8 * len(told):
            continue
        own = f"{texts[at - 1]} {texts[at]}" if at and _LEANING.match(texts[at]) else texts[at]
        held = stems_of(f"{own} {about}")
        if any(all(one in stems_of(text) - held for one in subject) for text in texts):
            yield f"says of {subject[0]} what the passage says of something else"
            return


def _after(pattern: re.Pattern[str], text: str) -> Iterator[list[str]]:
    """The stems of the words of meaning that follow each match."""
    for match in pattern.finditer(text):
        yield content(text[match.end() :])[:4]


def _force(sentence: str, chosen: Sequence[str], forces: Collection[str]) -> Iterator[str]:
    must = any(re.search(r"\b(?:must|shall)\b", text) for text in chosen)
    granted = {"must": {"must"}, "should": {"should"}, "expected": {"should"}}
    parts = [part for text in chosen for part in clauses(text)]
    matched = [(clause, nearest_to(clause, parts)) for clause in clauses(sentence)]
    for clause, closest in matched:
        nearest = closest if coverage(clause, stems_of(closest)) >= 0.9 else f"{closest}; {nearest_to(clause, chosen)}"
        theirs = _modals(nearest) | ({"must"} if _NEEDS.search(nearest) else set())
        given = theirs or set().union(*(granted.get(force, set()) for force in forces))
        for name in sorted(_modals(clause) - given):
            if name == "may" and (re.search(r"\bcannot\b", clause) or (bound_of(clause) and re.search(r"\bcan\b", clause))):
                continue
            bound = theirs & {"must", "should"} or _NEGATION.search(nearest)
            if name == "may" and not bound and not MODALS["may"].search(_ABLE.sub("", clause)):
                continue  # what is done can be done; what must be done, or is not, is another thing
            if name == "must" and (re.search(r"\bcannot\b", clause) or (_OF_DUTY.sub("", clause) != clause and must)):
                continue
            yield f"says {name} where the passage does not"
    theirs_by_verb = [pair for text in chosen for pair in _bound_verbs(text)]
    for name, verb in _bound_verbs(sentence):
        held = {other for other, same in theirs_by_verb if same == verb}
        if held and name not in held:
            yield f"says {name} where the passage says {min(held)}"
    for clause, closest in matched:
        for loose, strict in ((clause, closest), (closest, clause)):
            if _NEED_NOT.search(loose) and _FORBIDS.search(strict) and coverage(clause, stems_of(closest)) >= 0.6:
                yield "forbids, or only does not require, otherwise than the passage"
    mine = _modals(sentence)
    for part in _used(sentence, chosen, 0.6):
        theirs = {name for name in _modals(part) if re.search(rf"\b{name}\b", part, re.IGNORECASE)}
        if theirs and not mine and not (_NEGATION.search(sentence) and _NEGATION.search(part)):
            yield f"leaves out {sorted(theirs)[0]}"


def _asked_for(sentence: str, chosen: Sequence[str]) -> Iterator[str]:
    """What a report asks for ("Ensure that ..."), said as though it were so."""
    if _ASKS_FOR.match(nearest_to(sentence, chosen)) and not (_ASKED.search(sentence) or _ASKS_FOR.match(sentence)):
        yield "says as done what the passage asks for"


def _bound_verbs(text: str) -> list[tuple[str, str]]:
    """Each must, should and may of `text` with the stem of the verb that it bears on."""
    found = re.findall(
        r"\b(must|shall|should|may|might|can|could)(?: not)?(?: \w+ly)?(?: be)?(?: \w+ly)? (?!be\b|not\b|have\b)(\w{3,})",
        _NO_MODAL.sub("", text),
    )
    same = {"shall": "must", "might": "may", "can": "may", "could": "may"}
    return [(same.get(modal, modal), stem(verb)) for modal, verb in found]


def _negations(text: str, most: int = 5) -> Iterator[list[str]]:
    """For each negation of `text` the stems of the words of meaning that follow it in its clause, nearest first."""
    text = _LIMITING.sub(" ", text)
    for match in _NEGATION.finditer(text):
        after = re.split(r"[,;:.]|\b(?:but|which)\b", text[match.end() :])[0]
        yield meaning(after)[:most]


def _negative(text: str, but: Collection[str] = ()) -> bool:
    """Whether a word of `text` is a negation in itself ("insufficient"), other than those whose stems are in `but`."""
    return any(stem(match[0].lower()) not in but for match in (*_NEGATIVE_WORD.finditer(text), *_PUT_NEGATIVELY.finditer(text)))


def _most_like_negated(sentence: str, text: str, one: str) -> bool:
    """Whether, of the clauses of `text` that hold a stem, the one most like the sentence is negated."""
    parts = [part for part in clauses(text) if one in meaning(part)]
    best = max(parts, key=lambda part: coverage(sentence, stems_of(part)), default="")
    return bool(_NEGATION.search(best))


def _negated_in_a_word(text: str, after: Sequence[str]) -> bool:
    """Whether a word of `text` says by itself what "not" says before `after`: "insufficient" for "not enough"."""
    for match in _NEGATIVE_WORD.finditer(text):
        word = stem(match[0].lower())
        if not word.startswith(("in", "un")) or any(one in word for one in after) or (word == "insuffici" and "enough" in after):
            return True
    return any(pattern.search(text) and stem(other) in after[:2] for pattern, other in _COUNTERPARTS)


def _negated(sentence: str, chosen: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    mine = list(_negations(sentence))
    theirs = [after for text in chosen for after in _negations(text)]
    there = {one for text in chosen for after in _negations(text, 12) for one in after}
    here = {one for after in mine for one in after}
    stems = frozenset(meaning(sentence))
    for after in mine:
        holding = [part for text in chosen for part in clauses(text) if after and carried(after[0], meaning(part))] or chosen
        negative = _negated_in_a_word(" ".join(holding), after)
        if not theirs and not negative:
            yield "says not where the passage does not"
        elif theirs and after and not any(carried(one, there) for one in after[:3]) and not negative:
            yield "says not of something else than the passage"
    if _NOT_NOT.search(sentence) and not any(_NOT_NOT.search(text) for text in chosen):
        yield "says not of what is already denied"
    for text in chosen:
        about = coverage(sentence, stems_of(text))
        said = list(map(stem, words(text.replace("-", " "))))
        for scope in _negations(text):
            after = [one for one in scope if said.count(one) == 1 or len(scope) > 2 or _most_like_negated(sentence, text, one)]
            told = [one for one in after if carried(one, stems)]
            enough = len(told) >= 2 or (told and len(told) == len(after))
            turned = enough and not carried(told[0], here) and not _negative(sentence, said)
            until = _UNTIL.search(text) and _FIRST.search(sentence)
            negated = any(_NEGATION.search(part) for part in clauses(sentence) if set(told) & set(meaning(part)))
            if about >= 0.5 and turned and not until and (not negated or told[:1] == after[:1]):
                yield "leaves out not"
    if _IN_FORCE.search(sentence) and not _IN_FORCE_IF.search(sentence) and any(_NOT_IN_FORCE.search(text) for text in texts):
        yield "says in force where the passage does not"
    parts = [part for text in texts for part in clauses(text)]
    for clause in clauses(sentence):
        nearest = nearest_to(clause, parts)
        held = stems_of(nearest)
        for word in stems_of(clause):
            opposite = next((prefix + word for prefix in ("in", "un", "im", "ir", "dis") if prefix + word in held), "")
            if opposite and word not in held and word not in here:
                yield f"says {word} where the passage says {opposite}"
            plain = next((word.removeprefix(prefix) for prefix in ("in", "un", "im", "ir", "dis") if word.startswith(prefix)), "")
            if plain in held and len(plain) >= 5 and word not in held and not _NEGATION.search(nearest):
                yield f"says {word} where the passage says {plain}"
    yield from _contrasted(sentence, chosen)


def _contrasted(sentence: str, chosen: Sequence[str]) -> Iterator[str]:
    """Where both set one thing against another ("expected rather than required"), each must be on its own side."""
    for here in _CONTRAST.finditer(sentence):
        refused = {stem(word) for word in words(sentence[here.end() :])[:4]} - _COMMON
        for text in chosen:
            for there in _CONTRAST.finditer(text):
                claimed = {stem(word) for word in words(text[: there.start()])[-4:]} - _COMMON
                denied = {stem(word) for word in words(text[there.end() :])[:6]} - _COMMON
                if refused & claimed and not refused & denied:
                    yield "sets one thing against another the wrong way round"


def _opposed(sentence: str, chosen: Sequence[str]) -> Iterator[str]:
    for clause in clauses(sentence):
        here = {stem(word) for word in words(clause.replace("-", " "))}
        nearest = nearest_to(clause, chosen)
        theirs = {stem(word) for word in words(nearest.replace("-", " "))}
        whole = coverage(clause, stems_of(nearest)) >= 0.8
        close = [part for part in clauses(nearest) if sum(carried(one, stems_of(clause)) for one in content(part)) >= 2]
        used = {stem(word) for part in ([nearest] if whole or not close else close) for word in words(part.replace("-", " "))}
        for left, right in OPPOSITES:
            said = (here & left) - theirs
            if said and used & right and not (here & right or used & left) and not _NEGATION.search(clause):
                yield f"says {min(said)} where the passage says {min(used & right)}"


def _caused(sentence: str, chosen: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
    source = " ".join(chosen)
    for match in _CAUSE.finditer(sentence):
        parts = [sentence[: match.start()], sentence[match.end() :]]
        if not content(parts[0]):
            parts = parts[1].split(",", 1)
        told = [part for part in parts if len(content(part)) >= 2]
        if not _CAUSE_IN_SOURCE.search(source) or any(coverage(part, stems_of(source)) < 0.6 for part in told):
            yield "gives a cause that the passage does not"
            continue
        if len(told) == 1 and not _LINKED.search(nearest_to(told[0], texts)):
            yield "gives as a cause what the passage only says beside it"
        at = sorted(max(range(len(texts)), key=lambda i: coverage(part, stems_of(texts[i]))) for part in told)
        if len(at) == 2 and not (_LINKS if at[0] == at[1] else _LINKS_BACK).search(texts[at[1]]):
            yield "gives as a cause what the passage only says beside it"


def _timed(sentence: str, texts: Sequence[str]) -> Iterator[str]:
    """Before, during and after: what the sentence puts otherwise than the source does of the same event."""
    theirs = [pair for text in texts for pair in _times(text)]
    for kind, event in _times(sentence):
        held = {other for other, same in theirs if carried(event, {same})}
        if held and kind not in held:
            yield f"says {kind} where the passage says {min(held)}"


def _conditioned(sentence: str, chosen: Sequence[str]) -> Iterator[str]:
    """Where what the source says holds only in a case, which the sentence leaves out."""
    nearest = nearest_to(sentence, chosen)
    stems = stems_of(sentence)
    for proviso in _PROVISO.finditer(nearest):
        said = content(re.split(r"[,;:]", nearest[: proviso.start()])[-1])[-4:]
        told = [one for one in said if carried(one, stems)]
        if len(told) >= 2 and coverage(proviso[1], stems) == 0:
            yield f"leaves out {proviso[0].strip()}"
    case = _CASE.match(nearest)
    if case and coverage(nearest[case.end() :], stems) >= 0.6 and coverage(case[1], stems) < 0.3:
        yield "leaves out when it holds"


def _started(sentence: str, chosen: Sequence[str]) -> Iterator[str]:
    """Where a clock is said to run from something else than in the source."""
    starts = [set(content(match[1])[:5]) for text in chosen for match in _RUNS.finditer(text)]
    for match in _RUNS.finditer(sentence):
        if starts and not any(carried(one, start) for one in content(match[1])[:1] for start in starts):
            yield "lets a clock run from something else than the passage"


def _times(text: str) -> Iterator[tuple[str, str]]:
    for match in _TIMES.finditer(text):
        if event := content(text[match.end() :])[:1]:
            yield str(match.lastgroup), event[0]


def _turned(sentence: str, chosen: Sequence[str]) -> Iterator[str]:
    """Where what stands before a word in the source stands after it here, and the other way round: who does it to whom."""
    if _PASSIVE.search(sentence):
        return
    mine, bound = meaning(sentence), {verb for _, verb in _bound_verbs(sentence)}
    for text in chosen:
        theirs = [] if _PASSIVE.search(text) else meaning(text)
        if exchanged := _exchanged(mine, theirs):
            yield f"exchanges {exchanged[0]} and {exchanged[1]}"
            return
        for at, one in enumerate(mine):
            if mine.count(one) != 1 or theirs.count(one) != 1:
                continue
            there = theirs.index(one)
            before, after = set(mine[max(0, at - 3) : at]), set(mine[at + 1 : at + 4])
            was_before, was_after = set(theirs[max(0, there - 7) : there]), set(theirs[there + 1 : there + 8])
            both = before & after | was_before & was_after
            before, after, was_before, was_after = before - both, after - both, was_before - both, was_after - both
            strict = not after & was_after or one in bound
            if before & was_after and after & was_before and not before & was_before and strict:
                yield f"turns round who or what {one} is said of"
                return


def _exchanged(mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, str] | None:
    """Two words that stand the other way round about what is otherwise said alike: two words at least, in one order."""
    once = [one for one in mine if mine.count(one) == theirs.count(one) == 1]
    for i, first in enumerate(once):
        for second in once[i + 1 :]:
            between = mine[mine.index(first) + 1 : mine.index(second)]
            there = theirs[theirs.index(second) + 1 : theirs.index(first)]
            alike = list(dict.fromkeys(one for one in between if one in there))
            kept = list(dict.fromkeys(one for one in there if one in between))
            if len(alike) >= 2 and alike == kept and len(alike) >= 0.6 * max(len(between), len(there)):
                return first, second
    return None


def _reported(sentence: str, texts: Sequence[str]) -> Iterator[str]:
    """Where somebody says something in the source, and here something else, or nothing."""
    said = [(content(text[: m.start()])[-1:], content(text[m.end() :])[:6]) for text in texts for m in _REPORTS.finditer(text)]
    for match in _REPORTS.finditer(sentence):
        who, here = content(sentence[: match.start()])[-1:], content(sentence[match.end() :])[:3]
        theirs = [told for sayer, told in said if sayer == who and told]
        if theirs and not any(here and all(carried(one, told) for one in here) for told in theirs):
            yield "has somebody say what the passage does not"


def _who(sentence: str, chosen: Sequence[str], everything: str, about: str) -> Iterator[str]:
    there = {stem(word) for word in words(" ".join(chosen).replace("-", " "))} | ({"ofst"} & {stem(word) for word in words(about)})
    for one in dict.fromkeys(stem(word) for word in words(_NOBODY.sub(" ", sentence).replace("-", " "))):
        group = PROTECTED.get(one)
        if group and group.isdisjoint(there):
            yield f"speaks of {one}, which the passage does not"
    for status, pattern in _STATUSES.items():
        if pattern.search(sentence) and not pattern.search(everything):
            yield f"speaks of children {status}, which the passage does not"
