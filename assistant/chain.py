"""From a question to a checked answer: the steps, in order, named in STEPS and nowhere else."""

import copy
import math
import queue
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda
from langsmith import tracing_context

from assistant import to_improve
from assistant.audit import library_mark
from assistant.check import checked
from assistant.classify import load_lexicon
from assistant.counting import load_regions, read_query
from assistant.embedding import Embedder, Reranks, Vectors
from assistant.errors import ChatError, CorpusError, LibraryBusy, QuestionError
from assistant.expectations import PRINTED, Expectations, link_to, links, load_expectations
from assistant.extract import Quote, choose, groups, lead
from assistant.findings import UNTHEMED, Finding, Register, load_themes, register
from assistant.follow_up import standalone
from assistant.gate import READ, gate_for, odds, signals
from assistant.guard import MAX_LENGTH, about_rules, at_risk_now, called_for, child_in_danger_now, decides_one_case, readable
from assistant.identity import Identity, Names, load_names, printed_words, redacted
from assistant.inspections import dates, later_than, on
from assistant.library import Library
from assistant.misspelt import misspelt, respelt
from assistant.official import by_place, official
from assistant.own import kept_to_own, named_after
from assistant.particular import titles
from assistant.phrases import Neighbours, Phrase, Phrases
from assistant.reader import Reader, placed
from assistant.refusal import (
    LEFT_OUT,
    NOT_COVERED,
    URGENT,
    absent_authority,
    absent_inspection,
    blocked,
    danger,
    later_inspection,
    left_out,
    nation_refusal,
    not_in_library,
    not_written,
    one_case,
    read_as,
    silent_side,
    uncited,
    withdrawn,
)
from assistant.retriever import PassageRetriever
from assistant.scope import Authorities, Reading, in_scope, load_authorities, read_scope, subject
from assistant.shape import Shape, shape_of
from assistant.sides import FOUND, Side, sides
from assistant.spelling import Spelling, english_words
from assistant.superseded import out_of_use, superseded
from assistant.tally import Row, Tally, tally
from assistant.text import plain, sentences, spelt
from assistant.topic import told, topic
from assistant.types import (
    COUNTED,
    DANGER,
    FINDINGS,
    LAW,
    ONE_CASE,
    Answer,
    Citation,
    Document,
    Gap,
    Hit,
    Kind,
    Link,
    Passage,
    Progress,
    Scope,
    Sentence,
    Status,
    citation_of,
    finding,
)
from assistant.vectors import VectorIndex
from assistant.vocabulary import load_vocabulary
from assistant.written import Checked, Writer, completed, merged

NOT_KEPT = "[not kept: it held identifying details]"
WAITING = Progress("waiting")
LONG = 300
"""Characters from which a quote has the sentence that answers best in bold."""
PER_SIDE = 2
"""Most passages quoted for each side of a comparison."""
RANKED = 8
"""How many of the first passages the reader helps to put in order."""
READER_COUNTS = 0.02
"""What its log odds count for beside the score of a passage: chosen, as RANKED, on the development questions on reports."""
SAME_GAP = 0.6
"""Least likeness to a gap's phrase for a refusal to say what that gap is."""


PLANTED = 0.5
"""Least cosine to what was left out of a document for a question to be about that: chosen on questions about invented documents."""
CLEARLY = 0.05
"""How much nearer that must be than what is held."""
EXPECTED = 6
"""Most links to what is expected beside an answer."""
_PASSAGES = 10
"""An answer shows at least so many passages: a count of fewer rows is filled up by what search finds."""


@dataclass(frozen=True)
class Turn:
    """A question on its way to an answer. Each step returns a new one; once `answer` is set the rest pass it on."""

    question: str
    filters: Scope = Scope()
    history: tuple[str, ...] = ()
    standalone: str = ""
    reading: Reading = Reading(Scope())
    hits: tuple[Hit, ...] = ()
    sides: tuple[tuple[Side, tuple[Hit, ...]], ...] = ()
    """Of a question that compares, each side with what was found on it."""
    quotes: tuple[Quote, ...] = ()
    told: tuple[str, ...] = ()
    """What a person is to be told of how the answer came about: notices that come before the others."""
    answer: Answer | None = None
    timings: dict[str, float] = field(default_factory=dict)
    tell: Callable[[Progress], None] = field(default=lambda progress: None, repr=False)
    """Takes what can be shown on the way; raises where nobody waits for the answer any more."""
    until: float = math.inf
    """When the answer must be there, as time.monotonic()."""


class Assistant:
    """Everything a question needs, assembled once. Holds nothing of any conversation, so users can share it.

    What was read of the library is replaced as a whole when the library changes; a question keeps what it began with.
    """

    def __init__(
        self, library: Library, embedder: Embedder, corpus: Path, writer: Writer | None = None, reranker: Reranks | None = None
    ) -> None:
        self.library = library
        self.writer = writer
        self.reranker = reranker
        self.corpus = corpus
        self.vocabulary = load_vocabulary(corpus / "vocabulary.toml")
        self.authorities = load_authorities(corpus / "authorities.toml")
        self.regions = load_regions(corpus / "authorities.toml")
        self.themes = load_themes(corpus / "themes.toml")
        self.lexicon = load_lexicon(corpus / "register.toml")
        self.names = load_names(corpus / "names.toml")
        self.embedder = embedder
        self.index = VectorIndex(library, embedder)
        self.reader = Reader(corpus / "reader.npz")
        self._expectations = cache(lambda: load_expectations(corpus / "expectations.toml"))
        self.later = _later(corpus / "sources.toml")
        self._reloading = threading.Lock()
        self.reload()

    def reload(self) -> None:
        """Take in what the library holds now: called at the start and after an ingest. Completes the index where it is not.

        Questions in flight go on with what was held before.
        """
        with self._reloading:
            with suppress(LibraryBusy):  # whoever is writing completes it
                self.index.sync()
            fresh = copy.copy(self)
            fresh._read()
            self.__dict__.update(fresh.__dict__)  # at once: nobody finds one half of the old and one of the new

    def keep_up(self) -> bool:
        """`reload` where another process has changed the library and is done; whether it did. Cheap where nothing changed."""
        version = self.library.version()
        if version is None or version == self.version:
            return False
        self.reload()
        return True

    def _read(self) -> None:
        self.version = self.library.version()
        forms = [form for term in self.vocabulary.terms for form in term.forms]
        self.mark = library_mark(self.library.stamps())
        self.documents = self.library.documents()
        self.held = self.library.reports()
        acts = {document.id: document.title for document in self.documents if document.kind is Kind.LEGISLATION}
        self.places = by_place(acts, (passage for act in acts for passage in self.library.passages_of(act)))
        self.passage_count = sum(self.library.counts().values())
        typed = [phrase for gap in self.library.gaps() for phrase in gap.asked]
        texts = [*self.library.texts(), *forms, *typed]
        short = [form for form in (*forms, *self.authorities.forms) if " " not in form]
        self.spelling = Spelling([*texts, *self.authorities.names], english_words(), short, self.authorities.spans)
        self.identity = identity_over(texts, self.names, self.authorities, self.spelling)
        self.retriever = PassageRetriever(
            library=self.library,
            index=self.index,
            vocabulary=self.vocabulary,
            spelling=self.spelling,
            documents={document.id: document for document in self.documents},
            phrases=Phrases(self.phrases()),
            frequency=lru_cache(maxsize=10_000)(self.library.frequency),
            size=self.passage_count,
            titled=cache(lambda: titles(self.library.texts())),
            reranker=self.reranker,
        )
        self._titles = cache(lambda: titles(self.library.printed()))
        self.own = self._named_after()
        self._planted = cache(self._left_out)
        documents, held = self.retriever.documents, self.held
        self._register = cache(lambda: register(list(documents.values()), held, self.library.findings()))
        self._paragraphs = cache(lambda: _linked(self.library.passages(self.expectations.notes), documents))

    def phrases(self) -> Iterator[Phrase]:
        """The phrases people ask by, of passages and of the gaps that still hold, with their vectors: those that are there yet."""
        vectors = self.index.phrases()
        for passage_id, asked in self.library.asked():
            yield from (Phrase(subject(text), None, vectors[key]) for i, text in enumerate(asked) if (key := (passage_id, i)) in vectors)
        for gap in known_gaps(self.library.gaps(), self.documents):
            yield from (Phrase(subject(text), gap, vectors[key]) for i, text in enumerate(gap.asked) if (key := (gap.id, i)) in vectors)

    def _named_after(self) -> dict[str, frozenset[str]]:
        """The names that only documents a person added bear, each with the ids of those documents."""
        own = {d: [p.text for p in self.library.passages_of(d.id)] for d in self.documents if d.kind is Kind.LOCAL}
        others = [d.id for d in self.documents if d not in own]
        short = {form.lower() for term in self.vocabulary.terms for form in term.forms}
        return named_after(own, lambda name: name in short or bool(self.library.keyword([name], others, 1)))

    def _left_out(self) -> list[tuple[str, Vectors]]:
        """The vectors of what was left out of each document of a person's own because it was written for a machine, by its id. A question
        is no answer: whoever plants one would have it refused."""
        own = {document.id for document in self.documents if document.kind is Kind.LOCAL}
        said = {
            id: [s for text in out for s in sentences(text) if not s.endswith("?")]
            for id, out in self.library.left_out().items()
            if id in own
        }
        return [(id, self.embedder.embed(out)) for id, out in said.items() if out]

    def neighbours(self, question: str) -> Neighbours:
        """The phrases most like `question`, nearest first."""
        return self.retriever.neighbours(question)

    @property
    def expectations(self) -> Expectations:
        """What law and guidance expect in each theme."""
        return self._expectations()

    @property
    def register(self) -> Register:
        """Every finding of every letter and report, read from the record when first asked for."""
        return self._register()

    @property
    def paragraphs(self) -> dict[str, Link]:
        """Links to the paragraphs that say what is expected, by id, read from the record when first asked for."""
        return self._paragraphs()

    def expected(self, found: Iterable[Finding]) -> list[list[Link]]:
        """What law and guidance expect of each of the findings that says what is to improve; nothing of the others."""
        themes = {theme.id: theme for theme in self.themes}
        return [links(finding, themes, self.expectations, self.paragraphs) for finding in found]

    # -- the steps ---------------------------------------------------------------

    def read_question(self, turn: Turn) -> Turn:
        """Refuse what cannot be read, a child in danger, what identifies someone, and a decision on one case.

        Whatever comes of it, the answer and all that follows hold no identifying detail.
        """
        try:
            question = readable(turn.question, self.spelling.reads, bool(turn.history))
        except QuestionError as error:
            typed = turn.question[:MAX_LENGTH]
            return _end(replace(turn, question=redacted(typed, self.identity.found(typed))), Status.ERROR, str(error))
        details = self.identity.found(question)
        instead = redacted(question, details)
        read = self.spelling.put_right(question)
        if child_in_danger_now(question) or child_in_danger_now(read):
            return _end(replace(turn, question=instead if details else turn.question, standalone=instead), Status.NEEDS_A_PERSON, danger())
        if details:
            text = blocked([detail.what for detail in details], instead)
            return _end(replace(turn, question=NOT_KEPT, standalone=instead), Status.BLOCKED, text)
        calls = called_for(self.neighbours(question))
        if calls == DANGER and not about_rules(read):
            return _end(replace(turn, standalone=question), Status.NEEDS_A_PERSON, danger())
        if calls == ONE_CASE or decides_one_case(question) or decides_one_case(read):
            return _end(replace(turn, standalone=question), Status.NEEDS_A_PERSON, one_case())
        return replace(turn, question=question)

    def make_standalone(self, turn: Turn) -> Turn:
        """A follow-up is still about the last question's source; where it names no concept of its own, about its subject too."""
        names, knows = self.authorities.names, self.spelling.knows
        slips = misspelt(turn.question, names, knows)
        typed = (respelt(text, misspelt(text, names, knows)) for text in (turn.question, *turn.history))
        question, *history = map(self.spelling.put_right, typed)
        made = standalone(question, history, self.authorities, self.vocabulary.concepts)
        if self.writer and made != question:
            asked = self.writer.standalone(question, tuple(history), turn.until, self.authorities.named, lambda: turn.tell(WAITING))
            made = asked or made
        told = (read_as(turn.question[slip.start : slip.end], slip.name) for slip in slips)
        return replace(turn, standalone=made, told=(*turn.told, *told))

    def find_scope(self, turn: Turn) -> Turn:
        """Read authority, time and side; what a person's own documents alone are named after is looked for in those."""
        reading = read_scope(turn.standalone, turn.filters, self.authorities, self.documents, self.held)
        return replace(turn, reading=kept_to_own(reading, turn.standalone, turn.filters, self.own))

    def count(self, turn: Turn) -> Turn:
        """Answer what counts, lists, ranks or compares from the register and the judgements, every row cited."""
        if turn.reading.nation or (turn.filters.kinds and not turn.filters.kinds >= FINDINGS):
            return turn  # letters and reports are counted together
        held = {document.authority for document, _ in self.held}
        led = {record.lead_inspector for _, record in self.held}
        query = read_query(turn.standalone, self.authorities, self.regions, self.lexicon, held, led)
        if query is None:
            return turn
        wanted = query.wanted
        if turn.filters.authority:
            wanted = replace(wanted, authorities=frozenset({turn.filters.authority}))
        if turn.filters.since:
            wanted = replace(wanted, since=max(wanted.since, str(turn.filters.since)))
        if turn.filters.document:
            wanted = replace(wanted, documents=frozenset({turn.filters.document}))
        names = {theme.id: theme.name for theme in (*self.themes, UNTHEMED)}
        counted = tally(replace(query, wanted=wanted), self.register, self.authorities.names, names, self.library.passages_of)
        return replace(turn, answer=self._counted(turn, counted))

    def list_to_improve(self, turn: Turn) -> Turn:
        """Answer what asks for all that needs to improve with the whole list of the newest inspection in scope that has one."""
        reading = turn.reading
        elsewhere, typed = set(reading.authorities) - {reading.scope.authority}, dates(turn.standalone)
        if elsewhere or len(typed) > 1 or reading.nation or reading.absent or reading.not_held or not to_improve.asks(reading.about):
            return turn
        there = {document.id for document in in_scope(self.documents, reading.scope)}
        within = [pair[0] for pair in self.held if pair[0].id in there and all(on(pair, when) for when in typed)]
        found = to_improve.listed(within, self.register, self.library.passages_of)
        return replace(turn, answer=self._counted(turn, found)) if found else turn

    def _counted(self, turn: Turn, counted: Tally) -> Answer:
        """The rows as sentences, each checked against its passage; one that fails is left out and said to be."""
        hits = [Hit(row.passage, row.document, 1.0) for row in counted.rows]
        starts = [row.passage.text.find(row.quote) for row in counted.rows]
        quotes = [Quote(hit, at, at + len(row.quote)) for hit, at, row in zip(hits, starts, counted.rows, strict=True)]
        citations = [_citation(label, quote) for label, quote in enumerate(quotes, start=1)]
        shown = checked([Sentence(c.quote, (c.label,)) for c in citations], citations)
        labels = {label for sentence in shown for label in sentence.citations}
        found = self.retriever.invoke(turn.standalone, reading=turn.reading) if len(hits) < _PASSAGES else []
        beside = [hit for hit in (document.metadata["hit"] for document in found) if hit.passage.id not in {h.passage.id for h in hits}]
        lines = [_row(row, c) for row, c in zip(counted.rows, citations, strict=True) if c.label in labels]
        missing = [row.document.authority for row, c in zip(counted.rows, citations, strict=True) if c.label not in labels]
        cited = {c.document_id for c in citations}
        later = self.held_later(cited) if len({row.document.authority for row in counted.rows}) == 1 else []
        return Answer(
            question=turn.question,
            standalone_question=turn.standalone,
            status=Status.ANSWERED,
            answer="\n\n".join([f"**{counted.headline}**", "\n".join(lines)]).strip(),
            sentences=tuple(shown),
            citations=tuple(c for c in citations if c.label in labels),
            passages=tuple(hits + beside),
            notices=(*turn.told, *counted.notices, *map(uncited, missing), *self.known_later(cited), *later),
            model=COUNTED,
        )

    def search(self, turn: Turn) -> Turn:
        """The passages nearest to the question, within its scope."""
        parts = sides(turn.standalone, turn.reading, self.held, self.authorities, self.vocabulary.concepts)
        if not parts:
            return replace(turn, hits=self.by_reader(turn.standalone, self._found(turn, turn.reading)))
        found = tuple(self._searched(turn, side) for side in parts)
        return replace(turn, sides=found, hits=_in_turns([hits for _, hits in found]))

    def _searched(self, turn: Turn, side: Side) -> tuple[Side, tuple[Hit, ...]]:
        """What is found on `side`; in its other wording where that is answered and the first is not."""
        first = side, self._found(turn, side.reading)
        if not side.otherwise or self._side_answers(turn, *first):
            return first
        other = replace(side, reading=side.otherwise)
        second = other, self._found(turn, other.reading)
        return second if self._side_answers(turn, *second) else first

    def by_reader(self, asked: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """`hits`, of whose best no phrases are known, with the first in the order that the reader would have them too. What another
        model has put in order stays so."""
        if not hits or hits[0].passage.asked or self.reranker:
            return tuple(hits)
        read = sorted(self._read_by(asked, hits[:RANKED]), key=lambda hit: -(hit.score + READER_COUNTS * odds(hit.chance or 0.0)))
        return (*read, *hits[RANKED:])

    def _read_by(self, asked: str, hits: Sequence[Hit]) -> Sequence[Hit]:
        """`hits` with the reader's chance that each answers what is `asked`."""
        if all(hit.chance is not None for hit in hits):
            return hits
        chances = self.reader.chances(asked, [placed(hit.document, hit.passage) for hit in hits])
        return [replace(hit, chance=chance) for hit, chance in zip(hits, chances, strict=True)]

    def _found(self, turn: Turn, reading: Reading) -> tuple[Hit, ...]:
        return tuple(found.metadata["hit"] for found in self.retriever.invoke(turn.standalone, reading=reading))

    def decide(self, turn: Turn) -> Turn:
        """Refuse where the passages found do not answer the question, however near they come."""
        if turn.reading.nation:
            return _end(turn, Status.OUT_OF_SCOPE, nation_refusal(turn.reading.nation))
        if turn.reading.absent:
            return _end(turn, Status.NOT_IN_LIBRARY, absent_authority(turn.reading.absent, self.documents))
        if turn.reading.not_held:
            said = absent_inspection(turn.reading.not_held, turn.reading.authorities[0], [document for document, _ in self.held])
            return _end(turn, Status.NOT_IN_LIBRARY, said)
        about = self.spelling.put_right(turn.reading.about)
        neighbours = self.neighbours(turn.standalone)
        ordinary = ((phrase.gap, likeness) for phrase, likeness in neighbours if not phrase.gap or not phrase.gap.calls)
        gap, likeness = next(ordinary, (None, 0.0))
        beyond = gap and not gap.document_id and ((turn.hits[:1] and turn.hits[0].passage.asked) or likeness >= SAME_GAP)
        ours = turn.reading.scope.authority or self.vocabulary.only_concepts(about)
        nearer = beyond and likeness > max((hit.signals.nearest for hit in turn.hits[:3]), default=0.0)
        named = not turn.sides and told(topic(turn.standalone, about), turn.hits[:READ])
        answered = cache(lambda: named or self._answers(turn.standalone, about, turn.reading, turn.hits, neighbours))
        if beyond and not named and (nearer or not (ours and answered())):
            return _end(turn, Status.OUT_OF_SCOPE, not_in_library(turn.hits, self.documents, NOT_COVERED))
        if self._is_planted(turn):
            return _end(turn, Status.NOT_IN_LIBRARY, not_in_library(turn.hits, self.documents, LEFT_OUT))
        if turn.sides and (open_sides := [pair for pair in turn.sides if self._side_answers(turn, *pair)]):
            if turn.sides[0][0].name == FOUND:  # what was found is seldom asked beside a rule where there is but the one
                open_sides = [pair for pair in turn.sides if pair in open_sides or self._side_answers(turn, *pair, beside=True)]
            silent = [side.name for side, hits in turn.sides if (side, hits) not in open_sides]
            return replace(turn, sides=tuple(open_sides), told=(*turn.told, *map(silent_side, silent)))
        if turn.sides or not answered():
            same = gap and likeness >= SAME_GAP and (gap.document_id == LAW or turn.reading.findings > 0)
            return _end(turn, Status.NOT_IN_LIBRARY, not_in_library(turn.hits, self.documents, gap.why if gap and same else ""))
        return turn

    def _is_planted(self, turn: Turn) -> bool:
        """Whether what was left out of documents of a person's own comes clearly nearer to the question than all that is held: it asks
        for that. No question that law or an inspection answers first is refused for it."""
        if not self._planted() or not turn.hits or turn.hits[0].document.kind is not Kind.LOCAL:
            return False
        within = {document.id for document in in_scope(self.documents, turn.reading.scope)}
        planted = [vectors for id, vectors in self._planted() if id in within]
        [asked] = self.index.embed([turn.reading.about])
        nearest = max((float((vectors @ asked).max()) for vectors in planted), default=0.0)
        return nearest >= PLANTED and nearest > max(hit.signals.nearest for hit in turn.hits[:3]) + CLEARLY

    def _side_answers(self, turn: Turn, side: Side, hits: Sequence[Hit], beside: bool = False) -> bool:
        """Whether the best of `hits` answer what the question asks on one side, which may have words of its own; `beside` says
        that another side is answered."""
        about = self.spelling.corrected(side.reading.about)
        own = about if side.reading.about != turn.reading.about else ""
        return self._answers("", about, side.reading, hits, self.neighbours(own or turn.standalone), beside)

    def _answers(self, asked: str, about: str, reading: Reading, hits: Sequence[Hit], neighbours: Neighbours, beside: bool = False) -> bool:
        """Whether the best of `hits` answer what is asked and what that is about; `asked` is "" on one side of a question, whose words are
        cut out of it or are about the other side too: the reader is not asked of those."""
        return gate_for(hits, bool(asked)).opens(self.signals(asked, about, reading, hits, neighbours), beside)

    def signals(self, asked: str, about: str, reading: Reading, hits: Sequence[Hit], neighbours: Neighbours) -> tuple[float, ...]:
        """The gate's signals for a question and its subject, what search found, and the phrases nearest to it."""
        within = in_scope(self.documents, replace(reading.scope, own=frozenset()))  # a short paper of one's own has few of the words
        side = [d.id for d in within if reading.findings < 1 or finding(d)]

        def mentioned(concept: int) -> bool:
            return self.library.mentions(self.vocabulary.terms[concept].forms, side)

        findings = reading.findings >= 1
        if not self.retriever.phrases.of_passages:  # gaps alone would outvote whatever is found
            neighbours = ()
        frequency, titled = self.retriever.frequency, self.retriever.titled
        read = [hit.chance or 0.0 for hit in self._read_by(asked, hits[:READ])] if asked else ()
        return signals(about, list(hits), neighbours, self.vocabulary, frequency, self.passage_count, mentioned, findings, titled, read)

    def pick(self, turn: Turn) -> Turn:
        """Whole sentences of the best passages."""
        about = turn.reading.about
        shape = shape_of(about)
        if turn.sides:
            parts = [(side.reading.about, list(hits)) for side, hits in turn.sides]
            return replace(turn, quotes=tuple(q for own, hits in parts for q in choose(own, hits, shape_of(own))[:PER_SIDE]))
        hits = list(turn.hits)
        if hits and not turn.reading.findings and not finding(hits[0].document):
            hits = [hit for hit in hits if not finding(hit.document)]  # who asks for the law is not answered with one council's findings
        return self._with_official(replace(turn, quotes=tuple(choose(about, hits, shape))))

    def _with_official(self, turn: Turn) -> Turn:
        """Beside the first note that is quoted stands the law that it names, where the library holds it."""
        named = (official(q.hit.passage.reference, self.places) for q in turn.quotes if q.hit.document.kind is Kind.POLICY_NOTE)
        law = next(filter(None, named), "")
        if not law or law in {quote.hit.passage.id for quote in turn.quotes}:
            return turn
        passage = self.library.passages([law]).get(law)
        if passage is None:  # taken out by another process since
            return turn
        hit = Hit(passage, self.retriever.documents[passage.document_id], 0.0)
        others = tuple(other for other in turn.hits if other.passage.id != law)
        return replace(turn, hits=(*others, hit), quotes=(*turn.quotes, *choose(turn.reading.about, [hit], Shape.OPEN)))

    def write(self, turn: Turn) -> Turn:
        """With a chat model: an answer written from the passages, every sentence of it checked. Without one, or where that
        fails, nothing but a notice: the quotes stand."""
        if not self.writer or not turn.quotes:
            return turn
        hits = [quote.hit for quote in turn.quotes]
        numbers: dict[str, int] = {}

        def numbered(checked: Checked) -> Sentence:
            return Sentence(checked.text, tuple(numbers.setdefault(q.hit.passage.id, len(numbers) + 1) for q in checked.quotes))

        def show(checked: Checked) -> None:
            turn.tell(Progress("sentence", sentence=numbered(checked)))

        try:
            written = self.writer.write(turn.standalone, hits, turn.until, show, lambda: turn.tell(WAITING))
        except ChatError as error:
            return replace(turn, told=(*turn.told, not_written(str(error))))
        if not written.sentences:
            return replace(turn, told=(*turn.told, not_written(written.why)))
        kept = completed(turn.quotes[0], written.sentences)
        numbers.clear()  # what is added may stand before what was shown
        shown = [numbered(checked) for checked in kept]
        quotes = sorted(merged(q for checked in kept for q in checked.quotes), key=lambda q: numbers[q.hit.passage.id])
        citations = [_citation(label, quote) for label, quote in enumerate(quotes, start=1)]
        told = (*turn.told, *([left_out(written.dropped)] if written.dropped else []))
        answer = Answer(
            question=turn.question,
            standalone_question=turn.standalone,
            status=Status.ANSWERED,
            answer=_written_layout(shown, dict(zip(quotes, citations, strict=True)), len(self.held) > 1),
            sentences=tuple(shown),
            citations=tuple(citations),
            passages=turn.hits,
            notices=(*told, *self._notices(turn, citations)),
            model=self.writer.mark,
        )
        return replace(turn, answer=answer)

    def compose(self, turn: Turn) -> Turn:
        """Number the citations, check every sentence against its passage, and lay the answer out."""
        ordered = [quote for _, members in groups(turn.quotes) for quote in members]
        citations = [_citation(label, quote) for label, quote in enumerate(ordered, start=1)]
        shape = shape_of(turn.reading.about)
        titled, concepts = self._titles, self.vocabulary.concepts
        short = lead(turn.reading.about, shape, turn.quotes[0], concepts, titled) if turn.quotes and not turn.sides else ""
        first = [Sentence(short, (ordered.index(turn.quotes[0]) + 1,))] if short else []
        shown = checked(first + [Sentence(text, (c.label,)) for c in citations for text in sentences(c.quote)], citations)
        whole = {c.label for c in citations if all(Sentence(text, (c.label,)) in shown for text in sentences(c.quote))}
        if not whole:
            return _end(turn, Status.NOT_IN_LIBRARY, not_in_library(turn.hits, self.documents))
        kept = [(quote, c) for quote, c in zip(ordered, citations, strict=True) if c.label in whole]
        answer = Answer(
            question=turn.question,
            standalone_question=turn.standalone,
            status=Status.ANSWERED,
            answer=_layout(shape, [s for s in first if s in shown], kept, len(self.held) > 1, bool(turn.sides)),
            sentences=tuple(s for s in shown if whole.issuperset(s.citations)),
            citations=tuple(c for _, c in kept),
            passages=turn.hits,
            notices=(*turn.told, *self._notices(turn, [c for _, c in kept])),
        )
        return replace(turn, answer=answer)

    def expected_of(self, answer: Answer) -> tuple[Link, ...]:
        """What is expected of what `answer` quotes as to improve and does not cite itself: what most of it is linked to first."""
        quoted = [c for c in answer.citations if Kind(c.kind) in FINDINGS]
        found = [
            finding
            for c in quoted
            for finding in self.register.by_document.get(c.document_id, ())
            if finding.passage_id == c.passage_id and (finding.text in c.quote or c.quote in finding.text)
        ]
        cited = {c.passage_id for c in answer.citations}
        made = Counter(link for made in self.expected(found) for link in made if link.passage_id not in cited)
        chosen: dict[tuple[str, str], Link] = {}
        for link, _ in made.most_common():
            if link.ground == PRINTED or (link.reference, link.passage_id) not in chosen:
                chosen[link.reference, link.passage_id] = link
        return tuple(chosen.values())[:EXPECTED]

    def known_later(self, documents: Collection[str]) -> list[str]:
        """What corpus/sources.toml says has come since the documents of these ids, where the library holds nothing as new."""
        newest = {document.id: newer.published for document, newer in self._overtaken(documents)}
        known = ((entry["id"], later) for entry in self.later.get("document", []) for later in entry.get("later", []))
        return [later["notice"] for id, later in known if id in documents and newest.get(id, "") < later["published"]]

    def held_later(self, documents: Collection[str]) -> list[str]:
        """What the library holds that has come since the documents of these ids, and is not among them."""
        pairs = self._overtaken(documents)
        return list(dict.fromkeys(later_inspection(document, newer) for document, newer in pairs if newer.id not in documents))

    def _overtaken(self, documents: Collection[str]) -> list[tuple[Document, Document]]:
        """The documents of these ids that a newer inspection may overtake, each with the newest."""
        return [(held, newer) for held in self.documents if held.id in documents and (newer := later_than(held, self.held))]

    def _notices(self, turn: Turn, citations: list[Citation]) -> list[str]:
        data = self.later
        cited = {c.document_id for c in citations}
        kinds = {c.kind for c in citations}
        notes = [URGENT] if at_risk_now(turn.question) else []
        notes += [*self.known_later(cited), *self.held_later(cited)]
        notes += [withdrawn(*named) for named in dict.fromkeys((c.title, c.edition) for c in citations if out_of_use(c.edition))]
        notes += superseded(cited, [*data.get("document", []), *data.get("source", [])])
        for edition in data.get("edition", []):
            beside = edition.get("beside")
            if any(edition["mentions"] in f"{c.reference} {c.edition}" for c in citations) and (not beside or beside in kinds):
                notes.append(edition["notice"])
        for term in self.vocabulary.ambiguities(turn.standalone):
            notes.append(f"{term.term} can mean {' or '.join(term.ambiguous)}: say which you mean if this answers the other.")
        return notes

    # -- the chain ---------------------------------------------------------------

    @property
    def steps(self) -> list[Callable[[Turn], Turn]]:
        """The steps from question to answer, in order."""
        return [
            self.read_question,
            self.make_standalone,
            self.find_scope,
            self.count,
            self.list_to_improve,
            self.search,
            self.decide,
            self.pick,
            self.write,
            self.compose,
        ]

    @property
    def chain(self) -> Runnable[Turn, Turn]:
        """The steps as a LangChain runnable, each under its name."""
        first, *rest = [RunnableLambda(_step(step), name=step.__name__) for step in self.steps]
        chain: Runnable[Turn, Turn] = first
        for step in rest:
            chain = chain | step
        return chain

    def ask(self, question: str, filters: Scope | None = None, history: Sequence[str] = ()) -> Answer:
        """The answer to `question` within `filters`, after the questions in `history`. Never raises for a bad question."""
        return self._asked(question, filters, history, lambda progress: None)

    def warm(self) -> None:
        """Load what the first question would wait for. Sends nothing to a chat model."""
        self.embedder.warm()
        self.reader.chances("warm", ["warm"])
        quoting = copy.copy(self)
        quoting.writer = None
        quoting.retriever.titled()
        quoting._titles()
        quoting.ask("how good is supervision in sandwell")

    def stream(self, question: str, filters: Scope | None = None, history: Sequence[str] = ()) -> Iterator[Progress]:
        """What `ask` does, as it happens: what is searched, the passages found, each written sentence once it is checked,
        and last the answer. Says that it waits a few times a second, so that whoever reads can stop by closing it."""
        happened: queue.SimpleQueue[Progress | BaseException] = queue.SimpleQueue()
        stopped = threading.Event()

        def tell(progress: Progress) -> None:
            if stopped.is_set():
                raise _Stopped
            happened.put(progress)

        def run() -> None:
            try:
                happened.put(Progress("answer", answer=self._asked(question, filters, history, tell)))
            except BaseException as error:
                happened.put(error)

        threading.Thread(target=run, name="question", daemon=True).start()
        try:
            while True:
                event = happened.get()
                if isinstance(event, BaseException):
                    raise event
                yield event
                if event.answer:
                    return
        finally:
            stopped.set()

    def _asked(self, question: str, filters: Scope | None, history: Sequence[str], tell: Callable[[Progress], None]) -> Answer:
        start = time.perf_counter()
        until = time.monotonic() + self.writer.chat.seconds if self.writer else math.inf
        with tracing_context(enabled=False):
            past = tuple(earlier for earlier in history if not self.identity.found(earlier))
            as_held = copy.copy(self)  # what the library holds as the question comes, whatever is read anew meanwhile
            as_held.neighbours = cache(as_held.neighbours)  # type: ignore[method-assign]  # several steps ask for the same
            turn = as_held.chain.invoke(Turn(question, filters or Scope(), past, tell=tell, until=until))
        assert turn.answer is not None
        expected = as_held.expected_of(turn.answer)
        timings = {"total": round(1000 * (time.perf_counter() - start), 1), **turn.timings}
        return replace(turn.answer, timings_ms=timings, expected=expected)


def _later(file: Path) -> dict[str, Any]:
    """What corpus/sources.toml says came after each document, and which editions changed."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{file} cannot be read: {error}") from error


def _linked(passages: dict[str, Passage], documents: dict[str, Document]) -> dict[str, Link]:
    """A link to each of `passages`, by id."""
    return {id: link_to(documents[p.document_id], p) for id, p in passages.items() if p.document_id in documents}


class _Stopped(Exception):
    """Nobody waits for the answer any more."""


def identity_over(texts: Iterable[str], names: Names, authorities: Authorities, spelling: Spelling) -> Identity:
    """What finds identifying details in a question, over a library of these `texts`."""

    def slips(text: str) -> list[tuple[int, int]]:
        places = misspelt(text, authorities.names, lambda word: spelling.knows(word) or word in names.given)
        return [(place.start, place.end) for place in places]

    return Identity(names, spelling.knows, *printed_words(texts), authorities.spans, slips, spelling.corrected)


def known_gaps(gaps: Iterable[Gap], documents: Sequence[Document]) -> list[Gap]:
    """The gaps that still hold: another document on the same authority, or official text beside the notes, may fill one."""
    kinds = {document.kind for document in documents}
    by_id = {document.id: document for document in documents}

    def holds(gap: Gap) -> bool:
        if gap.document_id == LAW:
            return kinds.isdisjoint({Kind.LEGISLATION, Kind.GUIDANCE})
        document = by_id.get(gap.document_id)
        others = document and [d for d in documents if d.authority == document.authority and d.kind in FINDINGS and d.id != document.id]
        return not gap.document_id or (document is not None and not others)

    return [gap for gap in gaps if holds(gap)]


def _in_turns(found: Sequence[tuple[Hit, ...]]) -> tuple[Hit, ...]:
    """The hits of several searches, the best of each first; one that more than one found comes once."""
    return tuple(dict.fromkeys(hit for rank in zip_longest(*found) for hit in rank if hit))


def _step(step: Callable[[Turn], Turn]) -> Callable[[Turn], Turn]:
    def timed(turn: Turn) -> Turn:
        if turn.answer is not None:
            return turn
        start = time.perf_counter()
        turn = step(turn)
        turn.tell(Progress(step.__name__, scope=turn.reading.scope, passages=turn.hits))
        return replace(turn, timings={**turn.timings, step.__name__: round(1000 * (time.perf_counter() - start), 1)})

    return timed


def _end(turn: Turn, status: Status, text: str) -> Turn:
    answer = Answer(turn.question, turn.standalone or turn.question, status, text, passages=turn.hits, notices=turn.told)
    return replace(turn, answer=answer)


def _citation(label: int, quote: Quote) -> Citation:
    return citation_of(label, quote.hit.passage, quote.hit.document, quote.text)


def _row(row: Row, citation: Citation) -> str:
    """One row of a count as an item of a list: whose it is, when, under which framework, what, and the words. Where there is
    nothing to say of it, all rows are of one inspection, which the headline names."""
    words = f"\u201c{plain(row.quote)}\u201d [{citation.label}]"
    if not row.what:
        return f"- {words}"
    when = ", ".join(filter(None, (spelt(row.when), row.framework)))
    return f"- **{plain(row.document.authority)}** ({when}): {row.what}. {words}"


def _layout(shape: Shape, first: list[Sentence], kept: list[tuple[Quote, Citation]], attributed: bool, compared: bool) -> str:
    """The answer as Markdown, the short answer first. `attributed` says whose finding each is, which a library of one
    inspection need not; `compared` puts each inspection under a heading of its own."""
    lines = [f"**{plain(short.text[0].upper() + short.text[1:])}** [{short.citations[0]}]" for short in first]
    labels = {quote: citation for quote, citation in kept}
    for title, members in groups((quote for quote, _ in kept), compared):
        lines.append(f"### {title}")
        for quote in members:
            citation = labels[quote]
            source = _source(citation, quote.hit.document, attributed and not compared)
            if shape is Shape.CHECKLIST and "\n- " not in quote.text:
                lines.append("\n".join(f"- {plain(text)} [{citation.label}]" for text in sentences(quote.text)) + source)
            else:
                lines.append(f"{_emphasised(quote, shape)} [{citation.label}]{source}")
    return "\n\n".join(lines)


def _emphasised(quote: Quote, shape: Shape) -> str:
    """The quote; for a yes or no, and where it is long, with the sentence that answers best in bold."""
    marked = quote.key and "\n" not in quote.key and (shape is Shape.YES_NO or len(quote.text) > LONG)
    before, key, after = quote.text.partition(quote.key) if marked else (quote.text, "", "")
    return f"{plain(before)}**{plain(key)}**{plain(after)}" if key else plain(before)


def _written_layout(shown: Sequence[Sentence], labels: dict[Quote, Citation], attributed: bool) -> str:
    """Written sentences as Markdown, under the heading of the passage each cites first; each source is named once."""
    by_label = {citation.label: (quote, citation) for quote, citation in labels.items()}
    lines, named = [], set[int]()
    for title, members in groups([by_label[sentence.citations[0]][0] for sentence in shown]):
        lines.append(f"### {title}")
        said = []
        for sentence in shown:
            quote, citation = by_label[sentence.citations[0]]
            if quote in members:
                source = "" if citation.label in named else _source(citation, quote.hit.document, attributed)
                said.append(f"{plain(sentence.text)} {''.join(f'[{label}]' for label in sentence.citations)}{source}")
                named.add(citation.label)
        lines.append("\n\n".join(said))
    return "\n\n".join(lines)


def _source(citation: Citation, document: Document, attributed: bool) -> str:
    if document.kind not in FINDINGS:
        return f" ({'; '.join(filter(None, (citation.reference, citation.force)))})" if citation.reference else ""
    return f" ({', '.join(filter(None, (document.authority, spelt(document.published))))})" if attributed and document.authority else ""
