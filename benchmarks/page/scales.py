"""Axes: percentiles by their nines, latency, and added latency, which may be less than nothing."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from benchmarks.units import time

NOTICEABLE_NS: Final = 10_000
"""Added latency is shown on a straight scale up to here, and on a logarithmic one beyond."""
_STRAIGHT_SHARE: Final = 0.5
"""How much of a tenfold step the straight part up to `NOTICEABLE_NS` takes."""
_PERCENTILES: Final = (0.5, 0.9, 0.99, 0.999, 0.9999)
_STEPS: Final = ((1, 1.5, 2, 3, 4, 5, 6, 8), (1, 2, 5), (1, 3), (1,))
"""Ticks in each tenfold step, the closest first."""
_MOST_TICKS: Final = 7


def nines(quantile: float) -> float:
    """Where a quantile lies: 1 for 90 %, 2 for 99 %, 3 for 99.9 %."""
    return -math.log10(1 - quantile)


def show_percentiles(axes: Axes, last: float) -> None:
    """The x axis of a percentile curve, from the median up to the quantile `last`."""
    shown = [quantile for quantile in _PERCENTILES if quantile <= max(last, 0.9)]
    ticks = [nines(quantile) for quantile in shown]
    _set_ticks(axes, "x", ticks, [f"{quantile * 100:g} %" for quantile in shown])
    axes.set_xlim(ticks[0], max(nines(last), ticks[-1]))
    axes.set_xlabel("Share of requests that were at least this fast")


def show_latency(axes: Axes, latencies_ns: Sequence[float]) -> None:
    """A logarithmic y axis for all of these, which are positive."""
    low, high = min(latencies_ns) / 1.15, max(latencies_ns) * 1.15
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    ticks = _ticks(low, high)
    _set_ticks(axes, "y", ticks, [tick_time(tick) for tick in ticks])
    axes.set_ylabel("Latency")


def show_added(axes: Axes, added_ns: Sequence[float]) -> None:
    """A y axis for all of these: logarithmic on both sides, straight around 0."""
    low, high = min([*added_ns, 0.0]), max([*added_ns, 2.0 * NOTICEABLE_NS])
    axes.set_yscale("symlog", linthresh=NOTICEABLE_NS, linscale=_STRAIGHT_SHARE)
    axes.set_ylim(low * 1.3 if low else -NOTICEABLE_NS * 0.15, high * 1.3)
    above = _ticks(NOTICEABLE_NS, high * 1.3)
    below = [-NOTICEABLE_NS * 10.0**power for power in range(_powers(-low))]
    ticks = [*below[::-1], 0.0, *above]
    _set_ticks(axes, "y", ticks, [tick_time(tick) if tick else "0" for tick in ticks])
    axes.axhline(0, color=axes.spines["bottom"].get_edgecolor(), linewidth=1, zorder=1.5)
    axes.set_ylabel("Added latency")


def show_numbers(axes: Axes, points: Mapping[float, str], room: int, *, is_log: bool) -> None:
    """An x axis with ticks at the measured points only, which are given with their texts.

    `room` is how many letters fit side by side; texts without room are left out.
    """
    xs = list(points)
    places = [math.log10(x) for x in xs] if is_log else xs
    margin = (places[-1] - places[0]) * 0.05
    low, high = places[0] - margin, places[-1] + margin
    if is_log:
        axes.set_xscale("log")
        axes.set_xlim(10**low, 10**high)
    else:
        axes.set_xlim(low, high)
    letters = [(place - low) / (high - low) * room for place in places]
    _set_ticks(axes, "x", xs, _with_room(letters, list(points.values())))


def _powers(ns: float) -> int:
    """How many of 1, 10, 100, ... times `NOTICEABLE_NS` are within `ns`."""
    return math.floor(math.log10(ns / NOTICEABLE_NS)) + 1 if ns >= NOTICEABLE_NS else 0


def tick_time(ns: float) -> str:
    """`200 µs`, `1 ms`: round numbers without decimals."""
    text, _, unit = time(ns).partition(" ")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text} {unit}"


def _with_room(places: Sequence[float], texts: Sequence[str]) -> list[str]:
    """The texts that are centred at `places`, all in letters; empty where the next is too near."""
    shown: list[str] = []
    free = math.inf
    for place, text in zip(reversed(places), reversed(texts), strict=True):
        has_room = place + len(text) / 2 < free
        shown.append(text if has_room else "")
        free = place - len(text) / 2 - 1 if has_room else free
    return shown[::-1]


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers in between, as many as are readable."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in _STEPS:
        ticks = [step * 10.0**exponent for exponent in exponents for step in steps]
        inside = [tick for tick in ticks if low <= tick <= high]
        if len(inside) <= _MOST_TICKS:
            break
    return inside


def _set_ticks(axes: Axes, which: str, ticks: list[float], texts: list[str]) -> None:
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_major_formatter(FixedFormatter(texts))
    axis.set_minor_locator(NullLocator())
    axis.set_tick_params(length=0)
