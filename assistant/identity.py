"""What in a text could identify a child or family: numbers, dates of birth, contact details, addresses, references, names.

The UK's own numbers are Presidio's to find, and the check letters of UPNs python-stdnum's; the rest is how this field writes.
Public matter passes: authorities, inspectors, judges, authors, statutes, inquiries and published reviews named after a child.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from stdnum.gb import upn

from assistant.errors import CorpusError
from assistant.text import STOPWORDS

NAME, AGE = "a name", "an age and place"
NHS, PHONE, POSTCODE, NINO = "an NHS number", "a phone number", "a postcode", "a National Insurance number"
UPN, BIRTH, EMAIL, ADDRESS, CASE = "a UPN", "a date of birth", "an email address", "an address", "a case reference"
_OF_AN_OFFICE = frozenset({PHONE, POSTCODE, EMAIL, ADDRESS})
_THREE_DIGITS = re.compile(r"(?:\d\D*){3}")
"""A number that identifies somebody has as many."""


@dataclass(frozen=True)
class Detail:
    """A stretch of a text that could identify someone, and what it is ("a date of birth")."""

    what: str
    start: int
    end: int


@dataclass(frozen=True)
class Names:
    """Which words are names (in lower case): given names, those that are everyday words too, and what is published."""

    given: frozenset[str]
    everyday: frozenset[str]
    public: tuple[str, ...]


def load_names(file: Path) -> Names:
    """The names in `file`. Raises CorpusError."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        everyday = frozenset(data["everyday"].split())
        return Names(frozenset(data["given"].split()) - everyday, everyday, tuple(data["public"]))
    except (OSError, tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        raise CorpusError(f"{file} cannot be read as a list of names: {error}") from error


_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE = (
    rf"(?:\d{{1,2}} ?[/.-] ?\d{{1,2}} ?[/.-] ?(?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}} \d{{1,2}} \d{{2,4}}|"
    rf"(?:the )?\d{{1,2}} ?(?:st|nd|rd|th)?,?(?: of)? {_MONTH},? ?(?:\d{{4}}|['\u2019]?\d{{2}})|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
)
_STREET = (
    "street|road|rd|avenue|ave|lane|ln|drive|crescent|cres|terrace|court|ct|gardens?|gdns|grove|square|sq|mews|walk|view|rise|hill|close|"
    "way|place|row|green|park|parade|mount|bank|fold|croft|meadows?|fields?|drove|gate|wharf|quay|st|dr"
)
_PLAIN_STREET = "street|road|rd|avenue|ave|lane|drive|crescent|terrace|gardens|gdns|grove|mews"
_FLAT = r"(?:(?:flat|apartment|apt|unit|room) \d{1,4}[a-z]?,? ?)"
_WORD = r"[A-Z](?:[^\W\d_]|['\u2019-])*\.?"
_TOWN = rf"(?:, {_WORD}(?: {_WORD})?(?![\w'\u2019]))?"
_CODE = r"(?!dfe|hc\b|cm\b|si\b|isbn|ewhc|ewca|uksc)#?(?:(?-i:[A-Z]{1,5}) )?(?=(?:[\w/.-]*?\d){3})\w+(?:[/.-]\w+)*"
_LABEL = r"(?: ?(?:id|no|number|num|ref|reference|file|step|log)\b\.?)"
_IS = r"\W{0,4}(?:(?:is|was) )?"
_HOLDER = (
    "mosaic|lcs|ll|liquid ?logic|eclipse|care ?first|azeus|ics|frameworki|case|client|child|person|patient|family|household|file|crime|court|"
    "referral|complaint|pupil|service user|su|record|nrm|ehcp?(?: plan)?|our|your|ref|reference|contact|episode|workflow|incident|application|form|"
    "assessment|social (?:care|services)|cin|cp|lac|cla|hospital|passport|arc|pnc|police|home office"
)
_ALONE = "mosaic|lcs|ll|liquid ?logic|eclipse|care ?first|azeus|ref|reference|case(?: file)?|workflow step|incident|episode|police log|log no|mrn"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (NHS, re.compile(r"\b(?:nhs|patient)(?: ?(?:no|number|num|id))?\b\W{0,4}(?:is )?(?P<it>\d[\d .-]{8,12}\d)\b", re.I)),
    (NHS, re.compile(r"(?<![\d.])\d{3}\.\d{3}\.\d{4}\b(?!\.)")),
    (NINO, re.compile(r"\b[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]\b", re.I)),
    (UPN, re.compile(r"\b(?:upn|unique pupil n\w+)\W{0,4}(?:is |no\.? )?(?P<it>[A-Z]\d{11}[\dA-Z])\b", re.I)),
    (PHONE, re.compile(r"(?<![\w/.])(?:(?:\+|00)44[\s-]?(?:\(0\))?|\(?[0o](?![38]))(?:[\s().-]{0,2}\d){9,10}(?!\w)", re.I)),
    (EMAIL, re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    (BIRTH, re.compile(rf"\b(?:d\.?o\.?b\b\.?|born|date[- ]of[- ]birth|birth ?da(?:y|te)|d o b|b\.)(?: [a-z]+\b)?\W{{0,4}}(?:on |is |was )?\W{{0,2}}(?P<it>{_DATE})(?!\w)", re.I)),
    (BIRTH, re.compile(rf"(?<!\w)(?P<it>{_DATE})(?: is| was| by)?(?: (?:his|her|their|the))? ?[,(]?(?:d\.?o\.?b\b|date of birth|birthday)", re.I)),
    (CASE, re.compile(r"\b[A-Z]{2}\d{2}[A-Z]\d{5}\b")),
    (CASE, re.compile(rf"\b(?:{_HOLDER}){_LABEL}{{1,2}}{_IS}(?P<it>{_CODE})", re.I)),
    (CASE, re.compile(rf"\b(?:{_ALONE})\b\.?{_IS}(?!(?:19|20)\d\d\b(?!/))(?P<it>(?=\W?\w*[-/.#\d][\w.]*\d\w*\d|[A-Z]{{1,5}} \d){_CODE})", re.I)),
    (ADDRESS, re.compile(rf"\b{_FLAT}?\d{{1,4}}[A-Za-z]?,? (?:(?:{_WORD}|[Tt]he) ){{1,3}}(?i:{_STREET})\b{_TOWN}")),
    (ADDRESS, re.compile(rf"\b{_FLAT}?\d{{1,4}}[A-Za-z]? The {_WORD}{_TOWN}")),
    (ADDRESS, re.compile(rf"\b(?i:{_FLAT})?(?:{_WORD} ){{1,2}}(?:House|Cottage|Court|Farm|Lodge|Villa|Heights|Tower),? (?:{_WORD} ){{1,2}}(?:{_STREET.title()})\b{_TOWN}")),
)  # fmt: skip
_PUBLIC_NUMBER = r"(?<!urn )(?<!urn: )(?<!report )(?<!charity )(?<!company )(?<!si )(?<!isbn )(?<!hc )(?<!cm )(?<!\u00a3)(?<!\u00a3 )(?<!dfe-)(?<!ref: dfe-)(?<![\w.,/#-])"
_TYPED_NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (CASE, re.compile(rf"{_PUBLIC_NUMBER}#?(?!urn)(?:[a-z]{{1,4}}[-/]?)?(?!\d+000\b)\d{{6,12}}[a-z]?(?![\w,.]\d|\w)", re.I)),
    (CASE, re.compile(rf"{_PUBLIC_NUMBER}(?!dfe|si\b|hc\b|cm\b|ewhc|ewca|uksc|covid|ilacs|wt|kcsie)(?=\S*\d\S*\d\S*\d\S*\d)[a-z]{{2,5}}\d*[-/](?:\d{{2,4}}[-/])?\d{{2,6}}(?![\w/]|\.\d)", re.I)),
    (CASE, re.compile(r"(?<![\w/.,-])(?:\d{5,8}/\d{1,7}|(?!(?:19|20)\d\d/)\d{2,4}/\d{5,7})[a-z]?(?![\w/]|\.\d)", re.I)),
    (CASE, re.compile(
        r"\b(?:framework-?i|capita(?: one)?|cad|pnc|uin|uln|crn|wf|eh[amp]?|marac|d?sar|pid|pnn|p-number|careworks|paris|rio|systm ?one|emis|swift|care ?director|admission|"
        rf"complaint|occurrence|strat|lado|mash|tribunal|exclusion|allegation|workflow|(?:\w+ )?log)(?:{_LABEL}| \d(?= (?:no|number))){{0,2}}{_IS}(?!(?:19|20)\d\d\b(?!/))"
        r"(?P<it>#?(?=\w*[-/]?(?:\w*\d){4})\w+(?:[/-]\w+)*)", re.I)),
    (CASE, re.compile(rf"\b(?:(?:case|file|family|client|child)(?:{_LABEL}){{1,2}}|ref(?:erence)?(?: (?:no|number))?)\b\.?{_IS}(?!(?:19|20)\d\d\b(?!/)|dfe|ewhc|ewca|uksc|hc\b|cm\b|si\b|wt|kcsie|ss?\.?\d|regs?\d|p\d)(?P<it>(?=[\w/.-]*\d)(?:[a-z]{{1,5}}[-/]?\d[\w/.-]*|\d{{1,4}}[-/][a-z][\w/.-]*|[a-z]{{1,5}}(?:[-/][a-z\d]+)+))(?!\w)", re.I)),
    (CASE, re.compile(rf"\b(?:urn|case)\b{_LABEL}?{_IS}(?P<it>[a-z]\d{{3,}}|(?:19|20)\d\d-\d{{3,}})\b", re.I)),
    (CASE, re.compile(rf"{_PUBLIC_NUMBER}(?!80\d{{3}}\b|\d\d000\b)\d{{5}}(?:/\d{{5}})*(?![\w,.]\d|\w)(?! (?:\w+ )?[a-z]+(?:s|ren|ple)\b)", re.I)),
    (CASE, re.compile(r"\b(?:ombudsman|lgs?co?)\b\D{0,12}(?P<it>\d\d \d{3} \d{3})\b", re.I)),
    (CASE, re.compile(r"\b(?:cp|cin|lac|cla|cpp)? ?(?:plan|marac|referr?al|refferr?al|foi|eir|d?sar|i\.d|lcs ?id|mosaic ?id)(?: ?(?:case|no|number|num|ref|id)\b\.?)?\W{0,3}(?!(?:19|20)\d\d\b(?!-))(?P<it>\d{4}-\d{3,}|\d{4,})\b", re.I)),
    (CASE, re.compile(r"\b(?:(?:police )?log \d{2,5} of \d|marac case \d+)", re.I)),
    (CASE, re.compile(r"\b[A-Z]{2,5}9{0,3}\d{6}[A-Z]{1,2}\d[A-Z]{2}\b", re.I)),
    (PHONE, re.compile(r"(?<![\w/.])(?:(?:\+|00)44|[0o](?![38]))(?=(?:[\s()./_*-]{0,2}[\do]){9,11}(?!\w))(?=(?:\D*\d){6})(?:[\s()./_*-]{0,2}[\do]){9,11}", re.I)),
    (PHONE, re.compile(r"\b(?:mob(?:ile)?|tel(?:ephone)?|phone|cell|ring|call|text|whats ?app|landline)(?: (?:no|number|on|is|her|him|them|mum|dad))*\b\W{0,3}(?P<it>7\d{3}[\s-]?\d{3}[\s-]?\d{3}|[2-9]\d{2}[\s-]?\d{4})\b", re.I)),
)  # fmt: skip
"""Numbers that a question has no need of unless they are somebody's: not looked for in documents, which print many others."""
_CALLED_SO = re.compile(
    rf"(?:\b(?:(?:{_HOLDER})\b|(?-i:[A-Z]{{2,5}}\b))\W{{0,3}})?(?:\b(?:id|no|number|num|ref|reference|file|log)\b\W{{0,3}})*$", re.I
)
"""What a reference is called, before it: with it, it is one detail ("Mosaic ID 12345")."""
_TYPED_ADDRESS = re.compile(
    rf"\b{_FLAT}?\d{{1,4}}[a-z]?,? ((?:[a-z'\u2019]+ ){{1,3}})(?:({_PLAIN_STREET})|{_STREET})\b(?:, ?[a-z]+\b)?(?!\s?[a-z]*ing\b)", re.I
)
_DATE_AFTER = re.compile(rf"([ ,(-]{{1,3}}){_DATE}(?!\w)", re.I)
_LIVES = re.compile(
    rf"\b(?:lives?|living|family|home|staying|moved|address|placed)(?: is| now)? (?:at |to )(?P<it>{_FLAT}?\d{{1,4}}[a-z]? {_WORD}(?: {_WORD})?)"
)
_SECTION = re.compile(r"^s\d+[a-z]+$|(?:st|nd|rd|th)$")
"""What has the form of a postcode and is a section of an Act or an ordinal ("s16la", "s17 2nd")."""

_KIN = (
    r"(?:birth |foster |step|great |half |older |younger |little |maternal |paternal |new )?(?:mum|mummy|mom|mam|mother|dad|daddy|father|parents?|"
    r"nan|nana|nanny|gran|granny|grandma|grandad|grandmother|grandfather|grandparents?|mum|aunt|auntie|aunty|uncle|brothers?|sisters?|siblings?|"
    r"cousins?|carers?|partner|boyfriend|girlfriend|guardian|family|baby|son|daughter|kids?|children)"
)
_KIN_WORD = re.compile(rf"{_KIN}s?|pop|pops|papa|grandads?|step-?\w+|bro|sis")
_CHAT = frozenset("aint aka asap dunno fyi gonna gotta idk imho nope plz soz sry thx wanna wots yeah yep".split())
"""What people type that is in no document, and begins a message with a capital."""
_MATTER = (
    r"(?:\w+ )?(?:case|file|plan|placement|review|conference|core group|chronology|assessment|school|teacher|medical|contact|visits?|worker|sw|pa|iro|"
    r"records?|address|pep|ehcp|iha|dob|birthday|bruis\w+|injur\w+|age|allegation|disclosure|behaviour|attendance|needs|complaint|care order)"
)
_PERSON = (
    r"(?:child|children|kid|baby|babies|boy|girl|toddler|infant|teen|teenager|young person|yp|son|daughter|pupil|student|client|mum|mother|dad|father|"
    r"parents?|brother|sister|siblings?|twins?|nan|grandma|grandad|uncle|aunt|auntie|carer|foster carer|care leaver|family|patient)s?"
)
_ONE = r"[^\W\d_](?:[\w\u2019'-]*?\w)?"
_SAYS = (
    r"(?:is|was|has|had|says?|said|told|tells|wont|won['\u2019]t|wants?|went|lives|refuses|refused|disclosed|discloses|moved|needs|missed|keeps|ran|came|"
    r"comes|turned|doesn['\u2019]?t|isn['\u2019]?t|hasn['\u2019]?t|cannot|can['\u2019]?t|cuts|gets)"
)
_KIN_OF = re.compile(
    rf"(?<![\w'\u2018\u2019])(?P<name>{_ONE})(?: (?:and|&) (?P<other>{_ONE}))?(?:['\u2019]s|s['\u2019]|['\u2019]) {_KIN}\b", re.I
)
_GROUP = re.compile(
    rf"\b[Tt]he (?P<name>{_ONE}) (?:children|kids|family|siblings?|sibling group|baby|babies|twins|boys|girls|household|parents|brothers|sisters|case)\b"
    r"(?!['\u2019]?s? (?:hubs?|centres?|services?|teams?|projects?|programmes?|schemes?|initiatives?|homes?|hospitals?|forums?|charters?|offer|network|trust|charity)\b)"
)
_CALLED = re.compile(
    rf"\b(?:{_PERSON},?|who)(?: \w+)? (?:called|named|name is|names are|name['\u2019]?s|known as),? (?P<name>{_ONE})(?: and (?P<other>{_ONE}))?(?![\w'\u2019])",
    re.I,
)
_OF_A_FAMILY = (_KIN_OF, _GROUP, _CALLED)
_STRONG = (
    *_OF_A_FAMILY,
    re.compile(rf"(?<![\w'\u2019])(?P<name>[^\W\d_][\w-]+s) (?i:{_KIN})\b"),
    re.compile(rf"(?<![\w'\u2019])(?P<name>{_ONE})(?: (?:and|&) (?P<other>{_ONE}))?['\u2019]s {_MATTER}\b", re.I),
    re.compile(rf"\b(?:mr|mrs|ms|miss|mx)\.?(?: (?:and|&) (?:mr|mrs|ms|miss))? (?!justice)(?P<name>{_ONE})(?![\w-])", re.I),
)
"""Where only a person can be named, however the word is written; in the others a capital or a given name must say so."""
_WEAK = (
    re.compile(rf"\b(?:[Ll]ittle|[Bb]aby|[Uu]nborn|[Yy]oung|{_PERSON}),? (?P<name>[A-Z][\w'\u2019-]*)"),
    re.compile(rf"(?<![\w'\u2019])(?P<name>[A-Z][\w'\u2019-]*) {_SAYS}\b"),
    re.compile(r"\b(?:[Ww]ith|[Aa]bout|[Vv]isit to|[Vv]isited|[Ss]aw|[Ss]een?|[Rr]e:?|[Rr]egarding|[Ff]or|[Bb]etween|[Mm]eet|[Mm]et|[Ii]f|[Cc]an|[Cc]lass,) (?P<name>[A-Z][\w'\u2019-]*)"),
    re.compile(r"(?<![\w'\u2019])(?P<name>[A-Z][\w'\u2019-]*)(?:,? aged \d{1,2}\b| \(\d{1,2}\)|, \d{1,2},)"),
)  # fmt: skip
_FAMILIES = re.compile(r"\b[Tt]he (?P<name>[A-Z][a-z'\u2019-]+s)\b")
_INITIALS = re.compile(r"(?<![\w.])(?!U\.K|U\.S|O\.K|N\.B|P\.S|D\.O|G\.P|P\.A|E\.G|I\.E|A\.M|P\.M)[A-Z]\. ?[A-Z]\.(?! ?[A-Z])")
_TOKEN = re.compile(r"[^\W\d_](?:[\w\u2019'-]*\w)?")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_PEOPLES = re.compile(
    r"roma|gypsy|gypsies|travellers?|muslims?|sikhs?|hindus?|jewish|christian|catholic|black|white|windrush|dubs|romany|deaf|"
    r"arabs?|arabic|czechs?|dutch|french|greeks?|kurds?|slovaks?|somalis?|swiss|tamils?|thais?|turks?|welsh|yemenis?|"
    r"\w+(?:ish|ian|ean|ese|ali|ani|eshi|ghan)",
    re.I,
)
_ROLE = re.compile(
    r"\b(?i:inspectors?|hmi|authors?|prof(?:essor)?|dr|doctor|sir|lord|lady|dame|baroness|justice|judge|minister|commissioner|written by|led by|lead was)\.?,? "
    r"(?P<who>[^\W\d_][\w'\u2019-]*(?: [A-Z][\w'\u2019-]*)?(?:,? (?:and|or) [A-Z][\w'\u2019-]* [A-Z][\w'\u2019-]*)?)"
)
_LED = re.compile(r"\b(?P<who>[A-Z][\w'\u2019-]* [A-Z][\w'\u2019-]*),? (?:led|(?:as |was |the |is )*(?:lead\b|hmi|inspector))")
_NAMED_WORK = re.compile(
    r"\b(?P<who>[^\W\d_][\w-]*(?: [A-Z][\w-]*)?) (?i:(?:serious case |independent |public )?(?:review|report|inquiry|enquiry|law|test|guidelines?|competen\w+|"
    r"judge?ment|ruling|principles?|foundation|cent(?:re|er)|trust|theory|model|scale|cycle|hospital|university))\b"
    r"|\b(?P<whose>[^\W\d_][\w-]*)['\u2019]?s (?i:law|rule|theory|model|inquiry)\b"
)
_CASE_NAME = re.compile(
    r"\b[A-Z][\w'\u2019-]*(?: [\w'\u2019-]+){0,3} vs?\.? [A-Z][\w'\u2019-]*(?: [A-Z][\w'\u2019-]*){0,3}|\b[Rr]e [A-Z](?:-[A-Z])?(?![\w.])"
)
_SAINT = re.compile(r"(?<!M[rs] )(?<!Mrs )\b(?:St|Saint)\.? [A-Z]\w*")
"""Whom a school, a hospital or a church is named after."""

_SCHEME = re.compile(r" (?:projects?|programmes?|schemes?|initiatives?|services?|hubs?|centres?)\b", re.I)
"""What a name belongs to that is no person's ("the Amber project")."""
_NUMBER = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen)"
_AGED = rf"(?:(?:the|a|an|our|my) )?(?:{_NUMBER}[- ]?(?:years?|yrs?|y)[- /]?(?:olds?|o)\b(?:[- ](?:boy|girl|child|male|female|pupil|lad|twins?|baby|student))*|(?:twins?|boy|girl|child|siblings?|brothers?|sisters?|pupil),? (?:are |is )?(?:both )?aged? ?{_NUMBER}(?: and {_NUMBER})?,?|(?:twins?|boy|girl),? \d{{1,2}},?|aged? {_NUMBER}(?: and {_NUMBER})?,?|(?:year|yr|y) ?\d{{1,2}}\b(?: (?:boy|girl|child|pupil|student))?)"
_SCHOOL = "primary|school|academy|infants?|juniors?|nursery|pre-?school|high|grammar|college|c of e|children['\u2019]?s home|sixth form"
_AT = r"(?:,? (?:in (?:reception|nursery|year \d{1,2}))?,? ?(?:who )?(?:at|from|in|attends|attending|goes to|go to|who goes to|lives in|living in|placed (?:at|in)|lives at|based in|of) )"
_AGE_AND_PLACE = re.compile(
    rf"\b{_AGED}{_AT}(?P<place>(?i:(?:[\w'\u2019.]+ ){{0,4}}?[\w'\u2019.]+ (?:{_SCHOOL})\b(?: (?:school|academy|infants|juniors))?)|[\w'\u2019]+(?: [A-Z][\w'\u2019]*)*)",
    re.I,
)
_NOT_A_PLACE = frozenset(
    """january february march april may june july august september october november december england english britain uk school care foster home the a an
    his her their my our this that local mainstream special boarding private residential secondary primary nursery high college university sixth form year reception
    other another same any each one new academy infant junior infants juniors grammar part-time full-time alternative independent good outstanding at in of
    custody hospital crisis need education court law act hostel hotel refuge caravan tent bedsit flat squat yoi prison unit ward temporary semi
    independent supported lodgings accommodation foyer kinship respite gang gangs abroad pupil referral placement sofa streets street car b&b
    unregulated unregistered secure remand bed breakfast emergency shared lives parental family proceedings"""
    .split()
)  # fmt: skip


def placeholder(what: str) -> str:
    """What stands in a redacted text for a detail: "[date of birth]" for "a date of birth"."""
    return f"[{what.split(' ', 1)[1]}]"


def counted(details: Iterable[Detail]) -> str:
    """How many of each kind there are, and never the details themselves: "3 names and 1 date of birth"."""
    counts = Counter(detail.what.split(" ", 1)[1] for detail in details)
    *others, last = [f"{count} {_plural(what, count)}" for what, count in counts.items()]
    return f"{', '.join(others)} and {last}" if others else last


def _plural(what: str, count: int) -> str:
    irregular = {"date of birth": "dates of birth", "address": "addresses", "email address": "email addresses"}
    return what if count == 1 else irregular.get(what, f"{what}s")


def redacted(text: str, details: Iterable[Detail]) -> str:
    """`text` with a plain word in place of each of `details`, as `Identity.found` gives them."""
    for detail in sorted(details, key=lambda d: d.start, reverse=True):
        text = text[: detail.start] + placeholder(detail.what) + text[detail.end :]
    return text


class Identity:
    """Finds identifying details. `known` says which words (lower case) the library uses, `ordinary` which of them it writes
    without a capital, `printed` which pairs of words it prints as a name; `places` finds the authorities that a text names, and
    `slips` those that it names misspelt; `corrected` puts a misspelt word right."""

    def __init__(
        self,
        names: Names,
        known: Callable[[str], bool] = lambda word: False,
        ordinary: Collection[str] = frozenset(),
        printed: Collection[str] = frozenset(),
        places: Callable[[str], list[tuple[int, int]]] = lambda text: [],
        slips: Callable[[str], list[tuple[int, int]]] = lambda text: [],
        corrected: Callable[[str], str] = lambda word: word,
    ) -> None:
        self.names, self.known, self.ordinary, self.printed = names, known, ordinary, printed
        self.places, self.slips, self.corrected = places, slips, corrected
        self._public = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names.public)) + r")(?!\w)", re.I)

    def found(self, text: str) -> list[Detail]:
        """What in `text` could identify someone, in order, without overlaps."""
        names = list(self._names(text))
        dates = [(name.end, _DATE_AFTER.match(text, name.end)) for name in names]
        born = [Detail(BIRTH, start + len(match[1]), match.end()) for start, match in dates if match]
        numbers = [*_identifiers(text), *_matched(_TYPED_NUMBERS, text)]
        labelled = [_with_label(text, detail) if detail.what == CASE else detail for detail in numbers]
        return _merged([*labelled, *self._typed_addresses(text), *self._ages(text), *names, *born])

    def in_document(self, text: str) -> list[Detail]:
        """What in a passage of a document could identify a child or family. Those who wrote it or led an inspection are named
        in it and can be reached: their names and contact details pass."""
        numbers = [detail for detail in _identifiers(text) if detail.what not in _OF_AN_OFFICE] if _THREE_DIGITS.search(text) else []
        homes = [Detail(ADDRESS, *match.span("it")) for match in _LIVES.finditer(text)]
        names = list(self._named(text, _OF_A_FAMILY, strict=True))
        if names:  # what is public takes longest to find, and few passages speak of any family
            names = list(self._named(_blanked(text, self._public_spans(text)), _OF_A_FAMILY, strict=True))
        return _merged([*numbers, *homes, *names])

    def in_title(self, title: str) -> list[Detail]:
        """What in the title or file name of a document could identify a child: numbers and given names."""
        return _merged([*_identifiers(title), *self._given(_blanked(title, self._public_spans(title)))])

    def reading(self, texts: Iterable[str]) -> "Identity":
        """The same, with the words of `texts` known to be words."""
        ordinary, _ = printed_words(texts)
        return Identity(self.names, self.known, {*self.ordinary, *ordinary}, self.printed, self.places, self.slips, self.corrected)

    # -- addresses and ages ------------------------------------------------------

    def _typed_addresses(self, text: str) -> Iterator[Detail]:
        """Addresses without capitals: a street's plain word, or a name that is no word of the library's."""
        for match in _TYPED_ADDRESS.finditer(text):
            between = [word for word in match[1].lower().split() if word != "the"]
            strange = [word for word in between if not self.known(word) and word not in STOPWORDS]
            if strange or (match[2] and (not between or not STOPWORDS.issuperset(between))):
                yield Detail(ADDRESS, match.start(), match.end())

    def _ages(self, text: str) -> Iterator[Detail]:
        """Ages of one child tied to a school or to a place smaller than an authority."""
        authorities = self.places(text)
        for match in _AGE_AND_PLACE.finditer(text):
            words = [word.lower() for word in _TOKEN.findall(match["place"])]
            inside = any(start <= match.start("place") < end for start, end in authorities)
            if re.search(r"olds\b", match[0]) or not words or (inside and len(words) == 1):
                continue
            school = re.search(rf"\b(?:{_SCHOOL})\b", match["place"], re.I)
            own = [w for w in words if w not in _NOT_A_PLACE and w not in STOPWORDS]
            proper = any(w not in self.ordinary and self.corrected(w) == w for w in own) or any(
                w[0].isupper() and w.lower() in own for w in _TOKEN.findall(match["place"])
            )
            if own and proper and (school or words[0] not in _NOT_A_PLACE):
                yield Detail(AGE, match.start(), match.end())

    # -- names -------------------------------------------------------------------

    def _names(self, text: str) -> Iterator[Detail]:
        public = self._public_spans(text)
        hidden = _blanked(text, public)
        yield from self._named(hidden, _STRONG, strict=False)
        lenient = _blanked(hidden, self.slips(text))  # "Camdden says" may be a place; "Camdden's mum" is not
        yield from self._given(lenient)
        for pattern in _WEAK:
            for match in pattern.finditer(lenient):
                word = _POSSESSIVE.sub("", match["name"])
                if self._unknown(word):
                    yield Detail(NAME, match.start("name"), self._surname(lenient, match.start("name") + len(word)))
        for match in _FAMILIES.finditer(hidden):
            word = match["name"].lower()
            if (
                not self.known(word)
                and not self.known(word[:-1])
                and not _PEOPLES.fullmatch(word)
                and not _PEOPLES.fullmatch(word[:-1])
                and word not in STOPWORDS
            ):
                yield Detail(NAME, match.start("name"), match.end("name"))
        for match in _INITIALS.finditer(hidden):
            yield Detail(NAME, match.start(), match.end())

    def _public_spans(self, text: str) -> list[tuple[int, int]]:
        """Where public matter stands: authorities, inquiries and laws named after someone, cases, office holders, and who the library names."""
        spans = [match.span() for pattern in (self._public, _CASE_NAME, _SAINT) for match in pattern.finditer(text)]
        spans += [match.span("who") for pattern in (_ROLE, _LED) for match in pattern.finditer(text)]
        works = (match for match in _NAMED_WORK.finditer(text) if match["whose"] or match["who"].split()[0].lower() not in self.names.given)
        spans += [match.span("whose" if match["whose"] else "who") for match in works]
        tokens = list(_TOKEN.finditer(text))
        spans += [(a.start(), b.end()) for a, b in pairwise(tokens) if f"{a[0]} {_POSSESSIVE.sub('', b[0])}".lower() in self.printed]
        return spans + self.places(text)

    def _given(self, text: str) -> Iterator[Detail]:
        """Given names wherever they stand, with the surname that follows."""
        for token in _TOKEN.finditer(text):
            word = _POSSESSIVE.sub("", token[0]).lower()
            if _SCHEME.match(text, token.end()) or text[: token.start()].endswith("St "):
                continue
            spoken_of = word in self.names.everyday and re.search(r"[a-z,] $", text[: token.start()]) and re.match(r"[A-Z][a-z]", token[0])
            if spoken_of or word.split("-")[0] in self.names.given:
                yield Detail(NAME, token.start(), self._surname(text, token.start() + len(word)))

    def _named(self, text: str, patterns: Iterable[re.Pattern[str]], strict: bool) -> Iterator[Detail]:
        """Whoever is named where only a person can be."""
        for pattern in patterns:
            for match in pattern.finditer(text):
                for group in ("name", "other"):
                    word = match.groupdict().get(group) or ""
                    if self._person(word, strict):
                        yield Detail(NAME, match.start(group), self._surname(text, match.end(group)))

    def _person(self, typed: str, strict: bool) -> bool:
        typed = _POSSESSIVE.sub("", typed)
        word = typed.lower()
        if len(word) < 2 or word in STOPWORDS or _PEOPLES.fullmatch(word) or typed.isupper() or re.search(r"[\d_]", word):
            return False
        if word in self.names.given or (word[-1] == "s" and word[:-1] in self.names.given):
            return True
        if not typed[0].isupper():
            return not strict and len(word) > 2 and "-" not in word and not any(map(self.known, (word, word + "s", word.rstrip("s"))))
        return word not in self.ordinary and word.rstrip("s") not in self.ordinary and word + "s" not in self.ordinary

    def _unknown(self, typed: str) -> bool:
        """Whether a word with a capital is none that the library uses in any form."""
        word = typed.lower()
        return not (
            typed.isupper()
            or len(word) < 3
            or word in STOPWORDS
            or self.known(word)
            or self.known(word.rstrip("s"))
            or _PEOPLES.fullmatch(word)
            or _KIN_WORD.fullmatch(word)
            or word in _CHAT
            or re.search(r"\d", word)
            or all(self.known(part) for part in re.split(r"[-'\u2019]", word) if len(part) > 2)
            or self.corrected(word) != word
        )

    def _surname(self, text: str, end: int) -> int:
        """The end of the name of which a part ends at `end`: with the surname, the initial and the age that follow."""
        while (match := re.match(r"[ -](?:[A-Z][a-z'\u2019-]*[a-z]|[A-Z]\b\.?)(?!\w)", text[end:])) and match[0][
            1:
        ].lower() not in STOPWORDS:
            end += match.end()
        age = re.match(
            r"(?:,? (?:aged? )?\d{1,2}\b(?![/.:%-])(?! ?(?:weeks?|days?|months?|working|times|hours?)),?| ?\(\d{1,2}(?:yo|yrs?)?\))",
            text[end:],
        )
        return end + (age.end() if age else 0)


def printed_words(texts: Iterable[str]) -> tuple[set[str], set[str]]:
    """What `texts` print: the words that they write without a capital, and each two words with capitals that stand together."""
    ordinary, pairs = set[str](), set[str]()
    for text in texts:
        ordinary.update(re.findall(r"(?<![\w'\u2019-])[a-z]+(?![\w-])", text))
        pairs.update(f"{a} {b}".lower() for a, b in re.findall(r"(?<!\w)([A-Z][\w'\u2019-]*[a-z]) (?=([A-Z][\w'\u2019-]*[a-z]))", text))
    return ordinary, pairs


@lru_cache(maxsize=1)
def _recognisers() -> tuple[tuple[str, Any], ...]:
    """Presidio's recognisers of UK numbers, which need no language model. It takes a second to import, so only once one is
    needed. Its recogniser of email addresses is not among them: it asks the network for a list of domains."""
    from presidio_analyzer.predefined_recognizers import NhsRecognizer, PhoneRecognizer, UkNinoRecognizer, UkPostcodeRecognizer

    phone = PhoneRecognizer(supported_regions=("GB",))
    return ((NHS, NhsRecognizer()), (NINO, UkNinoRecognizer()), (POSTCODE, UkPostcodeRecognizer()), (PHONE, phone))


def _matched(patterns: Iterable[tuple[str, re.Pattern[str]]], text: str) -> Iterator[Detail]:
    for what, pattern in patterns:
        for match in pattern.finditer(text):
            yield Detail(what, *match.span("it" if "it" in pattern.groupindex else 0))


def _with_label(text: str, detail: Detail) -> Detail:
    label = _CALLED_SO.search(text[: detail.start])
    return Detail(detail.what, label.start() if label else detail.start, detail.end)


def _identifiers(text: str) -> Iterator[Detail]:
    yield from _matched(_PATTERNS, text)
    for match in _LIVES.finditer(text):
        yield Detail(ADDRESS, *match.span("it"))
    for match in re.finditer(r"\b[A-Z]\d{11}[\dA-Z]\b", text, re.I):
        if upn.calc_check_digit(match[0].upper()[1:]) == match[0][0].upper():
            yield Detail(UPN, *match.span())
    for what, recogniser in _recognisers():
        for result in recogniser.analyze(text, recogniser.supported_entities, None):
            it = text[result.start : result.end]
            public = what == PHONE and re.match(r"\D*(?:44)?\D*0?[38]", it)
            if not public and not (what == POSTCODE and _SECTION.search(it)):
                yield Detail(what, result.start, result.end)


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with what stands at `spans` made unreadable, everything else in its place."""
    for start, end in spans:
        text = text[:start] + "\u00b7" * (end - start) + text[end:]
    return text


def _merged(details: Iterable[Detail]) -> list[Detail]:
    """The details in order; of those that overlap, one over all their stretch, called what the longest is."""
    merged: list[Detail] = []
    for detail in sorted(details, key=lambda d: (d.start, -d.end)):
        if merged and detail.start < merged[-1].end:
            last = merged[-1]
            longer = max(last, detail, key=lambda d: d.end - d.start)
            merged[-1] = Detail(longer.what, last.start, max(last.end, detail.end))
        else:
            merged.append(detail)
    return merged
