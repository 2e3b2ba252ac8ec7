"""The Ask tab: a conversation with cited answers as they come, scope controls, and example questions for each group."""

import os
import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.chain import Assistant
from assistant.errors import AssistantError
from assistant.people import Person
from assistant.types import Answer, Kind, Progress, Scope, Sentence, Status
from ui.access import Access
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
MOST = 6
"""Questions at the same time: each takes up to two of the database's fifteen connections."""
SETTLE = 0.5
"""Seconds that a request of the page to cancel takes to arrive, at the most."""
_KINDS = {"Inspection findings": frozenset({Kind.LETTER, Kind.REPORT}),
          "Law and guidance": frozenset({Kind.LEGISLATION, Kind.GUIDANCE, Kind.POLICY_NOTE}),
          "Documents you added": frozenset({Kind.LOCAL})}  # fmt: skip
_INTRO = "# What did the inspectors find, and what does the law expect?\nAsk in your own words. "
_QUOTED = "Every sentence of an answer is quoted from a document and opens at its source."
_INFO = "No names or details that could identify a child. Enter sends, Shift+Enter makes a new line."
_BROKEN = "Something went wrong, and the question was not answered. Ask it again; if it happens again, restart the app."


class AskTab:
    """The parts of the tab and what they do. The transcript is kept on the server: of who signs in with the service, so that they
    find it again; else with the page, one for each."""

    def __init__(self, assistant: Assistant, operations: Operations, access: Access) -> None:
        self.assistant, self.operations, self.access = assistant, operations, access
        self.answers, self.asking = gr.State([]), gr.State("")
        gr.Markdown(_INTRO + written_by(assistant), elem_id="intro")
        self.shown = gr.Markdown("", elem_id="conversation", sanitize_html=True, latex_delimiters=[])
        self.feedback = FeedbackForm(assistant, operations)
        self.question = gr.Textbox(label="Your question", info=_INFO, lines=1, max_lines=8, elem_id="question")
        with gr.Row(elem_id="actions"):
            self.send = gr.Button("Ask", variant="primary", elem_id="send")
            # Which of these are seen follows from the conversation, by style: a button changed from here takes Gradio a tenth of a question.
            self.stop = gr.Button("Stop", elem_id="stop")
            self.retry = gr.Button("Try again", elem_id="retry")
            self.without = gr.Button("Ask without the details", elem_id="without")
            self.again = gr.Button("Start again", elem_id="again")
        gr.Markdown("**If a child is in danger now, call 999.**", elem_id="danger")
        with gr.Row(elem_id="scope"):
            self.kind = gr.Dropdown([EVERYTHING, *_KINDS], value=EVERYTHING, label="Search in", filterable=False)
            self.authority = gr.Dropdown([EVERYTHING, *held(assistant)], value=EVERYTHING, label="Authority", filterable=False)
        self.offered = gr.Markdown(examples(EXAMPLES, folded=False), elem_id="examples", sanitize_html=True, latex_delimiters=[])

    def listen(self, page: gr.Blocks) -> None:
        """Wire the parts to the functions below; every event is private."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        outputs = [self.shown, self.answers, self.question, self.asking, self.offered]
        filters = [self.authority, self.kind, self.answers]
        quiet_answer = {**quiet, "concurrency_limit": at_once(self.assistant)}
        asked = gr.on([self.send.click, self.question.submit], self.ask, [self.question, *filters], outputs, **quiet_answer)
        asked_again = gr.on([self.retry.click, self.without.click], self.ask_again, filters, outputs, **quiet_answer)
        running = [asked, asked_again]
        # What is running is cancelled first, by a request of the page's own, and the page shown after: a question asked before
        # that request has arrived would be cancelled with it.
        for button, then, inputs in ((self.stop, self.stopped, [self.answers, self.asking, self.question]), (self.again, self.fresh, None)):
            ended = button.click(None, cancels=running, **quiet)
            ended.then(then, inputs, outputs, **quiet)
        self.feedback.listen(self.answers)
        if self.access.conversations:
            page.load(self.found_again, None, outputs, **quiet)

    # -- what the events do ------------------------------------------------------

    def ask(self, text: str, where: str, what: str, seen: list[Answer], request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """The conversation as the answer to `text` comes; `seen` is what the page has of it."""
        person = person_of(request)
        yield from self._answer(text, where, what, self._past(person, seen), person, typed="")

    def ask_again(self, where: str, what: str, seen: list[Answer], request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """The last question once more, without the details where it was refused for them."""
        person = person_of(request)
        past = self._past(person, seen)
        if not past:
            yield _show(past)
            return
        if self.access.conversations:
            self.access.conversations.drop_last(person.id)
        last = past[-1]
        text = last.standalone_question if last.status is Status.BLOCKED else last.question
        yield from self._answer(text, where, what, past[:-1], person, typed=gr.skip())

    def stopped(self, seen: list[Answer], pending: str, typed: str, request: gr.Request) -> tuple[Any, ...]:
        """The conversation so far, and what was being asked to be changed and asked again, unless something else was typed since."""
        time.sleep(SETTLE)
        return _show(self._past(person_of(request), seen), typed=typed or pending)

    def found_again(self, request: gr.Request) -> tuple[Any, ...]:
        """What was kept of the conversation, beside what has been typed since the page was opened."""
        past = self._past(person_of(request), [])
        if not past:
            return _UNCHANGED
        shown, answers, _, _, offered = _show(past)
        return shown, answers, gr.skip(), gr.skip(), offered

    def fresh(self, request: gr.Request) -> tuple[Any, ...]:
        """Nothing, and nothing kept."""
        time.sleep(SETTLE)
        if self.access.conversations:
            self.access.conversations.forget(person_of(request).id)
        return _show([])

    # -- parts -------------------------------------------------------------------

    def _past(self, person: Person, seen: list[Answer]) -> list[Answer]:
        return self.access.conversations.of(person.id) if self.access.conversations else seen

    def _answer(self, text: str, where: str, what: str, past: list[Answer], person: Person, typed: Any) -> Iterator[tuple[Any, ...]]:
        """What each output becomes on the way; `typed` is what the question's box does as it is taken."""
        pending = "Your question" if not text or self.assistant.identity.found(text) else text
        yield conversation(past, pending), past, typed, pending, examples(EXAMPLES, folded=True)
        sentences: list[Sentence] = []
        so_far = Progress("")
        for event in self.operations.watched(self._events(text, pending, where, what, past, person), person):
            if event.answer:
                if self.access.conversations:
                    self.access.conversations.add(person.id, event.answer)
                yield conversation([*past, event.answer]), [*past, event.answer], gr.skip(), "", gr.skip()
            elif event.what == "waiting":
                yield _UNCHANGED
            elif self.assistant.writer and event.what in ("find_scope", "pick", "sentence"):
                sentences += [event.sentence] if event.sentence else []
                so_far = so_far if event.sentence else event
                yield conversation(past, pending, doing(so_far, sentences, len(self.assistant.documents))), *_UNCHANGED[1:]

    def _events(self, text: str, pending: str, where: str, what: str, past: list[Answer], person: Person) -> Iterator[Progress]:
        """What happens on the way to the answer, and it; or an error in its place: the page never hangs, and never shows what
        went wrong inside. `pending` is the question as it may be shown and kept where it was not looked at."""
        scope = Scope(authority="" if where == EVERYTHING else where, kinds=_KINDS.get(what, frozenset()))
        try:
            self.operations.check_open()
            self.access.questions.take(person)
            yield from self.assistant.stream(text or "", scope, [a.question for a in past if a.status is Status.ANSWERED])
        except AssistantError as error:
            yield Progress("answer", answer=Answer(pending, pending, Status.ERROR, str(error)))
        except Exception:
            self.operations.failed("A question could not be answered")
            yield Progress("answer", answer=Answer(pending, pending, Status.ERROR, _BROKEN))


def _show(past: list[Answer], typed: str = "") -> tuple[Any, ...]:
    """What each output of the tab's events becomes where nothing is being asked."""
    return conversation(past), past, typed, "", examples(EXAMPLES, folded=bool(past))


_UNCHANGED = tuple(gr.skip() for _ in _show([]))


def at_once(assistant: Assistant) -> int:
    """How many questions are answered at the same time: as many as there are processors, more of them where a language model is
    waited for, and no more than the database has connections for."""
    return min(max(4 if assistant.writer else 2, os.cpu_count() or 1), MOST)


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
