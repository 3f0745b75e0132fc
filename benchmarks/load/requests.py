"""What each request consists of, prepared so that next to nothing is left to do when it leaves.

The bytes of a kind are cut where its fresh text goes; a request is those parts, and its text
between them. That works for HTTP/2 as well, because fresh texts are all of one size and no use is
made of HPACK's table of headers: a block then means the same wherever it stands.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from hpack import Encoder, NeverIndexedHeaderTuple

from benchmarks.scenario import FRESH, RequestKind

_DRAWN_COUNT: Final = 1 << 16
"""Requests whose kinds are drawn."""
_MASK: Final = _DRAWN_COUNT - 1
_NUMBER_DIGITS: Final = 9
_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS", "DELETE", "TRACE"})
"""Methods whose requests need not say that they have no body."""
_LARGEST_BLOCK: Final = 1 << 14
"""What a server's frames may hold that has not said otherwise."""

Encode = Callable[[RequestKind, str], bytes]
"""The bytes of a kind's requests; the text is what the header `host` says."""


def drawn_kinds(kinds: Sequence[RequestKind], seed: int) -> Sequence[int]:
    """Which kind each request is of, by their numbers; after the last one the order begins anew."""
    weights = [kind.weight for kind in kinds]
    random = Random(f"kinds/{seed}")  # noqa: S311 - it has to be repeatable
    return random.choices(range(len(kinds)), weights, k=_DRAWN_COUNT)


class Requests:
    """The bytes of requests by their numbers."""

    def __init__(
        self, kinds: Sequence[RequestKind], encode: Encode, host: str, seed: int, token: str
    ) -> None:
        """`token` is a text that differs from that of every other load in the run."""
        self._order: Final = drawn_kinds(kinds, seed)
        self._token: Final = token
        stand_in = "?" * len(self._fresh_text(0))
        self._parts: Final = [
            encode(_filled(kind, stand_in), host).split(stand_in.encode()) for kind in kinds
        ]

    def message(self, number: int) -> bytes:
        """What the request consists of."""
        parts = self._parts[self._order[number & _MASK]]
        if len(parts) == 1:
            return parts[0]
        return self._fresh_text(number).encode().join(parts)

    def _fresh_text(self, number: int) -> str:
        return f"{self._token}-{number:0{_NUMBER_DIGITS}}"


def http1_message(kind: RequestKind, host: str) -> bytes:
    """The kind's requests by HTTP/1.1. Raises ValueError for HEAD.

    After HEAD an answer ends where its parser does not expect it to.
    """
    if kind.method == "HEAD":
        raise ValueError("HEAD can be sent by HTTP/2 only")
    headers = [("host", host), *kind.headers]
    if kind.method not in _BODILESS:
        headers.append(("content-length", "0"))
    lines = [
        f"{kind.method} {kind.path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def http2_block(kind: RequestKind, host: str) -> bytes:
    """The block of headers of the kind's requests by HTTP/2.

    Raises ValueError if it does not fit in one frame.
    """
    pseudo = (
        (":method", kind.method),
        (":scheme", "http"),
        (":authority", host),
        (":path", kind.path),
    )
    named = ((name.lower(), value) for name, value in kind.headers)
    headers = [
        NeverIndexedHeaderTuple(name.encode(), value.encode("latin-1"))
        for name, value in (*pseudo, *named)
    ]
    block = Encoder().encode(headers, huffman=False)
    if len(block) > _LARGEST_BLOCK:
        raise ValueError(f"headers of {len(block)} bytes, more than a frame holds")
    return block


def _filled(kind: RequestKind, text: str) -> RequestKind:
    headers = tuple((name, value.replace(FRESH, text)) for name, value in kind.headers)
    return RequestKind(path=kind.path, headers=headers, method=kind.method)
