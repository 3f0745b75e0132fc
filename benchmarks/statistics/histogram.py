"""Histograms of latency: read, merged, and asked for quantiles."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from hdrh.histogram import HdrHistogram

from benchmarks.statistics.figure import NotEnough
from benchmarks.statistics.shape import DIGITS, HIGHEST_NS, LOWEST_NS

LEAST_BEYOND: Final = 10
"""How many answers must lie beyond a quantile: 1,000 in all for p99, 10,000 for p99.9."""


def read_histogram(encoded: str) -> HdrHistogram:
    """From its base64 form. Raises ValueError for anything else."""
    try:
        return HdrHistogram.decode(encoded)
    except Exception as error:  # the library raises its own, zlib's, ctypes' and binascii's
        raise ValueError(f"not an HdrHistogram: {error}") from error


def merged(encoded: Iterable[str]) -> HdrHistogram:
    """All histograms in one, an empty one for none. Raises ValueError for a damaged one."""
    whole = HdrHistogram(LOWEST_NS, HIGHEST_NS, DIGITS)
    for text in encoded:
        whole.add(read_histogram(text))
    return whole


def quantiles_ns(histogram: HdrHistogram, quantiles: Sequence[float]) -> list[float]:
    """The latency at each quantile. All 0 for an empty histogram.

    As the library's `get_percentile_to_value_dict`, which takes much longer because it asks for the
    counts one by one.
    """
    if not histogram.total_count:
        return [0.0] * len(quantiles)
    wanted = [histogram.get_target_count_at_percentile(quantile * 100) for quantile in quantiles]
    places = np.searchsorted(np.cumsum(np.ctypeslib.as_array(histogram.counts)), wanted)
    return [
        _value_at(histogram, int(place), is_lowest=not quantile)
        for place, quantile in zip(places, quantiles, strict=True)
    ]


def share_above(histogram: HdrHistogram, value_ns: float) -> float:
    """Which share of all is longer than a time; 0 for an empty histogram."""
    if not histogram.total_count:
        return 0.0
    counts = np.ctypeslib.as_array(histogram.counts)
    place = bisect_right(range(len(counts)), value_ns, key=histogram.get_value_from_index)
    return float(counts[place:].sum() / histogram.total_count)


def _value_at(histogram: HdrHistogram, place: int, *, is_lowest: bool) -> float:
    value = histogram.get_value_from_index(place)
    if is_lowest:
        return float(histogram.get_lowest_equivalent_value(value))
    return float(histogram.get_highest_equivalent_value(value))


def answers_missing(count: int, quantile: float) -> NotEnough | None:
    """Why `count` answers say nothing about a quantile; None if they do."""
    least = round(LEAST_BEYOND / (1 - quantile))
    return None if count >= least else NotEnough(why=f"{count:,} of {least:,} answers")
