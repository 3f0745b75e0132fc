import pytest

from benchmarks.run.warm_up import WarmUp, WarmUpOptions, has_settled, warm_up
from tests.benchmarks.run.fakes import FakeLoad, plan, record

OPTIONS = WarmUpOptions(round_s=1.5, most_rounds=4)


@pytest.mark.parametrize(
    ("medians_ns", "is_settled"),
    [
        ([], False),
        ([100], False),
        ([100, 90], True),
        ([100, 89], False),
        # Slower is not warmer, however much.
        ([100, 200], True),
        # The fastest before it counts, not the one just before.
        ([500, 100, 101], True),
        ([100, 200, 96], True),
        ([500, 100, 85], False),
    ],
)
def test_it_is_warm_when_the_last_window_is_not_a_tenth_faster(medians_ns, is_settled):
    assert has_settled(medians_ns) is is_settled


def falling(*rounds):
    """A load whose rounds have these medians."""
    left = iter(rounds)
    return FakeLoad(
        answers=lambda *_: record(count=10, elapsed_s=1.5, medians_ns=next(left), errors={})
    )


def test_it_ends_as_soon_as_it_gets_no_faster():
    load = falling((900, 500, 300), (250, 240, 239), (1, 2, 3))
    assert warm_up(load, plan(), OPTIONS) == WarmUp(
        by_status={200: 20}, elapsed_s=3.0, error_count=0
    )


def test_it_ends_after_enough_rounds_in_any_case():
    load = falling(*[(300 / 2**n, 200 / 2**n) for n in range(9)])
    assert warm_up(load, plan(), OPTIONS).elapsed_s == 6.0


def test_windows_of_two_rounds_are_compared_and_empty_ones_are_skipped():
    load = falling((None, 100), (102, None), (1, 1))
    assert warm_up(load, plan(), OPTIONS).elapsed_s == 3.0


def test_rounds_are_short_and_no_two_have_the_same_requests():
    load = falling((800,), (400,), (200,), (100,))
    warm_up(load, plan(seed=7), OPTIONS)
    assert [(one.duration_s, one.seed) for one in load.plans] == [
        (1.5, 8),
        (1.5, 9),
        (1.5, 10),
        (1.5, 11),
    ]


def test_requests_without_an_answer_are_counted():
    load = FakeLoad(answers=lambda *_: record(errors={"closed by the server": 3}))
    assert warm_up(load, plan(), OPTIONS).error_count == 3
