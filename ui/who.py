"""Who sends a request to the app."""

import gradio as gr

from assistant.people import HERE, Person


def person_of(request: gr.Request | None) -> Person:
    """The person signed in, or HERE where the app serves this machine alone."""
    state = getattr(getattr(request, "request", None), "state", None)
    return getattr(state, "person", HERE)
