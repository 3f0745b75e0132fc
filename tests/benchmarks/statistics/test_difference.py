import numpy as np
import pytest

from benchmarks.statistics.difference import difference_p, significant


def test_the_probability_of_a_textbook_example():
    # t = 2.8 / sqrt(2 · 2.5 / 5) = 2.8 at 8 degrees of freedom: 0.0232 by tables of Student's t.
    before, after = [1.0, 2.0, 3.0, 4.0, 5.0], [3.8, 4.8, 5.8, 6.8, 7.8]
    assert difference_p(before, after) == pytest.approx(0.0232, abs=0.0004)


@pytest.mark.parametrize("level", [0.05, 0.01, 0.001])
def test_equal_runs_look_different_as_seldom_as_the_level_says(level):
    random = np.random.default_rng(5)
    runs = 10_000
    found = sum(
        difference_p(random.normal(0, 1, 5), random.normal(0, 1, 5)) < level for _ in range(runs)
    )
    assert found / runs <= level + 3.3 * np.sqrt(level / runs)


def test_direction_does_not_matter():
    before, after = [1.0, 2.0, 4.0], [7.0, 8.0, 8.5]
    assert difference_p(before, after) == difference_p(after, before)


@pytest.mark.parametrize(
    ("before", "after", "probability"),
    [
        ([1.0], [2.0, 3.0], 1.0),  # nothing is known of how one repetition scatters
        ([], [], 1.0),
        ([2.0, 2.0], [2.0, 2.0], 1.0),
        ([2.0, 2.0], [3.0, 3.0], 0.0),
    ],
)
def test_what_does_not_scatter(before, after, probability):
    assert difference_p(before, after) == probability


def test_of_many_differences_those_are_believed_that_chance_would_not_make():
    # Ranked, the limits are 0.01, 0.02, 0.03, 0.04, 0.05; the third is the last below its own, and
    # takes the second along, which is above its own.
    assert significant([0.9, 0.021, 0.005, 0.6, 0.03]) == [False, True, True, False, True]


def test_no_difference_is_believed_without_any():
    assert significant([]) == []
    assert significant([0.2, 0.9]) == [False, False]


def test_at_most_5_of_100_believed_differences_are_chance():
    random = np.random.default_rng(6)
    shares = []
    for _ in range(200):
        chances = [difference_p(*random.normal(0, 1, (2, 5))) for _ in range(40)]
        real = [difference_p(random.normal(0, 1, 5), random.normal(6, 1, 5)) for _ in range(10)]
        believed = significant([*chances, *real])
        shares.append(sum(believed[:40]) / max(sum(believed), 1))
    assert np.mean(shares) <= 0.05
