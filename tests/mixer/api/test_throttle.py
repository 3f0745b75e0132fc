"""Load shedding, by a clock that a test moves."""

import pytest

from mixer.adapter.testing import FakeClock
from mixer.api.throttle import LatencyAverage, Throttle, ThrottleMode, ThrottleOptions, TokenBucket
from mixer.errors import OverloadedError


@pytest.fixture
def clock():
    return FakeClock()


def throttle(clock, mode=ThrottleMode.ENFORCE, **limits):
    return Throttle(ThrottleOptions(mode=mode, **limits), clock.clock)


def admitted(throttle, *costs):
    """Which requests of these costs are let in."""
    found = []
    for cost in costs:
        try:
            throttle.admit(cost)
        except OverloadedError:
            found.append(False)
        else:
            found.append(True)
    return found


class TestTokenBucket:
    def test_it_is_full_at_first(self, clock):
        bucket = TokenBucket(1, 3, clock.clock.monotonic)
        assert [bucket.take(1) for _ in range(4)] == [True, True, True, False]

    def test_it_fills_at_its_rate(self, clock):
        bucket = TokenBucket(2, 3, clock.clock.monotonic)
        bucket.take(3)
        clock.advance(0.5)
        assert [bucket.take(1), bucket.take(1)] == [True, False]

    def test_it_saves_no_more_than_the_burst(self, clock):
        bucket = TokenBucket(2, 3, clock.clock.monotonic)
        clock.advance(1000)
        assert [bucket.take(3), bucket.take(1)] == [True, False]

    def test_a_refusal_takes_nothing(self, clock):
        bucket = TokenBucket(1, 3, clock.clock.monotonic)
        bucket.take(2)
        assert [bucket.take(2), bucket.take(1)] == [False, True]

    def test_more_than_it_can_hold_is_a_whole_burst(self, clock):
        bucket = TokenBucket(1, 3, clock.clock.monotonic)
        assert [bucket.take(100), bucket.take(100)] == [True, False]
        clock.advance(3)
        assert bucket.take(100)

    def test_nothing_can_always_be_had(self, clock):
        bucket = TokenBucket(1, 3, clock.clock.monotonic)
        bucket.take(3)
        assert bucket.take(0)


class TestLatencyAverage:
    def test_it_is_0_before_the_first_sample(self, clock):
        assert LatencyAverage(1, clock.clock.monotonic).value == 0

    def test_samples_of_one_instant_weigh_the_same(self, clock):
        average = LatencyAverage(1, clock.clock.monotonic)
        for sample in (1, 2, 6):
            average.add(sample)
        assert average.value == pytest.approx(3)

    def test_after_a_half_life_a_sample_counts_half(self, clock):
        average = LatencyAverage(10, clock.clock.monotonic)
        average.add(1)
        clock.advance(10)
        average.add(4)
        assert average.value == pytest.approx((1 * 0.5 + 4) / 1.5)

    def test_time_alone_does_not_change_it(self, clock):
        average = LatencyAverage(1, clock.clock.monotonic)
        average.add(5)
        clock.advance(100)
        assert average.value == pytest.approx(5)


def test_without_limits_everything_is_let_in(clock):
    assert admitted(throttle(clock), *[1000] * 5) == [True] * 5


@pytest.mark.parametrize("mode", [ThrottleMode.DISABLED, ThrottleMode.LOGONLY])
def test_it_only_refuses_when_it_is_to(clock, mode):
    limited = throttle(clock, mode, max_requests_per_second=1)
    assert admitted(limited, 1, 1, 1) == [True] * 3


def test_the_rate_is_limited_with_bursts(clock):
    limited = throttle(clock, max_requests_per_second=2, burst_size=3)
    assert admitted(limited, 1, 1, 1, 1) == [True, True, True, False]
    clock.advance(1)
    assert admitted(limited, 1, 1, 1) == [True, True, False]


def test_without_a_burst_size_a_second_s_worth_may_come_at_once(clock):
    assert admitted(throttle(clock, max_requests_per_second=2), 1, 1, 1) == [True, True, False]
    assert admitted(throttle(clock, max_requests_per_second=0.1), 1, 1) == [True, False]


def test_a_report_costs_its_bags_and_one_without_bags_nothing(clock):
    limited = throttle(clock, max_requests_per_second=5)
    assert admitted(limited, 5, 0, 1) == [True, True, False]


def test_a_report_larger_than_the_burst_gets_through_when_there_was_quiet(clock):
    limited = throttle(clock, max_requests_per_second=5)
    assert admitted(limited, 100, 1) == [True, False]
    clock.advance(1)
    assert admitted(limited, 100) == [True]


def take(throttle, clock, seconds):
    with throttle.timed():
        clock.advance(seconds)


def slow(clock, **limits):
    return throttle(clock, average_latency_s=0.1, latency_free_per_second=2, **limits)


def test_while_requests_are_fast_any_number_is_let_in(clock):
    limited = slow(clock)
    take(limited, clock, 0.05)
    assert admitted(limited, *[1] * 5) == [True] * 5


def test_when_they_are_slow_only_the_free_ones_are_let_in(clock):
    limited = slow(clock)
    take(limited, clock, 0.2)
    assert admitted(limited, *[1] * 4) == [True, True, False, False]
    clock.advance(0.6)
    assert admitted(limited, 1, 1) == [True, False]


def test_requests_that_end_with_an_error_count_too(clock):
    limited = slow(clock)
    with pytest.raises(KeyError), limited.timed():
        clock.advance(0.2)
        raise KeyError
    assert admitted(limited, *[1] * 3) == [True, True, False]


def test_fast_requests_open_it_again(clock):
    limited = slow(clock, latency_half_life_s=0.1)
    take(limited, clock, 0.2)
    admitted(limited, 1, 1)
    clock.advance(1)
    take(limited, clock, 0.001)
    assert admitted(limited, *[1] * 5) == [True] * 5
