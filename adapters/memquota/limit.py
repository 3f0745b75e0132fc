"""Limits: how much of each cell is in use, and what may be had of it.

A cell belongs to one combination of dimension values, its key. Cells in which nothing is in use
are dropped, so that a dimension with ever new values, such as a user id, does not fill the memory.
Callers hold a lock, and pass times that never step back.
"""

from collections import deque
from collections.abc import Hashable
from typing import Final, Protocol

from adapters.memquota.window import TICKS_PER_S, Window
from mixer.adapter import Duration, QuotaResult, QuotaState

NOTHING: Final = QuotaResult()
"""What a refusal looks like."""
_PREPARED_COUNT: Final = 100
"""Making a result costs as much as the rest of an allocation."""
_SWEEP_COUNT: Final = 2
_NS_PER_S: Final = 1_000_000_000


class Limit(Protocol):
    """An amount that may be in use at once, in each cell."""

    def allocate(
        self, key: Hashable, amount: int, now_s: float, *, best_effort: bool
    ) -> QuotaResult:
        """Takes `amount`; when less is left, nothing, or all that is left if `best_effort`."""

    def release(self, key: Hashable, amount: int, now_s: float) -> QuotaResult:
        """Gives back `amount`, or all that is in use when that is less."""

    def state(self, key: Hashable, now_s: float) -> QuotaState:
        """How things stand with one cell."""


class Grants(dict[int, QuotaResult]):
    """The answers of one limit, by amount granted; small ones are made once."""

    def __init__(self, max_amount: int, valid_duration_s: float) -> None:
        self._valid_duration_s = valid_duration_s
        super().__init__((n, self[n]) for n in range(min(max_amount + 1, _PREPARED_COUNT)))

    def __missing__(self, amount: int) -> QuotaResult:
        return QuotaResult(amount=amount, valid_duration_s=self._valid_duration_s)


class CounterLimit:
    """A limit whose amounts stay in use until they are released."""

    def __init__(self, max_amount: int) -> None:
        self._max_amount = max_amount
        self._grants = Grants(max_amount, 0.0)
        self._in_use: dict[Hashable, int] = {}

    def __len__(self) -> int:
        """How many cells are held."""
        return len(self._in_use)

    def allocate(
        self, key: Hashable, amount: int, _now_s: float, *, best_effort: bool
    ) -> QuotaResult:
        """See `Limit.allocate`."""
        in_use = self._in_use.get(key, 0)
        left = self._max_amount - in_use
        if amount > left:
            if not best_effort or not left:
                return NOTHING
            amount = left
        self._in_use[key] = in_use + amount
        return self._grants[amount]

    def release(self, key: Hashable, amount: int, _now_s: float) -> QuotaResult:
        """See `Limit.release`."""
        in_use = self._in_use.pop(key, 0)
        released = min(amount, in_use)
        if in_use > released:
            self._in_use[key] = in_use - released
        return QuotaResult(amount=released)

    def state(self, key: Hashable, _now_s: float) -> QuotaState:
        """See `Limit.state`."""
        in_use = self._in_use.get(key, 0)
        return QuotaState(self._max_amount, 0.0, self._max_amount - in_use, 0.0)


class WindowLimit:
    """A limit whose amounts leave by themselves, after the length of the window.

    The length in ticks is that of whole seconds, rounded up, as in Mixer; what clients are told is
    the duration as it was configured.
    """

    def __init__(self, max_amount: int, valid_duration: Duration) -> None:
        self._max_amount = max_amount
        self._length = -(-valid_duration // _NS_PER_S) * TICKS_PER_S
        self._window_s = valid_duration.seconds
        self._grants = Grants(max_amount, valid_duration.seconds)
        self._windows: dict[Hashable, Window] = {}
        self._checks: deque[tuple[int, Hashable]] = deque()
        """When to see whether a window is empty, soonest first: each window stands in it once."""

    def __len__(self) -> int:
        """How many cells are held."""
        return len(self._windows)

    def allocate(
        self, key: Hashable, amount: int, now_s: float, *, best_effort: bool
    ) -> QuotaResult:
        """See `Limit.allocate`."""
        tick = int(now_s * TICKS_PER_S)
        if self._checks and self._checks[0][0] <= tick:
            self._drop_empty(tick)
        window = self._windows.get(key) or self._new_window(key, tick)
        window.expire(tick - self._length)
        left = self._max_amount - window.used
        if amount > left:
            if not best_effort:
                return NOTHING
            amount = left
        if amount:
            window.add(amount, tick)
        return self._grants[amount]

    def release(self, key: Hashable, amount: int, now_s: float) -> QuotaResult:
        """See `Limit.release`."""
        window = self._windows.get(key)
        if window is None:
            return NOTHING
        window.expire(int(now_s * TICKS_PER_S) - self._length)
        return QuotaResult(amount=window.give_back(amount))

    def state(self, key: Hashable, now_s: float) -> QuotaState:
        """See `Limit.state`."""
        window = self._windows.get(key)
        used, reset_s = 0, 0.0
        if window is not None:
            window.expire(int(now_s * TICKS_PER_S) - self._length)
            used = window.used
        if window is not None and used:
            reset_s = max(0.0, (window.newest + self._length) / TICKS_PER_S - now_s)
        return QuotaState(self._max_amount, self._window_s, self._max_amount - used, reset_s)

    def _new_window(self, key: Hashable, tick: int) -> Window:
        window = self._windows[key] = Window()
        self._checks.append((tick + self._length, key))
        return window

    def _drop_empty(self, tick: int) -> None:
        # Each call adds at most one window and looks at two, so the sweep keeps pace with any
        # traffic, and no call pays for many.
        for _ in range(min(_SWEEP_COUNT, len(self._checks))):
            due, key = self._checks[0]
            if due > tick:
                return
            self._checks.popleft()
            window = self._windows[key]
            window.expire(tick - self._length)
            if window.used:
                self._checks.append((tick + self._length, key))
            else:
                del self._windows[key]


def new_limit(max_amount: int, valid_duration: Duration) -> Limit:
    """A rolling window, or a counter for a duration of 0."""
    if valid_duration:
        return WindowLimit(max_amount, valid_duration)
    return CounterLimit(max_amount)
