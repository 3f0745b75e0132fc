"""The wire form of attributes, decoded at once; only maps are decoded when they are read.

Each attribute by itself, when it is read, would be less work in sum; but what is absent can only be
told from the whole, and a call of Python for each read costs more than a loop over all.

How a name is found (istio 1.4 `mixer/pkg/attribute/protoBag.go`):

1. The name's index: the message's own words first (of a word that stands there twice, the last),
   then the global list. A name in neither is absent.
2. The first map that has the index, in the order strings, string maps, int64s, doubles, bools,
   timestamps, durations, bytes. So a name keyed by its global index is absent in a message whose
   own words hold it too.
3. An index of a string, or of any key or value of a string map, that points nowhere makes that
   attribute absent.

Times out of range make the whole message undecodable, because the original's decoder refused them.
"""

from collections.abc import Mapping
from typing import Final

from mixer.attribute.bag import Bag, StringMap
from mixer.attribute.dictionary import GLOBAL_INDEX, GLOBAL_WORDS
from mixer.attribute.shape import MAP_SHAPES, STRING_ENTRIES, Pairs, string_indices
from mixer.attribute.value import Duration, Timestamp, Value
from mixer.errors import RequestError
from protos.mixer.v1.attributes_pb2 import CompressedAttributes as CanonicalAttributes
from protos.mixer.v1.lazy_pb2 import CompressedAttributes

_GLOBAL_NAMES: Final = frozenset(GLOBAL_WORDS)
_GLOBAL_POSITIONS: Final = dict(GLOBAL_INDEX)
_NAMES: Final = {index: word for word, index in GLOBAL_INDEX.items()}
_NOTHING: Final[dict[str, None]] = {}
_NS_PER_S: Final = 1_000_000_000
_MIN_TIMESTAMP_S: Final = -62_135_596_800
_END_TIMESTAMP_S: Final = 253_402_300_800
_END_INT64: Final = 1 << 63


class Words:
    """The words of one message, shared by all bags that use them."""

    __slots__ = ("_positions", "is_plain", "names", "words")

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.is_plain = _GLOBAL_NAMES.isdisjoint(words)
        """Whether no global word stands among them, as no client of today sends it."""
        self.names: Mapping[int, str] = _NAMES if self.is_plain else {}
        """What `name` gives, for indices of which that is known already."""
        self._positions: dict[str, int] | None = None

    def word(self, index: int) -> str | None:
        """The word of that index; None for one that points nowhere."""
        try:
            return self.words[~index] if index < 0 else GLOBAL_WORDS[index]
        except IndexError:
            return None

    def name(self, index: int) -> str | None:
        """The name that is found by that index; None for one that points nowhere, or is hidden."""
        if self._positions is None:
            own = {word: ~slot for slot, word in enumerate(self.words)}
            self._positions = _GLOBAL_POSITIONS | own
        word = self.word(index)
        return word if word is not None and self._positions[word] == index else None


class CompressedBag(Bag):
    """A bag over one set of attributes of a Check or Report.

    Raises RequestError for what is no set of attributes, and for times out of range.
    """

    __slots__ = ()

    def __init__(self, message: CompressedAttributes, words: Words) -> None:
        Bag.__init__(self)
        # What is found first comes last, so that it replaces the others.
        self._add_plain(message, words)
        self._add_maps(message, words)
        self._add_strings(message, words)

    # What is not there is absent. A function of Python would take five times as long to say so, and
    # much of what policies read is absent.
    __missing__ = staticmethod(_NOTHING.get)  # type: ignore[assignment]  # is called in the same way

    def _add_plain(self, message: CompressedAttributes, words: Words) -> None:
        names, times = words.names, decode_times(message)
        for values in (message.bytes, times, message.bools, message.doubles, message.int64s):
            for index in values:
                name = names.get(index) or words.name(index)
                if name is not None:
                    self[name] = values[index]

    def _add_maps(self, message: CompressedAttributes, words: Words) -> None:
        names, own_words, raw_maps = words.names, words.words, message.string_maps
        for index in raw_maps:
            pairs = MAP_SHAPES[raw_maps[index]]
            name = names.get(index) or words.name(index)
            if name is None:
                continue
            if pairs is None or pairs.least_words > len(own_words):
                self[name] = None
            else:
                self[name] = _CompressedMap(name, pairs, own_words)

    def _add_strings(self, message: CompressedAttributes, words: Words) -> None:
        entries, own_words = message.strings[:], words.words
        if not words.is_plain:
            self.update(_find_strings(entries, words))
            return
        try:
            for entry in entries:
                name, slot, constant = STRING_ENTRIES[entry]
                self[name] = own_words[slot] if constant is None else constant
        except IndexError:
            self.update(_find_strings(entries, words))


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
            self._entries = self._pairs.entries(self._words)
        return self._entries


def _find_strings(entries: list[bytes], words: Words) -> dict[str, str | None]:
    """The strings by name, where some name or value is hidden, or points nowhere."""
    found: dict[str, str | None] = {}
    indices = string_indices(entries)
    for position in indices:
        name = words.name(position)
        if name is not None:
            found[name] = words.word(indices[position])
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
