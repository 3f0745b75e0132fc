"""Requests leave when they are meant to, whether or not earlier ones have been answered.

A request that finds no free connection waits in a queue, and leaves as soon as there is one; since
latency is counted from when it was meant to leave, the wait is part of it. So a server that stalls
is seen as its clients would see it: by all the requests that it lets wait, not by one.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.load.channel import Channel, Outcome
from benchmarks.load.lag import lag_after_wait
from benchmarks.load.plan import LoadPlan
from benchmarks.load.poller import Poller
from benchmarks.load.slots import slots_of
from benchmarks.load.tally import NEVER_SENT, QUEUE_FULL, UNANSWERED, Tally


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request for which no connection was free."""

    number: int
    noticed_ns: int
    idle_ns: int
    """How long the poller had been idle by then."""


class OpenLoop:
    """One load, from its first request to its last answer."""

    def __init__(
        self,
        plan: LoadPlan,
        poller: Poller[Channel],
        channels: Sequence[Channel],
        tally: Tally,
        now: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """`tally` says when requests are meant to leave; `now` is the poller's clock."""
        self._now: Final = now
        self._poller: Final = poller
        self._tally: Final = tally
        self._queue_limit: Final = plan.queue_limit
        self._free: Final = slots_of(channels)
        self._waiting: Final[deque[_Waiting]] = deque()
        self._on_way_count = 0
        self._next = 0
        self._end: Final = len(tally.meant_ns)
        last_ns = tally.meant_ns[-1] if tally.meant_ns else self._now()
        self._deadline_ns: Final = last_ns + round(plan.answer_timeout_s * 1e9)
        self._due_ns = 0
        self._set_due()

    def run(self) -> None:
        """Comes back when all is answered, or no more is waited for."""
        now_ns = self._now()
        while now_ns < self._deadline_ns and self._is_anything_left():
            if now_ns >= self._due_ns:
                self._depart(now_ns)
            for channel, events in self._poller.wait(self._due_ns):
                self._handle(channel, events)
            now_ns = self._now()
        self._tally.never_ended(NEVER_SENT, len(self._waiting) + self._end - self._next)
        self._tally.never_ended(UNANSWERED, self._on_way_count)

    def _is_anything_left(self) -> bool:
        return self._next < self._end or self._on_way_count > 0 or bool(self._waiting)

    def _set_due(self) -> None:
        meant_ns = self._tally.meant_ns
        self._due_ns = meant_ns[self._next] if self._next < self._end else self._deadline_ns

    def _depart(self, now_ns: int) -> None:
        """Sends what is due, or puts it into the queue."""
        while self._due_ns <= now_ns and self._next < self._end:
            number, meant_ns = self._next, self._due_ns
            self._next += 1
            self._set_due()
            if self._free:
                now_ns = self._send(self._free.popleft(), number)
                self._tally.sent_late(now_ns - meant_ns)
            elif len(self._waiting) < self._queue_limit:
                self._waiting.append(_Waiting(number, now_ns, self._poller.idle_ns))
            else:
                self._tally.never_ended(QUEUE_FULL, 1)

    def _send(self, channel: Channel, number: int) -> int:
        channel.send(number)
        self._on_way_count += 1
        return self._now()

    def _handle(self, channel: Channel, events: int) -> None:
        now_ns = self._now()
        for number, outcome in channel.handle(events):
            self._answered(channel, number, outcome, now_ns)
        if now_ns >= self._due_ns:
            self._depart(now_ns)

    def _answered(self, channel: Channel, number: int, outcome: Outcome, now_ns: int) -> None:
        self._on_way_count -= 1
        self._tally.ended(number, outcome, now_ns)
        if self._waiting:
            self._send_waiting(channel, self._waiting.popleft())
        else:
            self._free.append(channel)

    def _send_waiting(self, channel: Channel, waiting: _Waiting) -> None:
        left_ns = self._send(channel, waiting.number)
        meant_ns = self._tally.meant_ns[waiting.number]
        lag_ns = lag_after_wait(
            waited_ns=left_ns - meant_ns,
            idle_ns=self._poller.idle_ns - waiting.idle_ns,
            noticing_ns=waiting.noticed_ns - meant_ns,
            leaving_ns=left_ns - self._poller.ready_ns,
        )
        self._tally.sent_late(lag_ns)
