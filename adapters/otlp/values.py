"""Mixer's values in the forms that attributes of OpenTelemetry may have."""

from collections.abc import Mapping
from typing import Final

from mixer.adapter import Value, stringify

Attribute = str | int | float | bool
"""The value of one attribute."""

_KEPT: Final = frozenset({str, int, float, bool})


def attributes_of(values: Mapping[str, Value]) -> dict[str, Attribute]:
    """Text, numbers and truth values as they are; all others as `stringify` writes them."""
    return {
        name: value if type(value) in _KEPT else stringify(value)  # type: ignore[misc]
        for name, value in values.items()
    }
