"""The parts of a verdict on one cell; `verdict` says by which rules."""

from benchmarks.report.cells import added_ns
from benchmarks.report.noise import RELATIVE_LIMIT
from benchmarks.report.tables import ArmFigures, Noise
from benchmarks.statistics import Estimate, Figure, NotEnough
from benchmarks.statistics.bootstrap import estimate
from benchmarks.units import (
    number,
    number_interval,
    percent,
    quantile_name,
    time,
    time_interval,
    time_range,
)

SAID = (0.5, 0.99)
"""The quantiles that sentences are about."""


def adds(row: ArmFigures, envoy: ArmFigures) -> str:
    """`adds 35 (31…38) µs to the median, ...; 0.15 s of CPU per 1,000 requests, ...`."""
    parts = [
        ", ".join(_added(row.added_ns[quantile], quantile) for quantile in SAID),
        f"{number(row.policy_cpu_s_per_1000)} s of CPU per 1,000 requests",
        f"Envoy alone takes {number(envoy.policy_cpu_s_per_1000)} s",
    ]
    if row.policy_calls_per_request:
        parts.append(f"{number(row.policy_calls_per_request)} policy calls per request")
    return "; ".join(parts)


def comparison(one: ArmFigures, other: ArmFigures, envoy: ArmFigures) -> str:
    """How `one` compares to `other`: slower, faster, or not to be told apart."""
    return "; ".join(_comparison(one, other, envoy, quantile) for quantile in SAID)


def noise_floor(noise: Noise) -> str | None:
    """Below what nothing can be seen; None if that is unknown."""
    if noise.floor_ns is None or noise.relative_floor is None:
        return None
    floor = time(noise.floor_ns)
    if not noise.is_too_noisy:
        return f"Differences of medians below {floor} can't be seen in this run."
    return (
        f"The machine was too noisy for differences below {floor}: an added median is known to "
        f"± {percent(noise.relative_floor)} only, and {percent(RELATIVE_LIMIT)} is wanted."
    )


def _added(figure: Figure, quantile: float) -> str:
    name = quantile_name(quantile)
    if isinstance(figure, NotEnough):
        return f"not enough data for the {name} ({figure.why})"
    if not figure.is_clear:
        return f"adds nothing to the {name} that can be told from noise ({time_range(figure)})"
    if figure.value < 0:
        return f"takes {time_interval(_turned(figure))} off the {name}"
    return f"adds {time_interval(figure)} to the {name}"


def _comparison(one: ArmFigures, other: ArmFigures, envoy: ArmFigures, quantile: float) -> str:
    name = quantile_name(quantile)
    difference = added_ns(one, other, quantile)
    if isinstance(difference, NotEnough):
        return f"not enough data to compare the {name} ({difference.why})"
    if not difference.is_clear:
        return f"can't be told apart at the {name} here ({time_range(difference)})"
    if difference.value < 0:
        return f"faster by {time_interval(_turned(difference))} at the {name}"
    ratio = _ratio(one, other, envoy, quantile)
    times = f", {number_interval(ratio)} times the added latency" if ratio else ""
    return f"slower by {time_interval(difference)} at the {name}{times}"


def _ratio(
    one: ArmFigures, other: ArmFigures, envoy: ArmFigures, quantile: float
) -> Estimate | None:
    """How many times as much `one` adds; None if one of them adds nothing in some repetition."""
    shared = one.repetitions_ns.keys() & other.repetitions_ns.keys() & envoy.repetitions_ns.keys()
    added = [
        tuple(
            row.repetitions_ns[repetition][quantile] - envoy.repetitions_ns[repetition][quantile]
            for row in (one, other)
        )
        for repetition in sorted(shared)
        if all(quantile in row.repetitions_ns[repetition] for row in (one, other, envoy))
    ]
    if any(min(pair) <= 0 for pair in added):
        return None
    ratio = estimate([of_one / of_other for of_one, of_other in added])
    return ratio if isinstance(ratio, Estimate) else None


def _turned(estimate: Estimate) -> Estimate:
    return Estimate(value=-estimate.value, low=-estimate.high, high=-estimate.low)
