"""What is said when a question is not answered (why, what to do, what is nearest) or the answer may be overtaken. Pure."""

from collections.abc import Iterable, Sequence

from assistant.text import spelt
from assistant.types import Document, Hit

NEAREST = "The nearest it holds:"
NEAREST_SHOWN = 3
"""What stands before the nearest places, so that they can be shown as links instead."""


NOT_COVERED = "This covers what inspectors found and what the law and guidance on children's social care in England expect."
LEFT_OUT = "What comes nearest to this in a document that was added is written for a language model and was left out."
URGENT = "If a child may be in danger now, call 999 first."


def danger() -> str:
    """For a child who may be in danger now."""
    return (
        "**If a child may be in danger now, call 999.** If it is not an emergency but cannot wait, call the children's social care "
        "front door of the council where the child is, or its emergency duty team outside office hours. "
        "This assistant is not a way to report a concern and nobody reads what is typed here."
    )


def one_case() -> str:
    """For a decision on one child or family."""
    return (
        "This assistant cannot decide about one child or family. Take it to your manager, your legal team or the children's social care "
        "front door; if the child may be in danger now, call 999. You can ask here what inspectors found or what the law and guidance say in general."
    )


def blocked(details: Sequence[str], instead: str) -> str:
    """For a question that could identify a child or family: the kinds of `details` it holds, and how it reads without them."""
    *others, last = dict.fromkeys(details)
    kinds = f"{', '.join(others)} and {last}" if others else last
    return (
        f"Your question seems to hold {kinds}, so it was not searched for or kept. "
        f"You can ask it without: \u201c{instead}\u201d. Or ask in general terms, about the practice and not the person."
    )


def nation_refusal(nation: str) -> str:
    """For law outside England."""
    return f"The library covers England only, and your question names {nation[0].upper()}{nation[1:]}. The law there is different; use that country's own guidance."


def withdrawn(title: str, edition: str) -> str:
    """Beside an answer that cites a document which its publisher has withdrawn."""
    return f"{title} is out of use ({edition[0].lower() + edition[1:]}): look for what took its place before relying on it."


def silent_side(name: str) -> str:
    """Beside an answer that found only the other side of what the question compares."""
    return f"On {name} the library does not answer this."


def uncited(authority: str) -> str:
    """Beside a count of which the row on `authority` could not be checked against its passage."""
    return f"The row on {authority} is counted and not shown, because its words could not be checked against the page."


def later_inspection(cited: Document, newer: Document) -> str:
    """Beside an answer that cites an inspection which a newer one of the same authority, in the library, may overtake."""
    return f"The library holds a newer inspection of {cited.authority}: {newer.title}, {spelt(newer.published)}. Read that for the current position."


def not_written(why: str) -> str:
    """Beside a quoted answer where a language model was to write it: `why` it did not ("cannot be reached")."""
    return f"The language model {why}, so this answer is quoted from the documents instead of written."


def left_out(count: int) -> str:
    """Beside a written answer of which sentences were dropped."""
    what = "A sentence of the language model was" if count == 1 else f"{count} sentences of the language model were"
    return f"{what} left out, because the passages cited do not carry what was said."


def read_as(typed: str, name: str) -> str:
    """Beside an answer to a question in which an authority is misspelt."""
    return f"{typed} was read as {name}; ask again with the full name if another place is meant."


def absent_authority(names: Sequence[str], documents: Iterable[Document]) -> str:
    """For an authority that the library has nothing on."""
    held = sorted({document.authority for document in documents if document.authority})
    return f"The library holds nothing on {' or '.join(names)}. It holds inspection findings on {', '.join(held) or 'no authority yet'}."


def absent_inspection(dates: Sequence[str], authority: str, documents: Iterable[Document]) -> str:
    """For an inspection of `authority` in a month or year ("2025-03", "2025") of which the library holds none."""
    when = " or ".join(spelt(f"{date}-01").split(" ", 1)[1] if "-" in date else date for date in dict.fromkeys(dates))
    there = "; ".join(f"{d.title}, {spelt(d.published)}" for d in sorted(documents, key=lambda d: d.published) if d.authority == authority)
    return f"The library holds no inspection of {authority} from {when}. Of {authority} it holds: {there}."


def not_in_library(hits: Sequence[Hit], documents: Iterable[Document], why: str = "") -> str:
    """For what the library does not say: `why` where that is known, and the nearest places it holds."""
    if not hits:
        count = len(list(documents))
        return f"The library does not say: none of its {count} documents fits the question and the filters. Widen the filters or ask another way."
    nearest = "; ".join(dict.fromkeys(_place(hit) for hit in hits[:3]))
    return f"{why or 'The library does not answer this.'} {NEAREST} {nearest}."


def place(paragraph: str) -> str:
    """Where in a document: its own label, with the word paragraph before a number."""
    return f"paragraph {paragraph}" if paragraph.isdigit() else paragraph


def _place(hit: Hit) -> str:
    return f"{hit.document.title}, {place(hit.passage.paragraph)}" + (f" ({hit.passage.section})" if hit.passage.section else "")
