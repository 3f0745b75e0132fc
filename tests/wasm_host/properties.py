"""Properties: what Envoy knows of a request, by path, and the form in which it says so.

A test gives them by dotted path, or by tuples where a segment has a dot in it; a value that is a
mapping has all that is in it. Those of `request` that Envoy takes from the headers are worked out.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from tests.wasm_host.headers import Headers
from tests.wasm_host.pairs import serialized, to_bytes

Path = str | tuple[str, ...]
Value = str | bytes | bool | int | float | Mapping[str, object] | Sequence[object]
Properties = dict[Path, Value]
"""What a test says; times and durations are ints, in ns."""

_NUL: Final = "\0"


class UnserializableError(Exception):
    """Envoy has a value there, and no form for it."""


def encoded(value: object) -> bytes:
    """The bytes of a property; raises UnserializableError."""
    match value:
        case str() | bytes():
            return to_bytes(value)
        case bool():
            return struct.pack("<?", value)
        case int():
            return struct.pack("<q", value)
        case float():
            return struct.pack("<d", value)
        case Mapping():
            return serialized((encoded(name), encoded(entry)) for name, entry in value.items())
        case list() | tuple():
            return serialized((encoded(entry), b"") for entry in value)
    raise UnserializableError(repr(value))


def find(properties: Mapping[Path, Value], path: str) -> object:
    """The value at a path whose segments are joined by NUL; None if there is none."""
    segments = tuple(path.rstrip(_NUL).split(_NUL))
    for end in range(len(segments), 0, -1):
        for key in (segments[:end], ".".join(segments[:end])):
            if key in properties:
                return _descend(properties[key], segments[end:])
    return None


def _descend(value: object, segments: Sequence[str]) -> object:
    for segment in segments:
        if not isinstance(value, Mapping):
            return None
        value = value.get(segment)
    return value


def of_request(headers: Headers, path: str) -> bytes | None:
    """What Envoy takes from the headers of a request."""
    root, *rest = path.rstrip(_NUL).split(_NUL)
    if root != "request" or not rest:
        return None
    if rest[0] == "headers":
        return headers.get(rest[1].encode()) if len(rest) == 2 else None
    read = _READERS.get(rest[0])
    return None if read is None or len(rest) > 1 else read(headers)


def _header(name: bytes) -> Callable[[Headers], bytes | None]:
    return lambda headers: headers.get(name)


def _url_path(headers: Headers) -> bytes | None:
    path = headers.get(b":path")
    return None if path is None else path.partition(b"?")[0]


def _query(headers: Headers) -> bytes | None:
    path = headers.get(b":path")
    return None if path is None else path.partition(b"?")[2]


_READERS: Final[Mapping[str, Callable[[Headers], bytes | None]]] = {
    "path": _header(b":path"),
    "url_path": _url_path,
    "query": _query,
    "host": _header(b":authority"),
    "scheme": _header(b":scheme"),
    "method": _header(b":method"),
    "referer": _header(b"referer"),
    "useragent": _header(b"user-agent"),
    "id": _header(b"x-request-id"),
}
