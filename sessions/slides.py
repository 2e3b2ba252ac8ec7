"""A pack as PowerPoint. The one module that speaks python-pptx.

Every slide has a title, a footer with its sources (or that it is trainer's material) and speaker notes with how to run it
and the sources in full. Shapes stand in the order in which they are read; what is not text has an alternative text.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any, TypeVar

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from assistant.types import Citation, Kind
from sessions.pack import INVENTED, NOT_IN_FORCE, OURS, STANDINGS, Activity, Form, Pair, Question, Quoted, SessionPack, source_line, where

_T = TypeVar("_T")
_INK, _QUIET, _DARK, _GREEN, _RUST = (
    RGBColor(0x0B, 0x0C, 0x0C), RGBColor(0x48, 0x4F, 0x52), RGBColor(0x14, 0x29, 0x2F), RGBColor(0x14, 0x60, 0x3F), RGBColor(0xA3, 0x3A, 0x05),
)  # fmt: skip
_FONT = "Arial"
_WIDE, _HIGH = Inches(13.333), Inches(7.5)
_LEFT, _ACROSS = Inches(0.75), Inches(11.83)
_TOP, _FOOT = Inches(1.65), Inches(6.62)
_TITLE_SLIDE, _CONTENT, _COMPARISON, _TITLE_ONLY = 0, 1, 4, 5
_PROMPTS, _LINES, _LETTERS = 3, 9, 1000
"""What fits on a slide: prompts, lines and characters of small text."""


def slides(pack: SessionPack) -> bytes:
    """The pack as a .pptx file."""
    deck = _Deck(pack)
    deck.front()
    for activity in pack.order:
        {
            "welcome": deck.aims, "findings": deck.findings, "law": deck.law, "discussion": deck.discussion,
            "break": deck.pause, "case": deck.case, "quiz": deck.quiz, "close": deck.close,
        }[activity.part](activity)  # fmt: skip
    deck.back()
    out = BytesIO()
    deck.file.save(out)
    return out.getvalue()


class _Deck:
    def __init__(self, pack: SessionPack) -> None:
        self.pack = pack
        self.file: Any = Presentation()
        self.file.slide_width, self.file.slide_height = _WIDE, _HIGH
        _styled(self.file)
        properties = self.file.core_properties
        properties.title, properties.author, properties.language = f"{pack.title}: training session", "", "en-GB"
        properties.subject = f"For {pack.audience.lower()}, {pack.request.minutes} minutes"

    # -- slides --------------------------------------------------------------------

    def front(self) -> None:
        pack = self.pack
        slide = self.file.slides.add_slide(self.file.slide_layouts[_TITLE_SLIDE])
        slide.shapes.title.text = pack.title
        slide.shapes.title.text_frame.paragraphs[0].font.size = Pt(44)
        asked = f"\nAsked for as: {pack.request.topic.asked}" if pack.request.topic.asked else ""
        slide.placeholders[1].text = f"A training session for {pack.audience.lower()}\n{pack.request.minutes} minutes{asked}"
        self._finish(slide, [], "Before the session: read the facilitator's guide and the page on limits, and bring your local procedure.")

    def aims(self, activity: Activity) -> None:
        slide = self._titled("By the end of the session you will be able to")
        _fill(slide.placeholders[1], self.pack.aims, listed=True)
        self._finish(slide, [], self._how(activity))
        slide = self._titled("Running order", _TITLE_ONLY)
        rows = [("From", "Minutes", "Part"), *((_clock(a.start), str(a.minutes), a.name) for a in self.pack.order)]
        frame = slide.shapes.add_table(len(rows), 3, _LEFT, _TOP, Inches(8.5), Inches(0.5) * len(rows))
        frame.name = "Running order"
        told = "; ".join(f"{a.name}, {a.minutes} minutes" for a in self.pack.order)
        _described(frame, f"Table of the running order: {told}.")
        _table(frame.table, rows, (Inches(1.4), Inches(1.5), Inches(5.6)))
        self._finish(slide, [], f"The times add up to {self.pack.request.minutes} minutes.")

    def findings(self, activity: Activity) -> None:
        if self.pack.summary:
            slide = self._titled("What inspectors found: in short")
            _fill(slide.placeholders[1], [line.cited for line in self.pack.summary], listed=True)
            sources = {source.label: source for line in self.pack.summary for source in line.sources}
            self._finish(slide, list(sources.values()), "Each sentence rests on a quote that follows.")
        for number, pair in enumerate(self.pack.pairs, start=1):
            slide = self._titled(f"What inspectors found: {number} of {len(self.pack.pairs)}", _COMPARISON)
            self._pair(slide, pair)
            notes = self._how(activity) if number == 1 else "Read both aloud, quantifiers included."
            self._finish(slide, [side.source for side in pair.sides], notes)

    def _pair(self, slide: Any, pair: Pair) -> None:
        longest = max(len(side.text) for side in pair.sides)
        sides = ((pair.strength, "Done well", _GREEN), (pair.improvement, "Needs to improve", _RUST))
        for (side, head, colour), (label, body) in zip(sides, ((1, 2), (3, 4)), strict=True):
            slide.placeholders[label].text = head
            font = slide.placeholders[label].text_frame.paragraphs[0].font
            font.color.rgb, font.bold = colour, True
            box = slide.placeholders[body]
            if not side:
                _fill(box, [pair.gap])
                continue
            _fill(box, [f"\u201c{side.text}\u201d", where(side.source)])
            first, second = box.text_frame.paragraphs
            first.font.size = Pt(28 if longest < 110 else 24 if longest < 170 else 20)
            second.font.size, second.font.color.rgb = Pt(16), _QUIET

    def law(self, activity: Activity) -> None:
        for number, statement in enumerate(self.pack.law, start=1):
            slide = self._titled(f"What law and guidance expect: {number} of {len(self.pack.law)}")
            self._statement(slide, statement)
            self._finish(slide, [statement.source], self._how(activity) if number == 1 else "Ask for the standing before you show it.")

    def _statement(self, slide: Any, statement: Quoted) -> None:
        standing = STANDINGS.get(statement.source.force, statement.source.force)
        _fill(slide.placeholders[1], [statement.text, standing, f"{statement.source.reference}. {statement.source.edition}"])
        text, force, basis = slide.placeholders[1].text_frame.paragraphs
        text.font.size = Pt(26 if len(statement.text) < 300 else 22 if len(statement.text) < 480 else 18)
        force.font.size, force.font.bold = Pt(20), True
        force.font.color.rgb = _RUST if statement.source.force == NOT_IN_FORCE else _GREEN
        basis.font.size, basis.font.color.rgb = Pt(16), _QUIET

    def discussion(self, activity: Activity) -> None:
        groups = _groups(self.pack.prompts, _PROMPTS)
        for number, group in enumerate(groups, start=1):
            slide = self._titled("Discussion" if len(groups) == 1 else f"Discussion: {number} of {len(groups)}")
            _fill(slide.placeholders[1], [prompt.text for prompt in group], listed=True)
            self._finish(slide, [], "\n".join([self._how(activity), "Listen for:", *(f"- {line}" for line in self.pack.listen)]))

    def pause(self, activity: Activity) -> None:
        slide = self._titled("Break")
        _fill(slide.placeholders[1], [f"{activity.minutes} minutes"])
        self._finish(slide, [], self._how(activity))

    def case(self, activity: Activity) -> None:
        case = self.pack.case
        if not case:
            return
        slide = self._titled(f"Invented case: {case.title}")
        _fill(slide.placeholders[1], [case.text, INVENTED])
        text, note = slide.placeholders[1].text_frame.paragraphs
        text.font.size, note.font.size, note.font.bold, note.font.color.rgb = Pt(22), Pt(18), True, _RUST
        self._finish(slide, [], self._how(activity))
        slide = self._titled("Invented case: questions")
        _fill(slide.placeholders[1], case.questions, listed=True)
        self._finish(slide, [], "Each group starts with another question.")

    def quiz(self, activity: Activity) -> None:
        for number, question in enumerate(self.pack.quiz, start=1):
            slide = self._titled(f"Quiz: question {number} of {len(self.pack.quiz)}")
            self._question(slide, question)
            key = f"Answer: {answer(question)}\n{question.key}"
            self._finish(slide, question.sources, f"{self._how(activity)}\n{key}" if number == 1 else key)

    def _question(self, slide: Any, question: Question) -> None:
        lines = [f"{letter}. {option}" for letter, option in zip("ABCDEF", question.options, strict=False)]
        _fill(slide.placeholders[1], [question.ask, *lines])
        length = len(question.ask) + sum(map(len, lines))
        first, *rest = slide.placeholders[1].text_frame.paragraphs
        first.font.size, first.font.bold = Pt(24 if length < 420 else 20), True
        for paragraph in rest:
            paragraph.font.size = Pt(22 if length < 420 else 18)

    def close(self, activity: Activity) -> None:
        slide = self._titled("Reflection")
        _fill(slide.placeholders[1], self.pack.reflection, listed=True)
        self._finish(slide, [], self._how(activity))

    def back(self) -> None:
        """What comes after the session: sources and limits."""
        brief = [f"[{source.label}] {_brief(source)}" for source in self.pack.sources]
        self._pages(
            "Sources", brief, False, "The handout has the same sources.", "Full addresses are in the handout and in the notes of each slide"
        )
        said = "Say this aloud at the start or at the end: it is part of the material."
        self._pages("What this pack does not cover", self.pack.limits, True, said, OURS)

    def _pages(self, title: str, lines: Sequence[str], listed: bool, notes: str, footer: str) -> None:
        pages = _by_length(lines)
        for number, page in enumerate(pages, start=1):
            slide = self._titled(title + (f": {number} of {len(pages)}" if len(pages) > 1 else ""))
            _fill(slide.placeholders[1], page, Pt(16), listed)
            self._finish(slide, [], notes, footer)

    # -- parts of a slide ----------------------------------------------------------

    def _titled(self, title: str, layout: int = _CONTENT) -> Any:
        slide = self.file.slides.add_slide(self.file.slide_layouts[layout])
        slide.shapes.title.text = title
        return slide

    def _how(self, activity: Activity) -> str:
        return f"{activity.name}: {activity.minutes} minutes, from {_clock(activity.start)}.\n{activity.how}"

    def _finish(self, slide: Any, sources: Sequence[Citation], notes: str, footer: str = "") -> None:
        """The footer, by default with the sources, last to be read; and the notes, with the sources in full."""
        box = slide.shapes.add_textbox(_LEFT, _FOOT, _ACROSS, Inches(0.6))
        box.name = "Sources"
        box.text_frame.word_wrap = True
        box.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        named = "; ".join(f"[{source.label}] {_document(source)}" for source in sources)
        box.text_frame.text = footer or (f"Source: {named}" if sources else OURS)
        font = box.text_frame.paragraphs[0].font
        font.size, font.color.rgb, font.name = Pt(14 if len(named) < 200 else 12), _QUIET, _FONT
        full = [f"[{source.label}] {source_line(source)}" for source in sources]
        slide.notes_slide.notes_text_frame.text = "\n".join([notes, "Sources:" if full else f"Source: {OURS.lower()}.", *full])


def answer(question: Question) -> str:
    """The right answer in one line."""
    if question.form is Form.ORDER:
        return "; ".join(f"{n}. {text}" for n, text in enumerate(question.right, start=1))
    return question.right[0]


def _brief(source: Citation) -> str:
    return f"{where(source)}. {_document(source)}"


def _document(source: Citation) -> str:
    if source.kind in (Kind.LETTER, Kind.REPORT):
        return f"{source.publisher}, {source.title}"
    return f"Plain-language note \u201c{source.title}\u201d, paragraph {source.paragraph}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _groups(items: Sequence[_T], size: int) -> list[Sequence[_T]]:
    """`items` in groups of at most `size`, as even as can be."""
    count = -(-len(items) // size)
    edges = [round(i * len(items) / count) for i in range(count + 1)] if count else [0]
    return [items[a:b] for a, b in pairwise(edges)]


def _by_length(texts: Sequence[str]) -> list[list[str]]:
    """`texts` in as few groups as fit on slides in small text, no fuller than they need be."""
    fewest = len(_filled(texts, _LETTERS))
    return next(groups for letters in range(100, _LETTERS + 100, 100) if len(groups := _filled(texts, letters)) <= fewest)


def _filled(texts: Sequence[str], letters: int) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for text in texts:
        if groups[-1] and (sum(map(len, groups[-1])) + len(text) > letters or len(groups[-1]) == _LINES):
            groups.append([])
        groups[-1].append(text)
    return groups


def _fill(shape: Any, lines: Iterable[str], size: Pt | None = None, listed: bool = False) -> None:
    """`lines` as the paragraphs of `shape`, or as a bulleted list."""
    frame = shape.text_frame
    for i, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.text = line
        if size:
            paragraph.font.size = size
        if listed:
            properties = paragraph._p.get_or_add_pPr()
            properties.set("marL", "342900")
            properties.set("indent", "-342900")
            properties.append(properties.makeelement(qn("a:buChar"), {"char": "\u2022"}))


def _described(frame: Any, text: str) -> None:
    """Give a shape that is not text its alternative text."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", text)


def _table(table: Any, rows: Sequence[Sequence[str]], widths: Sequence[Emu]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for i, row in enumerate(rows):
        table.rows[i].height = Inches(0.48)
        for cell, text in zip(table.rows[i].cells, row, strict=True):
            cell.text = text
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            font = cell.text_frame.paragraphs[0].font
            font.size, font.bold, font.name = Pt(18), i == 0, _FONT
            font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF) if i == 0 else _INK
            cell.fill.solid()
            cell.fill.fore_color.rgb = _DARK if i == 0 else RGBColor(0xF4, 0xF6, 0xF7) if i % 2 else RGBColor(0xFF, 0xFF, 0xFF)


# -- the look, set once on the master and its layouts --------------------------------------


def _styled(file: Any) -> None:
    master = file.slide_master
    _defaults(master)
    _line(master)
    _place(master.placeholders, {0: (_LEFT, Inches(0.45), _ACROSS, Inches(1.0)), 1: (_LEFT, _TOP, _ACROSS, Inches(4.85))})
    half, gap = Inches(5.75), Inches(0.33)
    right = _LEFT + half + gap
    layouts = file.slide_layouts
    _place(
        layouts[_TITLE_SLIDE].placeholders, {0: (_LEFT, Inches(1.9), _ACROSS, Inches(1.9)), 1: (_LEFT, Inches(3.95), _ACROSS, Inches(1.8))}
    )
    _place(
        layouts[_COMPARISON].placeholders,
        {
            0: (_LEFT, Inches(0.45), _ACROSS, Inches(1.0)),
            1: (_LEFT, _TOP, half, Inches(0.6)),
            2: (_LEFT, Inches(2.3), half, Inches(4.1)),
            3: (right, _TOP, half, Inches(0.6)),
            4: (right, Inches(2.3), half, Inches(4.1)),
        },
    )
    for layout in layouts:
        for shape in [s for s in layout.placeholders if s.placeholder_format.idx >= 10]:
            shape._element.getparent().remove(shape._element)
    for layout, index in ((_TITLE_SLIDE, 1), *((_COMPARISON, index) for index in (1, 2, 3, 4))):
        _as_master(next(s for s in layouts[layout].placeholders if s.placeholder_format.idx == index))


def _line(master: Any) -> None:
    """A green edge on the left of every slide. It stands on the master, so no reader comes upon it."""
    tree = master.shapes._spTree
    xml = (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="Edge" descr=""/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{Inches(0.22)}" cy="{_HIGH}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:srgbClr val="{_GREEN}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )
    tree.insert(2, parse_xml(xml))


def _place(placeholders: Any, boxes: dict[int, tuple[int, int, int, int]]) -> None:
    for shape in placeholders:
        if box := boxes.get(shape.placeholder_format.idx):
            shape.left, shape.top, shape.width, shape.height = (Emu(edge) for edge in box)


def _defaults(master: Any) -> None:
    """Fonts, sizes, colours, spacing and the language of all text, in the master's styles."""
    styles = master._element.find(qn("p:txStyles"))
    for name, size, colour, bold in (("p:titleStyle", 3200, _DARK, True), ("p:bodyStyle", 2200, _INK, False)):
        level = styles.find(qn(name)).find(qn("a:lvl1pPr"))
        level.set("algn", "l")
        run = level.find(qn("a:defRPr"))
        run.set("sz", str(size))
        run.set("b", str(int(bold)))
        run.set("lang", "en-GB")
        for fill in run.findall(qn("a:solidFill")):
            run.remove(fill)
        fill = run.makeelement(qn("a:solidFill"), {})
        fill.append(fill.makeelement(qn("a:srgbClr"), {"val": str(colour)}))
        run.insert(0, fill)
        for latin in run.findall(qn("a:latin")):
            latin.set("typeface", _FONT)
        if name == "p:bodyStyle":
            _unbulleted(level)
            space = level.find(qn("a:spcBef"))
            space.clear()
            space.append(space.makeelement(qn("a:spcPts"), {"val": "1200"}))
    for shape in master.placeholders:
        properties = shape._element.txBody.find(qn("a:bodyPr"))
        for fit in list(properties):
            properties.remove(fit)
        properties.set("anchor", "b" if shape.placeholder_format.idx == 0 else "t")
    for shape in [s for s in master.placeholders if s.placeholder_format.idx >= 2]:
        shape._element.getparent().remove(shape._element)


def _unbulleted(level: Any) -> None:
    level.set("marL", "0")
    level.set("indent", "0")
    for bullet in (level.find(qn("a:buFont")), level.find(qn("a:buChar"))):
        if bullet is not None:
            level.remove(bullet)
    run = level.find(qn("a:defRPr"))
    run.addprevious(run.makeelement(qn("a:buNone"), {}))


def _as_master(shape: Any) -> None:
    """Take a layout's own alignment, sizes and colours away, so that the master's hold."""
    body = shape._element.txBody
    body.find(qn("a:bodyPr")).set("anchor", "t")
    listed = body.find(qn("a:lstStyle"))
    for level in list(listed):
        listed.remove(level)
