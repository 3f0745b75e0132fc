"""F1 to F5 and F7: what a client does when its Mixer does not do what it should."""

import socketserver
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import pytest

from mixer.status import Code
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReportRequest, ReportResponse
from proxy_client.client import MixerClient
from proxy_client.options import ClientOptions, FailMode
from proxy_client.verdict import Verdict
from tests.patience import SOON_S
from tests.proxy_client.fake_mixer import counted, hold_invariants

HERE = {"source.name": "here"}
MODES = [(FailMode.OPEN, Code.OK), (FailMode.CLOSED, None)]
"""Fail modes, and the code that they give; None for that of the failure."""


class Mixer:
    """Answers, or does not; says how many requests came."""

    def __init__(self):
        self.is_answering = True
        self.check_count = 0
        self.came = threading.Event()
        self.gone = threading.Event()

    def check(self, _, context):
        self.check_count += 1
        self._wait(context)
        return CheckResponse(precondition=CheckResponse.PreconditionResult())

    def report(self, _, context):
        self._wait(context)
        return ReportResponse()

    def _wait(self, context):
        """Answers at once, or when nobody waits for it any more."""
        self.came.set()
        if not self.is_answering:
            ended = threading.Event()
            if context.add_callback(ended.set):
                ended.wait(timeout=SOON_S)
            self.gone.set()


@contextmanager
def serving(mixer):
    """Its address."""
    handlers = {
        "Check": grpc.unary_unary_rpc_method_handler(
            mixer.check, CheckRequest.FromString, CheckResponse.SerializeToString
        ),
        "Report": grpc.unary_unary_rpc_method_handler(
            mixer.report, ReportRequest.FromString, ReportResponse.SerializeToString
        ),
    }
    with ThreadPoolExecutor(4) as pool:
        server = grpc.server(pool)
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("istio.mixer.v1.Mixer", handlers),)
        )
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        yield f"127.0.0.1:{port}"
        server.stop(0).wait()


@pytest.fixture
def mixer():
    return Mixer()


@pytest.fixture
def address(mixer):
    with serving(mixer) as address:
        yield address


class Closing(socketserver.BaseRequestHandler):
    def handle(self):
        """Closes the connection."""


@pytest.fixture
def closing_address():
    """A server that closes each connection."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Closing) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def code_of(wanted, failure):
    return failure if wanted is None else wanted


def test_f1_an_answer_without_a_use_count_is_never_used_again(mixer, address):
    with MixerClient(address) as client:
        assert [client.check(HERE) for _ in range(900)] == [Verdict()] * 900
        assert mixer.check_count == 900
        assert hold_invariants(client)


@pytest.mark.parametrize(("mode", "code"), MODES)
def test_f2_a_server_that_closes_connections(closing_address, mode, code):
    with MixerClient(closing_address, ClientOptions(check_fail_mode=mode)) as client:
        codes = {client.check(HERE).status.code for _ in range(20)}

        assert codes == {code_of(code, Code.UNAVAILABLE)}
        assert counted(client, "remote_call_send_errors") == {"remote_call_send_errors": 20}
        assert hold_invariants(client)


@pytest.mark.parametrize(("mode", "code"), MODES)
def test_f3_f4_a_server_that_answers_too_late(mixer, address, mode, code):
    mixer.is_answering = False
    options = ClientOptions(check_fail_mode=mode, timeout_s=0.05)
    with MixerClient(address, options) as client:
        codes = {client.check(HERE).status.code for _ in range(3)}

        assert codes == {code_of(code, Code.DEADLINE_EXCEEDED)}
        assert counted(client, "remote_call_timeouts") == {"remote_call_timeouts": 3}
        assert hold_invariants(client)


def test_f5_reports_that_are_never_answered_delay_nobody(mixer, address):
    mixer.is_answering = False
    options = ClientOptions(timeout_s=0.05, report_batch_entries=1)
    with MixerClient(address, options) as client:
        for _ in range(3):
            client.report(HERE)
        assert client.flush()

        assert counted(
            client, "remote_report_calls", "remote_report_timeouts", "report_bags_lost"
        ) == {"remote_report_calls": 3, "remote_report_timeouts": 3, "report_bags_lost": 3}


def test_f7_a_server_sees_that_a_call_was_cancelled(mixer, address):
    mixer.is_answering = False
    with MixerClient(address) as client:
        begun = client.begin_check(HERE)
        assert mixer.came.wait(timeout=SOON_S)

        assert begun.cancel()

        assert mixer.gone.wait(timeout=SOON_S)
        assert counted(client, "remote_call_cancellations") == {"remote_call_cancellations": 1}


def test_closing_ends_calls_that_are_under_way(mixer, address):
    mixer.is_answering = False
    client = MixerClient(address)
    begun = client.begin_check(HERE)
    assert mixer.came.wait(timeout=SOON_S)

    client.close()

    assert begun.result(timeout=SOON_S).status.code == Code.UNAVAILABLE
    assert hold_invariants(client)
