"""The PDF reader: hand-set lines become blocks, and files that cannot be read are refused by name."""

import io
import shutil

import pypdfium2
import pytest

from assistant.errors import ReadError
from ingest.blocks import Role
from ingest.readers import pdf, pdf_text
from ingest.readers.pdf_layout import blocks, in_order, joined, without_contents
from ingest.readers.pdf_lines import HYPHEN, Line
from tests.shared import shared


def line(text, top, left=71.0, page=1, size=12.0, width=6.0, **how):
    return Line(text, page, left, left + width * len(text), top, top + size, size, **how)


FULL = "a line of running text that reaches all the way to the right margin of it"


def told(pages):
    return [(b.role, b.number, b.text, b.page, b.last_page) for b in blocks(pages)]


def test_a_numbered_paragraph_over_a_page_break_is_one_block_with_both_pages():
    first = [line("1. " + FULL, 100), line(FULL, 114, 99), line("ends.", 128, 99), line("2. " + FULL, 760), line("A council.", 806, size=8)]
    second = [line("Still the second one. " + FULL, 100, 99, 2), line("3. Short.", 134, page=2), line("A council.", 806, size=8, page=2)]
    assert told([first, second]) == [
        (Role.PARAGRAPH, "1", f"{FULL} {FULL} ends.", 1, None),
        (Role.PARAGRAPH, "2", f"{FULL} Still the second one. {FULL}", 1, 2),
        (Role.PARAGRAPH, "3", "Short.", 2, None),
    ]


def test_running_lines_page_numbers_and_footnotes_are_left_out():
    def page(n):
        return [
            line("Inspection of a council", 30, page=n, size=8),
            line(f"Body of page {n}.", 100, page=n),
            line("A note on the page.", 740, page=n, size=9, marked=True),
            line("It goes on.", 751, page=n, size=9),
            line(str(n), 800, 500, n),
        ]

    assert [b.text for b in blocks([page(1), page(2)])] == ["Body of page 1.", "Body of page 2."]


def test_bullets_keep_their_lines_and_how_deep_they_are_nested():
    lines = [
        line("\uf06e Children live in", 100),
        line("many places:", 114, 89),
        line("\uf02d at home", 134, 116),
        line("\uf02d in schools", 154, 116),
        line("\uf06e Another.", 174),
    ]
    assert [(b.text, b.role, b.level) for b in blocks([lines])] == [
        ("Children live in many places:", Role.BULLET, 0),
        ("at home", Role.BULLET, 1),
        ("in schools", Role.BULLET, 1),
        ("Another.", Role.BULLET, 0),
    ]


def test_the_cells_of_a_row_are_parted_and_rows_of_one_table_are_one_block():
    lines = [
        line("The experiences of children", 100, 77),
        line("who need help", 114, 77),
        line("Requires improvement", 100, 303),
        line("Overall effectiveness", 141, 77),
        line("Good", 141, 303),
        line("The text after the table.", 190, 71),
    ]
    assert [b.text for b in blocks([lines])] == [
        "The experiences of children who need help: Requires improvement\nOverall effectiveness: Good",
        "The text after the table.",
    ]


def test_a_heading_is_larger_or_bold_and_runs_over_lines_of_its_own_type():
    lines = [
        line("The experiences and progress of children who need help and", 100, bold=True, size=14),
        line("protection: good", 117, bold=True, size=14),
        line("Body text that is in no way a heading, and is longer than what stands above it.", 145),
    ]
    made = blocks([lines])
    assert (made[0].role, made[0].text) == (
        Role.HEADING,
        "The experiences and progress of children who need help and protection: good",
    )
    assert made[1].role is Role.PARAGRAPH


def test_a_number_that_begins_a_line_inside_a_paragraph_is_no_paragraph_number():
    lines = [line("1. Strategy meetings under section", 100), line("47. When they are held, all come.", 114, 99)]
    assert told([lines]) == [(Role.PARAGRAPH, "1", "Strategy meetings under section 47. When they are held, all come.", 1, None)]


def test_a_word_broken_at_a_lines_end_is_joined_only_where_the_document_has_it_whole():
    assert joined(["multi" + HYPHEN, "agency work"], {"agency"}.__contains__) == "multi-agency work"
    assert joined(["infor" + HYPHEN, "mation shared"], {"information"}.__contains__) == "information shared"
    assert joined(["in 2016-", "17 and"], set().__contains__) == "in 2016-17 and"


def test_the_table_of_contents_goes_and_what_follows_it_stays():
    lines = [
        line("Contents", 100),
        line("Summary 3", 120),
        line("A long entry that goes", 140),
        line("over a line 12", 154),
        line("The text.", 190),
    ]
    assert [one.text for one in without_contents(lines)] == ["The text."]


def test_a_page_written_out_of_order_is_read_from_the_top_and_columns_as_they_were_written():
    low, high = [line("low", 300), line("lower", 314)], [line("high", 100)]
    assert [one.text for one in in_order(low + high)] == ["high", "low", "lower"]
    left, right = [line("left", 100), line("left two", 314)], [line("right", 100, 300), line("right two", 314, 300)]
    assert [one.text for one in in_order(left + right)] == ["left", "left two", "right", "right two"]


def scan():
    """A PDF of one page that holds a picture and no text."""
    content = b"q 200 0 0 200 0 0 cm /I Do Q"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream\n\x80\nendstream",
    ]
    body = b"".join(b"%d 0 obj%s\nendobj\n" % (i, one) for i, one in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"


def test_a_scan_is_named_a_scan_where_tesseract_is_not_installed(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReadError, match=r"old\.pdf is a scan, .* no text"):
        pdf.read("old.pdf", scan())


def test_a_scan_is_read_by_tesseract_where_it_is_installed(monkeypatch, tmp_path):
    tool = tmp_path / "tesseract"
    tool.write_text('#!/bin/sh\nhead -c 2 | /usr/bin/env grep -q P5 && echo "Read from the picture."\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert [(b.text, b.page) for b in pdf.read("old.pdf", scan()).blocks] == [("Read from the picture.", 1)]


def partly_scanned(report, pictures, of):
    """The first `of` pages of a report, those whose numbers are in `pictures` as pictures of themselves."""
    with pypdfium2.PdfDocument(report) as source, pypdfium2.PdfDocument.new() as made:
        for number in range(1, of + 1):
            if number not in pictures:
                made.import_pages(source, [number - 1])
                continue
            page = source[number - 1]
            image = pypdfium2.PdfImage.new(made)
            image.set_bitmap(page.render(scale=3, grayscale=True))
            image.set_matrix(pypdfium2.PdfMatrix().scale(*page.get_size()))
            copy = made.new_page(*page.get_size())
            copy.insert_obj(image)
            copy.gen_content()
        data = io.BytesIO()
        made.save(data)
        return data.getvalue()


def some_report():
    return sorted(shared("reports").rglob("*2023.pdf"))[0].read_bytes()


def test_a_few_pages_that_are_pictures_are_named_and_the_rest_is_read(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    source = pdf.read("part.pdf", partly_scanned(some_report(), {2}, 5))
    assert source.unread == (2,)
    assert {block.page for block in source.blocks} == {1, 3, 4, 5}


def test_a_scan_behind_a_cover_with_text_is_a_scan(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReadError, match=r"part\.pdf is a scan"):
        pdf.read("part.pdf", partly_scanned(some_report(), {2, 3, 4}, 4))


def test_tesseract_reads_the_pages_that_are_pictures_into_their_place():
    if not shutil.which("tesseract"):
        pytest.skip("tesseract is not installed")
    report = some_report()
    whole = " ".join(block.text for block in pdf.read("whole.pdf", partly_scanned(report, set(), 4)).blocks if block.page == 3)
    blocks = pdf.read("part.pdf", partly_scanned(report, {3}, 4)).blocks
    assert [block.page for block in blocks] == sorted(block.page for block in blocks)
    words = set(" ".join(block.text for block in blocks if block.page == 3).split())
    assert len(words & set(whole.split())) > 0.9 * len(set(whole.split()))


def test_a_file_that_pdfium_cannot_open_is_refused_in_one_sentence():
    with pytest.raises(ReadError, match=r"bad\.pdf is damaged") as refusal:
        pdf.read("bad.pdf", b"%PDF-1.4\nnothing of use")
    assert "\n" not in str(refusal.value)


def test_recognised_text_keeps_numbers_and_mends_hyphens_at_line_ends():
    texts = ["11.Children receive relationship-\nbased support before their pre-\nand post-birth visits."]
    assert [(b.number, b.text) for b in pdf_text.blocks(texts)] == [
        ("11", "Children receive relationship-based support before their pre- and post-birth visits.")
    ]
