"""Nothing that happens to a run loses or doubles anything: killed, out of disk, or given a file made to break it.

KILLS=200, FILLS=10, MUTATIONS=1000 and SECONDS=30 in the environment try more than an ordinary run does.
"""

import contextlib
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from assistant import vectors as vectors_module
from assistant.embedding import Embedder
from assistant.errors import ReadError
from assistant.library import Library
from assistant.types import Document, Kind, Passage
from assistant.vectors import VectorIndex, groups, pack, unpack
from ingest import child, ofsted
from ingest.child import read_ahead
from ingest.run import Outcome, ingest
from ingest.sources import read_manifest
from ingest.structure import passages
from tests.conftest import CORPUS, run
from tests.test_fetch import pdf

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT.parent / "shared" / "reports"
KILLS = int(os.environ.get("KILLS", "2"))
FILLS = int(os.environ.get("FILLS", "2"))
MUTATIONS = int(os.environ.get("MUTATIONS", "60"))
SECONDS = os.environ.get("SECONDS", "4")
"""Of the processor's time that a bomb may take."""
GAP = '[[gap]]\ntopic = "parking"\ndocument = ""\nwhy = "Nothing here is about parking."\nasked = ["where can I park"]\n'


def text_of(name: str, paragraphs: int = 30) -> str:
    """A document of many short paragraphs."""
    return f"# {name}\n\n" + "\n\n".join(f"Rule {i} of {name} is kept." for i in range(paragraphs)) + "\n"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus that says little, so that a run is short."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "sources.toml").write_text("")
    (folder / "gaps.toml").write_text(GAP)
    for name in ("authorities", "names", "register", "register_weights", "themes", "vocabulary"):
        shutil.copy(CORPUS / f"{name}.toml", folder)
    return folder


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def library_of(folder: Path, files: Path, corpus: Path, embedder: Embedder) -> list[Outcome]:
    """Bring `files` into the library in `folder`, in this process, to the end."""
    try:
        with Library(folder) as library:
            return ingest([files], library, embedder, corpus)
    finally:
        SharedSystemClient.clear_system_cache()  # as where the process ends


def what(outcomes: list[Outcome]) -> dict[str, str]:
    return {outcome.name: outcome.what for outcome in outcomes}


# -- what is in a library ------------------------------------------------------------


def record(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the record, table by table."""
    tables = ("documents", "passages", "reports", "gaps", "readings", "indexed", "passage_words", "findings")
    with sqlite3.connect(folder / "record.sqlite3") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {table: sorted(map(tuple, connection.execute(f"SELECT * FROM {table}")), key=repr) for table in tables}


def vectors(folder: Path, embedder: Embedder) -> dict[str, dict[str, tuple[object, np.ndarray]]]:
    """Every vector of the index with its metadata, by id. Each is found by searching for it."""
    with Library(folder) as library:
        index = VectorIndex(library, embedder)
        held = {}
        for collection in (*index._sides.values(), index._gaps):
            got = collection.get(include=["metadatas", "embeddings"])
            held[collection.name] = dict(zip(got["ids"], zip(got["metadatas"], got["embeddings"], strict=True), strict=True))
        every = np.array([vector for name in index._sides for _, vector in held[name].values()])
        found = index.search(every, [d.id for d in library.documents()], 1) if len(every) else []
        assert min((near.cosine for near in found), default=1) > 0.999
    SharedSystemClient.clear_system_cache()
    return held


def apart(metadata: dict[str, str] | None) -> dict[str, str]:
    """What is told of a vector, but for the vectors of its sentences."""
    return {name: value for name, value in (metadata or {}).items() if name != "sentences"}


def sentences_in(metadata: dict[str, str] | None) -> np.ndarray:
    packed = (metadata or {}).get("sentences")
    return unpack(packed) if packed else np.zeros((0, 384))


class Whole:
    """What an undisturbed run makes, to hold others against."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.embedder = embedder
        self.record, self.vectors = record(folder), vectors(folder, embedder)

    def require_same(self, folder: Path) -> None:
        assert record(folder) == self.record
        for name, held in vectors(folder, self.embedder).items():
            expected = self.vectors[name]
            assert held.keys() == expected.keys()
            for id, (metadata, vector) in held.items():
                assert apart(metadata) == apart(expected[id][0])
                for sentence, other in zip(sentences_in(metadata), sentences_in(expected[id][0]), strict=True):
                    assert np.dot(sentence, other) > 0.99
                assert np.dot(vector, expected[id][1]) > 0.99


# -- files that change ----------------------------------------------------------------


def test_edited_renamed_removed_and_copied_files_leave_one_document_each(tmp_path, files, corpus, embedder):
    library = tmp_path / "library"
    for name in ("edited", "renamed", "removed", "kept"):
        (files / f"{name}.md").write_text(text_of(name, 3))
    assert set(what(library_of(library, files, corpus, embedder)).values()) == {"new"}

    (files / "edited.md").write_text(text_of("edited", 4))
    (files / "renamed.md").rename(files / "another name.md")
    (files / "removed.md").unlink()
    shutil.copy(files / "kept.md", files / "a copy.md")
    (files / "bad.pdf").write_text("<html></html>")
    outcomes = library_of(library, files, corpus, embedder)
    assert what(outcomes) == {
        "a copy.md": "unchanged", "another name.md": "changed", "bad.pdf": "refused", "edited.md": "changed",
        "kept.md": "unchanged", "Removed": "removed",
    }  # fmt: skip
    reasons = {outcome.name: outcome.reason for outcome in outcomes}
    assert reasons["a copy.md"] == "a copy.md: same as kept.md"
    assert reasons["another name.md"] == "another name.md was renamed.md before"

    library_of(tmp_path / "afresh", files, corpus, embedder)
    fresh = {row[0] for row in record(tmp_path / "afresh")["documents"]}
    assert fresh == {"a-copy", "another-name", "edited"}
    assert {row[0] for row in record(library)["documents"]} == {"kept", "another-name", "edited"}

    (files / "a copy.md").unlink()
    library_of(library, files, corpus, embedder)
    library_of(tmp_path / "once more", files, corpus, embedder)
    Whole(tmp_path / "once more", embedder).require_same(library)


def test_a_copy_takes_the_place_of_the_file_it_copies_and_of_what_it_was(tmp_path, files, corpus, embedder):
    library = tmp_path / "library"
    (files / "a.md").write_text(text_of("a", 2))
    (files / "b.md").write_text(text_of("b", 2))
    library_of(library, files, corpus, embedder)
    shutil.copy(files / "a.md", files / "b.md")
    assert what(library_of(library, files, corpus, embedder)) == {"a.md": "unchanged", "b.md": "changed"}
    assert [row[0] for row in record(library)["documents"]] == ["a"]
    (files / "a.md").unlink()
    assert what(library_of(library, files, corpus, embedder)) == {"b.md": "changed"}
    assert [row[0] for row in record(library)["documents"]] == ["b"]


def test_files_that_swap_their_names_swap_their_texts(tmp_path, files, corpus, embedder):
    library = tmp_path / "library"
    (files / "a.md").write_text(text_of("a", 2))
    (files / "b.md").write_text(text_of("b", 2))
    library_of(library, files, corpus, embedder)
    (files / "a.md").rename(files / "c")
    (files / "b.md").rename(files / "a.md")
    (files / "c").rename(files / "b.md")
    library_of(library, files, corpus, embedder)
    library_of(tmp_path / "afresh", files, corpus, embedder)
    Whole(tmp_path / "afresh", embedder).require_same(library)


def test_a_copy_of_a_refused_file_is_refused(tmp_path, files, corpus, embedder):
    for name in ("one.pdf", "two.pdf"):
        (files / name).write_text("<html></html>")
    outcomes = library_of(tmp_path / "library", files, corpus, embedder)
    assert [o.what for o in outcomes] == ["refused", "refused"]
    assert outcomes[1].reason == "two.pdf: same as one.pdf, which was refused."


def test_a_document_that_no_reader_knows_is_refused_by_name_and_what_is_no_document_is_passed_over(tmp_path, files, corpus, embedder):
    for name in ("sub", ".hidden"):
        (files / name).mkdir()
    unread = ["old.doc", "slides.PPTX", "sub/notes.odt", "table.xlsx"]
    silent = ["a.toml", ".a.pdf.part", "b.watched", "logo.png", "data.csv", ".draft.doc", "~$old.doc", ".hidden/c.doc"]
    for name in (*unread, *silent):
        (files / name).write_text("x")
    (files / "a.md").write_text(text_of("a", 2))
    outcomes = library_of(tmp_path / "library", files, corpus, embedder)
    assert what(outcomes) == {
        "old.doc": "refused",
        "slides.PPTX": "refused",
        "notes.odt": "refused",
        "table.xlsx": "refused",
        "a.md": "new",
    }
    reasons = {outcome.name: outcome.reason for outcome in outcomes}
    assert reasons["old.doc"] == "old.doc is a .doc file, which cannot be read; save it as .docx or .pdf."
    assert reasons["table.xlsx"] == "table.xlsx is a .xlsx file, which cannot be read; save it as .pdf."


def test_unchanged_files_are_not_read_and_emptied_vectors_come_back(tmp_path, files, corpus, embedder, monkeypatch):
    library = tmp_path / "library"
    (files / "a.md").write_text(text_of("a", 5))
    library_of(library, files, corpus, embedder)
    whole = Whole(library, embedder)
    with monkeypatch.context() as patched:
        patched.setattr(child, "_start", lambda: pytest.fail("an unchanged file was read"))
        patched.setattr(Library, "store", lambda *_: pytest.fail("an unchanged file was stored"))
        patched.setattr(VectorIndex, "_bring_documents", lambda *_: pytest.fail("a document in the index was looked at"))
        assert what(library_of(library, files, corpus, embedder)) == {"a.md": "unchanged"}
    shutil.rmtree(library / "vectors")
    assert what(library_of(library, files, corpus, embedder)) == {"a.md": "unchanged"}
    whole.require_same(library)
    shutil.rmtree(library / "vectors")
    checked = run("app.py", "check", library=library, corpus=corpus)
    assert (checked.returncode, "Traceback" in checked.stderr) == (0, False)
    assert "1 documents and" in checked.stdout
    whole.require_same(library)
    for file in (library / "vectors").rglob("*"):
        if file.is_file():
            file.write_bytes(b"broken" * 100)
    library_of(library, files, corpus, embedder)
    whole.require_same(library)


def test_the_record_knows_what_the_index_waits_for(tmp_path, embedder):
    document = Document("d", "Title", Kind.LOCAL, published="2024-01-01")
    found = [Passage(f"d:{i}", "d", i, f"Rule {i} is kept.") for i in range(3)]
    with Library(tmp_path) as library:
        index = VectorIndex(library, embedder)
        library.store(document, found)
        assert library.unindexed(index._maker) == {"d": 3}
        assert index.sync() == library.indexed_views() == 3
        assert library.unindexed(index._maker) == {}
        library.store(replace(document, published="2025-01-01"), found)
        assert library.unindexed(index._maker) == {"d": 3}
        assert index.sync() == 0 and library.unindexed(index._maker) == {}
        asked = index.embed(["rule"])
        assert index.search(asked, ["d"], 9) and not index.search(asked, ["e"], 9)
        library.remove("d")
        assert library.unindexed(index._maker) == {"d": 0}
        assert index.sync() == 3
        assert library.unindexed(index._maker) == {} and index.search(asked, ["d"], 9) == []
        SharedSystemClient.clear_system_cache()


def test_a_few_documents_compared_whole_are_as_near_as_a_search_of_all_finds_them(tmp_path, embedder):
    texts = ("Rules on visits are kept.", "Visits are late.", "Supervision is regular.")
    with Library(tmp_path) as library:
        index = VectorIndex(library, embedder)
        for kind, name in ((Kind.LETTER, "found"), (Kind.LETTER, "other"), (Kind.GUIDANCE, "expected")):
            library.store(
                Document(name, "Title", kind, authority="Kent"), [Passage(f"{name}:{i}", name, i, t) for i, t in enumerate(texts)]
            )
        index.sync()
        asked = index.embed(["are visits on time", "supervision"])
        everywhere = index.search(asked, ["found", "other", "expected"], 9)
        few = index.search(asked, ["found"], 9)
        assert {near.passage_id.split(":")[0] for near in everywhere} == {"found", "other", "expected"}
        expected = sorted((n.query, n.passage_id, round(n.cosine, 4)) for n in everywhere if n.passage_id.startswith("found"))
        assert sorted((n.query, n.passage_id, round(n.cosine, 4)) for n in few) == expected and len(few) == 6
        assert [near.query for near in index.search(asked, ["found"], 1)] == [0, 1]
        library.store(Document("found", "Title", Kind.LETTER, authority="Kent"), [Passage("found:9", "found", 0, "Visits are on time.")])
        index.sync()
        assert [near.passage_id for near in index.search(asked[:1], ["found"], 9)] == ["found:9"]
        index.rewrite(without="found")
        assert index.search(asked[:1], ["found"], 9) == []
        SharedSystemClient.clear_system_cache()


def test_the_vectors_of_sentences_are_kept_as_those_of_their_place_in_the_passage(tmp_path, embedder):
    said = "Visits are late. They are seldom recorded."
    document = Document("d", "Title", Kind.LETTER, authority="Kent")
    passages = [Passage("d:0", "d", 0, said), Passage("d:1", "d", 1, said, asked=("are visits late",)), Passage("d:2", "d", 2, "One.")]
    with Library(tmp_path) as library:
        index = VectorIndex(library, embedder)
        library.store(document, passages)
        index.sync()
        held = index.sentences((document, passage) for passage in passages)
        assert {id: vectors.shape for id, vectors in held.items()} == {"d:0": (2, 384), "d:2": (1, 384)}  # d:1 is searched by sentence
        text = f"Title. Kent. {said}"
        _, (made,) = embedder.embed_in_parts([text], [((13, 29), (30, len(text)))])
        assert (held["d:0"] * made).sum(axis=1).min() > 0.999
        asked = index.embed(["Visits are late.", "How seldom are they recorded?"])
        assert (held["d:0"] @ asked.T).argmax(axis=0).tolist() == [0, 1]
        assert index.sentences([]) == {}
        SharedSystemClient.clear_system_cache()


def test_packed_vectors_are_as_near_to_anything_as_they_were():
    rows = np.random.default_rng(1).normal(size=(50, 384)).astype(np.float32)
    rows[0, 5] = 40.0  # one number far above the others
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert np.abs(unpack(pack(rows)) @ rows.T - rows @ rows.T).max() < 0.01


def test_the_check_mends_what_the_record_does_not_know_is_broken(tmp_path, embedder, monkeypatch):
    monkeypatch.setattr(vectors_module, "PAGE", 4)
    found = [Passage(f"d:{i}", "d", i, f"Rule {i} is kept.") for i in range(6)]
    with Library(tmp_path) as library:
        index = VectorIndex(library, embedder)
        library.store(Document("d", "Title", Kind.LOCAL), found)
        assert index.sync() == 6 and index.check() == index.sync() == 0
        side = index._sides["views"]
        ids = side.get()["ids"]
        side.delete(ids=ids[:2])
        assert index.check() == 2 and index.check() == 0
        side.delete(ids=ids[:2])
        assert index.sync() == 2 and index.sync() == 0
        SharedSystemClient.clear_system_cache()


def test_groups_are_whole_and_just_large_enough():
    assert groups({"a": 3, "b": 4, "c": 9, "d": 0, "e": 2}, 6) == [["a", "b"], ["c"], ["d", "e"]]
    assert groups({}, 6) == []


# -- killed ------------------------------------------------------------------------------


def start(files: Path, library: Path, corpus: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "LIBRARY_DIR": str(library), "CORPUS_DIR": str(corpus)}
    command = [sys.executable, "-m", "ingest", str(files)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def opened(library: Path, process: subprocess.Popen[str], seconds: float = 60) -> None:
    """Wait until the run has opened its library: what happens before can break nothing."""
    until = time.monotonic() + seconds
    while not (library / ".lock").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)


def test_killed_at_any_moment_the_next_run_completes_it(tmp_path, files, corpus, embedder):
    for i in range(8):
        (files / f"rules {i}.md").write_text(text_of(f"Set {i}"))
    library_of(tmp_path / "before", files, corpus, embedder)
    (files / "rules 0.md").write_text(text_of("Set 0", 50))
    (files / "rules 1.md").unlink()
    (files / "rules 2.md").rename(files / "renamed.md")
    (files / "rules 8.md").write_text(text_of("Set 8"))
    shutil.copy(files / "rules 3.md", files / "rules 9.md")
    library_of(tmp_path / "whole", files, corpus, embedder)
    whole = Whole(tmp_path / "whole", embedder)

    took = []
    for kill in range(-2, KILLS):
        library = tmp_path / f"killed {kill}"
        if kill % 2:
            shutil.copytree(tmp_path / "before", library)
            (library / ".lock").unlink(missing_ok=True)
        process = start(files, library, corpus)
        opened(library, process)
        began = time.monotonic()
        if kill >= 0:
            time.sleep((kill + random.Random(kill).random()) / KILLS * max(took))
            process.send_signal(signal.SIGKILL)
        process.communicate()
        if kill < 0:
            took.append(time.monotonic() - began)
            assert process.returncode == 0
        else:
            library_of(library, files, corpus, embedder)
        whole.require_same(library)
        shutil.rmtree(library)


# -- out of disk -----------------------------------------------------------------------------


@contextlib.contextmanager
def disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A disk of its own, of this size."""
    folder.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], capture_output=True).returncode
    ):
        pytest.skip("mounting a small disk needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_that_fills_at_any_point_is_said_and_the_next_run_completes_it(tmp_path, files, corpus, embedder):
    for i in range(8):
        (files / f"rules {i}.md").write_text(text_of(f"Set {i}"))
    library_of(tmp_path / "whole", files, corpus, embedder)
    needed = sum(file.stat().st_blocks for file in (tmp_path / "whole").rglob("*")) // 2
    whole = Whole(tmp_path / "whole", embedder)
    for fill in range(FILLS):
        with disk(tmp_path / f"disk {fill}", max(16, needed * fill // FILLS)) as small:
            run = start(files, small / "library", corpus)
            out, error = run.communicate(timeout=120)
            assert (run.returncode, out) == (1, ""), (fill, needed, error)
            assert "no room left on the disk" in " ".join(error.split()), (fill, needed, error)
            assert "Traceback" not in error
            subprocess.run(["mount", "-o", "remount,size=100m", small], check=True)
            library_of(small / "library", files, corpus, embedder)
            whole.require_same(small / "library")


# -- files made to break a reader --------------------------------------------------------------


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with a few bytes, runs or pieces changed, moved, doubled or cut away."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(changed) or 1)
        length = chance.choice((1, 4, 64, 2000))
        match chance.randrange(6):
            case 0:
                changed[at : at + length] = chance.randbytes(length)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length] * chance.choice((1, 2, 50))
            case 3:
                changed[at : at + length] = bytes(length)
            case 4:
                figures = [i for i in range(at, min(at + 5000, len(changed))) if 48 <= changed[i] <= 57]
                for i in figures[:8]:
                    changed[i] = chance.randrange(48, 58)
            case 5 if chance.random() < 0.2:
                del changed[at:]
    return bytes(changed)


def word_file(document: bytes) -> bytes:
    """A Word file whose text is `document`, the XML of its body."""
    made = io.BytesIO()
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="word/document.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", rels)
        archive.writestr("word/document.xml", document)
    return made.getvalue()


def body(inside: bytes) -> bytes:
    return (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
        + inside
        + b"</w:t></w:r></w:p></w:body></w:document>"
    )


def seeds() -> dict[str, bytes]:
    """Files that can be read, by name: the smaller of the real reports where they are here, and some of our own."""
    real = sorted(REPORTS.rglob("*.pdf"), key=lambda file: file.stat().st_size)[:40:2] if REPORTS.exists() else []
    return {
        **{f"{i}.pdf": file.read_bytes() for i, file in enumerate(real)},
        "own.pdf": pdf("Child in need visits are every three weeks."),
        "own.docx": word_file(body(b"Child in need visits are every three weeks.")),
        "own.html": b"<!doctype html><html><body><h1>Visits</h1><p>Visits are <b>every</b> three weeks.</p><ul><li>One</ul></body></html>",
        "own.md": text_of("Visits").encode(),
    }


def test_a_mutated_file_is_read_or_refused_and_nothing_else(tmp_path, embedder):
    originals = seeds()
    made = []
    for i in range(MUTATIONS):
        chance = random.Random(i)
        name = chance.choice(sorted(originals))
        file = tmp_path / f"{i} {name}"
        file.write_bytes(mutated(originals[name], chance))
        made.append(file)
    titled = read_manifest(CORPUS).authorities.titled
    began, longest, refused = time.monotonic(), 0.0, 0
    for file, reading in zip(made, read_ahead(made), strict=True):
        if isinstance(reading, ReadError):
            refused += 1
            assert file.name in str(reading) and str(reading).endswith(".") and "\n" not in str(reading)
            continue
        ofsted.read_report(reading.blocks, str(file), titled)
        document = Document("d", "T", Kind.LOCAL)
        assert len({p.id for p in passages(document, reading.blocks, embedder.pieces, embedder.window)}) >= 0
        longest, began = max(longest, time.monotonic() - began), time.monotonic()
    print(f"{len(made)} files, {refused} refused, the longest {longest:.1f} s")
    assert longest < 30


def deflated(megabytes: int, inside: bytes = b" ") -> bytes:
    """A zlib stream that unpacks to so many megabytes, made in a moment: one block, many times."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(inside * (1_000_000 // len(inside))) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * megabytes + packer.flush()


def flate_bomb(megabytes: int) -> bytes:
    """A PDF of some kilobytes whose page unpacks, twice over, to so many megabytes."""
    stream = zlib.compress(deflated(megabytes), 9)
    whole = pdf("x")
    old = whole[whole.index(b"<< /Length") : whole.index(b"endstream")]
    new = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\n" % (len(stream), stream)
    return whole.replace(old, new)


def many_pages(count: int) -> bytes:
    """A PDF that shows its one page so many times."""
    return pdf("x").replace(b"[3 0 R]", b"[" + b"3 0 R " * count + b"]").replace(b"/Count 1", b"/Count %d" % count)


MEASURED = """
import json, resource, sys, time
from pathlib import Path
from ingest import child
from ingest.child import read_ahead
child.PROCESSOR_SECONDS = int(sys.argv[1])
took, told, began = [], [], time.monotonic()
for reading in read_ahead(map(Path, sys.argv[2:])):
    took.append(time.monotonic() - began)
    began = time.monotonic()
    told.append(str(reading) if isinstance(reading, Exception) else len(reading.blocks))
print(json.dumps([took, told, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


def test_bombs_are_refused_in_time_and_in_little_memory_and_the_rest_is_read(tmp_path):
    bombs = {
        "flate.pdf": flate_bomb(4_000),
        "pages.pdf": many_pages(100_000),
        "zip.docx": word_file(body(b" " * 300_000_000)),
        "zip of tags.docx": word_file(body(b"<w:b/>" * 20_000_000)),
        "deep.html": b"<html><body>" + b"<div>" * 300_000 + b"x",
        "long.md": b"[" * 600_000,
        "quotes.md": b">" * 1_000_000 + b" x",
    }
    files = []
    for name, data in bombs.items():
        for file, content in ((tmp_path / name, data), (tmp_path / f"after {name}.md", text_of("Visits").encode())):
            file.write_bytes(content)
            files.append(file)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, SECONDS, *files], cwd=ROOT, capture_output=True, text=True, check=True, timeout=400
    )
    took, told, peak = json.loads(done.stdout)
    print({file.name: (round(seconds, 1), str(what)) for file, seconds, what in zip(files, took, told, strict=True)}, peak // 1000, "MB")
    assert told[1::2] == [31] * len(bombs)
    assert all(isinstance(what, int) or name in what for name, what in zip(bombs, told[::2], strict=True))
    assert max(took) < int(SECONDS) + 15
    assert peak < 1_000_000


def test_a_file_that_takes_too_long_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(child, "PROCESSOR_SECONDS", 1)
    slow, good = tmp_path / "slow.pdf", tmp_path / "good.md"
    slow.write_bytes(many_pages(100_000))
    good.write_text(text_of("Visits"))
    first, second = read_ahead([slow, good])
    assert str(first) == "slow.pdf takes longer than 1 seconds to read; split it, or give its text alone as a .txt file."
    assert len(second.blocks) == 31


def test_a_child_that_talks_nonsense_is_not_believed(tmp_path):
    evil = tmp_path / "evil.py"
    evil.write_text("import pickle, sys\nd = pickle.dumps(print)\nsys.stdout.buffer.write(len(d).to_bytes(8) + d)\n")
    process = subprocess.Popen([sys.executable, evil], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    reader = child._Child()
    reader._process = process
    assert "reading it broke off" in str(reader.read(tmp_path / "a.md"))
