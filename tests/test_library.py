import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import LibraryBusy, LibraryError, LibraryFull
from assistant.library import Library
from assistant.types import Document, Kind, Passage

DOCUMENT = Document("d", "T", Kind.LETTER, authority="Sandwell", published="2025-05-20")
PASSAGES = [Passage("d:1", "d", 0, "Supervision varies."), Passage("d:2", "d", 1, "Plans are clear.", asked=("good plans",))]


def test_the_same_content_writes_nothing_and_an_edit_replaces_its_own(tmp_path):
    with Library(tmp_path) as library:
        assert library.store(DOCUMENT, PASSAGES).what == "new"
        assert library.store(DOCUMENT, PASSAGES).what == "unchanged"
        assert library.store(DOCUMENT, PASSAGES[:1]).what == "changed"
        assert library.passages_of("d") == PASSAGES[:1]
        assert library.keyword(["plans"], ["d"], 5) == {}


def test_keyword_search_stems_and_keeps_to_its_scope(tmp_path):
    with Library(tmp_path) as library:
        library.store(DOCUMENT, PASSAGES)
        assert list(library.keyword(["supervised"], ["d"], 5)) == ["d:1"]
        assert library.keyword(["supervised"], ["another"], 5) == {}
        assert library.keyword(['"; DROP TABLE'], ["d"], 5) == {}


def test_keyword_search_keeps_to_few_documents_and_to_all_but_few(tmp_path):
    with Library(tmp_path) as library:
        for name in "abcde":
            library.store(Document(name, "T", Kind.LETTER), [Passage(f"{name}:1", name, 0, "Visits are late" + " as told" * ord(name))])
        for documents in (["b"], ["b", "d"], ["a", "b", "c", "d"], ["a", "b", "c", "d", "e"]):
            scores = library.keyword(["late", "early"], documents, 9)
            assert list(scores) == [f"{name}:1" for name in documents]  # the shortest first
            assert scores == {id: score for id, score in library.keyword(["late", "early"], list("abcde"), 9).items() if id in scores}
            assert library.keyword(["!", ""], documents, 9) == {}
            assert library.mentions(["late"], documents) and not library.mentions(["early"], documents)
            assert not library.mentions(["!"], documents)
        assert not library.mentions(["late"], []) and library.keyword(["late"], [], 9) == {}
        assert library.frequency("d") == library.frequency("x") == 0  # as the words begin that stand for documents
        for order in ("abcde", "edcba"):
            for name in order:
                library.store(Document(name, "T", Kind.LETTER), [Passage(f"{name}:1", name, 0, "Visits are late.")])
            assert list(library.keyword(["late"], list("abcde"), 2)) == ["a:1", "b:1"]  # of those that fit alike, by id
        for name in "abcde":
            library.store(Document(name, "T", Kind.LETTER), [Passage(f"{name}:1", name, 0, "Visits are late" + " as told" * ord(name))])
        assert list(library.keyword(["late"], list("abde"), 2)) == ["a:1", "b:1"]
        library.remove("b")
        assert list(library.keyword(["late"], list("abcde"), 9)) == ["a:1", "c:1", "d:1", "e:1"]
        assert library.faults() == []


def test_a_second_process_is_turned_away_in_one_line(tmp_path):
    with Library(tmp_path):
        code = "import sys; from pathlib import Path; from assistant.library import Library; Library(Path(sys.argv[1]))"
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, cwd=Path(__file__).parent.parent)
        assert done.returncode != 0
        assert "LibraryBusy: Another process is using the library" in done.stderr


def test_a_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="LIBRARY_DIR"):
        Library(tmp_path / "file" / "library")


@pytest.fixture
def small_disk(tmp_path):
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", tmp_path], capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def test_a_full_disk_is_said_and_loses_nothing(small_disk):
    with Library(small_disk) as library:
        library.store(DOCUMENT, PASSAGES)
        huge = [Passage(f"e:{i}", "e", i, "word " * 2_000) for i in range(200)]
        with pytest.raises(LibraryFull, match="free some space"):
            library.store(Document("e", "E", Kind.LOCAL), huge)
        assert library.passages_of("d") == PASSAGES
        assert library.document("e") is None


def test_a_second_holder_in_one_process_is_turned_away(tmp_path):
    with Library(tmp_path), pytest.raises(LibraryBusy):
        Library(tmp_path)
