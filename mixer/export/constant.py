"""Values as constants of a program, and back."""

import struct
from collections.abc import Mapping
from typing import Final

from mixer.attribute.value import Duration, Timestamp, Value, ValueType
from mixer.export.program import Json, Kind

KINDS: Final[Mapping[ValueType, Kind]] = {
    ValueType.STRING: Kind.TEXT,
    ValueType.DNS_NAME: Kind.TEXT,
    ValueType.EMAIL_ADDRESS: Kind.TEXT,
    ValueType.URI: Kind.TEXT,
    ValueType.INT64: Kind.INT,
    ValueType.BOOL: Kind.BOOL,
    ValueType.DOUBLE: Kind.DOUBLE,
    ValueType.IP_ADDRESS: Kind.ADDRESS,
    ValueType.TIMESTAMP: Kind.TIME,
    ValueType.DURATION: Kind.DURATION,
    ValueType.STRING_MAP: Kind.MAP,
}
"""The types of expressions as those of programs."""

_CLASSES: Final[Mapping[type, Kind]] = {
    str: Kind.TEXT,
    int: Kind.INT,
    bool: Kind.BOOL,
    float: Kind.DOUBLE,
    bytes: Kind.ADDRESS,
    Timestamp: Kind.TIME,
    Duration: Kind.DURATION,
}
_MIN, _MAX = -(1 << 63), (1 << 63) - 1
_DOUBLE: Final = struct.Struct(">d")

Constant = str | int | bool | float | bytes | Mapping[str, str]


def kind_of(value: Value) -> Kind:
    """The type of a value."""
    return _CLASSES.get(value.__class__, Kind.MAP)


def clamp(number: int) -> int:
    """The nearest number that 64 bits hold."""
    return max(_MIN, min(_MAX, number))


def to_json(value: Value) -> Json:
    """The form of a value in a program."""
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return {"int": str(int(clamp(value)))}
    if isinstance(value, float):
        return {"double": _DOUBLE.pack(value).hex()}
    if isinstance(value, bytes):
        return {"address": value.hex()}
    return {"map": dict(value)}


def from_json(constant: Json) -> Constant:
    """The value of a constant; raises ValueError for what is none."""
    match constant:
        case str() | bool():
            return constant
        case {"int": str(digits)}:
            return int(digits)
        case {"double": str(bits)}:
            number: float = _DOUBLE.unpack(bytes.fromhex(bits))[0]
            return number
        case {"address": str(digits)}:
            return bytes.fromhex(digits)
        case {"map": dict(entries)}:
            return {key: str(value) for key, value in entries.items()}
    raise ValueError(f"no constant: {constant!r}")


def as_value(number: int, kind: Kind) -> int:
    """An int as the time or duration that it is."""
    match kind:
        case Kind.TIME:
            return Timestamp(number)
        case Kind.DURATION:
            return Duration(number)
    return number
