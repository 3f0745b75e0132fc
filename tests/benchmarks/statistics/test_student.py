from statistics import NormalDist

import pytest

from benchmarks.statistics.student import deviate_of, t_of

# 97.5 % and 99.95 % of Student's t, from printed tables.
TABLE = [
    (0.975, 4, 2.776),
    (0.975, 8, 2.306),
    (0.975, 30, 2.042),
    (0.9995, 4, 8.610),
    (0.9995, 8, 5.041),
    (0.9995, 30, 3.646),
]


@pytest.mark.parametrize(("share", "freedom", "t"), TABLE)
def test_t_is_that_of_printed_tables(share, freedom, t):
    deviate = NormalDist().inv_cdf(share)
    assert t_of(deviate, freedom) == pytest.approx(t, rel=0.045)
    assert deviate_of(t, freedom) == pytest.approx(deviate, rel=0.015)


def test_one_undoes_the_other():
    assert deviate_of(t_of(1.7, 5), 5) == pytest.approx(1.7)
