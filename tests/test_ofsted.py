"""Ofsted reports: small hand-worked block lists, then real reports of every layout, each read by eye."""

from functools import cache
from pathlib import Path

import pytest

from assistant.library import Library
from assistant.scope import load_authorities
from assistant.types import JUDGEMENTS, Document, Judgement, Kind, Passage, ReportRecord
from ingest import ofsted
from ingest.blocks import Block, Role
from ingest.readers import pdf
from ingest.structure import cut

ROOT = Path(__file__).parent.parent
REPORTS = ROOT.parent / "shared" / "reports"
AUTHORITIES = load_authorities(ROOT / "corpus" / "authorities.toml")
GRADES = {"o": "outstanding", "g": "good", "r": "requires improvement", "i": "inadequate", "-": "not reported"}


def heading(text, page=1, level=2):
    return Block(text, Role.HEADING, page, level)


def bullet(text, page=2, level=0):
    return Block(text, Role.BULLET, page, level)


def read(blocks, path=""):
    return ofsted.read_report(blocks, path, AUTHORITIES.titled)


def grades(record):
    return [getattr(record, name).grade for name in JUDGEMENTS]


ILACS = [
    heading("Inspection of Bury local authority children\u2019s services", level=1),
    Block("Inspection dates: 9 to 20 June 2025", page=1),
    Block("Lead inspector: Ann Example, His Majesty\u2019s Inspector", page=1),
    heading("Judgement: Grade", level=3),
    Block(
        "The impact of leaders on social work practice with children and families: Good\n"
        "The experiences and progress of children who need help and protection: Requires improvement to be good\n"
        "The experiences and progress of children in care: Outstanding\n"
        "The experiences and progress of care leavers: Inadequate\n"
        "Overall effectiveness: Requires improvement to be good",
        page=1,
    ),
    Block("Services have improved. They were inadequate before, and care leavers saw the change as good.", page=1, last_page=2),
    heading("What needs to improve?", 2),
    bullet("The quality of plans. (outcome 3, national framework)"),
    bullet("How well leaders know:"),
    bullet("their data", level=1),
    heading("The experiences and progress of children who need help and protection: requires improvement to be good", 2),
    Block("Help comes early.", page=2, number="1", last_page=3),
    Block("Plans cover:", page=3, number="2"),
    bullet("risk", 3),
    bullet("need.", 3),
    Block("The Office for Standards in Education, Children\u2019s Services and Skills (Ofsted) regulates and inspects.", page=4),
]


def test_a_report_says_who_when_and_how_good():
    report = read(ILACS, "80443_bury/inspection - 29 july 2025.pdf")
    record = report.record
    assert (report.authority, report.framework, report.kind, report.published) == ("Bury", "ILACS standard", Kind.REPORT, "2025-07-29")
    assert (report.document_id, report.edition) == ("bury-ilacs-standard-2025-07-29", "Report of 29 July 2025, ILACS")
    assert (record.urn, record.inspection_start, record.inspection_end) == ("80443", "2025-06-09", "2025-06-20")
    assert (record.lead_inspector, record.page) == ("Ann Example", 1)
    assert grades(record) == ["requires improvement", "good", "requires improvement", "outstanding", "inadequate"]


def test_labels_are_printed_numbers_and_the_rest_are_named_by_their_page():
    help_ = "The experiences and progress of children who need help and protection: requires improvement to be good"
    labelled = [(p.label, p.section, p.block.text.split("\n")[-1], p.block.page) for p in read(ILACS).paragraphs]
    assert labelled == [
        ("cover", "Judgements", "Overall effectiveness: Requires improvement to be good", 1),
        ("p1.1", "Summary", "Services have improved. They were inadequate before, and care leavers saw the change as good.", 1),
        ("p2.1", "What needs to improve?", "The quality of plans. (outcome 3, national framework)", 2),
        ("p2.2", "What needs to improve?", "- their data", 2),
        ("1", help_, "Help comes early.", 2),
        ("2", help_, "- need.", 3),
    ]


def test_a_series_that_starts_again_is_told_apart_and_a_report_without_numbers_is_labelled_by_order():
    cover, body = ILACS[:5], [Block(f"Text {n}.", page=3, number=n) for n in ("1", "2", "1", "2")]
    assert [p.label for p in ofsted.labelled([*cover, *body])] == ["cover", "1", "2", "2-1", "2-2"]
    assert [p.label for p in ofsted.labelled([*cover, Block("One.", page=3), Block("Two.", page=3)])] == ["cover", "1", "2"]


def test_a_grade_that_a_heading_contradicts_is_said_in_the_notes():
    blocks = [*ILACS[:5], heading("The experiences and progress of care leavers: good", 7), Block("Text.", page=7, number="9")]
    assert "The heading on page 7 says good for care leavers." in read(blocks).record.notes


def test_a_focused_visit_gives_no_grade_and_says_so():
    blocks = [
        Block("12 March 2024"),
        Block("Dear Ms Example"),
        heading("Focused visit to Leeds children\u2019s services", None),
        Block("This letter summarises the findings of the focused visit to Leeds children\u2019s services on 6 and 7 February 2024."),
        Block("Yours sincerely"),
        Block("Ann Example\nHis Majesty\u2019s Inspector"),
    ]
    report = read(blocks)
    assert (report.kind, report.framework, report.published) == (Kind.LETTER, "focused visit", "2024-03-12")
    assert (report.record.inspection_start, report.record.inspection_end) == ("2024-02-06", "2024-02-07")
    assert report.record.lead_inspector == "Ann Example"
    assert report.record.notes == "A focused visit gives no grades."
    assert grades(report.record) == ["not reported"] * 5


def test_the_two_overall_judgements_of_the_oldest_framework_are_not_one():
    blocks = [
        heading("Inspection of safeguarding and looked after children services"),
        heading("Leeds City Council"),
        Block("Inspection dates: 7 \u2013 18 March 2011\nPublished: 21 April 2011\nReporting inspector Ann Example HMI", page=1),
        heading("Record of main findings", 30),
        Block("Overall effectiveness of the safeguarding services: Good", page=30),
        Block("Overall effectiveness of services for looked after children: Adequate", page=30),
    ]
    report = read(blocks)
    assert report.framework == "safeguarding and looked after children" and report.title.startswith("Leeds City Council: ")
    assert grades(report.record) == ["not reported", "not reported", "good", "adequate", "not reported"]
    assert (report.record.help_and_protection.page, report.published) == (30, "2011-04-21")


def test_an_authority_that_is_no_more_keeps_its_printed_name():
    blocks = [heading("Northamptonshire County Council"), heading("Inspection of children\u2019s social care services"), *ILACS[1:5]]
    report = read(blocks)
    assert report.authority == "Northamptonshire"
    assert "Northamptonshire is not among the authorities of today." in report.record.notes


@pytest.mark.parametrize(
    "blocks",
    [
        [heading("Inspection of Bury local authority children\u2019s services"), Block("No inspectorate is named.")],
        [heading("Our plan for children"), Block("Ofsted said that an inspection of children\u2019s services would follow.")],
    ],
)
def test_what_is_not_a_report_is_left_alone(blocks):
    assert read(blocks) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("9 to 20 May 2022", ["2022-05-09", "2022-05-20"]),
        ("16 September 2014 \u2013 8 October 2014", ["2014-09-16", "2014-10-08"]),
        ("12 December to 6 January 2023", ["2022-12-12", "2023-01-06"]),
        ("12/09/2016 to 06/10/2016", ["2016-09-12", "2016-10-06"]),
        ("31 February 2020", []),
    ],
)
def test_dates_take_the_month_and_year_that_follow(text, days):
    assert ofsted.dates(text) == days


def test_a_list_too_long_for_the_model_is_cut_between_its_bullets():
    labelled = [("1", "", Block("They want:\n- one two three\n- four five six"))]
    made = cut(Document("d", "T", Kind.REPORT), labelled, lambda text: len(text.split()), 7)
    assert [(p.id, p.text) for p in made] == [("d:1.1", "They want:\n- one two three"), ("d:1.2", "- four five six")]


def test_a_report_is_stored_with_its_document_and_goes_with_it(tmp_path):
    document = Document("d", "T", Kind.REPORT, authority="Leeds", published="2022-05-09")
    record = ReportRecord("d", urn="80481", framework="ILACS standard", overall_effectiveness=Judgement("good", 1), notes="N.")
    passages = [Passage("d:1", "d", 0, "Text.")]
    with Library(tmp_path) as library:
        assert library.store(document, passages, record).what == "new"
        assert library.store(document, passages, record).what == "unchanged"
        assert library.reports() == [(document, record)]
        assert library.store(document, passages).what == "changed"
        assert library.reports() == []
        library.store(document, passages, record)
        library.remove("d")
        assert library.reports() == []


# -- real reports -------------------------------------------------------------------

# file: (document id, first and last day, lead inspector, grades in the order of JUDGEMENTS, last printed number)
EXPECTED = {
    "80549_sandwell/children's services inspection - 05 july 2022.pdf": (
        "sandwell-ilacs-standard-2022-07-05", "2022-05-09", "2022-05-20", "Alison Smale", "rrrr-", 38,
    ),
    "80549_sandwell/children's services inspection - 02 december 2025.pdf": (
        "sandwell-ilacs-standard-2025-12-02", "2025-10-13", "2025-10-24", "Monique Lindsay", "ggggr", 55,
    ),
    "80431_blackpool/children's services inspection - 28 july 2026.pdf": (
        "blackpool-ilacs-standard-2026-07-28", "2026-06-08", "2026-06-19", "Margaret Burke", "-ogoo", 65,
    ),
    "80444_calderdale/children's services inspection - 19 december 2018.pdf": (
        "calderdale-ilacs-standard-2018-12-19", "2018-11-12", "2018-11-23", "Lisa Summers", "ggro-", 38,
    ),
    "80557_south tyneside/children's services inspection - 10 may 2023.pdf": (
        "south-tyneside-ilacs-short-2023-05-10", "2022-12-05", "2023-02-15", "Rebecca Quested", "iiri-", 47,
    ),
    "80518_wandsworth/children's services inspection - 20 july 2018.pdf": (
        "wandsworth-sif-2018-07-20", "2018-05-08", "2018-05-31", "Louise Warren", "rrrrg", 86,
    ),
    "80418_norfolk/children's services inspection - 20 october 2015.pdf": (
        "norfolk-sif-2015-10-19", "2015-07-06", "2015-07-30", "Helen Cawston", "irrii", 166,
    ),
    "80455_isles of scilly/children's services inspection - 27 june 2016.pdf": (
        "isles-of-scilly-sif-2016-06-27", "2016-04-11", "2016-04-28", "Emmy Tomsett", "ggg--", 82,
    ),
    "80429_birmingham/children's services inspection - 23 may 2014.pdf": (
        "birmingham-sif-2014-05-23", "2014-03-18", "2014-04-09", "Marie McGuinness", "iiiii", 144,
    ),
    "80418_norfolk/children's services inspection,  pdf - 16 august 2013.pdf": (
        "norfolk-looked-after-children-2013-08-16", "2013-07-08", "2013-07-12", "Gary Lamb", "ii---", 72,
    ),
}  # fmt: skip


@cache
def real(file):
    if not (REPORTS / file).exists():
        pytest.skip(f"{REPORTS} with the published reports is not there")
    return read(pdf.read(file, (REPORTS / file).read_bytes()).blocks, file)


@pytest.mark.parametrize("file", EXPECTED)
def test_a_real_report_is_read_as_it_is_printed(file):
    identity, start, end, lead, letters, last = EXPECTED[file]
    report = real(file)
    record = report.record
    numbers = [int(p.block.number) for p in report.paragraphs if p.block.number]
    assert (report.document_id, record.inspection_start, record.inspection_end) == (identity, start, end)
    assert record.lead_inspector == lead
    assert grades(record) == [GRADES[letter] for letter in letters]
    assert numbers == list(range(1, last + 1))
    assert len({p.label for p in report.paragraphs}) == len(report.paragraphs)


def test_a_real_paragraph_is_whole_over_its_page_break_and_without_the_running_foot():
    report = real("80549_sandwell/children's services inspection - 05 july 2022.pdf")
    paragraph = next(p for p in report.paragraphs if p.label == "10")
    assert (paragraph.block.page, paragraph.block.last_page) == (3, 4)
    assert paragraph.block.text.startswith("Midway review and challenge by child protection chairs are undertaken")
    assert "Critical evaluation and reflective supervision are underdeveloped in this part of the service" in paragraph.block.text
    assert paragraph.block.text.endswith("meaning that agreed actions are not always followed through.")


def test_a_real_report_without_an_overall_grade_says_why():
    report = real("80431_blackpool/children's services inspection - 28 july 2026.pdf")
    assert "Ofsted gives no overall effectiveness grade from April 2026." in report.record.notes
