"""The Findings tab in real Chromium: filters, charts, sources, export, a question drafted, keyboard, accessibility, narrow screens."""

import csv
import io

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.test_browser import CHROMIUM, address, browser, fits, page, serious  # noqa: F401

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed")
VIEWS = {
    "Table": "table.findings",
    "Heat map": "table.heat",
    "Timeline of judgements": ".count",
    "Comparison": "table.compare",
    "Progress": ".count",
}


@pytest.fixture
def findings(page: Page) -> Page:  # noqa: F811
    page.get_by_role("tab", name="Findings").click()
    page.locator("table.findings").wait_for()
    return page


def choose(page: Page, label: str, option: str) -> None:  # noqa: F811
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def show(page: Page, name: str) -> None:  # noqa: F811
    page.get_by_label(name, exact=True).check()
    page.locator(f"#findings-view {VIEWS[name]}").first.wait_for()


def more(page: Page) -> None:  # noqa: F811
    page.get_by_role("button", name="More filters").click()
    page.get_by_label("Published from").wait_for()


def test_findings_are_filtered_and_open_their_source(findings):
    count = findings.locator("#findings-view .count")
    expect(count).to_contain_text("1 to 25 of ")
    choose(findings, "Themes", "Supervision and management oversight")
    expect(findings.locator("table.findings")).to_contain_text("The quality and timeliness of supervision vary.")
    choose(findings, "Which way they weigh", "Strengths, and mixed")
    expect(findings.locator("table.findings")).not_to_contain_text("The quality and timeliness of supervision vary.")
    findings.get_by_role("button", name="Clear filters").click()
    expect(count).to_contain_text("1 to 25 of ")
    count.page.wait_for_timeout(1500)  # each box that was cleared draws the table once more, from its first row
    findings.get_by_role("button", name="Next").click()
    expect(count).to_contain_text("26 to ")
    expect(findings.locator("#findings-view")).to_be_in_viewport()
    findings.locator("table.findings .source a").first.click()
    expect(findings.locator("#reading .here")).to_be_in_viewport()
    findings.go_back()
    expect(count).to_contain_text("26 to ")


def test_what_is_to_improve_says_what_is_expected_by_keyboard(findings):
    choose(findings, "Themes", "Supervision and management oversight")
    row = findings.locator("table.findings tr", has_text="The quality and timeliness of supervision vary.")
    row.locator("summary").focus()
    findings.keyboard.press("Enter")
    expect(row.locator("details")).to_contain_text("National Framework, enabler 2: leaders drive conditions for effective practice.")
    expect(row.locator("details")).to_contain_text("Standards for employers of social workers, supervision standard")
    expect(row.locator("details")).to_contain_text("Linked by theme: Supervision and management oversight")
    assert serious(findings) == []
    row.get_by_role("link", name="Supervision of social workers, paragraph 1").click()
    expect(findings.locator("#reading .here")).to_contain_text("Social workers are expected to have supervision")


def test_one_letter_alone_has_no_progress_and_says_what_came_later(findings):
    show(findings, "Progress")
    expect(findings.locator("#findings-view .count")).to_have_text("Choose one authority")
    choose(findings, "Authorities", "Sandwell")
    expect(findings.locator("#findings-view .count")).to_have_text("Nothing to pair")
    expect(findings.locator("#findings-view .notice")).to_contain_text("2 December 2025")
    assert serious(findings) == []


def test_what_cannot_be_read_is_said_plainly(findings):
    more(findings)
    findings.get_by_label("Published from").fill("last year")
    expect(findings.locator("#findings-view .refused")).to_contain_text("is not a date")
    findings.get_by_label("Published from").fill("2026")
    expect(findings.locator("#findings-view .count")).to_have_text("No findings")
    findings.get_by_label("Published from").fill("")
    findings.get_by_label("Your own list of authorities").fill("Sandwell, Atlantis")
    expect(findings.locator("#findings-view .refused")).to_contain_text("Atlantis")
    assert serious(findings) == []


def test_every_view_is_accessible_and_a_cell_opens_its_findings(findings):
    more(findings)
    findings.get_by_label("Your own list of authorities").fill("Sandwell, Bury")
    for name in VIEWS:
        show(findings, name)
        assert serious(findings) == [], name
    show(findings, "Comparison")
    expect(findings.locator("#findings-view")).to_contain_text("Not known: the library holds no such letter or report of Bury.")
    show(findings, "Heat map")
    expect(findings.locator("#findings-view .across")).to_have_attribute("tabindex", "0")
    cell = findings.locator("table.heat tr", has_text="Supervision").locator("td a").first
    number = cell.inner_text().split(" of ")[0]
    cell.click()
    expect(findings.locator("#findings-view .count")).to_contain_text(f"of {number} findings")
    expect(findings.get_by_label("Table", exact=True)).to_be_checked()
    expect(findings.locator("#findings-view")).to_be_in_viewport()


def test_asking_about_this_carries_the_filters_into_the_conversation(findings):
    choose(findings, "Authorities", "Sandwell")
    choose(findings, "Themes", "Supervision and management oversight")
    findings.get_by_role("button", name="Ask about this").click()
    expect(findings.get_by_label("Your question")).to_have_value(
        "What did inspectors find about supervision and management oversight in Sandwell?"
    )
    expect(findings.get_by_role("combobox", name="Authority", exact=True)).to_have_value("Sandwell")
    findings.get_by_role("button", name="Ask", exact=True).click()
    expect(findings.locator("#turn-1 .answer")).to_contain_text("supervision")


def test_findings_are_saved_with_their_citations(findings, tmp_path):
    choose(findings, "Themes", "Supervision and management oversight")
    expect(findings.locator("#findings-view .count")).not_to_contain_text("1 to 25")
    shown = findings.locator("table.findings tbody tr").count()
    with findings.expect_download() as saved:
        findings.get_by_role("button", name="Download CSV").click()
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text("utf-8-sig"))))
    assert len(rows) == shown and all(row["citation"].startswith("Ofsted, Focused visit to Sandwell") for row in rows)
    with findings.expect_download() as saved:
        findings.get_by_role("button", name="Download Excel").click()
    saved.value.save_as(tmp_path / "f.xlsx")
    assert openpyxl.load_workbook(tmp_path / "f.xlsx")["Findings"].max_row == shown + 1
    expect(findings.locator("#findings-told")).to_contain_text(f"{shown} findings saved as Excel")


def test_views_are_chosen_by_keyboard(findings):
    findings.get_by_label("Table", exact=True).focus()
    findings.keyboard.press("Tab")
    findings.keyboard.press("Space")
    findings.locator("table.heat").wait_for()
    expect(findings.locator(".unseen[aria-live=polite]")).to_contain_text("by theme and year")


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_narrow_screen_only_the_charts_scroll(findings, width):
    findings.set_viewport_size({"width": width, "height": 780})
    more(findings)
    findings.get_by_label("Your own list of authorities").fill("Sandwell, Bury")
    for name in VIEWS:
        show(findings, name)
        assert fits(findings), name
    assert serious(findings) == []
