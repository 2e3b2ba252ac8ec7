import numpy as np
import pytest

from assistant.errors import CorpusError
from assistant.guard import called_for
from assistant.phrases import Phrase, Phrases
from assistant.types import DANGER, Gap
from ingest.sources import read_gaps

EAST, NORTH = np.array([1.0, 0.0], dtype=np.float32), np.array([0.0, 1.0], dtype=np.float32)
FIGURES, NOW = Gap("g", "", "No figures.", ()), Gap("d", "", "", (), DANGER)


def test_of_two_phrases_near_in_meaning_the_one_in_the_same_words_is_nearer():
    helped = ["did using a tool help", "help from using a tool"]
    which = ["which tool did they use", "which one did they use"]
    phrases = Phrases([*(Phrase(text, FIGURES, EAST) for text in which), *(Phrase(text, None, EAST) for text in helped)])
    nearest = phrases.nearest("did using a tool help them", EAST)
    assert nearest[0][0].text == helped[0]
    assert nearest[-1][0].text == which[1]
    assert 0 <= nearest[-1][1] < nearest[0][1] <= 1


def test_without_a_word_in_common_meaning_alone_decides():
    phrases = Phrases([Phrase("one thing", None, EAST), Phrase("another matter", None, NORTH)])
    assert phrases.nearest("something else", NORTH)[0][0].text == "another matter"


def test_no_phrases_are_near_nothing():
    assert Phrases([]).nearest("supervision", EAST) == []


def near(phrase: Phrase, *likeness: float) -> list[tuple[Phrase, float]]:
    return [(phrase, value) for value in likeness]


def test_a_message_calls_for_help_where_three_such_phrases_are_nearest():
    now, ordinary = Phrase("he is hitting her", NOW, EAST), Phrase("when is the conference", None, EAST)
    assert called_for([*near(now, 0.6, 0.5, 0.5), *near(ordinary, 0.4, 0.4, 0.4)]) == DANGER
    assert called_for([*near(now, 0.6, 0.5, 0.5), *near(ordinary, 0.6, 0.6, 0.6)]) == ""
    assert called_for(near(now, 0.6)) == ""


def test_two_gaps_of_one_topic_are_said_to_be_so(tmp_path):
    gap = '[[gap]]\ntopic = "fees"\ndocument = "law"\nwhy = "No note gives a fee."\nasked = ["what does it cost"]\n'
    (tmp_path / "gaps.toml").write_text(gap, encoding="utf-8")
    assert [found.asked for found in read_gaps(tmp_path)] == [("what does it cost",)]
    (tmp_path / "gaps.toml").write_text(gap * 2, encoding="utf-8")
    with pytest.raises(CorpusError, match="more than one gap with the topic 'fees'"):
        read_gaps(tmp_path)
