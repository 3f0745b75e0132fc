"""What has been taken of limits: the reference for how long it counts."""

from typing import Final

from mixer.export.program import Limit

_NS_PER_TICK: Final = 100_000_000


class Cells:
    """All cells of all limits."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self._tick = 0

    def take(self, limit: Limit, key: str, amount: int, now_ns: int) -> bool:
        """Takes an amount of a cell if there is that much."""
        self._tick = max(self._tick, now_ns // _NS_PER_TICK)
        cell = self._cells.get((limit["id"], key), [])
        if limit["ticks"]:
            cell = [taken for taken in cell if taken[0] > self._tick - limit["ticks"]]
        if sum(taken for _tick, taken in cell) + amount > limit["max"]:
            return False
        self._cells[limit["id"], key] = [*cell, (self._tick, amount)]
        return True
