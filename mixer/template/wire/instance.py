"""Instances ↔ their messages, field by field; names are the same on both sides.

The message decides how a field is written: a `Value`, a map of them, a `TimeStamp`, an `IPAddress`,
a message with fields of its own, or a plain scalar.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, get_args, get_type_hints

from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from mixer.attribute.value import ZERO_TIMESTAMP, ValueType
from mixer.template.wire.value import read_timestamp, read_value, write_timestamp, write_value
from protos.policy.v1beta1 import type_pb2 as wire

Types = Mapping[str, Any]
"""The types of an instance's fields, as in `InstanceType.fields`."""
_NOTHING: Final[Types] = {}
_VALUE: Final = wire.Value.DESCRIPTOR.full_name
_TIME: Final = wire.TimeStamp.DESCRIPTOR.full_name
_ADDRESS: Final = wire.IPAddress.DESCRIPTOR.full_name

_Write = Callable[[Any, Any, Any], None]
"""Writes a field of this message, with this value, whose type is that."""
_Read = Callable[[Any], Any]


def _python_name(name: str) -> str:
    """`http_status_code` for the one field that the original calls `httpStatusCode`."""
    return re.sub("[A-Z]", lambda found: "_" + found[0].lower(), name)


def _is_map(field: Any) -> bool:
    entry = field.message_type
    return entry is not None and bool(entry.GetOptions().map_entry)


class InstanceWriter:
    """Writes the instances of one template, or the messages in them."""

    def __init__(self, descriptor: Descriptor) -> None:
        """`descriptor` is that of the message that is written."""
        self._fields = [(_python_name(f.name), _writer(f)) for f in descriptor.fields]

    def write(self, message: Message, instance: Any, types: Types = _NOTHING) -> None:
        """Fills an empty message. Raises TypeError or ValueError where a value does not fit."""
        for name, write in self._fields:
            value = getattr(instance, name)
            if value is not None:
                write(message, value, types.get(name))


def _writer(field: Any) -> _Write:
    name = field.name
    if _is_map(field):
        return lambda message, value, types: _write_map(getattr(message, name), value, types or {})
    if field.message_type is None:
        return lambda message, value, _type: setattr(message, name, value)
    match field.message_type.full_name:
        case full_name if full_name == _VALUE:
            return lambda message, value, kind: write_value(getattr(message, name), value, kind)
        case full_name if full_name == _TIME:
            return lambda message, value, _type: _write_time(getattr(message, name), value)
        case full_name if full_name == _ADDRESS:
            return lambda message, value, _type: _write_address(message, name, value)
    inner = InstanceWriter(field.message_type)

    def write(message: Any, value: Any, types: Any) -> None:
        part = getattr(message, name)
        part.SetInParent()
        inner.write(part, value, types or {})

    return write


def _write_map(entries: Any, values: Mapping[str, Any], types: Types) -> None:
    for key, value in values.items():
        write_value(entries[key], value, types.get(key))


def _write_time(message: wire.TimeStamp, value: int) -> None:
    if value != ZERO_TIMESTAMP:  # what the configuration leaves out stays out
        write_timestamp(message, value)


def _write_address(message: Any, name: str, value: bytes) -> None:
    if value:
        getattr(message, name).value = value


def write_types(message: Message, types: Types) -> None:
    """Fills an empty message `Type`: what a back end is told of instances that it will get."""
    for field in message.DESCRIPTOR.fields:
        known = types.get(_python_name(field.name))
        if known is None:
            continue
        if _is_map(field):
            getattr(message, field.name).update({key: int(kind) for key, kind in known.items()})
        elif field.message_type is not None:
            write_types(getattr(message, field.name), known)
        else:
            setattr(message, field.name, int(known))


class InstanceReader:
    """Reads the instances of one template, or the tuples in them."""

    def __init__(self, kind: type[Any], descriptor: Descriptor) -> None:
        """`kind` is the NamedTuple that is made."""
        hints = get_type_hints(kind)
        by_name = {_python_name(field.name): field for field in descriptor.fields}
        self._kind = kind
        self._reads = [_reader(by_name[name], hints[name]) for name in kind._fields]

    def read(self, message: Message) -> Any:
        """The instance that a message holds."""
        return self._kind(*(read(message) for read in self._reads))


def _reader(field: Any, hint: Any) -> _Read:
    name = field.name
    if _is_map(field):
        return lambda message: _read_map(getattr(message, name))
    if field.message_type is None:
        return lambda message: getattr(message, name)
    match field.message_type.full_name:
        case full_name if full_name == _VALUE:
            return lambda message: read_value(getattr(message, name))
        case full_name if full_name == _TIME:
            return lambda message: (
                read_timestamp(getattr(message, name)) if message.HasField(name) else ZERO_TIMESTAMP
            )
        case full_name if full_name == _ADDRESS:
            return lambda message: getattr(message, name).value
    kinds = [kind for kind in get_args(hint) if kind is not type(None)]
    inner = InstanceReader(kinds[0], field.message_type)
    return lambda message: inner.read(getattr(message, name)) if message.HasField(name) else None


def _read_map(entries: Mapping[str, wire.Value]) -> dict[str, Any]:
    return {key: read_value(value) for key, value in entries.items()}


def read_types(message: Message) -> dict[str, Any]:
    """The types that a message `Type` tells of: the opposite of `write_types`."""
    types: dict[str, Any] = {}
    for field, value in message.ListFields():
        name = _python_name(field.name)
        if _is_map(field):
            types[name] = {key: ValueType(kind) for key, kind in value.items()}
        elif field.message_type is not None:
            types[name] = read_types(value)
        else:
            types[name] = ValueType(value)
    return types
