"""python -m eval.sessions [sample]: packs on every topic in three lengths, their quotes, law and quiz against the library.

The library is LIBRARY_DIR. Labels come from reading the passages cited, one by one: `labels/quiz.jsonl` says of questions ({"id", "ask",
"options", "right", "key"}) whether the key is right, `labels/quiz_options.jsonl` of wrong options ({"id", "ask", "right", "option",
"wrong", "why"}) whether they are wrong by the source. One whose words have changed since counts as not labelled. `sample`
prints what to label.
"""

import calendar
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.chain import Assistant
from assistant.embedding import Embedder
from assistant.findings import Polarity
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import citation_of
from sessions.compose import Material, compose
from sessions.export import files
from sessions.pack import Edits, Form, Question, Request, SessionPack
from sessions.quiz import of_notes
from sessions.quotes import candidates
from sessions.topics import material_of

KEYS = Path(__file__).parent / "labels" / "quiz.jsonl"
OPTIONS = Path(__file__).parent / "labels" / "quiz_options.jsonl"
LENGTHS = (30, 90, 180)
SAMPLE = 60
DAYS = {"hour": 1 / 24, "working day": 1.4, "day": 1, "week": 7, "month": 30.4}
EVERY = {"weekly": 7, "fortnightly": 14, "monthly": 30.4}
MONTHS = tuple(calendar.month_name)[1:]
_PARTS = ("aims", "order", "pairs", "law", "prompts", "listen", "case", "quiz", "reflection", "reading", "limits")


@dataclass(frozen=True)
class Made:
    """A pack and how long it took to make with all of its files, in seconds."""

    pack: SessionPack
    seconds: float


def packs(material: Material, with_files: bool) -> list[Made]:
    """A pack for every topic in each length, the audiences in turn."""
    made = []
    for i, topic in enumerate(track(material.patterns.topics, "Packs", console=Console(stderr=True), transient=True)):
        for j, minutes in enumerate(LENGTHS):
            audience = material.patterns.audiences[(i + j) % len(material.patterns.audiences)].id
            start = time.perf_counter()
            pack = compose(Request(topic, audience, minutes), material)
            if with_files:
                files(pack)
            made.append(Made(pack, time.perf_counter() - start))
    return made


def faults(pack: SessionPack, material: Material) -> list[str]:
    """What is wrong with a pack, each in the words of the table."""
    held = material.passages([source.passage_id for source in pack.sources])
    found = [f"an empty part: {name}" for name in _PARTS if not getattr(pack, name)]
    at = 0
    for activity in pack.order:
        found += ["timings do not add up"] if activity.start != at else []
        at += activity.minutes
    found += ["timings do not add up"] if at != pack.request.minutes else []
    quotes = [side for pair in pack.pairs for side in pair.sides]
    found += ["a quote that is not verbatim" for q in (*quotes, *pack.law) if q.text not in held[q.source.passage_id].text]
    found += ["law without reference or edition" for s in pack.law if not s.source.reference or not s.source.edition]
    found += ["two quotes from one paragraph"] if len({(q.source.document_id, q.source.paragraph) for q in quotes}) < len(quotes) else []
    there = {
        (c.finding.polarity, c.finding.passage_id) for c in candidates(material.register, pack.request.topic, pack.request.scope, Edits())
    }
    good, bad = ({id for weight, id in there if weight is side} for side in (Polarity.STRENGTH, Polarity.IMPROVEMENT))
    both = bool(good and bad) and len(good | bad) > 1  # two paragraphs, since no two quotes come from one
    shown = any(pair.strength for pair in pack.pairs) and any(pair.improvement for pair in pack.pairs)
    found += ["one side alone, where there are both"] if both and pack.pairs and not shown else []
    found += ["a pair from one authority" for pair in pack.pairs if len({side.source.authority for side in pair.sides}) < len(pair.sides)]
    return found


def key_holds(question: Question, material: Material, right: Callable[[Question], bool] = lambda question: False) -> bool:
    """Whether the key is the right one by the library's own text of what the question cites.

    The key must stand there and no other answer may. Where the text has others too (another clock, a step without a time),
    words alone cannot tell: then it must have been read and found right, which `right` says.
    """
    held = material.passages([source.passage_id for source in question.sources])
    texts = [held[source.passage_id].text for source in question.sources]
    if not all(source.quote in text for source, text in zip(question.sources, texts, strict=True)):
        return False
    if question.form is Form.TRUE_FALSE:
        shown = question.ask.partition("? ")[2].partition("): \u201c")[2].rstrip("\u201d") or question.ask.partition("? ")[2]
        return (shown in texts[0]) is (question.right[0] == "True")
    if question.form is Form.ORDER:
        return sorted(question.options) == sorted(question.right) and (in_order(question, texts) or right(question))
    text = texts[0].lower()
    blank = question.ask.partition("____")[2].rstrip("\u201d").lower()
    rivals = [option for option in question.options if option not in question.right]
    if question.form is Form.SHORT:
        asked = next(asked for asked in material.patterns.questions if question.id == f"{asked.id}/short")
        rivals = [answer for answer in (asked.right, *asked.wrong) if answer not in question.right]
    others = any(_stands(f"{rival}{blank}".lower(), text) for rival in rivals)
    return _stands(f"{question.right[0]}{blank}".lower(), text) and (not others or right(question))


def _stands(words: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text))


def in_order(question: Question, texts: Sequence[str]) -> bool:
    """Whether the words that bear out each step show the order by themselves: by their dates, their times, or where in the one
    passage they stand."""
    words = [match[1] for step in question.right if (match := re.search(rf"{re.escape(step)}: \u201c(.*?)\u201d", question.key))]
    if len(words) < len(question.right):
        return False
    places = [texts[0].find(each) for each in words] if len(texts) == 1 else []
    return any(len(found) == len(words) and _rising(found) for found in (dates(words), times(words), places))


def dates(words: Sequence[str]) -> list[tuple[int, int, int]]:
    """The (year, month, day) in each of `words` that has one, 0 for what it leaves out."""
    found = (re.search(rf"(?:(?:(\d+) )?({'|'.join(MONTHS)}) )?(20\d\d)", each) for each in words)
    return [(int(m[3]), MONTHS.index(m[2]) + 1 if m[2] else 0, int(m[1] or 0)) for m in found if m]


def times(words: Sequence[str]) -> list[float]:
    """The days in each of `words` that has a time or an interval."""
    found = (re.search(rf"(\d+) ({'|'.join(DAYS)})|\b(weekly|fortnightly|monthly)", each) for each in words)
    return [float(m[1]) * DAYS[m[2]] if m[1] else EVERY[m[3]] for m in found if m]


def _rising(values: Sequence[Any]) -> bool:
    return all(before < after for before, after in pairwise(values))


def of_like_length(question: Question) -> bool:
    """Whether the right option is neither the longest nor the shortest by more than half of it or 10 characters."""
    if question.form is not Form.CHOICE:
        return True
    right = question.right[0]
    wrong = [len(option) for option in question.options if option != right]
    slack = max(10, len(right) / 2)
    return min(wrong) - slack <= len(right) <= max(wrong) + slack


def shown(question: Question) -> dict[str, Any]:
    """What of a question a label is about."""
    return {"id": question.id, "ask": question.ask, "options": list(question.options), "right": list(question.right)}


def labels(file: Path) -> list[dict[str, Any]]:
    """The labels in `file`."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def read_as_right() -> Callable[[Question], bool]:
    """Whether a question was read, in the words that it has now, and its key found right."""
    rows = [{name: value for name, value in row.items() if name != "key"} for row in labels(KEYS) if row["key"]]
    return lambda question: shown(question) in rows


def of_patterns(material: Material) -> dict[str, Question]:
    """Every question that the patterns have on notes, in each of its forms, by id."""
    steps = [step.passage for sequence in material.patterns.sequences for step in sequence.steps]
    held = material.passages({*steps, *(asked.passage for asked in material.patterns.questions)})
    texts = {id: passage.text for id, passage in held.items()}
    made = of_notes(
        material.patterns, list(held), texts, lambda id, quote: citation_of(0, held[id], material.documents[held[id].document_id], quote)
    )
    return {each.question.id: each.question for each in made}


def current(rows: Iterable[dict[str, Any]], questions: Mapping[str, Question]) -> list[dict[str, Any]]:
    """The labels of wrong options that questions still have, to the same question with the same right answer."""
    return [
        row
        for row in rows
        if (question := questions.get(row["id"])) and (question.ask, *question.right) == (row["ask"], row["right"])
        and row["option"] in question.options and row["option"] != row["right"]
    ]  # fmt: skip


def main(arguments: list[str]) -> None:
    """Print the table, or what to label."""
    settings = Settings()
    with Library(settings.library_dir) as library:
        material = material_of(Assistant(library, Embedder(settings.embedding_model), settings.corpus_dir))
        made = packs(material, with_files=arguments != ["sample"])
        questions = {question.id: question for each in made for question in each.pack.quiz}
        if arguments == ["sample"]:
            sample(questions, of_patterns(material), material)
            return
        report(made, questions, material)


def sample(questions: Mapping[str, Question], written: Mapping[str, Question], material: Material) -> None:
    """Print what to label: keys that words alone cannot tell and some drawn at random, and wrong options drawn at random."""
    draw, every = random.Random(7), {**questions, **written}
    unclear = {id for id, question in every.items() if not key_holds(question, material)}
    for id in sorted(unclear.union(draw.sample(sorted(questions), min(SAMPLE, len(questions))))):
        print(json.dumps(shown(every[id]) | {"sources": [source.passage for source in every[id].sources]}, ensure_ascii=False))
    choices = sorted((q for q in written.values() if q.form is Form.CHOICE), key=lambda question: question.id)
    options = [(q.id, option) for q in choices for option in q.options if option not in q.right]
    for id, option in sorted(draw.sample(options, min(SAMPLE, len(options)))):
        row = {"id": id, "ask": every[id].ask, "right": every[id].right[0], "option": option, "source": every[id].sources[0].passage}
        print(json.dumps(row, ensure_ascii=False))


def report(made: list[Made], questions: dict[str, Question], material: Material) -> None:
    """The table on a console, and each fault."""
    table = Table("Packs and quizzes", "")
    wrong = Counter(fault for each in made for fault in faults(each.pack, material))
    seconds = sorted(each.seconds for each in made)
    quotes = sum(len(pair.sides) for each in made for pair in each.pack.pairs)
    right = read_as_right()
    read = [row for row in labels(KEYS) if row["id"] in questions and shown(questions[row["id"]]).items() <= row.items()]
    alone = sum(key_holds(question, material) for question in questions.values())
    standing = [question for question in questions.values() if key_holds(question, material, right)]
    options = current(labels(OPTIONS), of_patterns(material))
    lines = [
        ("packs (topics x lengths)", f"{len(made)} ({len(made) // len(LENGTHS)} x {len(LENGTHS)})"),
        ("faults", str(wrong.total())),
        ("quotes from inspectors", str(quotes)),
        ("statements of law", str(sum(len(each.pack.law) for each in made))),
        ("seconds a pack with its files, median / most", f"{seconds[len(seconds) // 2]:.2f} / {seconds[-1]:.2f}"),
        ("quiz questions, different ones", str(len(questions))),
        *((f"  {form.value}", str(sum(q.form is form for q in questions.values()))) for form in Form),
        ("key right by its source", f"{len(standing)} of {len(questions)}"),
        ("  by its words alone / as read too", f"{alone} / {len(standing) - alone}"),
        ("options of like length", f"{sum(map(of_like_length, questions.values()))} of {len(questions)}"),
        ("keys labelled as read, right", f"{sum(row['key'] for row in read)} of {len(read)}"),
        ("wrong options labelled as read, wrong by the source", f"{sum(row['wrong'] for row in options)} of {len(options)}"),
    ]
    for line in lines:
        table.add_row(*line)
    console = Console()
    console.print(table)
    for fault, count in wrong.most_common():
        console.print(f"{count} x {fault}")
    for question in questions.values():
        if question not in standing:
            console.print(f"key does not stand: {question.id} {question.ask} {question.right}")


if __name__ == "__main__":
    main(sys.argv[1:])
