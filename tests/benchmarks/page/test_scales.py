import pytest
from matplotlib.figure import Figure

from benchmarks.page.scales import (
    nines,
    show_added,
    show_latency,
    show_numbers,
    show_percentiles,
    tick_time,
)

US, MS = 1e3, 1e6


def ticks(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


@pytest.fixture
def axes():
    return Figure().subplots()


def test_percentiles_lie_by_their_nines(axes):
    assert [nines(quantile) for quantile in (0.9, 0.99, 0.999)] == pytest.approx([1, 2, 3])
    show_percentiles(axes, 0.9995)
    assert ticks(axes.xaxis) == ["50 %", "90 %", "99 %", "99.9 %"]
    assert axes.get_xlim() == pytest.approx((nines(0.5), nines(0.9995)))


def test_percentiles_that_nobody_has_are_not_on_the_axis(axes):
    show_percentiles(axes, 0.97)
    assert ticks(axes.xaxis) == ["50 %", "90 %"]


@pytest.mark.parametrize(
    ("latencies_ns", "shown"),
    [
        ([300 * US, 450 * US], ["300 µs", "400 µs", "500 µs"]),
        ([150 * US, 5 * MS], ["200 µs", "500 µs", "1 ms", "2 ms", "5 ms"]),
        ([150 * US, 90 * MS], ["300 µs", "1 ms", "3 ms", "10 ms", "30 ms", "100 ms"]),
        ([100 * US, 20e9], ["100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s"]),
    ],
)
def test_latency_has_a_handful_of_round_ticks(axes, latencies_ns, shown):
    show_latency(axes, latencies_ns)
    assert ticks(axes.yaxis) == shown


@pytest.mark.parametrize(
    ("added_ns", "shown"),
    [
        ([], ["0", "10 µs", "15 µs", "20 µs"]),  # no figure is known well enough
        ([3 * US], ["0", "10 µs", "15 µs", "20 µs"]),
        ([12 * US, 2 * MS], ["0", "10 µs", "30 µs", "100 µs", "300 µs", "1 ms"]),
        ([-4 * US, 90 * US], ["0", "10 µs", "20 µs", "50 µs", "100 µs"]),
        ([-150 * US, 90 * US], ["−100 µs", "−10 µs", "0", "10 µs", "20 µs", "50 µs", "100 µs"]),
    ],
)
def test_added_latency_may_be_less_than_nothing(axes, added_ns, shown):
    show_added(axes, added_ns)
    assert ticks(axes.yaxis) == shown


def test_measured_points_without_room_have_no_text(axes):
    rates = {100.0: "100", 200.0: "200", 400.0: "400", 800.0: "800"}
    show_numbers(axes, rates, 40, is_log=True)
    assert ticks(axes.xaxis) == ["100", "200", "400", "800"]
    show_numbers(axes, rates, 10, is_log=True)
    assert ticks(axes.xaxis) == ["", "200", "", "800"]


def test_points_may_be_evenly_spaced(axes):
    show_numbers(axes, {0.0: "0 %", 1.0: "50 %", 2.0: "99 %"}, 40, is_log=False)
    assert axes.get_xlim() == pytest.approx((-0.1, 2.1))


@pytest.mark.parametrize(
    ("ns", "text"), [(200 * US, "200 µs"), (1.5 * MS, "1.5 ms"), (1e9, "1 s"), (-10 * US, "−10 µs")]
)
def test_ticks_have_no_more_digits_than_they_need(ns, text):
    assert tick_time(ns) == text
