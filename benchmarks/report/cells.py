"""From what was measured to one table for each cell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from benchmarks.arm import DIRECT, ENVOY
from benchmarks.cell import Cell, Measured
from benchmarks.report.latency import latency_of
from benchmarks.report.reasons import explained
from benchmarks.report.tables import ArmFigures, CellTable
from benchmarks.run.store import Run
from benchmarks.statistics import QUANTILES, Figure, NotEnough
from benchmarks.statistics.bootstrap import estimate
from benchmarks.statistics.histogram import answers_missing


def cell_tables(run: Run) -> list[CellTable]:
    """One for each cell, in the order of first measurement. Rejected repetitions are left out."""
    by_cell: dict[Cell, dict[str, list[Measured]]] = defaultdict(lambda: defaultdict(list))
    for measured in run.measured:
        by_cell[measured.cell][measured.arm].append(measured)
    return [_table(cell, by_arm, list(run.facts.arms)) for cell, by_arm in by_cell.items()]


def paired_ns(one: ArmFigures, other: ArmFigures, quantile: float) -> list[tuple[float, float]]:
    """The latencies of two arms in the repetitions in which both can be trusted."""
    return [
        (of_one[quantile], of_other[quantile])
        for repetition, of_one in one.repetitions_ns.items()
        if quantile in of_one and quantile in (of_other := other.repetitions_ns.get(repetition, {}))
    ]


def added_ns(one: ArmFigures, other: ArmFigures, quantile: float) -> Figure:
    """How much slower `one` is than `other`: the median over pairs of repetitions."""
    fewest = min(one.trusted_counts[quantile], other.trusted_counts[quantile])
    missing = answers_missing(fewest, quantile)
    added = missing or estimate([a - b for a, b in paired_ns(one, other, quantile)])
    return explained(added, [one, other], quantile) if isinstance(added, NotEnough) else added


def _table(cell: Cell, by_arm: Mapping[str, Sequence[Measured]], order: Sequence[str]) -> CellTable:
    behind = _behind(by_arm.get(ENVOY, ()))
    rows = {
        arm: _figures(arm, by_arm[arm], _behind(by_arm[arm]) | (behind if arm != DIRECT else set()))
        for arm in order
        if arm in by_arm
    }
    if cell.rate_per_s:
        envoy = rows.get(ENVOY)
        rows = {arm: _with_added(row, envoy) for arm, row in rows.items()}
    return CellTable(cell=cell, rows=rows)


def _with_added(row: ArmFigures, envoy: ArmFigures | None) -> ArmFigures:
    if row.arm in (DIRECT, ENVOY):
        return row
    missing = NotEnough(why="Envoy alone was not measured")
    added = {q: added_ns(row, envoy, q) if envoy else missing for q in QUANTILES}
    return replace(row, added_ns=added)


def _behind(repetitions: Sequence[Measured]) -> set[int]:
    """The repetitions in which an arm did not keep up with the rate."""
    return {measured.repetition for measured in repetitions if not measured.kept_up}


def _figures(arm: str, repetitions: Sequence[Measured], behind: AbstractSet[int]) -> ArmFigures:
    kept = [measured for measured in repetitions if measured.rejection is None]
    in_time = [measured for measured in kept if measured.repetition not in behind]
    latency = latency_of(in_time)
    answered_count = sum(measured.answered_count for measured in kept)
    elapsed_s = sum(measured.elapsed_s for measured in kept)
    throughputs_per_s = [measured.answered_count / measured.elapsed_s for measured in kept]
    figures = ArmFigures(
        arm=arm,
        repetition_count=len(kept),
        rejections=[measured.rejection for measured in repetitions if measured.rejection],
        answered_count=answered_count,
        latency_ns=latency.latency_ns,
        added_ns={},
        repetitions_ns=latency.repetitions_ns,
        trusted_counts=latency.trusted_counts,
        late_counts=latency.late_counts,
        behind_count=len(kept) - len(in_time),
        stolen_shares=[m.stolen_share for m in kept if m.stolen_share is not None],
        curve=latency.curve,
        throughput_per_s=answered_count / elapsed_s if elapsed_s else 0.0,
        throughputs_per_s=throughputs_per_s,
        throughput=estimate(throughputs_per_s),
        cpu_s_per_1000=_cpu_s_per_1000(kept),
        rss_bytes=_rss_bytes(kept),
        policy_calls_per_request=sum(m.policy_call_count for m in kept) / max(answered_count, 1),
    )
    return replace(
        figures,
        latency_ns={
            quantile: explained(found, [figures], quantile)
            if isinstance(found, NotEnough)
            else found
            for quantile, found in figures.latency_ns.items()
        },
    )


def _cpu_s_per_1000(kept: Sequence[Measured]) -> Mapping[str, float]:
    cpu_s: dict[str, float] = defaultdict(float)
    for measured in kept:
        for role, use in measured.processes.items():
            cpu_s[role] += use.cpu_s
    thousands = max(sum(measured.answered_count for measured in kept), 1) / 1_000
    return {role: seconds / thousands for role, seconds in cpu_s.items()}


def _rss_bytes(kept: Sequence[Measured]) -> Mapping[str, int]:
    most: dict[str, int] = defaultdict(int)
    for measured in kept:
        for role, use in measured.processes.items():
            most[role] = max(most[role], use.rss_bytes)
    return dict(most)
