"""Attribute values ↔ istio.policy.v1beta1.Value.

Strings of type URI, DNS_NAME and EMAIL_ADDRESS have messages of their own on the wire, so a value
needs its type to be written; other values tell it themselves.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from google.protobuf.duration_pb2 import Duration as WireDuration
from google.protobuf.timestamp_pb2 import Timestamp as WireTimestamp

from mixer.attribute.value import Duration, Timestamp, Value, ValueType
from protos.policy.v1beta1 import type_pb2 as wire

_NS_PER_S: Final = 1_000_000_000


def write_timestamp(message: wire.TimeStamp, value: int) -> None:
    """Writes nanoseconds since 1970."""
    message.value.seconds, message.value.nanos = divmod(int(value), _NS_PER_S)


def read_timestamp(message: wire.TimeStamp) -> Timestamp:
    """Reads nanoseconds since 1970; 1970 itself when nothing is there."""
    return Timestamp(_nanoseconds(message.value))


def write_duration(message: WireDuration, nanoseconds: int) -> None:
    """Writes a length of time, whose two parts have the same sign on the wire."""
    seconds, rest = divmod(abs(int(nanoseconds)), _NS_PER_S)
    sign = -1 if nanoseconds < 0 else 1
    message.seconds, message.nanos = sign * seconds, sign * rest


def read_duration(message: WireDuration) -> Duration:
    """Reads a length of time."""
    return Duration(_nanoseconds(message))


def _nanoseconds(message: WireDuration | WireTimestamp) -> int:
    return message.seconds * _NS_PER_S + message.nanos


def _write_moment(message: wire.Value, value: Any) -> None:
    write_timestamp(message.timestamp_value, value)


def _write_length(message: wire.Value, value: Any) -> None:
    write_duration(message.duration_value.value, value)


def _write_address(message: wire.Value, value: Any) -> None:
    message.ip_address_value.value = value


def _write_int(message: wire.Value, value: Any) -> None:
    message.int64_value = value


def _write_bool(message: wire.Value, value: Any) -> None:
    message.bool_value = value


def _write_double(message: wire.Value, value: Any) -> None:
    message.double_value = value


_WRITERS: Final[Mapping[type[Any], Callable[[wire.Value, Any], None]]] = {
    int: _write_int,
    float: _write_double,
    bool: _write_bool,
    bytes: _write_address,
    Timestamp: _write_moment,
    Duration: _write_length,
}
_TEXT_MESSAGES: Final = {
    ValueType.URI: "uri_value",
    ValueType.DNS_NAME: "dns_name_value",
    ValueType.EMAIL_ADDRESS: "email_address_value",
}


def write_value(message: wire.Value, value: Value, kind: ValueType | None) -> None:
    """Writes a value; `kind` is only looked at when it is a string."""
    if isinstance(value, str):
        name = _TEXT_MESSAGES.get(kind) if kind else None
        if name is None:
            message.string_value = value
        else:
            getattr(message, name).value = value
    elif (write := _WRITERS.get(value.__class__)) is not None:
        write(message, value)
    elif isinstance(value, Mapping):
        message.string_map_value.value.update(value)
    else:
        raise TypeError(f"no value for the wire: {value!r}")


def read_value(message: wire.Value) -> Value | None:
    """Reads a value; None when there is none."""
    name = message.WhichOneof("value")
    if name is None:
        return None
    value: Any = getattr(message, name)
    if name == "timestamp_value":
        return read_timestamp(value)
    if name == "duration_value":
        return read_duration(value.value)
    if name == "string_map_value":
        return dict(value.value)
    return value.value if name in _WRAPPED else value  # type: ignore[no-any-return]


_WRAPPED: Final = frozenset({"ip_address_value", *_TEXT_MESSAGES.values()})
