"""The requests that are measured: a web shop's front end asks for a cart.

Their sizes are those of a proxy of Istio 1.1 in a small mesh. A Check has 25 attributes: 15
strings, 2 int64, 1 bool, 2 timestamps, 2 addresses and maps of 2, 2 and 12 entries, over 21 words
of its own. A bag of a Report has 39; all bags of a Report share one list of words, in which each
further bag brings a path and a request id.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count, cycle, islice
from random import Random
from typing import Final

from mixer.attribute.compressed_encode import encode
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.value import Duration, Timestamp, Value
from protos.mixer.v1.attributes_pb2 import CompressedAttributes
from protos.mixer.v1.mixer_pb2 import CheckRequest, ReportRequest

QUOTA: Final = "requestcount"
"""The quota that a Check asks for."""
_TIME: Final = Timestamp.parse("2019-06-01T10:00:00.123456789Z")
_MS: Final = 1_000_000
_CODES: Final = (200, 200, 200, 200, 200, 200, 200, 200, 404, 500)
_DEDUPLICATION_ID_FIELD: Final = b"\x1a\x10"  # CheckRequest.deduplication_id = 3, of 16 bytes
_POOL_SIZE: Final = 20
_REPEATED: Final = range(60)
"""Fewer requests than a Report has, so that not every bag brings new words."""
_numbers: Final = count()


def check_attributes(number: int = 0) -> dict[str, Value]:
    """What a proxy knows of a request before it is answered; `number` tells one from another."""
    path = f"/carts/{number}"
    return {
        "source.ip": bytes([10, 8, 3, 21]),
        "source.port": 52817,
        "source.name": "frontend-v2-6c9",
        "source.uid": "kubernetes://frontend-v2-6c9.shop",
        "source.namespace": "shop",
        "source.principal": "cluster.local/ns/shop/sa/shop-frontend",
        "source.labels": {"app": "frontend", "version": "v2"},
        "destination.ip": bytes([10, 8, 1, 4]),
        "destination.port": 8080,
        "destination.uid": "kubernetes://cart-v1-5b7d8.shop",
        "destination.namespace": "shop",
        "destination.labels": {"app": "cart", "version": "v1"},
        "destination.service.host": "cart.shop.svc.cluster.local",
        "destination.service.name": "cart",
        "context.protocol": "http",
        "context.reporter.kind": "inbound",
        "context.time": _TIME,
        "connection.mtls": True,
        "request.headers": _request_headers(path, number),
        "request.host": "cart:8080",
        "request.method": "GET",
        "request.path": path,
        "request.scheme": "http",
        "request.time": _TIME,
        "request.useragent": "shop-frontend/2.11.3",
    }


def _request_headers(path: str, number: int) -> dict[str, str]:
    return {
        ":authority": "cart:8080",
        ":method": "GET",
        ":path": path,
        "accept": "*/*",
        "accept-encoding": "gzip, deflate",
        "end-user": "alice",
        "user-agent": "shop-frontend/2.11.3",
        "x-b3-sampled": "1",
        "x-b3-spanid": "5e3f1d2c4b6a7980",
        "x-b3-traceid": "9d2e4f6a8b1c3d5e",
        "x-forwarded-proto": "http",
        "x-request-id": f"7d1e5a90-3c42-4b8f-9a6d-{number:012d}",
    }


def report_attributes(number: int) -> dict[str, Value]:
    """What a proxy knows of a request after it has been answered."""
    return check_attributes(number) | {
        "source.workload.name": f"frontend-v{1 + number % 3}",
        "source.workload.namespace": "shop",
        "destination.workload.name": "cart-v1",
        "destination.workload.namespace": "shop",
        "check.cache_hit": True,
        "quota.cache_hit": False,
        "request.size": 0,
        "request.total_size": 410 + number % 7,
        "response.code": _CODES[number % len(_CODES)],
        "response.duration": Duration((12 + number) * _MS),
        "response.headers": {
            ":status": "200",
            "content-type": "application/json",
            "server": "envoy",
            "x-envoy-upstream-service-time": str(7 + number % 5),
        },
        "response.size": 500 + number,
        "response.time": Timestamp(_TIME + (12 + number) * _MS),
        "response.total_size": 790 + number,
    }


def check_request(*, with_quota: bool = False) -> bytes:
    """A Check; its deduplication id is always the same one."""
    request = CheckRequest(
        global_word_count=len(GLOBAL_WORDS),
        deduplication_id="d3b07384-d113-4ec6-a7e2-53f0c1a9b8461",
    )
    request.attributes.CopyFrom(encode(check_attributes()))
    if with_quota:
        request.quotas[QUOTA].amount = 1
        request.quotas[QUOTA].best_effort = True
    return request.SerializeToString()


def with_unique_ids(request: bytes, how_many: int) -> Iterator[bytes]:
    """The Check as many times, with a deduplication id that no other call of this process has.

    A field that stands in a message twice counts as it stands there last.
    """
    head = request + _DEDUPLICATION_ID_FIELD
    return (head + b"%016d" % next(_numbers) for _ in range(how_many))


def report_request(bag_count: int) -> bytes:
    """A Report of so many requests."""
    return _report(range(bag_count))


def varied_reports(bag_count: int, how_many: int) -> Iterator[bytes]:
    """Reports of so many requests, of a pool in which the words stand elsewhere each time."""
    return islice(cycle(_pool(bag_count)), how_many)


@cache
def _pool(bag_count: int) -> tuple[bytes, ...]:
    numbers = Random(0)  # noqa: S311 - always the same
    return tuple(_report(numbers.choices(_REPEATED, k=bag_count)) for _ in range(_POOL_SIZE))


def _report(numbers: Iterable[int]) -> bytes:
    words: dict[str, int] = {}
    bags = [_shared(encode(report_attributes(number)), words) for number in numbers]
    return ReportRequest(
        attributes=bags,
        default_words=words,
        global_word_count=len(GLOBAL_WORDS),
        repeated_attributes_semantics=ReportRequest.INDEPENDENT_ENCODING,
    ).SerializeToString()


def _shared(message: CompressedAttributes, words: dict[str, int]) -> CompressedAttributes:
    """Moves the message's words to the slots of `words`."""
    moves = {~slot: ~words.setdefault(word, len(words)) for slot, word in enumerate(message.words)}
    del message.words[:]
    for entries in (message.strings, *(m.entries for m in message.string_maps.values())):
        moved = {moves.get(key, key): moves.get(word, word) for key, word in entries.items()}
        entries.clear()
        entries.update(moved)
    return message
