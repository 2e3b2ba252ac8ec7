"""LIBRARY_DIR=data/all python -m eval.views [open]: how long the Findings tab takes over a whole library, and whether it adds up.

Every view is made under every filter one at a time (each authority, theme, region, framework, side and span of dates), by
the functions that the page calls; then every cell of the heat maps and comparisons is opened, and the findings counted.
`open`: the same tab in Chromium, from the click to the first row, and from one view to the next.
"""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import median

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.chain import Assistant
from assistant.crosstab import By, Cell, compare, heat_map
from assistant.embedding import Embedder
from assistant.errors import QuestionError
from assistant.findings import Polarity, Wanted
from assistant.library import Library
from assistant.selection import Chosen, behind, frameworks, wanted_of
from assistant.settings import Settings
from eval.bench import served

SIDE_BY_SIDE = 6
OPENED = 5
"""Times that the tab is opened in Chromium."""


@dataclass(frozen=True)
class Named:
    """Filters, and what they are called in the table."""

    name: str
    chosen: Chosen


def filters(assistant: Assistant) -> list[Named]:
    """None, then each filter there is, one at a time."""
    register = assistant.register
    authorities = sorted({document.authority for document in register.documents.values()} - {""})
    years = sorted({register.when(id)[:4] for id in register.documents} - {""})
    sides = (frozenset({Polarity.IMPROVEMENT, Polarity.MIXED}), frozenset({Polarity.STRENGTH, Polarity.MIXED}), frozenset[Polarity]())
    return [
        Named("no filter", Chosen()),
        *(Named(name, Chosen(authorities=(name,))) for name in authorities),
        *(Named(theme.name, Chosen(themes=(theme.id,))) for theme in assistant.themes),
        *(Named(region, Chosen(region=region)) for region in sorted(set(assistant.regions.values()))),
        *(Named(framework, Chosen(framework=framework)) for framework in frameworks(register)),
        *(Named(f"weighs {sorted(side)}", Chosen(weighs=side)) for side in sides),
        *(Named(f"since {year}", Chosen(since=year)) for year in years),
        *(Named(f"in {year}", Chosen(since=year, until=year)) for year in years),
        Named("the newest of each", Chosen(latest=True)),
    ]


def views(assistant: Assistant, asked: list[Named]) -> dict[str, list[tuple[float, str]]]:
    """Of each view, the milliseconds that each filter takes: the page's own functions, from the filters to the HTML."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio as gr

    from ui import findings as ui

    with gr.Blocks():
        tab = ui.FindingsTab(assistant)
    by_year, by_authority = (name for name, _ in sorted(ui.BY.items(), key=lambda pair: pair[1] is By.AUTHORITY))
    area = next(iter(ui.AREAS_SHOWN))
    shown = {
        "table": (ui.TABLE, by_year),
        "heat map by year": (ui.HEAT, by_year),
        "heat map by authority": (ui.HEAT, by_authority),
        "timeline": (ui.TIMELINE, by_year),
        "comparison": (ui.COMPARISON, by_year),
        "progress": (ui.PROGRESS, by_year),
    }
    documents: dict[str, int] = {}
    for document in assistant.register.documents.values():
        documents[document.authority] = documents.get(document.authority, 0) + 1
    longest = sorted(documents, key=lambda name: -documents[name])[:SIDE_BY_SIDE]
    took: dict[str, list[tuple[float, str]]] = {view: [] for view in shown}
    for named in track(asked, "Views", console=Console(stderr=True)):
        for view, (shown_as, by) in shown.items():
            chosen = named.chosen
            if view in ("comparison", "progress") and not chosen.authorities and not chosen.region:
                chosen = replace(chosen, authorities=tuple(longest[: SIDE_BY_SIDE if view == "comparison" else 1]))
            began = time.perf_counter()
            tab.first(shown_as, by, area, *ui.as_set(chosen))
            took[view].append((1000 * (time.perf_counter() - began), named.name))
    return took


def cells(assistant: Assistant, chosen: Chosen, wanted: Wanted) -> Iterator[tuple[str, str, Polarity, int]]:
    """(theme, column, side, number) of every cell of the heat maps, and of the comparison where few enough are chosen."""
    register = assistant.register
    for by in By:
        for side in (Polarity.IMPROVEMENT, Polarity.STRENGTH):
            made = heat_map(register, wanted, assistant.themes, by, side)
            yield from ((theme, "", side, cell.counted) for theme, cell in made.totals.items())
            yield from ((t.id, c, side, made.cells.get((t.id, c), Cell()).counted) for t in made.themes for c in made.columns)
    if 0 < len(wanted.authorities) <= SIDE_BY_SIDE:
        for one in compare(register, wanted, sorted(wanted.authorities), assistant.themes).sides:
            yield from ((theme, one.authority, Polarity.IMPROVEMENT, weighs.to_improve.counted) for theme, weighs in one.themes.items())


def wrong_cells(assistant: Assistant, asked: list[Named]) -> tuple[int, list[str]]:
    """(cells opened, those that count other than the findings that they open)."""
    opened, wrong = 0, []

    def read(chosen: Chosen) -> Wanted:
        return wanted_of(chosen, assistant.authorities, assistant.regions)

    for named in track(asked, "Cells", console=Console(stderr=True)):
        wanted = read(named.chosen)
        for theme, column, side, number in cells(assistant, named.chosen, wanted):
            found = assistant.register.select(read(behind(named.chosen, wanted, assistant.register, theme, column, side)))
            opened += 1
            if len(found) != number:
                wrong.append(f"{named.name}: {theme}, {column or 'all'}, {side}: {number} counted, {len(found)} opened")
    return opened, wrong


def measure() -> None:
    """Print the median and the longest time of each view, and the cells that do not add up."""
    settings, out = Settings(), Console(width=140)
    with Library(settings.library_dir) as library:
        assistant = Assistant(library, Embedder(settings.embedding_model), settings.corpus_dir)
        began = time.perf_counter()
        count = len(assistant.register.findings)
        loaded = time.perf_counter() - began
        if not count:
            raise QuestionError(f"The library in {settings.library_dir} has no findings; name one with reports in LIBRARY_DIR.")
        asked = filters(assistant)
        _ = assistant.register.weighed
        took = views(assistant, asked)
        opened, wrong = wrong_cells(assistant, [*asked, *(Named(f"{n.name}, newest", replace(n.chosen, latest=True)) for n in asked)])
    table = Table("view", "filters", "median ms", "most ms", "under", title=f"{count:,} findings, loaded in {loaded:.1f} s")
    for view, times in took.items():
        most, under = max(times)
        table.add_row(view, str(len(times)), f"{median(ms for ms, _ in times):.0f}", f"{most:.0f}", under)
    out.print(table)
    out.print(f"{opened:,} cells opened; {len(wrong)} count other than the findings that they open.")
    for line in wrong[:20]:
        out.print(line, markup=False, highlight=False)


def in_chromium() -> None:
    """Print how long the tab takes to open, and each view to show, as a person sees it."""
    from playwright.sync_api import sync_playwright

    ready = {
        "Heat map": "table.heat:not(.compare)",
        "Timeline of judgements": "table.years",
        "Comparison": ".count:has-text('Choose two')",
        "Progress": ".count:has-text('Choose one')",
        "Table": "table.findings",
    }
    took: dict[str, list[float]] = {}
    with served(dict(os.environ)) as (url, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for _ in range(OPENED):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(url)
            page.get_by_label("Your question").wait_for()
            began = time.perf_counter()
            page.get_by_role("tab", name="Findings").click()
            page.locator("table.findings").wait_for()
            took.setdefault("the tab, to its first row", []).append(time.perf_counter() - began)
            for view, shown in ready.items():
                began = time.perf_counter()
                page.get_by_label(view, exact=True).check()
                page.locator(f"#findings-view {shown}").first.wait_for()
                took.setdefault(view, []).append(time.perf_counter() - began)
            page.close()
        browser.close()
    table = Table("in Chromium", "times", "median s", "most s")
    for what, seconds in took.items():
        table.add_row(what, str(len(seconds)), f"{median(seconds):.2f}", f"{max(seconds):.2f}")
    Console().print(table)


if __name__ == "__main__":
    in_chromium() if sys.argv[1:] == ["open"] else measure()
