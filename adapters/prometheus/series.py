"""A metric's series: one cell for each set of label values, which a sample changes.

Nothing here knows of threads: whoever touches a metric or one of its cells holds the lock of the
`Table` they belong to. Every sample of every Report goes through a cell, so a cell does what its
kind needs and no more.
"""

from bisect import bisect_left
from typing import Final, Protocol

from adapters.prometheus.definition import Definition
from adapters.prometheus.params import Kind

Labels = tuple[str, ...]
"""The values of a metric's labels, in the order of `Definition.labels`."""

Row = tuple[Labels, tuple[float, ...]]
"""One series as it stood at one moment: its labels, and what `Cell.values` gave."""


class Cell(Protocol):
    """The state of one series."""

    touched_s: float
    """When the last sample came, by the monotonic clock."""

    def record(self, number: float, now_s: float, /) -> None:
        """Takes one sample; raises ValueError for a number that the kind does not allow."""

    def values(self) -> tuple[float, ...]:
        """The state: one number, or for a distribution the sum and the count of each bucket."""


class Gauge:
    """A cell that holds the last sample."""

    __slots__ = ("number", "touched_s")

    def __init__(self) -> None:
        self.number: float = 0
        self.touched_s: float = 0

    def record(self, number: float, now_s: float) -> None:
        """Replaces the number."""
        self.number = number
        self.touched_s = now_s

    def values(self) -> tuple[float, ...]:
        """The last sample."""
        return (self.number,)


class Counter(Gauge):
    """A cell that holds the sum of all samples."""

    __slots__ = ()

    def record(self, number: float, now_s: float) -> None:
        """Adds to the number; raises ValueError for a negative sample and for NaN."""
        if not number >= 0:
            raise ValueError(f"a counter cannot take {number}")
        self.number += number
        self.touched_s = now_s


class Histogram:
    """A cell that counts samples by bucket."""

    __slots__ = ("bounds", "counts", "sum", "touched_s")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        """`bounds` are the upper bounds of the finite buckets; one more has none."""
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum: float = 0
        self.touched_s: float = 0

    def record(self, number: float, now_s: float) -> None:
        """Counts the sample in the lowest bucket that holds it; raises ValueError for NaN."""
        if number != number:  # noqa: PLR0124
            raise ValueError("a distribution cannot take NaN")
        self.counts[bisect_left(self.bounds, number)] += 1
        self.sum += number
        self.touched_s = now_s

    def values(self) -> tuple[float, ...]:
        """The sum, then how many samples each bucket holds."""
        return (self.sum, *self.counts)


class Dropped:
    """What stands for all series that are too many: it only counts their samples."""

    __slots__ = ("count", "touched_s")

    def __init__(self) -> None:
        self.count: int = 0
        self.touched_s: float = 0

    def record(self, _number: float, _now_s: float, /) -> None:
        """Counts the sample and drops it."""
        self.count += 1

    def values(self) -> tuple[float, ...]:
        """How many samples were dropped."""
        return (self.count,)


class Metric:
    """The series of one definition, for as long as some handler holds it."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.holder_count: int = 0
        self.dropped: Final = Dropped()
        self._cells: dict[Labels, Cell] = {}

    def cell(self, labels: Labels, max_series: int) -> Cell:
        """The cell of a series, made at need; `dropped` where that would be one too many."""
        cell = self._cells.get(labels)
        if cell is None:
            if len(self._cells) >= max_series:
                return self.dropped
            cell = self._cells[labels] = self._new_cell()
        return cell

    def expire(self, before_s: float) -> int:
        """Forgets the series without a sample since then; tells how many."""
        old = [labels for labels, cell in self._cells.items() if cell.touched_s < before_s]
        for labels in old:
            del self._cells[labels]
        return len(old)

    def rows(self) -> list[Row]:
        """All series as they stand."""
        return [(labels, cell.values()) for labels, cell in self._cells.items()]

    def _new_cell(self) -> Cell:
        if self.definition.kind is Kind.DISTRIBUTION:
            return Histogram(self.definition.bounds)
        return Counter() if self.definition.kind is Kind.COUNTER else Gauge()
