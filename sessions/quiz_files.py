"""A pack's quiz as CSV, and as GIFT for Moodle (https://docs.moodle.org/en/GIFT_format). Pure."""

import csv
import re
from io import StringIO

from sessions.pack import Form, Question, SessionPack, source_line

COLUMNS = ("number", "form", "question", "a", "b", "c", "d", "answer", "why", "source", "address", "question_id")
_SPECIAL = re.compile(r"([\\~=#{}:])")


def as_csv(pack: SessionPack) -> str:
    """One row a question, with its key and sources. A cell that a spreadsheet would take for a formula starts with "'"."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, question in enumerate(pack.quiz, start=1):
        options = [*question.options, "", "", "", ""][:4]
        sources = " | ".join(_cited(question))
        addresses = " | ".join(dict.fromkeys(source.url for source in question.sources if source.url))
        answer = " > ".join(question.right) if question.form is Form.ORDER else question.right[0]
        row = [str(number), question.form.value, question.ask, *options, answer, question.key, sources, addresses, question.id]
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row])
    return out.getvalue()


def as_gift(pack: SessionPack) -> str:
    """The questions in a category of their own. Put-in-order has no form of its own in GIFT: it is asked as matching."""
    lines = [f"// {pack.title}. Answers carry their sources as feedback.", f"$CATEGORY: Sessions/{pack.request.topic.id}", ""]
    for number, question in enumerate(pack.quiz, start=1):
        lines += [_gift(number, question), ""]
    return "\n".join(lines)


def _gift(number: int, question: Question) -> str:
    body = {Form.CHOICE: _choice, Form.TRUE_FALSE: _true_false, Form.ORDER: _order, Form.SHORT: _short}[question.form](question)
    why = " ".join([question.key, *_cited(question)])
    title = escaped(f"Q{number:02d} {question.id}")
    return f"::{title}:: {escaped(question.ask)} {{\n{body}\n####{escaped(why)}\n}}"


def _cited(question: Question) -> list[str]:
    """Its sources under the numbers that they have in the other files."""
    return [f"[{source.label}] {source_line(source)}" for source in question.sources]


def _choice(question: Question) -> str:
    return "\n".join(f"{'=' if option in question.right else '~'}{escaped(option)}" for option in question.options)


def _true_false(question: Question) -> str:
    return question.right[0].upper()


def _order(question: Question) -> str:
    place = {text: n for n, text in enumerate(question.right, start=1)}
    return "\n".join(f"={escaped(option)} -> {place[option]}" for option in question.options)


def _short(question: Question) -> str:
    return "\n".join(f"={escaped(right)}" for right in question.right)


def escaped(text: str) -> str:
    """`text` with GIFT's own signs escaped, on one line; "->" inside it would cut a matching answer in two."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split())).replace("->", "\u2192")
