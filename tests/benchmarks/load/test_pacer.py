"""When requests are meant to leave."""

from itertools import pairwise
from math import log
from statistics import fmean

import pytest

from benchmarks.load.pacer import arrivals_ns

MS = 1_000_000
MANY = {"rate_per_s": 1000.0, "duration_s": 100.0, "pacing": "poisson"}


def gaps_ms(seed):
    times = [0, *arrivals_ns(**MANY, seed=seed)]
    return [(later - earlier) / MS for earlier, later in pairwise(times)]


def test_constant_arrivals_are_evenly_apart_from_the_start_on():
    assert list(arrivals_ns(4, 1.0, "constant", seed=1)) == [0, 250 * MS, 500 * MS, 750 * MS]


def test_rounding_errors_of_constant_arrivals_do_not_add_up():
    times = arrivals_ns(3, 1000.0, "constant", seed=1)
    assert list(times[:4]) == [0, 333_333_333, 666_666_667, 1_000_000_000]
    assert times[2999] == 999_666_666_667


def test_a_rate_below_one_per_second_is_a_rate():
    assert list(arrivals_ns(0.5, 5.0, "constant", seed=1)) == [0, 2000 * MS]


def test_poisson_arrivals_come_at_the_rate():
    # 100,000 gaps of 1 ms; the standard error of their mean is 1 ms / √100,000 = 0.0032 ms.
    assert fmean(gaps_ms(seed=1)) == pytest.approx(1.0, abs=0.015)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_gaps_of_poisson_arrivals_are_exponentially_distributed(share):
    # P(gap ≤ t) = 1 - exp(-t · rate), so that share lies below -ln(1 - share) / rate. The standard
    # error of a share of 100,000 is at most 0.0016.
    bound_ms = -log(1 - share)
    gaps = gaps_ms(seed=2)
    assert sum(gap <= bound_ms for gap in gaps) / len(gaps) == pytest.approx(share, abs=0.008)


def test_counts_of_poisson_arrivals_vary_as_much_as_their_mean():
    # Of 10,000 counts in 10 ms, the variance is 10; its standard error is about 0.15.
    counts = [0] * 10_000
    for time in arrivals_ns(**MANY, seed=3):
        counts[time // (10 * MS)] += 1
    mean = fmean(counts)
    assert fmean((count - mean) ** 2 for count in counts) == pytest.approx(10, abs=0.75)


def test_arrivals_are_in_order_and_within_the_duration():
    times = list(arrivals_ns(**MANY, seed=4))
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] < 100_000 * MS


def test_a_seed_always_gives_the_same_arrivals_and_another_gives_others():
    first, again, other = (arrivals_ns(**MANY, seed=seed) for seed in (7, 7, 8))
    assert first == again
    assert first != other


@pytest.mark.parametrize(("rate", "pacing"), [(0, "poisson"), (-1, "constant"), (10, "bursts")])
def test_there_are_no_arrivals_at_no_rate_or_by_a_pacing_that_is_not_known(rate, pacing):
    with pytest.raises(ValueError):
        arrivals_ns(rate, 1.0, pacing, seed=1)
