import pytest

from benchmarks.run.rejection import has_failures, keeps_up, p99_ns, rejection
from tests.benchmarks.run.fakes import MS, plan, record


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"errors": {"reset": 1, "closed": 2}}, "requests without an answer: closed, reset"),
        ({"sent_count": 99}, None),
        ({"sent_count": 98}, "fewer than 99% of the planned requests were sent"),
        ({"cpu_s": 0.9}, None),
        ({"cpu_s": 0.91}, "the generator was the bottleneck: it took over 90% of a core"),
        # One in a hundred may be late, and 1 ms or a fifth of the median is not late.
        ({"lags_ns": [0] * 99 + [50 * MS]}, None),
        ({"lags_ns": [990_000] * 100}, None),
        ({"lags_ns": [3 * MS] * 100, "latencies_ns": [20 * MS] * 100}, None),
        (
            {"lags_ns": [3 * MS] * 100},
            "the generator was the bottleneck: too many requests left late to trust the median",
        ),
        # In saturation nothing is meant to leave at a time.
        ({"lags_ns": []}, None),
    ],
)
def test_figures_are_rejected_when_they_are_not_the_arms(changed, why):
    assert rejection(record(**changed)) == why


@pytest.mark.parametrize(
    ("changed", "is_kept"),
    [
        ({"elapsed_s": 1.0}, True),
        ({"elapsed_s": 1.06}, True),
        ({"elapsed_s": 1.07}, False),
        ({"errors": {"no answer in time": 1}}, False),
    ],
)
def test_an_arm_keeps_up_that_answers_as_fast_as_it_is_asked(changed, is_kept):
    assert keeps_up(record(**changed), plan()) is is_kept


def test_in_saturation_there_is_nothing_to_keep_up_with():
    assert keeps_up(record(elapsed_s=3.0), plan(rate_per_s=0.0))


@pytest.mark.parametrize(("status", "is_failure"), [(200, False), (403, False), (503, True)])
def test_an_answer_that_the_server_failed_is_no_verdict(status, is_failure):
    assert has_failures(record(by_status={200: 99, status: 1})) is is_failure


def test_the_p99_of_a_record():
    latencies_ns = [MS] * 98 + [9 * MS] * 2
    assert p99_ns(record(latencies_ns=latencies_ns)) == pytest.approx(9 * MS, rel=0.001)
