import pytest

from assistant.errors import ReadError
from assistant.types import Document, Kind
from ingest.blocks import Role
from ingest.readers import html, read
from ingest.readers.tables import Cell, rows_as_text
from ingest.structure import passages
from tests.shared import shared

PAGE = """<!DOCTYPE html><html><head><title>Thresholds</title><style>p{}</style></head><body>
<header><p>Council logo</p></header><nav><a href="/">Home</a></nav>
<main><h1>Thresholds</h1><aside><p>Related pages</p></aside>
<p>Help comes <em>early</em>.<script>track()</script></p>
<h2>Levels of need</h2><p>There are two:</p>
<ul><li>universal<ul><li>open to <b>all</b></li></ul></li><li><p>targeted</p></li></ul>
<h3>Steps</h3><ol start="3"><li>Talk</li><li value="7">Act<ol type="a"><li>Soon</li></ol></li></ol>
<form action="/search"><p>Search this site</p><input value="x"></form>
<dl><dt>CIN</dt><dd>child in need</dd></dl><blockquote><p>They listened.</p></blockquote>
</main><footer><p>Crown copyright</p></footer></body></html>"""


def test_a_page_gives_its_main_content_and_none_of_its_furniture():
    assert [(b.role, b.text, b.section) for b in html.read("a.html", PAGE.encode())] == [
        (Role.HEADING, "Thresholds", ""),
        (Role.PARAGRAPH, "Help comes early.", "Thresholds"),
        (Role.HEADING, "Levels of need", ""),
        (Role.PARAGRAPH, "There are two:", "Levels of need"),
        (Role.BULLET, "universal", "Levels of need"),
        (Role.BULLET, "open to all", "Levels of need"),
        (Role.BULLET, "targeted", "Levels of need"),
        (Role.HEADING, "Steps", ""),
        (Role.BULLET, "3. Talk", "Levels of need > Steps"),
        (Role.BULLET, "7. Act", "Levels of need > Steps"),
        (Role.BULLET, "a. Soon", "Levels of need > Steps"),
        (Role.PARAGRAPH, "CIN: child in need", "Levels of need > Steps"),
        (Role.PARAGRAPH, "They listened.", "Levels of need > Steps"),
    ]


def test_passages_of_a_page_keep_bullets_with_their_lead_in_and_the_path_of_headings():
    made = passages(Document("t", "Thresholds", Kind.LOCAL), html.read("a.html", PAGE.encode()), len, 10_000)
    assert [(p.id, p.section, p.text) for p in made[:3]] == [
        ("t:1", "Thresholds", "Help comes early."),
        ("t:2", "Levels of need", "There are two:\n- universal\n- open to all\n- targeted"),
        ("t:3", "Levels of need > Steps", "Steps\n- 3. Talk\n- 7. Act\n- a. Soon"),
    ]


def test_paragraphs_that_start_in_lower_case_are_not_joined_to_the_one_before():
    made = passages(Document("t", "T", Kind.LOCAL), html.read("a.html", b"<p>iPads are lent</p><p>free of charge</p>"), len, 10_000)
    assert [p.text for p in made] == ["iPads are lent", "free of charge"]


def test_a_form_around_the_whole_page_is_read_without_its_controls():
    page = b"<body><form><h1>Policy</h1><p>Text.</p><label>Name</label><select><option>One</option></select></form></body>"
    assert [b.text for b in html.read("a.html", page)] == ["Policy", "Text."]


def test_tables_with_headings_without_and_with_spans():
    page = """<table><caption>Visits</caption><tr><th></th><th colspan="2">Weeks</th></tr>
    <tr><th rowspan="2">North</th><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>
    <table><tr><td>Phone</td><td>0100</td></tr></table>
    <table role="presentation"><tr><td><p>Left</p></td><td>Right</td></tr></table>
    <table><tr><td>A note under a table.</td></tr></table>"""
    assert [b.text for b in html.read("a.html", page.encode())] == [
        "Visits",
        "North; Weeks: 1; Weeks: 2",
        "North; Weeks: 3; Weeks: 4",
        "Phone | 0100",
        "Left",
        "Right",
        "A note under a table.",
    ]


def test_a_row_that_fills_one_column_is_a_heading_of_rows_only_in_the_first():
    rows = [[Cell("Area"), Cell("Count")], [Cell("North"), Cell("")], [Cell(""), Cell("4")], [Cell(""), Cell("")]]
    assert rows_as_text(rows, 1) == ["North", "Count: 4"]
    assert rows_as_text([[Cell("x", across=10_000)]], 0) == ["x"]


def test_long_numbered_items_are_numbered_paragraphs():
    page = "<ol start='12'>" + "".join(f"<li><p>{word} {'x' * 250}.</p></li>" for word in ("One", "Two")) + "</ol>"
    assert [(b.role, b.label, b.text[:3]) for b in html.read("a.html", page.encode())] == [
        (Role.PARAGRAPH, "12", "One"),
        (Role.PARAGRAPH, "13", "Two"),
    ]


def test_footnotes_are_left_out_and_powers_kept():
    page = b"""<p>Growth rose.<sup id="fnref:1"><a href="#fn:1">1</a></sup> Area: 3 m<sup>2</sup>.</p>
    <div class="footnotes"><ol><li>Source.</li></ol></div>"""
    assert [b.text for b in html.read("a.html", page)] == ["Growth rose. Area: 3 m\u00b2."]


@pytest.mark.parametrize(
    "data",
    [
        "<p>Caf\u00e9 \u2018quoted\u2019</p>".encode(),
        "<p>Caf\u00e9 \u2018quoted\u2019</p>".encode("cp1252"),
        "<meta charset='iso-8859-1'><p>Caf\u00e9 \u2018quoted\u2019</p>".encode("cp1252"),
        "<p>Caf\u00e9 \u2018quoted\u2019</p>".encode("utf-16"),
        "<meta charset='no-such-set'><p>Caf\u00e9 \u2018quoted\u2019</p>".encode(),
    ],
)
def test_text_is_read_in_its_character_set(data):
    assert [b.text for b in html.read("a.html", data)] == ["Caf\u00e9 \u2018quoted\u2019"]


def test_a_declared_character_set_beats_a_guess():
    assert (
        html.read("a.html", "<meta charset='iso-8859-5'><p>\u041f\u043b\u0430\u043d</p>".encode("iso-8859-5"))[0].text
        == "\u041f\u043b\u0430\u043d"
    )


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.html", b"<html><body><nav>Home</nav></body></html>", "is HTML with no text"),
        ("a.html", b"<html><head><title>404</title></head><body><p>Sorry.</p></body></html>", 'says "404"'),
        ("a.pdf", b"<!DOCTYPE html><h1>Page not found</h1><p>Sorry.</p>", 'says "Page not found"'),
        ("a.html", b"%PDF-1.4", "rename it"),
        ("a.htm", b"\x00\x01\x02", "not text"),
    ],
)
def test_a_page_without_a_document_in_it_is_refused_by_name(tmp_path, name, data, says):
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(ReadError, match=says) as refusal:
        read(file)
    assert name in str(refusal.value)


def test_a_report_saved_as_html_under_a_pdf_name_is_read(tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(b"<!DOCTYPE html><html><main><h1>Report</h1><p>Social workers know children well.</p></main></html>")
    assert [b.text for b in read(file)] == ["Report", "Social workers know children well."]


def test_a_page_nested_without_end_is_refused_or_read_but_never_crashes():
    try:
        blocks = html.read("deep.html", b"<div>" * 100_000 + b"text")
    except ReadError as refusal:
        assert "deep.html" in str(refusal)
    else:
        assert all(block.text == "text" for block in blocks)


@pytest.mark.parametrize(
    "path",
    [
        "reports/80431_blackpool/children's services inspection - 13 july 2012.pdf",
        "reports/80429_birmingham/children's services inspection - 19 october 2012.pdf",
    ],
)
def test_real_error_pages_under_a_report_name_are_refused_with_what_they_say(path):
    file = shared(path)
    with pytest.raises(ReadError) as refusal:
        read(file)
    expected = f'{file.name} is a web page that says "Report not found", not a document; download the document itself and try again.'
    assert str(refusal.value) == expected
