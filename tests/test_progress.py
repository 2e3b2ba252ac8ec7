"""What became of a theme between two inspections: hand-worked cases, and Sandwell as its reports have it."""

import pytest

from assistant.findings import Finding, Polarity, Theme, load_themes
from assistant.progress import Course, changed, progress
from tests.conftest import CORPUS
from tests.registers import registered

THEME = Theme("supervision", "Supervision", "")
GOOD, BAD = Polarity.STRENGTH, Polarity.IMPROVEMENT


def said(*polarities: Polarity, section: str = "Main findings") -> list[Finding]:
    return [Finding(f"d#{i}", "d", "d", i, f"Sentence {i}.", p, ("supervision",), section=section) for i, p in enumerate(polarities)]


@pytest.mark.parametrize(
    ("before", "after", "course"),
    [
        (said(BAD), said(GOOD, GOOD), Course.IMPROVED),
        (said(BAD), said(BAD, GOOD), Course.STILL),
        (said(BAD), [], Course.GONE),
        (said(GOOD), said(BAD), Course.NEW),
        ([], said(BAD), Course.NEW),
        (said(BAD), said(GOOD, GOOD, GOOD, BAD), Course.IMPROVED),
        (said(BAD), [*said(GOOD, GOOD, GOOD), *said(BAD, section="What needs to improve?")], Course.STILL),
        (said(BAD), said(Polarity.NEUTRAL), Course.GONE),
    ],
)
def test_the_course_of_a_theme(before, after, course):
    change = changed(THEME, before, after)
    assert change and change.course is course
    assert change.before or course is Course.NEW
    assert change.after or course is Course.GONE


@pytest.mark.parametrize(("before", "after"), [(said(GOOD), said(GOOD)), ([], []), (said(GOOD), [])])
def test_what_was_no_issue_and_is_none_is_no_change(before, after):
    assert changed(THEME, before, after) is None


@pytest.fixture(scope="module")
def sandwell():
    return registered(*(f"80549_sandwell/children's services inspection - {day}.pdf" for day in ("05 july 2022", "02 december 2025")))[0]


def test_sandwell_reads_as_its_reports_have_it(sandwell):
    first, second, whole = progress(sandwell, "Sandwell", load_themes(CORPUS / "themes.toml"))
    assert [first.before.published, first.after.published, second.after.published] == ["2022-07-05", "2025-05-20", "2025-12-02"]
    assert [whole.before.published, whole.after.published] == ["2022-07-05", "2025-12-02"]
    course = {change.theme.id: change.course for change in first.changes}
    assert course["supervision"] is Course.STILL
    assert course["pre-proceedings"] is not Course.STILL
    later = {change.theme.id: change.course for change in second.changes}
    assert later["supervision"] is Course.IMPROVED
    assert not {"care-leavers", "homelessness"} & later.keys()  # the letter does not speak of them
    across = {change.theme.id: change.course for change in whole.changes}
    assert [across[theme] for theme in ("care-leavers", "permanence", "homelessness")] == [Course.STILL] * 3
    assert any("covers a part of the services" in note for note in first.notes)
