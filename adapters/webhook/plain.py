"""Attribute values and instances as JSON data.

==============================  ===================================================
value                           JSON
==============================  ===================================================
string, URI, DNS name, ...      string
integer, number, boolean        number, boolean; `"NaN"`, `"+Inf"`, `"-Inf"`
time                            string, RFC 3339 in UTC
duration                        string, such as `"1.5s"`
IP address                      string
map, message                    object; keys in lowerCamelCase are ours
absent                          null
==============================  ===================================================
"""

import math
from collections.abc import Mapping
from typing import Any, Final

from mixer.adapter import Duration, Timestamp, stringify
from mixer.attribute.value import ZERO_TIMESTAMP

_AS_TEXT: Final = (Timestamp, Duration, bytes)


def plain(value: Any) -> Any:
    """A value, or an instance with all its fields."""
    if value is None or isinstance(value, str | bool):
        return value
    if value.__class__ is Timestamp and value == ZERO_TIMESTAMP:
        return None
    if isinstance(value, _AS_TEXT) or (isinstance(value, float) and not math.isfinite(value)):
        return stringify(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return {_camel(name): plain(item) for name, item in zip(value._fields, value, strict=True)}


_names: Final[dict[str, str]] = {}


def _camel(name: str) -> str:
    known = _names.get(name)
    if known is None:
        head, *rest = name.split("_")
        known = _names[name] = head + "".join(part.capitalize() for part in rest)
    return known
