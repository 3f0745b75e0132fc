"""The lines of the protocol."""

from typing import Final

from adapters.statsd.params import Kind
from mixer.adapter import Duration, Value, ValueType
from mixer.attribute.value import double_text

_NS_PER_MS: Final = 1_000_000


def type_of(kind: Kind, value_type: ValueType, *, has_tags: bool) -> str:
    """The letters that tell a server what a sample is."""
    if kind is not Kind.DISTRIBUTION:
        return "c" if kind is Kind.COUNTER else "g"
    return "h" if has_tags and value_type is not ValueType.DURATION else "ms"


def number_text(value: Value | None) -> str:
    """The number as a server reads it, durations in milliseconds; raises ValueError for none."""
    if type(value) is int:
        return str(value)
    if isinstance(value, Duration):
        return double_text(value / _NS_PER_MS)
    if isinstance(value, float) and value - value == 0:
        return double_text(value)
    raise ValueError(f"{value!r:.60} is no number")


def line_of(name: str, number: str, rest: str, *, is_relative: bool = False) -> bytes:
    """`name:number|rest`.

    A gauge with a sign would be added to what it was (`is_relative`), so it is set to 0 before.
    """
    line = f"{name}:{number}{rest}"
    if is_relative and number.startswith("-"):
        line = f"{name}:0{rest}\n{line}"
    return line.encode("utf-8", "replace")
