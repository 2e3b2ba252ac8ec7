"""What an Ofsted report on children's services says of itself, and its paragraphs: pure functions from blocks.

Layouts differ by framework and year, so what is read is what they share: the title names the framework, the dates stand
after "Inspection dates", a judgement stands in a row that ends in a grade. Each framework's judgements and the columns
they are recorded under:

- ILACS (2018 on): the same five, but care leavers were judged with children in care until January 2023, and from April
  2026 there is no overall effectiveness.
- SIF (2013 to 2018): "Children's services in X are ..." is overall effectiveness, 1 is help and protection, 2 (children
  looked after and achieving permanence) is in care, 2.2 is care leavers, 3 (leadership, management and governance) is
  the impact of leaders. Adoption performance (2.1) and the safeguarding board are judgements of their own.
- Child protection (2012 to 2013): overall effectiveness, the effectiveness of help and protection, leadership and
  governance. The quality of practice has no column.
- Looked after children (2013): overall effectiveness (of services for looked after children), leadership and management.
  Its other judgements have no column.
- Safeguarding and looked after children (to 2012): the overall effectiveness of safeguarding services is help and
  protection, that of services for looked after children is in care; there is none of both together.
- Focused visits, monitoring visits and joint targeted area inspections give no grades.

Until 2013 the third grade was "adequate". It is kept as printed: requires improvement is another judgement.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from assistant.findings import BOARD
from assistant.text import spelt
from assistant.types import JUDGEMENTS, NOT_REPORTED, Judgement, Kind, ReportRecord
from ingest.blocks import Block, Role
from ingest.structure import mend

ILACS_STANDARD, ILACS_SHORT, SIF = "ILACS standard", "ILACS short", "SIF"
FOCUSED_VISIT, MONITORING_VISIT, JTAI = "focused visit", "monitoring visit", "JTAI"
SAFEGUARDING, LOOKED_AFTER, PROTECTION = "safeguarding and looked after children", "looked after children", "child protection"
UNGRADED = frozenset({FOCUSED_VISIT, MONITORING_VISIT, JTAI})
_ILACS = "ILACS"

_COVER_BLOCKS = 45
_SHORT_DAYS = 6
"""A short inspection is a week on site, a standard one two (Ofsted, ILACS framework, "Length of inspection")."""
_USUAL_LEVEL = 3
"""The rank that section headings have in most reports, below the title and the parts."""
_NO_OVERALL_FROM = "2026-04-01"

# The first that matches the title decides, so the more telling stand first.
_FRAMEWORKS = [
    (JTAI, r"joint targeted area inspection"),
    (MONITORING_VISIT, r"monitoring visit (?:of|to)\b"),
    (FOCUSED_VISIT, r"focus(?:s?ed)? visit (?:of|to)\b"),
    (SIF, r"inspection of services for children in need of help and protection"),
    (SAFEGUARDING, r"inspection of safeguarding and looked after children"),
    (LOOKED_AFTER, r"inspection of (?:services for )?looked after children"),
    (PROTECTION, r"inspection of local authority arrangements for the protection of children"),
    (_ILACS, r"inspection of (?:.{3,60} )?(?:children.s (?:social care )?services)\b"),
]
_COLUMNS = [
    ("help_and_protection", r"overall effectiveness of (?:the )?safeguarding"),
    ("in_care", r"overall effectiveness of (?:the )?services for looked after"),
    ("overall_effectiveness", r"overall effectiveness"),
    ("impact_of_leaders", r"the impact of leaders|leadership(?:, management)? and (?:management|governance)"),
    (
        "help_and_protection",
        r".*\bchildren(?: and young people)? who need help and protection|.*\beffectiveness of the help and protection",
    ),
    ("in_care", r".*\bchildren in care|children looked after and achieving permanence|.*\bprogress of children looked after"),
    ("care_leavers", r"(?:the )?(?:experiences? and progress of )?(?:children )?care leavers"),
]
_GRADE = r"outstanding|good|requires? improvement(?: to be good)?|inadequate|adequate|not judged"
_ROW = re.compile(
    rf"^(?:\d(?:\.\d)?\.?\s+)?(?P<name>[A-Z][^.!?]{{2,110}}?)(?:\s*[:|])?\s+(?P<grade>{_GRADE})\.?(?:\s+\(?grade \d\)?)?$", re.IGNORECASE
)
_OVERALL = re.compile(rf"^(?:children.s services?|the overall judgement is)\b.{{0,120}}?\b(?P<grade>{_GRADE})\.?$", re.IGNORECASE)
_HEADED = re.compile(
    rf"^(?:the graded judge?ment (?:for|about) )?(?P<name>.*?)\s*:?\s+(?:(?:is|are)(?: that it)?:?\s+)*(?P<grade>{_GRADE})\.?$", re.I
)
_RECORD = re.compile(r"^record of main findings", re.IGNORECASE)

_DATES = re.compile(r"^(?:inspection|visit) dates?\b\s*:?\s*(.+)$", re.IGNORECASE)
_VISITED = re.compile(r"\b(?:visit|inspection)\b[^.]{0,160}?\b(?:on|from|between)\s+(\d{1,2}\b[^.]{0,80}?\b20\d\d)", re.IGNORECASE)
_PUBLISHED = re.compile(r"^(?:report )?published\s*(?:on)?\s*:?\s*(\d.*)$", re.IGNORECASE)
_LEAD = re.compile(r"^(?:lead|reporting) inspectors?\s*:?\s+(.+)$", re.IGNORECASE | re.DOTALL)
_ROLE_OF_INSPECTOR = re.compile(
    r"\s*(?:[,;(\n]|\bH\s?M\s?I\b|\b(?:Her|His) Majesty|\bSenior\b|\bOfsted\b|\bSocial Care\b|\bRegulatory\b).*$", re.DOTALL
)
_URN = re.compile(r"\b(?:URN|unique reference number)\s*:?\s*(\d{5,7})\b", re.IGNORECASE)
_FOLDER_URN = re.compile(r"(?:^|/)(\d{5,7})(?=[_ -])")
_INSPECTORATE = re.compile(r"\bofsted\b|majesty.s inspector|\bHMI\b", re.IGNORECASE)
_TOKEN = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b(?:\s*([A-Za-z]{3,9})\b\.?)?(?:,?\s*(20\d\d)\b)?")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](20\d\d)\b")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()

_COUNCIL = (
    r"^(?:the |metropolitan |royal |london |city |borough |council )+(?:of )?(?:the )?|"
    r" (?:metropolitan |county |city |district |borough )*(?:council|children.s services)$"
)
_IMPROVE = re.compile(
    r"^(?:what (?:needs|does .* need) to improve|recommendations?\b|(?:areas|priorities) for (?:improvement|development)|priority and immediate action)",
    re.IGNORECASE,
)
# How high a heading stands by what it says: type alone misleads, since some reports set every heading alike.
_RANKS = [
    (1, r"section \d|inspection judge?ments? about|(?:the )?local authority(?:$| *[-\u2013])|(?:the )?(?:local safeguarding children(?:.?s)? board|LSCB)(?: \(.*\))?$|"
        r"information about this inspection|about this inspection|what the inspection judge?ments mean|service information|"
        r"overall effectiveness of|capacity to improve|outcomes for|quality of provision|leadership and management$|record of main"),
    (3, r"executive summary|recommendations?\W*$|summary (?:for children|of)|information about th\w+ local authority area|"
        r"what (?:needs|does .* need) to improve|progress since|the local authority.s strengths|inspection findings? *\W *the|"
        r"main findings|headline findings|(?:the )?(?:local safeguarding children(?:.?s)? board|LSCB)(?: \(.*\))? (?:is|requires)\b"),
    (5, r"(?:the )?graded judge?ment|summary$|inspection findings$|areas for (?:improvement|development)|priority and immediate action"),
]  # fmt: skip
_JUDGEMENT_RANK = 3
_LOWEST_PART = 4
"""A part of a report is set in one of the four largest types; the same words in small italics head a few lines."""
_UNRANKED = 9
_KNOWN_HEADING = re.compile(
    r"^(?:recommendations|summary|executive summary|inspection findings|main findings|headline findings|areas for improvement|"
    r"what needs to improve[^.]{0,60}|summary for children and young people)[?:]?$",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"^(?:The Office for Standards in Education|Any complaints about the inspection|If you would like a copy of this document|"
    r"You may (?:reuse|copy|use) this information|This (?:report|publication|document) (?:is|may be)\b|Interested in our work|Piccadilly Gate|Store Street|"
    r"Store St$|Manchester$|M1 2WD|Key judge?ment: Judge?ment grade|T(?:el)?: ?0|Text ?phone|To receive regular email alerts|E: ?enquiries|W: ?www|\u00a9 ?Crown|Website: ?www|Further copies of this report|"
    r"Aviation House|125 Kingsway|London$|WC2B 6SE|raising standards|improving lives|[\W\d]*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Paragraph:
    """One citable paragraph: its label, the headings it stands under ("Section > subsection") and the block."""

    label: str
    section: str
    block: Block


@dataclass(frozen=True)
class Report:
    """An Ofsted report as read from its blocks. Dates are ISO, "" where it gives none."""

    title: str
    authority: str
    framework: str
    published: str
    record: ReportRecord
    sections: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def kind(self) -> Kind:
        """Visits are told of in a letter, inspections in a report."""
        return Kind.LETTER if self.framework in {FOCUSED_VISIT, MONITORING_VISIT} else Kind.REPORT

    @property
    def document_id(self) -> str:
        """`<authority>-<framework>-<date>`: the date published, or where that is not known the last day of inspection."""
        when = self.published or self.record.inspection_end
        return "-".join(re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in (self.authority, self.framework, when) if part)

    @property
    def edition(self) -> str:
        """Such as "Report of 21 June 2022, ILACS"."""
        name = "Letter" if self.kind is Kind.LETTER else "Report"
        framework = _ILACS if self.framework.startswith(_ILACS) else self.framework
        return f"{name} of {spelt(self.published)}, {framework}" if self.published else f"{name}, {framework}"


def read_report(blocks: list[Block], path: str, titled: Callable[[str], str]) -> Report | None:
    """The report that `blocks` make up, or None where they are not an Ofsted report on children's services.

    `path` is where the file lies, with slashes: some reports print no date of publication or URN, and published
    collections keep both in the names of files and folders. `titled` gives the authority that a title names.
    """
    cover = blocks[:_COVER_BLOCKS]
    framework, title = _framework(cover)
    if not framework or not any(_INSPECTORATE.search(block.text) for block in blocks):
        return None
    folder = path.rpartition("/")[0].rpartition("_")[2].title()
    known = titled(title) or titled(" ".join(block.text for block in cover[:8])) or titled(folder)
    authority = known or printed_authority(title)
    if not authority:
        return None
    start, end, first_end, dates_note = _inspected(cover)
    if framework == _ILACS:
        framework = ILACS_SHORT if _days(start, first_end) <= _SHORT_DAYS else ILACS_STANDARD
    published, published_note = _published(blocks, cover, path, end)
    grades, grade_notes = _judgements(blocks, framework, end)
    record = ReportRecord(
        "",
        _first(_URN, (block.text for block in cover)) or _first(_FOLDER_URN, [path]),
        framework,
        start,
        end,
        lead_inspector(blocks, framework),
        **grades,
        notes=" ".join(note for note in (*grade_notes, dates_note, published_note, _unlisted(authority, known)) if note),
    )
    paragraphs = tuple(labelled(blocks)) if framework not in {FOCUSED_VISIT, MONITORING_VISIT} else ()
    sections = tuple(dict.fromkeys(paragraph.section for paragraph in paragraphs if paragraph.section))
    report = Report(title, authority, framework, published, record, sections, paragraphs)
    return replace(report, record=replace(record, document_id=report.document_id))


# -- title and framework ------------------------------------------------------------


def _framework(cover: list[Block]) -> tuple[str, str]:
    """(framework, title) from the first blocks that read as a title; ("", "") where none does.

    A title that does not name its authority is given the line above it, which does.
    """
    for i, block in enumerate(cover):
        if len(block.text) > 220 or block.role is Role.BULLET or block.number:
            continue
        name = next((name for name, pattern in _FRAMEWORKS if _is_title(block, pattern)), "")
        if name:
            return name, _title(cover, i)
    return "", ""


def _is_title(block: Block, pattern: str) -> bool:
    return bool(re.match(rf"(?:re-?)?(?:{pattern})|.{{0,60}}\b{pattern}", block.text, re.IGNORECASE)) and not block.text.rstrip().endswith(
        (".", ";", ",")
    )


def _title(cover: list[Block], i: int) -> str:
    """The title at `i`, after the council's name where that stands on a line of its own above it, or below it."""
    title = cover[i].text
    above = cover[i - 1] if i else None
    below = cover[i + 1] if i + 1 < len(cover) else None
    if re.search(r"\b(?:inspection|visit) (?:of|to) (?!services|local|looked|safeguarding|children)\S", title, re.IGNORECASE):
        return title
    if above and above.role is Role.HEADING and not _DATES.match(above.text):
        return f"{above.text}: {title}"
    if below and len(below.text) < 80 and re.search(r"\b(?:council|borough|city|county)\b", below.text, re.IGNORECASE):
        return f"{below.text}: {title}"
    return title


def printed_authority(title: str) -> str:
    """The authority's name as a title prints it, for one that is not listed (some have been abolished), or ""."""
    named = re.search(
        r"(?:inspection|visit) (?:of|to) (?:the )?(.+?) (?:local authority |county council |council )?children.s", title, re.IGNORECASE
    )
    name = named[1] if named else title.partition(":")[0] if ":" in title else ""
    return re.sub(_COUNCIL, "", name, flags=re.IGNORECASE).strip()


def _unlisted(authority: str, known: str) -> str:
    return "" if known else f"{authority} is not among the authorities of today."


# -- dates --------------------------------------------------------------------------


def _inspected(cover: list[Block]) -> tuple[str, str, str, str]:
    """(first day, last day, last day of the first stretch, note): a report may print two stretches with weeks between."""
    text = _first(_DATES, _lines(cover)) or _first(_VISITED, (block.text for block in cover))
    days = dates(text)
    if not days:
        return "", "", "", "The report prints no dates of inspection."
    start, end = days[0], days[-1]
    note = f"The dates printed are {text.strip()}." if len(days) > 2 else ""
    return start, end, days[min(1, len(days) - 1)], note


def dates(text: str) -> list[str]:
    """The dates of `text`, ISO, in order. A day without its month or year takes those of the next: "9 to 20 May 2022".

    Days are written 9 May 2022 or, rarely, 09/05/2022.
    """
    if numeric := [_iso(int(y), int(m), int(d)) for d, m, y in _NUMERIC.findall(text)]:
        return [iso for iso in numeric if iso]
    found = []
    month, year = 0, 0
    for token in reversed(list(_TOKEN.finditer(text))):
        named = (token[2] or "").lower()[:3]
        before = month
        month = _MONTHS.index(named) + 1 if named in _MONTHS else month
        year = int(token[3]) if token[3] else year - (month > before > 0)
        iso = _iso(year, month, int(token[1]))
        found += [iso] if iso else []
    return found[::-1]


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days + 1 if start and end else _SHORT_DAYS + 1


def _published(blocks: list[Block], cover: list[Block], path: str, end: str) -> tuple[str, str]:
    """(date of publication, note). Printed where it is; a letter's is the date it bears; else the file's name has it."""
    printed = dates(_first(_PUBLISHED, _lines(cover)))
    if printed:
        return printed[0], ""
    salutation = next((i for i, block in enumerate(cover) if block.text.startswith("Dear ")), None)
    borne = [day for line in _lines(cover[:salutation]) if len(line) < 30 for day in dates(line)] if salutation else []
    if borne:
        return borne[0], ""
    named = dates(re.sub(r"[_-]+", " ", path.rpartition("/")[2])) or re.findall(r"20\d\d-\d\d-\d\d", path.rpartition("/")[2])
    if named and named[-1] >= end:
        return named[-1], "The report does not print when it was published: the date is the one in the file's name."
    return "", "The report does not print when it was published."


# -- people -------------------------------------------------------------------------


def lead_inspector(blocks: list[Block], framework: str) -> str:
    """The lead inspector's name without title or post; for a letter, who signed it. "" where there is none."""
    printed = _first(_LEAD, _lines(blocks, joined_bullets=True))
    if not printed and framework in UNGRADED:
        signed = next((i for i, block in enumerate(blocks) if re.match(r"Yours (?:sincerely|faithfully)", block.text)), None)
        lines = [] if signed is None else [line for block in blocks[signed:] for line in block.text.split("\n")]
        printed = next((line for line in lines if not line.startswith("Yours") and line.strip()), "")
    return _ROLE_OF_INSPECTOR.sub("", printed).strip(" .:*")


# -- judgements ---------------------------------------------------------------------


def _judgements(blocks: list[Block], framework: str, end: str) -> tuple[dict[str, Judgement], list[str]]:
    """(judgement by column, notes): the notes say why a column has none, and where the report is at odds with itself."""
    if framework in UNGRADED:
        return {}, [f"A {framework} gives no grades." if framework != JTAI else "A joint targeted area inspection gives no grades."]
    found: dict[str, Judgement] = {}
    others: list[str] = []
    for name, grade, page in _rows(blocks):
        column = _column(name)
        if column == "overall_effectiveness" and framework == SAFEGUARDING:
            others.append(f"{name}: {grade}")
        elif column and column not in found:
            found[column] = Judgement(grade, page)
        elif not column and not name.lower().startswith("2.1"):
            others.append(f"{name}: {grade}")
    notes = [_why_not(column, framework, end, found) for column in JUDGEMENTS if _grade(found, column) == NOT_REPORTED]
    for column, grade, page in _headed(blocks):
        if column not in found:
            found[column] = Judgement(grade, page)
            notes = [note for note in notes if note != _why_not(column, framework, end, {})]
        elif found[column].grade not in {grade, NOT_REPORTED}:
            notes.append(f"The heading on page {page} says {grade} for {column.replace('_', ' ')}.")
    if framework in {SAFEGUARDING, LOOKED_AFTER, PROTECTION} and others:
        notes.append(f"Also judged: {'; '.join(dict.fromkeys(others))}.")
    return {column: judgement for column, judgement in found.items() if judgement.grade != NOT_REPORTED}, list(dict.fromkeys(notes))


def _rows(blocks: list[Block]) -> Iterator[tuple[str, str, int | None]]:
    """(name, grade, page) of each row of the judgements: on the cover, and where old reports keep a record of them."""
    for block in _before_text(blocks):
        if overall := _OVERALL.match(block.text):
            yield "Overall effectiveness", _plain_grade(overall["grade"]), block.page
        for line in block.text.split("\n") if block.role is not Role.BULLET else ():
            if row := _ROW.match(_with_number(block, line)):
                yield row["name"], _plain_grade(row["grade"]), block.page
    start = next((i for i, block in enumerate(blocks) if _RECORD.match(block.text) and block.role is Role.HEADING), len(blocks))
    for block in blocks[start:]:
        for line in block.text.split("\n"):
            if row := _ROW.match(line):
                yield row["name"], _plain_grade(row["grade"]), block.page


def _before_text(blocks: list[Block]) -> list[Block]:
    """The blocks of the cover: those before the first section, no more than two pages."""
    end = next((i for i, b in enumerate(blocks) if (b.page or 1) > 2 or (b.role is Role.HEADING and _IMPROVE.match(b.text))), _COVER_BLOCKS)
    return blocks[: min(end, _COVER_BLOCKS)]


def _with_number(block: Block, line: str) -> str:
    return f"{block.number} {line}" if block.number else line


def _column(name: str) -> str:
    return next((column for column, pattern in _COLUMNS if re.match(pattern, name, re.IGNORECASE)), "")


def _headed(blocks: list[Block]) -> Iterator[tuple[str, str, int | None]]:
    """(column, grade, page) of each judgement that a section's heading repeats."""
    for block in map(_known_heading, blocks):
        if block.role is Role.HEADING and block.page != 1 and (judged := _judged(block.text)):
            yield *judged, block.page


def _judged(heading: str) -> tuple[str, str] | None:
    """(column, grade) of the judgement that a heading states, or None: "Leadership, management and governance: Good"."""
    match = _HEADED.match(heading) if len(heading) < 200 and not BOARD.search(heading) else None
    column = _column(match["name"]) if match else ""
    return (column, _plain_grade(match["grade"])) if match and column else None


def _plain_grade(printed: str) -> str:
    grade = printed.lower()
    if grade.startswith("require"):
        return "requires improvement"
    return NOT_REPORTED if grade == "not judged" else grade


def _grade(found: dict[str, Judgement], column: str) -> str:
    return found[column].grade if column in found else NOT_REPORTED


def _why_not(column: str, framework: str, end: str, found: dict[str, Judgement]) -> str:
    """Why a graded report has no grade in `column`, in one sentence."""
    if column in found:
        return f"The report says that {column.replace('_', ' ')} was not judged."
    if column == "overall_effectiveness" and framework.startswith(_ILACS) and end >= _NO_OVERALL_FROM:
        return "Ofsted gives no overall effectiveness grade from April 2026."
    if column == "care_leavers" and framework.startswith(_ILACS) and end < "2023-03":
        return "Care leavers are judged together with children in care."
    if framework in {SAFEGUARDING, LOOKED_AFTER, PROTECTION}:
        return f"The {framework} framework has no judgement of {column.replace('_', ' ')} alone."
    return f"No grade for {column.replace('_', ' ')} was found in the report."


# -- paragraphs ---------------------------------------------------------------------


def labelled(blocks: list[Block]) -> Iterator[Paragraph]:
    """The paragraphs of a report, each with its label.

    The label is the printed number; in a report that prints none it is the order. Where a report numbers only some,
    the others are labelled by page and place on it ("p2.3"). A series that starts again gets "2-" before its numbers.
    The cover, with the judgements, is one paragraph; addresses and notices of copyright are none.
    """
    end = _cover_end(blocks)
    cover = [block for block in blocks[:end] if not _BOILERPLATE.match(block.text)]
    if cover:
        yield Paragraph(
            "cover", "Judgements", replace(cover[0], text="\n".join(_printed(b) for b in cover), role=Role.PARAGRAPH, number="")
        )
    body = _with_bullets(_under_headings(mend(block for block in blocks[end:] if not _BOILERPLATE.match(block.text))))
    some = any(block.number for _, block in body)
    series, last, on_page = 1, 0, dict[int, int]()
    for order, (path, block) in enumerate(body, start=1):
        page = block.page or 0
        on_page[page] = on_page.get(page, 0) + (not block.number)
        number = int(block.number) if block.number.isdigit() else None
        if number is not None:
            series, last = series + (number <= last), number
        label = (f"{series}-" if series > 1 else "") + block.number if block.number else f"p{page}.{on_page[page]}" if some else str(order)
        yield Paragraph(label, " > ".join(path) or "Summary", block)


def _printed(block: Block) -> str:
    return f"- {block.text}" if block.role is Role.BULLET else _with_number(block, block.text)


def _cover_end(blocks: list[Block]) -> int:
    """Where the cover ends: after the last row of judgements, or all of page 1 where page 2 starts afresh."""
    rows = [i for i, block in enumerate(_before_text(blocks)) if block.page in {1, None} and any(map(_ROW.match, block.text.split("\n")))]
    facts = [i for i, block in enumerate(blocks[:_COVER_BLOCKS]) if _DATES.match(block.text) or _PUBLISHED.match(block.text)]
    last = max([*rows, *facts], default=-1)
    following = [block for block in blocks[last + 1 :] if block.page == 1]
    if all(len(block.text) < 400 for block in following) and not any(block.last_page for block in following):
        last += len(following)
    return last + 1


def _under_headings(blocks: Iterable[Block]) -> Iterator[tuple[tuple[str, ...], Block]]:
    """(headings above it, outermost first; block) for every block.

    A heading stands under those of higher rank: by what they say where it is one that all such reports have, else by type.
    """
    stack: list[Block] = []
    for block in map(_known_heading, blocks):
        if block.role is Role.HEADING:
            stack = [*(above for above in stack if _stands_over(above, block)), block]
        yield tuple(heading.text for heading in stack), block


def _stands_over(above: Block, heading: Block) -> bool:
    """Whether `above`, a heading still open, goes on over `heading`."""
    higher, rank = _rank(above), _rank(heading)
    if rank < _UNRANKED:
        return higher < rank
    return above.level < heading.level + (higher < _UNRANKED)


def _rank(heading: Block) -> int:
    """How high a heading stands that all such reports have, 1 the highest; `_UNRANKED` for any other."""
    for rank, pattern in _RANKS:
        if re.match(pattern, heading.text, re.IGNORECASE) and (rank > 1 or heading.level <= _LOWEST_PART):
            return rank
    return _JUDGEMENT_RANK if _judged(heading.text) else _UNRANKED


def _known_heading(block: Block) -> Block:
    """`block` as a heading where its words are those of one, however it is set."""
    if block.role is not Role.PARAGRAPH or block.number:
        return block
    row = "\n" not in block.text and not block.text.endswith(".") and _ROW.match(block.text)
    known = _KNOWN_HEADING.match(block.text) or (row and _column(row["name"]))
    return replace(block, role=Role.HEADING, level=_USUAL_LEVEL) if known else block


def _with_bullets(placed: Iterable[tuple[tuple[str, ...], Block]]) -> list[tuple[tuple[str, ...], Block]]:
    """Paragraphs, each with the bullets it leads into. Bullets right under a heading stand alone, each with its own."""
    out: list[tuple[tuple[str, ...], Block]] = []
    alone = False
    for path, block in placed:
        if block.role is Role.HEADING:
            alone = True
        elif block.role is Role.PARAGRAPH or not out or (alone and block.level == 0):
            out.append((path, replace(block, role=Role.PARAGRAPH)))
            alone = alone and block.role is Role.BULLET
        else:
            lead = out[-1][1]
            ends = block.last_page or block.page
            joined = f"{lead.text}\n{'  ' * max(block.level - alone, 0)}- {block.text}"
            out[-1] = out[-1][0], replace(lead, text=joined, last_page=ends if ends != lead.page else None)
    return out


# -- helpers ------------------------------------------------------------------------


def _lines(blocks: Iterable[Block], joined_bullets: bool = False) -> Iterator[str]:
    return (line for block in blocks if joined_bullets or block.role is not Role.BULLET for line in block.text.split("\n"))


def _first(pattern: re.Pattern[str], texts: Iterable[str]) -> str:
    """The first group of the first text that `pattern` finds a match in, or ""."""
    return next((match[1] for text in texts if (match := pattern.search(text))), "")
