"""The Ask tab: a conversation with cited answers, scope controls, and example questions for each group."""

from collections.abc import Iterator

import gradio as gr

from assistant.chain import Assistant
from assistant.errors import AssistantError
from assistant.types import Answer, Kind, Scope, Status
from ui.render import conversation

EXAMPLES = {
    "Social workers": (
        "Parents have withdrawn consent for child in need work. What should I check?",
        "When is the ICPC due after a strat?",
    ),
    "Leaders": ("What did inspectors find about supervision in Sandwell?", "What needs to improve in Sandwell?"),
    "Trainers": ("What did inspectors say about neglect tools?", "What is the difference between suspect, believe and satisfied?"),
}
_EVERYTHING = "Everything"
_KINDS = {"Inspection findings": frozenset({Kind.LETTER, Kind.REPORT}),
          "Law and guidance": frozenset({Kind.LEGISLATION, Kind.GUIDANCE, Kind.POLICY_NOTE}),
          "Documents you added": frozenset({Kind.LOCAL})}  # fmt: skip
_INTRO = (
    "# What did the inspectors find, and what does the law expect?\n"
    "Ask in your own words. Every sentence of an answer is quoted from a document and opens at its source. "
    "Do not type names or details that could identify a child. "
    "**If a child is in danger now, call 999.**"
)


def blocks(assistant: Assistant) -> gr.Blocks:
    """The page. The transcript is kept on the server, one for each session."""
    with gr.Blocks(title="Inspection and guidance assistant", delete_cache=(3600, 3600)) as page:
        answers = gr.State([])
        gr.Markdown(_INTRO, elem_id="intro")
        shown = gr.Markdown("", elem_id="conversation", sanitize_html=True, latex_delimiters=[])
        question = gr.Textbox(
            label="Your question", placeholder="For example: when is the ICPC due after a strat?", lines=2, max_lines=8, elem_id="question"
        )
        send = gr.Button("Ask", variant="primary", elem_id="send")
        with gr.Row(elem_id="scope"):
            authority = gr.Dropdown([_EVERYTHING, *_held(assistant)], value=_EVERYTHING, label="Authority", filterable=False)
            kind = gr.Dropdown([_EVERYTHING, *_KINDS], value=_EVERYTHING, label="Search in", filterable=False)
        with gr.Row(elem_id="examples"):
            for group, texts in EXAMPLES.items():
                with gr.Column(min_width=220):
                    gr.Markdown(f"### {group}")
                    for text in texts:
                        gr.Button(text, size="sm", elem_classes="example").click(lambda t=text: t, None, question, api_visibility="private")

        def answer(text: str, where: str, what: str, past: list[Answer]) -> Iterator[tuple[str, list[Answer], str]]:
            yield conversation(past, text or "No question typed"), past, ""
            scope = Scope(authority="" if where == _EVERYTHING else where, kinds=_KINDS.get(what, frozenset()))
            try:
                given = assistant.ask(text or "", scope, [a.question for a in past if a.status is Status.ANSWERED])
            except AssistantError as error:
                given = Answer(text, text, Status.ERROR, str(error))
            past = [*past, given]
            yield conversation(past), past, ""

        inputs, outputs = [question, authority, kind, answers], [shown, answers, question]
        for event in (send.click, question.submit):
            event(answer, inputs, outputs, concurrency_limit=4, api_visibility="private", show_progress="hidden")
    page.queue(max_size=64)
    return page


def _held(assistant: Assistant) -> list[str]:
    return sorted({document.authority for document in assistant.documents if document.authority})
