import pytest

from benchmarks.statistics import Estimate, NotEnough
from benchmarks.units import (
    number,
    number_interval,
    percent,
    quantile_name,
    size,
    time,
    time_cell,
    time_interval,
    time_range,
)


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (0, "0 ns"),
        (640, "640 ns"),
        (1_000, "1.00 µs"),
        (182_345, "182 µs"),
        (1_874_000, "1.87 ms"),
        (-3_500, "−3.50 µs"),
        (2_500_000_000, "2.50 s"),
        (60_000_000_000, "60.0 s"),
    ],
)
def test_a_time_has_three_digits_and_the_unit_that_fits(ns, text):
    assert time(ns) == text


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (Estimate(value=182_300, low=165_100, high=205_400), "182 (165…205) µs"),
        (Estimate(value=990_000, low=900_000, high=1_100_000), "0.99 (0.90…1.10) ms"),
        (Estimate(value=2_000, low=-1_500, high=4_000), "2.00 (−1.50…4.00) µs"),
        (Estimate(value=0, low=0, high=0), "0 (0…0) ns"),
        (Estimate(value=0, low=-1, high=30_000), "0.0 (0.0…30.0) µs"),
    ],
)
def test_an_interval_has_one_unit_and_the_same_decimals(estimate, text):
    assert time_interval(estimate) == text


def test_a_range_is_the_interval_without_the_figure():
    assert time_range(Estimate(value=2_000, low=-1_500, high=4_000)) == "−1.50…4.00 µs"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.05123, "0.0512"),
        (3.14159, "3.14"),
        (1250.4, "1,250"),
        (12_345, "12,345"),
        (1e-9, "0.0000"),
    ],
)
def test_a_number_has_three_digits(value, text):
    assert number(value) == text


def test_a_number_with_its_interval():
    assert number_interval(Estimate(value=3.1, low=2.8, high=3.5)) == "3.10 (2.80…3.50)"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.95, "95 %"), (0.999, "99.9 %"), (0, "0 %"), (-0.0272, "−2.72 %"), (1.29, "129 %")],
)
def test_a_percentage(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 B"), (62_000_000, "59.1 MiB"), (3 * 2**30, "3.00 GiB"), (2048, "2.00 KiB")],
)
def test_a_size(size_bytes, text):
    assert size(size_bytes) == text


def test_a_table_says_where_there_is_not_enough():
    assert time_cell(NotEnough(why="3 of 5 repetitions")) == "not enough"
    assert time_cell(1_500.0) == "1.50 µs"
    assert time_cell(Estimate(value=2_000, low=1_000, high=3_000)) == "2.00 (1.00…3.00) µs"


def test_quantiles_have_their_usual_names():
    assert [quantile_name(q) for q in (0.5, 0.9, 0.99, 0.999)] == ["median", "p90", "p99", "p99.9"]
