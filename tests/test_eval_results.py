"""Results: written and read back, compared, shown as a page and in README; and the small run that every test run makes."""

import pytest

from assistant.settings import Settings
from eval.cases import load
from eval.metrics import figure
from eval.page import bar_chart, page
from eval.quick import quick
from eval.results import BEGIN, END, README, changes, in_readme, moved, newest, read, shown, with_interval, write
from eval.run import outcomes
from eval.score import columns, scores


def run(when: str, hit: float, badness: float, what: str = "all") -> dict:
    figures = {
        "all": {"hit@1": [hit, hit - 0.05, hit + 0.05, 100], "MRR": [0.5, 0.4, 0.6, 100], "characters in five": [2600, 2500, 2700, 100]}
    }
    figures["library: corpus"] = {**figures["all"], "hit@5": [0.99, 0.98, 1.0, 100]}
    half = {"cases": {"all": 100, "library: corpus": 100}, "figures": figures, "baselines": {"BM25 <b>": figures}, "ablations": {}}
    case = {"id": "a", "group": "law", "question": "<script>?", "expected": "answered", "got": "answered", "badness": badness, "place": 2}
    case |= {"gold": ["p:1"], "cited": ["p:2"], "facts": 0.5, "answer": "<i>Said</i>"}
    return {
        "when": when, "commit": "abc1234", "changed": False, "what": what, "settings": {}, "test_ids": ["t"],
        "libraries": {"corpus": {"documents": 53, "passages": 1234, "hash": "00ff"}}, "halves": {"test": half}, "cases": [case],
    }  # fmt: skip


def test_a_run_is_read_back_as_it_was_written_and_the_newest_of_its_sort_is_found(tmp_path):
    old, new, small = run("2026-01-01T10:00", 0.8, 1.0), run("2026-01-02T10:00", 0.9, 0.5), run("2026-01-03T10:00", 0.9, 0.5, "quick")
    assert [write(one, tmp_path).name for one in (old, new, small)] == [
        "2026-01-01-abc1234.json", "2026-01-02-abc1234.json", "2026-01-03-abc1234-quick.json",
    ]  # fmt: skip
    assert read("2026-01-01-abc1234", tmp_path) == old
    assert newest("all", tmp_path) == new
    assert newest("all", tmp_path, before=new["when"]) == old
    assert newest("dev", tmp_path) is None


def test_a_comparison_says_what_changed_and_whether_the_intervals_lie_apart():
    before, after = run("2026-01-01T10:00", 0.8, 1.0), run("2026-01-02T10:00", 0.95, 0.5)
    assert ("test", "all", "hit@1", 0.8, 0.95, True) in changes(before, after)
    assert {name for _, _, name, *_ in changes(before, after)} == {"hit@1"}
    assert changes(before, run("2026-01-02T10:00", 0.85, 1.0))[0][-1] is False
    assert moved(before, after) == ([], ["a"])
    assert moved(after, before) == (["a"], [])


def test_figures_are_written_as_people_read_them():
    assert (shown("hit@1", 0.9049), shown("MRR", 0.905), shown("characters in five", 2600.4)) == ("90.5%", "0.91", "2,600")
    assert with_interval("hit@1", [0.9, 0.85, 0.951, 100]) == "90.0% (85.0 to 95.1)"
    assert with_interval("hit@1", None) == ""


def test_the_page_stands_alone_and_shows_text_as_text():
    found = page(run("2026-01-02T10:00", 0.9, 0.5), run("2026-01-01T10:00", 0.8, 1.0))
    assert "<script" not in found and "&lt;script&gt;?" in found and "&lt;i&gt;Said" in found and "BM25 &lt;b&gt;" in found
    assert not any(outside in found for outside in ("http:", "https:", "src=", "@import"))
    assert 'width="240.0"' in bar_chart({"one": [0.5, 0.4, 0.6, 10]}, "half of 480")


def test_figures_stand_between_the_markers_of_readme():
    text = f"before\n{BEGIN}\nstale\n{END}\nafter\n"
    written = in_readme(text, run("2026-01-02T10:00", 0.9, 0.5))
    assert written.startswith(f"before\n{BEGIN}\n") and written.endswith(f"\n{END}\nafter\n")
    assert "| gold passage first | 90.0% (85.0 to 95.0) | 90.0% (85.0 to 95.0) |" in written and "stale" not in written
    assert in_readme(written, run("2026-01-02T10:00", 0.9, 0.5)) == written
    with pytest.raises(ValueError):
        in_readme("no markers", run("2026-01-02T10:00", 0.9, 0.5))


def test_readme_shows_the_figures_of_the_newest_run():
    latest = newest("all")
    readme = README.read_text(encoding="utf-8")
    assert latest is not None and in_readme(readme, latest) == readme, "README is stale: run `python -m eval readme`"


# A little under what the same questions give today; a fall below is a real regression, not a case or two.
FLOORS = {
    "hit@1": 0.87,
    "hit@5": 0.95,
    "gold cited": 0.87,
    "citation precision": 0.87,
    "fact recall": 0.85,
    "refusal recall": 0.85,
    "refusal precision": 0.82,
    "quotes verbatim": 1.0,
    "qualifiers kept": 1.0,
}


def test_the_quick_questions_are_answered_no_worse_than_they_were(assistant):
    cases = quick(load("dev"), Settings())
    assert 50 <= len(cases) <= 70 and len({case.group for case in cases}) >= 4
    marks = columns([scores(outcome) for outcome in outcomes(assistant, cases, lambda *_: None, "")])
    found = {name: figure(column) or 0.0 for name, column in marks.items()}
    assert {name: round(found[name], 3) for name, floor in FLOORS.items() if found[name] < floor} == {}
    assert found["answerable refused"] <= 0.1
    assert found["contradictions"] == 0
