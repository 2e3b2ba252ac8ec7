"""Backup and restore, and erasing: all of it comes back as it was, nothing unsafe gets in, and no byte stays of what is erased."""

import io
import json
import shutil
import sqlite3
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from assistant.audit import Audit, entry_of
from assistant.backup import backup, restore
from assistant.chain import Assistant
from assistant.database import SERVICE, service_engine
from assistant.erase import erase
from assistant.errors import LibraryBusy, LibraryError
from assistant.feedback import Reviews, Thumb, feedback_on
from assistant.library import RECORD, Library
from assistant.present import as_json
from assistant.types import Document, Kind, Passage
from assistant.vectors import VectorIndex
from ingest.added import add
from tests.conftest import CORPUS

QUESTIONS = (
    "What did inspectors find about supervision in Sandwell?",
    "when is the icpc due after a strat",
    "who won the cup",
    "what does Brindlecombe say of lanterns",
)
OWN = "# Brindlecombe lantern procedure\n\nThe duty lantern at Brindlecombe must be lit by the third bell.\n\nQuorvex forms are countersigned by the wharf steward.\n"


def tables(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a database, table by table."""
    with sqlite3.connect(file) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def answers(assistant: Assistant) -> list[dict[str, object]]:
    return [as_json(replace(assistant.ask(question), timings_ms={})) for question in QUESTIONS]


@pytest.fixture(scope="module")
def home(tmp_path_factory, assistant):
    """A library of all that ships and one file that was added, which was asked about and given feedback on; and its answers."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(assistant.library.folder, home / "library")
    upload = home / "Brindlecombe lanterns.md"
    upload.write_text(OWN)
    with Library(home / "library") as library:
        own = Assistant(library, assistant.embedder, CORPUS)
        assert [o.what for o in add([upload], own)] == ["new"]
        upload.unlink()
        answer = own.ask(QUESTIONS[-1])
        assert "third bell" in answer.answer
        engine = service_engine(home / "library")
        Audit(engine, days=9999).write(entry_of(answer, "sam", "abc", "", 5))
        Reviews(engine).add(feedback_on(answer, "sam", Thumb.UP, "Just what I needed on lanterns."))
        engine.dispose()
        yield home, answers(own)
    SharedSystemClient.clear_system_cache()


def test_a_library_comes_back_from_its_backup_as_it_was(home, tmp_path, assistant):
    folder, before = home
    made = backup(folder / "library", tmp_path / "all.tar.gz")  # while the library is in use
    assert made.files == 3
    restored = tmp_path / "elsewhere" / "library"
    assert restore(tmp_path / "all.tar.gz", restored) == made
    for database in (RECORD, SERVICE):
        was = json.dumps(tables(folder / "library" / database), default=str)
        assert json.dumps(tables(restored / database), default=str).replace(str(tmp_path / "elsewhere"), str(folder)) == was
    assert [f.read_text() for f in (tmp_path / "elsewhere" / "added").iterdir()] == [OWN]
    shutil.copytree(folder / "library" / "vectors", restored / "vectors")  # they would be made anew, which takes a while
    with Library(restored) as library:
        assert answers(Assistant(library, assistant.embedder, CORPUS)) == before
    SharedSystemClient.clear_system_cache()
    assert sorted(p.name for p in (tmp_path / "elsewhere").iterdir()) == ["added", "library"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.tar.gz", "elsewhere"]


# -- with a library of one document ---------------------------------------------------


def small(folder: Path, words: str = "Plans are clear.") -> Path:
    with Library(folder) as library:
        library.store(Document("d", "D", Kind.LOCAL, source="/elsewhere/d.md"), [Passage("d:1", "d", 0, words, "1")])
    return folder


def test_a_backup_never_overwrites_and_leaves_nothing_behind_where_it_fails(tmp_path):
    library = small(tmp_path / "library")
    (tmp_path / "b.tar").write_text("mine")
    for name, said in (("b.tar", "exists already"), ("b.zip", "must end in"), ("none/b.tar", "cannot be read or written")):
        with pytest.raises(LibraryError, match=said):
            backup(library, tmp_path / name)
    with pytest.raises(LibraryError, match="no library"):
        backup(tmp_path / "nowhere", tmp_path / "c.tar")
    assert (tmp_path / "b.tar").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.tar", "library"]


def test_a_library_is_replaced_only_when_asked_for_and_never_while_in_use(tmp_path):
    library = small(tmp_path / "library")
    backup(library, tmp_path / "b.tar")
    with Library(library) as held:
        held.remove("d")
        with pytest.raises(LibraryError, match="--replace"):
            restore(tmp_path / "b.tar", library)
        with pytest.raises(LibraryBusy):
            restore(tmp_path / "b.tar", library, replace=True)
    (library / RECORD).write_bytes(b"no database any more" * 100)
    restore(tmp_path / "b.tar", library, replace=True)
    with Library(library) as held:
        assert [d.id for d in held.documents()] == ["d"]


def test_a_backup_that_was_cut_or_changed_changes_nothing(tmp_path):
    library = small(tmp_path / "library")
    backup(library, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    at = whole.index(b"Plans are clear.")
    spoilt = {
        "cut.tar": whole[: len(whole) // 2],
        "changed.tar": whole[:at] + b"P" + whole[at:][1:].replace(b"clear", b"drift", 1),
        "empty.tar": b"",
        "text.tar": b"no archive" * 1000,
    }
    for name, data in spoilt.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(LibraryError, match="not a whole backup"):
            restore(tmp_path / name, tmp_path / "new" / "library")
        assert not (tmp_path / "new" / "library" / RECORD).exists()


@pytest.mark.parametrize("name", ["../evil", "/evil", "added/../../evil", "added/.hidden", "vectors/x", "library/record.sqlite3", "added"])
def test_a_member_that_leads_elsewhere_is_refused(tmp_path, name):
    backup(small(tmp_path / "library"), tmp_path / "b.tar")
    spoil(tmp_path / "b.tar", name, tarfile.REGTYPE)
    with pytest.raises(LibraryError, match="not a whole backup"):
        restore(tmp_path / "b.tar", tmp_path / "new" / "library")
    assert not (tmp_path / "evil").exists() and not (tmp_path / "new" / "evil").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_a_member_that_is_no_file_is_refused(tmp_path, kind):
    backup(small(tmp_path / "library"), tmp_path / "b.tar")
    spoil(tmp_path / "b.tar", "added/x", kind)
    with pytest.raises(LibraryError, match="not a whole backup"):
        restore(tmp_path / "b.tar", tmp_path / "new" / "library")


def test_a_backup_that_claims_more_than_there_is_room_for_is_refused(tmp_path):
    backup(small(tmp_path / "library"), tmp_path / "b.tar")
    spoil(tmp_path / "b.tar", "added/x", tarfile.REGTYPE, size=10**18)
    with pytest.raises(LibraryError, match="no room"):
        restore(tmp_path / "b.tar", tmp_path / "new" / "library")


def spoil(file: Path, name: str, kind: bytes, size: int = 4) -> None:
    """Add a member to a backup, and to its manifest as if it belonged there."""
    with tarfile.open(file) as old:
        held = [(member, old.extractfile(member).read()) for member in old]
    manifest = json.loads(held[0][1])
    manifest["files"][name] = {"size": size, "sha256": "0" * 64}
    data = json.dumps(manifest).encode()
    held[0][0].size = len(data)
    extra = tarfile.TarInfo(name)
    extra.type, extra.linkname, extra.size = kind, "/etc/passwd", 4 if kind == tarfile.REGTYPE else 0
    with tarfile.open(file, "w") as new:
        for member, content in [(held[0][0], data), *held[1:], (extra, b"evil")]:
            new.addfile(member, io.BytesIO(content))


# -- erasing --------------------------------------------------------------------------


def test_nothing_is_left_of_an_erased_document(home, tmp_path, assistant):
    folder, _ = home
    shutil.copytree(folder, tmp_path / "home")
    home_copy = tmp_path / "home"
    with Library(home_copy / "library") as library:
        library.moved(folder / "added", home_copy / "added")
        index = VectorIndex(library, assistant.embedder)
        engine = service_engine(home_copy / "library")
        said = [
            text.encode(form)
            for text in (
                "third bell",
                "countersigned by the wharf",
                "Quorvex",
                "quorvex",
                "Brindlecombe lanterns",
                "brindlecombe",
                "on lanterns",
            )
            for form in ("utf-8", "utf-16-le")
        ]
        assert [s for s in said if s in everything(home_copy)], "the test looks for what is there"
        gone = erase("brindlecombe-lanterns", library, index, engine)
        assert (gone.title, gone.passages, gone.feedback, gone.left) == ("Brindlecombe lanterns", 2, 1, "")
        assert [s for s in said if s in everything(home_copy)] == []
        engine.dispose()
        assert "third bell" not in Assistant(library, assistant.embedder, CORPUS).ask(QUESTIONS[-1]).answer
        with pytest.raises(LibraryError, match="no document"):
            erase("brindlecombe-lanterns", library, index, engine)
        with pytest.raises(LibraryError, match="ships with the project"):
            erase("supervision", library, index, engine)
    SharedSystemClient.clear_system_cache()
    assert [s for s in said if s in everything(home_copy)] == []


def everything(folder: Path) -> bytes:
    """The bytes and the names of all files in a folder."""
    return b"".join(str(file.relative_to(folder)).encode() + file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_a_file_that_lies_elsewhere_is_left_and_named(tmp_path, embedder):
    (tmp_path / "d.md").write_text("Plans are clear.")
    with Library(tmp_path / "library") as library:
        library.store(Document("d", "D", Kind.LOCAL, source=str(tmp_path / "d.md")), [Passage("d:1", "d", 0, "Plans are clear.", "1")])
        gone = erase("d", library, VectorIndex(library, embedder), service_engine(tmp_path / "library"))
    SharedSystemClient.clear_system_cache()
    assert gone.left == str(tmp_path / "d.md") and (tmp_path / "d.md").exists()


# -- checking, and a library of an earlier version --------------------------------------


def test_a_record_whose_keyword_index_lost_rows_is_told(tmp_path):
    with Library(small(tmp_path / "library")) as library:
        assert library.faults() == []
        with sqlite3.connect(tmp_path / "library" / RECORD) as connection:
            connection.execute("DELETE FROM passage_words")
        assert library.faults() == ["its keyword index does not hold every passage"]


@pytest.mark.parametrize("broken_off", ["", ", document"])  # the second was killed between making the new table and filling it
def test_a_library_of_an_earlier_version_keeps_what_it_holds(tmp_path, broken_off):
    library = small(tmp_path / "library")
    with sqlite3.connect(library / RECORD) as connection:
        connection.execute("ALTER TABLE passages DROP COLUMN last_page")
        connection.execute("DROP TABLE passage_words")
        connection.execute(f"CREATE VIRTUAL TABLE passage_words USING fts5(passage_id UNINDEXED, text, header, asked{broken_off})")
    backup(library, tmp_path / "b.tar")
    restore(tmp_path / "b.tar", tmp_path / "new" / "library")
    for folder in (library, tmp_path / "new" / "library"):
        with Library(folder) as opened:
            assert opened.passages_of("d") == [Passage("d:1", "d", 0, "Plans are clear.", "1")]
            assert list(opened.keyword(["plans"], ["d"], 9)) == ["d:1"]
