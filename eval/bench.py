"""python -m eval.bench start | progress | whole [REPORTS] | ingest [REPORTS] | register [REPORTS]: how fast and how large, each in a process of its own.

`start`: the app from nothing and again with its library there: seconds until a page is served, peak memory, and the time
of a question. `progress`: how soon something is seen of a question, with a chat model that answers at once and without one.
`whole`: as `start` with all REPORTS in the library, and the time of every report question. `ingest`: the whole job from PDF to
searchable over all REPORTS, ours beside the tutorial stack as people write it (float32) and given bfloat16, with what each then
finds of the report questions. `register`: the seconds that the findings of all REPORTS take of an ingest.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from eval.cases import REPORTS, Case, load
from eval.metrics import hit_at, squeezed
from eval.page_client import free_port

ROOT = Path(__file__).resolve().parent.parent


def start() -> None:
    """Two starts of the app: the first reads the corpus, the second finds its library."""
    table = Table("start", "seconds until served", "peak memory MB")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first, reads corpus/", "again"):
            table.add_row(name, *(f"{figure:.0f}" for figure in _one_start(Path(folder))))
    Console().print(table)


def registered(reports: Path) -> None:
    """What weighing every sentence of every report takes, once they are read."""
    from assistant.errors import ReadError
    from eval.register import passages_of, read_with
    from ingest.register import findings

    held = []
    for path in sorted(reports.rglob("*.pdf")):
        with suppress(ReadError):
            held.append(passages_of(path.relative_to(reports).as_posix(), reports))
    start = time.perf_counter()
    made = sum(len(findings(document, passages, *read_with())) for document, passages in held)
    Console().print(f"{made:,} findings of {len(held)} reports in {time.perf_counter() - start:.0f} s")


def whole(reports: Path) -> None:
    """The app with every report in its library: a start, and the questions one after the other."""
    from assistant.embedding import Embedder
    from assistant.library import Library
    from assistant.settings import Settings
    from ingest.run import ingest

    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        with Library(Path(folder) / "library") as library:
            ingest([settings.corpus_dir, reports], library, Embedder(), settings.corpus_dir)
            size = f"{sum(library.counts().values()):,} passages of {len(library.documents())} documents"
        seconds, memory = _one_start(Path(folder))
        figures = {"seconds until served": seconds, "peak memory MB of the start": memory, **_in_own_process("questions", reports, folder)}
    table = Table("figure", "", title=size)
    for name, figure in figures.items():
        table.add_row(name, f"{figure:,.0f}")
    Console().print(table)


def questions(_reports: Path, folder: Path) -> dict[str, float]:
    """Milliseconds of the report questions over the library in `folder`, asked once each after a first one."""
    from assistant.chain import Assistant
    from assistant.embedding import Embedder
    from assistant.library import Library
    from assistant.settings import Settings

    with Library(folder / "library") as library:
        assistant = Assistant(library, Embedder(), Settings().corpus_dir)
        assistant.warm()
        took = []
        for case in _report_cases():
            began = time.perf_counter()
            assistant.ask(case.question)
            took.append(1000 * (time.perf_counter() - began))
    cut = quantiles(took, n=20)
    return {"questions": len(took), "median ms a question": median(took), "95th percentile ms": cut[-1], "longest ms": max(took)}


def progress() -> None:
    """Print milliseconds from a question to the first thing seen of it, the passages found and the answer, over corpus/."""
    from assistant.chain import Assistant
    from assistant.check import WrittenCheck
    from assistant.embedding import Embedder
    from assistant.library import Library
    from assistant.models import Chat
    from assistant.prompts import load_prompts
    from assistant.settings import Settings
    from assistant.written import Writer
    from eval.hostile_model import HostileChat
    from ingest.run import ingest

    corpus, embedder = Settings().corpus_dir, Embedder()
    asked = [case.question for case in load("dev") if case.group in ("letter", "law") and not case.turns][:100]
    table = Table("100 questions, ms", "first seen: median", "longest", "passages: median", "answer: median", "longest")
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        ingest([corpus], library, embedder, corpus)
        for name, writer in (
            ("quoted", None),
            ("with a model", Writer(Chat("hostile", HostileChat()), load_prompts(), WrittenCheck(embedder.embed))),
        ):
            assistant = Assistant(library, embedder, corpus, writer)
            assistant.warm()
            seen: dict[str, list[float]] = {"first": [], "pick": [], "answer": []}
            for question in asked:
                began, first = time.perf_counter(), "first"
                for event in assistant.stream(question):
                    for what in {first, event.what} & seen.keys():
                        seen[what].append(1000 * (time.perf_counter() - began))
                    first = ""
            row = (median(seen["first"]), max(seen["first"]), median(seen["pick"]), median(seen["answer"]), max(seen["answer"]))
            table.add_row(name, *(f"{value:.0f}" for value in row))
    Console().print(table)


def _one_start(folder: Path) -> tuple[float, float]:
    began = time.perf_counter()
    with served({**os.environ, "LIBRARY_DIR": str(folder / "library")}) as (_, pid):
        return time.perf_counter() - began, _peak_mb(pid)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """(the address of the app, its process) once it answers; it is stopped after. Raises RuntimeError where it ends instead."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    server = subprocess.Popen([sys.executable, "app.py", "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not _answers(url):
            if server.poll() is not None:
                raise RuntimeError("The app ended as it started.")
            time.sleep(0.1)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait(20)


def _answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=2).status == 200)
    except OSError:
        return False


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def ours(reports: Path, folder: Path) -> dict[str, float]:
    """Our ingest, then the report questions."""
    from assistant.chain import Assistant
    from assistant.embedding import Embedder
    from assistant.library import Library
    from assistant.settings import Settings
    from eval.score import look_up
    from ingest.run import ingest

    settings, embedder = Settings(), Embedder()
    embedder.warm()
    with Library(folder) as library:
        began = time.perf_counter()
        ingest([reports], library, embedder, settings.corpus_dir)
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        ingest([reports], library, embedder, settings.corpus_dir)
        again = time.perf_counter() - began
        assistant = Assistant(library, embedder, settings.corpus_dir)
        cases = _report_cases()
        golds = [[target.passages for target in targets] for targets in look_up(library, cases)]
        passages = [assistant.ask(case.question).passages for case in cases]
        found = [
            [[i for i, ids in enumerate(gold) if h.passage.id in ids] for h in hits] for hits, gold in zip(passages, golds, strict=True)
        ]
        characters = sum(len(h.passage.text) for hits in passages for h in hits[:5]) / len(cases)
        return {
            "seconds": seconds,
            "again unchanged": again,
            **{f"hit@{k}": _share([hit_at(k, one) for one in found]) for k in (1, 5)},
            "characters in five": characters,
        }


def tutorial(reports: Path, folder: Path, dtype: str) -> dict[str, float]:
    """The tutorial stack: pypdf text, 1000/200 chunks, MiniLM through langchain-huggingface, langchain-chroma, top 5."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    from assistant.embedding import packaged_folder

    embeddings = HuggingFaceEmbeddings(
        model_name=str(packaged_folder()), model_kwargs={"device": "cpu", "model_kwargs": {"torch_dtype": dtype}}
    )
    embeddings.embed_query("warm")
    began = time.perf_counter()
    pages = []
    for file in sorted(reports.rglob("*.pdf")):
        try:
            pages += [Document(page.extract_text(), metadata={"file": str(file)}) for page in PdfReader(file).pages]
        except PyPdfError:
            continue
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(pages)
    store = Chroma(embedding_function=embeddings, persist_directory=str(folder))
    for at in range(0, len(chunks), 5000):
        store.add_documents(chunks[at : at + 5000])
    seconds = time.perf_counter() - began
    cases = _report_cases()
    found = [store.similarity_search(case.question, k=5) for case in cases]

    def holds(document: Document, case: Case) -> bool:
        return any(
            document.metadata["file"].endswith(gold.file) and squeezed(gold.phrase) in squeezed(document.page_content) for gold in case.gold
        )

    held = [[[0] if holds(document, case) else [] for document in documents] for case, documents in zip(cases, found, strict=True)]
    return {
        "seconds": seconds,
        **{f"hit@{k}": _share([hit_at(k, one) for one in held]) for k in (1, 5)},
        "characters in five": sum(len(d.page_content) for documents in found for d in documents) / len(cases),
    }


def _report_cases() -> list[Case]:
    """The test questions on one paragraph of one report."""
    return [case for case in load("test") if case.group == "report"]


def _share(hits: list[float]) -> float:
    return sum(hits) / len(hits)


JOBS: dict[str, Callable[[Path, Path], dict[str, float]]] = {
    "ours": ours,
    "tutorial stack, float32": lambda reports, folder: tutorial(reports, folder, "float32"),
    "tutorial stack, bfloat16": lambda reports, folder: tutorial(reports, folder, "bfloat16"),
}


def ingest_side_by_side(reports: Path) -> None:
    """Each job in a process of its own, one after the other."""
    pages = _pages(reports)
    columns: dict[str, dict[str, float]] = {}
    for name in JOBS:
        with tempfile.TemporaryDirectory() as folder:
            columns[name] = _in_own_process(name, reports, folder)
    table = Table("figure", *columns, title=f"{pages:,} pages, PDF to searchable")
    table.add_row("pages a second", *(f"{pages / column['seconds']:.1f}" for column in columns.values()))
    for figure in columns["ours"]:
        table.add_row(figure, *(f"{column[figure]:.3g}" if figure in column else "" for column in columns.values()))
    Console().print(table)


def _in_own_process(job: str, reports: Path, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "eval.bench", "one", job, str(reports), folder]
    figures: dict[str, float] = json.loads(
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    )
    return figures


def _pages(reports: Path) -> int:
    import pypdfium2

    count = 0
    for file in reports.rglob("*.pdf"):
        try:
            count += len(pypdfium2.PdfDocument(file))
        except pypdfium2.PdfiumError:
            continue
    return count


if __name__ == "__main__":
    what, *rest = sys.argv[1:] or ["start"]
    if what == "one":
        job = questions if rest[0] == "questions" else JOBS[rest[0]]
        print(json.dumps({**job(Path(rest[1]), Path(rest[2])), "peak memory MB": _peak_mb(os.getpid())}))
    elif what in ("ingest", "register", "whole"):
        {"ingest": ingest_side_by_side, "register": registered, "whole": whole}[what](Path(rest[0]) if rest else REPORTS)
    else:
        {"start": start, "progress": progress}[what]()
