"""Each connection always has one request on its way: how much goes through at the most.

Latencies are counted from when a request leaves; they tell what a loaded server is like, and not
what clients would see of it that don't wait for each other.
"""

import time
from collections.abc import Sequence
from typing import Final

from benchmarks.load.channel import Channel
from benchmarks.load.plan import LoadPlan
from benchmarks.load.poller import Poller
from benchmarks.load.tally import UNANSWERED, Tally


class ClosedLoop:
    """One load, from its first request to its last answer."""

    def __init__(
        self, plan: LoadPlan, poller: Poller[Channel], channels: Sequence[Channel], tally: Tally
    ) -> None:
        """`tally` has no requests yet."""
        self._poller: Final = poller
        self._channels: Final = channels
        self._tally: Final = tally
        self._end_ns: Final = time.monotonic_ns() + round(plan.duration_s * 1e9)
        self._deadline_ns: Final = self._end_ns + round(plan.answer_timeout_s * 1e9)
        self._on_way_count = 0

    def run(self) -> None:
        """Comes back when all is answered, or no more is waited for."""
        for channel in self._channels:
            self._send(channel, time.monotonic_ns())
        now_ns = time.monotonic_ns()
        while now_ns < self._deadline_ns and self._on_way_count:
            for channel, events in self._poller.wait(self._deadline_ns):
                now_ns = time.monotonic_ns()
                for number, outcome in channel.handle(events):
                    self._on_way_count -= 1
                    self._tally.ended(number, outcome, now_ns)
                    if now_ns < self._end_ns:
                        self._send(channel, now_ns)
            now_ns = time.monotonic_ns()
        self._tally.never_ended(UNANSWERED, self._on_way_count)

    def _send(self, channel: Channel, now_ns: int) -> None:
        channel.send(self._tally.meant_now(now_ns))
        self._tally.sent()
        self._on_way_count += 1
