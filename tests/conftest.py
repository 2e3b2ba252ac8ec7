"""What tests share: the corpus in a library of their own, with the real embedding model, made once."""

import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from filelock import FileLock
from typer.testing import CliRunner

from app import cli
from assistant.chain import Assistant
from assistant.embedding import PACKAGED
from assistant.library import Library
from assistant.vectors import VectorIndex, unpack
from eval.ablation import Remembering

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
LETTER = "sandwell-focused-visit-2025-05-20"
OUTBOUND = Path(__file__).parent / "outbound"
"""On the path of a Python process, it writes down every connection beyond this machine in the file that OUTBOUND names."""
FIRST_QUESTIONS = 'when is the icpc due\n{"question": "supervision", "kind": "letter"}\n{broken\n'


def pytest_configure(config: pytest.Config) -> None:
    """Watch for connections beyond this machine: in this process, and in every process that the tests start."""
    if not hasattr(config, "workerinput"):  # the workers are such processes
        handle, os.environ["OUTBOUND"] = tempfile.mkstemp(prefix="outbound-")
        os.close(handle)
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(OUTBOUND), os.environ.get("PYTHONPATH"))))
        runpy.run_path(str(OUTBOUND / "sitecustomize.py"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The whole run fails where any of it reached for another machine."""
    if not hasattr(session.config, "workerinput"):
        file = Path(os.environ["OUTBOUND"])
        reached = sorted(set(file.read_text(encoding="utf-8").splitlines()) - {"watching"})
        file.unlink()
        if reached:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            session.config.get_terminal_writer().line(f"\nReached beyond this machine: {'; '.join(reached)}", red=True)


@dataclass(frozen=True)
class FirstRun:
    """What a stranger's first command made and said: a library with the corpus in it."""

    library: Path
    stdout: str
    stderr: str

    def copied(self, folder: Path) -> Path:
        """The same library in `folder`, to do with as one likes."""
        return Path(shutil.copytree(self.library, folder, ignore=shutil.ignore_patterns(".lock")))


def run(*arguments: str, library: Path, corpus: Path = CORPUS, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command of the project, typed by a person with that library."""
    environment = {**os.environ, "LIBRARY_DIR": str(library), "CORPUS_DIR": str(corpus), **settings}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, env=environment, timeout=300)


def typed(*arguments: str, library: Path) -> Result:
    """A command of the project as in `run`, in this process: what it has loaded need not be loaded again."""
    return CliRunner().invoke(cli, arguments, env={"LIBRARY_DIR": str(library), "CORPUS_DIR": str(CORPUS)})


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> FirstRun:
    """`python app.py ask` where there is no library yet; once for all processes of a test run, for it takes a minute."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if hasattr(request.config, "workerinput") else own) / "first-run"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "said.json").exists():
            folder.mkdir()
            (folder / "questions.txt").write_text(FIRST_QUESTIONS)
            arguments = "app.py", "ask", "--file", str(folder / "questions.txt"), "--json"
            done = run(*arguments, library=folder / "library", OMP_NUM_THREADS=str(os.cpu_count()))  # all others wait for it
            assert done.returncode == 0, done.stderr
            (folder / "said.json").write_text(json.dumps([done.stdout, done.stderr]))
    return FirstRun(folder / "library", *json.loads((folder / "said.json").read_text()))


@pytest.fixture(scope="session")
def embedder() -> Remembering:
    return Remembering(PACKAGED)


@pytest.fixture(scope="session")
def assistant(first_run: FirstRun, tmp_path_factory: pytest.TempPathFactory, embedder: Remembering) -> Iterator[Assistant]:
    with Library(first_run.copied(tmp_path_factory.mktemp("first") / "library")) as library:
        assistant = Assistant(library, embedder, CORPUS)
        _remember(embedder, assistant.index, library)
        yield assistant


def _remember(embedder: Remembering, index: VectorIndex, library: Library) -> None:
    """Have `embedder` know the vectors that the library holds, so that no test makes them again."""
    held = {}
    for collection in index._collections():
        got = collection.get(include=["embeddings", "metadatas"])
        packed = [(metadata or {}).get("sentences") for metadata in got["metadatas"]]
        parts = [unpack(text) if text else np.zeros((0, len(vector))) for text, vector in zip(packed, got["embeddings"], strict=True)]
        held.update(zip(got["ids"], zip(got["embeddings"], parts, strict=True), strict=True))
    views = [view for document in library.documents() for view, _ in index._views(document.id)]
    views += [view for view, _ in index._gap_views().values()]
    embedder.known |= {(view.text, view.parts): held[view.id(embedder.name)] for view in views}
