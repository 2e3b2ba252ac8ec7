"""Does the library answer this question at all? A handful of signals, weighed on the development questions. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.coverage import cover, rarity, said, spoken
from assistant.particular import Titles, given
from assistant.phrases import WORDING, Neighbours, Phrase
from assistant.shape import Shape, amount_fit, demanded, fit, shape_of
from assistant.types import LAW, Hit, Kind, finding
from assistant.vocabulary import Vocabulary

READ_BY = ("read", "read among")
"""What the reader says, as log odds: how likely the first passage answers, and the likeliest of the first READ."""
SIGNALS = (
    "dense", "coverage", "spread", "absent", "shape", "demanded", "amount", "ahead", "lead", "vote", "side",
    "asked", "support", "keyword", "words", "given", *READ_BY,
)  # fmt: skip


@dataclass(frozen=True)
class Gate:
    """Logistic weights over SIGNALS, the least chance for an answer, and how near the nearest passage must be at the least."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    least: float = 0.0

    def chance(self, signals: tuple[float, ...]) -> float:
        """The chance, 0 to 1, that the library answers a question with these signals."""
        return 1 / (1 + math.exp(-self.bias - sum(w * s for w, s in zip(self.weights, signals, strict=True))))

    def opens(self, signals: tuple[float, ...], beside: bool = False) -> bool:
        """Whether a question with these signals is answered; one side of a question `beside` another that is answered is
        more likely to be answered too."""
        return signals[0] >= self.least and self.chance(signals) >= (BESIDE if beside else self.threshold)


READ = 3
"""How many of the first passages are read for an answer; of more no more is learned (chosen on the development questions)."""
BESIDE = 0.2
"""The least chance for one side of a question whose other side is answered: chosen on the development questions."""
PHRASED = Gate((-1.48, 1.3, 0.14, -1.54, 2.01, 2.28, 0.8, 3.8, 1.09, 5.0, 0.07, -0.02, 0.47, 2.36, 1.3, 3.26, 0.3, 0.6), -14.54, 0.28, 0.44)
"""For a best passage that phrases are known for. Fitted on the development half of eval/questions by `python -m eval fit`, but for what the
reader counts, which was chosen there for the reader of December 2026, and the threshold, where 98% of the answerable questions are
answered; how near the nearest must be was chosen by hand."""
PHRASED_UNREAD = Gate(
    (0.7, 1.3, 0.65, -2.7, 3.4, 2.5, 2.27, 2.43, 0.91, 4.8, 1.92, 0.78, 3.03, 2.51, 1.3, 3.83, 0.0, 0.0), -23.68, 0.42, 0.44
)
"""For such a one where the reader is not asked: one side of a question. Fitted likewise without it, but for the
weight of "absent", which is what it was before that grew less the nearer a passage comes; and before ages, the times of law, what people
say and how things compare counted as particulars. The threshold was chosen again for the phrases and gaps of November 2026, for which a
new fit gains nothing."""
BARE = Gate((2.08, 0.0, 0.16, -2.41, -1.58, 0.0, 0.0, 0.0, 0.0, 0.4, 0.0, 0.0, 0.0, 0.0, 0.0, 4.85, 0.75, 0.65), -4.0, 0.11)
"""For one that none are known for: a report, or a document somebody added. Fitted likewise, and its threshold chosen
likewise. Of the reports that those questions are about, the reader has learned from other passages than they are."""
BARE_UNREAD = Gate((1.99, 0.0, -0.49, -4.06, 1.59, 0.0, 0.0, 0.0, 0.0, 1.54, 0.0, 0.0, 0.0, 0.0, 0.0, 4.46, 0.0, 0.0), -6.98, 0.42)
"""For such a one where the reader is not asked. Fitted likewise without it; the threshold is what it was before the reader was there."""


def gate_for(hits: Sequence[Hit], read: bool = True) -> Gate:
    """The gate that fits the best of `hits`, which the reader is asked of or not."""
    if hits and hits[0].passage.asked:
        return PHRASED if read else PHRASED_UNREAD
    return BARE if read else BARE_UNREAD


def signals(
    question: str,
    hits: list[Hit],
    neighbours: Neighbours,
    vocabulary: Vocabulary,
    frequency: Callable[[str], int],
    passages: int,
    mentioned: Callable[[int], bool],
    findings: bool,
    titled: Callable[[], Titles] = tuple,
    read: Sequence[float] = (),
) -> tuple[float, ...]:
    """How well `hits` cover `question`, one number for each of SIGNALS, from 0 to 1 but for those of READ_BY.

    `neighbours` are the phrases nearest to it, nearest first: of known gaps or of passages. `frequency` says how many of the
    library's `passages` hold a word; rare words count for more. `mentioned` says whether the side asked
    about speaks of a concept anywhere: a topic it never names is one it does not answer, the more so the further its nearest
    passage is. `findings` says that the question asks
    what inspectors found, which a note on the law does not answer. `titled` says what has capitals and is nobody's name.
    `read` are the chances that the first passages answer it, as the reader has it.
    """
    if not hits:
        return (0.0,) * len(SIGNALS)
    top = hits[:3]
    held = [said(hit.document, hit.passage, vocabulary) for hit in top]
    weights = rarity(question, frequency, passages)
    named = vocabulary.concepts(question)
    wanted = demanded(question)

    def about(text: str) -> float:
        return cover(weights, spoken(text, vocabulary))

    nearest = max(hit.signals.nearest for hit in top)
    texts = " ".join(hit.passage.text for hit in top).lower()
    if top[0].document.kind is Kind.LOCAL:  # what somebody added may fill any gap
        neighbours = [(phrase, likeness) for phrase, likeness in neighbours if not phrase.gap]
    neighbours = [(phrase, likeness) for phrase, likeness in neighbours if _counts(phrase, question, findings, finding(top[0].document))]
    gaps = [likeness for phrase, likeness in neighbours if phrase.gap]
    asked = [likeness for phrase, likeness in neighbours if not phrase.gap]
    return (
        nearest,
        cover(weights, held[0]),
        cover(weights, frozenset().union(*held)),
        (1 - nearest) * (bool(named) and not any(mentioned(i) for i in named)),
        max(fit(shape_of(question), hit.passage.text, finding(hit.document)) for hit in top[:2]),
        sum(word in texts for word in wanted) / len(wanted) if wanted else 1.0,
        amount_fit(question, [hit.passage.text for hit in top[:2]]),
        sum(asked[:1]) - sum(gaps[:1]),
        sum(asked[:3]) / 3 - sum(gaps[:3]) / 3,
        _vote(neighbours[:10]),
        float(not findings or finding(top[0].document)),
        top[0].signals.asked,
        top[0].signals.support,
        top[0].signals.keyword,
        top[0].signals.words,
        float(given(question, [hit.passage.text for hit in top], about, titled, top[0].document.authority)),
        odds(next(iter(read), 0.5)),
        odds(max(read, default=0.5)),
    )


def odds(chance: float) -> float:
    """Log odds, of no chance more than one in a thousand from certain: 0 where it is even, at most 7 either way."""
    certain = min(max(chance, 0.001), 0.999)
    return math.log(certain / (1 - certain))


def _counts(phrase: Phrase, question: str, findings: bool, found: bool) -> bool:
    """Whether a phrase says anything of `question`, which asks for `findings` or not and whose best passage is one (`found`) or not.

    A gap in the figures is none for who asks no amount; one in a letter is none where the law is asked for and answers;
    one in the law is none for who asks what was found.
    """
    gap = phrase.gap
    if not gap:
        return True
    if gap.calls or (shape_of(phrase.text) is Shape.HOW_MANY and shape_of(question) is not Shape.HOW_MANY):
        return False
    return not gap.document_id or (not findings if gap.document_id == LAW else findings or found)


def _vote(nearest: Neighbours) -> float:
    """Share of the nearest phrases that are of passages, nearer ones counting for more; 1 where there are none to say otherwise."""
    if not nearest:
        return 1.0
    weights = [math.exp(8 * (1 + WORDING) * likeness) for _, likeness in nearest]
    return sum(w for w, (phrase, _) in zip(weights, nearest, strict=True) if not phrase.gap) / sum(weights)
