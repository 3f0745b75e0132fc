"""Figures as text: a unit that fits, and no more digits than tell something."""

import math
from collections.abc import Sequence
from typing import Final

from benchmarks.statistics import Estimate, Figure, NotEnough

_TIMES: Final = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns"))
_SIZES: Final = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "B"))
_NAMES: Final = {0.5: "median", 0.9: "p90", 0.99: "p99", 0.999: "p99.9"}
NOT_ENOUGH: Final = "not enough"


def quantile_name(quantile: float) -> str:
    """`median`, `p90`, `p99`, `p99.9`."""
    return _NAMES[quantile]


def numbers(values: Sequence[float]) -> list[str]:
    """With the same decimals: three digits for the largest; zero has no sign."""
    largest = max(map(abs, values), default=0.0)
    decimals = max(0, 2 - math.floor(math.log10(largest))) if largest else 0
    return [f"{value:z,.{min(decimals, 4)}f}".replace("-", "−") for value in values]


def number(value: float) -> str:
    """Three digits: `1,250`, `3.14`, `0.0512`."""
    return numbers([value])[0]


def percent(share: float) -> str:
    """`95 %`, `0.5 %`."""
    return f"{share * 100:.3g} %".replace("-", "−")


def time(ns: float) -> str:
    """`182 µs`, `1.87 ms`."""
    factor, unit = _time_unit(ns)
    return f"{number(ns / factor)} {unit}"


def size(size_bytes: float) -> str:
    """`62.0 MiB`."""
    factor, unit = next((each for each in _SIZES if size_bytes >= each[0]), _SIZES[-1])
    return f"{number(size_bytes / factor)} {unit}"


def time_interval(estimate: Estimate) -> str:
    """`182 (165…205) µs`: the figure, and its 95 % interval."""
    factor, unit = _time_unit(max(abs(estimate.low), abs(estimate.high)))
    return f"{_interval(estimate, factor)} {unit}"


def time_range(estimate: Estimate) -> str:
    """`−3.00…12.0 µs`: the interval only."""
    factor, unit = _time_unit(max(abs(estimate.low), abs(estimate.high)))
    low, high = numbers([estimate.low / factor, estimate.high / factor])
    return f"{low}…{high} {unit}"


def number_interval(estimate: Estimate) -> str:
    """`3.10 (2.80…3.50)`."""
    return _interval(estimate, 1.0)


def time_cell(figure: Figure | float) -> str:
    """A time for a table; `not enough` or the like if there is none."""
    if isinstance(figure, NotEnough):
        return figure.short
    return time_interval(figure) if isinstance(figure, Estimate) else time(figure)


def _interval(estimate: Estimate, factor: float) -> str:
    value, low, high = numbers([x / factor for x in (estimate.value, estimate.low, estimate.high)])
    return f"{value} ({low}…{high})"


def _time_unit(ns: float) -> tuple[float, str]:
    return next((each for each in _TIMES if abs(ns) >= each[0]), _TIMES[-1])
