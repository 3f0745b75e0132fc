"""The eleven types of attribute values, and their forms as text.

What Python value stands for which type:

=================================  ===============================================
STRING, URI, DNS_NAME, E-MAIL      `str`
INT64                              `int` (64 bits, signed)
DOUBLE                             `float`
BOOL                               `bool`
TIMESTAMP                          `Timestamp` (an `int` of nanoseconds)
DURATION                           `Duration` (an `int` of nanoseconds)
IP_ADDRESS                         `bytes`, 4 or 16 of them when valid
STRING_MAP                         a mapping of `str` to `str`
=================================  ===============================================

The text forms are Go's, because rules, lists, quota keys and logs that were written for the
original depend on them (istio 1.4 `mixer/pkg/adapter/instanceUtil.go`, Go's `time` and `net`).
"""

import ipaddress
import re
import socket
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Final, Self


class ValueType(IntEnum):
    """The type of an attribute or of an expression; numbers as in policy/v1beta1."""

    VALUE_TYPE_UNSPECIFIED = 0
    STRING = 1
    INT64 = 2
    DOUBLE = 3
    BOOL = 4
    TIMESTAMP = 5
    IP_ADDRESS = 6
    EMAIL_ADDRESS = 7
    URI = 8
    DNS_NAME = 9
    DURATION = 10
    STRING_MAP = 11


_NS_PER_S: Final = 1_000_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)", re.ASCII
)


class Timestamp(int):
    """An instant: nanoseconds since 1970-01-01T00:00:00Z."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads RFC 3339, with or without a fraction; raises ValueError."""
        found = _RFC3339.fullmatch(text)
        if found is None:
            raise ValueError(f"not an RFC 3339 time: {text!r}")
        date, clock, fraction, zone = found.groups()
        whole = datetime.fromisoformat(f"{date}T{clock}{zone}")
        nanos = int((fraction or "0")[:9].ljust(9, "0"))
        return cls((whole - _EPOCH) // timedelta(seconds=1) * _NS_PER_S + nanos)

    def __str__(self) -> str:
        """UTC with microseconds: `2019-06-01T10:00:00.123456Z`."""
        seconds, nanos = divmod(int(self), _NS_PER_S)
        try:
            whole = _EPOCH + timedelta(seconds=seconds)
        except OverflowError:  # before year 1 or after 9999, which the wire form allows
            return f"{seconds}.{nanos // 1000:06d}s"
        return f"{whole:%Y-%m-%dT%H:%M:%S}.{nanos // 1000:06d}Z".rjust(27, "0")

    def __repr__(self) -> str:
        return f"Timestamp({self})"


ZERO_TIMESTAMP: Final = Timestamp(-62_135_596_800 * _NS_PER_S)
"""Year 1: what a time field holds that the configuration leaves out."""


_UNIT_NS: Final = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": _NS_PER_S,
    "m": 60 * _NS_PER_S,
    "h": 3600 * _NS_PER_S,
}
_DURATION_PART: Final = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_DURATION: Final = re.compile(rf"([+-]?)(0|(?:{_DURATION_PART.pattern})+)", re.ASCII)
_MAX_INT64: Final = (1 << 63) - 1


class Duration(int):
    """A length of time in nanoseconds."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads Go's form, such as `1h30m`, `-1.5s` or `0`; raises ValueError."""
        found = _DURATION.fullmatch(text)
        if found is None:
            raise ValueError(f"not a duration: {text!r}")
        total = sum(_part_ns(number, unit) for number, unit in _DURATION_PART.findall(found[2]))
        if total > _MAX_INT64:
            raise ValueError(f"duration out of range: {text!r}")
        return cls(-total if found[1] == "-" else total)

    @classmethod
    def from_seconds(cls, seconds: float) -> Self:
        """Rounds to the nearest nanosecond."""
        return cls(round(seconds * _NS_PER_S))

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return self / _NS_PER_S

    def __str__(self) -> str:
        """Go's form: `12.3ms`, `1m30s`, `1h30m0s`, `0s`."""
        sign, nanos = ("-", -int(self)) if self < 0 else ("", int(self))
        if nanos == 0:
            return "0s"
        if nanos < _NS_PER_S:
            if nanos >= 1_000_000:
                return f"{sign}{_decimal(nanos, 1_000_000, 6)}ms"
            return f"{sign}{_decimal(nanos, 1_000, 3)}µs" if nanos >= 1_000 else f"{sign}{nanos}ns"
        minutes, rest = divmod(nanos, 60 * _NS_PER_S)
        hours, minutes = divmod(minutes, 60)
        if hours:
            sign += f"{hours}h"
        if hours or minutes:
            sign += f"{minutes}m"
        return f"{sign}{_decimal(rest, _NS_PER_S, 9)}s"

    def __repr__(self) -> str:
        return f"Duration({self})"


def _part_ns(number: str, unit: str) -> int:
    whole, _, fraction = number.partition(".")
    size = _UNIT_NS[unit]
    scale: int = 10 ** len(fraction)
    return int(whole or 0) * size + int(fraction or 0) * size // scale


def _decimal(nanos: int, size: int, digits: int) -> str:
    whole, rest = divmod(nanos, size)
    return f"{whole}.{rest:0{digits}}".rstrip("0") if rest else str(whole)


Value = str | int | float | bool | bytes | Mapping[str, str]
"""Any attribute value; `Timestamp` and `Duration` are ints."""


def ip_text(address: bytes) -> str:
    """The text of an address; `<nil>` for none and `?0a3903` for 3 odd bytes, as Go prints them."""
    if len(address) == 4:
        return ".".join(map(str, address))
    if len(address) == 16:
        v6 = ipaddress.IPv6Address(address)
        return str(v6.ipv4_mapped or v6)
    return f"?{address.hex()}" if address else "<nil>"


def packed_address(address: str) -> bytes | None:
    """The 4 or 16 bytes of an IP address, without the zone that it may name; None for what is none.

    A zone, as in `fe80::1%eth0`, only means something where the address was seen.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.inet_pton(family, address.partition("%")[0])
    except (OSError, ValueError):
        return None


def map_text(entries: Mapping[str, str]) -> str:
    """`stringmap[a:1 b:2]`, keys in order."""
    return "stringmap[" + " ".join(f"{key}:{entries[key]}" for key in sorted(entries)) + "]"


def double_text(number: float) -> str:
    """The shortest decimal that reads back as `number`, with zeros in place of an exponent."""
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124
        return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}[repr(number)]
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def stringify(value: Value | None) -> str:
    """The text of any value, as labels, list entries and quota dimensions use it."""
    kind = value.__class__
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        return double_text(value)  # type: ignore[arg-type]
    if kind is bytes:
        return ip_text(value)  # type: ignore[arg-type]
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return map_text(value)
    return str(value)
