"""What a twin test asks of both sides: the library, and the filter in its host."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from mixer.attribute.compressed import Words
from mixer.attribute.eager import decode_all
from mixer.attribute.value import Value
from protos.mixer.v1.attributes_pb2 import CompressedAttributes
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReportRequest
from tests.proxy_client.wasm.twin.requests import Failure, Outcome, Request, Response

ReportFailure = Callable[[int], Failure | None]
"""What becomes of the Report of that number, from 0."""


class SentCheck(NamedTuple):
    """What a Check said."""

    attributes: dict[str, Value]
    quotas: dict[str, tuple[int, bool]]
    """Amount, and whether less is welcome, by name."""
    deduplication_id: str
    global_word_count: int


class SentReport(NamedTuple):
    """What a Report said."""

    bags: list[dict[str, Value]]
    global_word_count: int


class Side(Protocol):
    """A proxy with a client of Mixer; requests have numbers of the test's."""

    def arrive(self, number: int, request: Request) -> None:
        """A request comes."""

    def give_up(self, number: int) -> None:
        """Its client goes away; the request is over, and reported with `Response(code=0)`."""

    def end(self, number: int, response: Response) -> None:
        """It is over."""

    def answered_early(self, request: Request, response: Response) -> None:
        """Another filter has answered a request that this one never saw."""

    def outcome(self, number: int) -> Outcome:
        """What was done with a request, which may be over."""

    def waiting(self) -> int:
        """How many Checks wait for an answer."""

    def answer(self, place: int, answer: CheckResponse | Failure) -> None:
        """Answers one of the Checks that wait; they are in the order in which they were sent."""

    def advance(self, seconds: float) -> None:
        """Lets time pass."""

    def shut_down(self) -> None:
        """Ends: what waits is sent."""

    def sent(self) -> list[SentCheck]:
        """All Checks that were sent, retries too, in order."""

    def reports(self) -> list[SentReport]:
        """All Reports that were sent, in order."""

    def counters(self) -> dict[str, int]:
        """By the names of `proxy_client.statistics`."""


def decoded_check(request: CheckRequest) -> SentCheck:
    """What a request says; raises ValueError for what a server would refuse."""
    quotas = {name: (asked.amount, asked.best_effort) for name, asked in request.quotas.items()}
    return SentCheck(
        _decoded(request.attributes, list(request.attributes.words)),
        quotas,
        request.deduplication_id,
        request.global_word_count,
    )


def decoded_report(request: ReportRequest) -> SentReport:
    """What a request says; raises ValueError for what a server would refuse."""
    if request.repeated_attributes_semantics != ReportRequest.INDEPENDENT_ENCODING:
        raise ValueError("the bags must not depend on each other")
    words = list(request.default_words)
    bags = [_decoded(message, list(message.words) or words) for message in request.attributes]
    return SentReport(bags, request.global_word_count)


def _decoded(message: CompressedAttributes, words: list[str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    errors = decode_all(message, Words(words), found)
    if errors:
        raise ValueError("; ".join(errors))
    return found
