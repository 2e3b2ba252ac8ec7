"""What `eval.fit_reader` learns from: passages, each with questions that it answers and near misses that it does not.

`eval/answers/reports.jsonl` and `corpus.jsonl` say of passages what is asked, and not what they say: a passage is known by the start of
the SHA-256 of its letters and digits. `own.jsonl` holds invented papers of councils that do not exist, with their text. The questions
were written by a language model that had a few passages before it and none of the questions of the evaluation. No passage of a report
that one of those is about is among them, and of the reports that test questions are about none at all; the letter and the notes, which
everyone has, are.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant.library import Library
from assistant.reader import placed, with_heading
from eval.register import marked, passages_of

FOLDER = Path(__file__).parent / "answers"


@dataclass(frozen=True)
class Example:
    """A passage as the reader reads it, the document it is of, and of each question whether the passage answers it.

    `questions` are as people might ask them: those for a number or a reason are answered less often than others, more so than of people
    (`eval.by_words`). `twins` are pairs of the same form and as near to the passage, one answered and one not, so that little but the
    passage tells which is which.
    """

    document: str
    text: str
    questions: tuple[tuple[str, bool], ...]
    twins: tuple[tuple[str, bool], ...] = ()


def load_examples(reports: Path, library: Library) -> list[Example]:
    """Those of the reports in the folder `reports`, of the letter and the notes in `library`, and of the invented papers."""
    made = [
        example
        for file, rows in groupby(_rows("reports"), key=lambda row: str(row["file"]))
        for example in _of_report(file, {row["passage"]: row for row in rows}, reports)
    ]
    return [*made, *of_corpus(library), *(of_own(row) for row in _rows("own"))]


def of_corpus(library: Library) -> Iterator[Example]:
    """The examples of the letter and the notes."""
    rows = {row["passage"]: row for row in _rows("corpus")}
    for document in library.documents():
        for passage in library.passages_of(document.id):
            if row := rows.get(marked(passage.text)):
                yield Example(document.id, placed(document, passage), *_asked(row))


def of_own(row: dict[str, Any]) -> Example:
    """The example of a row of own.jsonl."""
    return Example(row["title"], with_heading("", "", f"{row['title']} > {row['heading']}", row["text"]), *_asked(row))


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def _of_report(file: str, rows: dict[str, dict[str, Any]], reports: Path) -> Iterator[Example]:
    """The examples of one report, whose folder is "80549_sandwell" and whose name ends with its date."""
    authority = file.split("/")[0].partition("_")[2].replace("_", " ").title()
    years = re.findall(r"20[012]\d", Path(file).name)
    for passage in passages_of(file, reports)[1]:
        if row := rows.pop(marked(passage.text), None):
            yield Example(file, with_heading(authority, years[-1] if years else "", passage.section, passage.text), *_asked(row))


def _asked(row: dict[str, Any]) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    natural = (*((question, True) for question in row["answers"]), *((question, False) for question in row["misses"]))
    return natural, tuple(twin for answered, missed in row["pairs"] for twin in ((answered, True), (missed, False)))
