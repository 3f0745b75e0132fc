"""The bags of a Report whose sets build on each other (DELTA_ENCODING).

The first set is decoded as in a Check. Each later set is decoded by stricter rules and laid over
what the sets before it said: names that it has replace older values, maps as a whole; nothing can
be taken away. A later set with a bad index, or with a name in two maps, gives an error in place of
a bag, but what could be read of it stays (istio 1.4 `protoBag.go`, `UpdateBagFromProto`).
"""

from collections.abc import Iterable, Iterator, Mapping

from google.protobuf.message import DecodeError

from mixer.attribute.bag import Bag, StringMap, as_attribute
from mixer.attribute.compressed import CompressedBag, Words
from mixer.attribute.eager import decode_all
from mixer.attribute.value import Value
from mixer.errors import RequestError
from protos.mixer.v1.attributes_pb2 import CompressedAttributes as CanonicalAttributes
from protos.mixer.v1.lazy_pb2 import CompressedAttributes


class _DeltaBag(Bag):
    __slots__ = ("_first",)

    def __init__(self, first: CompressedBag, later: Mapping[str, Value]) -> None:
        super().__init__()
        self._first = first
        for name, value in later.items():
            self[name] = as_attribute(name, value)

    def _decode(self, name: str) -> Value | StringMap | None:
        return self._first[name]


def delta_bags(
    sets: Iterable[tuple[CompressedAttributes, Words]],
) -> Iterator[Bag | RequestError]:
    """The bags of the sets. Each bag is good until the next one is asked for."""
    later: dict[str, Value] = {}
    first: CompressedBag | None = None
    for message, words in sets:
        if first is None:
            first = CompressedBag(message, words)
            yield first
            continue
        errors = decode_all(_canonical(message), words, later)
        if errors:
            text = "; ".join(errors)
            yield RequestError(f"request could not be processed due to invalid attributes: {text}")
        else:
            yield _DeltaBag(first, later)


def _canonical(message: CompressedAttributes) -> CanonicalAttributes:
    try:
        return CanonicalAttributes.FromString(message.SerializeToString())
    except DecodeError as error:
        raise RequestError(f"error unmarshalling attributes: {error}") from error
