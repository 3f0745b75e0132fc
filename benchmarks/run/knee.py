"""Finds how far an arm's rates go: up, step by step, until it can't follow any more."""

from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.load import LoadPlan, LoadRecord
from benchmarks.run.rejection import has_failures, keeps_up, p99_ns

EXPLODED: Final = 5.0
"""From how many times the p99 of the lowest rate on a step is beyond the knee. More than a report
allows, because each rate is tried for a moment only."""
TRY_S: Final = 2.0
"""How long a rate is tried."""
_TRIES: Final = 2
"""How often, before it counts as beyond: one hiccup of the machine is none of the arm's."""


def top_rate(
    load: Callable[[LoadPlan], LoadRecord],
    plan_at: Callable[[float], LoadPlan],
    rates: Sequence[float],
) -> float:
    """The first of the rising rates that is beyond the knee, or the last of them.

    That one is part of a sweep: otherwise nobody could see where the knee is.
    """
    first_p99_ns = 0.0
    for rate in rates:
        plan = plan_at(rate)
        for _ in range(_TRIES):
            record = load(plan)
            first_p99_ns = first_p99_ns or p99_ns(record)
            if not is_beyond(record, plan, first_p99_ns):
                break
        else:
            return rate
    return rates[-1]


def is_beyond(record: LoadRecord, plan: LoadPlan, first_p99_ns: float) -> bool:
    """Whether it makes no sense to go higher: answers don't follow, or only much later.

    Whose fault that is, the arm's or the generator's, tells the measurement.
    """
    return (
        not keeps_up(record, plan)
        or has_failures(record)
        or p99_ns(record) > EXPLODED * first_p99_ns
    )
