"""Whether two runs differ, and which of many differences are to be believed."""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

import numpy as np

from benchmarks.statistics.student import deviate_of

_NORMAL: Final = NormalDist()


def difference_p(before: Sequence[float], after: Sequence[float]) -> float:
    """How probable a difference at least as large is if there is none: Welch's t test, two-sided.

    A bootstrap cannot tell this: of pairs of equal runs with 5 repetitions each, one in 126 lies
    completely apart, and then no draw overlaps. 1 for fewer than 2 repetitions on a side.
    """
    sides = [np.asarray(samples, dtype=np.float64) for samples in (before, after)]
    if min(map(len, sides)) < 2:
        return 1.0
    errors = [float(side.var(ddof=1)) / len(side) for side in sides]
    difference = float(sides[1].mean() - sides[0].mean())
    if not any(errors):
        return 0.0 if difference else 1.0
    shares = [error / sum(errors) for error in errors]
    freedom = 1 / sum(s**2 / (len(side) - 1) for s, side in zip(shares, sides, strict=True))
    return 2 * _NORMAL.cdf(-deviate_of(difference / math.sqrt(sum(errors)), freedom))


def significant(probabilities: Sequence[float], share: float = 0.05) -> list[bool]:
    """Which of many differences are to be believed (Benjamini and Hochberg, 1995).

    Of those that are, on average at most `share` are chance.
    """
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    count = 0
    for rank, index in enumerate(order, start=1):
        if probabilities[index] <= share * rank / len(order):
            count = rank
    believed = set(order[:count])
    return [index in believed for index in range(len(probabilities))]
