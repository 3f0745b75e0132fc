"""The wire form of attributes, decoded strictly; for sets that build on each other.

Unlike `CompressedBag`, this notices everything that is wrong with a set (istio 1.4 `protoBag.go`,
`UpdateBagFromProto`).
"""

from collections.abc import Iterator, Mapping

from mixer.attribute.compressed import Words, decode_times
from mixer.attribute.value import Value
from protos.mixer.v1.attributes_pb2 import CompressedAttributes, StringMap


def decode_all(
    message: CompressedAttributes, words: Words, attributes: dict[str, Value]
) -> list[str]:
    """Decodes every attribute of a set into `attributes`; returns what is wrong with the set.

    A bad index counts as the empty word. A name that stands in two maps ends the decoding. Raises
    RequestError for a time out of range.
    """
    decoder = _Decoder(words)
    seen: set[str] = set()
    for index, value in decoder.values(message):
        name = decoder.word(index)
        if name in seen:
            decoder.errors.append(f"duplicate attribute {name}")
            break
        seen.add(name)
        attributes[name] = value
    return decoder.errors


class _Decoder:
    def __init__(self, words: Words) -> None:
        self._words = words
        self.errors: list[str] = []

    def word(self, index: int) -> str:
        found = self._words.word(index)
        if found is None:
            self.errors.append(
                f"attribute index {index} is not defined in the available dictionaries"
            )
        return found or ""

    def values(self, message: CompressedAttributes) -> Iterator[tuple[int, Value]]:
        for index in message.strings:
            yield index, self.word(message.strings[index])
        plain: tuple[Mapping[int, Value], ...] = (
            message.int64s,
            message.doubles,
            message.bools,
            decode_times(message),
            message.bytes,
        )
        for values in plain:
            for index in values:
                yield index, values[index]
        for index in message.string_maps:
            yield index, self._map(message.string_maps[index])

    def _map(self, value: StringMap) -> dict[str, str]:
        entries = value.entries
        return {self.word(key): self.word(entries[key]) for key in entries}
