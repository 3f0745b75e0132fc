"""Attribute values as a person writes them on a command line.

The forms, and the order in which an untyped value is tried, are mixc's (istio 1.4
`mixer/cmd/mixc/cmd/util.go`): int64, double, bool, timestamp, duration, bytes, map, string. Three
traps of the original are closed: a lone `be` is a string and not one byte, a URL is a string and
not a map, and a dotted IPv4 address is bytes, as IP attributes are.
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Final

from mixer.attribute.value import Duration, Timestamp, Value, ValueType

_INT: Final = re.compile(r"[+-]?\d+", re.ASCII)
_DOUBLE: Final = re.compile(
    r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf|nan)", re.ASCII | re.IGNORECASE
)
_BOOLS: Final = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}
_HEX: Final = re.compile(r"[0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2})*")
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_INT64_RANGE: Final = range(-(1 << 63), 1 << 63)


def parse_int(text: str) -> int:
    """A decimal number of 64 bits; raises ValueError."""
    if _INT.fullmatch(text) is None or int(text) not in _INT64_RANGE:
        raise ValueError(f"{text!r} is no 64-bit integer")
    return int(text)


def parse_double(text: str) -> float:
    """A decimal number, `inf` or `nan`; raises ValueError."""
    if _DOUBLE.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no number")
    return float(text)


def parse_bool(text: str) -> bool:
    """`true` or `false`, also as `1`, `t`, `T`, `TRUE`, `True` and so on; raises ValueError."""
    if text not in _BOOLS:
        raise ValueError(f"{text!r} is neither true nor false")
    return _BOOLS[text]


def parse_bytes(text: str) -> bytes:
    """Hexadecimal bytes such as `a:0:0:1`, or an IP address; raises ValueError."""
    if _HEX.fullmatch(text):
        return bytes(int(part, 16) for part in text.split(":"))
    try:
        return ipaddress.ip_address(text).packed
    except ValueError:
        raise ValueError(f"{text!r} is neither hexadecimal a:b:c nor an IP address") from None


def parse_map(text: str) -> dict[str, str]:
    """Entries such as `key:value;key:value`, or nothing for none; raises ValueError."""
    entries = text.split(";") if text else []
    for entry in entries:
        if ":" not in entry:
            raise ValueError(f"{entry!r} is not key:value")
    return dict(entry.split(":", 1) for entry in entries)


def _sense_bytes(text: str) -> bytes:
    if ":" not in text and "." not in text:
        raise ValueError(text)
    return parse_bytes(text)


_SENSED: Final[tuple[Callable[[str], Value], ...]] = (
    parse_int,
    parse_double,
    parse_bool,
    Timestamp.parse,
    Duration.parse,
    _sense_bytes,
    parse_map,
)


def sense(text: str) -> Value:
    """The value of an untyped text, by the first form that fits."""
    if not text or _URL.match(text):
        return text
    for parse in _SENSED:
        try:
            return parse(text)
        except ValueError:
            continue
    return text


_PARSE: Final[Mapping[ValueType, Callable[[str], Value]]] = {
    ValueType.INT64: parse_int,
    ValueType.DOUBLE: parse_double,
    ValueType.BOOL: parse_bool,
    ValueType.TIMESTAMP: Timestamp.parse,
    ValueType.DURATION: Duration.parse,
    ValueType.IP_ADDRESS: parse_bytes,
    ValueType.STRING_MAP: parse_map,
}


def parse_as(value_type: ValueType, text: str) -> Value:
    """The value of `text` for an attribute of that type; raises ValueError."""
    parse = _PARSE.get(value_type)
    return parse(text) if parse else text


_TYPES: Final[Mapping[type, ValueType]] = {
    str: ValueType.STRING,
    int: ValueType.INT64,
    float: ValueType.DOUBLE,
    bool: ValueType.BOOL,
    Timestamp: ValueType.TIMESTAMP,
    Duration: ValueType.DURATION,
    bytes: ValueType.IP_ADDRESS,
    dict: ValueType.STRING_MAP,
}


def type_of(value: Value) -> ValueType:
    """The type of an attribute that holds `value`, one that this module has parsed."""
    return _TYPES[value.__class__]
