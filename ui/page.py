"""The whole page: a header, and a tab for each thing people come to do."""

from collections.abc import Callable

import gradio as gr

from assistant.chain import Assistant
from ui.access import Access
from ui.ask import AskTab
from ui.findings import AskParts, FindingsTab
from ui.library import LibraryTab
from ui.operations import Operations
from ui.render import masthead
from ui.review import ReviewTab
from ui.sessions import SessionsTab
from ui.who import person_of

NAME = "Inspection and guidance assistant"
UPDATES = 5
"""Seconds between messages to those who wait on their place in the queue. Gradio sends one to each of them whenever a question begins
unless it is told otherwise: half as many messages as the square of how many wait."""
PAGES = 1_000
"""Open pages: Gradio keeps 0.4 MB of each, closed or not, until so many others were used since. A page that is used again
after that begins anew."""


def blocks(assistant: Assistant, operations: Operations, access: Access) -> gr.Blocks:
    """The page over one assistant, which all sessions share, for those who have `access`."""
    page: gr.Blocks
    with gr.Blocks(title=NAME, delete_cache=(3600, 3600)) as page:
        head = gr.Markdown(NAME, elem_id="masthead", sanitize_html=True, latex_delimiters=[])
        place = gr.Textbox(label="Place", visible="hidden", elem_id="place")
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs:
            with gr.Tab("Ask", id="ask", elem_id="ask-tab", render_children=True):
                ask = AskTab(assistant, operations, access)
            with gr.Tab("Findings", id="findings", elem_id="findings-tab", render_children=True) as findings_tab:
                findings = FindingsTab(assistant)
            with gr.Tab("Sessions", id="sessions", elem_id="sessions-tab", render_children=True) as training:
                sessions = SessionsTab(assistant)
            with gr.Tab("Library", id="library", elem_id="library-tab", render_children=True) as tab:
                library = LibraryTab(assistant, place, ask.authority, operations)
            with gr.Tab("Review", id="review", elem_id="review-tab", visible=False) as review_tab:
                review = ReviewTab(operations)
        ask.listen(page)
        findings.listen(page, findings_tab, AskParts(ask.authority, ask.question, tabs))
        sessions.listen(page, training)
        library.listen(page, tab)
        review.listen(page, review_tab)
        if access.door:
            page.load(_greet(access.door.leave), None, head, api_visibility="private", show_progress="hidden")
    page.queue(max_size=64, status_update_rate=UPDATES)
    page.state_session_capacity = PAGES
    return page


def _greet(ways: dict[str, str]) -> Callable[[gr.Request], str]:
    """What fills the head of the page: its name, who is signed in, and where they may go from here."""

    def greet(request: gr.Request) -> str:
        return masthead(NAME, person_of(request).id, ways)

    return greet
