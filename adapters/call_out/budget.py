"""A bound on retries, so that they don't double the load of a service in trouble."""

import threading
from typing import Final

from prometheus_client import Counter

_RETRIES: Final = Counter(
    "mixer_adapter_retries",
    "Calls of a handler to its service that were made a second time.",
    ["handler"],
)
_MOST_SAVED: Final = 10.0
"""How many retries can be saved up while all goes well."""


class RetryBudget:
    """Each call earns a part of a retry. Safe for use by many threads."""

    def __init__(self, percent: int, handler: str) -> None:
        """`percent`: how many retries a hundred calls of the handler earn; 0 for none at all."""
        self._count = _RETRIES.labels(handler)
        self._earned = percent / 100
        self._balance = _MOST_SAVED if percent else 0.0
        self._lock = threading.Lock()

    def earn(self) -> None:
        """To be called once for each call."""
        with self._lock:
            self._balance = min(self._balance + self._earned, _MOST_SAVED)

    def spend(self) -> bool:
        """Whether one retry may be made; counts it."""
        with self._lock:
            if self._balance < 1:
                return False
            self._balance -= 1
        self._count.inc()
        return True
