"""A figure is an estimate with its interval, or the reason why there is none."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the interval's length."""
        return (self.high - self.low) / 2

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnough:
    """There is too little data for a figure."""

    why: str
    """In words: `3 of 5 repetitions`."""
    short: ClassVar[str] = "not enough"
    """The same for a table's cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastKnee(NotEnough):
    """A load is more than can be taken, so that latency only tells of a queue."""

    short: ClassVar[str] = "past the knee"


Figure = Estimate | NotEnough
