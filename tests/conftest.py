"""What tests share: the corpus in a library of their own, with the real embedding model, made once."""

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
