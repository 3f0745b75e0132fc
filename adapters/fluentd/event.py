"""A log entry as an event of the forward protocol: tag, time and record, in MessagePack."""

from typing import Final

import msgpack
from fluent.sender import EventTime

from mixer.adapter import Duration, Timestamp, Value, stringify
from mixer.template.logentry import Instance

_NS_PER_MS: Final = 1_000_000
_LAST_NS: Final = (1 << 32) * 1_000_000_000
"""Times of the protocol end in 2106."""
_KEPT: Final = frozenset({str, int, float, bool})

Record = dict[str, str | int | float | bool | dict[str, str]]


def event_of(instance: Instance, now_ns: int, *, integer_duration: bool) -> bytes:
    """The event. The variable `tag` is its tag if there is one, else the instance's name is."""
    record: Record = {
        name: _plain(value, integer_duration=integer_duration)
        for name, value in instance.variables.items()
    }
    record["severity"] = instance.severity
    tag = record.pop("tag", "")
    if tag:
        record["name"] = instance.name
    time_ns = instance.timestamp if 0 < instance.timestamp < _LAST_NS else now_ns
    event = (str(tag or instance.name), EventTime.from_unix_nano(time_ns), record)
    packed: bytes = msgpack.packb(event, unicode_errors="replace")
    return packed


def _plain(value: Value, *, integer_duration: bool) -> str | int | float | bool | dict[str, str]:
    if type(value) in _KEPT:
        return value  # type: ignore[return-value]
    if isinstance(value, Duration) and integer_duration:
        return value // _NS_PER_MS
    if isinstance(value, Timestamp | Duration | bytes):
        return stringify(value)
    return dict(value)  # type: ignore[arg-type]
