"""Metrics as pure functions. What a case scores is a `Score`, (so much, out of so much); a figure is the sum of the first
over the sum of the second, so that means and shares of sentences are one thing, and cases can be drawn again for intervals.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.text import content_stems, sentences

Score = tuple[float, float]
Found = Sequence[Collection[int]]
"""What a search returned, best first: for each result, which of the case's golds (by their place) it holds."""
Interval = tuple[float, float]

RESAMPLES = 1000
_SEED = 20250520


# -- search --------------------------------------------------------------------


def rank(found: Found) -> int | None:
    """Place of the first result that holds a gold, from 1; None where there is none."""
    return next((place for place, golds in enumerate(found, start=1) if golds), None)


def hit_at(k: int, found: Found) -> float:
    """1 where a gold is among the first `k`, else 0."""
    return float(any(found[:k]))


def reciprocal_rank(found: Found) -> float:
    """1 over the place of the first gold, 0 without one (Voorhees 1999); its mean is the MRR."""
    return 1 / place if (place := rank(found)) else 0.0


def ndcg_at(k: int, found: Found, golds: int) -> float:
    """Normalised discounted cumulative gain over the first `k` (Järvelin & Kekäläinen 2002), 0 to 1.

    A result gains 1 where it holds one of the `golds` that none before it held, discounted by log2(1 + place).
    """
    seen: set[int] = set()
    gained = 0.0
    for place, held in enumerate(found[:k], start=1):
        if new := set(held) - seen:
            seen |= new
            gained += 1 / np.log2(1 + place)
    ideal = sum(1 / np.log2(1 + place) for place in range(1, min(k, golds) + 1))
    return float(gained / ideal) if ideal else 0.0


# -- what is said, and on what it rests ----------------------------------------


def normal(text: str) -> str:
    """`text` without what two printings of the same words differ by: case, white space, kinds of quotes and dashes."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[\u2018\u2019]", "'", re.sub(r"[\u201c\u201d]", '"', re.sub(r"[\u2010-\u2015\u2212]", "-", text)))
    return re.sub(r"\s+", " ", re.sub(r"\s*-\s*", "-", text)).strip()


def word_for_word(text: str, quotes: Iterable[str]) -> bool:
    """Whether `text` stands in one of `quotes`, however the lines are broken. Its case counts, as it does not for `verbatim`: a
    clause that was cut out and given a capital is to be read."""
    return any(" ".join(text.split()) in " ".join(quote.split()) for quote in quotes)


def squeezed(text: str) -> str:
    """The letters and digits of `text` alone: line ends and broken words are no difference."""
    return "".join(c for c in text.lower() if c.isalnum())


def says(text: str, wording: str) -> bool:
    """Whether `wording` stands in `text`, in `normal` form: from the start of a word, and no number cut ("6 weeks" is not in
    "16 weeks", "adequate" not in "inadequate")."""
    wanted = normal(wording)
    after = r"(?![\d])(?![.,]\d)" if wanted[-1:].isdigit() else ""
    return bool(wanted) and re.search(rf"(?<![\w])(?<!\d[.,]){re.escape(wanted)}{after}", normal(text)) is not None


def fact_recall(text: str, facts: Sequence[Sequence[str]]) -> Score:
    """How many of the facts `text` says, each in any of its wordings."""
    return float(sum(any(says(text, wording) for wording in wordings) for wordings in facts)), float(len(facts))


def contradiction(text: str, must_not: Sequence[str]) -> Score:
    """1 out of 1 where `text` says anything it must not, 0 out of 1 where it says none, nothing where nothing is barred."""
    return float(any(says(text, wording) for wording in must_not)), float(bool(must_not))


def citation_precision(supports: Sequence[Sequence[bool]]) -> Score:
    """Citations that support the sentence they stand at, of all citations; `supports` has a row a sentence.

    After ALCE (Gao et al. 2023), which asks the same of a language model's citations.
    """
    return float(sum(sum(row) for row in supports)), float(sum(len(row) for row in supports))


def citation_recall(supports: Sequence[Sequence[bool]]) -> Score:
    """Sentences with at least one citation that supports them, of all sentences (Gao et al. 2023)."""
    return float(sum(any(row) for row in supports)), float(len(supports))


def verbatim(sentence: str, passage: str) -> bool:
    """Whether `passage` holds `sentence` word for word."""
    return normal(sentence) in normal(passage)


_QUALIFIERS = frozenset(
    """all every each most many majority minority some several few fewer half both any always usually often frequently
    sometimes occasionally rarely seldom generally mostly typically consistently only almost nearly
    not no never none nor neither nothing nobody without cannot unless except lack lacks lacking lacked""".split()
)
_CLAUSE = re.compile(r"[,;:()\u2013\u2014\n]+")


def qualifiers(text: str) -> Counter[str]:
    """The quantifiers and negations of `text`, each as often as it stands there; "isn't" counts as "not"."""
    found = re.findall(r"[a-z]+?n't|[a-z]+", normal(text))
    return Counter("not" if word.endswith("n't") else word for word in found if word in _QUALIFIERS or word.endswith("n't"))


def qualifiers_kept(shown: str, passage: str) -> bool:
    """Whether `shown` has the quantifiers and negations of what it was made from, no fewer and no more.

    Made from: the sentences of `passage` that hold it, of which a part is measured against the clauses it was cut
    from; where none holds it, the sentence most like it.
    """
    return qualifiers(shown) == qualifiers(_made_from(shown, passage))


def _made_from(shown: str, passage: str) -> str:
    whole = sentences(passage)
    run = _shortest_run(shown, whole)
    if not run:
        wanted = set(content_stems(shown))
        return max(whole, key=lambda text: len(wanted & set(content_stems(text))), default="")
    return run if _bare(run) == _bare(shown) else _shortest_run(shown, _CLAUSE.split(run))


def _shortest_run(shown: str, parts: Sequence[str]) -> str:
    """The fewest neighbouring parts that together hold the words of `shown` in order; "" where none do."""
    wanted = _bare(shown)
    for length in range(1, len(parts) + 1):
        for start in range(len(parts) - length + 1):
            run = " ".join(parts[start : start + length])
            if wanted in _bare(run):
                return run
    return ""


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", normal(text)))


def share(flags: Sequence[bool]) -> float:
    """Share of `flags` that are true; 0 for none."""
    return sum(flags) / len(flags) if flags else 0.0


def length_in_words(text: str) -> int:
    """How many words `text` has, Markdown and citation markers left out."""
    return len(re.findall(r"[^\W_][\w'\u2019-]*", re.sub(r"\[\d+\]", " ", text)))


# -- over many cases -----------------------------------------------------------


def figure(scores: Sequence[Score]) -> float | None:
    """All of the first over all of the second; None out of nothing."""
    out_of = sum(total for _, total in scores)
    return sum(part for part, _ in scores) / out_of if out_of else None


def interval(scores: Sequence[Score]) -> Interval | None:
    """The 95% percentile bootstrap interval of `figure` (Efron 1979): cases drawn again, with replacement, 1000 times."""
    return difference_interval(scores, [(0.0, 1.0)] * len(scores))


def difference_interval(scores: Sequence[Score], others: Sequence[Score]) -> Interval | None:
    """The 95% interval of how much `figure(scores)` is above `figure(others)`, the same cases drawn for both."""
    ours, theirs = np.array(scores, dtype=float).reshape(-1, 2), np.array(others, dtype=float).reshape(-1, 2)
    if not len(ours) or not ours[:, 1].sum() or not theirs[:, 1].sum():
        return None
    drawn = draws(len(ours))
    totals, their_totals = ours[drawn].sum(axis=1), theirs[drawn].sum(axis=1)
    some = (totals[:, 1] > 0) & (their_totals[:, 1] > 0)
    gaps = totals[some, 0] / totals[some, 1] - their_totals[some, 0] / their_totals[some, 1]
    low, high = np.percentile(gaps, [2.5, 97.5])
    return float(low), float(high)


def quantile(values: Sequence[float], q: float) -> float | None:
    """The `q` quantile, 0 to 1, of `values`; None of none."""
    return float(np.quantile(values, q)) if values else None


def quantile_interval(values: Sequence[float], q: float) -> Interval | None:
    """Its 95% percentile bootstrap interval."""
    if not values:
        return None
    low, high = np.percentile(np.quantile(np.array(values)[draws(len(values))], q, axis=1), [2.5, 97.5])
    return float(low), float(high)


@lru_cache
def draws(count: int) -> NDArray[np.int64]:
    """The places drawn, of `count`: a row for each time."""
    return np.random.default_rng(_SEED).integers(0, count, size=(RESAMPLES, count))
