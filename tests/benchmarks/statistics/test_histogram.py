import base64

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram

from benchmarks.statistics import QUANTILES, NotEnough
from benchmarks.statistics.histogram import (
    answers_missing,
    merged,
    quantiles_ns,
    read_histogram,
    share_above,
)
from benchmarks.statistics.shape import DIGITS, HIGHEST_NS, LOWEST_NS


def encoded(values_ns) -> str:
    histogram = HdrHistogram(LOWEST_NS, HIGHEST_NS, DIGITS)
    for value in values_ns:
        histogram.record_value(int(value))
    return histogram.encode().decode()


def test_quantiles_of_1_to_10_000_microseconds():
    histogram = read_histogram(encoded(np.arange(1, 10_001) * 1_000))
    wanted = [5_000_000, 9_000_000, 9_900_000, 9_990_000]
    assert quantiles_ns(histogram, QUANTILES) == pytest.approx(wanted, rel=0.001)


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(1).exponential(3e5, 20_000) + 1e5,
        np.random.default_rng(2).normal(5e6, 4e5, 20_000),
    ],
)
def test_quantiles_are_those_of_the_values_to_three_digits(values):
    found = quantiles_ns(read_histogram(encoded(values)), QUANTILES)
    assert found == pytest.approx(list(np.quantile(values, QUANTILES)), rel=0.005)


def test_quantiles_are_those_of_the_library():
    quantiles = [0.0, 0.25, *QUANTILES, 1.0]
    histogram = read_histogram(encoded(np.random.default_rng(3).exponential(3e5, 5_000)))
    wanted = [histogram.get_value_at_percentile(quantile * 100) for quantile in quantiles]
    assert quantiles_ns(histogram, quantiles) == wanted


def test_times_of_a_tenth_of_a_millisecond_are_kept_to_a_thousandth():
    histogram = HdrHistogram(LOWEST_NS, HIGHEST_NS, DIGITS)
    histogram.record_value(100_000)
    assert quantiles_ns(histogram, [0.5]) == pytest.approx([100_000], abs=100)


def test_merged_histograms_hold_the_answers_of_all():
    whole = merged([encoded([1_000_000] * 3), encoded([2_000_000]), encoded([9_000_000])])
    assert whole.total_count == 5
    assert quantiles_ns(whole, [0.5, 0.75, 1.0]) == pytest.approx([1e6, 2e6, 9e6], rel=0.001)


def test_nothing_has_no_latency():
    whole = merged([])
    assert (whole.total_count, quantiles_ns(whole, [0.5, 0.99])) == (0, [0.0, 0.0])


@pytest.mark.parametrize(
    "text", ["", "none", "HISTFAAA", base64.b64encode(b"\x1c\x84" * 30).decode()]
)
def test_what_is_no_histogram_is_refused(text):
    with pytest.raises(ValueError, match="not an HdrHistogram"):
        read_histogram(text)


@pytest.mark.parametrize(
    ("count", "quantile", "missing"),
    [
        (19, 0.5, NotEnough(why="19 of 20 answers")),
        (20, 0.5, None),
        (999, 0.99, NotEnough(why="999 of 1,000 answers")),
        (1_000, 0.99, None),
        (9_999, 0.999, NotEnough(why="9,999 of 10,000 answers")),
        (10_000, 0.999, None),
    ],
)
def test_ten_answers_must_lie_beyond_a_quantile(count, quantile, missing):
    assert answers_missing(count, quantile) == missing


@pytest.mark.parametrize(
    ("value_ms", "share"), [(0.5, 1.0), (250, 0.75), (1_000, 0.0), (90_000, 0.0)]
)
def test_which_share_is_longer_than_a_time(value_ms, share):
    histogram = read_histogram(encoded(np.arange(1, 1_001) * 1_000_000))
    assert share_above(histogram, value_ms * 1e6) == pytest.approx(share, abs=0.001)


def test_nothing_of_nothing_is_longer():
    assert share_above(read_histogram(encoded([])), 0) == 0
