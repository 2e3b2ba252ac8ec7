from assistant.search import Weights, fuse, last_question
from assistant.vectors import Near

ONLY_NEAREST = Weights(nearest=1, asked=0, sentence=0, whole=0, keyword=0.5, tail=0.25)


def test_nearest_view_and_share_of_best_keyword_are_added():
    near = [Near("a", "whole", 0, 0.6, 0), Near("a", "asked", 1, 0.8, 0), Near("b", "sentence", 2, 0.7, 0)]
    fused = fuse(near, {"b": 4.0, "c": 2.0}, ONLY_NEAREST)
    assert [(f.passage_id, round(f.score, 3)) for f in fused] == [("b", 1.2), ("c", 0.85), ("a", 0.8)]
    assert fused[0].sentences == {2: 0.7}


def test_the_end_of_a_message_has_its_share_of_each_cosine():
    near = [Near("a", "whole", 0, 0.8, 0), Near("a", "whole", 0, 0.4, 1)]
    assert round(fuse(near, {}, ONLY_NEAREST, tail=1)[0].score, 3) == 0.7


def test_nothing_found_is_nothing_fused():
    assert fuse([], {}, ONLY_NEAREST) == []


def test_the_question_after_a_situation_is_its_last_sentence():
    assert last_question("Mum has moved out. Who do we have to tell about it?") == "Who do we have to tell about it?"
    assert last_question("who do we tell") == ""
