import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.rpc.status_pb2 import Status

from mixer.status import Code
from protos.mixer.v1.attributes_pb2 import CompressedAttributes
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReportRequest, ReportResponse
from proxy_client.transport import (
    DeadlineError,
    MixerTransport,
    ProxyClientError,
    RefusedError,
    UnreachableError,
)


def check(request, context):
    if request.deduplication_id == "wait for the deadline":
        ended = threading.Event()
        context.add_callback(ended.set)
        ended.wait(timeout=5)
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
def transport(target):
    with MixerTransport(target, timeout_s=5) as transport:
        yield transport


def test_check_carries_the_request_and_brings_the_answer(transport):
    answer = transport.check(CheckRequest(attributes=CompressedAttributes(words=["a", "b"])))

    assert answer.precondition.status == Status(code=7, message="2 words")


def test_report_carries_the_request(transport):
    request = ReportRequest(attributes=[CompressedAttributes()])

    assert transport.report(request) == ReportResponse()


def test_an_error_of_the_server_is_refused_and_names_its_code(transport):
    with pytest.raises(RefusedError) as raised:
        transport.check(CheckRequest(global_word_count=223))

    assert str(raised.value) == "INTERNAL: inconsistent dictionaries"
    assert raised.value.code is Code.INTERNAL

    with pytest.raises(RefusedError, match="UNKNOWN: nothing to report"):
        transport.report(ReportRequest())


def test_an_answer_that_comes_too_late_is_a_deadline_error(target):
    with (
        MixerTransport(target, timeout_s=0.05) as transport,
        pytest.raises(DeadlineError, match="DEADLINE_EXCEEDED"),
    ):
        transport.check(CheckRequest(deduplication_id="wait for the deadline"))


def test_a_server_that_is_not_there_is_unreachable(tmp_path):
    with (
        MixerTransport(f"unix:{tmp_path}/nobody", timeout_s=5) as transport,
        pytest.raises(UnreachableError, match="UNAVAILABLE"),
    ):
        transport.check(CheckRequest())


def test_every_error_of_a_call_is_a_proxy_client_error():
    assert all(
        issubclass(kind, ProxyClientError)
        for kind in (UnreachableError, DeadlineError, RefusedError)
    )
