"""Runs one adapter without a server: for the tests of whoever writes an adapter.

    clock = FakeClock()
    with start(INFO, Params(limit=3), clock=clock) as handler:
        assert handler.handle_listentry(Instance(name="x", value="v")) == CheckResult(...)
        clock.advance(60)  # regular work that falls due runs here, on this thread

Time stands still unless it is advanced, so a test never sleeps.
"""

import heapq
import itertools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from mixer.adapter.env import Clock, Env
from mixer.adapter.info import Info, ParamError
from mixer.adapter.instance_type import InstanceType
from mixer.errors import MixerError

_LOG: Final = logging.getLogger(__name__)
_START_NS: Final = 1_559_383_200_000_000_000  # 2019-06-01T10:00:00Z
_NO_INSTANCES: Final[Mapping[str, InstanceType]] = {}


class ParamsRefusedError(MixerError):
    """The adapter's `validate` found faults; `str()` lists them, one in each line."""

    def __init__(self, adapter: str, errors: Iterable[ParamError]) -> None:
        self.errors: tuple[ParamError, ...] = tuple(errors)
        super().__init__(adapter, self.errors)
        self.adapter = adapter

    def __str__(self) -> str:
        faults = (f"{error.field or 'params'}: {error.message}" for error in self.errors)
        return "\n  ".join((f"adapter {self.adapter!r} refuses its params:", *faults))


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


@contextmanager
def start(
    info: Info,
    params: object = None,
    *,
    instances: Mapping[str, InstanceType] = _NO_INSTANCES,
    clock: FakeClock | None = None,
) -> Iterator[Any]:
    """Gives a handler, made the way the server makes it; closes it, then its scheduler, at the end.

    `params` defaults to the adapter's defaults, `instances` (by full name) to none, `clock` to a
    new one. Raises ParamsRefusedError when `validate` finds a fault, RegistrationError when the
    handler lacks a method, and whatever `build` raises.
    """
    params = info.params() if params is None else params
    if errors := tuple(info.validate(params, instances)):
        raise ParamsRefusedError(info.name, errors)
    clock = clock or FakeClock()
    scheduler = FakeScheduler(clock)
    env = Env(
        handler=f"{info.name}.test", scheduler=scheduler, instances=instances, clock=clock.clock
    )
    try:
        handler = info.build(params, env)
        try:
            info.check_handler(handler)
            yield handler
        finally:
            getattr(handler, "close", lambda: None)()
    finally:
        scheduler.close()
