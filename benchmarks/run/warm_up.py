"""Loads an arm until it no longer gets faster."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.load import LoadPlan, LoadRecord

LEAST_GAIN: Final = 0.1
"""By what share the median of a window must be below the lowest before it to count as faster. The
median of 100 requests, as a window has at the usual rate, is hardly known better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUpOptions:
    """How much of it."""

    round_s: float = 1.0
    """How long is loaded at a time; a round has a median for each half second."""
    most_rounds: int = 5


QUICK = WarmUpOptions(round_s=0.3, most_rounds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """What was sent to warm an arm up."""

    by_status: Mapping[int, int]
    elapsed_s: float
    error_count: int
    """Requests without an answer."""


def warm_up(
    load: Callable[[LoadPlan], LoadRecord], plan: LoadPlan, options: WarmUpOptions
) -> WarmUp:
    """Makes the plan's load in rounds, until the last window is no faster or there were enough."""
    by_status: Counter[int] = Counter()
    elapsed_s, error_count = 0.0, 0
    medians_ns: list[int] = []
    for number in range(options.most_rounds):
        record = load(replace(plan, duration_s=options.round_s, seed=plan.seed + 1 + number))
        by_status.update(record.by_status)
        elapsed_s += record.elapsed_s
        error_count += record.error_count
        medians_ns += [median for median in record.medians_ns if median is not None]
        if has_settled(medians_ns):
            break
    return WarmUp(by_status=by_status, elapsed_s=elapsed_s, error_count=error_count)


def has_settled(medians_ns: Sequence[int]) -> bool:
    """Whether the last window is no faster than the fastest before it; False if there is one only.

    A slower one tells of the machine, and not of warming up.
    """
    if len(medians_ns) < 2:
        return False
    return medians_ns[-1] >= (1 - LEAST_GAIN) * min(medians_ns[:-1])
