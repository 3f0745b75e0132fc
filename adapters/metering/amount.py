"""Exact amounts: a value of a request as a whole number of the smallest units.

An amount of 1.25 with two decimals is 125. Nothing of it is ever a binary fraction: a DOUBLE is
read as the shortest decimal that stands for it, which is what its sender wrote.
"""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from mixer.adapter import Duration, Value, stringify

MAX_DECIMALS: Final = 9
"""The finest that a ledger keeps: nanoseconds of a DURATION."""
MAX_AMOUNT: Final = 10**15
"""In smallest units. So small that the sum of 9000 of them is a 64-bit number in any database."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_WIDE: Final = Context(prec=100, rounding=ROUND_HALF_EVEN)


def to_amount(value: Value | None, decimals: int) -> int:
    """The amount that a value stands for, in units of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ.

    INT64 and DOUBLE are numbers, a STRING is the decimal text of one, a DURATION is a number of
    seconds. Raises ValueError for what is none of these, negative, or above `MAX_AMOUNT`.
    """
    amount = value * 10**decimals if type(value) is int else scaled(_decimal(value), decimals)
    if amount < 0:
        raise ValueError(f"negative: {stringify(value)}")
    if amount > MAX_AMOUNT:
        raise ValueError(f"too large: {stringify(value)}")
    return amount


def scaled(number: Decimal, decimals: int) -> int:
    """The number in units of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ, rounded half to even; raises ValueError beyond 10⁴⁰."""
    if not number.is_finite() or number.adjusted() > 40:
        raise ValueError(f"too large: {number}")
    return int(number.scaleb(decimals, _WIDE).to_integral_value(context=_WIDE))


def unscaled(amount: int, decimals: int) -> Decimal:
    """The number that an amount, or a sum of amounts, stands for; exact."""
    return Decimal(amount).scaleb(-decimals, _WIDE)


def _decimal(value: Value | None) -> Decimal:
    if isinstance(value, Duration):
        return Decimal(int(value)).scaleb(-9, _WIDE)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    raise ValueError(f"no amount: {stringify(value)!r}")
