"""The Sessions tab: choose a topic, an audience and a length, see the pack, change it item by item, take its files away."""

import logging
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any
from urllib.parse import unquote

import gradio as gr

from assistant.chain import Assistant
from assistant.errors import AssistantError
from sessions.compose import Material, compose
from sessions.edits import edited, unmoved
from sessions.pack import LONGEST, SHORTEST, Edits, Request
from sessions.patterns import Patterns, load_patterns
from sessions.topics import material_of, request
from sessions.writing import written
from ui import pack as view
from ui.ask import EVERYTHING, held
from ui.files import new_folder
from ui.render import problem
from ui.shelf import done
from ui.who import person_of

_INTRO = (
    "# Sessions\nA training session in a minute: slides, handout, facilitator\u2019s guide and quiz. Every quote and every statement "
    "of law comes with its source; what does not come from a source is marked as trainer\u2019s material, and every case is invented."
)
_ANY = "Any year"
_CHANGED = {"swap": "Swapped: another has come into its part.", "drop": "Dropped.", "fresh": "This part was made afresh."}
_NO_OTHER = "There is no other to put in its place, so it was left as it is."
_BROKEN = "Something went wrong, and the session was left as it was. Try again; if it happens again, restart the app."
_html = partial(gr.Markdown, sanitize_html=True, latex_delimiters=[])
Shown = tuple[str, str, Request | None, Edits, dict[str, Any], dict[str, Any]]


class SessionsTab:
    """The parts of the tab and what they do. What is asked for and changed is kept on the server, one for each session."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.asked, self.edits = gr.State(None), gr.State(Edits())
        gr.Markdown(_INTRO, elem_id="sessions-intro")
        with gr.Row(elem_id="session-what"):
            self.topic = gr.Dropdown(
                [(topic.name, topic.id) for topic in self.patterns.topics],
                value=self.patterns.topics[0].id,
                label="Topic",
                info="Choose one, or type your own words.",
                allow_custom_value=True,
            )
            self.audience = gr.Dropdown(
                [(a.name, a.id) for a in self.patterns.audiences], label="Audience", info="Who takes part.", filterable=False
            )
        with gr.Row(elem_id="session-scope"):
            self.minutes = gr.Number(
                60, label="Minutes", info=f"{SHORTEST} to {LONGEST}.", precision=0, minimum=SHORTEST, maximum=LONGEST, step=5
            )
            self.authority = gr.Dropdown(
                [EVERYTHING], value=EVERYTHING, label="Findings on", info="An authority, or all.", filterable=False
            )
            self.since = gr.Dropdown([_ANY], value=_ANY, label="Findings since", info="Year published.", filterable=False)
        self.make = gr.Button("Make the session", variant="primary", elem_id="make-session")
        self.told = _html("", elem_id="session-told")
        with gr.Column(visible=False, elem_id="session-files") as self.taking:
            self.prepare = gr.Button("Prepare the files", elem_id="prepare-files")
            self.files = gr.File(
                label="Files of the session", file_count="multiple", interactive=False, visible=False, elem_id="pack-files"
            )
        self.shown = _html("", elem_id="pack")
        self.act = gr.Textbox(label="Change", visible="hidden", elem_id="session-act")

    @cached_property
    def patterns(self) -> Patterns:
        """What the project wrote for sessions."""
        return load_patterns(self.assistant.corpus / "session")

    def listen(self, page: gr.Blocks, tab: gr.Tab) -> None:
        """Wire the parts to the functions below. Every event is private, and checks for itself what it is asked to do."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 2}
        gr.on([page.load, tab.select], self.refresh, None, [self.authority, self.since], **quiet)
        outputs = [self.told, self.shown, self.asked, self.edits, self.taking, self.files]
        chosen = [self.topic, self.audience, self.minutes, self.authority, self.since, self.asked, self.edits]
        self.make.click(self.made, chosen, outputs, **quiet)
        self.act.change(self.changed, [self.act, self.asked, self.edits], outputs, trigger_mode="always_last", **quiet)
        self.prepare.click(self.prepared, [self.asked, self.edits], [self.told, self.files], **quiet)

    # -- what the events do ------------------------------------------------------

    def refresh(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The authorities and years that the library has findings on now."""
        years = sorted({document.published[:4] for document, _ in self.assistant.held if document.published}, reverse=True)
        return gr.update(choices=[EVERYTHING, *held(self.assistant)]), gr.update(choices=[_ANY, *years])

    def made(self, topic: str, audience: str, minutes: float | None, where: str, since: str, asked: Request | None, edits: Edits) -> Shown:
        """A new pack for what was chosen; the one before stays where it cannot be made."""

        def work() -> Shown:
            material = material_of(self.assistant)
            authority, year = "" if where == EVERYTHING else where, "" if since == _ANY else since
            chosen = request(self.assistant, material, topic or "", audience, int(minutes or 0), authority, year)
            wanted, notice = written(chosen, material, self.assistant.writer, self.assistant.identity)
            told = "Made. Look through it, change what does not fit, then prepare the files."
            return self._show(wanted, Edits(), material, f"{told} {notice}".strip())

        return _attempt(work, asked, edits)

    def changed(self, action: str, asked: Request | None, edits: Edits) -> Shown:
        """The pack after one item was swapped or dropped, or one part made afresh. `action` ends with a mark that makes it new."""
        if not asked:
            return _left("", asked, edits)

        def work() -> Shown:
            material = material_of(self.assistant)
            todo = unquote(action.rpartition(" ")[0])
            before = compose(asked, material, edits)
            after = edited(before, edits, todo)
            if after == edits:
                return _left("", asked, edits)
            if unmoved(before, compose(asked, material, after), todo):
                return _left(done(_NO_OTHER), asked, edits)
            return self._show(asked, after, material, _CHANGED[todo.partition("/")[0]])

        return _attempt(work, asked, edits)

    def prepared(self, sent: gr.Request, asked: Request | None, edits: Edits) -> tuple[str, dict[str, Any]]:
        """The files of the pack, for the person alone."""
        try:
            if asked:
                from sessions.export import write  # loads what writes slides and papers, which the page does not need to start

                made = write(compose(asked, material_of(self.assistant), edits), new_folder(person_of(sent)))
                told = done(f"{len(made)} files are ready to download.")
                return told, gr.update(value=[str(file) for file in made], visible=True)
        except Exception:
            logging.exception("The files of a session could not be written")
            return problem(_BROKEN), gr.update(value=None, visible=False)
        return "", gr.update(visible=False)

    def _show(self, asked: Request, edits: Edits, material: Material, told: str) -> Shown:
        shown = view.preview(compose(asked, material, edits))
        return done(told) if told else "", shown, asked, edits, gr.update(visible=True), gr.update(value=None, visible=False)


def _left(told: str, asked: Request | None, edits: Edits) -> Shown:
    """What is shown stays as it is."""
    return told, gr.skip(), asked, edits, gr.skip(), gr.skip()


def _attempt(work: Callable[[], Shown], asked: Request | None, edits: Edits) -> Shown:
    """What `work` shows, or a plain problem above what was shown before."""
    try:
        return work()
    except AssistantError as error:
        return _left(problem(str(error)), asked, edits)
    except Exception:
        logging.exception("A session could not be made")
        return _left(problem(_BROKEN), asked, edits)
