"""The front door for istio.mixer.v1: what Istio's proxies, and `mixc`, speak.

Requests and answers are bytes here; the transport is elsewhere. How each failure is said on the
wire (istio 1.4 `mixer/pkg/api/grpcServer.go`):

===========================================  ============================
bytes that are no request, a time out of     INTERNAL
range, a client with more global words
a generator, an instance or an adapter of a  INTERNAL
Check fails
anything fails in a Report                   UNKNOWN
an adapter says no                           OK, `precondition.status`
===========================================  ============================
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from google.protobuf.message import DecodeError

from mixer.api.check_response import response
from mixer.api.service import Service, Unary
from mixer.api.throttle import Admit, admit_all
from mixer.attribute.bag import Bag
from mixer.attribute.compressed import CompressedBag, Words
from mixer.attribute.delta import delta_bags
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.dispatch.dispatcher import Dispatcher
from mixer.dispatch.verdict import QuotaRequest
from mixer.errors import RequestError
from mixer.status import Code
from protos.mixer.v1.lazy_pb2 import CheckRequest, ReportRequest
from protos.mixer.v1.mixer_pb2 import ReportRequest as Semantics

T = TypeVar("T")


def check(data: bytes, dispatcher: Dispatcher, admit: Admit = admit_all) -> bytes:
    """Answers one Check; raises RequestError, OverloadedError and DispatchError."""
    request = _parse(CheckRequest.FromString, data)
    admit(1)
    _check_dictionary(request.global_word_count)
    message = request.attributes
    bag = CompressedBag(message, Words(message.words[:]))
    verdict = dispatcher.check(bag, quota_requests(request), request.deduplication_id)
    return response(verdict, request.global_word_count)


def quota_requests(request: CheckRequest) -> list[QuotaRequest]:
    """The quotas that are asked for, in the order of their names."""
    asked = request.quotas
    quotas = []
    for name in sorted(asked) if asked else ():
        quota = asked[name]
        quotas.append(QuotaRequest(name, quota.amount, quota.best_effort))
    return quotas


def report(data: bytes, dispatcher: Dispatcher, admit: Admit = admit_all) -> bytes:
    """Answers one Report; raises RequestError, OverloadedError and DispatchError."""
    request = _parse(ReportRequest.FromString, data)
    admit(len(request.attributes))
    _check_dictionary(request.global_word_count)
    dispatcher.report(bags(request))
    return b""


def bags(request: ReportRequest) -> Iterator[Bag | RequestError]:
    """The bags of a Report; an error for each one that can't be read."""
    default_words = Words(request.default_words[:])
    sets = (
        (message, Words(message.words[:]) if message.words else default_words)
        for message in request.attributes
    )
    match request.repeated_attributes_semantics:
        case Semantics.INDEPENDENT_ENCODING:
            return (CompressedBag(message, words) for message, words in sets)
        case Semantics.DELTA_ENCODING:
            return delta_bags(sets)
    # An encoding that nobody knows: the original reports nothing, and says OK.
    return iter(())


def _parse(parse: Callable[[bytes], T], data: bytes) -> T:
    try:
        return parse(data)
    except DecodeError as error:
        raise RequestError(f"error unmarshalling request: {error}") from error


def _check_dictionary(global_word_count: int) -> None:
    if global_word_count > len(GLOBAL_WORDS):
        raise RequestError(
            "inconsistent global dictionary versions used: mixer knows "
            f"{len(GLOBAL_WORDS)} words, caller knows {global_word_count}"
        )


SERVICE: Final = Service(
    name="istio.mixer.v1.Mixer",
    methods=(
        Unary(name="Check", answer=check),
        Unary(name="Report", answer=report, on_failure=Code.UNKNOWN),
    ),
)
