"""Two baselines over the same documents and questions: the tutorial stack, and BM25.

A baseline's result counts as the gold where it holds the gold phrase, since it has no passages of ours.
"""

import tempfile
from collections.abc import Callable

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from rank_bm25 import BM25Okapi

from assistant.embedding import packaged_folder
from assistant.library import Library
from assistant.text import words

Search = Callable[[str], list[str]]


def tutorial(library: Library) -> Search:
    """RecursiveCharacterTextSplitter 1000/200, MiniLM through langchain-huggingface, langchain-chroma, top 5."""
    texts = ["\n\n".join(p.text for p in library.passages_of(d.id)) for d in library.documents()]
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents([Document(text) for text in texts])
    embeddings = HuggingFaceEmbeddings(model_name=str(packaged_folder()), model_kwargs={"device": "cpu"})
    store = Chroma.from_documents(chunks, embeddings, persist_directory=tempfile.mkdtemp())
    return lambda question: [found.page_content for found in store.similarity_search(question, k=5)]


def bm25(library: Library) -> Search:
    """Okapi BM25 over our passages, words as typed, top 5."""
    texts = [p.text for d in library.documents() for p in library.passages_of(d.id)]
    index = BM25Okapi([words(text) for text in texts])
    return lambda question: index.get_top_n(words(question), texts, n=5)
