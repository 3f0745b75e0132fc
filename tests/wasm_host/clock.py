"""A clock that only moves when a test says so, and the ticks that fall due while it moves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

NS_PER_S: Final = 1_000_000_000
_NS_PER_MS: Final = 1_000_000
_START_NS: Final = 1_600_000_000 * NS_PER_S


@dataclass
class _Timer:
    period_ns: int
    due_ns: int


class Clock:
    """Time for one or more hosts."""

    def __init__(self, now_ns: int = _START_NS) -> None:
        self.now_ns = now_ns
        """The wall clock, since 1970; a test may let it jump."""
        self.monotonic_ns = 12_345 * NS_PER_S
        """What differences are taken of."""
        self._timers: dict[Callable[[], None], _Timer] = {}

    def tick_every(self, period_ms: int, tick: Callable[[], None]) -> None:
        """Has `tick` called from now on, until it is set anew; never with 0."""
        self._timers.pop(tick, None)
        if period_ms:
            period_ns = period_ms * _NS_PER_MS
            self._timers[tick] = _Timer(period_ns, self.monotonic_ns + period_ns)

    def advance(self, seconds: float) -> None:
        """Moves on, with all ticks at their times, and those at the end too."""
        end_ns = self.monotonic_ns + round(seconds * NS_PER_S)
        while due := [(timer.due_ns, tick) for tick, timer in self._timers.items()]:
            due_ns, tick = min(due, key=lambda found: found[0])
            if due_ns > end_ns:
                break
            self._move_to(due_ns)
            self._timers[tick].due_ns += self._timers[tick].period_ns
            tick()
        self._move_to(end_ns)

    def _move_to(self, monotonic_ns: int) -> None:
        self.now_ns += monotonic_ns - self.monotonic_ns
        self.monotonic_ns = monotonic_ns
