"""Arithmetic and comparison of numbers, times and addresses."""

import ipaddress
import struct
from functools import lru_cache
from typing import Final

from mixer.attribute.value import Timestamp
from mixer.errors import EvaluationError

_DOUBLE: Final = struct.Struct("<d")
_V4_PREFIX: Final = bytes(10) + b"\xff\xff"


def wrap_int64(number: int) -> int:
    """The number that 64 bits hold of `number`, as signed addition wraps around in Go."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def double_equal(a: float, b: float) -> bool:
    """Whether two numbers have the same bits: 0.0 is not -0.0, NaN is itself."""
    return _DOUBLE.pack(a) == _DOUBLE.pack(b)


@lru_cache(maxsize=1024)
def timestamp(text: str) -> Timestamp:
    """The instant of an RFC 3339 text; raises EvaluationError."""
    try:
        return Timestamp.parse(text)
    except ValueError as error:
        raise EvaluationError(
            f"could not convert '{text}' to TIMESTAMP. expected format: '2006-01-02T15:04:05Z07:00'"
        ) from error


@lru_cache(maxsize=1024)
def ip(text: str) -> bytes:
    """The 16 bytes of an address, IPv4 as IPv6-mapped; raises EvaluationError."""
    try:
        address = ipaddress.ip_address(text.replace("%", "/"))  # a zone is as wrong as a mask
    except ValueError as error:
        raise EvaluationError(f"could not convert {text} to IP_ADDRESS") from error
    return address.packed if address.version == 6 else _V4_PREFIX + address.packed


def ip_forms(address: bytes) -> tuple[bytes, ...]:
    """All bytes that are equal to an address: an IPv4 address has two forms."""
    if len(address) == 16 and address.startswith(_V4_PREFIX):
        return address, address[12:]
    if len(address) == 4:
        return address, _V4_PREFIX + address
    return (address,)


def ip_equal(a: bytes, b: bytes) -> bool:
    """Whether two addresses are the same, whatever their forms."""
    return a in ip_forms(b)
