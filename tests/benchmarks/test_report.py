import pytest

from benchmarks.micro.report import figure


@pytest.mark.parametrize(
    ("number", "text"),
    [(1234.5, "1234"), (157.4, "157"), (43.71, "43.7"), (4.206, "4.21"), (0.04213, "0.0421")],
)
def test_a_figure_has_three_digits_that_tell_something(number, text):
    assert figure(number) == text
