import pytest

from benchmarks.run.knee import top_rate
from tests.benchmarks.run.fakes import MS, FakeLoad, plan, record

RATES = (100, 200, 400, 800)


def found(answers):
    load = FakeLoad(answers=answers)
    rate = top_rate(load, lambda rate: plan(rate_per_s=rate), RATES)
    return rate, [one.rate_per_s for one in load.plans]


def slow_from(limit, **changed):
    return lambda plan, ideal: record(**changed) if plan.rate_per_s >= limit else ideal


@pytest.mark.parametrize(
    "changed",
    [
        {"latencies_ns": [11 * MS] * 100},  # more than 5 times 2 ms
        {"elapsed_s": 1.2},
        {"by_status": {200: 50, 503: 50}},
        {"errors": {"no answer in time": 1}},
    ],
)
def test_rates_end_with_the_first_that_is_beyond_the_knee(changed):
    # It is tried once more, in case it was the machine.
    assert found(slow_from(400, **changed)) == (400, [100, 200, 400, 400])


def test_an_arm_that_follows_gets_all_rates():
    assert found(lambda _, ideal: ideal) == (800, [100, 200, 400, 800])


def test_a_hiccup_of_the_machine_is_not_the_knee():
    hiccups = iter([False, True, False, False, False])
    assert found(lambda _, ideal: record(elapsed_s=2.0) if next(hiccups) else ideal) == (
        800,
        [100, 200, 200, 400, 800],
    )
