"""What a verdict says of sweeps and knees."""

from collections.abc import Iterator, Sequence

from benchmarks.arm import ENVOY, MAIN_ARMS
from benchmarks.report.knees import KNEE_MULTIPLE
from benchmarks.report.phrases import SAID
from benchmarks.report.tables import Knee, Summary, Sweep
from benchmarks.statistics import Estimate
from benchmarks.units import number, percent, quantile_name, time_interval

Points = Sequence[tuple[float, Estimate]]


def sweep_sentences(summary: Summary, sweep: Sweep) -> Iterator[str]:
    """One for each main arm that has figures at two points at least, before its knee."""
    for arm in MAIN_ARMS:
        changes = (
            _change(sweep, _points(summary, sweep, arm, quantile), quantile) for quantile in SAID
        )
        parts = [change for change in changes if change]
        if parts:
            yield f"{summary.facts.arms[arm]}: {'; '.join(parts)}."


def knee_sentences(summary: Summary) -> Iterator[str]:
    """One for each scenario: up to where each arm keeps its latency."""
    for scenario in dict.fromkeys(knee.scenario for knee in summary.knees):
        knees = [knee for knee in summary.knees if knee.scenario == scenario]
        rates = "; ".join(f"{summary.facts.arms[knee.arm]}: {_rate(knee)}" for knee in knees)
        yield (
            f"{summary.facts.scenarios[scenario]}: p99 stays within {KNEE_MULTIPLE} times that at "
            f"the lowest rate, of the rates that were measured, up to: {rates}."
        )


def x_text(sweep: Sweep, x: float) -> str:
    """A point of a sweep: `95 %` of cache hits, else a number."""
    return percent(x) if sweep.name == "hits" else f"{x:,g}"


def _change(sweep: Sweep, points: Points, quantile: float) -> str | None:
    """`the added p99 falls, 3.1 (3.0…3.2) ms at 0 % and 1.2 (1.1…1.3) ms at 99 %`: the ends."""
    if len(points) < 2:
        return None
    (first_x, first), (last_x, last) = points[0], points[-1]
    ends = (
        f"{time_interval(first)} at {x_text(sweep, first_x)} and "
        f"{time_interval(last)} at {x_text(sweep, last_x)}"
    )
    name = f"the added {quantile_name(quantile)}"
    if last.low <= first.high and first.low <= last.high:
        return f"{name} is not seen to change, {ends}"
    return f"{name} {'rises' if last.value > first.value else 'falls'}, {ends}"


def _points(summary: Summary, sweep: Sweep, arm: str, quantile: float) -> Points:
    return [
        (x, figure)
        for x, table in zip(sweep.xs, sweep.tables, strict=True)
        if arm in table.rows
        and not any(summary.is_past_knee(table.cell, each) for each in (ENVOY, arm))
        and isinstance(figure := table.rows[arm].added_ns.get(quantile), Estimate)
    ]


def _rate(knee: Knee) -> str:
    if not knee.rate_per_s:
        return "none"
    return f"{number(knee.rate_per_s)} requests/s{' or more' if knee.is_open else ''}"
