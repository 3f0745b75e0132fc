"""The wire form of attributes, decoded when they are read: the strings together, all others singly.

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

from collections.abc import Mapping
from typing import Final

from mixer.attribute.bag import Bag, StringMap
from mixer.attribute.dictionary import GLOBAL_INDEX, GLOBAL_WORDS
from mixer.attribute.shape import MAP_SHAPES, STRINGS_SHAPES, Pairs, StringsShape
from mixer.attribute.value import Duration, Timestamp, Value
from mixer.errors import RequestError
from protos.mixer.v1.attributes_pb2 import CompressedAttributes as CanonicalAttributes
from protos.mixer.v1.lazy_pb2 import CompressedAttributes

_GLOBAL_NAMES: Final = frozenset(GLOBAL_WORDS)
_GLOBAL_POSITIONS: Final = dict(GLOBAL_INDEX)
_NS_PER_S: Final = 1_000_000_000
_MIN_TIMESTAMP_S: Final = -62_135_596_800
_END_TIMESTAMP_S: Final = 253_402_300_800
_END_INT64: Final = 1 << 63


class Words:
    """The words of one message, shared by all bags that use them."""

    __slots__ = ("_positions", "is_plain", "words")

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.is_plain = _GLOBAL_NAMES.isdisjoint(words)
        """Whether no global word stands among them, as no client of today sends it."""
        self._positions: dict[str, int] | None = None

    def word(self, index: int) -> str | None:
        """The word of that index; None for one that points nowhere."""
        try:
            return self.words[~index] if index < 0 else GLOBAL_WORDS[index]
        except IndexError:
            return None

    def position(self, word: str) -> int | None:
        """The index by which an attribute of that name is found; None for one in no list."""
        if self.is_plain:
            index = _GLOBAL_POSITIONS.get(word)
            if index is not None or not self.words:
                return index
        if self._positions is None:
            own = {word: ~slot for slot, word in enumerate(self.words)}
            self._positions = _GLOBAL_POSITIONS | own
        return self._positions.get(word)


class CompressedBag(Bag):
    """A bag over one set of attributes of a Check or Report.

    Raises RequestError for what is no set of attributes, and for times out of range.
    """

    __slots__ = ("_maps", "_message", "_others", "_times", "_words")

    def __init__(self, message: CompressedAttributes, words: Words) -> None:
        super().__init__()
        self._message = message
        self._words = words
        shape = STRINGS_SHAPES[tuple(message.strings)]
        pairs = shape.pairs
        if pairs is not None and words.is_plain and pairs.least_words <= len(words.words):
            pairs.put_into(self, words.words)
        else:
            self.update(_find_strings(shape, words))
        raw_maps = message.string_maps
        self._maps = {index: MAP_SHAPES[raw_maps[index]] for index in raw_maps}
        self._times = decode_times(message)
        self._others: dict[int, Mapping[int, Value]] | None = None

    # In place of `_decode`, which would be a second call for each attribute.
    def __missing__(self, name: str) -> Value | StringMap | None:
        value: Value | StringMap | None = None
        index = self._words.position(name)
        if index is not None:
            if index in self._maps:
                pairs = self._maps[index]
                own_words = self._words.words
                if pairs is not None and pairs.least_words <= len(own_words):
                    value = _CompressedMap(name, pairs, own_words)
            else:
                others = self._others
                if others is None:
                    others = self._others = self._index_others()
                if index in others:
                    value = others[index][index]
        self[name] = value
        return value

    def _index_others(self) -> dict[int, Mapping[int, Value]]:
        message = self._message
        by_index: dict[int, Mapping[int, Value]] = {}
        # The last one to claim an index wins: the reverse of the order in which maps are searched.
        for values in (message.bytes, self._times, message.bools, message.doubles, message.int64s):
            for index in values:
                by_index[index] = values
        return by_index


class _CompressedMap(StringMap):
    """A map attribute of which single entries are found without decoding all."""

    __slots__ = ("_entries", "_pairs", "_words")

    def __init__(self, name: str, pairs: Pairs, words: list[str]) -> None:
        self.name = name
        self._pairs = pairs
        self._words = words
        self._entries: dict[str, str] | None = None

    def find(self, key: str) -> str | None:
        return self._pairs.find(key, self._words)

    @property
    def entries(self) -> Mapping[str, str]:
        if self._entries is None:
            self._entries = {}
            self._pairs.put_into(self._entries, self._words)
        return self._entries


def _find_strings(shape: StringsShape, words: Words) -> dict[str, str | None]:
    """The strings by name, one by one: some name or value is hidden, or points nowhere."""
    found: dict[str, str | None] = {}
    for position, index in shape.indices.items():
        name = words.word(position)
        if name is not None and words.position(name) == position:
            found[name] = words.word(index)
    return found


def decode_times(message: CompressedAttributes | CanonicalAttributes) -> dict[int, Value]:
    """The timestamps and durations of a message by index; raises RequestError."""
    times: dict[int, Value] = {}
    durations = message.durations
    for index in durations:
        duration = durations[index]
        seconds, nanos = duration.seconds, duration.nanos
        total = seconds * _NS_PER_S + nanos
        if abs(nanos) >= _NS_PER_S or seconds * nanos < 0 or not -_END_INT64 <= total < _END_INT64:
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
