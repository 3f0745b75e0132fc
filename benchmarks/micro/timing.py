"""Cases to samples.

A machine's speed drifts by tens of percent within a minute. So all cases are measured in rounds:
each round runs every case for a moment, and what is compared is compared within a round. The
clock is that of the thread's CPU time, so time that the machine gives to others does not count;
the garbage collector is on, as it is in a server.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import Any, Final

from benchmarks.micro.go_figures import GoFigure

Clock = Callable[[], float]
"""Seconds since some fixed instant."""

_WARM_UP_COUNT: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something that can be done again and again."""

    name: str
    run: Callable[[Any], object]
    """Does it once, with one input."""
    inputs: Callable[[int], Iterable[Any]]
    """Makes so many inputs; what that takes is not measured."""
    units: int = 1
    """What `run` does it for, such as 100 bags; samples are of one unit."""
    unit: str = "call"
    target_us: float | None = None
    """The time for a unit that is aimed at."""
    go: GoFigure | None = None
    """What the original takes for a unit."""


def same(value: object) -> Callable[[int], Iterable[Any]]:
    """Inputs that are all the same."""
    return partial(repeat, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to measure."""

    round_count: int
    batch_s: float
    """How long each round spends on each case."""


def measure(
    cases: Sequence[Case], effort: Effort, clock: Clock = time.thread_time
) -> dict[str, list[float]]:
    """Seconds for one unit, by the names of the cases: one sample for each round."""
    counts = [calibrate(case, effort.batch_s, clock) for case in cases]
    samples: dict[str, list[float]] = {case.name: [] for case in cases}
    for _ in range(effort.round_count):
        for case, run_count in zip(cases, counts, strict=True):
            spent_s = _spend(case, run_count, clock)
            samples[case.name].append(spent_s / run_count / case.units)
    return samples


def calibrate(case: Case, batch_s: float, clock: Clock) -> int:
    """How often the case can be run in `batch_s`; at least once."""
    _spend(case, _WARM_UP_COUNT, clock)
    run_count = 1
    while (spent_s := _spend(case, run_count, clock)) < batch_s / 10:
        run_count *= 4
    return max(1, round(run_count * batch_s / spent_s))


def _spend(case: Case, run_count: int, clock: Clock) -> float:
    run = case.run
    inputs = list(case.inputs(run_count))
    started_s = clock()
    for item in inputs:
        run(item)
    return clock() - started_s
