"""python -m eval.sessions [sample]: packs on every topic in three lengths, their quotes, law and quiz against the library.

The library is LIBRARY_DIR. Labels of a sample of quiz questions are `labels/quiz.jsonl`: {"id", "ask", "options", "right",
"key", "wrong"}: whether the `key` is right, and how many options of a single choice are `wrong`, by the passages that it
cites, as read one by one. One whose words have changed since counts as not labelled. `sample` prints questions to label.
"""

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
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
from sessions.compose import Material, compose
from sessions.export import files
from sessions.pack import Edits, Form, Question, Request, SessionPack
from sessions.quotes import candidates
from sessions.topics import material_of

LABELS = Path(__file__).parent / "labels" / "quiz.jsonl"
LENGTHS = (30, 90, 180)
SAMPLE = 60
_PARTS = ("aims", "order", "pairs", "law", "prompts", "listen", "case", "quiz", "reflection", "reading", "limits")


@dataclass(frozen=True)
class Made:
    """A pack and how long it took to make with all of its files, in seconds."""

    pack: SessionPack
    seconds: float


def packs(material: Material, with_files: bool) -> list[Made]:
    """A pack for every topic in each length, the audiences in turn."""
    made = []
    for i, topic in enumerate(track(material.patterns.topics, "Packs", transient=True)):
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
    found += ["two quotes from one paragraph"] if len({q.source.passage_id for q in quotes}) < len(quotes) else []
    there = {
        (c.finding.polarity, c.finding.passage_id) for c in candidates(material.register, pack.request.topic, pack.request.scope, Edits())
    }
    good, bad = ({id for weight, id in there if weight is side} for side in (Polarity.STRENGTH, Polarity.IMPROVEMENT))
    both = bool(good and bad) and len(good | bad) > 1  # two paragraphs, since no two quotes come from one
    shown = any(pair.strength for pair in pack.pairs) and any(pair.improvement for pair in pack.pairs)
    found += ["one side alone, where there are both"] if both and pack.pairs and not shown else []
    found += ["a pair from one authority" for pair in pack.pairs if len({side.source.authority for side in pair.sides}) < len(pair.sides)]
    return found


def key_holds(question: Question, material: Material) -> bool:
    """Whether the right answer stands in the library's own text of what the question cites, and a false statement does not."""
    held = material.passages([source.passage_id for source in question.sources])
    texts = [held[source.passage_id].text for source in question.sources]
    if not all(source.quote in text for source, text in zip(question.sources, texts, strict=True)):
        return False
    if question.form is Form.TRUE_FALSE:
        shown = question.ask.partition("? ")[2].partition("): \u201c")[2].rstrip("\u201d") or question.ask.partition("? ")[2]
        return (shown in texts[0]) is (question.right[0] == "True")
    if question.form is Form.ORDER:
        return sorted(question.options) == sorted(question.right)
    answer = question.right[0]
    blank = question.ask.partition("____")[2].rstrip("\u201d")
    return (answer + blank if blank else answer).lower() in texts[0].lower()


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


def labelled(questions: dict[str, Question]) -> list[dict[str, Any]]:
    """The labels of questions that still read as they did."""
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()] if LABELS.exists() else []
    return [row for row in rows if row["id"] in questions and shown(questions[row["id"]]).items() <= row.items()]


def main(arguments: list[str]) -> None:
    """Print the table, or questions to label."""
    settings = Settings()
    with Library(settings.library_dir) as library:
        material = material_of(Assistant(library, Embedder(settings.embedding_model), settings.corpus_dir))
        made = packs(material, with_files=arguments != ["sample"])
        questions = {question.id: question for each in made for question in each.pack.quiz}
        if arguments == ["sample"]:
            drawn = random.Random(7).sample(sorted(questions), min(SAMPLE, len(questions)))
            for id in drawn:
                where = [f"{source.passage_id}: {source.passage}" for source in questions[id].sources]
                print(json.dumps(shown(questions[id]) | {"sources": where}, ensure_ascii=False))
            return
        report(made, questions, material)


def report(made: list[Made], questions: dict[str, Question], material: Material) -> None:
    """The table on a console, and each fault."""
    table = Table("Packs and quizzes", "")
    wrong = Counter(fault for each in made for fault in faults(each.pack, material))
    seconds = sorted(each.seconds for each in made)
    quotes = sum(len(pair.sides) for each in made for pair in each.pack.pairs)
    rows = labelled(questions)
    options = sum(len(row["options"]) - 1 for row in rows if len(row["options"]) > 2 and len(row["right"]) == 1)
    lines = [
        ("packs (topics x lengths)", f"{len(made)} ({len(made) // len(LENGTHS)} x {len(LENGTHS)})"),
        ("faults", str(wrong.total())),
        ("quotes from inspectors", str(quotes)),
        ("statements of law", str(sum(len(each.pack.law) for each in made))),
        ("seconds a pack with its files, median / most", f"{seconds[len(seconds) // 2]:.2f} / {seconds[-1]:.2f}"),
        ("quiz questions, different ones", str(len(questions))),
        *((f"  {form.value}", str(sum(q.form is form for q in questions.values()))) for form in Form),
        ("key stands in its source", f"{sum(key_holds(q, material) for q in questions.values())} of {len(questions)}"),
        ("options of like length", f"{sum(map(of_like_length, questions.values()))} of {len(questions)}"),
        ("labelled by a person", str(len(rows))),
        ("  key right", f"{sum(row['key'] for row in rows)} of {len(rows)}"),
        ("  wrong options that are wrong by the source", f"{sum(row['wrong'] for row in rows)} of {options}"),
    ]
    for line in lines:
        table.add_row(*line)
    console = Console()
    console.print(table)
    for fault, count in wrong.most_common():
        console.print(f"{count} x {fault}")
    for question in questions.values():
        if not key_holds(question, material):
            console.print(f"key does not stand: {question.id} {question.ask} {question.right}")


if __name__ == "__main__":
    main(sys.argv[1:])
