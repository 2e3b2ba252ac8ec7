"""Plain operations on text: sentences, words, stems. Pure functions."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

import snowballstemmer

# A full stop after these does not end a sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:s|ss|para|paras|p|pp|reg|regs|r|rr|art|arts|no|nos|vol|ch|sch|cl|v|dr|mr|mrs|ms|prof|st|etc|eg|ie|e\.g|i\.e|cf|al)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"[.!?][\"')\]]*(?=\s+[\"'(\[]?[A-Z0-9])|\n+(?!- |[a-z])")
_WORD = re.compile(r"[a-z0-9]+(?:\([a-z0-9]+\))*", re.IGNORECASE)
_TAGS = range(0xE0000, 0xE0080)
"""Unicode's tag characters, which can hide a whole sentence that no reader sees."""
_INVISIBLE = dict.fromkeys(
    [*map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), *_TAGS]
)

STOPWORDS = frozenset(
    """a an and are as at be been being but by can could did do does doing for from get gets getting got had has have
    having he her here hers him his how i if im in into is it its ive just let lets like may me might must my need needs of
    off on once or our ours out over own per please put s she should so some such t tell than that the thats their theirs
    them then there these they theyre this those to too under up us very was we were what whats when whens where wheres
    which while who whom whos whose why will with would you your yours about after again also am any because before between
    both down during each few further more most no nor not now only other same through until dont cant wont isnt arent
    doesnt didnt explain give know mean means say says said tell thing things want actually really still ok hi hello
    thanks happen happens happened going go goes anyone someone anything something ever nothing everything everyone another without within""".split()
)


def pages(first: int | None, last: int | None) -> str:
    """Where a paragraph stands: "page 3", "pages 3 to 4", "" where there are no pages."""
    return f"pages {first} to {last}" if first and last else f"page {first}" if first else ""


def clean(text: str) -> str:
    """`text` in NFC, without invisible characters, with plain line ends and quotes left as they are."""
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of `text`, in order; a bullet list stays with the line that leads into it."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if _ABBREVIATION.search(text[start : match.end()]) and text[match.start()] == ".":
            continue
        if text[text.rfind("\n", 0, match.start()) + 1 :].startswith("- ") and text[match.start()] != "\n":
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, first + len(stripped)))


def sentences(text: str) -> list[str]:
    """The sentences of `text`, each exactly as it stands there."""
    return [text[start:end] for start, end in sentence_spans(text)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Porter2 stem of a lower-case word (Snowball, "english")."""
    # A stemmer of its own: one works within itself, so that two threads at once give wrong stems, or an error.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def plain(text: str) -> str:
    """`text` as Markdown that shows it as it is: what would be a link, a marker, bold or HTML is escaped."""
    return re.sub(r"([\\[\]*_`<])", r"\\\1", text)


def words(text: str) -> list[str]:
    """The words of `text` in lower case, apostrophes dropped: "Child's s.47(1)" gives childs, s, 47(1)."""
    return _WORD.findall(text.lower().replace("'", "").replace("\u2019", ""))


def content_stems(text: str) -> list[str]:
    """Stems of the words of `text` that carry meaning, in order, each once."""
    return list(dict.fromkeys(stem(word) for word in words(text) if word not in STOPWORDS))


def spelt(iso: str) -> str:
    """An ISO date as people write it: "21 June 2022". Anything else is left as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%B %Y}"
