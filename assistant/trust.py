"""Whether a model's own wording can be believed once it has passed the check.

The check catches nine of ten sentences that say what their passage does not, and lets two of three that are true through
(`python -m eval.pairs free`). So what passes it is only as good as what is sent to it: of a model that is right nine times in
ten, one sentence in sixty that passes is wrong; of one that is right one time in four, one in three (Bayes). Whoever mostly fails
the check may still quote: what stands word for word in a passage needs no trust.
"""

from collections import deque

_LATEST = 40
"""How many sentences count."""


class Trust:
    """Of a model's latest sentences in words of its own, how many stood. One for all who ask a process; holds no text."""

    def __init__(self) -> None:
        self._stood = deque[bool](maxlen=_LATEST)

    def add(self, stood: bool) -> None:
        """Count a sentence in the model's own words to which it put a label: whether the check let it stand."""
        self._stood.append(stood)

    @property
    def earned(self) -> bool:
        """Whether at least half of them stood."""
        latest = tuple(self._stood)  # at one go: another question may be adding
        return 2 * sum(latest) >= len(latest)
