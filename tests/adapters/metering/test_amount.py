from decimal import Decimal

import pytest

from adapters.metering.amount import scaled, to_amount, unscaled
from mixer.adapter import Duration


@pytest.mark.parametrize(
    ("value", "decimals", "amount"),
    [
        (7, 0, 7),
        (7, 2, 700),
        (0, 9, 0),
        (0.1, 1, 1),
        (1.005, 2, 100),  # half to even
        (1.015, 2, 102),
        (2.5, 0, 2),
        (1e15, 0, 10**15),
        ("0.035", 3, 35),
        ("+12", 0, 12),
        (Duration.parse("1.5s"), 0, 2),
        (Duration.parse("1.5s"), 9, 1_500_000_000),
        (Duration.parse("1h"), 0, 3600),
    ],
)
def test_amounts_are_whole_numbers_of_smallest_units(value, decimals, amount):
    assert to_amount(value, decimals) == amount


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1, "negative: -1"),
        (-1.5, "negative: -1.5"),
        (10**15 + 1, "too large: 1000000000000001"),
        (1e300, "too large: 1E[+]300"),
        (float("nan"), "too large: NaN"),
        (float("inf"), "too large: Infinity"),
        ("many", "no amount: 'many'"),
        ("", "no amount: ''"),
        ("1e5", "no amount: '1e5'"),
        (True, "no amount: 'true'"),
        (None, "no amount: ''"),
        (b"\x7f\0\0\1", "no amount: '127.0.0.1'"),
    ],
)
def test_what_is_no_amount_is_refused(value, message):
    with pytest.raises(ValueError, match=f"^({message})$"):
        to_amount(value, 0)


@pytest.mark.parametrize("text", ["1.25", "-0.000000001", "123456789012345678901234567890.5"])
def test_sums_read_back_as_they_were(text):
    assert unscaled(scaled(Decimal(text), 9), 9) == Decimal(text)
