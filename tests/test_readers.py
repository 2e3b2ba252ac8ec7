import pytest
from pypdf import PdfWriter

from assistant.errors import ReadError
from ingest.blocks import Role
from ingest.readers import read


def test_markdown_gives_headings_paragraphs_and_bullets_and_no_html(tmp_path):
    file = tmp_path / "a.md"
    file.write_text("# Title\n\nSome *plain* text.\n\n<script>alert(1)</script>\n\n- one\n- two\n")
    assert [(b.role, b.text) for b in read(file)] == [
        (Role.HEADING, "Title"),
        (Role.PARAGRAPH, "Some plain text."),
        (Role.BULLET, "one"),
        (Role.BULLET, "two"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b"%PDF-1.4 ...", "rename it"),
        ("a.txt", b"\x00\x01\x02\x03", "not text"),
        ("a.pdf", b"<!DOCTYPE html><html></html>", "is HTML"),
        ("a.pdf", b"%PDF-1.4 broken", "damaged"),
        ("a.xyz", b"x", "not a format"),
        ("a.DOC", b"x", r"is a \.doc file, which cannot be read; save it as \.docx or \.pdf"),
        ("a.pptx", b"x", r"save it as \.pdf"),
    ],
)
def test_a_bad_file_is_refused_by_name_in_one_line(tmp_path, name, data, says):
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(ReadError, match=says) as refusal:
        read(file)
    assert name in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_locked_pdf_and_one_without_text_are_refused(tmp_path):
    locked, blank = PdfWriter(), PdfWriter()
    for writer in (locked, blank):
        writer.add_blank_page(200, 200)
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(tmp_path / "locked.pdf")
    blank.write(tmp_path / "blank.pdf")
    with pytest.raises(ReadError, match="locked"):
        read(tmp_path / "locked.pdf")
    with pytest.raises(ReadError, match="no text"):
        read(tmp_path / "blank.pdf")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ReadError, match="does not exist"):
        read(tmp_path / "gone.txt")
