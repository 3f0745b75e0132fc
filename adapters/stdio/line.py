"""The lines: instances as JSON, or as text for a console.

Report pays for this by the log entry, so all that does not change from line to line is prepared:
for each instance a function is compiled, an f-string of the constant texts and, for each value, of
the function that encodes values of its static type. That takes a third of the time of `json.dumps`
on a dictionary, whose durations, times and addresses would have to be turned into text first.
"""

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as quote
from typing import Any, Final, NamedTuple, cast

from adapters.stdio.params import Level
from mixer.adapter import InstanceType, Timestamp, Value, ValueType, stringify

_NS_PER_S: Final = 1_000_000_000
_LEVEL_NAMES: Final = {Level.INFO: "info", Level.WARNING: "warn", Level.ERROR: "error"}

Encode = Callable[[Any], str]
"""Turns a value of one type into JSON."""

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


Fill = Callable[[Mapping[str, Value], Value | None], str]
"""Makes the rest of a line, with its end, of the mapping and, for metrics, the sample."""


def logentry_layout(name: str, instance: InstanceType, *, as_json: bool) -> Fill:
    """How the lines of a log entry look after their head; made of its variables."""
    types = entry_types(instance, "variables")
    fields = [_Field(key, _ENCODERS[types[key]]) for key in sorted(types)]
    return _compile(_first(name, as_json=as_json), fields, "}\n")


def metric_layout(name: str, instance: InstanceType, *, as_json: bool) -> Fill:
    """How the lines of a metric look after their head; made of its dimensions and its sample.

    Addresses stand there as base64, unlike those of log entries (recorded from the original).
    """
    types = entry_types(instance, "dimensions")
    encoders = {**_ENCODERS, ValueType.IP_ADDRESS: _base64}
    value_type = instance.fields.get("value", ValueType.VALUE_TYPE_UNSPECIFIED)
    assert isinstance(value_type, ValueType), "the template says so"
    fields = [_Field("value", encoders[value_type], is_sample=True)]
    fields += [_Field(key, encoders[types[key]]) for key in sorted(types)]
    return _compile(_first(name, as_json=as_json), fields, "}\n")


def object_layout(types: Mapping[str, ValueType | Mapping[str, ValueType]]) -> Encode:
    """Makes a function that turns a mapping with these keys into one JSON object, keys in order."""
    fields = [
        _Field(key, object_layout(kind) if isinstance(kind, Mapping) else _ENCODERS[kind])
        for key, kind in types.items()
    ]
    fill = _compile("{", fields, "}")
    return lambda values: fill(values, None)


def entry_types(instance: InstanceType, field: str) -> Mapping[str, ValueType]:
    """The types of the entries of a map field; none where the configuration leaves it out."""
    types = instance.fields.get(field, {})
    assert isinstance(types, Mapping), "the template says so"
    return types


class _Field(NamedTuple):
    key: str
    encode: Encode
    is_sample: bool = False


def _first(name: str, *, as_json: bool) -> str:
    """What stands between the head and the fields."""
    return f'"instance":{quote(name)}' if as_json else f"{name}\t{{"


def _compile(first: str, fields: Sequence[_Field], last: str) -> Fill:
    # One f-string of names: what the configuration says is bound to them, and never becomes code.
    scope: dict[str, Any] = {"__builtins__": {}, "first": first, "last": last}
    source = ""
    for number, field in enumerate(fields):
        separator = "" if first.endswith("{") and not number else ","
        scope[f"text{number}"] = f"{separator}{quote(field.key)}:"
        scope[f"key{number}"] = field.key
        scope[f"encode{number}"] = field.encode
        value = "sample" if field.is_sample else f"values[key{number}]"
        source += f"{{text{number}}}{{encode{number}({value})}}"
    code = compile(f"lambda values, sample: f'{{first}}{source}{{last}}'", "<line>", "eval")
    return cast("Fill", eval(code, scope))  # noqa: S307


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
