"""Who sends a request to the app."""

import gradio as gr

from assistant.people import HERE, Person


def person_of(request: gr.Request | None) -> Person:
    """The person whom the guard let in; HERE where a function is called from the program itself, with no request.

    Gradio hands on the request that joined the queue, with its state. One that did not pass the guard raises AttributeError.
    """
    if request is None:
        return HERE
    person: Person = request.state.person
    return person
