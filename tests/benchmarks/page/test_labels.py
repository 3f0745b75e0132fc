import pytest

from benchmarks.page.labels import spread


@pytest.mark.parametrize(
    ("wanted", "spread_out"),
    [
        ([], []),
        ([10, 50], [10, 50]),  # there is room
        ([50, 52], [46, 56]),  # they move apart, both as far
        ([50, 50, 50], [40, 50, 60]),
        ([10, 50, 52, 90], [10, 46, 56, 90]),  # the others stay
        ([40, 50, 51, 52], [33.25, 43.25, 53.25, 63.25]),  # who is pushed pushes on
        ([95, 99], [90, 100]),  # not beyond the top
        ([70, 99, 99, 99, 99], [60, 70, 80, 90, 100]),
    ],
)
def test_labels_keep_their_distance(wanted, spread_out):
    assert spread(wanted, gap=10, highest=100) == pytest.approx(spread_out)
