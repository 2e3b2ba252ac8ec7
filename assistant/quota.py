"""How much one person may ask of the app in a time, so that nobody takes it from the others. Pure but for the clock."""

import time
from collections import defaultdict, deque
from collections.abc import Callable
from threading import Lock

from assistant.errors import QuotaError
from assistant.people import HERE, Person


class Quota:
    """`most` of something in `seconds` for each person. Whoever sits at this machine alone has no limit.

    Counted by each process of the app for itself, and anew after a restart.
    """

    def __init__(self, most: int, seconds: float, refusal: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._refusal, self._clock = most, seconds, refusal, clock
        self._taken: dict[str, deque[tuple[float, int]]] = defaultdict(deque)
        self._lock = Lock()

    def take(self, person: Person, amount: int = 1) -> None:
        """Count `amount` for the person. Raises QuotaError, and counts nothing, where that is more than is left."""
        if person == HERE:
            return
        with self._lock:
            taken, now = self._taken[person.id], self._clock()
            while taken and taken[0][0] <= now - self._seconds:
                taken.popleft()
            if sum(much for _, much in taken) + amount > self._most:
                raise QuotaError(self._refusal)
            taken.append((now, amount))
