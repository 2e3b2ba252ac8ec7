"""The LangChain retriever over the library: a question and a scope give passages, best first."""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.coverage import cover, rarity, said
from assistant.embedding import Reranks, Vectors
from assistant.library import Library
from assistant.particular import Titles, gives
from assistant.phrases import Neighbours, Phrases
from assistant.scope import Reading, in_scope, subject
from assistant.search import UNPHRASED, WEIGHTS, Fused, fuse, last_question
from assistant.spelling import Spelling
from assistant.text import STOPWORDS, content_stems, sentences, words
from assistant.types import EXPECTATIONS, Document, Hit, Kind, Passage, Scope, Signals, finding
from assistant.vectors import VectorIndex
from assistant.views import header
from assistant.vocabulary import Vocabulary

NEAR_VIEWS = 150
KEYWORD_PASSAGES = 60
COMMON = 4_000
"""Passages: a word that so many hold tells them apart too little to be worth the time that ranking by it takes."""
SEEN_CLOSER = 20
"""How many of the best passages are compared sentence by sentence."""
OWN = 0.16
"""What a passage that a person added is ahead by: no phrases are known for it, and of two that come as near it is what was added for
such questions. Chosen on 110 questions on invented procedures and 270 on law and findings, of which 95% and 5% then find it first."""
OWN_NEAR = 0.33
"""The least cosine for that: what half of the questions that nothing answers come no nearer than."""
_OURS = re.compile(r"\b(?:i|im|we|my|our)\b", re.IGNORECASE)
"""Who works at a place and asks what to do there does not ask what was found."""


class PassageRetriever(BaseRetriever):
    """Searches by meaning and by keyword, fuses the two, and returns the best passages within a scope.

    Each LangChain document carries the passage's text as its content and the whole `Hit` under `metadata["hit"]`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    index: VectorIndex
    vocabulary: Vocabulary
    spelling: Spelling
    documents: dict[str, Document]
    phrases: Phrases
    frequency: Callable[[str], int]
    """How many passages hold a word that starts with a stem: asked anew only after the library has changed."""
    size: int
    """How many passages the library holds."""
    titled: Callable[[], Titles] = tuple
    """What the library writes with capitals that is nobody's name: read when a name is first asked for."""
    reranker: Reranks | None = None
    weights: Signals = WEIGHTS
    unphrased: Signals = UNPHRASED
    top: int = 12

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, reading: Reading | None = None, **_: Any
    ) -> list[LangChainDocument]:
        hits = self.hits(query, reading or Reading(Scope()))
        return [
            LangChainDocument(
                page_content=hit.passage.text,
                id=hit.passage.id,
                metadata={"hit": hit, "source": hit.document.title, "header": header(hit.document, hit.passage), "score": hit.score},
            )
            for hit in hits
        ]

    def hits(self, question: str, reading: Reading) -> list[Hit]:
        """The best `top` passages for `question`, best first; ties by id, so that the order never varies.

        The same paragraph from two copies of a document appears once.
        """
        about = self.spelling.put_right(reading.about or subject(question))
        wordings, tail = self._wordings(about)
        vectors = self.index.embed(wordings)
        within = in_scope(self.documents.values(), reading.scope)
        rare = rarity(about, self.frequency, self.size)
        terms = self._terms(about)

        def searched(side: list[str]) -> list[Fused]:
            near = self.index.search(vectors, side, NEAR_VIEWS)
            fused = fuse(near, self.library.keyword(terms, side, KEYWORD_PASSAGES), tail)
            return sorted(fused, key=lambda f: -f.signals.weighed(self.weights))[: 3 * self.top]

        # What was added is searched by itself too: what phrases are known for would else take all its places.
        inspected = [d.id for d in within if finding(d)]
        others = [d.id for d in within if not finding(d)]
        own = [d.id for d in within if d.kind is Kind.LOCAL]
        sides = [side for side in (inspected, others, own if own != others else []) if side]
        with ThreadPoolExecutor(len(sides) or 1) as pool:  # both stores work outside Python, so all sides take the time of one
            found = [fused for side in pool.map(searched, sides) for fused in side]
        passages = self.library.passages([f.passage_id for f in found])
        wanted = gives(about, self.titled, " ".join(reading.authorities))
        hits = [  # what another process has just taken out, or put in, is passed over
            self._hit(f, passage, self.documents[passage.document_id], reading, rare, wanted)
            for f in found
            if (passage := passages.get(f.passage_id)) and passage.document_id in self.documents
        ]
        unique: dict[str, Hit] = {}
        for hit in sorted(hits, key=_best_first):
            unique.setdefault(" ".join(hit.passage.text.split()), hit)
        ranked = self._sentence_by_sentence(list(unique.values()), vectors[: tail or len(wordings)], rare)[: self.top]
        if self.reranker and ranked:
            ranked = [ranked[place] for place in self.reranker.best_first(about, [hit.passage.text for hit in ranked])]
        if reading.authorities and reading.findings and not reading.expectations and not _OURS.search(about):
            return _found_first(ranked)
        return ranked

    def _sentence_by_sentence(self, hits: list[Hit], vectors: Vectors, rare: Mapping[str, float]) -> list[Hit]:
        """`hits` ranked again, those that are not searched by sentence now compared by sentence."""
        near, rest = hits[:SEEN_CLOSER], hits[SEEN_CLOSER:]
        held = self.index.sentences((hit.document, hit.passage) for hit in near if not hit.passage.asked)
        closer = [self._seen_closer(hit, held[hit.passage.id] @ vectors.T, rare) if hit.passage.id in held else hit for hit in near]
        return sorted(closer, key=_best_first) + rest

    def _seen_closer(self, hit: Hit, cosines: Vectors, rare: Mapping[str, float]) -> Hit:
        """`hit` with the cosine of each of its sentences to each wording of the question known."""
        by_sentence = tuple(enumerate(map(float, cosines.max(axis=1))))
        together = max(cover(rare, _stems(text)) for text in sentences(hit.passage.text))
        signals = _without_phrases(replace(hit.signals, sentence=float(cosines.max()), together=together))
        return replace(hit, score=self._score(hit.document, hit.passage, signals), signals=signals, sentence_scores=by_sentence)

    def neighbours(self, question: str) -> Neighbours:
        """The phrases most like `question`, of passages and of known gaps."""
        about = subject(self.spelling.put_right(question))
        return self.phrases.nearest(about, self.index.embed([about])[0])

    def _wordings(self, about: str) -> tuple[list[str], int | None]:
        """The wordings of a question to search by, and which of them is only the end of a longer message."""
        wordings, tail = list(dict.fromkeys((self.vocabulary.spelled_out(about), about))), last_question(about)
        return ([*wordings, self.vocabulary.spelled_out(tail)], len(wordings)) if tail else (wordings, None)

    def _terms(self, question: str) -> list[str]:
        own = [word for word in words(question) if word not in STOPWORDS]
        terms = own + self.vocabulary.search_terms(question)
        return [term for term in terms if self.frequency(term) < COMMON] or terms

    def _hit(
        self,
        fused: Fused,
        passage: Passage,
        document: Document,
        reading: Reading,
        rare: Mapping[str, float],
        wanted: Callable[[str], bool] | None,
    ) -> Hit:
        """With what only the passage itself can say: its words, and which side it is on.

        Words of inspection weigh more than words of law: "did inspectors say visits must be weekly" asks for a finding.
        """
        found = finding(document)
        signals = replace(
            fused.signals,
            words=cover(rare, said(document, passage, self.vocabulary)),
            finding=reading.findings if found else 0.0,
            expectation=float(not found and reading.expectations and not reading.findings),
        )
        if not passage.asked:
            gives_it = wanted is not None and any(map(wanted, sentences(passage.text)))
            signals = _without_phrases(replace(signals, sentence=signals.whole, given=float(gives_it)))
        score = self._score(document, passage, signals)
        return Hit(passage, document, score, signals, tuple(sorted(fused.sentences.items())))

    def _score(self, document: Document, passage: Passage, signals: Signals) -> float:
        ahead = OWN if document.kind is Kind.LOCAL and signals.nearest >= OWN_NEAR else 0.0
        return signals.weighed(self.weights if passage.asked else self.unphrased) + ahead


def _without_phrases(signals: Signals) -> Signals:
    """For a passage that no phrases are known for: how near it is itself stands in for how near they would be."""
    nearest = max(signals.whole, signals.sentence)
    return replace(signals, nearest=nearest, asked=nearest, support=nearest)


@lru_cache(maxsize=8192)
def _stems(text: str) -> frozenset[str]:
    return frozenset(content_stems(text))


def _found_first(ranked: list[Hit]) -> list[Hit]:
    """`ranked`, where the law leads, with all of it behind what was found at the place that is asked about: however near the law
    comes, it says nothing of that."""
    return sorted(ranked, key=lambda hit: _law(hit.document)) if ranked and _law(ranked[0].document) else ranked


def _law(document: Document) -> bool:
    return document.kind in EXPECTATIONS and not document.authority


def _best_first(hit: Hit) -> tuple[float, str]:
    return -hit.score, hit.passage.id
