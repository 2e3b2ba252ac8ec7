"""The Ask tab: a conversation with cited answers as they come, scope controls, and example questions for each group."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.chain import Assistant
from assistant.errors import AssistantError
from assistant.types import Answer, Kind, Progress, Scope, Sentence, Status
from ui.feedback import FeedbackForm
from ui.operations import Operations
from ui.render import conversation, doing, examples
from ui.who import person_of

EXAMPLES: dict[str, tuple[str, ...]] = {
    "Social workers": (
        "Parents have withdrawn consent for child in need work. What should I check?",
        "When is the ICPC due after a strat?",
    ),
    "Leaders": ("What did inspectors find about supervision in Sandwell?", "What needs to improve in Sandwell?"),
    "Trainers": ("What did inspectors say about neglect tools?", "What is the difference between suspect, believe and satisfied?"),
}
EVERYTHING = "Everything"
SETTLE = 0.5
"""Seconds that a request of the page to cancel takes to arrive, at the most."""
_KINDS = {"Inspection findings": frozenset({Kind.LETTER, Kind.REPORT}),
          "Law and guidance": frozenset({Kind.LEGISLATION, Kind.GUIDANCE, Kind.POLICY_NOTE}),
          "Documents you added": frozenset({Kind.LOCAL})}  # fmt: skip
_INTRO = "# What did the inspectors find, and what does the law expect?\nAsk in your own words. "
_QUOTED = "Every sentence of an answer is quoted from a document and opens at its source."
_INFO = "No names or details that could identify a child. Enter sends, Shift+Enter makes a new line."
_BROKEN = "Something went wrong, and the question was not answered. Ask it again; if it happens again, restart the app."


def tab(assistant: Assistant, operations: Operations) -> tuple[gr.Dropdown, gr.Textbox]:
    """The tab's parts and what they do. The transcript is kept on the server, one for each session.

    Its authority filter and its question, which other tabs set.
    """
    answers = gr.State([])
    asking = gr.State("")
    gr.Markdown(_INTRO + written_by(assistant), elem_id="intro")
    shown = gr.Markdown("", elem_id="conversation", sanitize_html=True, latex_delimiters=[])
    form = FeedbackForm(assistant, operations)
    question = gr.Textbox(label="Your question", info=_INFO, lines=1, max_lines=8, elem_id="question")
    with gr.Row(elem_id="actions"):
        send = gr.Button("Ask", variant="primary", elem_id="send")
        stop = gr.Button("Stop", elem_id="stop", visible=False)
        retry = gr.Button("Try again", elem_id="retry", visible=False)
        again = gr.Button("Start again", elem_id="again", visible=False)
    gr.Markdown("**If a child is in danger now, call 999.**", elem_id="danger")
    with gr.Row(elem_id="scope"):
        kind = gr.Dropdown([EVERYTHING, *_KINDS], value=EVERYTHING, label="Search in", filterable=False)
        authority = gr.Dropdown([EVERYTHING, *held(assistant)], value=EVERYTHING, label="Authority", filterable=False)
    offered = gr.Markdown(examples(EXAMPLES, folded=False), elem_id="examples", sanitize_html=True, latex_delimiters=[])

    def show(past: list[Answer], pending: str = "", progress: str = "", typed: str = "") -> tuple[Any, ...]:
        begun = bool(past or pending)
        again = "Ask without the details" if past and past[-1].status is Status.BLOCKED else "Try again"
        buttons = (gr.update(visible=bool(pending)), gr.update(again, visible=bool(past) and not pending), gr.update(visible=begun))
        return conversation(past, pending, progress), past, typed, pending, examples(EXAMPLES, begun), *buttons

    def answer(text: str, where: str, what: str, past: list[Answer], request: gr.Request) -> Iterator[tuple[Any, ...]]:
        pending = "Your question" if not text or assistant.identity.found(text) else text
        yield show(past, pending)
        sentences: list[Sentence] = []
        so_far = Progress("")
        for event in operations.watched(_events(assistant, operations, text, where, what, past), person_of(request)):
            if event.answer:
                yield show([*past, event.answer])
            elif event.what == "waiting":
                yield tuple(gr.skip() for _ in outputs)
            elif assistant.writer and event.what in ("find_scope", "pick", "sentence"):
                sentences += [event.sentence] if event.sentence else []
                so_far = so_far if event.sentence else event
                yield show(past, pending, doing(so_far, sentences, len(assistant.documents)))

    def once_more(where: str, what: str, past: list[Answer], request: gr.Request) -> Iterator[tuple[Any, ...]]:
        if past:
            blocked = past[-1].status is Status.BLOCKED
            yield from answer(past[-1].standalone_question if blocked else past[-1].question, where, what, past[:-1], request)
        else:
            yield show(past)

    def stopped(past: list[Answer], pending: str) -> tuple[Any, ...]:
        time.sleep(SETTLE)
        return show(past, typed=pending)

    def fresh() -> tuple[Any, ...]:
        time.sleep(SETTLE)
        return show([])

    outputs = [shown, answers, question, asking, offered, stop, retry, again]
    asked = gr.on(
        [send.click, question.submit],
        answer,
        [question, authority, kind, answers],
        outputs,
        concurrency_limit=4,
        api_visibility="private",
        show_progress="hidden",
    )
    asked_again = retry.click(
        once_more,
        [authority, kind, answers],
        outputs,
        concurrency_limit=4,
        api_visibility="private",
        show_progress="hidden",
    )
    running = [asked, asked_again]
    # What is running is cancelled first, by a request of the page's own, and the page shown after: a question asked before
    # that request has arrived would be cancelled with it.
    for button, then, inputs in ((stop, stopped, [answers, asking]), (again, fresh, None)):
        ended = button.click(None, cancels=running, api_visibility="private", show_progress="hidden")
        ended.then(then, inputs, outputs, api_visibility="private", show_progress="hidden")
    form.listen(answers)
    return authority, question


def written_by(assistant: Assistant) -> str:
    """Who writes the answers, and where what is typed goes."""
    if not assistant.writer:
        return _QUOTED
    chat = assistant.writer.chat
    leaves = " Your question and the passages found are sent there, once no identifying details are seen in it." if chat.hosted else ""
    return f"Answers are written by the language model `{chat.name}` {chat.place}, and each sentence is checked against its source before it is shown.{leaves}"


def held(assistant: Assistant) -> list[str]:
    """The authorities that the library has findings on."""
    return sorted({document.authority for document in assistant.documents if document.authority})


def _events(assistant: Assistant, operations: Operations, text: str, where: str, what: str, past: list[Answer]) -> Iterator[Progress]:
    """What happens on the way to the answer, and it; or an error in its place: the page never hangs, and never shows what
    went wrong inside."""
    scope = Scope(authority="" if where == EVERYTHING else where, kinds=_KINDS.get(what, frozenset()))
    try:
        operations.check_open()
        yield from assistant.stream(text or "", scope, [a.question for a in past if a.status is Status.ANSWERED])
    except AssistantError as error:
        yield Progress("answer", answer=Answer(text, text, Status.ERROR, str(error)))
    except Exception:
        operations.failed("A question could not be answered")
        yield Progress("answer", answer=Answer(text, text, Status.ERROR, _BROKEN))
