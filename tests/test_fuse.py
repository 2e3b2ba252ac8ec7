from assistant.search import fuse, last_question
from assistant.types import Signals
from assistant.vectors import Near


def test_each_passage_has_its_nearest_views_and_its_share_of_the_best_keyword():
    near = [Near("a", "whole", 0, 0.6, 0), Near("a", "asked", 1, 0.9, 0), Near("a", "asked", 2, 0.6, 0), Near("b", "sentence", 2, 0.3, 0)]
    fused = {f.passage_id: f for f in fuse(near, {"b": 4.0, "c": 2.0})}
    assert fused["a"].signals == Signals(nearest=0.9, asked=0.9, support=0.6, sentence=0.3, whole=0.6, keyword=0.0)
    assert (fused["b"].signals.keyword, fused["c"].signals.keyword) == (1.0, 0.5)
    assert fused["b"].sentences == {2: 0.3}


def test_a_score_is_the_weighted_sum_of_signals():
    assert round(Signals(nearest=0.6, keyword=0.5).weighed(Signals(nearest=0.5, keyword=0.2, words=1)), 6) == 0.4


def test_the_end_of_a_message_has_its_share_of_each_cosine():
    near = [Near("a", "whole", 0, 0.8, 0), Near("a", "whole", 0, 0.4, 1)]
    assert round(fuse(near, {}, tail=1)[0].signals.nearest, 3) == 0.74


def test_nothing_found_is_nothing_fused():
    assert fuse([], {}) == []


def test_the_question_after_a_situation_is_its_last_sentence():
    assert last_question("Mum has moved out. Who do we have to tell about it?") == "Who do we have to tell about it?"
    assert last_question("who do we tell") == ""
