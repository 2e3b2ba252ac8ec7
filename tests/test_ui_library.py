"""The shelf, and files that a person adds or takes away."""

import shutil
from dataclasses import replace

import pytest

from assistant.chain import Assistant
from assistant.errors import LibraryError
from assistant.library import Library
from assistant.shelf import Standing, entries, matching, removable
from assistant.types import Document, Kind, Passage
from ingest.added import add, folder_of, remove, safe_name
from ingest.run import Outcome
from tests.conftest import CORPUS
from ui.shelf import PAGE, about, outcomes, passages, table

LETTER = Document("letter", "Visit to Ashby", Kind.LETTER, authority="Ashby", source="letters/ashby.txt")
GUIDE = Document("guide", "Guide 2023", Kind.GUIDANCE, source="/data/guide.pdf")
OWN = Document("own", "Our <b>procedure</b>", Kind.LOCAL, source="/data/added/own.md")
SOURCES = {
    "document": [{"id": "letter", "later": [{"title": "Report", "notice": "Inspected again.", "url": "https://example.org/report"}]}],
    "source": [
        {"id": "guide", "title": "Guide 2023", "superseded_by": "new"},
        {"id": "new", "title": "Guide 2026", "page": "https://example.org"},
    ],
}


def test_each_document_has_its_standing():
    attached = replace(GUIDE, id="guide--annex")
    withdrawn = replace(OWN, id="gone", edition="2018; withdrawn 2024-01-01")
    found = entries([LETTER, GUIDE, attached, OWN, withdrawn], {"letter": 3}, SOURCES)
    assert [e.standing for e in found] == [
        Standing.LATER, Standing.SUPERSEDED, Standing.SUPERSEDED, Standing.CURRENT, Standing.WITHDRAWN,
    ]  # fmt: skip
    assert (found[0].passages, found[0].why, found[0].instead) == (3, "Inspected again.", "https://example.org/report")
    assert found[1].why == "Superseded by Guide 2026."


def test_the_shelf_is_filtered_by_words_kind_and_authority():
    shelf = entries([LETTER, GUIDE, OWN], {}, {})
    assert [e.document.id for e in matching(shelf, "2023 guide")] == ["guide"]
    assert [e.document.id for e in matching(shelf, kinds={Kind.LOCAL})] == ["own"]
    assert [e.document.id for e in matching(shelf, authority="Ashby")] == ["letter"]
    assert matching(shelf, "ashby", {Kind.LOCAL}) == []


def test_what_ships_with_the_project_stays():
    assert [removable(d) for d in (LETTER, GUIDE, OWN)] == [False, True, True]


def test_documents_and_files_are_escaped():
    entry = entries([OWN], {}, {})[0]
    held = [Passage(f"own:{n}", "own", n, "<script>x</script>", str(n), "<i>S</i>") for n in range(PAGE + 1)]
    html = table([entry], 1) + about(entry) + passages(OWN, held, 0, "own:3") + outcomes([Outcome("<a>.md", "refused", "<b>bad</b>")])
    assert not any(tag in html for tag in ("<b>", "<script>", "<i>", "<a>"))
    assert html.count('class="passage here"') == 1
    assert f"Passages 1 to {PAGE} of {PAGE + 1}" in html and 'href="#document/own/2"' in html


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Our policy (2026).md", "Our policy (2026).md"),
        ("../../etc/passwd", "passwd"),
        ("a;b|c`d.md", "a_b_c_d.md"),
        (".hidden", "hidden"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe


@pytest.fixture(scope="module")
def small(tmp_path_factory, embedder):
    """An assistant over an empty library and a corpus that only names things."""
    corpus = tmp_path_factory.mktemp("corpus")
    for name in (
        "sources.toml",
        "vocabulary.toml",
        "authorities.toml",
        "names.toml",
        "register.toml",
        "register_weights.toml",
        "themes.toml",
    ):
        shutil.copy(CORPUS / name, corpus)
    (corpus / "gaps.toml").write_text("")
    with Library(tmp_path_factory.mktemp("small") / "library") as library:
        yield Assistant(library, embedder, corpus)


def test_an_added_file_is_kept_replaced_and_removed(small, tmp_path):
    upload = tmp_path / "Rota.md"
    upload.write_text("# Rota\n\nDuty changes on Mondays.", encoding="utf-8")
    assert [o.what for o in add([upload], small)] == ["new"]
    assert [o.what for o in add([upload], small)] == ["unchanged"]
    upload.write_text("# Rota\n\nDuty changes on Fridays.", encoding="utf-8")
    assert [o.what for o in add([upload], small)] == ["changed"]
    upload.write_text("", encoding="utf-8")
    assert [o.what for o in add([upload], small)] == ["refused"]
    kept = folder_of(small) / "Rota.md"
    assert "Fridays" in kept.read_text(encoding="utf-8") and [d.title for d in small.documents] == ["Rota"]
    assert remove("rota", small) == "Rota"
    assert not small.documents and not list(folder_of(small).iterdir())


def test_a_document_of_the_corpus_is_never_removed(small):
    small.library.store(LETTER, [])
    with pytest.raises(LibraryError, match="ships with the project"):
        remove("letter", small)
    with pytest.raises(LibraryError, match="no longer"):
        remove("nothing", small)
    assert small.library.document("letter")
