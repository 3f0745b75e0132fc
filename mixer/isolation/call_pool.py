"""Threads that make the calls of one handler for those who wait no longer than they like."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from mixer.errors import UnavailableError

_CLOSED: Final = "the handler is closed"


class Call:
    """One call, made by a thread of a pool or not at all."""

    __slots__ = ("_over", "_work", "error", "result")

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        # A lock is the cheapest thing that one thread can wait for and another can release.
        self._over = threading.Lock()
        self._over.acquire()
        self.result: Any = None
        self.error: BaseException | None = None
        """What the call raised, if it did."""

    def make(self) -> None:
        """Makes it; for the pool."""
        try:
            self.result = self._work()
        except BaseException as error:
            # Really everything: whoever waits must hear of it, and the thread must go on.
            self.error = error
        self._over.release()

    def refuse(self, error: BaseException) -> None:
        """Does not make it; for the pool."""
        self.error = error
        self._over.release()

    def wait(self, seconds: float) -> bool:
        """Waits until it is over, `seconds` at most; says whether it is. Only one may wait."""
        return self._over.acquire(timeout=max(0.0, seconds))


class CallPool:
    """At most so many threads, started when they are needed, and a queue in front of them."""

    def __init__(self, name: str, max_concurrent: int, max_waiting: int) -> None:
        """`name` is that of the threads."""
        self._name = name
        self._max_concurrent = max_concurrent
        self._max_waiting = max_waiting
        self._change = threading.Condition(threading.Lock())
        self._waiting: deque[Call] = deque()
        self._thread_count = 0
        self._idle_count = 0
        self._is_closed = False

    def submit(self, work: Callable[[], Any]) -> Call:
        """Has the call made as soon as a thread is free.

        Raises UnavailableError when too many wait already, and after `close`.
        """
        call = Call(work)
        with self._change:
            if self._is_closed:
                raise UnavailableError(_CLOSED)
            has_idle = len(self._waiting) < self._idle_count
            can_grow = self._thread_count < self._max_concurrent
            if not has_idle and not can_grow and len(self._waiting) >= self._max_waiting:
                raise UnavailableError(f"too many calls wait already ({self._max_waiting})")
            self._waiting.append(call)
            if has_idle or not can_grow:
                self._change.notify()
                return call
            self._thread_count += 1
        threading.Thread(target=self._run, name=self._name, daemon=True).start()
        return call

    def withdraw(self, call: Call) -> None:
        """Nobody waits for that call any more: it is not made if it has not begun."""
        with self._change:
            if call in self._waiting:
                self._waiting.remove(call)

    def close(self) -> None:
        """Makes no more calls; those in the queue fail.

        Does not wait for those that are being made: they may hang.
        """
        with self._change:
            self._is_closed = True
            waiting, self._waiting = self._waiting, deque()
            self._change.notify_all()
        for call in waiting:
            call.refuse(UnavailableError(_CLOSED))

    def _run(self) -> None:
        while (call := self._next()) is not None:
            call.make()
            del call  # or it lives until the next one comes

    def _next(self) -> Call | None:
        with self._change:
            self._idle_count += 1
            while not self._waiting and not self._is_closed:
                self._change.wait()
            self._idle_count -= 1
            if self._waiting:
                return self._waiting.popleft()
            self._thread_count -= 1
            return None
