"""legislation.gov.uk XML (CLML): sections, regulations and schedules become passages labelled as a lawyer cites them.

A subsection is a passage, and so is a section without subsections. One too long to be read whole is cut between its
paragraphs: each piece keeps the words that lead into and follow the paragraphs, and marks those it leaves out by "…".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from assistant.errors import ReadError
from assistant.text import clean
from assistant.types import Kind
from ingest.blocks import Block, Source
from ingest.dates import in_words
from ingest.readers.tables import Cell, rows_as_text

LICENCE = "Open Government Licence v3.0 (Crown copyright)"
NOT_IN_FORCE = "enacted, not in force"
LONG = 800
"""Characters that a passage may have before it is cut into its paragraphs (about the embedding model's window)."""

_UNITS = {
    "section": "s.",
    "regulation": "reg.",
    "article": "art.",
    "rule": "r.",
    "schedule": "Sch.",
    "part": "Pt.",
    "chapter": "Ch.",
    "paragraph": "para.",
}
_NUMBERED = frozenset(("P3", "P4", "P5", "P6", "P7"))
_LEFT_OUT = frozenset(
    """Metadata Contents PrimaryPrelims SecondaryPrelims Versions Resources Commentaries Footnotes MarginNotes ExplanatoryNotes
    EarlierOrders SignedSection Reference Figure Image IncludedDocument Correction CommentaryRef FootnoteRef MarginNoteRef
    Commentary Footnote Pnumber""".split()
)
_TITLES = frozenset(("Number", "Title", "TitleBlock", "Subtitle"))
_DIVISIONS = frozenset(("Part", "Chapter", "Pblock", "PsubBlock", "P1group", "P2group", "Schedule"))
_NOT_ENGLAND = frozenset("asc anaw mwa mnia wsi asp ssi aosp nia nisr nisi nisro apni aip".split())
_ENDED = frozenset(("Repealed", "Dead"))
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_ADDRESS = re.compile(r"legislation\.gov\.uk/(?:id/)?(\w+)/(.+)$")
_DOTS = re.compile(r"\s*\.(?:\s*\.){2,}")
_FIXES = (
    (re.compile(r"([(\[\u201c\u2018])\s+"), r"\1"),
    (re.compile(r"\s+([)\],;:.\u201d\u2019\u2014])"), r"\1"),
    (re.compile(r"(\([0-9A-Za-z]+\))\s+(?=\([0-9A-Za-z]+\))"), r"\1"),
)


_QUOTES = {"single": ("\u2018", "\u2019"), "double": ("\u201c", "\u201d")}


@dataclass(frozen=True)
class _Place:
    """Where the reader stands: what to cite, the headings above, and what holds for all inside."""

    label: str = ""
    path: tuple[str, ...] = ()
    url: str = ""
    prospective: bool = False
    as_at: str = ""
    unit: str = "s."


@dataclass(frozen=True)
class _Line:
    text: str
    bullet: bool = False


@dataclass(frozen=True)
class _Part:
    """A stretch of a provision: one of its paragraphs or list items, or the words around them."""

    lines: list[_Line]
    item: bool = False
    mark: str = ""


_ELISION = _Part([_Line("\u2026", bullet=True)])


def read(name: str, data: bytes) -> Source:
    """The provisions of an Act or instrument, or of a piece of one. Raises ReadError where there are none for England."""
    root = _root(name, data)
    address = _address(root)
    kind = address.split("/")[0]
    if kind in _NOT_ENGLAND:
        raise ReadError(f"{name} is not law of England; give the Act or instrument that extends to England.")
    as_at = _as_at(root)
    try:
        blocks = list(_provisions(root, _Place(as_at=as_at, unit="reg." if kind == "uksi" else "s.")))
    except RecursionError as error:
        raise ReadError(f"{name} is nested too deeply to be real legislation; download it again.") from error
    if not blocks:
        raise ReadError(f"{name} holds no provision that stands as law and extends to England; give one that does.")
    number = _citation_number(root, address)
    return Source(
        blocks,
        title=_metadata(root, "title") or number,
        kind=Kind.LEGISLATION,
        publisher="legislation.gov.uk",
        published=_made_on(root),
        edition=_edition(root, as_at),
        url=f"https://www.legislation.gov.uk/{address}",
        licence=LICENCE,
        number=number,
        status="prospective" if root.get("Status") == "Prospective" else "",
    )


def _root(name: str, data: bytes) -> Element:
    try:
        root: Element = fromstring(data)
    except DefusedXmlException as error:
        raise ReadError(f"{name} defines entities, which legislation never does; download it again from legislation.gov.uk.") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise ReadError(f"{name} is damaged and cannot be read as XML; download it again.") from error
    if not any("legislation.gov.uk" in value for element in root.iter() for value in (_identity(element), element.tag)):
        raise ReadError(f"{name} is XML but not legislation; download the XML from legislation.gov.uk and give that.")
    return root


def _provisions(element: Element, place: _Place) -> Iterator[Block]:
    """The passages of `element` and all inside it, in order."""
    if _tag(element) in _LEFT_OUT | _TITLES or not _stands(element, place):
        return
    place = _enter(element, place)
    if _tag(element) in _NUMBERED | {"P2"} or (_tag(element) == "P1" and not _has_subsections(element)):
        yield from _passages(_inside(element), place)
    else:
        yield from _children(element, place)


def _children(element: Element, place: _Place) -> Iterator[Block]:
    """Divisions and numbered provisions one by one; text that stands loose between them is a passage of its own."""
    loose: list[Element] = []
    for child in element:
        if _is_container(child):
            yield from _passages(loose, place)
            loose = []
            yield from _provisions(child, place)
        elif _tag(child) not in _LEFT_OUT | _TITLES:
            loose.append(child)
    yield from _passages(loose, place)


def _is_container(element: Element) -> bool:
    if _tag(element) in ("BlockAmendment", *_LEFT_OUT, *_TITLES):
        return False
    return _tag(element) in _DIVISIONS | {"P1", "P2"} or any(_is_container(child) for child in element)


def _has_subsections(section: Element) -> bool:
    return any(_is_container(child) for child in section)


def _inside(element: Element) -> list[Element]:
    return [child for child in element if _tag(child) not in _LEFT_OUT]


def _stands(element: Element, place: _Place) -> bool:
    """Whether `element` extends to England and is still law in the text read."""
    extent = element.get("RestrictExtent", "E").replace(" ", "").split("+")
    ended = element.get("RestrictEndDate", "")
    gone = element.get("Status") in _ENDED or (ended and (element.get("Match") == "false" or ended <= place.as_at))
    return "E" in extent and not gone


def _enter(element: Element, place: _Place) -> _Place:
    label = _label(element, place)
    place = replace(place, label=label, url=_url(element) or place.url, prospective=_prospective(element, place))
    heading = _heading(element) if _tag(element) in _DIVISIONS else ""
    return replace(place, path=(*place.path, heading)) if heading else place


def _prospective(element: Element, place: _Place) -> bool:
    start = element.get("RestrictStartDate", "")
    if element.get("Status"):
        return element.get("Status") == "Prospective"
    if start and place.as_at:
        return start > place.as_at
    return place.prospective


def _heading(element: Element) -> str:
    """The number and title that a division prints: "PART 2: WORKS PROVISIONS"."""
    block = next((child for child in element if _tag(child) == "TitleBlock"), element)
    found = [child for child in (*element, *block) if _tag(child) in ("Number", "Title")]
    texts = {_tag(child): _text(child) for child in reversed(found)}
    return ": ".join(text for text in (texts.get("Number", ""), texts.get("Title", "")) if text)


def _label(element: Element, place: _Place) -> str:
    """What `element` is cited by: from its address or id, else from its number and what it stands in."""
    tag = _tag(element)
    if tag not in _NUMBERED | {"P1", "P2", "Schedule", "Part", "Chapter"}:
        return place.label
    printed = _number(element)
    if cited := _cited(_identity(element).partition("legislation.gov.uk/")[2].split("/")) or _cited(element.get("id", "").split("-")):
        return cited
    if tag == "P1":
        return f"{place.label} para. {printed}" if place.label.startswith("Sch.") else f"{place.unit} {printed}"
    if tag == "Schedule":
        return " ".join(["Sch.", *re.findall(r"\d+[A-Z]*", _heading(element).partition(":")[0])])
    return f"{place.label}({printed})" if tag.startswith("P") and tag[1:].isdigit() else place.label


def _cited(segments: list[str]) -> str:
    """ "schedule", "2", "paragraph", "4", "1" as "Sch. 2 para. 4(1)"; "" where the segments name no provision."""
    start = next((i for i, segment in enumerate(segments) if segment in _UNITS), len(segments))
    label, unit = "", ""
    for segment in segments[start:]:
        if segment in _UNITS:
            label, unit = f"{label} {_UNITS[segment]}".strip(), segment
        elif segment in ("enacted", "made", "prospective", "crossheading") or _DATE.match(segment):
            break
        elif unit:
            label, unit = f"{label} {segment}", ""
        else:
            label += f"({segment})"
    return label


def _passages(elements: list[Element], place: _Place) -> Iterator[Block]:
    """The passage that `elements` make, or several of a few paragraphs each where it is too long to be read whole."""
    parts = [part for part in _parts(elements) if part.lines]
    if not parts:
        return
    if len(_written(parts)) <= LONG:
        yield _block(_written(parts), place.label, place)
        return
    for items in _groups(parts):
        yield _block(_written(_only(parts, items)), place.label + _marks(items), place)


def _block(text: str, label: str, place: _Place) -> Block:
    edition = "Enacted, not in force" if place.prospective else ""
    force = NOT_IN_FORCE if place.prospective else ""
    return Block(text, label=label, section=" > ".join(place.path), edition=edition, force=force, url=place.url, whole=True)


def _groups(parts: list[_Part]) -> list[list[_Part]]:
    """The paragraphs in runs that, with the words around them, are short enough to be read whole."""
    groups: list[list[_Part]] = [[]]
    for item in (part for part in parts if part.item):
        if groups[-1] and len(_written(_only(parts, [*groups[-1], item]))) > LONG:
            groups.append([])
        groups[-1].append(item)
    return groups


def _marks(items: list[_Part]) -> str:
    """The numbers of a run of paragraphs as they are cited: "(b)", "(b) to (d)"."""
    marks = [item.mark for item in items if item.mark]
    return " to ".join(dict.fromkeys((marks[0], marks[-1]))) if marks else ""


def _only(parts: list[_Part], items: list[_Part]) -> list[_Part]:
    """`items` with the words around the paragraphs; each run of other paragraphs is one "…"."""
    wanted = {id(item) for item in items}
    kept: list[_Part] = []
    for part in parts:
        if not part.item or id(part) in wanted:
            kept.append(part)
        elif not kept or kept[-1] is not _ELISION:
            kept.append(_ELISION)
    return kept


def _written(parts: Iterable[_Part]) -> str:
    return "\n".join(f"- {line.text}" if line.bullet else line.text for part in parts for line in part.lines)


def _parts(elements: Iterable[Element]) -> Iterator[_Part]:
    """Paragraphs and list items one by one, and the words around them run by run."""
    plain: list[Element] = []
    for element in _opened(elements):
        if _tag(element) in _NUMBERED | {"ListItem"}:
            yield _Part(_joined(plain))
            plain = []
            mark = f"({_number(element)})" if _tag(element) in _NUMBERED else ""
            yield _Part(_lines(element), item=True, mark=mark)
        else:
            plain.append(element)
    yield _Part(_joined(plain))


def _opened(elements: Iterable[Element]) -> Iterator[Element]:
    """The elements with those that only hold others replaced by what they hold."""
    for element in elements:
        tag = _tag(element)
        if tag in ("UnorderedList", "OrderedList", "Para", "P") or tag.endswith("para"):
            yield from _opened(element)
        else:
            yield element


def _lines(element: Element) -> list[_Line]:
    """The text of `element` line by line: numbered paragraphs and list items as bullets behind their "(a)"."""
    tag = _tag(element)
    if tag in _LEFT_OUT:
        return []
    if tag == "Formula":
        return [_Line("[formula]")]
    if tag == "Tabular":
        return [_Line(line) for line in _table(element)]
    if tag in _TITLES | {"Text"}:
        text = _text(element)
        return [_Line(text)] if text else []
    inner = _joined(element)
    if tag in _NUMBERED | {"P1", "P2"}:
        number = _number(element)
        return _marked(inner, number if tag == "P1" else f"({number})" if number else "")
    if tag == "ListItem":
        return _marked(inner, element.get("NumberOverride", ""))
    if tag == "BlockAmendment":
        return _quoted(inner, element.get("Format", ""))
    return inner


def _joined(elements: Iterable[Element]) -> list[_Line]:
    """The lines of `elements` in order; words that the law prints right after a quotation go on its last line."""
    lines: list[_Line] = []
    for child in elements:
        if _tag(child) == "AppendText" and lines:
            lines[-1] = replace(lines[-1], text=_tidy(f"{lines[-1].text} {_text(child)}"))
        else:
            lines += _lines(child)
    return lines


def _marked(lines: list[_Line], mark: str) -> list[_Line]:
    """`lines` as bullets, `mark` before the first; what is repealed leaves no lines, and so no mark."""
    if not lines:
        return []
    return [_Line(f"{mark} {lines[0].text}".strip(), bullet=True), *(replace(line, bullet=True) for line in lines[1:])]


def _quoted(lines: list[_Line], format_: str) -> list[_Line]:
    """Words that one law puts into another, as bullets inside quotation marks."""
    if not lines or format_ == "none":
        return [replace(line, bullet=True) for line in lines]
    opening, closing = _QUOTES["single" if format_ == "single" else "double"]
    texts = [line.text for line in lines]
    texts[0] = opening + texts[0]
    texts[-1] += closing
    return [_Line(text, bullet=True) for text in texts]


def _table(element: Element) -> list[str]:
    rows = [row for row in element.iter() if _tag(row) == "tr"]
    in_head = {id(row) for head in element.iter() if _tag(head) == "thead" for row in head.iter()}
    cells = [[Cell(_text(c), _span(c, "colspan"), _span(c, "rowspan")) for c in row if _tag(c) in ("td", "th")] for row in rows]
    return rows_as_text(cells, sum(id(row) in in_head for row in rows))


def _span(cell: Element, attribute: str) -> int:
    value = cell.get(attribute, "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _text(element: Element) -> str:
    """The words of `element` without notes; dots that stand for repealed words are left out."""
    return _tidy("".join(_words(element)))


def _words(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if _tag(child) not in _LEFT_OUT:
            block = _tag(child) in ("Para", "Text", "p", "br")
            yield " " if block else ""
            yield from _words(child)
            yield " " if block else ""
        yield child.tail or ""


def _tidy(text: str) -> str:
    text = " ".join(_DOTS.sub(" ", clean(text)).split())
    for pattern, fixed in _FIXES:
        text = pattern.sub(fixed, text)
    return text if any(character.isalnum() for character in text) or text in ("", "—") else ""


def _number(element: Element) -> str:
    printed = next((child for child in element if _tag(child) == "Pnumber"), None)
    return _text(printed).strip("().") if printed is not None else ""


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _identity(element: Element) -> str:
    """The address of a provision whatever its version, else of the version read."""
    return element.get("IdURI") or element.get("DocumentURI") or ""


def _url(element: Element) -> str:
    return element.get("DocumentURI", "").replace("http://", "https://")


def _address(root: Element) -> str:
    """The Act or instrument that all of it is from: "ukpga/1989/41"."""
    found = next((match for element in root.iter() if (match := _ADDRESS.search(_identity(element)))), None)
    if not found:
        return ""
    parts = found[2].split("/")
    end = next((i for i, part in enumerate(parts) if part in _UNITS or part in ("crossheading", "body", "introduction")), len(parts))
    kept = [
        part for part in parts[:end] if part not in ("enacted", "made", "prospective", "schedules", "contents") and not _DATE.match(part)
    ]
    return "/".join((found[1], *kept))


def _metadata(root: Element, tag: str) -> str:
    """The text of a metadata element, or the value or date that it carries."""
    metadata = next((element for element in root if _tag(element) == "Metadata"), None)
    found = next((element for element in metadata.iter() if _tag(element) == tag), None) if metadata is not None else None
    if found is None:
        return ""
    return found.get("Value") or found.get("Date") or _text(found)


def _citation_number(root: Element, address: str) -> str:
    """ "1989 c. 41" for an Act, "S.I. 2010/959" for an instrument."""
    kind, *rest = address.split("/")
    year = _metadata(root, "Year") or (rest[0] if rest else "")
    number = _metadata(root, "Number") or (rest[-1] if rest else "")
    return f"S.I. {year}/{number}" if kind == "uksi" else f"{year} c. {number}"


def _made_on(root: Element) -> str:
    made = _metadata(root, "EnactmentDate") or _metadata(root, "Made")
    return made if _DATE.match(made) else ""


def _as_at(root: Element) -> str:
    """The day whose law the text is: as the file says, else since when it has stood so."""
    start = next((start for element in root.iter() if (start := element.get("RestrictStartDate"))), "")
    dated = [part for part in root.get("DocumentURI", "").split("/") if _DATE.match(part)]
    day = _metadata(root, "valid") or (dated[0] if dated else start)
    return day if _DATE.match(day) else ""


def _edition(root: Element, as_at: str) -> str:
    address = next((uri for element in root.iter() if (uri := element.get("DocumentURI"))), "")
    version = address.rpartition("/")[2]
    if version in ("enacted", "made"):
        day = f" {in_words(_made_on(root))}" if _made_on(root) else ""
        return f"{version.capitalize()}{day}: the text as first {version}, without later changes"
    return f"As it stood on {in_words(as_at)}" if as_at else ""
