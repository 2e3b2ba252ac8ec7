"""The Ask tab: a conversation with cited answers, scope controls, and example questions for each group."""

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.chain import Assistant
from assistant.errors import AssistantError
from assistant.guard import identifying_details
from assistant.types import Answer, Kind, Scope, Status
from ui.render import conversation, examples

EXAMPLES = {
    "Social workers": (
        "Parents have withdrawn consent for child in need work. What should I check?",
        "When is the ICPC due after a strat?",
    ),
    "Leaders": ("What did inspectors find about supervision in Sandwell?", "What needs to improve in Sandwell?"),
    "Trainers": ("What did inspectors say about neglect tools?", "What is the difference between suspect, believe and satisfied?"),
}
EVERYTHING = "Everything"
_KINDS = {"Inspection findings": frozenset({Kind.LETTER, Kind.REPORT}),
          "Law and guidance": frozenset({Kind.LEGISLATION, Kind.GUIDANCE, Kind.POLICY_NOTE}),
          "Documents you added": frozenset({Kind.LOCAL})}  # fmt: skip
_INTRO = (
    "# What did the inspectors find, and what does the law expect?\n"
    "Ask in your own words. Every sentence of an answer is quoted from a document and opens at its source."
)
_INFO = "No names or details that could identify a child. Enter sends, Shift+Enter makes a new line."
_BROKEN = "Something went wrong, and the question was not answered. Ask it again; if it happens again, restart the app."


def tab(assistant: Assistant) -> tuple[gr.Dropdown, gr.Textbox]:
    """The tab's parts and what they do. The transcript is kept on the server, one for each session.

    Its authority filter and its question, which other tabs set.
    """
    answers = gr.State([])
    gr.Markdown(_INTRO, elem_id="intro")
    shown = gr.Markdown("", elem_id="conversation", sanitize_html=True, latex_delimiters=[])
    question = gr.Textbox(label="Your question", info=_INFO, lines=1, max_lines=8, elem_id="question")
    with gr.Row(elem_id="actions"):
        send = gr.Button("Ask", variant="primary", elem_id="send")
        again = gr.Button("Start again", elem_id="again", visible=False)
    gr.Markdown("**If a child is in danger now, call 999.**", elem_id="danger")
    with gr.Row(elem_id="scope"):
        kind = gr.Dropdown([EVERYTHING, *_KINDS], value=EVERYTHING, label="Search in", filterable=False)
        authority = gr.Dropdown([EVERYTHING, *held(assistant)], value=EVERYTHING, label="Authority", filterable=False)
    offered = gr.Markdown(examples(EXAMPLES, folded=False), elem_id="examples", sanitize_html=True, latex_delimiters=[])

    def show(past: list[Answer], pending: str = "") -> tuple[str, list[Answer], str, str, dict[str, Any]]:
        begun = bool(past or pending)
        return conversation(past, pending), past, "", examples(EXAMPLES, begun), gr.update(visible=begun)

    def answer(text: str, where: str, what: str, past: list[Answer]) -> Iterator[tuple[str, list[Answer], str, str, dict[str, Any]]]:
        yield show(past, "Your question" if not text or identifying_details(text) else text)
        yield show([*past, _answer(assistant, text, where, what, past)])

    outputs = [shown, answers, question, offered, again]
    asked = gr.on(
        [send.click, question.submit],
        answer,
        [question, authority, kind, answers],
        outputs,
        concurrency_limit=4,
        api_visibility="private",
        show_progress="hidden",
    )
    again.click(lambda: show([]), None, outputs, cancels=[asked], api_visibility="private", show_progress="hidden")
    return authority, question


def held(assistant: Assistant) -> list[str]:
    """The authorities that the library has findings on."""
    return sorted({document.authority for document in assistant.documents if document.authority})


def _answer(assistant: Assistant, text: str, where: str, what: str, past: list[Answer]) -> Answer:
    """The answer, or an error in its place: the page never hangs, and never shows what went wrong inside."""
    scope = Scope(authority="" if where == EVERYTHING else where, kinds=_KINDS.get(what, frozenset()))
    try:
        return assistant.ask(text or "", scope, [a.question for a in past if a.status is Status.ANSWERED])
    except AssistantError as error:
        return Answer(text, text, Status.ERROR, str(error))
    except Exception:
        logging.exception("A question could not be answered")
        return Answer(text, text, Status.ERROR, _BROKEN)
