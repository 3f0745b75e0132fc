"""The knee: up to which rate an arm keeps its latency.

An arm keeps a rate if it was over in time in most repetitions, if its p99 stays within 3 times that
at the lowest rate, and if it answers 99 %
of what was planned (less 3 standard deviations of a Poisson process, so that an arm does not fail
for the requests that chance did not send). The knee is the highest rate that it keeps along with
all lower ones.
"""

import math
from collections.abc import Iterator
from typing import Final

from benchmarks.cell import Cell
from benchmarks.report.tables import ArmFigures, Knee, Sweep

KNEE_MULTIPLE: Final = 3
"""How many times the p99 of its lowest rate an arm's p99 may reach."""
_ACHIEVED_SHARE: Final = 0.99


def knees(sweep: Sweep) -> Iterator[Knee]:
    """One for each arm of a sweep over rates that has a p99 at any of them."""
    for arm in sweep.arms():
        points = [(table.cell, table.rows[arm]) for table in sweep.tables if arm in table.rows]
        known = [(cell, row) for cell, row in points if row.is_behind or _p99_ns(row)]
        if known:
            yield _knee(sweep.scenario, known)


def _knee(scenario: str, points: list[tuple[Cell, ArmFigures]]) -> Knee:
    arm = points[0][1].arm
    limit_ns = KNEE_MULTIPLE * _p99_ns(points[0][1])
    rate_per_s = 0.0
    for cell, row in points:
        if row.is_behind or _p99_ns(row) > limit_ns or not _achieves(cell, row):
            return Knee(scenario=scenario, arm=arm, rate_per_s=rate_per_s, is_open=False)
        rate_per_s = cell.rate_per_s
    return Knee(scenario=scenario, arm=arm, rate_per_s=rate_per_s, is_open=True)


def _p99_ns(row: ArmFigures) -> float:
    """0 if it is not known."""
    latency_ns = row.latency_ns[0.99]
    return latency_ns if isinstance(latency_ns, float) else 0.0


def _achieves(cell: Cell, row: ArmFigures) -> bool:
    planned_count = cell.rate_per_s * row.answered_count / row.throughput_per_s
    chance = 3 * math.sqrt(planned_count) if cell.pacing == "poisson" else 0.0
    return row.answered_count >= _ACHIEVED_SHARE * planned_count - chance
