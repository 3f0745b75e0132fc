"""Attributes → the compressed form in which Check and Report carry them.

The other direction is `mixer.attribute.compressed`. A word of the global list is written as its
position there, any other word once into the message's own list: slot i is written as -(i + 1).
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from mixer.attribute.dictionary import GLOBAL_INDEX, GLOBAL_WORDS
from mixer.attribute.value import Duration, Timestamp, Value
from protos.mixer.v1.attributes_pb2 import CompressedAttributes

_NS_PER_S: Final = 1_000_000_000


class Indices(dict[str, int]):
    """The index of each word; a word that has none yet gets the next slot of the message."""

    def __init__(self, global_word_count: int = len(GLOBAL_WORDS)) -> None:
        """`global_word_count` says how many words of the global list may be used."""
        super().__init__(_known(global_word_count))
        self.global_word_count = len(self)
        """How many words of the global list are used; the request must name the same count."""

    def __missing__(self, word: str) -> int:
        index = self[word] = self.global_word_count - len(self) - 1
        return index

    def own_words(self) -> Iterable[str]:
        """The words that have slots of the message, in the order of slots."""
        return islice(self, self.global_word_count, None)


@lru_cache(maxsize=4)
def _known(global_word_count: int) -> dict[str, int]:
    return {word: GLOBAL_INDEX[word] for word in GLOBAL_WORDS[:global_word_count]}


_Put = Callable[[CompressedAttributes, int, Any, Indices], None]


def _put_int(message: CompressedAttributes, name: int, value: int, _: Indices) -> None:
    message.int64s[name] = value


def _put_double(message: CompressedAttributes, name: int, value: float, _: Indices) -> None:
    message.doubles[name] = value


def _put_bool(message: CompressedAttributes, name: int, value: bool, _: Indices) -> None:  # noqa: FBT001
    message.bools[name] = value


def _put_bytes(message: CompressedAttributes, name: int, value: bytes, _: Indices) -> None:
    message.bytes[name] = value


def _put_timestamp(message: CompressedAttributes, name: int, value: int, _: Indices) -> None:
    slot = message.timestamps[name]
    slot.seconds, slot.nanos = divmod(value, _NS_PER_S)


def _put_duration(message: CompressedAttributes, name: int, value: int, _: Indices) -> None:
    # Unlike a Timestamp's, a Duration's nanos carry the sign of the whole.
    seconds, nanos = divmod(abs(value), _NS_PER_S)
    sign = -1 if value < 0 else 1
    slot = message.durations[name]
    slot.seconds, slot.nanos = sign * seconds, sign * nanos


def _put_map(
    message: CompressedAttributes, name: int, value: Mapping[str, str], words: Indices
) -> None:
    entries = message.string_maps[name].entries
    for key, text in value.items():
        entries[words[key]] = words[text]


# By exact class, because a bool, a Timestamp and a Duration are ints too.
_PUT: Final[Mapping[type, _Put]] = {
    int: _put_int,
    float: _put_double,
    bool: _put_bool,
    bytes: _put_bytes,
    Timestamp: _put_timestamp,
    Duration: _put_duration,
    dict: _put_map,
}


def encode(
    attributes: Mapping[str, Value], global_word_count: int = len(GLOBAL_WORDS)
) -> CompressedAttributes:
    """The message that carries `attributes` to a server.

    `global_word_count` says how many words of the global list may be used; the request must name
    the same count. Raises TypeError for a value of no attribute type, and ValueError for an
    integer that has more than 64 bits and for a text that is no Unicode.
    """
    message = CompressedAttributes()
    words = Indices(global_word_count)
    encode_into(message, attributes, words)
    message.words.extend(words.own_words())
    return message


def encode_into(
    message: CompressedAttributes, attributes: Mapping[str, Value], words: Indices
) -> None:
    """Puts `attributes` into an empty message whose own words stand elsewhere.

    So several messages share one list: the `default_words` of a Report. Raises what `encode` does;
    a text that is no Unicode is only noticed when the words are written.
    """
    strings = message.strings
    for name, value in attributes.items():
        if value.__class__ is str:  # most are
            strings[words[name]] = words[value]
        else:
            put = _PUT.get(value.__class__) or _put_other(name, value)
            put(message, words[name], value, words)


def _put_other(name: str, value: object) -> _Put:
    if isinstance(value, Mapping):
        return _put_map
    if isinstance(value, int):  # an enum, such as `Code`
        return _put_int
    raise TypeError(f"attribute {name}: {type(value).__name__} is no attribute type")
