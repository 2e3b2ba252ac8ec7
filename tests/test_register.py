"""What the register makes of sentences: hand-worked ones, and the letter that ships with the project."""

import shutil

import pytest

from assistant.classify import judged, load_lexicon, standing, themes
from assistant.findings import load_themes
from assistant.library import Library
from assistant.settle import load_weights
from assistant.types import Document, Kind, Passage
from eval.register import Label, f1, found, micro_f1, whole
from ingest.readers import read_source
from ingest.register import findings, units
from ingest.run import ingest
from ingest.structure import passages
from tests.conftest import CORPUS
from tests.conftest import LETTER as SANDWELL

LEXICON = load_lexicon(CORPUS / "register.toml")
WEIGHTS = load_weights(CORPUS / "register_weights.toml")
LETTER = Document("sandwell", "T", Kind.LETTER, authority="Sandwell")
GOOD, BAD, BOTH, NEITHER = "strength", "improvement", "mixed", "neutral"


@pytest.fixture(scope="module")
def letter():
    blocks = read_source(CORPUS / "letters" / "sandwell-focused-visit-2025-05-20.txt").blocks
    made = passages(LETTER, blocks, len, 100_000)
    return made, findings(LETTER, made, LEXICON, WEIGHTS)


@pytest.mark.parametrize(
    ("sentence", "polarities"),
    [
        ("Plans are clear and reviewed regularly.", [GOOD]),
        ("Supervision is not consistently effective.", [BAD]),
        ("There is a lack of effective management oversight.", [BAD]),
        ("Drift and delay are avoided.", [GOOD]),
        ("Children are seen without delay.", [GOOD]),
        ("The attainment gap has narrowed.", [GOOD]),
        ("Leaders recognise that more needs to be done.", [BAD]),
        ("It is too early to see the impact of these improvements.", [BAD]),
        ("Assessments are thorough, but plans are not specific enough.", [GOOD, BAD]),
        ("Although most visits are timely, some records are poor.", [GOOD, BAD]),
        ("Despite good intentions, plans are weak.", [BAD]),
        ("The team has twelve members.", [NEITHER]),
        ("When risk has not reduced, children are promptly escalated.", [GOOD]),
    ],
)
def test_a_sentence_weighs_as_it_reads(sentence, polarities):
    assert [polarity for _, polarity in judged(LEXICON, sentence, "")] == polarities


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("What needs to improve?", "improvement"),
        ("The local authority > Recommendations", "improvement"),
        ("Areas for improvement > Key strengths and weaknesses of the LSCB", ""),
        ("Information about this inspection > The inspection team", "left_out"),
        ("The local authority > Information about this local authority area > Children living in this area", "neutral"),
        ("The experiences and progress of children in care: good", ""),
    ],
)
def test_headings_say_what_stands_under_them(section, says):
    assert standing(LEXICON, section) == says


def test_a_result_weighs_as_what_it_results_from():
    assert judged(LEXICON, "This means that they move home.", "", before="improvement")[0][1] == BAD


@pytest.mark.parametrize(
    ("sentence", "about"),
    [
        ("Supervision is regular.", {"supervision"}),
        ("Most care leavers have an up-to-date pathway plan.", {"care-leavers"}),
        ("The designated officer (LADO) responds promptly to allegations.", {"allegations"}),
        ("Return home interviews are offered to children who go missing.", {"exploitation"}),
        ("Family group conferences are used well.", {"family-time"}),
    ],
)
def test_a_sentence_is_about_what_it_names(sentence, about):
    assert set(themes(LEXICON, sentence)) == about


def test_every_theme_of_the_list_has_its_words():
    assert [name for name, _ in LEXICON.themes] == [theme.id for theme in load_themes(CORPUS / "themes.toml")]


def test_each_bullet_is_a_sentence_of_its_own_and_a_cross_reference_is_none():
    text = "Leaders should:\n- See children. See parents.\n- Write plans (paragraph 3). (Recommendation)"
    assert [text[a:b] for a, b, _ in units(text)] == ["Leaders should:", "See children.", "See parents.", "Write plans (paragraph 3)."]


def test_a_reference_printed_after_a_sentence_is_part_of_it():
    text = "How plans are reviewed. (Outcome 4, national framework)\n- (see paragraph 2)"
    assert [text[a:b] for a, b, _ in units(text)] == ["How plans are reviewed. (Outcome 4, national framework)", "(see paragraph 2)"]


def test_findings_of_the_letter_are_verbatim_and_stand_where_they_are_cited(letter):
    made, found = letter
    texts = {passage.id: passage.text for passage in made}
    assert all(finding.text in texts[finding.passage_id] for finding in found)
    assert len({finding.id for finding in found}) == len(found)
    assert [finding.position for finding in found] == list(range(len(found)))
    assert not any(finding.paragraph in {"letterhead", "signature"} for finding in found)


@pytest.mark.parametrize(
    ("start", "polarity", "theme", "quantifier"),
    [
        ("A significant minority of children in some teams", BAD, "plans", "A significant minority"),
        ("The majority of children in need", GOOD, "plans", "The majority"),
        ("Social workers in some teams benefit from effective", GOOD, "supervision", "some"),
        ("but within several locality teams", BAD, "supervision", "several"),
        ("Regularity and quality of supervision", BAD, "supervision", ""),
        ("Most decisions to step down", GOOD, "step-down", "Most"),
        ("However, a minority of children are stepped down", BAD, "step-down", "a minority"),
        ("Unaccompanied children seeking asylum", GOOD, "uasc", ""),
        ("The trust's quality assurance framework (QAF) is comprehensive", GOOD, "quality-assurance", ""),
    ],
)
def test_the_letter_reads_right(letter, start, polarity, theme, quantifier):
    finding = next(f for f in letter[1] if f.text.startswith(start))
    assert (finding.polarity, finding.quantifier) == (polarity, quantifier)
    assert theme in finding.themes


def test_no_findings_are_made_of_law():
    assert findings(Document("law", "T", Kind.LEGISLATION), [Passage("law:1", "law", 0, "Plans are clear.")], LEXICON, WEIGHTS) == []


def test_a_split_sentence_is_measured_whole(letter):
    sentence = next(p.text for p in letter[0] if "Social workers in some teams benefit" in p.text)
    parts = found(Label("", "", sentence[sentence.index("Social workers in some") :], BOTH, frozenset()), letter[1])
    assert whole(parts) == BOTH


def test_figures_by_hand():
    pairs = [(GOOD, GOOD), (GOOD, BAD), (BAD, BAD), (NEITHER, BAD)]
    assert f1(pairs, GOOD) == pytest.approx(2 / 3)
    assert f1(pairs, BAD) == pytest.approx(1 / 2)
    both = [(frozenset("ab"), frozenset("a")), (frozenset("c"), frozenset("d"))]
    assert micro_f1(both) == pytest.approx(2 / 5)


def test_other_words_make_other_findings_and_leave_passages_as_they_are(tmp_path, embedder):
    corpus = tmp_path / "corpus"
    shutil.copytree(CORPUS, corpus, ignore=shutil.ignore_patterns("policy", "weigher.npz"))  # the words alone decide
    with Library(tmp_path / "library") as library:
        assert {o.what for o in ingest([corpus], library, embedder, corpus)} == {"new"}
        before, passages_before = library.findings(), library.passages_of(SANDWELL)
        words = corpus / "register.toml"
        words.write_text(words.read_text(encoding="utf-8").replace('"supervision", "supervised"', '"never so printed"'), encoding="utf-8")
        assert [(o.name, o.what) for o in ingest([corpus], library, embedder, corpus)] == [(f"{SANDWELL}.txt", "changed")]
        assert library.findings() != before and library.passages_of(SANDWELL) == passages_before
        assert {o.what for o in ingest([corpus], library, embedder, corpus)} == {"unchanged"}
