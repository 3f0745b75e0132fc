"""The median of repetitions, with a 95 % interval by bootstrap.

Repetitions are drawn with replacement, the median of each draw is taken, and the interval holds the
middle of these medians. A percentile bootstrap of n values is too narrow by about sqrt((n - 1) /
n), and takes the normal distribution for Student's. The share that is cut off at each end is
therefore not 2.5 % but Φ(-sqrt(n / (n - 1)) · t(0.975, n - 1)): the "expanded percentile interval"
of Hesterberg, What Teachers Should Know About the Bootstrap (2015). At 5 repetitions that leaves
the least and the most of them as interval, which holds the true median in 1 - 2 / 2⁵ = 94 % of all
runs, whatever the distribution. Below 5 repetitions there is no figure.
"""

import math
from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.statistics.figure import Estimate, Figure, NotEnough
from benchmarks.statistics.student import t_of

LEAST_REPETITIONS: Final = 5
_RESAMPLES: Final = 9_999
_SEED: Final = 20_180_731
_NORMAL: Final = NormalDist()

Floats = npt.NDArray[np.float64]
Ranks = npt.NDArray[np.int64]


def estimate(samples: Sequence[float]) -> Figure:
    """The median of repetitions with its interval."""
    if len(samples) < LEAST_REPETITIONS:
        return NotEnough(why=f"{len(samples)} of {LEAST_REPETITIONS} repetitions")
    values = np.asarray(samples, dtype=np.float64)
    share = _cut_share(len(samples), len(samples) - 1)
    return _figure(float(np.median(values)), _medians(values, _SEED), share)


def estimate_difference(before: Sequence[float], after: Sequence[float]) -> Figure:
    """Median of `after` minus median of `before`, which are repetitions of two separate runs."""
    least = min(len(before), len(after))
    if least < LEAST_REPETITIONS:
        return NotEnough(why=f"{least} of {LEAST_REPETITIONS} repetitions")
    first, second = (np.asarray(samples, dtype=np.float64) for samples in (before, after))
    draws = _medians(second, _SEED + 1) - _medians(first, _SEED)
    share = _cut_share(least, len(before) + len(after) - 2)
    return _figure(float(np.median(second) - np.median(first)), draws, share)


def _medians(values: Floats, seed: int) -> Floats:
    ordered = np.sort(values)
    lower, upper = _middles(len(values), seed)
    return (ordered[lower] + ordered[upper]) / 2


@cache
def _middles(count: int, seed: int) -> tuple[Ranks, Ranks]:
    """The ranks of the two values in the middle of each draw (one value twice, of odd counts).

    Always the same, so that a report can be repeated.
    """
    draws = np.random.default_rng(seed).integers(0, count, size=(_RESAMPLES, count))
    draws.sort(axis=1)
    return draws[:, (count - 1) // 2], draws[:, count // 2]


def _figure(value: float, draws: Floats, share: float) -> Estimate:
    low, high = np.quantile(draws, [share, 1 - share])
    return Estimate(value=value, low=float(low), high=float(high))


@cache
def _cut_share(count: int, freedom: int) -> float:
    """What is cut off at each end for `count` repetitions on a side; see the module."""
    student = t_of(_NORMAL.inv_cdf(0.975), freedom)
    return _NORMAL.cdf(-math.sqrt(count / (count - 1)) * student)
