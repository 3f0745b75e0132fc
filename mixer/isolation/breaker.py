"""A circuit breaker: who has failed too often in a row is left alone for a while."""

import threading
from collections.abc import Callable


class Breaker:
    """Counts failures in a row. Safe for use by many threads."""

    def __init__(
        self,
        most_failures: int,
        pause_s: float,
        monotonic: Callable[[], float],
        on_change: Callable[[bool], object] = lambda _: None,
    ) -> None:
        """`on_change` is told whether it is open, whenever that changes. 0 failures: never."""
        self._most_failures = most_failures
        self._pause_s = pause_s
        self._monotonic = monotonic
        self._on_change = on_change
        self._lock = threading.Lock()
        self._failures = 0
        self._next_try_s: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether calls are refused, but for one try after each pause."""
        return self._next_try_s is not None

    def admits(self) -> bool:
        """Whether a call may be made now. While it is open, one in each pause may.

        Who is admitted need not say how it went: the next try is then a pause later.
        """
        if self._next_try_s is None:
            return True
        with self._lock:
            now = self._monotonic()
            if self._next_try_s is not None and now < self._next_try_s:
                return False
            if self._next_try_s is not None:
                self._next_try_s = now + self._pause_s
            return True

    def retry_after_s(self) -> float:
        """Seconds until the next try; 0 while calls may be made."""
        next_try_s = self._next_try_s
        return 0.0 if next_try_s is None else max(0.0, next_try_s - self._monotonic())

    def succeed(self) -> None:
        """The other side has answered."""
        if not self._failures:
            return
        with self._lock:
            self._failures = 0
            was_open, self._next_try_s = self.is_open, None
        if was_open:
            self._on_change(False)

    def fail(self) -> None:
        """The other side was down or too slow."""
        with self._lock:
            self._failures += 1
            opens = not self.is_open and self._failures == self._most_failures
            if opens:
                self._next_try_s = self._monotonic() + self._pause_s
        if opens:
            self._on_change(True)
