import math

import numpy as np
import pytest

from benchmarks.statistics import Estimate, NotEnough
from benchmarks.statistics.bootstrap import estimate, estimate_difference

RUNS = 1_000
NORMAL = ("normal", lambda random, count: random.normal(7, 2, count), 7.0)
EXPONENTIAL = ("exponential", lambda random, count: random.exponential(3, count), 3 * math.log(2))
SHIFTED = ("shifted", lambda random, count: 100 + random.exponential(1, count), 100 + math.log(2))


def coverage(draw, middle: float) -> float:
    """The share of made-up runs whose interval holds the middle."""
    figures = [estimate(list(draw())) for _ in range(RUNS)]
    return sum(figure.low <= middle <= figure.high for figure in figures) / RUNS


def bounds(share: float) -> tuple[float, float]:
    """Between which a share of RUNS lies by chance, but for one in a thousand times."""
    deviation = 3.3 * math.sqrt(share * (1 - share) / RUNS)
    return share - deviation, share + deviation


@pytest.mark.parametrize(("name", "draw", "middle"), [NORMAL, EXPONENTIAL, SHIFTED])
def test_five_repetitions_hold_the_median_in_94_of_100_runs_whatever_they_are(name, draw, middle):
    # Least and most miss it only if all five lie on one side: 1 - 2 / 2^5.
    random = np.random.default_rng(11)
    low, high = bounds(1 - 2 / 2**5)
    assert low <= coverage(lambda: draw(random, 5), middle) <= high


@pytest.mark.parametrize("count", [6, 7, 9, 10, 15])
@pytest.mark.parametrize(("name", "draw", "middle"), [NORMAL, EXPONENTIAL])
def test_more_repetitions_hold_it_in_95_of_100_runs_or_a_few_more(name, draw, middle, count):
    random = np.random.default_rng(12)
    assert bounds(0.95)[0] <= coverage(lambda: draw(random, count), middle) <= 0.995


def test_five_repetitions_have_their_least_and_most_as_interval():
    assert estimate([5.0, 1.0, 3.0, 9.0, 2.0]) == Estimate(value=3.0, low=1.0, high=9.0)


def test_one_bad_repetition_does_not_move_the_figure():
    assert estimate([1.0, 1.1, 1.2, 1.3, 900.0]).value == 1.2


def test_the_interval_shrinks_with_the_root_of_the_repetitions():
    random = np.random.default_rng(3)
    few, many = (
        np.mean([estimate(list(random.normal(0, 1, count))).half_width for _ in range(200)])
        for count in (16, 64)
    )
    assert few / many == pytest.approx(2, rel=0.15)


def test_equal_repetitions_leave_no_interval():
    assert estimate([4.0] * 6) == Estimate(value=4.0, low=4.0, high=4.0)


def test_four_repetitions_are_not_enough():
    assert estimate([1.0, 2.0, 3.0, 4.0]) == NotEnough(why="4 of 5 repetitions")


def test_a_figure_is_the_same_whenever_it_is_asked_for():
    samples = [3.1, 4.1, 5.9, 2.6, 5.3, 5.8, 9.7]
    assert estimate(samples) == estimate(samples)


def test_the_order_of_repetitions_does_not_matter():
    samples = [3.1, 4.1, 5.9, 2.6, 5.3, 5.8, 9.7]
    assert estimate(samples) == estimate(sorted(samples))


def test_the_difference_of_two_runs_is_that_of_their_medians():
    figure = estimate_difference([10.0, 11.0, 12.0, 13.0, 14.0], [20.0, 21.0, 22.0, 23.0, 24.0])
    assert figure.value == 10.0
    assert 6.0 <= figure.low < 10.0 < figure.high <= 14.0


def test_the_difference_of_equal_runs_is_held_in_95_of_100_or_more():
    random = np.random.default_rng(13)
    figures = [
        estimate_difference(list(random.normal(0, 1, 5)), list(random.normal(0, 1, 5)))
        for _ in range(RUNS)
    ]
    assert bounds(0.95)[0] <= sum(not figure.is_clear for figure in figures) / RUNS


def test_the_smaller_run_says_what_is_missing():
    assert estimate_difference([1.0] * 9, [1.0] * 3) == NotEnough(why="3 of 5 repetitions")


@pytest.mark.parametrize(
    ("low", "high", "is_clear"),
    [(1.0, 3.0, True), (-3.0, -1.0, True), (-1.0, 3.0, False), (0.0, 3.0, False)],
)
def test_a_figure_is_clear_if_its_interval_leaves_out_0(low, high, is_clear):
    assert Estimate(value=2.0, low=low, high=high).is_clear is is_clear
