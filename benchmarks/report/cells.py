"""From what was measured to one table for each cell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hdrh.histogram import HdrHistogram

from benchmarks.arm import DIRECT, ENVOY
from benchmarks.cell import Cell, Measured
from benchmarks.report.tables import ArmFigures, CellTable, Curve
from benchmarks.run.store import Run
from benchmarks.statistics import QUANTILES, Figure, NotEnough
from benchmarks.statistics.bootstrap import estimate
from benchmarks.statistics.histogram import (
    LEAST_BEYOND,
    answers_missing,
    merged,
    quantiles_ns,
    read_histogram,
)

_CURVE_STEPS = 24
"""Points of a curve for each tenfold approach to 1."""


def cell_tables(run: Run) -> list[CellTable]:
    """One for each cell, in the order of first measurement. Rejected repetitions are left out."""
    by_cell: dict[Cell, dict[str, list[Measured]]] = defaultdict(lambda: defaultdict(list))
    for measured in run.measured:
        by_cell[measured.cell][measured.arm].append(measured)
    return [_table(cell, by_arm, list(run.facts.arms)) for cell, by_arm in by_cell.items()]


def paired_ns(one: ArmFigures, other: ArmFigures, quantile: float) -> list[tuple[float, float]]:
    """The latencies of two arms in the repetitions that both have."""
    return [
        (of_one[quantile], other.repetitions_ns[repetition][quantile])
        for repetition, of_one in one.repetitions_ns.items()
        if repetition in other.repetitions_ns
    ]


def added_ns(one: ArmFigures, other: ArmFigures, quantile: float) -> Figure:
    """How much slower `one` is than `other`: the median over pairs of repetitions."""
    fewest = min(one.answered_count, other.answered_count)
    missing = answers_missing(fewest, quantile)
    return missing or estimate([a - b for a, b in paired_ns(one, other, quantile)])


def _table(cell: Cell, by_arm: Mapping[str, Sequence[Measured]], order: Sequence[str]) -> CellTable:
    rows = {arm: _figures(arm, by_arm[arm]) for arm in order if arm in by_arm}
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


def _figures(arm: str, repetitions: Sequence[Measured]) -> ArmFigures:
    kept = [measured for measured in repetitions if measured.rejection is None]
    answered_count = sum(measured.answered_count for measured in kept)
    elapsed_s = sum(measured.elapsed_s for measured in kept)
    throughputs_per_s = [measured.answered_count / measured.elapsed_s for measured in kept]
    histogram = merged(measured.latency_ns for measured in kept)
    return ArmFigures(
        arm=arm,
        repetition_count=len(kept),
        rejections=[measured.rejection for measured in repetitions if measured.rejection],
        answered_count=answered_count,
        latency_ns=_latency_ns(histogram),
        added_ns={},
        repetitions_ns={measured.repetition: _quantiles(measured) for measured in kept},
        curve=_curve(histogram),
        throughput_per_s=answered_count / elapsed_s if elapsed_s else 0.0,
        throughputs_per_s=throughputs_per_s,
        throughput=estimate(throughputs_per_s),
        cpu_s_per_1000=_cpu_s_per_1000(kept),
        rss_bytes=_rss_bytes(kept),
        policy_calls_per_request=sum(m.policy_call_count for m in kept) / max(answered_count, 1),
    )


def _quantiles(measured: Measured) -> Mapping[float, float]:
    found = quantiles_ns(read_histogram(measured.latency_ns), QUANTILES)
    return dict(zip(QUANTILES, found, strict=True))


def _latency_ns(histogram: HdrHistogram) -> Mapping[float, float | NotEnough]:
    found = quantiles_ns(histogram, QUANTILES)
    return {
        quantile: answers_missing(histogram.total_count, quantile) or latency
        for quantile, latency in zip(QUANTILES, found, strict=True)
    }


def _curve(histogram: HdrHistogram) -> Curve:
    """As far as enough answers lie beyond; its points are closer the nearer they are to 1."""
    quantiles = []
    step = 0
    while histogram.total_count * 10 ** (-step / _CURVE_STEPS) >= LEAST_BEYOND:
        quantiles.append(1 - 10 ** (-step / _CURVE_STEPS))
        step += 1
    return Curve(quantiles=quantiles, latency_ns=quantiles_ns(histogram, quantiles))


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
