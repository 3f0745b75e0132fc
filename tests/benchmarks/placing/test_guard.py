"""Counters that lag behind are waited for, and no longer than patience lasts."""

from itertools import chain, repeat

from benchmarks.arm import Claim
from benchmarks.placing.guard import equal, settled


def counting(*counts):
    """Claims of ten requests, by a counter that shows these counts and then stays."""
    shown = chain(counts, repeat(counts[-1]))
    return lambda: [equal("requests", next(shown), 10)]


def test_a_claim_of_equality_has_one_count_that_holds():
    assert equal("requests", 9, 10) == Claim(what="requests", counted=9, least=10, most=10)
    assert [equal("requests", count, 10).holds for count in (9, 10, 11)] == [False, True, False]


def test_a_counter_that_lags_behind_is_waited_for():
    assert settled(counting(3, 7, 10), patience_s=60) == [equal("requests", 10, 10)]


def test_a_counter_that_goes_on_rising_is_found_out():
    assert settled(counting(10, 11), patience_s=0.1) == [equal("requests", 11, 10)]


def test_a_counter_that_stays_behind_ends_the_patience():
    assert settled(counting(3), patience_s=0.1) == [equal("requests", 3, 10)]
