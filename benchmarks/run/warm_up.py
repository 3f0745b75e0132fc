"""Loads an arm until it no longer gets faster."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.load import LoadPlan, LoadRecord

AGREEMENT: Final = 0.05
"""How far the medians of two successive windows may lie apart, in relation to the smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUpOptions:
    """How much of it."""

    round_s: float = 1.5
    """How long is loaded at a time; a round has a median for each half second."""
    most_rounds: int = 4


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
    """Makes the plan's load in rounds, until the last two windows agree or there were enough."""
    by_status: Counter[int] = Counter()
    elapsed_s, error_count = 0.0, 0
    medians_ns: list[int] = []
    for number in range(options.most_rounds):
        record = load(replace(plan, duration_s=options.round_s, seed=plan.seed + 1 + number))
        by_status.update(record.by_status)
        elapsed_s += record.elapsed_s
        error_count += record.error_count
        medians_ns += [median for median in record.medians_ns if median is not None]
        if agree(medians_ns):
            break
    return WarmUp(by_status=by_status, elapsed_s=elapsed_s, error_count=error_count)


def agree(medians_ns: Sequence[int]) -> bool:
    """Whether the last two windows have medians within `AGREEMENT`; False if there is one only."""
    if len(medians_ns) < 2:
        return False
    low, high = sorted(medians_ns[-2:])
    return high - low <= AGREEMENT * low
