"""The Findings tab: the register filtered, as a table, a heat map, a timeline, side by side or over time; exported, and asked about."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import gradio as gr

from assistant.chain import Assistant
from assistant.counting import AREAS, SAID
from assistant.crosstab import By, compare, extent, heat_map, newest_first, timeline
from assistant.errors import AssistantError
from assistant.export import as_csv, export_rows, write_xlsx
from assistant.findings import EVALUATIVE, UNTHEMED, Finding, Polarity, Wanted
from assistant.people import Person
from assistant.progress import progress
from assistant.selection import Chosen, behind, drafted, frameworks, told, wanted_of
from ui import findings_view as view
from ui.ask import EVERYTHING, SETTLE, held
from ui.files import new_folder
from ui.render import problem
from ui.who import person_of

WEIGHS = {
    "Strengths and to improve": EVALUATIVE,
    "To improve, and mixed": SAID["criticised"],
    "Strengths, and mixed": SAID["praised"],
    "Mixed only": frozenset({Polarity.MIXED}),
    "Everything, with neutral": frozenset[Polarity](),
}
TABLE, HEAT, TIMELINE, COMPARISON, PROGRESS = "Table", "Heat map", "Timeline of judgements", "Comparison", "Progress"
_ALL_REGIONS, _ALL_FRAMEWORKS = "All regions", "All frameworks"
_FRAMEWORKS = {
    "ILACS": "ILACS (since 2018)",
    "ILACS short": "ILACS, short",
    "ILACS standard": "ILACS, standard",
    "SIF": "SIF (2013 to 2018)",
    "focused visit": "Focused visits",
    "monitoring visit": "Monitoring visits",
    "JTAI": "Joint targeted area inspections",
}
"""What some frameworks are called; the others by their own names."""
BY = {"Theme by year": By.YEAR, "Theme by authority": By.AUTHORITY}
AREAS_SHOWN = {name.capitalize(): area for area, name in AREAS.items()}
_BOTH_WAYS = next(iter(WEIGHS))
_COMPARED = 6
_INTRO = (
    "# Findings\nEvery sentence in which inspectors weigh up a service, from every letter and report in the library. "
    "Filter them, count them, compare authorities, and open each at its source."
)
_READ = (
    "The sentences are the inspectors\u2019 own. Which way each weighs and what it is about is read by rule, not by a person, "
    "and is sometimes wrong: open the source before you rely on one."
)
_BROKEN = "Something went wrong, and nothing was changed. Try again; if it happens again, restart the app."
_html = partial(gr.Markdown, sanitize_html=True, latex_delimiters=[])


@dataclass(frozen=True)
class AskParts:
    """What "Ask about this" sets: the Ask tab's authority and question, and which tab is open."""

    authority: gr.Dropdown
    question: gr.Textbox
    tabs: gr.Tabs


class FindingsTab:
    """The parts of the tab and what they do."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.names = {theme.id: theme.name for theme in (*assistant.themes, UNTHEMED)}
        self.place = gr.Textbox(label="Findings to open", visible="hidden", elem_id="findings-place")
        self.page = gr.State(0)
        gr.Markdown(_INTRO, elem_id="findings-intro")
        self._build_filters()
        self.shown_as = gr.Radio([TABLE, HEAT, TIMELINE, COMPARISON, PROGRESS], value=TABLE, label="Show as", elem_id="shown-as")
        self.by = gr.Radio([*BY], value=next(iter(BY)), label="Heat map of", visible=False, elem_id="heat-by")
        self.area = gr.Dropdown(
            [*AREAS_SHOWN], value=next(iter(AREAS_SHOWN)), label="Judgement", visible=False, filterable=False, elem_id="judged-area"
        )
        self.view = _html("", elem_id="findings-view")
        with gr.Row(elem_id="findings-pages"):
            self.previous = gr.Button("Previous", visible=False, elem_id="findings-previous")
            self.next = gr.Button("Next", visible=False, elem_id="findings-next")
        gr.Markdown(_READ, elem_id="findings-note")

    def _build_filters(self) -> None:
        assistant = self.assistant
        regions = sorted(set(assistant.regions.values()))
        with gr.Column(elem_id="findings-filters"):
            with gr.Row():
                self.authorities = gr.Dropdown(
                    held(assistant), multiselect=True, label="Authorities", info="None chosen: all", elem_id="f-authorities"
                )
                self.themes = gr.Dropdown(
                    [(name, id) for id, name in self.names.items()],
                    multiselect=True,
                    label="Themes",
                    info="None chosen: all",
                    elem_id="f-themes",
                )
            with gr.Row():
                self.region = gr.Dropdown([_ALL_REGIONS, *regions], value=_ALL_REGIONS, label="Region", filterable=False)
                self.weighs = gr.Dropdown([*WEIGHS], value=_BOTH_WAYS, label="Which way they weigh", filterable=False)
                self.framework = gr.Dropdown(self._frameworks(), value=_ALL_FRAMEWORKS, label="Framework", filterable=False)
            with gr.Accordion("More filters", open=False, elem_id="more-filters"):
                with gr.Row():
                    self.since = gr.Textbox(label="Published from", info="A year, or a date such as 2023-05-20", max_lines=1)
                    self.until = gr.Textbox(label="Published to", info="A year, or a date", max_lines=1)
                self.own = gr.Textbox(
                    label="Your own list of authorities",
                    info="Names with commas between, or \u201cSandwell and its neighbours\u201d. They add to the authorities chosen above.",
                    lines=2, max_lines=6,
                )  # fmt: skip
                self.latest = gr.Checkbox(label="Only the newest letter or report of each authority")
            with gr.Row(elem_id="findings-actions"):
                self.ask = gr.Button("Ask about this", variant="primary", elem_id="ask-about")
                self.csv = gr.Button("Download CSV", elem_id="get-csv")
                self.xlsx = gr.Button("Download Excel", elem_id="get-xlsx")
                self.clear = gr.Button("Clear filters", elem_id="clear-filters")
            self.file = gr.DownloadButton("Save the file", visible="hidden", elem_id="findings-file")
            self.told = _html("", elem_id="findings-told")

    def listen(self, page: gr.Blocks, tab: gr.Tab, ask: AskParts) -> None:
        """Wire the parts to the functions below; every event is private."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        last: dict[str, Any] = {**quiet, "trigger_mode": "always_last"}
        chosen = [self.authorities, self.region, self.own, self.since, self.until, self.framework, self.themes, self.weighs, self.latest]
        inputs = [self.shown_as, self.by, self.area, *chosen]
        outputs = [self.view, self.page, self.previous, self.next, self.by, self.area, self.told]
        # Every filter is listened to by one event, `change`: Gradio then runs the last of several at once with all of them set.
        gr.on([part.change for part in inputs], self.first, inputs, outputs, **last)  # type: ignore[attr-defined]
        tab.select(self.opened, inputs, [self.authorities, self.framework, *outputs], **last)
        gr.on([self.previous.click], lambda page, *rest: self.show(page - 1, *rest), [self.page, *inputs], outputs, **quiet)
        gr.on([self.next.click], lambda page, *rest: self.show(page + 1, *rest), [self.page, *inputs], outputs, **quiet)
        self.clear.click(_fresh, None, chosen, **quiet).then(self.settled, inputs, outputs, **quiet)
        self.place.change(self.drill, [self.place, self.shown_as, *chosen], [self.shown_as, *chosen], **last)
        ask_outputs = [ask.question, ask.authority, ask.tabs, self.told]
        self.ask.click(self.ask_about, chosen, ask_outputs, **quiet)
        for button, save in ((self.csv, self.save_csv), (self.xlsx, self.save_xlsx)):
            button.click(
                save,
                chosen,
                [self.file, self.told],
                api_visibility="private",
                concurrency_limit=1,
                show_progress_on=self.told,
            )

    # -- what the events do ------------------------------------------------------

    def first(self, shown_as: str, by: str, area: str, *chosen: Any) -> tuple[Any, ...]:
        """The first page of what the filters let through."""
        return self.show(0, shown_as, by, area, *chosen)

    def opened(self, *inputs: Any) -> tuple[Any, ...]:
        """The authorities and frameworks there are now, and the first page."""
        return gr.update(choices=held(self.assistant)), gr.update(choices=self._frameworks()), *self.first(*inputs)

    def show(self, page: int, shown_as: str, by: str, area: str, *chosen: Any) -> tuple[Any, ...]:
        """The view, its page, and which controls it needs."""
        more = 0
        try:
            made, more = self._view(max(page, 0), shown_as, by, area, _chosen(*chosen))
        except AssistantError as error:
            made = problem(str(error))
        except Exception:
            logging.exception("The findings could not be shown")
            made = problem(_BROKEN)
        return (
            made,
            max(page, 0),
            gr.update(visible=page > 0),
            gr.update(visible=more > 0),
            gr.update(visible=shown_as == HEAT),
            gr.update(visible=shown_as == TIMELINE),
            "",
        )

    def drill(self, place: str, shown_as: str, *chosen: Any) -> tuple[Any, ...]:
        """The table, filtered for the findings behind one cell. `place` is findings/THEME/COLUMN/SIDE/TIME: COLUMN is a year,
        an authority or nothing for all, SIDE which way the cell counts."""
        parts = place.split("/")
        if len(parts) != 5 or parts[1] not in self.names or parts[3] not in set(Polarity):
            return shown_as, *chosen
        picked = _chosen(*chosen)
        found = behind(picked, self._wanted(picked), self.assistant.register, parts[1], unquote(parts[2]), Polarity(parts[3]))
        return TABLE, *as_set(found)

    def ask_about(self, *chosen: Any) -> tuple[Any, ...]:
        """The question that asks for these findings, and the authority where there is one, in the Ask tab."""
        picked = _chosen(*chosen)
        try:
            wanted = self._wanted(picked)
        except AssistantError as error:
            return gr.update(), gr.update(), gr.update(), problem(str(error))
        one = next(iter(wanted.authorities)) if len(wanted.authorities) == 1 else ""
        authority = one if one in held(self.assistant) else EVERYTHING
        return drafted(picked, wanted, self.names), authority, gr.update(selected="ask"), ""

    def save_csv(self, request: gr.Request, *chosen: Any) -> tuple[Any, str]:
        """The findings that the filters let through as CSV, for the person alone, and how many there are."""
        return self._export("csv", person_of(request), _chosen(*chosen))

    def save_xlsx(self, request: gr.Request, *chosen: Any) -> tuple[Any, str]:
        """The same as an Excel workbook."""
        return self._export("xlsx", person_of(request), _chosen(*chosen))

    def _export(self, kind: str, person: Person, picked: Chosen) -> tuple[Any, str]:

        def made() -> tuple[Any, str]:
            wanted = self._wanted(picked)
            found = self._found(wanted)
            if not found:
                return None, problem("There are no findings to download: nothing fits all of these filters.")
            return self._written(new_folder(person), kind, picked, wanted, found), view.saved(len(found), kind)

        return _attempt(made)

    # -- parts -------------------------------------------------------------------

    def _view(self, page: int, shown_as: str, by: str, area: str, chosen: Chosen) -> tuple[str, int]:
        """(HTML, findings that come after this page)."""
        register = self.assistant.register
        if not register.documents:
            return view.empty(), 0
        wanted = self._wanted(chosen)
        found = self._found(wanted)
        reach = extent(register, wanted, found)
        if shown_as == HEAT:
            side = Polarity.STRENGTH if chosen.weighs == SAID["praised"] else Polarity.IMPROVEMENT
            return view.heat_map(heat_map(register, wanted, self.assistant.themes, BY[by], side), BY[by], reach), 0
        if shown_as == TIMELINE:
            return view.timeline(timeline(register, wanted, AREAS_SHOWN[area]), reach), 0
        if shown_as == PROGRESS:
            return self._progress(wanted), 0
        if shown_as == COMPARISON:
            names = sorted(wanted.authorities)
            if not 2 <= len(names) <= _COMPARED:
                return view.few_or_many(len(names), _COMPARED), 0
            return view.comparison(compare(register, wanted, names, self.assistant.themes), self.names), 0
        shown = newest_first(register, found)[page * view.PAGE : (page + 1) * view.PAGE]
        rows = list(zip(shown, self.assistant.expected(shown), strict=True))
        return view.table(register, rows, reach, page, self.names), len(found) - (page + 1) * view.PAGE

    def _progress(self, wanted: Wanted) -> str:
        """What became of each theme between the letters and reports of one authority that the filters let through."""
        register = self.assistant.register
        if len(wanted.authorities) != 1:
            return view.not_one(len(wanted.authorities))
        (name,) = wanted.authorities
        within = {document.id for document in register.inspections(replace(wanted, latest=False))}
        themes = [theme for theme in self.assistant.themes if not wanted.themes or theme.id in wanted.themes]
        steps = [step for step in progress(register, name, themes) if {step.before.id, step.after.id} <= within]
        return view.progress(register, name, steps, self.assistant.known_later(within))

    def _frameworks(self) -> list[tuple[str, str]]:
        held = frameworks(self.assistant.register)
        return [(_ALL_FRAMEWORKS, _ALL_FRAMEWORKS), *((_FRAMEWORKS.get(name, name.capitalize()), name) for name in held)]

    def _wanted(self, chosen: Chosen) -> Wanted:
        return wanted_of(chosen, self.assistant.authorities, self.assistant.regions)

    def _found(self, wanted: Wanted) -> list[Finding]:
        return self.assistant.register.select(wanted)

    def settled(self, *inputs: Any) -> tuple[Any, ...]:
        """`first`, after what the filters told of one by one as they were cleared: the last to answer is what is shown."""
        time.sleep(SETTLE)
        return self.first(*inputs)

    def _written(self, folder: Path, kind: str, chosen: Chosen, wanted: Wanted, found: list[Finding]) -> str:
        """Where in `folder` the file is."""
        register = self.assistant.register
        rows = export_rows(register, found, self.names, self.assistant.expected(found))
        file = folder / f"findings-{date.today().isoformat()}.{kind}"
        if kind == "csv":
            file.write_bytes(as_csv(rows))
        else:
            about = [
                ("Findings of", told(chosen, wanted, self.names)),
                ("Findings", f"{len(found):,}"),
                ("Made on", date.today().isoformat()),
                ("How they were read", _READ),
            ]
            write_xlsx(file, rows, about)
        return str(file)


def _chosen(
    authorities: list[str] | None,
    region: str,
    own: str,
    since: str,
    until: str,
    framework: str,
    themes: list[str] | None,
    weighs: str,
    latest: bool,
) -> Chosen:
    return Chosen(
        tuple(authorities or ()),
        "" if region == _ALL_REGIONS else region,
        own or "",
        since or "",
        until or "",
        "" if framework == _ALL_FRAMEWORKS else framework,
        tuple(themes or ()),
        WEIGHS.get(weighs, EVALUATIVE),
        bool(latest),
    )


def as_set(chosen: Chosen) -> tuple[Any, ...]:
    """`chosen` as the values of the inputs, in their order."""
    weighs = next(name for name, sides in WEIGHS.items() if sides == chosen.weighs)
    return (
        [*chosen.authorities],
        chosen.region or _ALL_REGIONS,
        chosen.own,
        chosen.since,
        chosen.until,
        chosen.framework or _ALL_FRAMEWORKS,
        [*chosen.themes],
        weighs,
        chosen.latest,
    )


def _fresh() -> tuple[Any, ...]:
    """The filters as they are at first."""
    return as_set(Chosen())


def _attempt(work: Callable[[], tuple[Any, str]]) -> tuple[Any, str]:
    """What `work` gives, or no file and a plain problem."""
    try:
        return work()
    except AssistantError as error:
        return None, problem(str(error))
    except Exception:
        logging.exception("The findings could not be exported")
        return None, problem(_BROKEN)
