"""The form under the conversation: whether an answer was useful and why, sent only by whoever presses Send."""

from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.chain import Assistant
from assistant.errors import AssistantError
from assistant.feedback import LONGEST, Thumb, feedback_on
from assistant.identity import counted, redacted
from assistant.types import Answer
from ui.operations import Operations
from ui.render import problem, safe
from ui.shelf import done
from ui.who import person_of

_THUMBS = {"Yes": Thumb.UP, "No": Thumb.DOWN}
_STORED = "Send stores your question, the answer and your reason, for whoever reviews feedback here."
_INFO = "What was missing, wrong or good. No names or details that could identify a child."
_SENT = "Thank you. Your feedback was sent."
_UNSENT = "Say whether the answer was useful, then send it."


class FeedbackForm:
    """The parts of the form and what they do. The page's script writes which answer is meant into `place`: "2 down"."""

    def __init__(self, assistant: Assistant, operations: Operations) -> None:
        self.assistant, self.operations = assistant, operations
        self.about = gr.State(None)
        self.place = gr.Textbox(label="Answer to give feedback on", visible="hidden", elem_id="feedback-place")
        self.told = gr.Markdown("", elem_id="feedback-told", sanitize_html=True, latex_delimiters=[])
        with gr.Column(visible=False, elem_id="feedback") as self.form:
            self.heading = gr.Markdown("", elem_id="feedback-about", sanitize_html=True, latex_delimiters=[])
            self.useful = gr.Radio(list(_THUMBS), label="Was this answer useful?", elem_id="feedback-useful")
            self.reason = gr.Textbox(
                label="Why? (optional)", info=_INFO, lines=2, max_lines=6, max_length=LONGEST, elem_id="feedback-reason"
            )
            gr.Markdown(_STORED, elem_id="feedback-stored")
            with gr.Row(elem_id="feedback-actions"):
                self.send = gr.Button("Send feedback", variant="primary", elem_id="feedback-send")
                self.cancel = gr.Button("Cancel", elem_id="feedback-cancel")

    def listen(self, answers: gr.State) -> None:
        """Wire the parts. `answers` is the conversation, as the server has it."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        opened = [self.about, self.form, self.heading, self.useful, self.reason, self.told]
        self.place.change(self.open, [self.place, answers], opened, **quiet)
        self.send.click(self.keep, [self.about, self.useful, self.reason], [self.told, self.form, self.reason], **quiet)
        self.cancel.click(lambda: gr.update(visible=False), None, self.form, **quiet)

    def open(self, place: str, answers: list[Answer]) -> tuple[Any, ...]:
        """Show the form for the answer that `place` names, if there is one."""
        number, _, rest = place.partition(" ")
        if not (number.isdecimal() and 0 < int(number) <= len(answers)):
            return None, gr.update(visible=False), "", None, "", ""
        answer = answers[int(number) - 1]
        heading = f'<h2 tabindex="-1">Feedback on answer {number}</h2><p>{safe(answer.question)}</p>'
        return answer, gr.update(visible=True), heading, "Yes" if rest.startswith("up") else "No", "", ""

    def keep(self, answer: Answer | None, useful: str | None, reason: str, request: gr.Request) -> tuple[Any, ...]:
        """Keep what is sent, unless the reason seems to identify someone: then it is offered without the details."""
        reason = (reason or "").strip()[:LONGEST]
        if answer is None or useful not in _THUMBS:
            return problem(_UNSENT), gr.update(), gr.update()
        if details := self.assistant.identity.found(reason):
            why = f"Your reason seems to hold {counted(details)}, so it was not sent. It stands below without that; send it if it still says what you mean."
            return problem(why), gr.update(), redacted(reason, details)
        asked = answer.standalone_question
        answer = replace(answer, standalone_question=redacted(asked, self.assistant.identity.found(asked)))
        try:
            self.operations.sent(feedback_on(answer, person_of(request).id, _THUMBS[useful], reason))
        except AssistantError as error:
            return problem(str(error)), gr.update(), gr.update()
        return done(_SENT), gr.update(visible=False), ""
