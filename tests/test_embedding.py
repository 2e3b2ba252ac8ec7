"""The embedding model as the app runs it, beside the same weights run plainly."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from threadpoolctl import threadpool_info
from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

from assistant.chain import Assistant
from assistant.embedding import Embedder, Reranks, packaged_folder, reranker
from assistant.scope import Reading
from assistant.types import Scope


def small_bert(kind: type, folder: Path, **settings: int) -> None:
    """An untrained model of few words, and its tokenizer."""
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "visits", "weekly", "parks", "are", "how", "often"]
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(tokens))
    torch.manual_seed(1)
    sizes = {"vocab_size": len(tokens), "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    kind(BertConfig(**sizes, **settings)).save_pretrained(folder)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)


MANY = [f"Paragraph {i} is about supervision." for i in range(200)]
TEXTS = [
    "Supervision is irregular.",
    "A strategy discussion is held at once where a child is likely to suffer significant harm. " * 12,
    "SGO",
]


def test_compiled_layers_give_the_vectors_of_the_plain_model(embedder: Embedder) -> None:
    plain = SentenceTransformer(str(packaged_folder()), device="cpu", local_files_only=True).encode(TEXTS, normalize_embeddings=True)
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


def test_a_part_is_seen_as_it_stands_in_its_text(embedder: Embedder) -> None:
    text = "Supervision. It is irregular. Plans drift."
    spans = ((13, 29), (30, 42))
    wholes, parts = Embedder().embed_in_parts([text, "SGO"], [spans, ()])
    assert (wholes * embedder.embed([text, "SGO"])).sum(axis=1).min() > 0.999
    assert [vectors.shape for vectors in parts] == [(2, 384), (0, 384)]
    plain = SentenceTransformer(str(packaged_folder()), device="cpu", local_files_only=True)
    states = np.asarray(plain.encode(text, output_value="token_embeddings"))
    assert [plain.tokenizer.decode(ids) for ids in (plain.tokenizer(text)["input_ids"][at] for at in (slice(3, 7), slice(7, 10)))] == [
        "it is irregular.",
        "plans drift.",
    ]
    for vector, mean in zip(parts[0], (states[3:7].mean(axis=0), states[7:10].mean(axis=0)), strict=True):
        assert vector @ mean / np.linalg.norm(mean) > 0.999
    asked = embedder.embed(["How regular is supervision?", "Do plans drift?"])
    assert (parts[0] @ asked.T).argmax(axis=0).tolist() == [0, 1]


@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_of_a_model_whose_vectors_are_no_means_each_part_is_embedded_by_itself(pooling, tmp_path) -> None:
    small_bert(BertModel, tmp_path / "bert")
    SentenceTransformer(modules=[Transformer(str(tmp_path / "bert")), Pooling(16, pooling_mode=pooling)]).save(
        str(tmp_path / "model"), create_model_card=False
    )
    embedder = Embedder(str(tmp_path / "model"))
    texts, spans = ["visits are weekly. how often.", "parks"], [((0, 18), (19, 29)), ()]
    wholes, parts = embedder.embed_in_parts(texts, spans)
    assert (wholes * embedder.embed(texts)).sum(axis=1).min() > 0.9999
    assert [vectors.shape for vectors in parts] == [(2, 16), (0, 16)]
    alone = (parts[0] * embedder.embed(["visits are weekly.", "how often."])).sum(axis=1).min() > 0.9999
    assert alone == (pooling == "cls")


def test_a_part_past_the_model_s_window_has_the_vector_of_the_whole() -> None:
    text = "Visits are late. " * 100
    (whole,), (parts,) = Embedder().embed_in_parts([text], [((0, 16), (17 * 99, 17 * 99 + 16))])
    assert parts[1] @ whole > 0.999 > parts[0] @ whole


def test_an_ingest_comes_through_however_many_ask() -> None:
    own, done = Embedder(), Event()

    def ask() -> None:
        while not done.is_set():
            own.embed_asked(["SGO"])

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        wholes, parts = own.embed_in_parts(["Visits are weekly."], [((0, 18),)])
        done.set()
    assert asking.exception() is None and wholes.shape == (1, 384) and parts[0].shape == (1, 384)


def test_questions_embedded_at_once_do_not_mix(embedder: Embedder) -> None:
    questions = [f"What was found in paragraph {i}?" for i in range(64)]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(lambda question: embedder.embed([question])[0], questions))
    assert all(np.array_equal(vector, embedder.embed([question])[0]) for vector, question in zip(at_once, questions, strict=True))


def test_what_is_computed_beside_the_model_keeps_no_threads_of_its_own_waiting() -> None:
    Embedder().embed(["SGO"])
    used = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert used and set(used) == {1}


def test_nothing_that_reports_the_use_of_the_compiler_is_loaded() -> None:
    script = "import sys; from assistant.embedding import Embedder; Embedder().warm(); print(sys.modules['openvino_telemetry'])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "None"


def test_a_reranker_orders_by_its_scores_and_is_off_where_its_weights_are_not(tmp_path):
    small_bert(BertForSequenceClassification, tmp_path, num_labels=1)
    model = reranker(str(tmp_path))
    assert model is not None
    texts = ["parks are", "visits are weekly", "weekly parks"]
    scores = CrossEncoder(str(tmp_path), device="cpu", local_files_only=True).predict([("how often are visits", text) for text in texts])
    assert [scores[place] for place in model.best_first("how often are visits", texts)] == sorted(scores, reverse=True)
    assert model.best_first("visits", ["weekly", "weekly", "weekly"]) == [0, 1, 2]
    assert reranker(str(tmp_path / "nowhere")) is None
    assert reranker("") is None


class Backwards(Reranks):
    def __init__(self) -> None:
        pass

    def best_first(self, question, texts):
        return list(reversed(range(len(texts))))


def test_a_reranker_has_the_last_word_on_the_order(assistant):
    usual = assistant.retriever.hits("how often are visits", Reading(Scope()))
    other = Assistant(assistant.library, assistant.embedder, assistant.corpus, reranker=Backwards())
    turned = other.retriever.hits("how often are visits", Reading(Scope()))
    assert [hit.passage.id for hit in turned] == [hit.passage.id for hit in reversed(usual)]
