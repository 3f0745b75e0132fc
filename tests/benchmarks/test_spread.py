import pytest

from benchmarks.micro.spread import Spread, ratios, spread_of


def test_the_spread_of_five_samples_in_any_order():
    assert spread_of([5.0, 1.0, 4.0, 2.0, 9.0]) == Spread(
        median=4.0, lower_quartile=2.0, upper_quartile=5.0, least=1.0, most=9.0, sample_count=5
    )


def test_quartiles_lie_linearly_between_samples():
    # positions 0.75 and 2.25 of 10, 20, 30, 40
    assert spread_of([10.0, 20.0, 30.0, 40.0]) == Spread(
        median=25.0,
        lower_quartile=17.5,
        upper_quartile=32.5,
        least=10.0,
        most=40.0,
        sample_count=4,
    )


def test_one_sample_is_all_of_its_spread():
    assert spread_of([3.0]) == Spread(
        median=3.0, lower_quartile=3.0, upper_quartile=3.0, least=3.0, most=3.0, sample_count=1
    )


def test_no_samples_have_no_spread():
    with pytest.raises(ValueError, match="no samples"):
        spread_of([])


def test_ratios_are_made_within_a_round():
    # A machine that is half as fast in the second round changes no ratio.
    assert ratios([30.0, 60.0], [10.0, 20.0]) == [3.0, 3.0]


def test_ratios_need_a_yardstick_for_each_round():
    with pytest.raises(ValueError, match="shorter"):
        ratios([30.0, 60.0], [10.0])
