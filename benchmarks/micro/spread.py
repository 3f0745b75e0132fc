"""Samples to what is said of them: the middle, and how far they lie apart.

Medians and quartiles, because a machine that is shared makes a few samples much slower, and none
faster than they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Some samples, in short; all numbers in the unit of the samples."""

    median: float
    lower_quartile: float
    upper_quartile: float
    least: float
    most: float
    sample_count: int


def spread_of(samples: Sequence[float]) -> Spread:
    """Raises ValueError for no samples."""
    if not samples:
        raise ValueError("no samples")
    ordered = sorted(samples)
    return Spread(
        median=median(ordered),
        lower_quartile=_quantile(ordered, 0.25),
        upper_quartile=_quantile(ordered, 0.75),
        least=ordered[0],
        most=ordered[-1],
        sample_count=len(ordered),
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear between neighbours: position (n - 1) x share, for n samples in order."""
    whole, fraction = divmod((len(ordered) - 1) * share, 1)
    low = int(whole)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * fraction


def ratios(samples: Sequence[float], yardstick: Sequence[float]) -> list[float]:
    """Each sample divided by that of the yardstick in the same round.

    Raises ValueError for different numbers of rounds.
    """
    return [sample / unit for sample, unit in zip(samples, yardstick, strict=True)]
