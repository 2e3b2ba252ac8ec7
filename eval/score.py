"""What an answer scores against its case: one `Score` for each figure. Pure once the golds are looked up."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.library import Library
from assistant.types import Answer, Citation, Kind, Passage, Status
from eval.baselines import Row
from eval.cases import Case
from eval.metrics import (
    Found,
    Score,
    citation_precision,
    citation_recall,
    contradiction,
    fact_recall,
    hit_at,
    length_in_words,
    ndcg_at,
    qualifiers_kept,
    reciprocal_rank,
    squeezed,
    verbatim,
)

NONE: Score = (0.0, 0.0)
"""What a case scores where a figure says nothing of it."""


@dataclass(frozen=True)
class Target:
    """A gold as the library holds it: its passages and their documents, by id, and whose they are. Empty where it lacks it."""

    passages: frozenset[str]
    documents: frozenset[str]
    authorities: frozenset[str]
    phrase: str
    side: str


@dataclass(frozen=True)
class Outcome:
    """A case, its golds, what it was answered, and how long that took."""

    case: Case
    targets: tuple[Target, ...]
    answer: Answer
    ms: float

    @property
    def answered(self) -> bool:
        """Whether it was answered, rightly or not."""
        return self.answer.status is Status.ANSWERED

    @cached_property
    def found(self) -> Found:
        """Which golds each passage that search returned is."""
        return [
            [i for i, target in enumerate(self.targets) if hit.passage.id in target.passages] for hit in self.answer.passages
        ]  # fmt: skip

    @cached_property
    def shown(self) -> str:
        """All that the reader is told: the answer, its quotes and the notices, without Markdown's marks."""
        text = self.answer.answer.replace("\\", "").replace("*", "")
        return "\n".join([text, *(s.text for s in self.answer.sentences), *(c.quote for c in self.answer.citations), *self.answer.notices])

    @cached_property
    def supports(self) -> list[list[bool]]:
        """For each sentence, whether each of its citations supports it."""
        by_label = {citation.label: citation for citation in self.answer.citations}
        return [[self._supports(s.text, by_label[label]) for label in s.citations] for s in self.answer.sentences]

    def _supports(self, sentence: str, citation: Citation) -> bool:
        """Whether the passage says the sentence word for word, of those the question asks about: it is a gold, or stands in
        a gold's document, or in our note on that authority's inspection, or is national, as law and guidance are. Another
        authority's finding, or one of another inspection, supports no answer here, however true it is there."""
        theirs = any(citation.document_id in target.documents for target in self.targets)
        note = citation.kind == Kind.POLICY_NOTE and any(citation.authority in target.authorities for target in self.targets)
        return verbatim(sentence, citation.passage) and (theirs or note or not citation.authority)


def look_up(library: Library, cases: Sequence[Case]) -> list[tuple[Target, ...]]:
    """The golds of each case as `library` holds them."""
    documents = library.documents()
    held: dict[str, list[Passage]] = {}

    def passages(document_id: str) -> list[Passage]:
        return held.setdefault(document_id, library.passages_of(document_id))

    by_id = library.passages(gold.passage for case in cases for gold in case.gold if gold.passage)
    found = []
    for case in cases:
        targets = []
        for gold in case.gold:
            if gold.passage:
                there = [by_id[gold.passage]] if gold.passage in by_id else []
                there = [p for p in there if squeezed(gold.phrase) in squeezed(p.text)]
            else:
                files = [d.id for d in documents if d.source.endswith(gold.file)]
                there = [p for id in files for p in passages(id) if squeezed(gold.phrase) in squeezed(p.text)]
            ids, of = frozenset(p.id for p in there), frozenset(p.document_id for p in there)
            whose = frozenset(d.authority for d in documents if d.id in of and d.authority)
            targets.append(Target(ids, of, whose, gold.phrase, gold.side))
        found.append(tuple(targets))
    return found


def found_by(rows: Sequence[Row], targets: Sequence[Target]) -> Found:
    """Which golds each row of a baseline is: by its id, or for a chunk by the gold's document and phrase."""

    def holds(row: Row, target: Target) -> bool:
        if row.passage_id:
            return row.passage_id in target.passages
        return row.document_id in target.documents and squeezed(target.phrase) in squeezed(row.text)

    return [[i for i, target in enumerate(targets) if holds(row, target)] for row in rows]


def search_scores(found: Found, golds: int, texts: Sequence[str]) -> dict[str, Score]:
    """What a search scores on an answerable case: `found` and `texts` of its results, best first."""
    return {
        **{f"hit@{k}": (hit_at(k, found), 1.0) for k in (1, 3, 5, 10)},
        "MRR": (reciprocal_rank(found), 1.0),
        "nDCG@10": (ndcg_at(10, found, golds), 1.0),
        "characters in five": (float(sum(map(len, texts[:5]))), 1.0),
    }


def scores(outcome: Outcome) -> dict[str, Score]:
    """What an answer scores on every figure that says something of its case."""
    case, answer, answered = outcome.case, outcome.answer, outcome.answered
    failed = answer.status is Status.ERROR and case.status is not Status.ERROR  # a failure refuses nothing
    right = case.answerable == answered and not failed
    by_label = {c.label: c for c in answer.citations}
    marks: dict[str, Score] = {"contradictions": contradiction(outcome.shown, case.must_not)}
    if case.answerable:
        golds = [any(c.passage_id in target.passages for target in outcome.targets) for c in answer.citations]
        marks |= search_scores(outcome.found, len(outcome.targets), [hit.passage.text for hit in answer.passages])
        marks |= {
            "gold in library": (float(all(target.passages for target in outcome.targets)), 1.0),
            "gold cited": (float(any(golds)), 1.0),
            "both sides cited": _sides(outcome),
            "citation precision": citation_precision(outcome.supports),
            "citation recall": citation_recall(outcome.supports),
            "citations that are gold": (float(sum(golds)), float(len(golds))),
            "fact recall": fact_recall(outcome.shown, case.facts),
            "answerable refused": (float(not answered), 1.0),
        }
    else:
        marks |= {
            "refusal recall": (float(right), 1.0),
            "refused as it should be": (float(answer.status is case.status), 1.0),
        }
    if not answered:
        marks["refusal precision"] = (float(right), 1.0)
    if answered:
        kept = [qualifiers_kept(s.text, by_label[label].passage) for s in answer.sentences for label in s.citations]
        marks |= {
            "quotes verbatim": (float(sum(c.quote in c.passage for c in answer.citations)), float(len(answer.citations))),
            "qualifiers kept": (float(sum(kept)), float(len(kept))),
            "words an answer": (float(length_in_words(answer.answer)), 1.0),
        }
    return marks


def _sides(outcome: Outcome) -> Score:
    """1 out of 1 where a document of each side is cited; nothing where the golds are of no two sides."""
    sides: dict[str, set[str]] = defaultdict(set)
    for target in outcome.targets:
        if target.side:
            sides[target.side] |= target.documents
    cited = {c.document_id for c in outcome.answer.citations}
    return (float(all(cited & documents for documents in sides.values())), 1.0) if len(sides) > 1 else NONE


def columns(each: Sequence[dict[str, Score]], keep: Callable[[str], bool] = lambda name: True) -> dict[str, list[Score]]:
    """The scores of many cases, figure by figure; a case that a figure says nothing of has `NONE`."""
    names = dict.fromkeys(name for marks in each for name in marks if keep(name))
    return {name: [marks.get(name, NONE) for marks in each] for name in names}
