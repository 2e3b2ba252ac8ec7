"""The embedding model as the app runs it, beside the same weights run plainly."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sentence_transformers import SentenceTransformer

from assistant.embedding import Embedder, packaged_folder

MANY = [f"Paragraph {i} is about supervision." for i in range(200)]
TEXTS = [
    "Supervision is irregular.",
    "A strategy discussion is held at once where a child is likely to suffer significant harm. " * 12,
    "SGO",
]


def test_compiled_layers_give_the_vectors_of_the_plain_model(embedder: Embedder) -> None:
    plain = SentenceTransformer(str(packaged_folder()), device="cpu").encode(TEXTS, normalize_embeddings=True)
    embedder.embed(MANY)  # so many are worth compiling for
    assert (embedder.embed(TEXTS) * plain).sum(axis=1).min() > 0.999


def test_a_few_texts_are_embedded_alike_before_the_layers_are_compiled(embedder: Embedder) -> None:
    fresh = Embedder()
    before = fresh.embed(TEXTS)
    fresh.embed(MANY)
    assert (before * fresh.embed(TEXTS)).sum(axis=1).min() > 0.999


def test_a_text_has_one_vector_whatever_is_embedded_beside_it(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    assert all((together[i] @ embedder.embed([text])[0]) > 0.9995 for i, text in enumerate(TEXTS))


def test_questions_embedded_at_once_do_not_mix(embedder: Embedder) -> None:
    questions = [f"What was found in paragraph {i}?" for i in range(64)]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(lambda question: embedder.embed([question])[0], questions))
    assert all(np.array_equal(vector, embedder.embed([question])[0]) for vector, question in zip(at_once, questions, strict=True))


def test_nothing_that_reports_the_use_of_the_compiler_is_loaded() -> None:
    script = "import sys; from assistant.embedding import Embedder; Embedder().warm(); print(sys.modules['openvino_telemetry'])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "None"
