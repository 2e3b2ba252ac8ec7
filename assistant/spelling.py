"""What is typed in a hurry put right: by the words that the library uses, those of plain English, and texting forms. Pure once made."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from assistant.text import STOPWORDS

Span = tuple[int, int]

_LEAST = 6
"""Shorter words are left as typed by `corrected`: too many have a neighbour that is another word."""
_ALIKE = 88.0
"""Least similarity (0 to 100, normalised indel distance) for `corrected` to put a word right."""

TEXTING = {
    typed: meant
    for line in """
    what: wot wht; what is: wats wots whts; when: wen whn; when is: wens; which: wich whch wch; would: wud wld; should: shud shld shd;
    could: cud cld; have: hv hav; has: hs; good: gd; that: tht; this: ths dis; from: frm; about: abt; between: btwn btween;
    because: bcos coz bcoz; please: plz; thanks: thx thnx; can: cn; cannot: cnt; do not: dnt; how: hw; how is: hws; many: mny; people: ppl; week: wk;
    weeks: wks; month: mth; months: mths; year: yr; years: yrs; hours: hrs; minutes: mins; working days: wd wds; work: wrk;
    group: grp; groups: grps; meeting: mtg mtng; meetings: mtgs; manager: mgr mngr; managers: mgrs mngrs; management: mgmt; test: tst;
    difference: diff; since: snce; before: b4 bfore; after: aftr; been: bn; get: gt; give: gv; with: w w/ wth wiv; without: w/o wivout;
    your: ur; you: u; and: n; yet: yt; not: nt; required: reqd; need: nd; next: nxt; tomorrow: tmrw tmw 2moro;
    tonight: tonite 2nite; someone: sum1; anyone: any1 ne1; help: hlp; know: kno; want: wnt; said: sed;
    does: duz dus; right now: rn; without: wo; assessment: assmt asmt; assessments: assmts asmts; appointment: appt; like: lyk; says: sez; was: woz wos; go: gt2;
    """.replace("\n", " ").split(";")
    if line.strip()
    for meant, forms in [line.split(":")]
    for typed in forms.split()
    for meant in [meant.strip()]
}
"""What people text and what it stands for: hardly any is a word, and none is short for anything of the field."""
_LETTERS_OF = re.compile(r"(?:\b(?:re|v|child|baby|boy|girl|family|case)|\([a-z]) $", re.IGNORECASE)
"""Before a letter that stands for somebody: "Re W", "child N"."""

_TOKEN = re.compile(r"(?<![\w'\u2019/.@&-])(?:w/o\b|w/(?=\W)|[A-Za-z0-9]+(?![\w'\u2019@/&]|\.\w))")
_VOWELS = re.compile(r"(?<=.)[aeiou]")
_DOUBLED = re.compile(r"(.)\1")
_CONTRACTED = re.compile(
    r"(?:had|has|have|would|should|could|did|does|is|are|was|were|must|need|do|wo|ca)nt|(?:who|they|we|you|i)(?:ve|re|ll|d)"
)
_RUN_TOGETHER = re.compile(r"([a-z]{2,})(\d{1,3})|(\d{1,3})([a-z]{2,})")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|s|am|pm|k|yo)")
_PLAIN = 8_000
"""So many of the commonest words of English are taken for what was meant where the library uses none that is near."""
_LONGEST = 30
"""Letters: what is longer is no word."""
_COMMON = 2_500
"""Rank under which a word of English is common enough to be a part of two words run together."""
_OFTEN = 5
"""How often the library uses a word that may be such a part."""
_RIVAL = 20
"""A word so much rarer than one that is nearly the same is a slip of whoever wrote it."""


class Spelling:
    """The words that the library and the vocabulary use (`texts`), those of `english`, commonest first, the short forms of the
    field (`kept`), which are never a slip, and where a text names an authority (`names`), which stays as typed."""

    def __init__(
        self,
        texts: Iterable[str],
        english: Iterable[str] = (),
        kept: Iterable[str] = (),
        names: Callable[[str], Sequence[Span]] = lambda text: (),
    ) -> None:
        self._names = names
        self._uses = Counter(word for text in texts for word in re.findall(r"[a-z]+", text.lower()))
        self._known = STOPWORDS | self._uses.keys()
        self._english = {word: rank for rank, word in enumerate(english)}
        self._kept = {form.lower() for form in kept if form.isalnum()}
        self._by_first: dict[str, list[str]] = {}
        self._meant: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= _LEAST - 1:
                self._by_first.setdefault(word[0], []).append(word)
        plain = {word for word, rank in self._english.items() if rank < _PLAIN}
        self._by_skeleton: dict[str, list[str]] = {}
        for word in sorted({word for word, uses in self._uses.items() if uses > 1} | self._kept | STOPWORDS | plain):
            if len(word) > 2 and word.isalpha():
                self._meant.setdefault(word[0], []).append(word)
                self._by_skeleton.setdefault(_skeleton(word), []).append(word)

    def knows(self, word: str) -> bool:
        """Whether the library or the vocabulary uses `word`, in lower case."""
        return word in self._known

    def reads(self, word: str) -> bool:
        """Whether `word`, in lower case, is one that the library uses, or one with its vowels left out, or a texting form.

        Other slips do not count: words of other languages are near to English ones.
        """
        right = self._hurried(word)
        return self.knows(word) or word in TEXTING or (right != word and _left_out(word, right))

    def corrected(self, question: str) -> str:
        """`question` with each unknown long word replaced by the one known word that is nearly the same, if any."""
        return re.sub(r"[A-Za-z]{%d,}" % _LEAST, lambda match: self._word(match[0]), question)

    def put_right(self, question: str) -> str:
        """`question` as it is read: slips, vowels left out, words run together or cut short, and texting forms put right.

        What is a word, a name with a capital, or a short form of the field stays as typed.
        """
        shouted, names = question.isupper(), self._names(question)

        def read(match: re.Match[str]) -> str:
            before = question[: match.start()]
            named = any(start <= match.start() < end for start, end in names)
            if named or (len(match[0]) == 1 and _LETTERS_OF.search(before)):
                return match[0]
            return self._token(match[0], shouted or not before.strip(), shouted)

        return _TOKEN.sub(read, question)

    def _token(self, typed: str, may_have_a_capital: bool, shouted: bool) -> str:
        if typed[0].isupper() and len(typed) > 1 and typed[1:].islower() and may_have_a_capital:
            right = self._hurried(typed.lower())
            return typed if right == typed.lower() else right[0].upper() + right[1:]
        if typed.islower() or (shouted and len(typed) > 3):
            right = self._hurried(typed.lower())
            return typed if right == typed.lower() else right
        return typed if typed.lower() in self._english else self.corrected(typed)

    def _hurried(self, word: str) -> str:
        """What `word`, in lower case, was meant for; itself where it is right or nothing is near."""
        if word in TEXTING and word not in self._kept:
            return TEXTING[word]
        if word in self._kept or word in STOPWORDS or word.isdigit() or len(word) > _LONGEST:
            return word
        if not word.isalpha():
            return self._apart(word)
        if self._is_word(word):
            return word
        near, begun = self._near(word), self._begun(word)
        if begun and near and _skeleton(near) != _skeleton(word):
            near = begun
        return near or self._two(word) or begun or self.corrected(word)

    def _is_word(self, word: str) -> bool:
        """Whether `word` is right as it is. What the library uses now and then may be a slip of a word that it often uses."""
        if word in self._english or word in STOPWORDS or _CONTRACTED.fullmatch(word) or word.replace("is", "iz") in self._english:
            return True
        if any(self._uses[form] >= _OFTEN for form in (word, f"{word}s")):
            return True
        stems = [word.removesuffix(end) for end in ("s", "es", "ed", "ing", "er", "ers")]
        if any(len(plain) > 3 and plain in self._english for stem in stems for plain in (stem, f"{stem}e")):
            return True
        if word not in self._known:
            return len(word) > 3 and word.removesuffix("s") in self._known
        if len(word) < 4:
            return True
        near = self._near(word)
        return self._uses[near] < _RIVAL * self._uses[word]

    def _near(self, word: str) -> str:
        """The known word that `word` is a slip of, or that it is with its vowels left out; "" where none is near enough."""
        first, length = word[0], len(word)
        if length < 3:
            return ""
        slips = process.extract(word, self._meant.get(first, ()), scorer=OSA.distance, score_cutoff=2 if length > 7 else 1, limit=20)
        found = {near: float(distance) for near, distance, _ in slips}
        for other in self._by_skeleton.get(_skeleton(word), ()):
            if _left_out(word, other):
                found[other] = OSA.distance(other, word) / 2
        most = 0.5 if length == 3 else 1.0 if length < 7 else 2.0
        within = {other: cost for other, cost in found.items() if 0 < cost <= most and self._plausible(word, other, cost)}
        return max(within, key=lambda other: (self._weight(other) - 4 * within[other], other), default="")

    def _plausible(self, word: str, other: str, cost: float) -> bool:
        """Whether a short word is no more than a letter, or letters that changed places, away from `other`: another letter in
        its place makes another word."""
        if _skeleton(word) == _skeleton(other):
            return len(word) > 3 or (len(other) == 4 and self._weight(other) >= (3 if re.search("[aeiou]", word) else 4.5))
        if len(word) < 5:
            return len(word) == 4 and (len(other) != len(word) or sorted(word) == sorted(other)) and self._weight(other) >= 3
        return self._uses[other] > 0 or len(word) > 5

    def _weight(self, word: str) -> float:
        """How much is to be said for `word` having been meant: how often the library uses it, and whether it is common."""
        rank = self._english.get(word, _PLAIN)
        return math.log1p(self._uses[word]) + (1.5 if word in STOPWORDS else 0.0) + max(0.0, 1 - rank / _PLAIN)

    def _two(self, word: str) -> str:
        """The two words that are run together in `word`, the second of which may be a slip; "" where it is none."""
        splits = [(word[:at], word[at:]) for at in range(2, len(word) - 1)] if len(word) > 5 else []
        whole = [(a, b) for a, b in splits if self._part(a) and self._part(b)]
        if whole:
            return " ".join(max(whole, key=lambda pair: (min(map(self._weight, pair)), pair)))
        for a, b in splits:
            right = TEXTING.get(b) or self._near(b)
            if len(a) > 3 and self._part(a) and right and (b in TEXTING or _skeleton(b) == _skeleton(right)):
                return f"{a} {right}"
        return ""

    def _part(self, word: str) -> bool:
        """Whether `word` may be one of two that are run together: a common one, or one that the library often uses."""
        if len(word) < 3:
            return word in STOPWORDS and len(word) == 2 and word in self._english
        return self._uses[word] >= _OFTEN or (self._english.get(word, _PLAIN) < _COMMON and len(word) > 3)

    def _begun(self, word: str) -> str:
        """The word that `word` is the beginning of: the commonest, where it is most of what begins so."""
        if len(word) < 5:
            return ""
        begun = {other: self._uses[other] for other in self._meant.get(word[0], ()) if other.startswith(word) and self._uses[other] > 1}
        most = max(begun, key=lambda other: (begun[other], other), default="")
        return most if most and begun[most] >= 0.5 * sum(begun.values()) else ""

    def _apart(self, word: str) -> str:
        """`word` with digits and letters apart where the letters are a word: "45days". A section or a code is left."""
        match = _RUN_TOGETHER.fullmatch(word)
        if not match or _ORDINAL.fullmatch(word):
            return word
        before, number, amount, after = match.groups()
        letters = before or after
        right = TEXTING.get(letters) or (
            letters if (self._is_word(letters) and len(letters) > 2) or letters in STOPWORDS else self._near(letters)
        )
        if not right:
            return word
        return f"{right} {number}" if before else f"{amount} {right}"

    def _word(self, typed: str) -> str:
        word = typed.lower()
        if self.knows(word) or word.rstrip("s") in self._known:
            return typed
        near = self._by_first.get(word[0], [])
        found = process.extractOne(word, near, scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if found:
            return found[0]
        swapped = (other for other in near if sorted(other) == sorted(word) and OSA.distance(other, word) == 1)
        return next(swapped, typed)  # two letters that changed places count as two slips by that measure


@cache
def english_words() -> tuple[str, ...]:
    """The words of English that pyspellchecker lists, commonest first: some 160,000, by which a word is known for none of a slip."""
    from spellchecker import SpellChecker

    return tuple(
        word for word, _ in Counter(dict(SpellChecker().word_frequency.items())).most_common() if word.isascii() and word.isalpha()
    )


def _skeleton(word: str) -> str:
    """`word` without the vowels after its first letter, and without doubled letters: what is left when vowels are not typed."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", _DOUBLED.sub(r"\1", word)))


def _left_out(typed: str, word: str) -> bool:
    """Whether `typed` is `word` with vowels or one of two letters left out, and none added."""
    letters = iter(word)
    return _skeleton(typed) == _skeleton(word) and all(letter in letters for letter in typed)
