"""Quiz questions from the patterns' questions on policy notes and from findings. Pure.

The right answer is always the cited one: verbatim in the passage, or the quantifier that inspectors printed. A wrong one is
wrong by that passage. Which option comes where, and whether a statement is shown true or false, hangs on the id alone.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.extract import LEANS
from assistant.findings import Finding
from assistant.text import sentences, spelt
from assistant.types import Citation
from sessions.pack import Edits, Form, Question
from sessions.patterns import Asked, Patterns
from sessions.patterns import Sequence as Steps

Cite = Callable[[str, str], Citation]
"""The citation of a passage (its id) and a quote verbatim in it."""

MIX = (
    Form.CHOICE, Form.TRUE_FALSE, Form.SHORT, Form.ORDER, "finding", Form.CHOICE,
    Form.TRUE_FALSE, "finding", Form.CHOICE, Form.SHORT, Form.TRUE_FALSE, Form.CHOICE,
)  # fmt: skip
"""What sort of question comes at each place of a quiz; "finding" is one on what inspectors wrote."""

_OF = (
    ("a small number of", "about half of", "the majority of", "almost all"),
    ("a minority of", "about half of", "the majority of", "almost all"),
)
_PLAIN = (("few", "some", "most", "all"),)
"""Quantifiers of which none means nearly what another of its group does, with the "of" that they need before a noun."""
_LEAD = re.compile(r"^(?:up to|about|at least|within|every|the|an?) ")
_BARE_OF = re.compile(r" of (?:the|these|those|them|their|its)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Made:
    """A question and what it draws on: two that draw on the same are not asked together."""

    question: Question
    draws_on: frozenset[str]
    sort: str


def quiz(
    count: int,
    patterns: Patterns,
    notes: Sequence[str],
    texts: Mapping[str, str],
    quoted: Sequence[tuple[Finding, str]],
    cite: Cite,
    edits: Edits,
) -> tuple[Question, ...]:
    """Up to `count` questions in the mix of `MIX`: on the passages `notes` (ids, nearest first) and on the findings `quoted` in
    the session (each with whose and when). `texts` by id are of the notes and of the patterns' sequences."""
    pool = [*of_notes(patterns, notes, texts, cite), *of_findings(quoted, cite)]
    pool.sort(key=lambda made: edits.rank(made.question.id))
    chosen: list[Made] = []
    for sort in MIX[:count]:
        free = [made for made in pool if all(made.draws_on.isdisjoint(other.draws_on) for other in chosen)]
        fitting = [made for made in free if made.sort == sort] or free
        if fitting:
            chosen.append(fitting[0])
    return tuple(made.question for made in chosen)


# -- on policy notes ------------------------------------------------------------------


def of_notes(patterns: Patterns, notes: Sequence[str], texts: Mapping[str, str], cite: Cite) -> Iterator[Made]:
    """Every question that can be asked on `notes`, each in all the forms that it can have, nearest notes first. A sequence is
    asked where the notes bear out at least half of its steps, the one that they bear out most first."""
    held = [note for note in notes if note in texts]
    asked = sorted(
        (q for q in patterns.questions if q.passage in held), key=lambda q: (int(q.id.rpartition("/")[2]), held.index(q.passage))
    )
    for question in asked:
        text = texts[question.passage]
        if question.right not in text:
            continue
        source = cite(question.passage, next((s for s in sentences(text) if question.right in s), question.right))
        made = [choice(question, source), *statement(question, text, source), *short(question, source)]
        yield from (Made(m, frozenset({question.passage}), m.form) for m in made)
    near = {steps.id: sum(step.passage in held for step in steps.steps) / len(steps.steps) for steps in patterns.sequences}
    for steps in sorted(patterns.sequences, key=lambda steps: -near[steps.id]):
        if near[steps.id] >= 0.5 and all(step.words in texts.get(step.passage, "") for step in steps.steps):
            yield Made(sequence(steps, cite), frozenset({steps.id}), Form.ORDER)


def choice(asked: Asked, source: Citation) -> Question:
    """A question with four options."""
    options = shuffled(asked.id, (asked.right, *asked.wrong))
    return Question(
        f"{asked.id}/choice", Form.CHOICE, asked.ask, tuple(map(_capital, options)), (_capital(asked.right),), _key(source), (source,)
    )


def statement(asked: Asked, text: str, source: Citation) -> Iterator[Question]:
    """The sentence that holds the answer, as it is or with a wrong option in the answer's place, where it can stand alone."""
    sentence = next((s for s in sentences(text) if asked.right in s), "")
    if not sentence or not asked.statement or LEANS.match(sentence):
        return
    number = _number(asked.id)
    true = number % 2 == 0
    shown = sentence if true else sentence.replace(asked.right, asked.wrong[number % len(asked.wrong)], 1)
    verdict = "True" if true else "False"
    yield Question(
        f"{asked.id}/statement", Form.TRUE_FALSE, f"True or false ({source.title})? {shown}", ("True", "False"), (verdict,), f"{verdict}. {_key(source)}", (source,)
    )  # fmt: skip


def short(asked: Asked, source: Citation) -> Iterator[Question]:
    """The question without options, where a word or a figure answers it; the answer counts without its "up to" or "the"."""
    if asked.short:
        right = dict.fromkeys((asked.right, _LEAD.sub("", asked.right)))
        yield Question(
            f"{asked.id}/short", Form.SHORT, f"{asked.ask} Answer in a few words or a figure.", (), tuple(right), _key(source), (source,)
        )


def sequence(steps: Steps, cite: Cite) -> Question:
    """Steps to put in order, shown in another order than the right one."""
    right = tuple(step.text for step in steps.steps)
    sources = {step.passage: cite(step.passage, step.words) for step in steps.steps}
    key = " ".join(f"{n}. {step.text}: \u201c{step.words}\u201d." for n, step in enumerate(steps.steps, start=1))
    return Question(steps.id, Form.ORDER, steps.ask, disordered(steps.id, right), right, key, tuple(sources.values()))


def _key(source: Citation) -> str:
    return f"The source says: \u201c{source.quote}\u201d" + ("" if source.quote.endswith(".") else ".")


# -- on findings ----------------------------------------------------------------------


def of_findings(quoted: Sequence[tuple[Finding, str]], cite: Cite) -> Iterator[Made]:
    """Questions on the quantifiers that inspectors printed.

    They are asked only of quotes that people have seen: of others they could only guess.
    """
    for finding, named in quoted:
        if wording := _wording(finding):
            both = [cloze(finding, named, wording, cite), as_printed(finding, named, wording, cite)]
            for made in both if _number(f"{finding.id} which") % 2 else reversed(both):
                yield Made(made, frozenset({finding.passage_id}), "finding")


def _wording(finding: Finding) -> tuple[str, ...]:
    """The quantifiers that could stand where the finding's own stands at its start, the own one among them; none otherwise."""
    printed, _ = _split(finding)
    if not finding.text.startswith(printed) or not finding.quantifier or _BARE_OF.match(finding.text[len(finding.quantifier) :]):
        return ()
    return next((family for family in (*_OF, *_PLAIN) if printed.lower() in family), ())


def _split(finding: Finding) -> tuple[str, str]:
    """The quantifier that a finding starts with, with its "of", and the rest."""
    at = len(finding.quantifier)
    at += len(" of") if finding.text[at:].startswith(" of ") else 0
    return finding.text[:at], finding.text[at:]


def cloze(finding: Finding, whose: str, wording: Iterable[str], cite: Cite) -> Question:
    """Which quantifier inspectors printed, among others that fit."""
    source = cite(finding.passage_id, finding.text)
    printed, rest = _split(finding)
    right = _capital(printed)
    ask = f"Complete the sentence as it was quoted ({whose}): \u201c____{rest}\u201d"
    return Question(
        f"{finding.id}/cloze", Form.CHOICE, ask, shuffled(finding.id, [_capital(w) for w in wording]), (right,), _key(source), (source,)
    )  # fmt: skip


def as_printed(finding: Finding, whose: str, wording: Sequence[str], cite: Cite) -> Question:
    """Whether inspectors wrote it so: as it is, or with its quantifier dropped or another one in its place."""
    source = cite(finding.passage_id, finding.text)
    number = _number(finding.id)
    true = number % 2 == 0
    printed, rest = _split(finding)
    others = [w for w in wording if w != printed.lower()]
    changed = _capital(others[number % len(others)]) + rest
    if number % 3 == 0 and not printed.endswith(" of") and printed.lower() != "all":
        changed = _capital(rest.strip())
    verdict = "True" if true else "False"
    ask = f"True or false? Inspectors wrote ({whose}): \u201c{finding.text if true else changed}\u201d"
    return Question(f"{finding.id}/printed", Form.TRUE_FALSE, ask, ("True", "False"), (verdict,), f"{verdict}. {_key(source)}", (source,))


# -- order that never varies ------------------------------------------------------------


def shuffled(seed: str, options: Iterable[str]) -> tuple[str, ...]:
    """`options` in an order that hangs on `seed` and the options alone."""
    return tuple(sorted(options, key=lambda option: _number(f"{seed} {option}")))


def disordered(seed: str, right: tuple[str, ...]) -> tuple[str, ...]:
    """`right` in another order than it has."""
    shown = shuffled(seed, right)
    return shown if shown != right else shown[1:] + shown[:1]


def _number(text: str) -> int:
    return zlib.crc32(text.encode())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def whose(authority: str, when: str) -> str:
    """Whose finding and when, for a question."""
    return f"{authority}, {spelt(when)}"
