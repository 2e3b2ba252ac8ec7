import json

import pytest

from assistant.errors import ReadError
from assistant.library import Library
from assistant.types import Kind
from ingest.blocks import Attachment, Role
from ingest.readers import govuk, read_source
from ingest.run import ingest
from tests.conftest import CORPUS
from tests.shared import shared


def page(body, **changes) -> bytes:
    details = {"body": body} | changes.pop("details", {})
    return json.dumps(
        {"base_path": "/guidance/visits", "title": "Visits", "document_type": "guidance", "details": details} | changes
    ).encode()


def test_what_the_api_says_of_a_page_is_kept():
    source = govuk.read(
        "a.json",
        page(
            "<p>Visit weekly.</p>",
            public_updated_at="2018-06-30T23:30:00Z",
            first_published_at="2013-03-26T09:00:00.000+00:00",
            links={
                "organisations": [{"title": "Ofsted"}, {"title": "Department for Education"}],
                "primary_publishing_organisation": [{"title": "Department for Education"}],
            },
            details={"attachments": [{"title": "The form", "url": "/government/form"}, {"title": "None"}]},
        ),
    )
    assert [b.text for b in source.blocks] == ["Visit weekly."]
    assert (source.title, source.kind, source.publisher) == ("Visits", Kind.GUIDANCE, "Department for Education, Ofsted")
    assert (source.published, source.edition) == ("2018-07-01", "Published 26 March 2013, updated 1 July 2018")
    assert (source.url, source.status) == ("https://www.gov.uk/guidance/visits", "")
    assert source.attachments == (Attachment("The form", "https://www.gov.uk/government/form"),)


def test_a_withdrawn_page_says_so_and_why():
    notice = {
        "explanation": "<div class='govspeak'><p>See the <a href='/x'>new guide</a>.</p></div>",
        "withdrawn_at": "2015-01-13T13:05:30Z",
    }
    source = govuk.read("a.json", page("<p>Old.</p>", withdrawn_notice=notice))
    assert (source.status, source.edition) == ("withdrawn", "Withdrawn on 13 January 2015: See the new guide.")
    assert "See the new guide." in source.notes
    assert govuk.read("a.json", page("<p>Now.</p>", withdrawn_notice={})).status == ""


def test_call_outs_contacts_and_footnotes_of_govspeak():
    body = """<h2><span class="number">1. </span> Visits</h2>
    <p>See children.<sup id="fnref:1" role="doc-noteref"><a href="#fn:1" class="govuk-link" rel="footnote">[footnote 1]</a></sup></p>
    <div class="call-to-action"><h4>Remember</h4><p>Alone, where they agree.</p></div>
    <div class="contact" role="group"><div class="content"><h3>Advice line</h3>
    <p class="adr"><span>1 High Street</span><br><span>Town</span></p><p>Telephone: 0100</p></div></div>
    <div role="note" class="information"><p>Record it.</p></div>
    <p>After the boxes.</p>
    <div class="footnotes" role="doc-endnotes"><ol><li id="fn:1"><p>A source.</p></li></ol></div>"""
    assert [(b.role, b.text, b.section) for b in govuk.read("a.json", page(body)).blocks] == [
        (Role.HEADING, "1. Visits", ""),
        (Role.PARAGRAPH, "See children.", "1. Visits"),
        (Role.HEADING, "Remember", ""),
        (Role.PARAGRAPH, "Alone, where they agree.", "1. Visits > Remember"),
        (Role.HEADING, "Advice line", ""),
        (Role.PARAGRAPH, "1 High Street, Town", "1. Visits > Advice line"),
        (Role.PARAGRAPH, "Telephone: 0100", "1. Visits > Advice line"),
        (Role.PARAGRAPH, "Record it.", "1. Visits"),
        (Role.PARAGRAPH, "After the boxes.", "1. Visits"),
    ]


def test_paragraphs_that_print_their_numbers_are_labelled_by_them():
    body = "<h2>Duties</h2><p>1.1 Councils must visit.</p><p>1.2 They should record.</p><p>An aside.</p>"
    assert [(b.label, b.text) for b in govuk.read("a.json", page(body)).blocks] == [
        ("", "Duties"),
        ("1.1", "Councils must visit."),
        ("1.2", "They should record."),
        ("after 1.2", "An aside."),
    ]


def test_the_parts_of_a_guide_stand_under_their_titles():
    parts = [{"title": "Start", "body": [{"content_type": "text/html", "content": "<h2>First</h2><p>Begin.</p>"}]}]
    blocks = govuk.read("a.json", page("", details={"parts": parts})).blocks
    assert [(b.text, b.section) for b in blocks] == [("Start", ""), ("First", ""), ("Begin.", "Start > First")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{broken", "damaged"),
        (b"[1]", "not a page of GOV.UK"),
        (b'{"a": 1}', "not a page of GOV.UK"),
        (page("<p>Testun.</p>", locale="cy"), "not in English"),
        (page("", details={"attachments": [{"title": "The guidance", "url": "https://a/b.pdf"}]}), "instead: The guidance"),
        (b"<!DOCTYPE html><h1>Page not found</h1>", "Page not found"),
    ],
)
def test_what_is_not_a_page_with_text_is_refused_by_name(tmp_path, data, says):
    file = tmp_path / "a.json"
    file.write_bytes(data)
    with pytest.raises(ReadError, match=says) as refusal:
        read_source(file)
    assert "a.json" in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_page_enters_the_library_under_its_own_title_date_and_edition(tmp_path, embedder):
    file = tmp_path / "saved" / "x1.json"
    file.parent.mkdir()
    file.write_bytes(page("<h2>When</h2><p>Visit weekly.</p>", public_updated_at="2016-02-02T14:19:42Z"))
    with Library(tmp_path / "library") as library:
        assert [o.what for o in ingest([file.parent], library, embedder, CORPUS)] == ["new"]
        document = library.documents()[0]
        assert (document.id, document.title, document.kind, document.published) == ("x1", "Visits", Kind.GUIDANCE, "2016-02-02")
        assert (document.edition, document.url) == ("Updated 2 February 2016", "https://www.gov.uk/guidance/visits")
        assert [(p.section, p.text) for p in library.passages_of("x1")] == [("When", "Visit weekly.")]


def real(name):
    return read_source(shared(f"formats/govuk/{name}.json"))


def texts(source, section):
    return [b.text for b in source.blocks if b.section == section]


def test_real_automatically_numbered_headings_and_tables():
    source = real("html_publication-frontend-best-practice-HC-paper")
    assert (source.title, source.edition) == ("Spring Budget 2017", "Published 8 March 2017, updated 2 March 2018")
    first = texts(source, "1. Economic context and public finances")[0]
    assert "resilience of the UK economy. Real Gross Domestic Product (GDP) is now 8.6% larger" in first
    table = texts(source, "Executive summary > Budget decisions > Table 1: Spring Budget 2017 policy decisions (\u00a3 million) (1)")
    assert table[0] == "Total spending policy decisions; 2017-18: -1,545; 2018-19: -1,140; 2019-20: -705; 2020-21: -450; 2021-22: -1,040"
    assert table[3] == "1 Costings reflect the OBR\u2019s latest economic and fiscal determinants."
    assert any(b.text.startswith("GDP per capita; 2015: 1.4; 2016: 1.1; Forecast 2017: 1.3;") for b in source.blocks)
    assert not any("\u21a9" in b.text or b.text.startswith("Details of the sources of all numerical") for b in source.blocks)


def test_real_manually_numbered_headings_and_headline_figures():
    source = real("html_publication-frontend-stats_headline_and_manually_numbered_headings")
    assert source.blocks[0].text == "\u00a36bn Total Departmental Expenditure Limit (DEL) in financial year 2015 to 2016"
    headings = [(b.level, b.text) for b in source.blocks if b.role is Role.HEADING]
    assert headings[3] == (3, "1.1 What DWP is doing")
    section = next(b.section for b in source.blocks if b.text == "UK employment rate 74.1% between October and December 2015")
    assert section.endswith("assistance and guidance into employment > 1.2 How DWP is doing")


def test_real_long_page_keeps_a_headless_table_and_drops_99_footnotes():
    source = real("html_publication-frontend-long_form_and_automatically_numbered_headings")
    assert source.edition == "Published 8 July 2015"
    table = texts(source, "2. The UK economy and public finances > 2.8 The government\u2019s fiscal plan > " + TABLE)
    assert table[0] == "Estimate | Forecast"
    assert table[3] == "Summer Budget 2015 | 89.2 | 69.5 | 43.1 | 24.3 | 6.4 | -10.0 | -11.6"
    assert not any("\u21a9" in b.text for b in source.blocks)


TABLE = "Table 1.2: Comparison of key fiscal aggregates to March Budget 2015"


def test_real_fractions_powers_and_call_outs():
    source = real("html_publication-frontend-fractions_and_unnumbered_headings")
    number = texts(source, "Key stage 3 > Subject content > Number")
    assert (
        "interpret and compare numbers in standard form A x 10\u207f 1\u2264A<10, where n is a positive or negative integer or 0" in number
    )
    assert (
        "work interchangeably with terminating decimals and their corresponding fractions (such as 3.5 and 7/2 or 0.375 and 3/8 )" in number
    )
    notes = texts(source, "Year 1 programme of study > Number - fractions > Notes and guidance (non-statutory)")
    assert notes[0].startswith("Pupils are taught half and quarter as \u2018fractions of\u2019 discrete and c")


def test_real_addresses_dates_attachments_and_withdrawals():
    updated = real("html_publication-frontend-updated")
    assert updated.edition == "Updated 2 February 2016"
    assert texts(updated, "Details of the application > Regulated facility location") == [
        "Mount Hawke Holiday Bungalows, Mount Hawke, Truro, Cornwall, TR4 8EE"
    ]
    statutory = real("publication-frontend-best-practice-statutory-guidance")
    assert statutory.publisher == "Department for Education, Education Funding Agency"
    assert statutory.edition == "Published 26 March 2013, updated 17 December 2015"
    assert "statutory guidance" in statutory.notes
    attached = real("publication-frontend-publication-with-featured-attachments").attachments
    assert [(a.title, a.url.rsplit("/", 1)[1]) for a in attached] == [
        ("Number of ex-regular service personnel now part of FR20", "PUBLIC_1392629965.pdf")
    ]
    withdrawn = real("publication-frontend-withdrawn_publication")
    assert (withdrawn.status, withdrawn.published) == ("withdrawn", "2013-09-06")
    assert withdrawn.edition == (
        "Withdrawn on 13 January 2015: This information is now out of date. For our current guidance please read "
        "guidance for keepers of sheep, goats and pigs."
    )
    assert withdrawn.blocks[-1].text == "Pigs: identification, registration and movement"
    stub = real("html_publication-frontend-withdrawn")
    assert stub.edition == "Withdrawn on 19 November 2019: This content has been withdrawn as it is out of date."
