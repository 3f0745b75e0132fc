"""A circuit breaker, with time in the test's hands."""

import pytest

from mixer.adapter.testing import FakeClock
from mixer.isolation.breaker import Breaker

PAUSE_S = 5


class Watched:
    """A breaker that opens at the third failure, and what it said of itself."""

    def __init__(self, most_failures=3):
        self.time = FakeClock()
        self.changes = []
        clock = self.time.clock
        self.breaker = Breaker(most_failures, PAUSE_S, clock.monotonic, self.changes.append)

    def fail(self, times):
        for _ in range(times):
            self.breaker.fail()


@pytest.fixture
def watched():
    return Watched()


def test_it_opens_at_so_many_failures_in_a_row(watched):
    watched.fail(2)
    assert watched.breaker.admits()
    watched.fail(1)
    assert not watched.breaker.admits()
    assert watched.changes == [True]


def test_a_success_begins_the_count_anew(watched):
    watched.fail(2)
    watched.breaker.succeed()
    watched.fail(2)
    assert watched.breaker.admits()
    assert watched.changes == []


def test_one_try_is_admitted_after_each_pause(watched):
    watched.fail(3)
    watched.time.advance(PAUSE_S - 0.5)
    assert not watched.breaker.admits()
    assert watched.breaker.retry_after_s() == 0.5
    watched.time.advance(0.5)
    assert [watched.breaker.admits() for _ in range(3)] == [True, False, False]
    watched.time.advance(PAUSE_S)
    assert [watched.breaker.admits() for _ in range(2)] == [True, False]


def test_a_try_that_fails_changes_nothing(watched):
    watched.fail(3)
    watched.time.advance(PAUSE_S)
    assert watched.breaker.admits()
    watched.fail(1)
    watched.time.advance(PAUSE_S - 0.5)
    assert not watched.breaker.admits()
    assert watched.changes == [True]


def test_a_try_that_succeeds_closes_it(watched):
    watched.fail(3)
    watched.time.advance(PAUSE_S)
    assert watched.breaker.admits()
    watched.breaker.succeed()
    assert [watched.breaker.admits() for _ in range(3)] == [True] * 3
    assert watched.breaker.retry_after_s() == 0
    assert watched.changes == [True, False]


def test_it_opens_again_after_as_many_failures(watched):
    watched.fail(3)
    watched.breaker.succeed()
    watched.fail(2)
    assert watched.breaker.admits()
    watched.fail(1)
    assert not watched.breaker.admits()
    assert watched.changes == [True, False, True]


def test_without_a_number_of_failures_it_never_opens():
    watched = Watched(most_failures=0)
    watched.fail(1000)
    assert watched.breaker.admits()
