"""Time that stands still unless a test moves it on."""

import heapq
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mixer.adapter.env import Clock

_LOG: Final = logging.getLogger(__name__)
_START_NS: Final = 1_559_383_200_000_000_000  # 2019-06-01T10:00:00Z


@dataclass(order=True, slots=True)
class _Job:
    due_ns: int
    number: int
    """Jobs that fall due together run in the order in which they were scheduled."""
    interval_ns: int = field(compare=False)
    work: Callable[[], None] = field(compare=False)
    owner: "FakeScheduler" = field(compare=False)


class FakeClock:
    """Time that moves only when a test says so; it starts at 2019-06-01T10:00:00Z."""

    def __init__(self) -> None:
        self._elapsed_ns = 0
        self._jobs: list[_Job] = []
        self._numbers = itertools.count()
        self.clock: Final = Clock(
            monotonic=lambda: self._elapsed_ns / 1e9,
            now_ns=lambda: _START_NS + self._elapsed_ns,
        )
        """The same time in the form that adapters take."""

    def advance(self, seconds: float) -> None:
        """Moves time on. Regular work that falls due on the way runs at its own instant."""
        target_ns = self._elapsed_ns + round(seconds * 1e9)
        while self._jobs and self._jobs[0].due_ns <= target_ns:
            job = heapq.heappop(self._jobs)
            self._elapsed_ns = job.due_ns
            self._run(job)
        self._elapsed_ns = target_ns

    def _run(self, job: _Job) -> None:
        if job.owner.is_closed:
            return
        try:
            job.work()
        except Exception:
            _LOG.exception("regular work failed")
        self._schedule(job.interval_ns, job.work, job.owner)

    def _schedule(self, interval_ns: int, work: Callable[[], None], owner: "FakeScheduler") -> None:
        due_ns = self._elapsed_ns + interval_ns
        heapq.heappush(self._jobs, _Job(due_ns, next(self._numbers), interval_ns, work, owner))


class FakeScheduler:
    """A `Scheduler` whose work runs inside `FakeClock.advance`, on the thread that calls it."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.is_closed = False

    def every(self, interval_s: float, work: Callable[[], None]) -> None:
        """See `Scheduler.every`. Raises ValueError for an interval that is not positive."""
        interval_ns = round(interval_s * 1e9)
        if interval_ns <= 0:
            raise ValueError(f"interval must be positive, is {interval_s} s")
        self._clock._schedule(interval_ns, work, self)  # noqa: SLF001

    def close(self) -> None:
        """See `Scheduler.close`."""
        self.is_closed = True
