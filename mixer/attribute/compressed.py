"""The wire form of attributes, decoded one attribute at a time.

How a name is found (istio 1.4 `mixer/pkg/attribute/protoBag.go`):

1. The name's index: the message's own words first (of a word that stands there twice, the last),
   then the global list. A name in neither is absent.
2. The first map that has the index, in the order strings, string maps, int64s, doubles, bools,
   timestamps, durations, bytes. So a name keyed by its global index is absent in a message whose
   own words hold it too.
3. An index of a string, or of any key or value of a string map, that points nowhere makes that
   attribute absent. Nothing is noticed of attributes that are never read.

Times out of range are the exception: they make the whole message undecodable, read or not, because
the original's decoder refused them.
"""

from collections.abc import Callable, Mapping
from typing import Final

from mixer.attribute.bag import Bag
from mixer.attribute.dictionary import GLOBAL_INDEX, GLOBAL_WORDS
from mixer.attribute.value import Duration, Timestamp, Value
from mixer.errors import RequestError
from protos.mixer.v1.lazy_pb2 import CompressedAttributes, IndexEntry

_GLOBAL_NAMES: Final = frozenset(GLOBAL_WORDS)
_GLOBAL_POSITIONS: Final = dict(GLOBAL_INDEX)
_NS_PER_S: Final = 1_000_000_000
_MIN_TIMESTAMP_S: Final = -62_135_596_800
_END_TIMESTAMP_S: Final = 253_402_300_800
_INT64: Final = range(-(1 << 63), 1 << 63)
_MAX_ENTRIES: Final = 1 << 16


class _EntryTable(dict[bytes, tuple[int, int]]):
    """The decoded form of each map entry that was ever seen, by its bytes."""

    def __missing__(self, data: bytes) -> tuple[int, int]:
        entry = IndexEntry.FromString(data)
        if len(self) >= _MAX_ENTRIES:
            self.clear()
        pair = self[data] = (entry.key, entry.value)
        return pair


_decode_entry: Final = _EntryTable().__getitem__


class Words:
    """The words of one message, shared by all bags that use them."""

    __slots__ = ("_positions", "position", "words")

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self._positions = _GLOBAL_POSITIONS
        if not _GLOBAL_NAMES.isdisjoint(words):
            self._merge()
        self.position: Callable[[str], int | None] = self._positions.get
        """The index of a word; None for one that is only in the message's list, or nowhere."""

    def _merge(self) -> None:
        own = {word: ~slot for slot, word in enumerate(self.words)}
        self._positions = _GLOBAL_POSITIONS | own

    def rare_position(self, word: str) -> int | None:
        """The index of a word that `position` does not know; None for one that is nowhere."""
        if self._positions is _GLOBAL_POSITIONS:
            # Most messages name attributes by global words only, so the table of their own words
            # is made when somebody needs it.
            self._merge()
            self.position = self._positions.get
        return self._positions.get(word)


class CompressedBag(Bag):
    """A bag over one set of attributes of a Check or Report.

    Raises RequestError for times out of range.
    """

    __slots__ = ("_message", "_others", "_position", "_strings", "_times", "_words")

    def __init__(self, message: CompressedAttributes, words: Words) -> None:
        self.references = []
        self._generated = None
        self._message = message
        self._words = words
        self._position = words.position
        self._strings = dict(map(_decode_entry, message.strings))
        self._times = _decode_times(message)
        self._others: dict[int, Mapping[int, Value] | None] | None = None

    def _decode(self, name: str) -> Value | None:
        index = self._position(name)
        if index is None:
            index = self._words.rare_position(name)
            if index is None:
                return None
        word = self._strings.get(index)
        if word is None:
            return self._decode_other(index)
        try:
            return self._words.words[~word] if word < 0 else GLOBAL_WORDS[word]
        except IndexError:
            return None

    def _decode_other(self, index: int) -> Value | None:
        others = self._others
        if others is None:
            others = self._others = self._index_others()
        values = others.get(index, _NO_VALUES)
        return self._decode_map(index) if values is None else values.get(index)

    def _index_others(self) -> dict[int, Mapping[int, Value] | None]:
        message = self._message
        by_index: dict[int, Mapping[int, Value] | None] = {}
        # The last one to claim an index wins: the reverse of the order in which maps are searched.
        for values in (message.bytes, self._times, message.bools, message.doubles, message.int64s):
            for index in values:
                by_index[index] = values
        for index in message.string_maps:
            by_index[index] = None
        return by_index

    def _decode_map(self, index: int) -> dict[str, str] | None:
        own = self._words.words
        try:
            return {
                (own[~key] if key < 0 else GLOBAL_WORDS[key]): (
                    own[~value] if value < 0 else GLOBAL_WORDS[value]
                )
                for key, value in map(_decode_entry, self._message.string_maps[index].entries)
            }
        except IndexError:
            return None


_NO_VALUES: Final[Mapping[int, Value]] = {}


def _decode_times(message: CompressedAttributes) -> dict[int, Value]:
    times: dict[int, Value] = {}
    durations = message.durations
    for index in durations:
        duration = durations[index]
        seconds, nanos = duration.seconds, duration.nanos
        total = seconds * _NS_PER_S + nanos
        if abs(nanos) >= _NS_PER_S or seconds * nanos < 0 or total not in _INT64:
            raise RequestError(f"duration out of range: {seconds} s and {nanos} ns")
        times[index] = Duration(total)
    timestamps = message.timestamps
    for index in timestamps:
        timestamp = timestamps[index]
        seconds, nanos = timestamp.seconds, timestamp.nanos
        if not (0 <= nanos < _NS_PER_S and _MIN_TIMESTAMP_S <= seconds < _END_TIMESTAMP_S):
            raise RequestError(f"timestamp out of range: {seconds} s and {nanos} ns")
        times[index] = Timestamp(seconds * _NS_PER_S + nanos)
    return times


def decode_all(
    message: CompressedAttributes, words: Words, attributes: dict[str, Value]
) -> list[str]:
    """Decodes every attribute of a set into `attributes`; returns what is wrong with the set.

    A bad index counts as the empty word. A name that stands in two maps ends the decoding.
    """
    return _EagerDecoder(words, attributes).decode(message)


class _DuplicateError(Exception):
    pass


class _EagerDecoder:
    def __init__(self, words: Words, attributes: dict[str, Value]) -> None:
        self._own = words.words
        self._attributes = attributes
        self._seen: set[str] = set()
        self._errors: list[str] = []

    def decode(self, message: CompressedAttributes) -> list[str]:
        try:
            for index, word in map(_decode_entry, message.strings):
                self._put(index, self._word(word))
            for values in (message.int64s, message.doubles, message.bools):
                self._put_values(values)
            self._put_values(_decode_times(message))
            self._put_values(message.bytes)
            for index in message.string_maps:
                entries = map(_decode_entry, message.string_maps[index].entries)
                self._put(index, {self._word(key): self._word(word) for key, word in entries})
        except _DuplicateError as error:
            self._errors.append(str(error))
        return self._errors

    def _put_values(self, values: Mapping[int, Value]) -> None:
        for index in values:
            self._put(index, values[index])

    def _put(self, index: int, value: Value) -> None:
        name = self._word(index)
        if name in self._seen:
            raise _DuplicateError(f"duplicate attribute {name}")
        self._seen.add(name)
        self._attributes[name] = value

    def _word(self, index: int) -> str:
        try:
            return self._own[~index] if index < 0 else GLOBAL_WORDS[index]
        except IndexError:
            self._errors.append(
                f"attribute index {index} is not defined in the available dictionaries"
            )
            return ""
