"""Lists of addresses and networks: immutable, made for quick look-ups.

An IPv4 address in its IPv6 form (`::ffff:10.0.0.1`) is an IPv4 address, as in Go's `net`.
"""

from collections.abc import Iterable
from socket import AF_INET, AF_INET6, inet_pton
from typing import Final

_V4_MAPPED: Final = bytes(10) + b"\xff\xff"


class Addresses:
    """Networks that an address has to be in.

    For each length of prefix there is a set of the networks' numbers, so a look-up takes as many
    steps as there are lengths, however many the networks are.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        """Raises ValueError for an entry that is neither address nor network."""
        networks: dict[int, dict[int, set[int]]] = {4: {}, 16: {}}
        for entry in entries:
            packed, host_bits = network(entry)
            number = int.from_bytes(packed, "big") >> host_bits
            networks[len(packed)].setdefault(host_bits, set()).add(number)
        self._networks = {
            size: tuple((host_bits, frozenset(group)) for host_bits, group in groups.items())
            for size, groups in networks.items()
        }

    def contains(self, value: str | bytes) -> bool:
        """See `Entries.contains`."""
        packed = packed_text(value) if isinstance(value, str) else shortest(value)
        groups = self._networks.get(len(packed))
        if groups is None:
            raise ValueError(f"an address of {len(packed)} bytes")
        number = int.from_bytes(packed, "big")
        for host_bits, group in groups:  # noqa: SIM110 - any() takes half as long again
            if number >> host_bits in group:
                return True
        return False


def network(entry: str) -> tuple[bytes, int]:
    """An address of the network, and how many of its bits are the host's.

    Raises ValueError for what is neither address nor network.
    """
    address, slash, prefix = entry.partition("/")
    packed = _pton(address)
    bits = len(packed) * 8
    length = int(prefix) if prefix.isdecimal() and prefix.isascii() else -1
    if not slash:
        length = bits
    if not 0 <= length <= bits:
        raise ValueError(f"{entry!r} is no network: bad prefix length")
    host_bits = bits - length
    short = shortest(packed)
    if len(short) == 4 and host_bits > 32:
        return packed, host_bits
    return short, host_bits


def packed_text(text: str) -> bytes:
    """The 4 or 16 bytes of an address; raises ValueError for what is none."""
    return shortest(_pton(text))


def _pton(text: str) -> bytes:
    try:
        return inet_pton(AF_INET6 if ":" in text else AF_INET, text)
    except (OSError, ValueError) as error:
        raise ValueError(f"{text!r} is no IP address") from error


def shortest(packed: bytes) -> bytes:
    """The 4 bytes of an IPv4 address in its IPv6 form; any others as they are."""
    return packed[12:] if len(packed) == 16 and packed.startswith(_V4_MAPPED) else packed
