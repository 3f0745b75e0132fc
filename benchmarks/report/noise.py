"""How much of a run's figures is the machine's doing.

The rule: if the interval of the added median of one of the main arms reaches further than 10 % to
each side of it, the machine was too noisy for differences below that reach.
"""

from statistics import median
from typing import Final

from benchmarks.arm import ENVOY, MAIN_ARMS
from benchmarks.report.tables import ArmFigures, CellTable, Noise
from benchmarks.report.taken import taken
from benchmarks.statistics import Estimate

RELATIVE_LIMIT: Final = 0.10
"""How far an interval may reach to each side, in relation to its figure."""


def noise(table: CellTable) -> Noise:
    """Of one cell."""
    added = [table.rows[arm].added_ns[0.5] for arm in MAIN_ARMS if arm in table.rows]
    estimates = [figure for figure in added if isinstance(figure, Estimate)]
    relative = max((_relative(figure) for figure in estimates), default=None)
    return Noise(
        cell=table.cell,
        envoy_spread=_spread(table.rows.get(ENVOY)),
        floor_ns=max((figure.half_width for figure in estimates), default=None),
        relative_floor=relative,
        is_too_noisy=relative is not None and relative > RELATIVE_LIMIT,
        stolen=taken(share for row in table.rows.values() for share in row.stolen_shares),
    )


def _relative(figure: Estimate) -> float:
    return figure.half_width / abs(figure.value) if figure.value else float("inf")


def _spread(envoy: ArmFigures | None) -> float | None:
    latencies = envoy.repetitions_ns.values() if envoy else []
    medians = [ns[0.5] for ns in latencies if 0.5 in ns]
    if len(medians) < 2:
        return None
    return (max(medians) - min(medians)) / median(medians)
