import pytest

from benchmarks.run.warm_up import WarmUp, WarmUpOptions, agree, warm_up
from tests.benchmarks.run.fakes import FakeLoad, plan, record

OPTIONS = WarmUpOptions(round_s=1.5, most_rounds=4)


@pytest.mark.parametrize(
    ("medians_ns", "is_agreed"),
    [
        ([], False),
        ([100], False),
        ([100, 105], True),
        ([105, 100], True),
        ([100, 106], False),
        # Only the last two count.
        ([500, 100, 101], True),
        ([100, 100, 200], False),
    ],
)
def test_windows_agree_within_five_percent(medians_ns, is_agreed):
    assert agree(medians_ns) is is_agreed


def falling(*rounds):
    """A load whose rounds have these medians."""
    left = iter(rounds)
    return FakeLoad(
        answers=lambda *_: record(count=10, elapsed_s=1.5, medians_ns=next(left), errors={})
    )


def test_it_ends_as_soon_as_windows_agree():
    load = falling((900, 500, 300), (250, 240, 239), (1, 2, 3))
    assert warm_up(load, plan(), OPTIONS) == WarmUp(
        by_status={200: 20}, elapsed_s=3.0, error_count=0
    )


def test_it_ends_after_enough_rounds_in_any_case():
    load = falling(*[(100, 200, 300)] * 9)
    assert warm_up(load, plan(), OPTIONS).elapsed_s == 6.0


def test_windows_of_two_rounds_may_agree_and_empty_ones_are_skipped():
    load = falling((None, 100), (102, None), (1, 1))
    assert warm_up(load, plan(), OPTIONS).elapsed_s == 3.0


def test_rounds_are_short_and_no_two_have_the_same_requests():
    load = falling((1,), (2,), (3,), (4,))
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
