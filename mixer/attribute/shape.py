"""What the entries of index maps mean, apart from the words of their message.

An entry is a pair of dictionary positions. Its bytes are the same in all messages that have the
same words in the same places, so what they mean is worked out once and kept: of strings entry by
entry, because the places of their words differ from message to message, in a Report above all; of
string maps as a whole.
"""

from collections.abc import Mapping
from typing import Final

from google.protobuf.message import DecodeError

from mixer.attribute.dictionary import GLOBAL_INDEX, GLOBAL_WORDS
from mixer.attribute.kept import Kept
from mixer.errors import RequestError
from protos.mixer.v1 import attributes_pb2
from protos.mixer.v1.lazy_pb2 import CompressedAttributes as LazyAttributes

_MAX_KEPT_ENTRIES: Final = 1 << 14
_MAX_KEPT_MAPS: Final = 2048
_MAX_KEPT_BYTES: Final = 1024
"""Larger ones are worked out anew each time, so that clients can't fill memory."""
_GLOBAL_COUNT: Final = len(GLOBAL_WORDS)
_POSITIONS: Final = dict(GLOBAL_INDEX)
_NO_SLOT: Final = 1 << 62

Words = list[str]
"""The words of a message."""


StringEntry = tuple[str, int, str | None]
"""An entry of `strings`: its name, the slot of its value among the message's words, and the value
itself where that is a global word.

No message has a word in the slot of an entry whose name is none of the global words, or with a
global index that points nowhere. A plain tuple, because taking others apart takes longer.
"""


class Pairs:
    """The pairs of words that the entries of a string map stand for."""

    __slots__ = ("_indices", "_own", "least_words")

    def __init__(self, indices: Mapping[int, int]) -> None:
        """All indices >= 0 must be those of global words."""
        self._indices = indices
        # Of two words that are equal, the later entry counts.
        self._own = [(~first, second) for first, second in indices.items() if first < 0][::-1]
        self.least_words = -min((0, *indices, *indices.values()))
        """A message with fewer words than this has an index that points nowhere."""

    def find(self, key: str, words: Words) -> str | None:
        """The value of a key, or None; there must be enough words."""
        for slot, second in self._own:
            if words[slot] == key:
                return words[~second] if second < 0 else GLOBAL_WORDS[second]
        position = _POSITIONS.get(key)
        index = None if position is None else self._indices.get(position)
        if index is None:
            return None
        return words[~index] if index < 0 else GLOBAL_WORDS[index]

    def entries(self, words: Words) -> dict[str, str]:
        """All keys and values; there must be enough words."""
        found = {
            _word(first, words): _word(second, words) for first, second in self._indices.items()
        }
        # A key in two spellings: `find` takes the message's own.
        for slot, second in reversed(self._own):
            found[words[slot]] = _word(second, words)
        return found


def _word(index: int, words: Words) -> str:
    return words[~index] if index < 0 else GLOBAL_WORDS[index]


def string_indices(entries: list[bytes]) -> Mapping[int, int]:
    """The index of each value, by the index of its name; raises RequestError."""
    raw = LazyAttributes(strings=entries).SerializeToString()
    try:
        return attributes_pb2.CompressedAttributes.FromString(raw).strings
    except DecodeError as error:
        raise RequestError(f"error unmarshalling strings: {error}") from error


def _string_entry(data: bytes) -> StringEntry:
    [(first, second)] = string_indices([data]).items()
    if not 0 <= first < _GLOBAL_COUNT or second >= _GLOBAL_COUNT:
        return "", _NO_SLOT, None
    constant = GLOBAL_WORDS[second] if second >= 0 else None
    return GLOBAL_WORDS[first], ~second, constant


def _map_shape(data: bytes) -> Pairs | None:
    try:
        entries = attributes_pb2.StringMap.FromString(data).entries
    except DecodeError as error:
        raise RequestError(f"error unmarshalling a string map: {error}") from error
    indices = {first: entries[first] for first in entries}
    is_good = max((0, *indices, *indices.values())) < _GLOBAL_COUNT
    return Pairs(indices) if is_good else None


def _is_small(data: bytes, _meaning: object) -> bool:
    return len(data) <= _MAX_KEPT_BYTES


STRING_ENTRIES: Final = Kept(_string_entry, _MAX_KEPT_ENTRIES, _is_small)
"""By the bytes of an entry of `strings`; looking one up raises RequestError for other bytes."""
MAP_SHAPES: Final = Kept(_map_shape, _MAX_KEPT_MAPS, _is_small)
"""By the bytes of a StringMap; None where a global index points nowhere.

Looking one up raises RequestError for bytes that are no StringMap.
"""
