"""Calls that are to be made later, by one thread for all of them.

An outage may have thousands of requests wait for retries; a thread for each would be too many.
"""

import time
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Thread
from typing import Protocol

from proxy_client.transport import Cancel

Call = Callable[[], None]
"""What is to be done later; it raises nothing, and is quick."""


class Scheduler(Protocol):
    """What has calls made later; for use by many threads."""

    def start(self, seconds: float, call: Call) -> Cancel:
        """Has `call` made after so many seconds; gives what calls that off."""

    def close(self) -> None:
        """Makes all calls that wait, now. From then on each is made at once."""


class _Timer:
    """One call, which may be called off."""

    __slots__ = ("_call",)

    def __init__(self, call: Call) -> None:
        self._call: Call | None = call

    def cancel(self) -> None:
        self._call = None

    def fire(self) -> None:
        call = self._call
        if call is not None:
            call()


class Timers:
    """The `Scheduler` of one client. Its thread starts with the first call that is to wait."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        condition: Callable[[], Condition] = Condition,
    ) -> None:
        """`condition` makes what the thread waits with, for `monotonic`."""
        self._monotonic = monotonic
        self._condition = condition()
        self._numbers = count()
        self._waiting: list[tuple[float, int, _Timer]] = []
        self._thread: Thread | None = None
        self._is_closed = False

    def start(self, seconds: float, call: Call) -> Cancel:
        """See `Scheduler`."""
        timer = _Timer(call)
        with self._condition:
            if not self._is_closed and self._has_thread():
                due_s = self._monotonic() + seconds
                heappush(self._waiting, (due_s, next(self._numbers), timer))
                self._condition.notify_all()
                return timer.cancel
        timer.fire()
        return timer.cancel

    def close(self) -> None:
        """See `Scheduler`."""
        with self._condition:
            self._is_closed = True
            waiting, self._waiting = self._waiting, []
            self._condition.notify_all()
        for _, _, timer in waiting:
            timer.fire()

    def _has_thread(self) -> bool:
        """Whether there is somebody to make calls later."""
        if self._thread is None:
            thread = Thread(target=self._run, name="mixer-retries", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # there can be no more threads now
                return False
            self._thread = thread
        return True

    def _run(self) -> None:
        while timer := self._next():
            timer.fire()

    def _next(self) -> _Timer | None:
        """Waits for the call that is due first; None when this is closed."""
        with self._condition:
            while not self._is_closed:
                left_s = self._waiting[0][0] - self._monotonic() if self._waiting else None
                if left_s is not None and left_s <= 0:
                    return heappop(self._waiting)[2]
                self._condition.wait(left_s)
        return None
