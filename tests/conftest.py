"""What tests share: the corpus in a library of their own, with the real embedding model, made once."""

import os
import runpy
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.chain import Assistant
from assistant.embedding import PACKAGED, Embedder
from assistant.library import Library
from eval.ablation import Remembering
from ingest.run import ingest

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
LETTER = "sandwell-focused-visit-2025-05-20"
OUTBOUND = Path(__file__).parent / "outbound"
"""On the path of a Python process, it writes down every connection beyond this machine in the file that OUTBOUND names."""


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


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Remembering(PACKAGED)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Assistant]:
    library = Library(tmp_path_factory.mktemp("library"))
    outcomes = ingest([CORPUS], library, embedder, CORPUS)
    assert [o.name for o in outcomes if o.what != "new"] == []
    yield Assistant(library, embedder, CORPUS)
    library.close()
