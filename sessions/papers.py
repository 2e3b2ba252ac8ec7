"""A pack as Word papers: the handout, and the facilitator's guide with the key. The one module here that speaks python-docx."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from sessions.pack import INVENTED, OURS, STANDINGS, Form, Pair, Question, Quoted, SessionPack, source_line, where

_DARK, _QUIET, _LINK = RGBColor(0x14, 0x29, 0x2F), RGBColor(0x48, 0x4F, 0x52), RGBColor(0x1A, 0x52, 0x93)
_LINES = "\n\n\n"
"""Room to write."""


def handout(pack: SessionPack) -> bytes:
    """What participants take away, as a .docx file: no answers in it."""
    paper = _Paper(pack, "Handout")
    paper.aims()
    paper.findings()
    paper.law()
    paper.discussion()
    paper.case()
    if pack.quiz:
        paper.heading("Quiz", 1)
        for number, question in enumerate(pack.quiz, start=1):
            paper.question(number, question)
    paper.heading("Reflection sheet for supervision", 1)
    paper.ours()
    for text in pack.reflection:
        paper.heading(text, 2)
        paper.say(_LINES)
    paper.back()
    return paper.bytes()


def guide(pack: SessionPack) -> bytes:
    """How to run the session, with the key to the quiz, as a .docx file."""
    paper = _Paper(pack, "Facilitator\u2019s guide")
    paper.heading("Before you start", 1)
    paper.ours()
    paper.bullets(
        (
            "Read the page on limits at the end, and open the sources of the quotes that you will use most.",
            "Bring your local procedure for whatever the statements of law leave to it.",
            "Say at the start that no names or details of real children or families are needed.",
            "If somebody speaks of a child who may be in danger now, stop and follow your own procedure; in an emergency call 999.",
        )
    )
    paper.aims()
    paper.heading("Running order", 1)
    paper.ours()
    rows = [(_clock(a.start), str(a.minutes), a.name) for a in pack.order]
    told = "; ".join(f"{a.name}, {a.minutes} minutes" for a in pack.order)
    paper.table(("From", "Minutes", "Part"), rows, (2.5, 2.5, 11.0), f"The running order: {told}.")
    for activity in pack.order:
        paper.heading(f"{activity.name} ({activity.minutes} minutes)", 2)
        paper.say(activity.how)
    paper.findings()
    paper.law()
    paper.discussion()
    paper.heading("Listen for", 2)
    paper.ours()
    paper.bullets(pack.listen)
    paper.case()
    if pack.quiz:
        paper.heading("Quiz with its key", 1)
        for number, question in enumerate(pack.quiz, start=1):
            paper.question(number, question)
            paper.key(question)
    paper.heading("Reflection", 1)
    paper.ours()
    paper.bullets(pack.reflection)
    paper.back()
    return paper.bytes()


class _Paper:
    def __init__(self, pack: SessionPack, kind: str) -> None:
        self.pack = pack
        self.file: Any = Document()
        _styled(self.file)
        properties = self.file.core_properties
        properties.title, properties.author, properties.language, properties.comments = f"{pack.title}: {kind.lower()}", "", "en-GB", ""
        self.file.add_heading(pack.title, 0)
        asked = f" Asked for as: {pack.request.topic.asked}." if pack.request.topic.asked else ""
        self.say(f"{kind} for a session of {pack.request.minutes} minutes with {pack.audience.lower()}.{asked}", "Subtitle")
        _page_numbers(self.file.sections[0].footer.paragraphs[0], f"{pack.title}: {kind.lower()}")

    def bytes(self) -> bytes:
        out = BytesIO()
        self.file.save(out)
        return out.getvalue()

    # -- sections ------------------------------------------------------------------

    def aims(self) -> None:
        self.heading("Aims", 1)
        self.ours()
        self.say("By the end of the session you will be able to:").paragraph_format.keep_with_next = True
        self.bullets(self.pack.aims)

    def findings(self) -> None:
        if not self.pack.pairs:
            return
        self.heading("What inspectors found", 1)
        said = "Real quotes, word for word. The number in brackets is the source in the list at the end."
        self.say(said).paragraph_format.keep_with_next = True
        if self.pack.summary:
            self.heading("In short", 2)
            self.bullets(line.cited for line in self.pack.summary)
        for number, pair in enumerate(self.pack.pairs, start=1):
            self.heading(f"Pair {number}", 2)
            self._pair(pair)

    def _pair(self, pair: Pair) -> None:
        for side, head in ((pair.strength, "Done well"), (pair.improvement, "Needs to improve")):
            self.heading(head, 3)
            if side:
                self.say(f"\u201c{side.text}\u201d", "Quote")
                self.say(f"[{side.source.label}] {where(side.source)}", "Source")
            else:
                self.say(pair.gap)

    def law(self) -> None:
        if not self.pack.law:
            return
        self.heading("What law and guidance expect", 1)
        self.say("The project\u2019s plain-language notes: the official text outranks them.").paragraph_format.keep_with_next = True
        for number, statement in enumerate(self.pack.law, start=1):
            self.heading(f"Statement {number}: {_standing(statement)}", 2)
            self.say(statement.text).paragraph_format.keep_with_next = True
            cited = self.say(f"[{statement.source.label}] {where(statement.source)}", "Source")
            cited.paragraph_format.keep_with_next = bool(statement.source.url)
            self.link(statement.source.url)

    def discussion(self) -> None:
        if not self.pack.prompts:
            return
        self.heading("Discussion", 1)
        self.ours()
        self.numbered(prompt.text for prompt in self.pack.prompts)

    def case(self) -> None:
        if not (case := self.pack.case):
            return
        self.heading(f"Invented case: {case.title}", 1)
        self.say(INVENTED, "Strong line").paragraph_format.keep_with_next = True
        self.ours()
        self.say(case.text)
        self.numbered(case.questions)

    def question(self, number: int, question: Question) -> None:
        self.heading(f"Question {number}: {question.form.value}", 2)
        self.say(question.ask).paragraph_format.keep_with_next = True
        if question.form is Form.TRUE_FALSE:
            self.say("True / False", "Option")
            return
        for letter, option in zip("ABCDEF", question.options, strict=False):
            self.say(f"{letter}. {option}", "Option").paragraph_format.keep_with_next = letter != "ABCDEF"[len(question.options) - 1]
        if question.form is Form.ORDER:
            self.say("Right order: ______________________")
        elif question.form is Form.SHORT:
            self.say("Answer: ______________________")

    def key(self, question: Question) -> None:
        if question.form is Form.ORDER:
            letters = dict(zip(question.options, "ABCDEF", strict=False))
            right = ", ".join(letters[option] for option in question.right)
        elif question.form is Form.CHOICE:
            right = f"{'ABCDEF'[question.options.index(question.right[0])]}. {question.right[0]}"
        else:
            right = " or ".join(question.right)
        self.say(f"Answer: {right}", "Strong line")
        self.say(question.key)
        for source in question.sources:
            self.say(f"[{source.label}] {source_line(source)}", "Source")

    def back(self) -> None:
        self.heading("Sources", 1)
        for source in self.pack.sources:
            self.say(f"[{source.label}] {source_line(source)}", "Source")
        self.heading("Reading list", 1)
        for item in self.pack.reading:
            paragraph = self.say(". ".join(filter(None, (item.title, item.edition))) + ". ", "List Bullet")
            _hyperlink(paragraph, item.url)
        self.heading("What this pack does not cover", 1)
        self.ours()
        self.bullets(self.pack.limits)

    # -- pieces ---------------------------------------------------------------------

    def heading(self, text: str, level: int) -> None:
        self.file.add_heading(text, level)

    def say(self, text: str, style: str = "Normal") -> Any:
        return self.file.add_paragraph(text, style)

    def ours(self) -> None:
        """Beside what does not come from a source."""
        laid_out = self.say(OURS, "Source").paragraph_format
        laid_out.keep_with_next, laid_out.left_indent = True, Cm(0)

    def bullets(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.say(text, "List Bullet")

    def numbered(self, texts: Iterable[str]) -> None:
        """With the numbers as text: Word would count on from the last list."""
        for number, text in enumerate(texts, start=1):
            self.say(f"{number}. {text}", "Option")

    def link(self, url: str) -> None:
        if url:
            _hyperlink(self.say("", "Source"), url)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], told: str) -> None:
        """`told` is its alternative text."""
        table = self.file.add_table(rows=0, cols=len(heads), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
        for i, row in enumerate((heads, *rows)):
            cells = table.add_row().cells
            for cell, text, width in zip(cells, row, widths, strict=True):
                cell.text, cell.width = text, Cm(width)
                paragraph = cell.paragraphs[0]
                paragraph.runs[0].bold = i == 0
                paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
                paragraph.paragraph_format.keep_with_next = i < len(rows)  # on one page
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        described = OxmlElement("w:tblDescription")
        described.set(qn("w:val"), told)
        table._tbl.tblPr.append(described)


def _standing(statement: Quoted) -> str:
    standing = STANDINGS.get(statement.source.force, statement.source.force)
    return standing[:1].lower() + standing[1:]


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _styled(file: Any) -> None:
    """Fonts, sizes, colours and the language, in the styles."""
    styles = file.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11.5)
    normal.paragraph_format.space_after = Pt(8)
    normal.paragraph_format.line_spacing = 1.15
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    for name, size, before in (("Title", 26, 0), ("Heading 1", 18, 22), ("Heading 2", 14, 16), ("Heading 3", 12, 10), ("Subtitle", 13, 0)):
        style = styles[name]
        style.font.name, style.font.size, style.font.bold, style.font.italic = "Arial", Pt(size), name != "Subtitle", False
        style.font.color.rgb = _QUIET if name == "Subtitle" else _DARK
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
        style.paragraph_format.keep_with_next = True
        fonts = style.element.rPr.rFonts
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        for kind in ("ascii", "hAnsi"):
            fonts.set(qn(f"w:{kind}"), "Arial")
    styles["Quote"].font.italic, styles["Quote"].font.color.rgb, styles["Quote"].font.size = False, RGBColor(0x0B, 0x0C, 0x0C), Pt(12.5)
    styles["Quote"].paragraph_format.left_indent = Cm(0.8)
    styles["Quote"].paragraph_format.keep_with_next = styles["Quote"].paragraph_format.keep_together = True
    for name, indent, bold, colour, points in (
        ("Source", 0.8, False, _QUIET, 10.0),
        ("Option", 0.8, False, None, 11.5),
        ("Strong line", 0.0, True, None, 11.5),
    ):
        style = styles.add_style(name, 1)
        style.base_style = normal
        style.paragraph_format.keep_together = True
        style.paragraph_format.left_indent, style.font.bold, style.font.size = Cm(indent), bold, Pt(points)
        if colour:
            style.font.color.rgb = colour
    styles["Option"].paragraph_format.space_after = Pt(4)
    for section in file.sections:
        section.left_margin = section.right_margin = Cm(2.3)
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)


def _hyperlink(paragraph: Any, url: str) -> None:
    """A real link, which python-docx has no call for."""
    relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(url)
    run.font.color.rgb, run.font.underline = _LINK, True
    link.append(run._r)
    paragraph._p.append(link)


def _page_numbers(paragraph: Any, name: str) -> None:
    """The paper's name and a field with the page's number."""
    paragraph.add_run(f"{name}, page ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph.add_run("1")
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(9), _QUIET
    field.append(paragraph.runs[-1]._r)
    paragraph._p.append(field)
