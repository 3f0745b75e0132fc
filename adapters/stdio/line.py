"""The lines: instances as JSON, or as text for a console.

Report pays for this by the log entry, so all that does not change from line to line is prepared:
a `Layout` holds the line with a gap for each value, and for each gap the function that fills it,
chosen by the value's static type. That takes half the time of `json.dumps` on a dictionary, whose
durations, times and addresses would have to be turned into text first.
"""

import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring as quote
from operator import call, itemgetter
from typing import Any, Final

from adapters.stdio.params import Level
from mixer.adapter import InstanceType, Timestamp, Value, ValueType, stringify

_NS_PER_S: Final = 1_000_000_000
_LEVEL_NAMES: Final = {Level.INFO: "info", Level.WARNING: "warn", Level.ERROR: "error"}

Encode = Callable[[Any], str]
"""Turns a value of one type into JSON."""

Pick = Callable[[Mapping[str, Value]], tuple[Value, ...]]
"""Gives the values of a mapping in the order of the line."""

Head = Callable[[Level, Timestamp], str]
"""Makes the start of a line."""


def json_head(level: Level, instant: Timestamp) -> str:
    """The start of a line that is one JSON object."""
    return f'{{"level":"{_LEVEL_NAMES[level]}","time":"{time_text(instant)}",'


def text_head(level: Level, instant: Timestamp) -> str:
    """The start of a line for a console."""
    return f"{time_text(instant)}\t{_LEVEL_NAMES[level]}\t"


def time_text(instant: int) -> str:
    """Nanoseconds since 1970 as UTC with microseconds: `2019-06-01T10:00:00.123456Z`."""
    second, nanos = divmod(instant, _NS_PER_S)
    whole, zone = _second_text(second)
    return f"{whole}{nanos // 1000:06d}{zone}"


@lru_cache(maxsize=256)
def _second_text(second: int) -> tuple[str, str]:
    """What stands before and after the microseconds; few seconds are current at a time."""
    text = str(Timestamp(second * _NS_PER_S))
    return text[: -len("000000Z")], text[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the lines of one instance look after their head."""

    gaps: str
    """The text, with `%s` for each value."""
    encoders: tuple[Encode, ...]
    pick: Pick

    def fill(self, values: Iterable[Value | None]) -> str:
        """The line after its head, with the line's end."""
        return self.gaps % tuple(map(call, self.encoders, values))


def logentry_layout(name: str, instance: InstanceType, *, as_json: bool) -> Layout:
    """The layout of log entries; their values are the picked variables."""
    types = _entry_types(instance, "variables")
    fields = [(key, _ENCODERS[types[key]]) for key in sorted(types)]
    return _layout(name, fields, _picker(sorted(types)), as_json=as_json)


def metric_layout(name: str, instance: InstanceType, *, as_json: bool) -> Layout:
    """The layout of metrics; their values are the sample, then the picked dimensions.

    Addresses stand there as base64, unlike those of log entries (recorded from the original).
    """
    types = _entry_types(instance, "dimensions")
    encoders = {**_ENCODERS, ValueType.IP_ADDRESS: _base64}
    value_type = instance.fields.get("value", ValueType.VALUE_TYPE_UNSPECIFIED)
    assert isinstance(value_type, ValueType), "the template says so"
    fields = [("value", encoders[value_type])]
    fields += [(key, encoders[types[key]]) for key in sorted(types)]
    return _layout(name, fields, _picker(sorted(types)), as_json=as_json)


def _entry_types(instance: InstanceType, field: str) -> Mapping[str, ValueType]:
    types = instance.fields.get(field, {})
    assert isinstance(types, Mapping), "the template says so"
    return types


def _layout(
    name: str, fields: Sequence[tuple[str, Encode]], pick: Pick, *, as_json: bool
) -> Layout:
    entries = [f"{_escaped(quote(key))}:%s" for key, _ in fields]
    if as_json:
        gaps = ",".join([f'"instance":{_escaped(quote(name))}', *entries]) + "}\n"
    else:
        gaps = f"{_escaped(name)}\t{{{','.join(entries)}}}\n"
    return Layout(gaps=gaps, encoders=tuple(encode for _, encode in fields), pick=pick)


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _picker(names: Sequence[str]) -> Pick:
    if len(names) > 1:
        return itemgetter(*names)  # for one name, it would give no tuple
    return lambda values: tuple(values[name] for name in names)


def _double(number: float) -> str:
    text = stringify(number)
    return text if math.isfinite(number) else quote(text)


def _time(instant: Timestamp) -> str:
    return f'"{time_text(instant)}"'


def _as_text(value: Value) -> str:
    return quote(stringify(value))


def _base64(address: bytes) -> str:
    return f'"{base64.b64encode(address).decode()}"'


def _null(_: None) -> str:
    return "null"


_ENCODERS: Final[Mapping[ValueType, Encode]] = {
    ValueType.VALUE_TYPE_UNSPECIFIED: _null,
    ValueType.STRING: quote,
    ValueType.INT64: int.__repr__,
    ValueType.DOUBLE: _double,
    ValueType.BOOL: {True: "true", False: "false"}.__getitem__,
    ValueType.TIMESTAMP: _time,
    ValueType.IP_ADDRESS: lru_cache(maxsize=4096)(_as_text),  # few addresses, seen often
    ValueType.EMAIL_ADDRESS: quote,
    ValueType.URI: quote,
    ValueType.DNS_NAME: quote,
    ValueType.DURATION: _as_text,
    ValueType.STRING_MAP: _as_text,
}
