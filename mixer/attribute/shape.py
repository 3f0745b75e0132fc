"""What the index maps of a message mean, apart from its words.

The entries of an index map are pairs of dictionary positions. Their bytes are the same in all
messages of one shape, which are most messages of one client: what differs is the words. So the
meaning of such bytes is worked out once and kept, and a message only has to put in its words.
"""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from google.protobuf.message import DecodeError

from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.kept import Kept
from mixer.errors import RequestError
from protos.mixer.v1 import attributes_pb2
from protos.mixer.v1.lazy_pb2 import CompressedAttributes as LazyAttributes

_MAX_KEPT: Final = 2048
_MAX_KEPT_LENGTH: Final = 1024
"""Larger shapes are worked out anew each time, so that clients can't fill memory."""
_GLOBAL_COUNT: Final = len(GLOBAL_WORDS)

Words = list[str]
"""The words of a message."""


class Pairs:
    """Pairs of words: those that are the same in every message, and where to find the others."""

    __slots__ = (
        "_constants",
        "_firsts",
        "_last_own_first",
        "_names",
        "_of_slots",
        "_seconds",
        "_template",
        "fixed",
        "least_words",
        "own",
        "slots",
    )

    def __init__(self, indices: Mapping[int, int]) -> None:
        """All indices >= 0 must be those of global words."""
        self.fixed = {
            GLOBAL_WORDS[first]: GLOBAL_WORDS[second]
            for first, second in indices.items()
            if first >= 0 and second >= 0
        }
        """The pairs that are the same in every message."""
        self.slots = {
            GLOBAL_WORDS[first]: ~second
            for first, second in indices.items()
            if first >= 0 and second < 0
        }
        """By the first words that are the same in every message: the slots of the second ones."""
        self._names = tuple(self.slots)
        self._of_slots = _getter(list(self.slots.values()))
        # A dict that is told all its keys at once grows once.
        self._template: Mapping[str, str | None] = {**dict.fromkeys(self._names), **self.fixed}
        self.own = [(~first, second) for first, second in indices.items() if first < 0]
        """The slots of the first words that a message brings, and the indices of the second."""
        self._last_own_first = tuple(reversed(self.own))
        used = sorted({second for _, second in self.own if second >= 0})
        # Constants follow the message's words, so they are found from the end.
        places = {index: position - len(used) for position, index in enumerate(used)}
        self._constants: Words = [GLOBAL_WORDS[index] for index in used]
        self._firsts = _getter([slot for slot, _ in self.own])
        self._seconds = _getter([places.get(second, ~second) for _, second in self.own])
        self.least_words = max((-min(pair) for pair in indices.items()), default=0)
        """A message with fewer words than this has an index that points nowhere."""

    def put_into(self, found: MutableMapping[str, Any], words: Words) -> None:
        """Adds the pairs that a message with these words means; there must be enough words."""
        found.update(self._template)
        found.update(zip(self._names, self._of_slots(words), strict=True))
        if self.own:
            table = words + self._constants
            found.update(zip(self._firsts(table), self._seconds(table), strict=True))

    def find(self, first: str, words: Words) -> str | None:
        """The second word of the pair that begins with `first`, or None; as `put_into` has it."""
        for slot, second in self._last_own_first:
            if words[slot] == first:
                return words[~second] if second < 0 else GLOBAL_WORDS[second]
        place = self.slots.get(first)
        return self.fixed.get(first) if place is None else words[place]


def _getter(positions: list[int]) -> Callable[[Words], tuple[str, ...]]:
    if len(positions) < 2:  # itemgetter would give the item itself
        return lambda table: tuple(table[position] for position in positions)
    return itemgetter(*positions)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StringsShape:
    """The shape of the `strings` of a message."""

    indices: Mapping[int, int]
    """The index of each value, by the index of its name."""
    pairs: Pairs | None
    """Names and values; None unless every name, and every global index, is a global word's."""


def _map_shape(data: bytes) -> Pairs | None:
    try:
        entries = dict(attributes_pb2.StringMap.FromString(data).entries)
    except DecodeError as error:
        raise RequestError(f"error unmarshalling a string map: {error}") from error
    is_good = max((*entries, *entries.values()), default=0) < _GLOBAL_COUNT
    return Pairs(entries) if is_good else None


def _strings_shape(entries: tuple[bytes, ...]) -> StringsShape:
    raw = LazyAttributes(strings=entries).SerializeToString()
    try:
        indices = dict(attributes_pb2.CompressedAttributes.FromString(raw).strings)
    except DecodeError as error:
        raise RequestError(f"error unmarshalling strings: {error}") from error
    is_plain = (
        min(indices, default=0) >= 0
        and max((*indices, *indices.values()), default=0) < _GLOBAL_COUNT
    )
    return StringsShape(indices=indices, pairs=Pairs(indices) if is_plain else None)


def _is_small(entries: bytes | tuple[bytes, ...], _shape: object) -> bool:
    return len(entries) <= _MAX_KEPT_LENGTH


MAP_SHAPES: Final = Kept(_map_shape, _MAX_KEPT, _is_small)
"""By the bytes of a StringMap; None where a global index points nowhere.

Looking one up raises RequestError for bytes that are no StringMap.
"""
STRINGS_SHAPES: Final = Kept(_strings_shape, _MAX_KEPT, _is_small)
"""By the entries of `strings`.

Looking one up raises RequestError for bytes that are no entries.
"""
