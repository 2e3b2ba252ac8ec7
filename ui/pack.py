"""A session pack as HTML, each item with what can be done to it. Everything from a document or typed is escaped. Pure."""

from collections.abc import Iterable
from urllib.parse import quote

from assistant.types import Citation
from sessions.pack import INVENTED, OURS, STANDINGS, Case, Form, Line, Pair, Question, Quoted, SessionPack, where
from ui.render import official, safe

_FRESH = "Make this part afresh"


def preview(pack: SessionPack) -> str:
    """The whole pack, in the order in which the session runs."""
    lead = f"For {safe(pack.audience.lower())}, {pack.request.minutes} minutes. {len(pack.sources)} sources."
    asked = f" Asked for as \u201c{safe(pack.request.topic.asked)}\u201d." if pack.request.topic.asked else ""
    return (
        f'<article class="pack"><h2 tabindex="-1">{safe(pack.title)}</h2><p>{lead}{asked}</p>'
        f"{_aims(pack)}{_order(pack)}{_findings(pack)}{_law(pack)}{_discussion(pack)}{_case(pack.case)}{_quiz(pack)}"
        f"{_listed('Reflection sheet', pack.reflection, OURS)}{_reading(pack)}{_listed('What this pack does not cover', pack.limits, OURS)}</article>"
    )


def _aims(pack: SessionPack) -> str:
    return _listed("Aims", pack.aims, OURS)


def _order(pack: SessionPack) -> str:
    rows = "".join(
        f'<tr><th scope="row">{safe(a.name)}</th><td><span class="label">Minutes</span> {a.minutes}</td>'
        f'<td><span class="label">From</span> {a.start // 60}:{a.start % 60:02d}</td></tr>'
        for a in pack.order
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Part", "Minutes", "From"))
    return f'<section><h3>Running order</h3><p class="quiet">{OURS}</p><table class="order"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></section>'


def _findings(pack: SessionPack) -> str:
    if not pack.pairs:
        return ""
    items = "".join(_item(f"pair {n}", pair.id, _pair(pair)) for n, pair in enumerate(pack.pairs, start=1))
    return _part("What inspectors found", "findings", "".join(_line(n, line) for n, line in enumerate(pack.summary, start=1)) + items)


def _line(number: int, line: Line) -> str:
    body = f"<p>{safe(line.cited)}</p>{''.join(map(_cited, line.sources))}"
    return f'<div class="item">{body}<p class="acts">{_act(f"drop/{line.id}", "Drop", f"Drop sentence {number} in short")}</p></div>'


def _pair(pair: Pair) -> str:
    sides = (("Done well", "good", pair.strength), ("Needs to improve", "bad", pair.improvement))
    return f'<div class="pair">{"".join(_side(head, kind, side, pair.gap) for head, kind, side in sides)}</div>'


def _side(head: str, kind: str, side: Quoted | None, gap: str) -> str:
    if not side:
        return f'<div class="{kind}"><h4>{head}</h4><p>{safe(gap)}</p></div>'
    return f'<div class="{kind}"><h4>{head}</h4><blockquote><p>\u201c{safe(side.text)}\u201d</p></blockquote>{_cited(side.source)}</div>'


def _law(pack: SessionPack) -> str:
    if not pack.law:
        return ""
    items = "".join(
        _item(
            f"statement {n}",
            s.id,
            f"<p>{safe(s.text)}</p><p><strong>{safe(STANDINGS.get(s.weight, s.weight))}</strong></p>{_cited(s.source)}",
        )
        for n, s in enumerate(pack.law, start=1)
    )
    return _part("What law and guidance expect", "law", items)


def _discussion(pack: SessionPack) -> str:
    items = "".join(_item(f"prompt {n}", prompt.id, f"<p>{safe(prompt.text)}</p>") for n, prompt in enumerate(pack.prompts, start=1))
    return _part("Discussion", "discussion", items, OURS) if items else ""


def _case(case: Case | None) -> str:
    if not case:
        return ""
    body = f"<h4>{safe(case.title)}</h4><p>{safe(case.text)}</p><ul>{''.join(f'<li>{safe(q)}</li>' for q in case.questions)}</ul>"
    return _part("Invented case", "case", _item("the case", case.id, body), f"{OURS}. {INVENTED}")


def _quiz(pack: SessionPack) -> str:
    items = "".join(_item(f"question {n}", question.id, _question(question)) for n, question in enumerate(pack.quiz, start=1))
    return _part("Quiz", "quiz", items) if items else ""


def _question(question: Question) -> str:
    options = "".join(f"<li>{safe(option)}</li>" for option in question.options)
    shown = f"<ul>{options}</ul>" if options and question.form is not Form.TRUE_FALSE else ""
    right = "; then ".join(question.right) if question.form is Form.ORDER else question.right[0]
    cited = "".join(map(_cited, question.sources))
    key = f"<details><summary>Answer</summary><p><strong>{safe(right)}</strong></p><p>{safe(question.key)}</p>{cited}</details>"
    return f'<p class="quiet">{question.form.value.capitalize()}</p><p>{safe(question.ask)}</p>{shown}{key}'


def _reading(pack: SessionPack) -> str:
    items = "".join(
        f"<li>{safe('. '.join(filter(None, (item.title, item.edition))))}. {official(item.url)}</li>" for item in pack.reading
    )  # fmt: skip
    return f"<section><h3>Reading list</h3><ul>{items}</ul></section>"


def _listed(title: str, texts: Iterable[str], label: str = "") -> str:
    marked = f'<p class="quiet">{label}</p>' if label else ""
    return f"<section><h3>{title}</h3>{marked}<ul>{''.join(f'<li>{safe(text)}</li>' for text in texts)}</ul></section>"


def _part(title: str, part: str, items: str, label: str = "") -> str:
    marked = f'<p class="quiet">{label}</p>' if label else ""
    return (
        f'<section><h3>{title}</h3>{marked}<p class="acts">{_act(f"fresh/{part}", _FRESH, f"{_FRESH}: {title}")}</p>'
        f'<div class="items">{items}</div></section>'
    )


def _item(name: str, id: str, body: str) -> str:
    acts = _act(f"swap/{id}", "Swap", f"Swap {name}") + _act(f"drop/{id}", "Drop", f"Drop {name}")
    return f'<div class="item">{body}<p class="acts">{acts}</p></div>'


def _act(action: str, text: str, title: str) -> str:
    """A link that the page's script turns into a button; its title becomes the accessible name."""
    return f'<a class="act" href="#session/{quote(action, safe="/")}" title="{safe(title)}">{text}</a>'


def _cited(source: Citation) -> str:
    link = f'<a href="#passage/{quote(source.passage_id, safe="")}">{safe(source.title)}</a>'
    return f'<p class="quiet">[{source.label}] {safe(where(source))}. {link}</p>'
