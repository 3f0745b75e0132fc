"""What the index maps of a message mean, apart from its words.

The entries of an index map are pairs of dictionary positions. Their bytes are the same in all
messages of one shape, which are most messages of one client: what differs is the words. So the
meaning of such bytes is worked out once and kept, and a message only has to look up its words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, Generic, TypeVar

from google.protobuf.message import DecodeError

from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.errors import RequestError
from protos.mixer.v1.attributes_pb2 import CompressedAttributes, StringMap
from protos.mixer.v1.lazy_pb2 import CompressedAttributes as LazyAttributes

_MAX_KEPT: Final = 8192
_MAX_KEPT_LENGTH: Final = 1024
"""Larger shapes are worked out anew each time, so that clients can't fill memory."""
_GLOBAL_COUNT: Final = len(GLOBAL_WORDS)

Table = list[str]
"""The words of a message by index: the global ones, then its own from the last to the first.

So index i >= 0 finds a global word, and index -i - 1 finds word i of the message, because Python
counts negative positions from the end.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapShape:
    """The shape of a string map."""

    least_words: int
    """A message with fewer words than this has an index that points nowhere."""
    keys: Callable[[Table], tuple[str, ...]]
    values: Callable[[Table], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StringsShape:
    """The shape of the `strings` of a message."""

    indices: Mapping[int, int]
    """The index of each value, by the index of its name."""
    is_plain: bool
    """Whether all names are global words, and all global indices are good."""
    least_words: int
    """A message with fewer words than this has an index that points nowhere."""
    names: tuple[str, ...]
    """Only when it is plain."""
    values: Callable[[Table], tuple[str, ...]]
    """Only when it is plain."""


T = TypeVar("T")


K = TypeVar("K", bytes, tuple[bytes, ...])


class _Kept(dict[K, T], Generic[K, T]):
    """What entries mean, worked out when they are first seen."""

    def __init__(self, work_out: Callable[[K], T]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, data: K) -> T:
        found = self._work_out(data)
        if len(data) <= _MAX_KEPT_LENGTH:
            if len(self) >= _MAX_KEPT:
                self.clear()
            self[data] = found
        return found


def _map_shape(data: bytes) -> MapShape | None:
    try:
        entries = StringMap.FromString(data).entries
    except DecodeError as error:
        raise RequestError(f"error unmarshalling a string map: {error}") from error
    keys = list(entries)
    values = [entries[key] for key in keys]
    if max((*keys, *values), default=0) >= _GLOBAL_COUNT:
        return None
    return MapShape(
        least_words=max(0, -min((*keys, *values), default=0)),
        keys=_getter(keys),
        values=_getter(values),
    )


def _getter(indices: list[int]) -> Callable[[Table], tuple[str, ...]]:
    if len(indices) < 2:  # itemgetter would give the item itself
        return lambda table: tuple(table[index] for index in indices)
    return itemgetter(*indices)


def _strings_shape(entries: tuple[bytes, ...]) -> StringsShape:
    try:
        strings = CompressedAttributes.FromString(
            LazyAttributes(strings=entries).SerializeToString()
        ).strings
    except DecodeError as error:
        raise RequestError(f"error unmarshalling strings: {error}") from error
    indices = {name: strings[name] for name in strings}
    positions = (*indices, *indices.values())
    is_plain = min(indices, default=0) >= 0 and max(positions, default=0) < _GLOBAL_COUNT
    return StringsShape(
        indices=indices,
        is_plain=is_plain,
        least_words=max(0, -min(positions, default=0)),
        names=tuple(GLOBAL_WORDS[name] for name in indices) if is_plain else (),
        values=_getter(list(indices.values())),
    )


MAP_SHAPES: Final = _Kept(_map_shape)
"""By the bytes of a StringMap; None where a global index points nowhere.

Looking one up raises RequestError for bytes that are no StringMap.
"""
STRINGS_SHAPES: Final = _Kept(_strings_shape)
"""By the entries of `strings`.

Looking one up raises RequestError for bytes that are no entries.
"""
