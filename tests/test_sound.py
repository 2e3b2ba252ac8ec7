"""An index whose files would end the process that opens them is thrown away before it does, and made anew."""

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from assistant.library import Library
from assistant.sound import sound
from assistant.vectors import VectorIndex


@pytest.fixture
def folder(first_run, tmp_path):
    return first_run.copied(tmp_path / "library")


def test_what_was_just_written_is_not_tried(folder):
    seen = folder / "vectors.seen"
    before = seen.stat().st_mtime_ns
    assert sound(folder / "vectors", seen) and seen.stat().st_mtime_ns == before


def test_what_looks_as_it_did_is_not_tried_again(folder):
    seen = folder / "seen"
    assert sound(folder / "vectors", seen) and "header.bin" in seen.read_text()
    seen.write_text(seen.read_text() + "\n")
    before = seen.stat().st_mtime_ns
    assert sound(folder / "vectors", seen) and seen.stat().st_mtime_ns > before
    before = seen.stat().st_mtime_ns
    assert sound(folder / "vectors", seen) and seen.stat().st_mtime_ns == before


def test_vectors_that_were_overwritten_are_found_out(folder):
    for file in (folder / "vectors").rglob("data_level0.bin"):
        file.write_bytes(bytes(file.stat().st_size))
    assert not sound(folder / "vectors", folder / "seen") and not (folder / "seen").exists()


def test_an_index_that_would_end_the_process_comes_back(folder, embedder, assistant):
    for file in (folder / "vectors").rglob("header.bin"):
        file.write_bytes(file.read_bytes()[:50])
    with Library(folder) as library:
        index = VectorIndex(library, embedder)
        assert index.sync() > 1000
        near = index.search(index.embed(["supervision"]), [d.id for d in library.documents()], 3)
        assert len(near) == 6 and max(one.cosine for one in near) > 0.6
    SharedSystemClient.clear_system_cache()
    assert sound(folder / "vectors", folder / "seen")
