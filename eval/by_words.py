"""What the words of a question alone tell of whether it is answered. Pure."""

from collections.abc import Sequence

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from eval.answers import Example

_LEAST = 15
"""In how many questions a word, or a pair of words, must stand to count."""
_FOLDS = 5


def by_words(examples: Sequence[Example]) -> dict[str, float]:
    """The log odds that each question of `examples` is answered, by its words and pairs of words alone, as those of other passages have
    it (logistic regression, out of fold)."""
    asked = [(n, question, answered) for n, example in enumerate(examples) for question, answered in example.questions]
    passages, questions, answers = zip(*asked, strict=True)
    words = CountVectorizer(ngram_range=(1, 2), min_df=_LEAST, binary=True, token_pattern=r"\w+|\?").fit_transform(questions)
    model = LogisticRegression(C=0.1, max_iter=3000)
    told = cross_val_predict(model, words, answers, cv=GroupKFold(_FOLDS), groups=passages, method="decision_function")
    return dict(zip(questions, map(float, told), strict=True))
