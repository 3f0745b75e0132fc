"""Tables by key: immutable, made for quick look-ups."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Final, Generic, Protocol, TypeVar

from adapters.listchecker.addresses import network, packed_text, shortest
from mixer.adapter import Value, stringify

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class KeyType(IntEnum):
    """What the keys of a table are."""

    STRINGS = 0
    IP_ADDRESSES = 1


class Table(Protocol[T_co]):
    """What is known, by key."""

    def find(self, key: Value | None) -> T_co | None:
        """What is known of the key; None if nothing is."""


class Texts(Generic[T]):
    """A table whose keys are texts; other values are looked up by their texts."""

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        """Raises ValueError for a key that comes twice."""
        self._rows: dict[str, T] = {}
        for key, row in rows:
            if key in self._rows:
                raise ValueError(f"key {key!r} comes twice")
            self._rows[key] = row

    def find(self, key: Value | None) -> T | None:
        """See `Table.find`."""
        return self._rows.get(stringify(key))


class Networks(Generic[T]):
    """A table whose keys are networks: the one with the longest prefix counts.

    For each length of prefix there is a map of the networks' numbers, so a look-up takes as many
    steps as there are lengths, however many the networks are.
    """

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        """Raises ValueError for a key that is no network, or comes twice."""
        groups: dict[int, dict[int, dict[int, T]]] = {4: {}, 16: {}}
        for key, row in rows:
            packed, host_bits = network(key)
            number = int.from_bytes(packed, "big") >> host_bits
            group = groups[len(packed)].setdefault(host_bits, {})
            if number in group:
                raise ValueError(f"network {key!r} comes twice")
            group[number] = row
        self._groups: Mapping[int, tuple[tuple[int, dict[int, T]], ...]] = {
            size: tuple(sorted(of_size.items(), key=lambda group: group[0]))
            for size, of_size in groups.items()
        }

    def find(self, key: Value | None) -> T | None:
        """See `Table.find`; nothing is known of what is no address."""
        packed = _packed(key)
        number = int.from_bytes(packed, "big")
        for host_bits, group in self._groups.get(len(packed), ()):
            row = group.get(number >> host_bits)
            if row is not None:
                return row
        return None


_NO_ADDRESS: Final = b""
"""In no group of networks."""


def _packed(key: Value | None) -> bytes:
    if isinstance(key, bytes):
        return shortest(key)
    if not isinstance(key, str):
        return _NO_ADDRESS
    try:
        return packed_text(key)
    except ValueError:
        return _NO_ADDRESS


def make_table(key_type: KeyType, rows: Iterable[tuple[str, T]]) -> Table[T]:
    """A table of these rows; raises ValueError for a key that is none of its type."""
    return Networks(rows) if key_type is KeyType.IP_ADDRESSES else Texts(rows)
