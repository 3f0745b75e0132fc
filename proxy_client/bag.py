"""Attributes that are kept after the call that brought them."""

from collections.abc import Mapping
from typing import Final

from mixer.attribute.value import Duration, Timestamp, Value

_IMMUTABLE: Final = frozenset({str, int, bool, bytes, float, Timestamp, Duration})


def copied(attributes: Mapping[str, Value]) -> dict[str, Value]:
    """A bag of its own, with maps of its own: the caller may change what it has.

    Maps without entries are left out: to the original's clients, they are no attributes.
    """
    bag = dict(attributes)
    for name, value in attributes.items():
        if value.__class__ not in _IMMUTABLE and isinstance(value, Mapping):
            if value:
                bag[name] = dict(value)
            else:
                del bag[name]
    return bag
