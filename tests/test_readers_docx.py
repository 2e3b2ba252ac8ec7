import io
import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from assistant.errors import ReadError
from ingest.blocks import Role
from ingest.readers import docx, read


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def test_headings_paragraphs_and_lists_come_in_order_with_their_path():
    document = Document()
    document.add_heading("Practice handbook", 0)
    document.add_heading("Supervision", 1)
    document.add_paragraph("Every worker is supervised each month.")
    document.add_heading("What is recorded", 2)
    document.add_paragraph("The record holds:")
    document.add_paragraph("decisions", style="List Bullet")
    document.add_paragraph("(a) reasons, as typed", style="List Number")
    document.add_heading("Audit", 1)
    document.add_paragraph("Files are audited.")
    assert [(b.role, b.level, b.text, b.section) for b in docx.read("a.docx", saved(document))] == [
        (Role.HEADING, 1, "Practice handbook", ""),
        (Role.HEADING, 1, "Supervision", ""),
        (Role.PARAGRAPH, 0, "Every worker is supervised each month.", "Supervision"),
        (Role.HEADING, 2, "What is recorded", ""),
        (Role.PARAGRAPH, 0, "The record holds:", "Supervision > What is recorded"),
        (Role.BULLET, 0, "decisions", "Supervision > What is recorded"),
        (Role.BULLET, 0, "(a) reasons, as typed", "Supervision > What is recorded"),
        (Role.HEADING, 1, "Audit", ""),
        (Role.PARAGRAPH, 0, "Files are audited.", "Audit"),
    ]


def test_a_table_is_a_line_per_row_with_its_bold_heading_row_or_without_one():
    document = Document()
    headed = document.add_table(rows=3, cols=2)
    for cell, text in zip(headed.rows[0].cells, ("Action", "Owner"), strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    headed.cell(1, 0).text, headed.cell(1, 1).text = "Visit weekly", "Team manager"
    headed.cell(2, 0).merge(headed.cell(2, 1)).text = "Reviewed in May"
    plain = document.add_table(rows=2, cols=2)
    plain.cell(0, 0).text, plain.cell(0, 1).text = "Phone", "0100"
    plain.cell(0, 0).merge(plain.cell(1, 0))
    plain.cell(1, 1).text = "0200"
    assert [b.text for b in docx.read("a.docx", saved(document))] == [
        "Action: Visit weekly; Owner: Team manager",
        "Reviewed in May",
        "Phone | 0100",
        "Phone | 0200",
    ]


def test_a_box_made_of_a_one_cell_table_keeps_its_bullets():
    document = Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "Remember:"
    cell.add_paragraph("ask the child", style="List Bullet")
    assert [(b.role, b.text) for b in docx.read("a.docx", saved(document))] == [
        (Role.PARAGRAPH, "Remember:"),
        (Role.BULLET, "ask the child"),
    ]


def test_headers_feet_deleted_words_and_contents_are_left_out_and_inserted_words_kept():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "OFFICIAL"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    document.styles.add_style("TOC 1", 1)
    document.add_paragraph("Supervision 3", style="TOC 1")
    paragraph = document.add_paragraph("Visits are ")
    for tag, text_tag, text in (("w:del", "w:delText", "monthly"), ("w:ins", "w:t", "weekly")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    assert [b.text for b in docx.read("a.docx", saved(document))] == ["Visits are weekly"]


def test_text_in_a_content_control_is_read():
    document = Document()
    document.add_paragraph("Inside a control.")
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    paragraph = document.paragraphs[0]._p
    paragraph.addprevious(control)
    content.append(paragraph)
    control.append(content)
    assert document.element.body[0].tag == qn("w:sdt")
    assert [b.text for b in docx.read("a.docx", saved(document))] == ["Inside a control."]


def test_printed_numbers_label_paragraphs_where_most_have_one_and_stay_in_the_text_elsewhere():
    numbered, few = Document(), Document()
    for text in ("1. First.", "2. Second.", "A paragraph without.", "3. Third."):
        numbered.add_paragraph(text)
    for text in ("Intro.", "1. First.", "More.", "End."):
        few.add_paragraph(text)
    assert [(b.label, b.text) for b in docx.read("a.docx", saved(numbered))] == [
        ("1", "First."),
        ("2", "Second."),
        ("after 2", "A paragraph without."),
        ("3", "Third."),
    ]
    assert [(b.label, b.text) for b in docx.read("a.docx", saved(few))] == [
        ("", "Intro."),
        ("", "1. First."),
        ("", "More."),
        ("", "End."),
    ]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    small = saved(Document())
    monkeypatch.setattr(docx.docx, "Document", lambda _: pytest.fail("it was opened"))
    with pytest.raises(ReadError, match=r"bomb\.docx unpacks to far more"):
        docx.read("bomb.docx", with_part(small, "word/media/a.xml", b"\0" * 30_000_000))
    monkeypatch.setattr(docx, "MAX_UNPACKED", 10_000)
    with pytest.raises(ReadError, match="unpacks to far more"):
        docx.read("large.docx", small)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Word"),
        (b"just text", "is not a Word document"),
        (b"PK\x03\x04 torn", "is not a Word document"),
        (b"<!DOCTYPE html><html><body></body></html>", "is named .docx but is HTML with no text"),
    ],
)
def test_what_is_not_a_word_document_is_refused_by_name(tmp_path, data, says):
    file = tmp_path / "minutes.docx"
    file.write_bytes(data)
    with pytest.raises(ReadError, match=says) as refusal:
        read(file)
    assert "minutes.docx" in str(refusal.value) and "\n" not in str(refusal.value)


def test_another_office_file_and_a_torn_one_are_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>")
    with pytest.raises(ReadError, match=r"torn\.docx is damaged"):
        docx.read("torn.docx", stream.getvalue())
    macro = saved(Document())
    with zipfile.ZipFile(io.BytesIO(macro)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"wordprocessingml.document.main", b"presentationml.slideshow.main")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(ReadError, match=r"slides\.docx is not a Word document"):
        docx.read("slides.docx", stream.getvalue())
