"""A conversation as HTML, and an answer as plain text. Everything that comes from a question or a document is escaped. Pure."""

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from assistant.refusal import NEAREST, NEAREST_SHOWN, place
from assistant.text import pages, spelt
from assistant.types import COUNTED, QUOTED, Answer, Citation, Hit, Kind, Link, Progress, Scope, Sentence, Status

KINDS = {
    Kind.LETTER: "Inspection letter",
    Kind.REPORT: "Inspection report",
    Kind.LEGISLATION: "Legislation",
    Kind.GUIDANCE: "Guidance",
    Kind.POLICY_NOTE: "Plain-language note",
    Kind.LOCAL: "Your document",
}
_TITLES = {
    Status.NOT_IN_LIBRARY: "The library does not say",
    Status.OUT_OF_SCOPE: "Outside what this covers",
    Status.NEEDS_A_PERSON: "This needs a person",
    Status.BLOCKED: "Not searched for",
    Status.ERROR: "There is a problem",
}
_NEXT = {
    Status.NOT_IN_LIBRARY: "Ask it in other words, set the filters to Everything, or add a document that would answer it in the Library tab.",
    Status.OUT_OF_SCOPE: "Ask about England: law and guidance on children, or an inspection that the library holds.",
    Status.BLOCKED: "Nothing you typed was kept. The button below the conversation asks it without the details.",
}
_FORCES = {
    "must": "Must: an Act or regulations require it",
    "should": "Should: statutory guidance",
    "expected": "Expected: a sector standard",
    "local": "Local procedure",
    "definition": "A definition in law",
}
_EXPECTED = "What law and guidance expect"
_NOT_KEPT = "Your question was not kept"
_RATE = (
    '<p class="rate">Was this answer useful? <button type="button" class="up">Yes</button> '
    '<button type="button" class="down">No</button></p>'
)
_SEARCHING = '<p class="pending">Searching the library<span>…</span></p>'


def conversation(answers: list[Answer], pending: str = "", progress: str = "") -> str:
    """All turns so far, and the question being answered, if any, with how far that has come (see `doing`)."""
    turns = [_turn(number, answer) for number, answer in enumerate(answers, start=1)]
    if pending:
        turns.append(f'<article class="turn"><h2 class="question">{safe(pending)}</h2>{progress or _SEARCHING}</article>')
    return "".join(turns)


def doing(progress: Progress, sentences: Sequence[Sentence], documents: int) -> str:
    """How far an answer has come: what is searched, then the passages found, then the sentences that have passed the check."""
    if not progress.passages:
        return f'<p class="pending">Searching {_scope(progress.scope, documents)}<span>…</span></p>'
    found = "".join(_near(hit) for hit in progress.passages[:NEAREST_SHOWN])
    said = "".join(f"<p>{safe(s.text)} {''.join(f'[{label}]' for label in s.citations)}</p>" for s in sentences)
    return (
        '<p class="pending">Passages found; the answer is being written and checked<span>…</span></p>'
        f'<div class="answer">{said}</div><div class="cited"><h3>Found so far</h3><ul>{found}</ul></div>'
    )


def _scope(scope: Scope, documents: int) -> str:
    parts = [f"findings on {scope.authority}" if scope.authority else "", f"since {scope.since}" if scope.since else ""]
    return safe(", ".join(filter(None, (f"{documents} documents", *parts))))


def examples(groups: dict[str, tuple[str, ...]], folded: bool) -> str:
    """The example questions of each group in columns; folded away once a conversation has begun."""
    columns = "".join(
        f"<div><h3>{safe(group)}</h3><ul>"
        + "".join(f'<li><button type="button" class="example">{safe(text)}</button></li>' for text in texts)
        + "</ul></div>"
        for group, texts in groups.items()
    )
    if folded:
        return f'<details class="examples"><summary>More examples</summary><div class="columns">{columns}</div></details>'
    return f'<section class="examples"><h2>Try one of these</h2><div class="columns">{columns}</div></section>'


def masthead(name: str, person: str, ways: dict[str, str]) -> str:
    """The head of the page for someone who has signed in: its name, theirs, and links (by what they say)."""
    links = "".join(f' <a href="{escape(address)}">{safe(said)}</a>' for said, address in ways.items())
    return f'<div class="masthead"><span>{safe(name)}</span><span class="who"><span>{safe(person)}</span>{links}</span></div>'


def problem(text: str) -> str:
    """An error in a box of its own."""
    return f'<div class="refused"><h3>{_TITLES[Status.ERROR]}</h3><p>{safe(text)}</p></div>'


def plain_text(answer: Answer) -> str:
    """An answered question as plain text with its sources, to paste into a record or a slide."""
    bare = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", r"\1", answer.answer).replace("### ", "")
    text = re.sub(r"\\([\\\[\]*_`<])", r"\1", bare)
    sources = [
        f"[{c.label}] " + ". ".join(part for part in (_named(c), c.reference, c.edition, _dated(c), c.url) if part)
        for c in answer.citations
    ]
    notes = [f"Note: {notice}" for notice in answer.notices]
    notes += [f"{_made(answer)}; each sentence was checked against its source."] if answer.model != QUOTED else []
    linked = [f"- {_expectation(link)}" for link in answer.expected]
    listed = ["\n".join([f"{_EXPECTED}, by what is to improve", *linked])] if linked else []
    return "\n\n".join([answer.question, text, *notes, *listed, "\n".join(["Sources", *sources])])


def expected(links: Sequence[Link]) -> str:
    """What law and guidance expect, folded away: each reference or paragraph with its edition and the ground of the link."""
    if not links:
        return ""
    items = "".join(f"<li>{_expected(link)}</li>" for link in links)
    return f'<details class="expected"><summary>{_EXPECTED}</summary><ul>{items}</ul></details>'


def _expected(link: Link) -> str:
    ground = f'<span class="ground">{safe(_ground(link))}</span>'
    if not link.passage_id:
        return f"<strong>National Framework, {safe(link.reference)}</strong>: {safe(link.says)}. {ground}"
    named = f'<a href="#passage/{quote(link.passage_id, safe="")}">{safe(link.title)}</a>'
    basis = "; ".join(filter(None, (link.reference, link.edition, link.force)))
    return f'<strong>{named}</strong>: {safe(link.says)} <span class="ground">{safe(basis)}</span> {ground}'


def _ground(link: Link) -> str:
    return f"Linked by {link.ground}" if link.ground.startswith("theme") else link.ground.capitalize()


def _expectation(link: Link) -> str:
    """A link as plain text."""
    if not link.passage_id:
        return f"National Framework, {link.reference}: {link.says} ({_ground(link)})"
    return f"{link.title}: {link.says} ({'; '.join(filter(None, (link.reference, link.edition, link.force, _ground(link))))})"


def safe(text: str) -> str:
    """Text as HTML on one line: a blank line would end the block of HTML that it stands in."""
    return re.sub(r"\r\n?|\n", "<br>", escape(text))


def official(url: str) -> str:
    """A link to the official page, where there is one."""
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">Open the official page</a>'
        if url.startswith("https://")
        else ""
    )


def _made(answer: Answer) -> str:
    return "Counted in the register of findings and judgements" if answer.model == COUNTED else f"Written by {answer.model}"


def _named(c: Citation) -> str:
    return ", ".join(part for part in (c.title, place(c.paragraph), pages(c.page, c.last_page)) if part)


def _dated(c: Citation) -> str:
    return f"Published {spelt(c.published)}" if c.published else ""


def _turn(number: int, answer: Answer) -> str:
    body = _answered(number, answer) if answer.status is Status.ANSWERED else _refused(answer)
    kept_out = answer.status is Status.BLOCKED
    heading = _NOT_KEPT if kept_out else answer.question or "No question typed"
    return f'<article class="turn{" kept-out" * kept_out}" id="turn-{number}"><h2 class="question" tabindex="-1">{safe(heading)}</h2>{body}{_RATE}</article>'


def _refused(answer: Answer) -> str:
    kind = "urgent" if answer.status is Status.NEEDS_A_PERSON else "refused"
    why, nearest, _ = answer.answer.partition(NEAREST)
    links = "".join(_near(hit) for hit in answer.passages[:NEAREST_SHOWN]) if nearest else ""
    near = f"<p>{NEAREST}</p><ul>{links}</ul>" if links else ""
    then = f'<p class="next"><strong>What you can do.</strong> {_NEXT[answer.status]}</p>' if answer.status in _NEXT else ""
    text = why if links else answer.answer
    return f'<div class="{kind}"><h3>{_TITLES[answer.status]}</h3><p>{_inline(text.strip(), {})}</p>{near}{then}</div>'


def _near(hit: Hit) -> str:
    passage = hit.passage
    about = f" ({safe(passage.section)})" if passage.section else ""
    return (
        f'<li><a href="#passage/{quote(passage.id, safe="")}">{safe(hit.document.title)}, {safe(place(passage.paragraph))}</a>{about}</li>'
    )


def _answered(number: int, answer: Answer) -> str:
    notices = "".join(f'<p class="notice"><strong>Note</strong> {safe(notice)}</p>' for notice in answer.notices)
    listed = "".join(_listed(number, c) for c in answer.citations)
    sources = "".join(_source(number, c) for c in answer.citations)
    by = f'<p class="quiet">{safe(_made(answer))}. Each sentence was checked against its source.</p>'
    written = by if answer.model != QUOTED else ""
    copied = escape(plain_text(answer)).replace("\n", "&#10;")
    return (
        f'<div class="answer">{_markdown(answer, number)}</div>{notices}{written}'
        f'<div class="cited"><h3>Sources</h3><ol>{listed}</ol></div>{expected(answer.expected)}'
        f'<p class="tools"><button type="button" class="copy">Copy with sources</button></p>'
        f'<pre class="plain">{copied}</pre>{sources}'
    )


def _markdown(answer: Answer, number: int) -> str:
    links = {str(c.label): _cite(number, c) for c in answer.citations}
    out = []
    for block in answer.answer.split("\n\n"):
        if block.startswith("### "):
            out.append(f"<h3>{safe(block[4:])}</h3>")
            continue
        lead, *items = f"\n{block}".split("\n- ")
        listed = "".join(f"<li>{_inline(item, links)}</li>" for item in items)
        kind = ' class="lead"' if block.startswith("**") else ""
        out.append((f"<p{kind}>{_inline(lead.strip(), links)}</p>" if lead.strip() else "") + (f"<ul>{listed}</ul>" if items else ""))
    return "".join(out)


def _inline(text: str, links: dict[str, str]) -> str:
    """Bold, and a link for each marker [1] that there is one for."""
    marked = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", r"<strong>\1</strong>", safe(text))
    linked = re.sub(r"(?<!\\)\[(\d+)\]", lambda found: links.get(found[1], found[0]), marked)
    return re.sub(r"\\([\\\[\]*_`]|&lt;)", r"\1", linked)


def _cite(number: int, c: Citation) -> str:
    """A citation's number as a link. Its title says what it opens; the page's script makes that its accessible name."""
    return f'<a class="cite" href="#source-{number}-{c.label}" title="Source {c.label}: {safe(_named(c))}">{c.label}</a>'


def _listed(number: int, c: Citation) -> str:
    about = " · ".join(safe(part) for part in (KINDS[Kind(c.kind)], spelt(c.published)) if part)
    return f'<li><a class="named" href="#source-{number}-{c.label}">{safe(_named(c))}</a> <span class="quiet">{about}</span></li>'


def _source(number: int, c: Citation) -> str:
    before, _, after = c.passage.partition(c.quote)
    rows = [
        ("Reference", c.reference),
        ("Standing", _FORCES.get(c.force, c.force.capitalize())),
        ("Edition", c.edition),
        ("Published", spelt(c.published)),
        ("Publisher", c.publisher),
        ("Section", c.section),
        ("Paragraph", c.paragraph),
        ("Page", pages(c.page, c.last_page).partition(" ")[2]),
    ]
    facts = "".join(f"<dt>{label}</dt><dd>{safe(value)}</dd>" for label, value in rows if value)
    links = [official(c.url), f'<a href="#passage/{quote(c.passage_id, safe="")}">Read it in its document</a>']
    return (
        f'<section class="source" id="source-{number}-{c.label}"><p class="kind">{KINDS[Kind(c.kind)]}</p>'
        f'<h2 tabindex="-1">Source {c.label}: <span>{safe(_named(c))}</span></h2>'
        f"<blockquote><p>{safe(before)}<mark>{safe(c.quote)}</mark>{safe(after)}</p></blockquote><dl>{facts}</dl>"
        f'<ul class="links">{"".join(f"<li>{link}</li>" for link in links if link)}</ul></section>'
    )
