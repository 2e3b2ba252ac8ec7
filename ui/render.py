"""A conversation as HTML. Everything that comes from a question or a document is escaped. Pure."""

import re
from html import escape

from assistant.types import Answer, Citation, Status

_TITLES = {
    Status.NOT_IN_LIBRARY: "The library does not say",
    Status.OUT_OF_SCOPE: "Outside what this covers",
    Status.NEEDS_A_PERSON: "This needs a person",
    Status.BLOCKED: "Not searched for",
    Status.ERROR: "That question could not be read",
}
_KINDS = {"letter": "Inspection letter", "report": "Inspection report", "legislation": "Legislation", "guidance": "Guidance",
          "policy_note": "Plain-language note", "local": "Your document"}  # fmt: skip


def conversation(answers: list[Answer], pending: str = "") -> str:
    """All turns so far, and the question being answered, if any."""
    turns = [_turn(number, answer) for number, answer in enumerate(answers, start=1)]
    if pending:
        turns.append(
            f'<article class="turn"><h2 class="question">{escape(pending)}</h2><p class="pending" role="status">Searching the library</p></article>'
        )
    return "\n".join(turns)


def _turn(number: int, answer: Answer) -> str:
    body = _answered(number, answer) if answer.status is Status.ANSWERED else _refused(answer)
    return f'<article class="turn" id="turn-{number}"><h2 class="question">{escape(answer.question)}</h2>{body}</article>'


def _refused(answer: Answer) -> str:
    kind = "urgent" if answer.status is Status.NEEDS_A_PERSON else "refused"
    return f'<div class="{kind}" role="status"><h3>{_TITLES[answer.status]}</h3><p>{_inline(answer.answer, 0)}</p></div>'


def _answered(number: int, answer: Answer) -> str:
    notices = "".join(f"<li>{escape(notice)}</li>" for notice in answer.notices)
    notice_box = f'<ul class="notices">{notices}</ul>' if notices else ""
    sources = "".join(_source(number, citation) for citation in answer.citations)
    return (
        f'<div class="answer">{_markdown(answer.answer, number)}</div>{notice_box}'
        f'<p class="tools"><button type="button" class="copy">Copy with sources</button></p>'
        f'<div class="sources">{sources}</div>'
    )


def _markdown(text: str, number: int) -> str:
    out = []
    for block in text.split("\n\n"):
        if block.startswith("### "):
            out.append(f"<h3>{escape(block[4:])}</h3>")
            continue
        lead, *items = f"\n{block}".split("\n- ")
        listed = "".join(f"<li>{_inline(item, number)}</li>" for item in items)
        out.append((f"<p>{_inline(lead.strip(), number)}</p>" if lead.strip() else "") + (f"<ul>{listed}</ul>" if items else ""))
    return "".join(out)


def _inline(text: str, number: int) -> str:
    safe = escape(text).replace("\n", "<br>")
    safe = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", safe)
    if not number:
        return safe
    return re.sub(r"\[(\d+)\]", rf'<a class="cite" id="cite-{number}-\1" href="#source-{number}-\1">\1</a>', safe)


def _source(number: int, citation: Citation) -> str:
    key = f"{number}-{citation.label}"
    before, _, after = citation.passage.partition(citation.quote)
    rows = [
        ("Reference", citation.reference),
        ("Standing", citation.force),
        ("Edition", citation.edition),
        ("Published", citation.published),
        ("Publisher", citation.publisher),
        ("Section", citation.section),
        ("Paragraph", citation.paragraph),
        ("Page", str(citation.page) if citation.page else ""),
    ]
    facts = "".join(f"<dt>{label}</dt><dd>{escape(value)}</dd>" for label, value in rows if value)
    link = (
        f'<p><a href="{escape(citation.url)}" target="_blank" rel="noopener noreferrer">Official page</a></p>'
        if citation.url.startswith("https://")
        else ""
    )
    lines = f"{escape(before)}<mark>{escape(citation.quote)}</mark>{escape(after)}".replace("\n", "<br>")
    return (
        f'<section class="source" id="source-{key}"><p class="kind">{_KINDS[citation.kind]}</p>'
        f'<h3 tabindex="-1">{citation.label}. {escape(citation.title)}</h3><blockquote>{lines}</blockquote><dl>{facts}</dl>{link}'
        f'<p><button type="button" class="close">Close source</button></p></section>'
    )
