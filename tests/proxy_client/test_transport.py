import queue
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.rpc.status_pb2 import Status

from mixer.status import Code
from protos.mixer.v1.attributes_pb2 import CompressedAttributes
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReportRequest, ReportResponse
from proxy_client.transport import (
    ClosedError,
    DeadlineError,
    GrpcTransport,
    ProxyClientError,
    RefusedError,
    UnreachableError,
)
from tests.patience import SOON_S


def check(request, context):
    if request.deduplication_id == "wait for the deadline":
        ended = threading.Event()
        context.add_callback(ended.set)
        ended.wait(timeout=SOON_S)
    if request.global_word_count > 222:
        context.abort(grpc.StatusCode.INTERNAL, "inconsistent dictionaries")
    message = f"{len(request.attributes.words)} words"
    return CheckResponse(
        precondition=CheckResponse.PreconditionResult(status=Status(code=7, message=message))
    )


def report(request, context):
    if not request.attributes:
        context.abort(grpc.StatusCode.UNKNOWN, "nothing to report")
    return ReportResponse()


HANDLERS = grpc.method_handlers_generic_handler(
    "istio.mixer.v1.Mixer",
    {
        "Check": grpc.unary_unary_rpc_method_handler(
            check, CheckRequest.FromString, CheckResponse.SerializeToString
        ),
        "Report": grpc.unary_unary_rpc_method_handler(
            report, ReportRequest.FromString, ReportResponse.SerializeToString
        ),
    },
)


@pytest.fixture(scope="module", params=["tcp", "unix"])
def target(request, tmp_path_factory):
    with ThreadPoolExecutor(2) as pool:
        server = grpc.server(pool)
        server.add_generic_rpc_handlers((HANDLERS,))
        target = f"unix:{tmp_path_factory.mktemp('mixer')}/socket"
        if request.param == "unix":
            server.add_insecure_port(target)
        else:
            target = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        yield target
        server.stop(0).wait()


@pytest.fixture
def connect():
    """Makes transports, which are closed in the end."""
    made = []

    def connect(target):
        made.append(GrpcTransport(target))
        return made[-1]

    yield connect
    for transport in made:
        transport.close()


@pytest.fixture
def transport(connect, target):
    return connect(target)


def begin_check(transport, request, timeout_s=5):
    """A queue for the outcome, and what cancels the call."""
    outcomes = queue.Queue()
    return outcomes, transport.check(request, timeout_s, outcomes.put)


def outcome_of(transport, request, timeout_s=5):
    return begin_check(transport, request, timeout_s)[0].get(timeout=SOON_S)


def test_check_carries_the_request_and_brings_the_answer(transport):
    request = CheckRequest(attributes=CompressedAttributes(words=["a", "b"]))

    answer = outcome_of(transport, request)

    assert answer.precondition.status == Status(code=7, message="2 words")


def test_report_carries_the_request(transport):
    request = ReportRequest(attributes=[CompressedAttributes()])

    assert transport.report(request, 5) == ReportResponse()


def test_an_error_of_the_server_is_refused_and_names_its_code(transport):
    error = outcome_of(transport, CheckRequest(global_word_count=223))

    assert type(error) is RefusedError
    assert str(error) == "INTERNAL: inconsistent dictionaries"
    assert error.code is Code.INTERNAL

    with pytest.raises(RefusedError, match="UNKNOWN: nothing to report"):
        transport.report(ReportRequest(), 5)


def test_an_answer_that_comes_too_late_is_a_deadline_error(transport):
    request = CheckRequest(deduplication_id="wait for the deadline")

    error = outcome_of(transport, request, timeout_s=0.05)

    assert type(error) is DeadlineError
    assert error.code is Code.DEADLINE_EXCEEDED


def test_a_server_that_is_not_there_is_unreachable(connect, tmp_path):
    transport = connect(f"unix:{tmp_path}/nobody")

    error = outcome_of(transport, CheckRequest())

    assert type(error) is UnreachableError
    assert error.code is Code.UNAVAILABLE
    with pytest.raises(UnreachableError):
        transport.report(ReportRequest(), 5)


def test_a_call_that_is_cancelled_ends(transport):
    request = CheckRequest(deduplication_id="wait for the deadline")
    outcomes, cancel = begin_check(transport, request)

    cancel()

    error = outcomes.get(timeout=SOON_S)
    assert type(error) is UnreachableError
    assert error.code is Code.CANCELLED
    cancel()
    assert outcomes.empty()


def test_closing_ends_what_is_under_way_and_what_comes_later(transport):
    request = CheckRequest(deduplication_id="wait for the deadline")
    outcomes, _ = begin_check(transport, request)

    transport.close()

    assert type(outcomes.get(timeout=SOON_S)) is ClosedError
    later, cancel = begin_check(transport, request)
    assert type(later.get_nowait()) is ClosedError
    cancel()
    with pytest.raises(ClosedError):
        transport.report(ReportRequest(), 5)


def test_every_error_of_a_call_is_a_proxy_client_error():
    assert all(
        issubclass(kind, ProxyClientError)
        for kind in (ClosedError, UnreachableError, DeadlineError, RefusedError)
    )
