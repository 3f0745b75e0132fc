"""Single values of plain data → Python values, by the rules of JSON protobuf.

Every function takes plain data and raises ValueError with a text that says what is wanted and what
was found. Rules: the protobuf JSON mapping, as istio 1.4 applies it with gogo `jsonpb`; a duration
may also have Go's form (`1m30s`), which that library reads too.
"""

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, Final, TypeVar

from mixer.attribute.value import Duration
from mixer.suggestion import did_you_mean

_E = TypeVar("_E", bound=Enum)
_INTEGER: Final = re.compile(r"-?[0-9]{1,19}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][-+]?[0-9]{1,4})?")
_NOT_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_INT64: Final = range(-(1 << 63), 1 << 63)


def describe(data: Any) -> str:
    """What plain data is, for error texts: `the boolean false`, `the string "x"`, `a list`."""
    if data is None:
        return "null"
    if isinstance(data, bool):
        return f"the boolean {str(data).lower()}"
    if isinstance(data, int | float):
        return f"the number {data}"
    if isinstance(data, str):
        shown = data if len(data) <= 60 else data[:57] + "..."
        return f'the string "{shown}"'
    return "a list" if isinstance(data, list) else "an object"


def to_text(data: Any) -> str:
    """Strings only: YAML makes booleans of `no` and `on`, and the user must learn of it."""
    if isinstance(data, str):
        return data
    hint = "; quote it" if isinstance(data, bool | int | float) else ""
    raise ValueError(f"want a string, got {describe(data)}{hint}")


def to_bool(data: Any) -> bool:
    """Booleans only."""
    if isinstance(data, bool):
        return data
    raise ValueError(f"want a boolean, got {describe(data)}")


def to_int(data: Any) -> int:
    """A number without a fraction, or its decimal text; 64 bits."""
    is_text = isinstance(data, str) and _INTEGER.fullmatch(data)
    is_whole = isinstance(data, float) and data.is_integer()
    number = int(data) if is_text or is_whole else data
    if isinstance(number, int) and not isinstance(number, bool):
        if number in _INT64:
            return number
        raise ValueError(f"want an integer of 64 bits, got {describe(data)}")
    raise ValueError(f"want an integer, got {describe(data)}")


def to_float(data: Any) -> float:
    """A number, its decimal text, or the texts `NaN`, `Infinity` and `-Infinity`."""
    is_number = isinstance(data, int | float) and not isinstance(data, bool)
    is_text = isinstance(data, str) and (data in _NOT_NUMBERS or _NUMBER.fullmatch(data))
    if not (is_number or is_text):
        raise ValueError(f"want a number, got {describe(data)}")
    try:
        return float(data)
    except OverflowError:
        raise ValueError("want a number, got one beyond all range") from None


def to_duration(data: Any) -> Duration:
    """Text with units, such as `5s`, `0.5s` or `1m30s`."""
    if isinstance(data, str):
        try:
            return Duration.parse(data)
        except ValueError:
            pass
    raise ValueError(f"want a duration such as 5s, got {describe(data)}")


def to_member(cls: type[_E]) -> Callable[[Any], _E]:
    """Makes the function for an enum: a member by its name, or by its value where that is a number.

    The function raises ValueError like all the others.
    """
    by_number = {member.value: member for member in cls if isinstance(member.value, int)}

    def convert(data: Any) -> _E:
        if isinstance(data, str) and data in cls.__members__:
            return cls.__members__[data]
        if isinstance(data, int) and not isinstance(data, bool) and data in by_number:
            return by_number[data]
        hint = did_you_mean(data, cls.__members__) if isinstance(data, str) else ""
        names = ", ".join(cls.__members__)
        raise ValueError(f"want one of {names}; got {describe(data)}{hint}")

    return convert
