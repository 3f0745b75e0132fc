"""How much was asked for in the last second."""

from typing import Final

_SLOT_COUNT: Final = 20
_SLOT_S: Final = 0.05
_ROUNDING: Final = 1e-6
"""Part of a slot by which a time may be early, so that 0.15 s is in the slot that starts then."""


class RequestCounter:
    """A sum over a moving window, exact to one slot (istio/proxy 1.4 `time_based_counter.cc`).

    Times are in seconds; one that lies before an earlier one counts as that earlier one.
    """

    __slots__ = ("_amounts", "_slot", "_slots_per_s", "sum")

    def __init__(
        self, now_s: float, slot_count: int = _SLOT_COUNT, slot_s: float = _SLOT_S
    ) -> None:
        self._amounts = [0] * slot_count
        self._slots_per_s = 1 / slot_s
        self._slot = int(now_s * self._slots_per_s + _ROUNDING)
        self.sum = 0
        """What the window holds, at the time of the last `add`."""

    def add(self, amount: int, now_s: float) -> int:
        """Counts `amount` until it leaves the window; gives what the window held before."""
        slot = int(now_s * self._slots_per_s + _ROUNDING)
        if slot > self._slot:
            self._roll(slot)
        before = self.sum
        self._amounts[self._slot % len(self._amounts)] += amount
        self.sum = before + amount
        return before

    def _roll(self, slot: int) -> None:
        amounts = self._amounts
        if slot - self._slot >= len(amounts):
            amounts[:] = [0] * len(amounts)
            self.sum = 0
        else:
            for passed in range(self._slot + 1, slot + 1):
                index = passed % len(amounts)
                self.sum -= amounts[index]
                amounts[index] = 0
        self._slot = slot
