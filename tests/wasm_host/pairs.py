"""The ABI's form of a list of pairs: headers, metadata of calls, properties that are maps.

All numbers have 32 bits, little endian: how many pairs; the sizes of each name and value; then each
name and each value, with a NUL behind it.
"""

import struct
from collections.abc import Iterable
from itertools import chain

Pairs = list[tuple[bytes, bytes]]
"""Names and values."""


def to_bytes(text: str | bytes) -> bytes:
    """A name or value as it is on the wire; of a text, escaped surrogates are bytes."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def to_text(data: bytes) -> str:
    """A name or value for people, and for comparing; `to_bytes` gives the same bytes again."""
    return data.decode("utf-8", "surrogateescape")


def serialized(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The bytes of some pairs; of none, the number 0."""
    found = list(pairs)
    sizes = list(chain.from_iterable((len(name), len(value)) for name, value in found))
    head = struct.pack(f"<I{len(sizes)}I", len(found), *sizes)
    return head + b"".join(name + b"\0" + value + b"\0" for name, value in found)


def parsed(data: bytes) -> Pairs:
    """The pairs; no bytes are no pairs. Raises ValueError for what Envoy would not read."""
    if not data:
        return []
    (count,) = struct.unpack_from("<I", data)
    sizes = struct.unpack_from(f"<{2 * count}I", data, 4)
    texts, position = [], 4 + 8 * count
    for size in sizes:
        texts.append(data[position : position + size])
        position += size + 1
        if data[position - 1 : position] != b"\0":
            raise ValueError("a text of the pairs does not end with NUL")
    if position != len(data):
        raise ValueError("there is something behind the pairs")
    return list(zip(texts[::2], texts[1::2], strict=True))
