"""The Review tab, for those who may: what people said of answers, how far each is reviewed, and which become eval cases."""

from typing import Any

import gradio as gr

from assistant.feedback import Feedback, State, Thumb
from assistant.people import Role
from assistant.text import spelt
from ui.operations import Operations
from ui.render import problem, safe
from ui.shelf import done
from ui.who import person_of

_ALL = "All"
_STATES = {"Open": State.OPEN, "Done": State.DONE, "Made a case": State.CASE}
_THUMBS = {"Not useful": Thumb.DOWN, "Useful": Thumb.UP}
_NAMES = {state: name for name, state in _STATES.items()}
_SAID = {thumb: name for name, thumb in _THUMBS.items()}
_INTRO = (
    "# Review\nWhat people sent about answers. One that is made an eval case is printed by "
    "`python app.py feedback --cases`, for a developer to correct and check in."
)
_NOT_YOURS = "Only an administrator may review feedback; ask for that role, or sign in as one."
_GONE = "Choose a piece of feedback first."
_LIST = 60
"""Characters of a question in the list."""


class ReviewTab:
    """The parts of the tab and what they do. Every function checks who asks."""

    def __init__(self, operations: Operations) -> None:
        self.reviews = operations.reviews
        gr.Markdown(_INTRO, elem_id="review-intro")
        with gr.Row(elem_id="review-filters"):
            self.state = gr.Dropdown([*_STATES, _ALL], value="Open", label="Status", filterable=False)
            self.thumb = gr.Dropdown([_ALL, *_THUMBS], value=_ALL, label="Said to be", filterable=False)
        self.count = gr.Markdown("", elem_id="review-count", sanitize_html=True, latex_delimiters=[])
        self.chosen = gr.Dropdown([], label="Feedback", filterable=False, elem_id="review-chosen")
        self.detail = gr.Markdown("", elem_id="review-detail", sanitize_html=True, latex_delimiters=[])
        with gr.Row(visible=False, elem_id="review-actions") as self.actions:
            self.finish = gr.Button("Mark as done", variant="primary", elem_id="review-done")
            self.make = gr.Button("Make this an eval case", elem_id="review-case")
            self.reopen = gr.Button("Open it again", elem_id="review-open")

    def listen(self, page: gr.Blocks, tab: gr.Tab) -> None:
        """Wire the parts."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        filters, listed = [self.state, self.thumb], [self.count, self.chosen, self.detail, self.actions]
        page.load(self.offered, None, tab, **quiet)
        gr.on([tab.select, self.state.input, self.thumb.input], self.listing, filters, listed, **quiet)
        self.chosen.input(self.show, self.chosen, [self.detail, self.actions], **quiet)
        self.finish.click(self.mark_done, [self.chosen, *filters], listed, **quiet)
        self.make.click(self.make_case, [self.chosen, *filters], listed, **quiet)
        self.reopen.click(self.open_again, [self.chosen, *filters], listed, **quiet)

    # -- what the events do ------------------------------------------------------

    def offered(self, request: gr.Request) -> dict[str, Any]:
        """Whether the tab is there."""
        return gr.update(visible=_may(request))

    def listing(self, state: str, thumb: str, request: gr.Request) -> tuple[Any, ...]:
        """What fits the filters, newest first, with the first of it open."""
        if not _may(request):
            return problem(_NOT_YOURS), gr.update(choices=[], value=None), "", gr.update(visible=False)
        found = self._matching(state, thumb)
        first = found[0] if found else None
        choices = [(_line(feedback), feedback.id) for feedback in found]
        chosen = gr.update(choices=choices, value=first.id if first else None, visible=bool(found))
        return f"<p>{len(found)} shown</p>", chosen, _detail(first), gr.update(visible=bool(first))

    def show(self, id: str | None, request: gr.Request) -> tuple[Any, ...]:
        """One piece of feedback."""
        if not _may(request):
            return problem(_NOT_YOURS), gr.update(visible=False)
        feedback = self._one(id)
        return _detail(feedback), gr.update(visible=bool(feedback))

    def mark_done(self, id: str | None, state: str, thumb: str, request: gr.Request) -> tuple[Any, ...]:
        """Note that nothing is left to do."""
        return self._set(id, State.DONE, state, thumb, request)

    def make_case(self, id: str | None, state: str, thumb: str, request: gr.Request) -> tuple[Any, ...]:
        """Note that it is to become an eval case."""
        return self._set(id, State.CASE, state, thumb, request)

    def open_again(self, id: str | None, state: str, thumb: str, request: gr.Request) -> tuple[Any, ...]:
        """Note that it is to be looked at once more."""
        return self._set(id, State.OPEN, state, thumb, request)

    def _set(self, id: str | None, new: State, state: str, thumb: str, request: gr.Request) -> tuple[Any, ...]:
        feedback = self._one(id) if _may(request) else None
        if feedback:
            self.reviews.set_state(feedback.id, new)
        count, *rest = self.listing(state, thumb, request)
        told = done(f"Now {_NAMES[new].lower()}.") if feedback else problem(_GONE)
        return (told + count if _may(request) else count), *rest

    def _matching(self, state: str, thumb: str) -> list[Feedback]:
        return [f for f in self.reviews.all() if f.state is _STATES.get(state, f.state) and f.thumb is _THUMBS.get(thumb, f.thumb)]

    def _one(self, id: str | None) -> Feedback | None:
        return next((feedback for feedback in self.reviews.all() if feedback.id == id), None)


def _may(request: gr.Request) -> bool:
    return person_of(request).may(Role.ADMIN)


def _line(feedback: Feedback) -> str:
    question = feedback.question if len(feedback.question) <= _LIST else f"{feedback.question[:_LIST]}…"
    return f"{spelt(feedback.at[:10])}, {_SAID[feedback.thumb].lower()}: {question}"


def _detail(feedback: Feedback | None) -> str:
    """Everything of one piece of feedback, as HTML. What was typed and answered is escaped."""
    if feedback is None:
        return "<p>Nothing here fits the filters.</p>"
    rows = (
        ("Status", _NAMES[feedback.state]),
        ("Said to be", _SAID[feedback.thumb].lower()),
        ("Why", feedback.reason or "no reason given"),
        ("Sent", f"{spelt(feedback.at[:10])}, {feedback.at[11:16]} UTC{f' by {feedback.person}' if feedback.person else ''}"),
        ("Ended as", feedback.status.replace("_", " ")),
        ("Cited", "; ".join(dict.fromkeys(id for id, _ in feedback.cited)) or "nothing"),
    )
    facts = "".join(f"<dt>{name}</dt><dd>{safe(value)}</dd>" for name, value in rows)
    return f"<h2>{safe(feedback.question)}</h2><dl>{facts}</dl><h3>The answer as shown</h3><blockquote>{safe(_bare(feedback.answer))}</blockquote>"


def _bare(answer: str) -> str:
    """The answer's Markdown without the marks of headings and bold."""
    return answer.replace("### ", "").replace("**", "")
