"""Mappings: which attribute comes from which place of a protocol's messages.

One table per protocol is all there is: bags read by it, `mixs attributes --protocol` prints it, and
the documents show it. Most readers are made from the very path that the table shows, so the two
can't differ. An attribute is worked out when a rule reads it, and only then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from google.protobuf.duration_pb2 import Duration as DurationMessage
from google.protobuf.timestamp_pb2 import Timestamp as TimestampMessage

from mixer.attribute.bag import Bag, StringMap, as_attribute
from mixer.attribute.kept import Kept
from mixer.attribute.value import Duration, Timestamp, Value, ValueType, packed_address

Reader = Callable[[Any], Value | StringMap | None]
"""The value of an attribute in one message; None when there is none. Maps are dicts."""

_NS_PER_S: Final = 1_000_000_000
_MAX_ADDRESSES: Final = 1 << 12
_MAX_ADDRESS_CHARS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One row of a mapping."""

    path: str
    """Where it stands in the message, in the names of the protocol's fields."""
    attribute: str
    value_type: ValueType
    read: Reader


class MappedBag(Bag):
    """The attributes of one message."""

    __slots__ = ("_message", "_readers")

    def __init__(self, message: object, readers: Mapping[str, Reader]) -> None:
        super().__init__()
        self._message = message
        self._readers = readers

    # One call less for each attribute than by way of `_decode`, and attributes are all there is.
    def __missing__(self, name: str) -> "Value | StringMap | None":
        read = self._readers.get(name)
        value = None if read is None else read(self._message)
        if value.__class__ is dict:
            value = as_attribute(name, value)
        self[name] = value
        return value


class MapField(StringMap):
    """A map of strings in a message, copied only when a rule takes all of it.

    To copy the headers of a request takes as long as to parse them.
    """

    __slots__ = ("_field",)

    def __init__(self, name: str, field: Mapping[str, str]) -> None:
        super().__init__(name)
        self._field = field

    def find(self, key: str) -> str | None:
        """See `StringMap`."""
        return self._field.get(key)

    @property
    def entries(self) -> Mapping[str, str]:
        """See `StringMap`."""
        return dict(self._field)


def readers(*rows: Mapped) -> Mapping[str, Reader]:
    """The readers by attribute; of several rows for one attribute, the first that has a value."""
    by_name: dict[str, Reader] = {}
    for row in reversed(rows):
        later = by_name.get(row.attribute)
        by_name[row.attribute] = row.read if later is None else _first(row.read, later)
    return by_name


def _first(read: Reader, otherwise: Reader) -> Reader:
    def read_either(message: Any) -> Value | StringMap | None:
        value = read(message)
        return otherwise(message) if value is None else value

    return read_either


def row(
    path: str, attribute: str, value_type: ValueType, convert: Callable[[Any], Value | None]
) -> Mapped:
    """A row whose value is made of what stands at `path`.

    Messages that are not there are read as empty ones, as protobuf has it, so `convert` must give
    None for what means nothing.
    """
    get = attrgetter(path)
    return Mapped(
        path=path,
        attribute=attribute,
        value_type=value_type,
        read=lambda message: convert(get(message)),
    )


def text(path: str, attribute: str) -> Mapped:
    """A STRING; the empty one is none."""
    get = attrgetter(path)
    return Mapped(
        path=path,
        attribute=attribute,
        value_type=ValueType.STRING,
        read=lambda message: get(message) or None,
    )


def number(path: str, attribute: str) -> Mapped:
    """An INT64, of a field that is always there."""
    return row(path, attribute, ValueType.INT64, int)


def wrapped_number(path: str, attribute: str) -> Mapped:
    """An INT64, of a wrapper message such as UInt32Value."""
    parent, _, field = path.rpartition(".")
    get_parent, get = attrgetter(parent), attrgetter(f"{field}.value")

    def read(message: Any) -> Value | None:
        holder = get_parent(message)
        return int(get(holder)) if holder.HasField(field) else None

    return Mapped(path=path, attribute=attribute, value_type=ValueType.INT64, read=read)


def string_map(path: str, attribute: str) -> Mapped:
    """A STRING_MAP, of a map of strings; the empty one is none."""
    get = attrgetter(path)

    def read(message: Any) -> StringMap | None:
        entries = get(message)
        return MapField(attribute, entries) if entries else None

    return Mapped(path=path, attribute=attribute, value_type=ValueType.STRING_MAP, read=read)


def ip_address(path: str, attribute: str) -> Mapped:
    """An IP_ADDRESS, of an `envoy.config.core.v3.Address` that is one of a socket."""
    return row(
        f"{path}.socket_address.address", attribute, ValueType.IP_ADDRESS, _PACKED.__getitem__
    )


def port(path: str, attribute: str) -> Mapped:
    """An INT64, of an `envoy.config.core.v3.Address` that is one of a socket."""
    return row(
        f"{path}.socket_address.port_value",
        attribute,
        ValueType.INT64,
        lambda value: value or None,
    )


def timestamp(path: str, attribute: str) -> Mapped:
    """A TIMESTAMP; the epoch itself is what an absent message reads as, so it is none."""
    return row(path, attribute, ValueType.TIMESTAMP, to_timestamp)


def duration(path: str, attribute: str) -> Mapped:
    """A DURATION, of a field that means nothing when it is 0."""
    return row(path, attribute, ValueType.DURATION, to_duration)


def to_timestamp(message: TimestampMessage) -> Timestamp | None:
    """None for the epoch, which an absent message is read as."""
    nanos = message.seconds * _NS_PER_S + message.nanos
    return Timestamp(nanos) if nanos else None


def to_duration(message: DurationMessage) -> Duration | None:
    """None for 0, which an absent message is read as."""
    nanos = message.seconds * _NS_PER_S + message.nanos
    return Duration(nanos) if nanos else None


_PACKED: Final = Kept(
    packed_address, _MAX_ADDRESSES, lambda address, _packed: len(address) <= _MAX_ADDRESS_CHARS
)
"""The addresses that came lately."""
