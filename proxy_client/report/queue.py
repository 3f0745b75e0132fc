"""Reports that wait for each other, so that many go out in one call."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mixer.attribute.value import Value

Bag = Mapping[str, Value]
"""The attributes of one report."""


class Batch(NamedTuple):
    """Reports that go out together."""

    bags: list[Bag]
    is_urgent: bool
    """Whether the next batch is due already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLimits:
    """How many reports wait, and for how long (numbers of proxy 1.4, where it had them)."""

    max_entries: int = 100
    """So many go out together; with 0 or 1 each goes out alone."""
    max_time_s: float = 1.0
    """No report waits longer for others, in seconds."""
    max_queued: int = 10_000
    """So many wait, at most, while the server is slow. The original had no such bound."""


class ReportQueue:
    """The reports that wait, oldest first. Knows neither threads nor clocks: its owner has them."""

    __slots__ = ("_due_count", "_entries", "_limits", "_max_entries")

    def __init__(self, limits: BatchLimits) -> None:
        self._limits = limits
        self._max_entries = max(1, limits.max_entries)
        self._entries: deque[tuple[float, Bag]] = deque()
        self._due_count = 0

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, bag: Bag, now_s: float) -> bool:
        """Whether there was room for it."""
        if len(self._entries) >= self._limits.max_queued:
            return False
        self._entries.append((now_s, bag))
        return True

    @property
    def is_at_turn(self) -> bool:
        """Whether the report added last changed when a batch is due: the first one, or it's full.

        Every other one finds its sender waiting for the right time already.
        """
        return len(self._entries) in (1, self._max_entries)

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until a batch is due, 0 if one is; None when nothing waits."""
        if not self._entries:
            return None
        if self._due_count or len(self._entries) >= self._max_entries:
            return 0.0
        return max(0.0, self._entries[0][0] + self._limits.max_time_s - now_s)

    def flush(self) -> None:
        """Makes all that waits now due, however few and young they are."""
        self._due_count = len(self._entries)

    def take(self, now_s: float) -> Batch:
        """Removes the oldest ones, as many as go out together."""
        count = min(len(self._entries), self._max_entries)
        self._due_count = max(0, self._due_count - count)
        bags = [self._entries.popleft()[1] for _ in range(count)]
        return Batch(bags, is_urgent=self.wait_s(now_s) == 0)

    def clear(self) -> int:
        """Removes all; returns how many they were."""
        count = len(self._entries)
        self._entries.clear()
        self._due_count = 0
        return count
