"""One arm's latency in one cell: each quantile from the repetitions that can be trusted there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hdrh.histogram import HdrHistogram

from benchmarks.cell import Measured
from benchmarks.report.tables import Curve
from benchmarks.statistics import QUANTILES, NotEnough
from benchmarks.statistics.histogram import (
    LEAST_BEYOND,
    answers_missing,
    merged,
    quantiles_ns,
    read_histogram,
)

_CURVE_STEPS: Final = 24
"""Points of a curve for each tenfold approach to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """As in `ArmFigures`."""

    latency_ns: Mapping[float, float | NotEnough]
    repetitions_ns: Mapping[int, Mapping[float, float]]
    trusted_counts: Mapping[float, int]
    late_counts: Mapping[float, int]
    curve: Curve


def latency_of(measured: Sequence[Measured]) -> Latency:
    """Of repetitions in which the arm kept up, and that were not rejected."""
    trusted = {
        quantile: [one for one in measured if one.trusted_quantile >= quantile]
        for quantile in QUANTILES
    }
    return Latency(
        latency_ns={quantile: _latency_ns(kept, quantile) for quantile, kept in trusted.items()},
        repetitions_ns={one.repetition: _quantiles(one) for one in measured},
        trusted_counts={
            quantile: sum(one.answered_count for one in kept) for quantile, kept in trusted.items()
        },
        late_counts={quantile: len(measured) - len(kept) for quantile, kept in trusted.items()},
        curve=_curve(measured),
    )


def _quantiles(measured: Measured) -> Mapping[float, float]:
    wanted = [quantile for quantile in QUANTILES if quantile <= measured.trusted_quantile]
    found = quantiles_ns(read_histogram(measured.latency_ns), wanted)
    return dict(zip(wanted, found, strict=True))


def _latency_ns(trusted: Sequence[Measured], quantile: float) -> float | NotEnough:
    histogram = merged(one.latency_ns for one in trusted)
    (found,) = quantiles_ns(histogram, [quantile])
    return answers_missing(histogram.total_count, quantile) or found


def _curve(measured: Sequence[Measured]) -> Curve:
    histogram = merged(one.latency_ns for one in measured)
    last = min((one.trusted_quantile for one in measured), default=0.0)
    quantiles = _curve_quantiles(histogram, 1.0 if last == QUANTILES[-1] else last)
    return Curve(quantiles=quantiles, latency_ns=quantiles_ns(histogram, quantiles))


def _curve_quantiles(histogram: HdrHistogram, last: float) -> list[float]:
    """As far as enough answers lie beyond; they are closer the nearer they are to 1."""
    quantiles: list[float] = []
    beyond = 1.0
    # A last quantile of 0.99 is there in spite of its binary form.
    while histogram.total_count * beyond >= LEAST_BEYOND and 1 - beyond <= last + 1e-9:
        quantiles.append(1 - beyond)
        beyond = 10 ** (-len(quantiles) / _CURVE_STEPS)
    return quantiles
