"""The whole page: a header, and a tab for each thing people come to do."""

import gradio as gr

from assistant.chain import Assistant
from ui import ask
from ui.findings import AskParts, FindingsTab
from ui.library import LibraryTab
from ui.operations import Operations
from ui.review import ReviewTab
from ui.sessions import SessionsTab

NAME = "Inspection and guidance assistant"


def blocks(assistant: Assistant, operations: Operations) -> gr.Blocks:
    """The page over one assistant, which all sessions share."""
    page: gr.Blocks
    with gr.Blocks(title=NAME, delete_cache=(3600, 3600)) as page:
        gr.Markdown(NAME, elem_id="masthead")
        place = gr.Textbox(label="Place", visible="hidden", elem_id="place")
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs:
            with gr.Tab("Ask", id="ask", elem_id="ask-tab", render_children=True):
                authority, question = ask.tab(assistant, operations)
            with gr.Tab("Findings", id="findings", elem_id="findings-tab", render_children=True) as findings_tab:
                findings = FindingsTab(assistant)
            with gr.Tab("Sessions", id="sessions", elem_id="sessions-tab", render_children=True) as training:
                sessions = SessionsTab(assistant)
            with gr.Tab("Library", id="library", elem_id="library-tab", render_children=True) as tab:
                library = LibraryTab(assistant, place, authority, operations)
            with gr.Tab("Review", id="review", elem_id="review-tab", visible=False) as review_tab:
                review = ReviewTab(operations)
        findings.listen(page, findings_tab, AskParts(authority, question, tabs))
        sessions.listen(page, training)
        library.listen(page, tab)
        review.listen(page, review_tab)
    page.queue(max_size=64)
    return page
