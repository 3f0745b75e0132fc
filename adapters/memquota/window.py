"""A rolling window: how much of a limit was used, and in which tick."""

from bisect import bisect_right
from typing import Final

TICKS_PER_S: Final = 10
"""Amounts of the same tenth of a second leave a window together (istio 1.4 `rollingWindow.go`)."""


class Window:
    """The amounts of one cell, oldest first.

    It holds only ticks in which something was used, so it is as long as the amounts are many, not
    as the window is wide.
    """

    __slots__ = ("_amounts", "_ticks", "used")

    def __init__(self) -> None:
        self._ticks: list[int] = []
        self._amounts: list[int] = []
        self.used = 0
        """Sum of all amounts that have not left; up to date after `expire`."""

    @property
    def newest(self) -> int:
        """The tick of the newest amount; there must be one."""
        return self._ticks[-1]

    def expire(self, last_gone: int) -> None:
        """Lets go of the amounts of tick `last_gone` and of all before."""
        ticks = self._ticks
        if ticks and ticks[0] <= last_gone:
            gone = bisect_right(ticks, last_gone)
            self.used -= sum(self._amounts[:gone])
            del ticks[:gone]
            del self._amounts[:gone]

    def add(self, amount: int, tick: int) -> None:
        """Uses `amount` more; `tick` is not before that of an earlier call."""
        self.used += amount
        if self._ticks and self._ticks[-1] == tick:
            self._amounts[-1] += amount
        else:
            self._ticks.append(tick)
            self._amounts.append(amount)

    def give_back(self, amount: int) -> int:
        """Takes `amount` away again, newest first; tells how much was there to be taken."""
        wanted = amount = min(amount, self.used)
        while amount:
            taken = min(amount, self._amounts[-1])
            amount -= taken
            self._amounts[-1] -= taken
            if not self._amounts[-1]:
                self._amounts.pop()
                self._ticks.pop()
        self.used -= wanted
        return wanted
