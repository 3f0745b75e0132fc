"""What tests of single cases are made of."""

from tests.proxy_client.wasm.twin.filter_side import filter_side
from tests.proxy_client.wasm.twin.requests import Failure, Outcome, Request
from tests.proxy_client.wasm.twin.said import said
from tests.proxy_client.wasm.twin.settings import Rule, Settings
from tests.proxy_client.wasm.twin.twins import Twins

ONE = ((Rule(charges=(("RequestCount", 1),)),),)
"""Each request is charged one token."""
DOWN = Failure(14, "upstream connect error or disconnect/reset before headers")


def twins(settings: Settings = Settings()) -> Twins:  # noqa: B008 - it is immutable
    """The library and the filter."""
    return Twins(filter_side, settings)


def asking(path: str = "/a", *headers: tuple[str, str]) -> Request:
    """A request for a path."""
    pseudo = ((":method", "GET"), (":path", path), (":authority", "shop"), (":scheme", "http"))
    return Request(headers=pseudo + headers)


def is_hit(pair: Twins, request: Request) -> bool:
    """Whether a request needs no call; if it does, that is answered in a way that is not kept."""
    number = pair.arrive(request)
    was_hit = not pair.waiting
    while pair.waiting:
        pair.answer(said(uses=0))
    pair.end(number)
    return was_hit


def status(outcome: Outcome) -> int:
    """The HTTP status that the proxy gives, 200 if it gives none."""
    return 200 if outcome.state == "passed" else outcome.status
