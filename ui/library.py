"""The Library tab: what it holds, how current that is, each document to read, and files to add or take away."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import gradio as gr

from assistant.chain import Assistant
from assistant.errors import AssistantError
from assistant.people import Person, Role
from assistant.shelf import Entry, entries, matching, removable
from assistant.types import Kind
from ingest.added import add, remove
from ingest.readers import MAX_BYTES, READERS
from ui import shelf
from ui.ask import EVERYTHING, held
from ui.operations import Operations
from ui.render import KINDS, problem
from ui.who import person_of

_ALL_KINDS, _ALL_AUTHORITIES = "All kinds", "All authorities"
_NAMED = {name: kind for kind, name in KINDS.items()}
_INTRO = "# Library\nEverything an answer can come from: open a document to read it, and see what is out of date."
_FORMATS = ", ".join(sorted(READERS))
_ADD = (
    f"Your policies and procedures, other letters and reports. Files that can be read: {_FORMATS}, up to {MAX_BYTES // 1_000_000} MB each. They stay on this machine. "
    "A file of the same name as before takes its place. One that seems to identify a child or family is refused."
)
_BROKEN = "Something went wrong, and the library was left as it was. Try again; if it happens again, restart the app."
_html = partial(gr.Markdown, sanitize_html=True, latex_delimiters=[])


class LibraryTab:
    """The parts of the tab and what they do. `place` is the part outside the tab that says what is open."""

    def __init__(self, assistant: Assistant, place: gr.Textbox, ask_authority: gr.Dropdown, operations: Operations) -> None:
        self.assistant, self.place, self.ask_authority, self.operations = assistant, place, ask_authority, operations
        self.opened = gr.State("")
        with gr.Column(elem_id="shelf") as self.listing:
            self._build_listing()
        with gr.Column(elem_id="document", visible=False) as self.document:
            self._build_document()

    def _build_listing(self) -> None:
        gr.Markdown(_INTRO, elem_id="library-intro")
        self.told = _html("", elem_id="told")
        with gr.Accordion("Add documents", open=False, visible=False, elem_id="add") as self.adding:
            gr.Markdown(_ADD)
            self.files = gr.File(file_count="multiple", label="Files to add", height=150, elem_id="files")
            self.add = gr.Button("Add to the library", variant="primary", elem_id="add-files")
            self.outcome = _html("", elem_id="outcome")
        self.stale = _html("", elem_id="stale")
        with gr.Row(elem_id="filters"):
            self.words = gr.Textbox(label="Find a document", max_lines=1, elem_id="words")
            self.kind = gr.Dropdown([_ALL_KINDS, *_NAMED], value=_ALL_KINDS, label="Kind", filterable=False)
            self.authority = gr.Dropdown([_ALL_AUTHORITIES], value=_ALL_AUTHORITIES, label="Authority of the document", filterable=False)
        self.table = _html("", elem_id="documents")

    def _build_document(self) -> None:
        self.about = _html("", elem_id="about")
        self.ask_removal = gr.Button("Remove from the library", elem_id="remove", visible=False)
        with gr.Column(visible=False, elem_id="confirm") as self.confirm:
            self.warning = _html("")
            with gr.Row():
                self.yes = gr.Button("Yes, remove it", variant="stop", elem_id="yes-remove")
                self.no = gr.Button("Keep it", elem_id="keep")
        self.reading = _html("", elem_id="reading")

    def listen(self, page: gr.Blocks, tab: gr.Tab) -> None:
        """Wire the parts to the functions below. Every event is private, and checks for itself what it is asked to do."""
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        filters, listed = [self.words, self.kind, self.authority], [self.table, self.stale, self.authority, self.ask_authority]
        gr.on([page.load, tab.select], self.refresh, filters, listed, **quiet)
        page.load(self.offer, None, self.adding, **quiet)
        gr.on(
            [self.words.change, self.kind.input, self.authority.input], self.rows, filters, self.table, trigger_mode="always_last", **quiet
        )
        view = [self.listing, self.document, self.about, self.reading, self.opened, self.ask_removal, self.confirm, self.warning]
        self.place.change(self.open, self.place, view, trigger_mode="always_last", **quiet)
        writing: dict[str, Any] = {"concurrency_id": "library", "concurrency_limit": 1, "api_visibility": "private"}
        added = self.add.click(self.add_files, self.files, [self.outcome, self.files, self.told], show_progress_on=self.outcome, **writing)
        added.then(self.refresh, filters, listed, **quiet)
        self.ask_removal.click(lambda: (gr.update(visible=False), gr.update(visible=True)), None, [self.ask_removal, self.confirm], **quiet)
        self.no.click(lambda: (gr.update(visible=True), gr.update(visible=False)), None, [self.ask_removal, self.confirm], **quiet)
        gone = self.yes.click(
            self.remove_opened, self.opened, [self.told, self.outcome, self.place, *view], show_progress="hidden", **writing
        )
        gone.then(self.refresh, filters, listed, **quiet)

    # -- what the events do ------------------------------------------------------

    def rows(self, words: str, kind: str, authority: str) -> str:
        """The table, filtered."""
        return self._table(self._shelf(), words, kind, authority)

    def refresh(self, words: str, kind: str, authority: str) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
        """The table, what is out of date and the authorities, as the library is now."""
        all_entries, authorities = self._shelf(), held(self.assistant)
        return (
            self._table(all_entries, words, kind, authority),
            shelf.out_of_date(all_entries),
            gr.update(choices=[_ALL_AUTHORITIES, *authorities]),
            gr.update(choices=[EVERYTHING, *authorities]),
        )

    def offer(self, request: gr.Request) -> dict[str, Any]:
        """Adding documents, to whom that is allowed."""
        return gr.update(visible=person_of(request).may(Role.EDITOR))

    def open(self, place: str, request: gr.Request) -> tuple[Any, ...]:
        """Show the document that `place` names (document/ID/PAGE or passage/ID), or the list for any other place."""
        what, _, name = place.partition("/")
        person = person_of(request)
        if what == "passage":
            return self._open_passage(unquote(name), person)
        if what == "document":
            document_id, _, page = name.partition("/")
            return self._open(unquote(document_id), person, int(page) - 1 if page.isdecimal() and int(page) else 0)
        shown, hidden = gr.update(visible=True), gr.update(visible=False)
        return shown, hidden, "", "", "", hidden, hidden, ""

    def add_files(
        self,
        files: list[str] | None,
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[str, Any, str]:
        """Bring the uploaded files into the library, for an editor. Each one's outcome; the file box is emptied."""
        if not files:
            return problem("Choose one or more files first."), None, ""
        report = lambda what, done, total: progress((done, total), desc=what, unit="files" if what == "Reading" else "parts")  # noqa: E731
        uploads = [Path(file) for file in files]
        made = _attempt(person_of(request), lambda: shelf.outcomes(self.operations.ingested(add(uploads, self.assistant, report))))
        for upload in uploads:
            upload.unlink(missing_ok=True)  # what is refused must not stay in the temporary folder either
        return made, None, ""

    def remove_opened(self, document_id: str, request: gr.Request) -> tuple[Any, ...]:
        """Take the opened document away, for an editor and where it may be, and go back to the list."""
        told = _attempt(person_of(request), lambda: shelf.done(f"{remove(document_id, self.assistant)} was removed from the library."))
        return told, "", "", *self.open("", request)

    # -- views -------------------------------------------------------------------

    def _shelf(self) -> list[Entry]:
        return entries(self.assistant.documents, self.assistant.library.counts(), self.assistant.later, self.assistant.held)

    def _table(self, all_entries: Sequence[Entry], words: str, kind: str, authority: str) -> str:
        kinds: set[Kind] = {_NAMED[kind]} if kind in _NAMED else set()
        shown = matching(all_entries, words or "", kinds, "" if authority == _ALL_AUTHORITIES else authority)
        return shelf.table(shown, len(all_entries))

    def _open_passage(self, passage_id: str, person: Person) -> tuple[Any, ...]:
        passage = self.assistant.library.passages([passage_id]).get(passage_id)
        return self._open(passage.document_id, person, passage.position // shelf.PAGE, passage_id) if passage else self._open("", person)

    def _open(self, document_id: str, person: Person, page: int = 0, here: str = "") -> tuple[Any, ...]:
        entry = next((e for e in self._shelf() if e.document.id == document_id), None)
        text = shelf.passages(entry.document, self.assistant.library.passages_of(document_id), page, here) if entry else ""
        may_remove = bool(entry and removable(entry.document) and person.may(Role.EDITOR))
        warning = shelf.warning(entry) if entry else ""
        shown, hidden = gr.update(visible=True), gr.update(visible=False)
        return hidden, shown, shelf.about(entry), text, document_id, gr.update(visible=may_remove), hidden, warning


def _attempt(person: Person, work: Callable[[], str]) -> str:
    """What `work` says, which an editor may do; or a plain problem in its place."""
    try:
        person.must_be(Role.EDITOR)
        return work()
    except AssistantError as error:
        return problem(str(error))
    except Exception:
        logging.exception("The library could not be changed")
        return problem(_BROKEN)
