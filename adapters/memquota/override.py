"""Overrides: which instances they are for.

An override gives dimension values as text. Each text is read once as every type of value, so that
a request compares values and reads nothing (istio 1.4 `instanceUtil.go`, `StringEquals`).
"""

import ipaddress
from collections.abc import Callable, Mapping
from types import NoneType
from typing import Final

from mixer.adapter import Duration, Timestamp, Value, stringify

_TRUE: Final = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "FALSE", "false", "False"})
_V4_MAPPED: Final = bytes(10) + b"\xff\xff"


class DimensionMatcher:
    """Tells whether an instance has certain dimensions."""

    def __init__(self, dimensions: Mapping[str, str]) -> None:
        self._wanted = [(name, text, _readings(text)) for name, text in dimensions.items()]

    def matches(self, dimensions: Mapping[str, Value]) -> bool:
        """Whether all dimensions are equal; one that is missing equals the empty text."""
        for name, text, readings in self._wanted:
            value = dimensions.get(name)
            accepted = readings.get(value.__class__)
            if accepted is None:  # a map
                if stringify(value) != text:
                    return False
            elif value not in accepted:
                return False
        return True


def _readings(text: str) -> Mapping[type, frozenset[Value | None]]:
    """The values that `text` may mean, by class; none where it is no text of that class."""
    return {
        NoneType: frozenset() if text else frozenset((None,)),
        str: frozenset((text,)),
        bool: frozenset((text in _TRUE,)) if text in _TRUE | _FALSE else frozenset(),
        int: _parsed(int, text),
        float: _parsed(float, text),
        Timestamp: _parsed(Timestamp.parse, text),
        Duration: _parsed(Duration.parse, text),
        bytes: _addresses(text),
    }


def _parsed(parse: Callable[[str], Value], text: str) -> frozenset[Value | None]:
    try:
        return frozenset((parse(text),))
    except ValueError:
        return frozenset()


def _addresses(text: str) -> frozenset[Value | None]:
    """An IPv4 address in both of its forms, 4 and 16 bytes."""
    try:
        packed = ipaddress.ip_address(text).packed
    except ValueError:
        return frozenset()
    if len(packed) == 4:
        return frozenset((packed, _V4_MAPPED + packed))
    if packed.startswith(_V4_MAPPED):
        return frozenset((packed, packed[12:]))
    return frozenset((packed,))
