"""Histograms of latency: read, merged, and asked for quantiles."""

from collections.abc import Iterable, Sequence
from typing import Final

from hdrh.histogram import HdrHistogram

from benchmarks.statistics.figure import NotEnough

LOWEST_NS: Final = 1_000
HIGHEST_NS: Final = 60_000_000_000
DIGITS: Final = 3
"""The significant digits of a histogram."""
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
    """The latency at each quantile; `quantiles` rise. All 0 for an empty histogram."""
    percentiles = [quantile * 100 for quantile in quantiles]
    found = histogram.get_percentile_to_value_dict(percentiles)
    return [float(found.get(percentile, 0)) for percentile in percentiles]


def answers_missing(count: int, quantile: float) -> NotEnough | None:
    """Why `count` answers say nothing about a quantile; None if they do."""
    least = round(LEAST_BEYOND / (1 - quantile))
    return None if count >= least else NotEnough(why=f"{count:,} of {least:,} answers")
