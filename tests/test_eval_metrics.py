"""The metrics of the evaluation, each on a case worked by hand."""

from collections import Counter
from math import log2

import numpy as np
import pytest

from eval.baselines import fused
from eval.metrics import (
    citation_precision,
    citation_recall,
    contradiction,
    difference_interval,
    fact_recall,
    figure,
    hit_at,
    interval,
    length_in_words,
    ndcg_at,
    qualifiers,
    qualifiers_kept,
    quantile,
    quantile_interval,
    rank,
    reciprocal_rank,
    says,
    verbatim,
)

NOTHING: list[list[int]] = [[], [], []]


def test_the_place_of_the_first_gold_gives_hits_and_the_reciprocal_rank():
    found = [[], [], [1], [0]]
    assert rank(found) == 3
    assert [hit_at(k, found) for k in (1, 3, 5)] == [0.0, 1.0, 1.0]
    assert reciprocal_rank(found) == pytest.approx(1 / 3)
    assert (rank(NOTHING), hit_at(5, NOTHING), reciprocal_rank(NOTHING)) == (None, 0.0, 0.0)


def test_ndcg_discounts_by_place_and_counts_each_gold_once():
    assert ndcg_at(10, [[0], [1]], 2) == 1.0
    assert ndcg_at(10, [[], [0]], 1) == pytest.approx(1 / log2(3))
    # Two golds, found at places 1 and 4; the best would be places 1 and 2. The second chunk that holds gold 0 gains nothing.
    assert ndcg_at(10, [[0], [0], [], [1]], 2) == pytest.approx((1 + 1 / log2(5)) / (1 + 1 / log2(3)))
    assert ndcg_at(1, [[], [0]], 1) == 0.0
    assert ndcg_at(10, [], 3) == 0.0


@pytest.mark.parametrize(
    ("text", "wording", "found"),
    [
        ("Within  15 working\ndays", "15 working days", True),
        ("the authority\u2019s duty", "authority's duty", True),
        ("multi- agency work", "multi-agency", True),
        ("16 weeks", "6 weeks", False),
        ("1.6 weeks", "6 weeks", False),
        ("in 2025", "in 202", False),
        ("by 15.5", "15", False),
        ("The grade was 15.", "15", True),
        ("inadequate", "adequate", False),
        ("Inspectors found", "inspector", True),
        ("anything", "", False),
    ],
)
def test_a_wording_is_found_whatever_its_case_and_spaces_but_never_inside_a_word_or_number(text, wording, found):
    assert says(text, wording) is found


def test_facts_count_once_whichever_wording_is_used():
    facts = [["15 working days", "fifteen working days"], ["the chair"], ["never said"]]
    assert fact_recall("The chair decides within fifteen working days (15 working days).", facts) == (2.0, 3.0)


def test_a_contradiction_counts_only_where_something_is_barred():
    assert contradiction("It is in force now.", ["is in force", "started in"]) == (1.0, 1.0)
    assert contradiction("It is not in force.", ["is in force"]) == (0.0, 1.0)
    assert contradiction("It is in force.", []) == (0.0, 0.0)


def test_citations_are_judged_sentence_by_sentence():
    supports = [[True, False], [False], [True], []]
    assert citation_precision(supports) == (2.0, 4.0)
    assert citation_recall(supports) == (2.0, 4.0)
    assert citation_precision([[True, True, False], [False]]) == (2.0, 4.0)
    assert citation_recall([[True, True, False], [False]]) == (1.0, 2.0)


def test_verbatim_forgives_line_ends_and_nothing_else():
    assert verbatim("Most children are seen.", "Few wait.  Most children\nare seen. Some move.")
    assert not verbatim("Children are seen promptly.", "Children are seen.")


def test_quantifiers_and_negations_are_counted():
    assert qualifiers("Most plans aren't late; a minority are not, and most are seen.") == Counter({"most": 2, "minority": 1, "not": 2})


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("A minority of assessments lack depth.", True),
        ("Assessments lack depth.", False),
        ("All assessments lack depth.", False),
        ("Children are seen alone", True),
        ("within 15 working days", True),
        ("later than 6 weeks", False),
        ("Some assessments show depth.", False),
    ],
)
def test_what_is_shown_keeps_the_qualifiers_of_the_sentence_or_clause_it_was_cut_from(shown, kept):
    passage = (
        "A minority of assessments lack depth. Children are seen alone, but not always promptly. "
        "It is held, unless all agree, within 15 working days. Reviews start no later than 6 weeks."
    )
    assert qualifiers_kept(shown, passage) is kept


def test_words_are_counted_without_markdown():
    assert length_in_words("**Within 15 days** [1]\n\n- Children's plans, well-made. [2]") == 6


def test_a_figure_is_all_of_the_parts_over_all_of_the_wholes():
    assert figure([(1.0, 2.0), (3.0, 4.0), (0.0, 0.0)]) == pytest.approx(4 / 6)
    assert figure([(0.0, 0.0)]) is None


def test_the_interval_of_a_share_is_about_that_of_the_normal_law_and_the_same_each_time():
    scores = [(1.0, 1.0)] * 80 + [(0.0, 1.0)] * 20
    low, high = interval(scores)
    # Standard error 0.04, so 0.8 plus or minus 0.078.
    assert low == pytest.approx(0.722, abs=0.015)
    assert high == pytest.approx(0.878, abs=0.015)
    assert interval(scores) == (low, high)
    assert interval([(1.0, 1.0)] * 10) == (1.0, 1.0)
    assert interval([(0.0, 0.0)]) is None and interval([]) is None


def test_a_difference_on_the_same_cases_leaves_out_what_they_share():
    hard = [(float(i % 2), 1.0) for i in range(100)]
    assert difference_interval(hard, hard) == (0.0, 0.0)
    low, high = difference_interval([(1.0, 1.0)] * 100, hard)
    assert 0.35 < low < 0.5 < high < 0.65


def test_quantiles_have_intervals_too():
    values = [float(v) for v in range(1, 102)]
    assert quantile(values, 0.5) == 51.0
    low, high = quantile_interval(values, 0.5)
    assert 35 < low < 51 < high < 67
    assert quantile([], 0.5) is None and quantile_interval([], 0.5) is None


def test_fusion_adds_one_over_sixty_and_the_place():
    # Places by the first score 1, 2, 3; by the second 3, 1, 2.
    assert fused(np.array([0.9, 0.5, 0.1]), np.array([0.0, 2.0, 1.0])) == pytest.approx([1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62])
