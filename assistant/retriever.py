"""The LangChain retriever over the library: a question and a scope give passages, best first."""

from dataclasses import replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.library import Library
from assistant.scope import Reading, subject
from assistant.search import Weights, fuse, last_question
from assistant.spelling import Spelling
from assistant.text import STOPWORDS, words
from assistant.types import Hit, Scope, finding
from assistant.vectors import VectorIndex
from assistant.views import header
from assistant.vocabulary import Vocabulary

NEAR_VIEWS = 250
KEYWORD_PASSAGES = 60


class PassageRetriever(BaseRetriever):
    """Searches by meaning and by keyword, fuses the two, and returns the best passages within a scope.

    Each LangChain document carries the passage's text as its content and the whole `Hit` under `metadata["hit"]`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    index: VectorIndex
    vocabulary: Vocabulary
    spelling: Spelling
    weights: Weights = Weights()
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
        """The best `top` passages for `question`, best first."""
        about = subject(self.spelling.corrected(question))
        asked, tail = self.vocabulary.spelled_out(about), last_question(about)
        wordings = list(dict.fromkeys((asked, about)))
        near = self.index.search([*wordings, self.vocabulary.spelled_out(tail)] if tail else wordings, reading.scope, NEAR_VIEWS)
        keyword = self.library.keyword(self._terms(about), reading.scope, KEYWORD_PASSAGES)
        fused = fuse(near, keyword, self.weights, len(wordings) if tail else None)[: 3 * self.top]
        passages = self.library.passages([f.passage_id for f in fused])
        documents = {d.id: d for d in self.library.documents()}
        hits = [
            Hit(p := passages[f.passage_id], documents[p.document_id], f.score, f.dense, f.keyword, tuple(sorted(f.sentences.items())))
            for f in fused
        ]
        return lean(hits, reading, self.weights)[: self.top]

    def _terms(self, question: str) -> list[str]:
        own = [word for word in words(question) if word not in STOPWORDS]
        return own + self.vocabulary.search_terms(question)


def lean(hits: list[Hit], reading: Reading, weights: Weights) -> list[Hit]:
    """`hits` reordered with the side that the question asks for raised.

    Words of inspection weigh more than words of law: "did inspectors say visits must be weekly" asks for a finding.
    """
    if reading.findings:
        raised = [replace(hit, score=hit.score + reading.findings * weights.findings) if finding(hit.document) else hit for hit in hits]
    elif reading.expectations:
        raised = [hit if finding(hit.document) else replace(hit, score=hit.score + weights.expectations) for hit in hits]
    else:
        return hits
    return sorted(raised, key=lambda hit: (-hit.score, hit.passage.id))
