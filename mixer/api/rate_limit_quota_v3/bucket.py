"""A bucket: how much of a quota one Envoy holds for one kind of request, and since when.

What an Envoy holds has been taken from the quota, where it counts for the length of the quota's
window. After that it counts no longer, so it must not be used any more either: it *lapses*.

What an Envoy has let pass without holding anything is *owed*: requests before the first
assignment, or while an assignment was on its way.
"""

from collections import deque

from mixer.api.rate_limit_quota_v3.timing import MARGIN_S, REPORT_INTERVAL_S


class Bucket:
    """What one Envoy holds for one bucket."""

    __slots__ = ("_held", "assigned", "held", "is_as_assigned", "owed", "used_s")

    def __init__(self, now_s: float) -> None:
        self._held: deque[tuple[float, int]] = deque()
        """When each amount lapses, and what is left of it, soonest first."""
        self.held = 0
        """Sum of all amounts."""
        self.owed = 0
        self.assigned: int | None = None
        """How much the last assignment was for; None before the first."""
        self.is_as_assigned = False
        """Whether Envoy has just what is left of its last assignment in hand."""
        self.used_s = now_s
        """When a request last came."""

    def spend(self, amount: int) -> None:
        """Takes note of requests that passed; the amounts that lapse soonest go first."""
        while amount and self._held:
            lapses_s, left = self._held.popleft()
            spent = min(amount, left)
            amount -= spent
            self.held -= spent
            if left > spent:
                self._held.appendleft((lapses_s, left - spent))
        self.owed += amount
        if not self.held:
            self.is_as_assigned = False

    def lapse(self, now_s: float) -> None:
        """Lets go of what lapses before the next report comes."""
        while self._held and self._held[0][0] < now_s + REPORT_INTERVAL_S - MARGIN_S:
            self.held -= self._held.popleft()[1]
            self.is_as_assigned = False

    def receive(self, granted: int, lapses_s: float) -> None:
        """Takes what was granted: it pays what is owed, and the rest is held.

        What then is still owed is forgotten: it has passed, and the quota had no more.
        """
        kept = max(0, granted - self.owed)
        self.owed = 0
        if kept:
            self._held.append((lapses_s, kept))
            self.held += kept
            self.is_as_assigned = False

    def assign(self) -> int:
        """All that is held, which Envoy is to use, and nothing else."""
        self.assigned = self.held
        self.is_as_assigned = True
        return self.held

    def drop(self) -> None:
        """Begins anew, for a bucket that nothing limits."""
        self._held.clear()
        self.held = self.owed = 0
        self.assigned = None
        self.is_as_assigned = False
