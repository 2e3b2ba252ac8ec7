"""The particular that a question asks for (a sum, a number, a date, a name, what somebody says ...), and which sentences hold one. Pure.

A paragraph on pay does not answer "how much are they paid" unless a sum stands in it: a near miss is told from an answer
by what kind of thing is asked for (answer types: Prager et al. 2000, "Question-answering by predictive annotation").
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import StrEnum
from itertools import pairwise

from assistant.text import sentences, words

Titles = Collection[tuple[str, str]]
"""Pairs of words that a library writes with capitals and without: "Regional Adoption", but not "Pure Insight"."""


class Particular(StrEnum):
    """The kinds of thing that can be told to be there or not."""

    SUM = "sum"
    SHARE = "share"
    NUMBER = "number"
    TIME = "time"
    AGE = "age"
    DATE = "date"
    NAME = "name"
    PERSON = "person"
    STEPS = "steps"
    AFTER = "after"
    VOICE = "voice"
    COMPARISON = "comparison"


_BODIES = (
    r"compan(?:y|ies)|firms?|colleges?|universit(?:y|ies)|schools?|hospitals?|organi[sz]ations?|charit(?:y|ies)|agenc(?:y|ies)|bod(?:y|ies)|"
    r"uni|hotels?|prisons?|clubs?|(?<=which )trusts?|(?:nhs|health|hospital|foundation) trusts?|districts?|providers?|suppliers?|contractors?|consultan(?:ts?|cy|cies)|countr(?:y|ies)|gangs?|councils?|authorit(?:y|ies)|"
    r"(?:police )?forces?|program(?:me)?s?|models?|tools?|apps?|systems?|software|schemes?|towns?|estates?|boroughs?"
)
_POSTS = r"chief executive|director|dcs|chair(?:man|woman|person)?|lead member|portfolio holder|commander|head of|principal|leader|minister|judge|commissioner"
_MONEY = r"costs?|costing|prices?|spend\w*|spent|budgets?|salar(?:y|ies)|pay|paid|wages?|fees?|grants?|fund(?:s|ing|ed)?|invest\w*|bursar(?:y|ies)|allowances?|supplements?|overspend|savings?|money"
_EXTREME = r"(?:max|maximum|minimum|highest|biggest|largest)"
_UNIT = r"(?:(?:working|school|calendar|more) )?(?:hours?|hrs?|days?|nights?|weeks?|wks?|months?|mths?|years?|yrs?)"
_NOT_TIME = rf"(?! {_UNIT}\b)"
_ASKED = (
    (
        Particular.SUM,
        rf"\u00a3|\b(?:salar(?:y|ies)|(?:staff|workers?|carers?|managers?) pay(?! for| the| a| council| their| tax)|pay (?:grades?|bands?|scales?|rates?)|market supplements?|prices?|wages?)\b|\bcosts? (?:of|per)\b|\bwhat (?:did|does|do|was|were|is) .*\bcosts?\b|\bhow much\b.*\b(?:{_MONEY})\b|"
        rf"\b(?:{_MONEY})\b.*\b(?:amounts?|figures?|how much|total|exact)\b|\b(?:amounts?|figures?|total|exact|annual|weekly|size) (?:\w+ ){{0,4}}(?:{_MONEY})\b|"
        rf"\b{_EXTREME} (?:fine|penalty|payment|fee)\b|\bwhat income\b|"
        rf"\b(?:what|{_EXTREME}) (?:sum|amount)\b(?! of (?!money|cash|pay|grant|benefit|allowance|rent))|"
        r"\bwhat (?:do|does|did) (?!i\b|we\b|inspectors|police)[^,]*\bcharge (?:for|us|parents|councils|a supported|an?\b|to\b)|\b(?:daily|hourly|day|nightly) rates?\b|"
        r"\bmost (?:we|they|you|i|anyone|someone) can (?:pay|give|spend|claim|charge|get)\b",
    ),
    (
        Particular.NUMBER,
        rf"\bhow many\b{_NOT_TIME}|\b(?:numbers?|no\.?|headcount|count) (?:of|for)\b{_NOT_TIME}|"
        r"\b(?:the|exact|actual|average|avg) (?:numbers?|figures?)\b(?! of\b)|\b(?:average|avg) (?:\w+ )?caseloads?\b",
    ),
    (
        Particular.SHARE,
        r"%|\bper ?cent\w*|\bproportions?\b|\bshare of\b|\b(?:what|which) share\b|\b(?:vacancy|response|turnover|compliance|completion|take-?up|sickness|re-?referral|success) rates?\b",
    ),
    (
        Particular.NAME,
        rf"\bnames? of\b|\bnam(?:ed|es)\b|\b(?:its|their|provider) name\b|\bwhat(?:'?s)? (?:\w+ ){{0,8}}called\b(?! (?:to|out|in|for|on|upon)\b)|\b(?:it|they|that|this) called\b|\bschemes? called\b|\b(?:which|what) (?:(?!(?:on|of|with|about|to|for|when|must|can|should|will|we|is|are|was|were|do|does|did|has|have|had|happens|partner)\b)[\w/-]+ ){{0,4}}(?:{_BODIES})\b|\bwho (?:wrote|made(?! (?:the|a) (?:decision|referral))|supplie[sd]|provide[sd]|delivers?|delivered|built|designed|developed|ran|carried out|funded)\b|"
        rf"\bwho (?:is|are|was|were) the (?:[\w/-]+ ){{0,3}}(?:{_BODIES})\b",
    ),
    (
        Particular.AGE,
        r"\b(?:what|which) ages?\b(?![- ](?:assess|appropriate))|\bhow old (?!(?:is|are|can|should|must) (?:the |an? |our )?(?:\w+ )?(?:data|assess\w+|plans?|checks?|reports?|evidence|reviews?))",
    ),
    (
        Particular.TIME,
        rf"\bhow many {_UNIT}\b|\bhow long (?:do|does|is|are|will|can|may) .*\blast(?:s\b|\W*$| (?:for|when|if|under|by)\b)|\b(?:what|which) (?:week|wk)\b(?! group)",
    ),
    (
        Particular.DATE,
        r"^(?!.*\b(?:how (?:long|many|soon)|within|working days)\b)(?:.*\bwhen (?:did|was|were)\b(?!.*\b(?:have to|need to|due|late)\b)|"
        r".*\b(?:what|which|exact|start|opening|launch|live) (?:dates?|months?|mth)\b|.*\b(?:what|which) (?:year|month/yr|yr)\b(?! groups?)|.*\bdates? of\b(?! birth))",
    ),
)
_SPEAKERS = {
    r"(?:parents?|famil(?:y|ies)|mums?|dads?|mothers?|fathers?)": r"(?:parents?|famil(?:y|ies)|mothers?|fathers?)",
    r"carers?": r"carers?",
    r"adopters?": r"(?:adopters?|adoptive (?:parents?|families))",
    r"(?:child(?:ren)?|kids|young people|yps?|lac|cla|teenagers|care leavers?)": r"(?:child(?:ren)?|young (?:people|persons?|adults)|care leavers?)",
    r"(?:schools?|head ?teachers?|heads|teachers?)": r"(?:schools?|head ?teachers?|teachers?)",
    r"(?:judges?|judiciary|courts?|cafcass)": r"(?:judges?|judiciary|courts?|cafcass|children and family court)",
    r"(?:partners?|agencies|police|health)": r"(?:partners?|agencies|police|health)",
    r"(?:staff|(?:social )?workers?|sws?|practitioners?|asyes?|nqsws?|managers?)": r"(?:staff|workers?|practitioners?|managers?|asye|newly qualified)",
}
"""Who is asked about, as typed, and how a report calls them."""
_SAYS = (
    r"(?:tells?|told|say|says|said|saying|(?<!is )(?<!are )(?<!was )(?<!were )report(?:s|ed)?|spoke|speaks?|feel|feels|felt|feeling|describ\w+|values?|valued|appreciat\w+|prais\w+|express\w+|"
    r"complain\w*|comment\w*|positive|happy|compliment\w*|confiden\w+|welcom\w+|(?:dis)?satisf\w+|think|thought|shared|enjoy\w*|like[sd]?|proud|critical|"
    r"frustrat\w+)"
)
_NO_SPEAKER = "needs?|needed|to|do|did|done|so|when|after|if|what|because|that|about"
"""What does not stand between who is asked about and what they say."""
_ASKS_VOICE = re.compile(
    rf"\bwhat (?:did|do|does|have|has|had) (?!inspectors|ofsted|they\b|it\b|you\b|i\b|we\b|the (?:report|letter|law|inspect))"
    rf"(?P<who>(?:(?!(?:{_NO_SPEAKER})\b)[\w'\u2019&-]+ ){{0,10}}?{'|'.join(_SPEAKERS).join(('(?:', ')'))}\b(?: (?!(?:{_NO_SPEAKER})\b)[\w'\u2019&-]+){{0,6}}?) "
    r"(?:say|said|tell|told|think|thought|feel|felt|make of|report (?:about|on))\b",
    re.IGNORECASE,
)
_SORTS = re.compile(r"\b(?:birth|foster|kinship|primary|head)\b", re.IGNORECASE)
"""Which of several such groups: birth parents are not adoptive ones."""
_OTHERS = (
    r"national(?:ly)?(?! (?:framework|standards?|guidance))|england|london|averages?|(?:statistical )?neighbours?|similar (?:\w+ )?(?:authorities|councils|areas)|"
    r"other (?:\w+ )?(?:authorities|councils|areas|cities)|comparators?|targets?"
)
_EARLIER = r"before|previous\w*|last (?:year|inspection|time|visit)|earlier|prior|(?:19|20)\d\d"
_ASKS_COMPARISON = re.compile(
    rf"^(?!.*\b(?:how many|actual|exact)\b).*\bcompare[ds]?\b[^?]{{0,60}}?\b(?:{_OTHERS}|{_EARLIER})(?!\w)", re.IGNORECASE
)
_PAPERS = r"toolkit|pack|bag|box|checklist|matrix|form|questionnaire|script|template|menu|leaflet|guide|booklet"
_WHO_LEADS = r"\bwho (?:now |also |currently )?(?:chairs|heads|leads)\b"
_ASKED_OF_FINDINGS = (
    (Particular.VOICE, _ASKS_VOICE.pattern),
    (Particular.COMPARISON, _ASKS_COMPARISON.pattern),
    (
        Particular.STEPS,
        r"\bhow (?:do|can|does|would) (?:i|we|you|someone|an? [\w-]+(?: [\w-]+)?) (?:refer|apply|sign up|join|get (?:in|onto|into|access))\b|"
        r"(?<!know )\bhow to (?:refer|apply|join|get (?:in|onto|into|a|an|them|someone))\b|\bstep by step\b|\bwh(?:at|ich) forms? (?:do|does) (?:i|we|you)\b|"
        r"\b(?:what|which) (?:are the |is the )?(?:\w+ )?criteria\b|(?:^|[-,:] )criteria (?:and|for|to)\b|\bhow is (?:it|this|that) (?:scored|run|worked out)\b|"
        r"\bwhat(?:'?s| is| are| was| were)? the (?:referral |application )?(?:process|procedure|route|steps|questions)\b(?!.*\blike\b)|"
        rf"\bwhat(?:'?s| is| are| goes) (?:actually |going |listed |included )?(?:in|on) (?:it\b|(?:the|a|this|that|their) (?:[\w-]+ ){{0,3}}(?:{_PAPERS})\b)|"
        rf"\bwhat does .+ (?:{_PAPERS}|statement|strategy|policy|charter|pledge) actually (?:say|tell|ask)\b",
    ),
    (
        Particular.AFTER,
        r"\bdid\b.*\bafterwards\b|\b(?:was|were) (?:it|they|this|that|the [\w' -]{2,40}) (?:ever )?(?:rolled out|made permanent)\b|\bhow did .+ (?:work|turn|pan) out\b|"
        r"\b(?:come|came) (?:a)?round to\b|\bare the \d+ .{3,60} still (?:in|at|there|open|running|going)\b|\bdid (?:they|it) (?:ever )?(?:hit|reach|meet) the \d+\b(?!-? ?(?:working )?day)",
    ),
    (
        Particular.PERSON,
        rf"\bwho(?:'?s| is| was) (?!(?!acting|managing|incoming|outgoing|serving|standing|replacing)\w+ing\b)(?:(?!(?:on|with|for|in)\b)[\w'\u2019/-]+ ){{0,5}}(?:{_POSTS})\b|\bnames? of (?:(?!(?:that|with|for|in)\b)[\w'\u2019/-]+ ){{0,6}}(?:{_POSTS}|dci|inspector|officer|manager)\b|"
        rf"{_WHO_LEADS}|\bwho(?:'?s| is| was) (?:the (?:new |old |previous )?(?:woman|man|person|lady|guy) )?(?:chairing|heading|leading)\b",
    ),
    (
        Particular.NAME,
        rf"\bwho (?:got|was|were|is|are|has been|had been) (?:commissioned|hired|contracted|brought in|running|providing|delivering)\b|\bwho (?:is|are|was|were) the (?:[\w'\u2019/-]+ ){{0,4}}(?:{_BODIES})\b",
    ),
    (Particular.NAME, rf"\bwhat (?:are|were) (?:the|its|their) (?:two|three|four|five|six|\d+) (?:[\w-]+ ){{0,2}}(?:{_BODIES})\b"),
    (Particular.SUM, r"\bhow much .*\b(?:put (?:in|into|up|towards)|contribut\w+|awarded)\b|\bpayment rates?\b"),
    (
        Particular.TIME,
        rf"\b(?:numbers?|no\.?) of {_UNIT}\b|\bhow long (?:is|was|are|were|do|does|did|have|has|had) .*\bwait",
    ),
    (
        Particular.DATE,
        r"\bwhen exactly\b|\b(?:since|by) when\b|\bwhen (?:do|does|will) .*\b(?:go live|be (?:ready|finished|done|complete\w*))\b|\bwhen (?:will|is|are) (?:the|it|they|this|that|its|their)\b.*\b(?:open\w*|launch\w*|publish\w*|ready|in place)\b|"
        r"\bwhen do(?:es)? (?:the|it|they)\b.*\b(?:open|launch)\b|\bwhen do(?:es)? .*\b(?:run (?:to|until|out)|expire|finish|end)\W*$",
    ),
)
"""What is a particular where it is asked of what inspectors found: the law says what a director is, and how to apply to a court.
Neither steps nor what came after are ever given: a report does not say how to use a service or what stands on its forms, and not
what became of a thing that was new to it."""
_COMPILED, _COMPILED_OF_FINDINGS = (
    tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in asked) for asked in (_ASKED, _ASKED_OF_FINDINGS)
)
_COUNT_WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_HELD = {
    Particular.SUM: re.compile(r"\u00a3 ?\d|\b\d[\d,.]*(?: ?(?:million|m|k|pounds|pence|p))\b|\bmillions?\b", re.IGNORECASE),
    Particular.SHARE: re.compile(
        r"\d ?%|\bper ?cent\b|\b\w+ (?:in|out of) (?:the |every )?(?:\d+|two|three|four|five|ten)\b|\b(?:half|third|quarter|thirds|quarters)\b",
        re.IGNORECASE,
    ),
    Particular.NUMBER: re.compile(
        rf"(?<![\w.,/-])(?:\d{{1,3}}(?:,\d{{3}})+|\d+|{_COUNT_WORDS})(?![\w%/]|[.,]\d)|"
        r"\bno (?:(?!(?:that|of|for|in|on|with|by|to|from|at|between)\b)[\w-]+ ){0,2}(?:children|young people|care leavers|carers|families|adopters|staff|social workers)\b",
        re.IGNORECASE,
    ),
    Particular.AGE: re.compile(
        rf"\b(?:aged?|ages|under|over|until|up to|turns?|reach\w*|from|between|to|before|and|or|at|is|are|than|of|attain\w*) (?:the age of |an? )?(?:\d{{1,2}}|{_COUNT_WORDS})\b"
        r"(?! (?:working|weeks|days|months|hours|inspectors))|\b(?:\d{1,2}(?:st|nd|rd|th)|[a-z]+(?:th|first)) birthday|\b\d{1,2}[- ]year|\b(?:any|all) ages?\b",
        re.IGNORECASE,
    ),
    Particular.DATE: re.compile(rf"\b(?:{_MONTHS})\b|\b(?:19|20)\d\d\b"),
}
_NO_COUNT = re.compile(
    rf"(?:(?:\d+|{_COUNT_WORDS})(?: |-)(?:(?:to|and|or|-) ?\d+ )?(?:working )?(?:hours?|days?|weeks?|months?|years?|minutes?)\b"
    rf"|(?:\b(?:19|20)\d\d(?:[-\u2013/]\d+)?\b)|(?:\b\d{{1,2}} to )?\b\d{{1,2}} (?-i:{_MONTHS})"
    r"|(?<!['\u2019])\b(?:sections?|s|part|key stage|years?|level|paragraphs?|page|regulation|outcome|recommendation|route) ?\d+(?:(?:,| to| and|-) ?\d+)*"
    r"|\b(?:aged?(?: of)?|ages|turn|become|reach|until|under|over|between) ?\d+(?:(?: to| and|-) ?\d+)?\b(?!,\d)(?! (?:\w+ )?(?:children|young people|care leavers|families|staff|social workers|cases))"
    r"|\b\d+-\d+\b|\u00a3 ?[\d.,]+|[\d.]+ ?(?:%|per ?cent))",
    re.IGNORECASE,
)
"""Numbers that count nothing: times, dates, ages, ranges, places in a text, sums and shares."""
_LEFT_OUT = {Particular.NUMBER: _NO_COUNT, Particular.DATE: re.compile(r"\bAct (?:19|20)\d\d")}
"""What looks like the particular and is not one."""
_TO_THE_MONTH = re.compile(r"\b(?:what|which|exact) (?:dates?|days?|months?)\b", re.IGNORECASE)
_MONTH = re.compile(rf"\b(?:{_MONTHS})\b")
_AVERAGE = re.compile(r"\b(?:average|avg)\b", re.IGNORECASE)
_ROUGHLY = re.compile(r"\b(?:majority|minority|most|all|none)\b", re.IGNORECASE)
_EXACTLY = re.compile(r"%|per ?cent|\brates?\b|\bexact|\b(?:a|the) (?:number|figure)\b", re.IGNORECASE)
_LEAST = {
    Particular.SUM: 0.08, Particular.SHARE: 0.15, Particular.NUMBER: 0.08, Particular.TIME: 0.2, Particular.AGE: 0.15, Particular.DATE: 0.25,
    Particular.NAME: 0.2, Particular.PERSON: 0.2, Particular.VOICE: 0.1, Particular.COMPARISON: 0.2,
}  # fmt: skip
"""Share of the question that a sentence must speak of beside the particular, which a date in the best passage need not: chosen
on the development questions."""
_OF_A_LETTER = (
    (re.compile(r"\b(?:dcs|director|chief exec\w*)\b", re.IGNORECASE), re.compile(r"^Dear\b", re.MULTILINE)),
    (re.compile(r"\bwho (?:wrote|signed)\b", re.IGNORECASE), re.compile(r"^Yours\b", re.MULTILINE)),
)
"""Who asks for whom it is to or from, and how a letter begins or ends: there it tells only that, and need speak of nothing."""
_CLAUSE = re.compile(r"[,;:] | and ")
_NAME = re.compile(
    r"[A-Z][\w'\u2019&]+(?:[ -](?:(?:of|the|and|for) )?[A-Z][\w'\u2019&]+)*|[\u2018\u201c'\"][A-Z][^\u2019\u201d'\"]{2,40}[\u2019\u201d'\"]"
)
_TITLE = r"(?:M(?:s|r|rs|iss)|Dr|Prof|Cllr|Sir|Lord|Lady|Dame|H(?:is|er) Majesty|Chief|Director|Chair)\b"
_RUN = re.compile(rf"(?!{_TITLE})[A-Z][\w'\u2019-]+(?: (?!{_TITLE})[A-Z][\w'\u2019-]+)*")
_NOBODY = re.compile(
    r"\b(?:Majesty|Team|Unit|Board|Services?|Trust|Council|Hub|Group|Centre|Panel|Partnership|Office|Review|Inquiry|Court|Strategy|Plan|Police|"
    r"Committee|Department|Authority|Inspector|Officer|Executive|Director|North|South|East|West|Midlands|Yorkshire)\b|\b[A-Z]{2,}\b"
)
_ADDRESSED = re.compile(r"\bM(?:s|r|rs|iss) ([A-Z]\w+)")
_LED = re.compile(
    r"\b(?:co-)?chaired by\b|\b(?:led|headed) by (?:the|an?|its|[A-Z])|\b(?:member|managers?|director|executive|officers?|leaders?|mayor|councillors?) (?:chairs?|heads?|leads?)\b"
)
"""Whoever chairs or leads may be told by post, without a name."""
_LASTS = re.compile(
    rf"(?<!last )(?<!past )(?<![\d-])\b(?:\d{{1,3}}|one|{_COUNT_WORDS})(?: (?:to|and|or) \d+)?[ -]{_UNIT}\b(?![ -]old)|"
    rf"\b(?:over|under|about|within|than|up to|at least) an? {_UNIT}\b",
    re.IGNORECASE,
)
_BY_RULE = re.compile(
    rf"{_LASTS.pattern}|\b(?:immediate\w*|without delay|as soon as|daily|weekly|fortnightly|monthly|quarterly|yearly|annual\w*|indefinite\w*|until|"
    rf"no (?:fixed|set|national|statutory|maximum|minimum|time|automatic)|same day|straight away|promptly|once (?:an?|every|in)|twice|(?:at )?any time|no limit|(?:as|so) long as|(?:each|every) {_UNIT}|ends when)\b",
    re.IGNORECASE,
)
"""How law and guidance tell a time without a number."""
_WRITTEN = re.compile(r"\b(?!s\b)[\w&]+(?:['\u2019](?!s\b)\w+)*")
"""A word as it is written, without the "s" of whose it is."""
_INSTITUTION = re.compile(
    r"\b(?:which|what) (?:[\w/-]+ ){0,3}(?:compan|firm|college|uni\b|universit|school|hospital|hotel|prison|councils?\b|authorit|borough|countr|town|(?:police )?force)",
    re.IGNORECASE,
)
"""Asks for what is never named in quotes, as campaigns, groups and films are."""
_OWN_NAME = re.compile(
    r"(?<=[a-z,] )([A-Z][\w'\u2019]+) (?:team|service|group|project|programme|scheme|hub|unit|centre|panel|forum|initiative)\b|\(([A-Z][A-Za-z]{2,})\)"
)
"""One word in capitals before what it is the name of ("the Sunrise team"), or short for it in brackets."""
_NAMED_BODY = re.compile(r" (?:Trust|Hospital|College|University|School|Academy)$")
_CALLED = re.compile(r"\bcalled\b|\bname\w*\b", re.IGNORECASE)
_JOINS = frozenset({"of", "the", "and", "for"})
_ARTICLES = frozenset({"the", "a", "an", "this", "these"})
_NO_NAMES = frozenset(
    """ofsted hmi council councils borough county city london metropolitan royal board lscb children childrens services service social care
    local authority authorities director directors dcs assistant head the a an this these those they it its in on at for as when while where since
    however although most some many all inspectors inspector inspection managers management staff senior leaders leader workers worker work
    january february march april may june july august september october november december mash cse cp plo iro iros lado camhs send ehc pep peps
    nhs dfe young people person england english government act department education health police home office parents parent carers carer families family
    no not there their chief executive independent chair improvement officer principal main after care community trust he she we you if but and or good outstanding inadequate requires improvement""".split()
)


def particular(question: str, found: bool = False) -> Particular | None:
    """What `question`, which is on what inspectors `found` or not, asks for; None where it is nothing that can be told so."""
    asked = (*(_COMPILED_OF_FINDINGS if found else ()), *_COMPILED)
    return next((kind for kind, pattern in asked if pattern.search(question)), None)


def titles(texts: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The pairs of words that `texts` write with capitals and without: what has no more than these is nobody's name."""
    small, capital = set[tuple[str, str]](), set[tuple[str, str]]()
    for text in texts:
        for a, b in pairwise(_beside(text)):
            if a.islower() and b.islower():
                small.add((a, b))
            elif b[0].isupper() or a[0].isupper():
                capital.add((a.lower(), b.lower()))
    return frozenset(small & capital)


def _beside(text: str) -> list[str]:
    """The words of `text` as they are written, those that only join two others left out: "Signs of Safety" is a pair."""
    return [word for word in _WRITTEN.findall(text) if word not in _JOINS]


def gives(question: str, titled: Callable[[], Titles] = tuple, whose: str = "") -> Callable[[str], bool] | None:
    """Whether a sentence gives the particular that `question` asks for; None where it asks for none.

    `titled` says what the `titles` of the library are, `whose` which authority it is about: neither is a name that tells anything.
    """
    kind = particular(question, bool(whose))
    if kind is None:
        return None
    typed = frozenset(words(_NO_COUNT.sub(" ", f"{question} {whose}") if kind is Particular.NUMBER else f"{question} {whose}"))
    if kind is Particular.DATE and _TO_THE_MONTH.search(question):
        return lambda sentence: bool(_MONTH.search(sentence))
    if kind in (Particular.STEPS, Particular.AFTER):
        return lambda sentence: False
    if kind is Particular.TIME:
        lasts = _LASTS if whose else _BY_RULE
        return lambda sentence: bool(lasts.search(sentence))
    if kind is Particular.PERSON:
        led = bool(re.search(_WHO_LEADS, question, re.IGNORECASE))
        return lambda sentence: bool(_ADDRESSED.search(sentence) or (led and _LED.search(sentence)) or _people(sentence, typed, titled()))
    if kind is Particular.NAME:
        typed -= {word for word in typed if re.fullmatch(_BODIES, word)}  # "which borough" may be the Borough of so and so
        ordinary, quoted = titled(), not _INSTITUTION.search(question)
        own = quoted and bool(_CALLED.search(question))
        return lambda sentence: (
            any(_is_name(name[0], typed, ordinary, quoted) for name in _NAME.finditer(sentence))
            or (own and any(not set(words(name[1] or name[2])) <= _NO_NAMES | typed for name in _OWN_NAME.finditer(sentence)))
        )
    if kind is Particular.VOICE:
        return _speaks(question)
    if kind is Particular.COMPARISON:
        return _compares(question)
    exactly, average = bool(_EXACTLY.search(question)), kind is Particular.NUMBER and bool(_AVERAGE.search(question))
    return lambda sentence: (not average or bool(_AVERAGE.search(sentence))) and _holds(kind, sentence, typed, exactly)


def _speaks(question: str) -> Callable[[str], bool]:
    """Whether a sentence tells what those say whom `question` asks about: "foster carers report ...", "valued by parents"."""
    asked = _ASKS_VOICE.search(question)
    who = asked["who"] if asked else ""
    called = "|".join(told for typed, told in _SPEAKERS.items() if re.search(rf"\b{typed}\b", who, re.IGNORECASE))
    told = re.compile(
        rf"\b(?:{called})\b[^.;:]{{0,60}}?\b{_SAYS}\b|\b(?:{_SAYS}|views|feedback|comments|concerns|complaints|compliments|surveys?|according)\b"
        rf"[^.;:]{{0,30}}\b(?:by|from|of|to) (?:\w+ ){{0,3}}(?:{called})\b",
        re.IGNORECASE,
    )
    sorts = [sort.lower() for sort in _SORTS.findall(who)]
    return lambda sentence: bool(told.search(sentence)) and all(sort in sentence.lower() for sort in sorts)


def _compares(question: str) -> Callable[[str], bool]:
    """Whether a sentence sets what it tells beside others, or beside an earlier time, whichever `question` asks for."""
    with_others = re.search(rf"\bcompare[ds]?\b[^?]{{0,60}}?\b(?:{_OTHERS})(?!\w)", question, re.IGNORECASE)
    beside = (
        rf"\b(?:{_OTHERS}|compared|(?:higher|lower|better|worse|more|fewer|less|larger|smaller|above|below) than(?! \d))(?!\w)"
        if with_others
        else rf"\b(?:than(?! \d)|compared|{_EARLIER}|since|decreas\w*|increas\w*|reduc\w*|ris(?:en|ing|es)|fall\w*|improv\w*|deteriorat\w*)(?!\w)"
    )
    found = re.compile(beside, re.IGNORECASE)
    return lambda sentence: bool(found.search(sentence))


def given(
    question: str, texts: Sequence[str], cover: Callable[[str], float], titled: Callable[[], Titles] = tuple, whose: str = ""
) -> bool:
    """Whether a sentence of `texts`, best first, gives the particular that `question` asks for; True where it asks for none.

    A number in any but the best must stand in the clause that speaks of what it counts.
    `cover` says how much of the question, 0 to 1, a sentence speaks of.
    """
    kind, holds = particular(question, bool(whose)), gives(question, titled, whose)
    if kind is None or holds is None:
        return True
    of_people = kind in (Particular.PERSON, Particular.NAME)
    to_or_from = of_people and any(asks.search(question) and line.search(best) for best in texts[:1] for asks, line in _OF_A_LETTER)
    best_tells = kind is Particular.DATE or to_or_from
    return any(
        (place == 0 and best_tells) or cover(part) >= _LEAST[kind]
        for place, text in enumerate(texts)
        for sentence in sentences(text)
        for part in (_CLAUSE.split(sentence) if place and kind is Particular.NUMBER else [sentence])
        if holds(part)
    )


def people_in(question: str, text: str, ordinary: Titles, whose: str = "") -> str:
    """The one name of two words in `text`, or the two that "and" joins, for a `question` that asks who; "" where there are others.

    `ordinary` are the `titles` of the library, `whose` which authority it is about. A name of one word or of three and more is
    mostly a body's; of several people any may be the one in the post that is asked for.
    """
    names = list(dict.fromkeys(_people(text, frozenset(words(f"{question} {whose}")), ordinary)))
    said = " and ".join(names)
    others = any(name.count(" ") > 1 for name in names) or any(name[1] not in said for name in _ADDRESSED.finditer(text))
    return said if len(names) <= 2 and said in text and not others else ""


def _people(text: str, typed: frozenset[str], ordinary: Titles) -> list[str]:
    """The names of two words and more in `text` that may be a person's."""
    return [
        run[0] for run in _RUN.finditer(text) if " " in run[0] and not _NOBODY.search(run[0]) and _is_name(run[0], typed, ordinary, False)
    ]


def _holds(kind: Particular, sentence: str, typed: frozenset[str], exactly: bool) -> bool:
    """Whether `sentence` holds one of `kind` that is not `typed` in the question; a share may be rough unless it is asked `exactly`."""
    if kind is Particular.SHARE and not exactly and _ROUGHLY.search(sentence):
        return True
    if kind in _LEFT_OUT:
        return any(match[0].lower() not in typed for match in _HELD[kind].finditer(_LEFT_OUT[kind].sub(" ", sentence)))
    return bool(_HELD[kind].search(sentence))


def _is_name(name: str, typed: frozenset[str], ordinary: Titles, quoted: bool) -> bool:
    """Whether `name` is in quotes (where one `quoted` will do), or has two words together that are no `ordinary` title, and says something not typed in the question."""
    if name[0] in "\u2018\u201c'\"":
        return quoted and bool(set(words(name)) - _NO_NAMES - typed)
    pairs = pairwise(word.lower() for word in _beside(name))
    if _NAMED_BODY.search(name):  # it may be called after the place that was typed
        return not typed.issuperset(words(name))
    return any(pair not in ordinary and typed.isdisjoint(pair) and pair[0] not in _ARTICLES and set(pair) - _NO_NAMES for pair in pairs)
