"""Latencies lie evenly from 1 to 2 ms, so that one in a hundred is 10 µs further on."""

import pytest

from benchmarks.load.record import histogram
from benchmarks.run.rejection import rejection
from benchmarks.run.trust import trusted_quantile
from tests.benchmarks.run.fakes import MS, record

EVEN = [MS + number * 1_000 for number in range(1_000)]
STALL = 20 * MS


def trusted(latencies_ns, lags_ns):
    return trusted_quantile(histogram(latencies_ns), histogram(lags_ns))


def late(count, lag_ns=STALL):
    """Latencies and lags of 1,000 requests, of which so many left late."""
    latencies_ns = [*EVEN[: 1_000 - count], *(ns + lag_ns for ns in EVEN[1_000 - count :])]
    return latencies_ns, [50_000] * (1_000 - count) + [lag_ns] * count


@pytest.mark.parametrize(
    ("late_count", "quantile"),
    [
        (0, 0.999),
        # Without them the p99.9 might be that of the others, which is 20 ms less.
        (5, 0.99),
        (20, 0.9),
        (150, 0.5),
        (600, 0.0),
    ],
)
def test_late_requests_spoil_the_tail_that_they_may_be_in(late_count, quantile):
    assert trusted(*late(late_count)) == quantile


def test_a_lag_within_the_tolerance_harms_nothing():
    assert trusted([ns + MS // 2 for ns in EVEN], [MS // 2] * 1_000) == 0.999
    # 5 ms are little against 100 ms.
    assert trusted([100 * MS] * 1_000, [5 * MS] * 1_000) == 0.999


def test_late_requests_harm_nothing_where_others_are_as_slow():
    # A tenth of the answers take 30 ms anyway; half a percent of the requests left 20 ms late.
    latencies_ns = [*EVEN[:900], *[30 * MS] * 100]
    assert trusted(latencies_ns, [0] * 995 + [STALL] * 5) == 0.999


def test_without_times_to_leave_at_all_is_trusted():
    assert trusted(EVEN, []) == 0.999


@pytest.mark.parametrize(("late_count", "is_rejected"), [(20, False), (150, False), (600, True)])
def test_a_measurement_is_rejected_only_if_its_median_is_spoilt(late_count, is_rejected):
    latencies_ns, lags_ns = late(late_count)
    why = rejection(record(count=1_000, latencies_ns=latencies_ns, lags_ns=lags_ns))
    assert (why is not None) is is_rejected
