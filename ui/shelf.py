"""The library's table, an open document, and what became of added files, as HTML. Everything from a document is escaped. Pure."""

from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote

from assistant.refusal import place
from assistant.shelf import Entry, Standing, removable
from assistant.text import pages, spelt
from assistant.types import Document, Passage
from ingest.run import Outcome
from ui.render import KINDS, official, safe

PAGE = 100
"""Passages shown at a time."""
_COLUMNS = ("Kind", "Authority", "Published", "Edition", "Status", "Passages")
_OUTCOMES = {"new": "New", "changed": "Changed", "unchanged": "Unchanged", "removed": "Removed", "refused": "Refused"}
_MADE = {"new": "Added. It can be asked about now.", "changed": "The new text took the place of the old.", "unchanged": "Already there."}


def table(shown: Sequence[Entry], total: int) -> str:
    """The documents as a table; on a narrow screen each row becomes a card."""
    count = f'<p class="count">{len(shown)} of {total} documents</p>' if len(shown) < total else f'<p class="count">{total} documents</p>'
    if not shown:
        return f"{count}<p>No document fits. Use fewer words, or set the filters to all.</p>"
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Document", *_COLUMNS))
    rows = "".join(_row(entry) for entry in shown)
    return f'{count}<table class="shelf"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _row(entry: Entry) -> str:
    d = entry.document
    status = _tag(entry.standing, entry.standing is Standing.CURRENT)
    values = (KINDS[d.kind], safe(d.authority), spelt(d.published), safe(d.edition), status, str(entry.passages))
    cells = "".join(
        f'<td><span class="label">{name}</span> {value}</td>' if value else "<td></td>"
        for name, value in zip(_COLUMNS, values, strict=True)
    )
    return f'<tr><th scope="row"><a href="#document/{quote(d.id, safe="")}">{safe(d.title)}</a></th>{cells}</tr>'


def _tag(text: str, good: bool) -> str:
    return f'<span class="tag {"good" if good else "warn"}">{text}</span>'


def out_of_date(shelf: Sequence[Entry]) -> str:
    """What in the library is no longer the current position, and what to read instead."""
    old = [entry for entry in shelf if entry.standing is not Standing.CURRENT]
    if not old:
        return '<section class="stale"><h2>What is out of date</h2><p>Nothing, as far as the project knows.</p></section>'
    items = "".join(f"<li><strong>{safe(e.document.title)}</strong>: {safe(e.why)} {official(e.instead)}</li>" for e in old)
    return f'<section class="stale"><h2>What is out of date</h2><ul>{items}</ul></section>'


def outcomes(made: Sequence[Outcome]) -> str:
    """What became of each file."""
    counts = Counter(outcome.what for outcome in made)
    summary = ", ".join(f"{counts[what]} {name.lower()}" for what, name in _OUTCOMES.items() if counts[what])
    rows = "".join(
        f'<tr><th scope="row">{safe(o.name)}</th><td>{_tag(_OUTCOMES[o.what], o.what != "refused")}</td>'
        f"<td>{safe(o.reason or _MADE.get(o.what, ''))}</td></tr>"
        for o in made
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("File", "Outcome", "What it means"))
    return f'<p class="count">{summary}</p><table class="outcomes"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def done(text: str) -> str:
    """A line that says what was done."""
    return f'<p class="count done">{safe(text)}</p>'


def about(entry: Entry | None) -> str:
    """The head of an open document: what it is and how current. Without an entry, that there is none."""
    if entry is None:
        return f'{_BACK}<h1 tabindex="-1">That document is not in the library</h1>'
    d = entry.document
    rows = [
        ("Authority", d.authority),
        ("Published", spelt(d.published)),
        ("Publisher", d.publisher),
        ("Edition", d.edition),
        ("Licence", d.licence),
        ("Passages", str(entry.passages)),
    ]
    facts = "".join(f"<dt>{name}</dt><dd>{safe(value)}</dd>" for name, value in rows if value)
    stale = "" if entry.standing is Standing.CURRENT else f'<p class="notice"><strong>{entry.standing}</strong> {safe(entry.why)}</p>'
    link = f"<p>{official(d.url)}</p>" if official(d.url) else ""
    ours = "" if removable(d) else '<p class="quiet">This document ships with the project, so it cannot be removed here.</p>'
    return f'{_BACK}<p class="kind">{KINDS[d.kind]}</p><h1 tabindex="-1">{safe(d.title)}</h1><dl>{facts}</dl>{link}{ours}{stale}'


def passages(document: Document, held: Sequence[Passage], page: int, here: str = "") -> str:
    """`page` (from 0) of a document's passages in order, the one of id `here` marked."""
    shown = held[page * PAGE : (page + 1) * PAGE]
    sections = ["", *(p.section for p in shown)]
    body = "".join(_passage(p, before, here) for before, p in zip(sections, shown, strict=False))
    pages = _pages(document, len(held), page)
    return f"{pages}{body}{pages}{_BACK}"


def warning(entry: Entry) -> str:
    """What removing a document means, to confirm."""
    return (
        f"<p><strong>Remove {safe(entry.document.title)}?</strong> Its {entry.passages} passages will no longer be found or cited, "
        "and the copy that the library kept is deleted. Your own file is not touched.</p>"
    )


def _passage(passage: Passage, section_before: str, here: str) -> str:
    heading = f"<h2>{safe(passage.section)}</h2>" if passage.section and passage.section != section_before else ""
    label = ", ".join(filter(None, (place(passage.paragraph).capitalize(), pages(passage.page, passage.last_page))))
    basis = "; ".join(part for part in (passage.reference, passage.force, passage.edition) if part)
    quiet = f'<p class="quiet">{safe(basis)}</p>' if basis else ""
    mark = ' class="passage here"' if passage.id == here else ' class="passage"'
    return f'{heading}<div{mark}><p class="where">{safe(label)}</p><div><p>{safe(passage.text)}</p>{quiet}</div></div>'


def _pages(document: Document, total: int, page: int) -> str:
    if total <= PAGE:
        return ""
    link = f'<a href="#document/{quote(document.id, safe="")}/%d">%s</a>'
    before = link % (page, "Previous passages") if page else ""
    after = link % (page + 2, "Next passages") if (page + 1) * PAGE < total else ""
    return f'<p class="pages">Passages {page * PAGE + 1} to {min((page + 1) * PAGE, total)} of {total} {before} {after}</p>'


_BACK = '<p class="back"><a href="#library">Back to the library</a></p>'
