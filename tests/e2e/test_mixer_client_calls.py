"""The calls that the filter `mixer_client` makes: how many, and what becomes of requests whose call
fails, is late, or is not waited for."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import grpc
import pytest

from mixer.adapter import CheckResult, Status
from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.part import address_of
from mixer.envoy.process import EnvoyOptions, EnvoyProcess
from tests.e2e.http_message import Connection, connect, request, send
from tests.e2e.many_requests import answers
from tests.e2e.mixer_client import (
    FAIL_OPEN,
    Counted,
    client_filter,
    configuration,
    guarded,
    guarded_by,
)
from tests.e2e.recording_mixer import RecordingMixer, serving
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy

POLICY = (
    handler("policy"),
    instance("path", "listentry", value="request.path"),
    rule("ask", ("policy", "path")),
)
UNCACHED = {"disableCheckCache": True}
SOON = {"timeout": "0.1s"}
NOWHERE = "127.0.0.1:1"


class SlowMixer(RecordingMixer):
    """Answers Checks only when it is told to."""

    def __init__(self):
        super().__init__()
        self.go_on = threading.Event()

    def check(self, asked, context):
        answer = super().check(asked, context)
        self.go_on.wait(SOON_S)
        return answer


@contextmanager
def slowly(config):
    """An Envoy that asks a slow Mixer; gives both."""
    mixer = SlowMixer()
    with serving(mixer) as address, guarded_by(address, config) as running:
        try:
            yield mixer, running
        finally:
            mixer.go_on.set()


def test_ten_thousand_requests_of_twenty_shapes_take_as_many_calls_as_predicted(tmp_path):
    uses, shapes, count = 99, 20, 10_000
    spy = Spy(
        answers={"policy.istio-system": CheckResult(valid_duration_s=600, valid_use_count=uses)}
    )
    config = configuration(None, {"disableReportCalls": True})
    with guarded(tmp_path, spy, POLICY, config) as running:
        requests = (request(f"/{number % shapes}") for number in range(count))
        statuses = {answer.status for answer in answers(running.address, requests)}
        counts = running.counts.all()
        assert running.counts.add_up()

    assert statuses == {200}
    # Each call is for the request that makes it, and so many more.
    assert counts["remote_check_calls"] == count // (uses + 1)
    assert counts["check_cache_hits"] == count - count // (uses + 1)


def test_each_worker_has_a_client_of_its_own(tmp_path):
    kept = CheckResult(valid_duration_s=600, valid_use_count=1000)
    spy = Spy(answers={"policy.istio-system": kept})
    with guarded(tmp_path, spy, POLICY, options=EnvoyOptions(concurrency=2)) as running:
        with ExitStack() as stack:
            connections = [stack.enter_context(Connection(running.address)) for _ in range(12)]
            for connection in connections:
                assert [connection.send("/a").status for _ in range(5)] == [200] * 5
        counts = running.counts.all()
        assert running.counts.add_up()

    assert counts["check_calls"] == 60
    assert counts["remote_check_calls"] == 2


def test_equal_requests_share_a_call():
    with slowly(configuration()) as (mixer, running), ThreadPoolExecutor(10) as pool:
        mixer.answer.precondition.valid_use_count = 100
        asked = [pool.submit(send, running.address, "/same") for _ in range(10)]
        running.counts.wait_for("check_calls", 10)
        mixer.go_on.set()
        assert {each.result().status for each in asked} == {200}
        counts = running.counts.all()
        assert running.counts.add_up()

    assert (counts["remote_check_calls"], counts["check_calls_shared"]) == (1, 9)
    assert len(mixer.checks) == 1


def test_those_who_wait_for_one_that_gives_up_ask_themselves():
    with slowly(configuration()) as (mixer, running), ThreadPoolExecutor(3) as pool:
        mixer.answer.precondition.valid_use_count = 100
        with connect(running.address) as leader:
            leader.sendall(request("/same"))
            running.counts.wait_for("remote_check_calls", 1)
            asked = [pool.submit(send, running.address, "/same") for _ in range(3)]
            running.counts.wait_for("check_calls", 4)
        running.counts.wait_for("remote_check_calls", 4)
        mixer.go_on.set()
        assert {each.result().status for each in asked} == {200}
        assert running.counts["remote_call_cancellations"] == 1


# F1
def test_answers_without_a_use_count_are_used_once():
    mixer = RecordingMixer()
    mixer.answer.precondition.valid_use_count = 0
    with serving(mixer) as address, guarded_by(address) as running:
        with Connection(running.address) as connection:
            assert {connection.send("/").status for _ in range(100)} == {200}
        assert running.counts["remote_check_calls"] == 100


@contextmanager
def hanging_up():
    """The address of a server that ends each connection at once."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(SOON_S)


# F2
def test_a_mixer_that_hangs_up_lets_nothing_pass():
    with hanging_up() as address, guarded_by(address, configuration(UNCACHED)) as running:
        assert {send(running.address).status for _ in range(10)} == {503}
        assert running.upstream.request_count == 0
        assert running.counts["remote_call_send_errors"] == 10
        assert running.counts.add_up()


# F3, F4
@pytest.mark.parametrize(("mode", "status"), [({}, 504), (FAIL_OPEN, 200)])
def test_a_mixer_that_takes_too_long(mode, status):
    with slowly(configuration({**SOON, **mode})) as (_, running):
        assert {send(running.address).status for _ in range(3)} == {status}
        assert running.counts["remote_call_timeouts"] == 3
        assert running.counts.add_up()


# F5
def test_reports_that_nobody_takes_delay_nothing():
    config = configuration({**SOON, "reportBatchMaxEntries": 1, "reportCluster": "deaf"})
    with ExitStack() as stack:
        deaf = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        clusters = [grpc_cluster("deaf", f"127.0.0.1:{deaf.getsockname()[1]}")]
        mixer = RecordingMixer()
        mixer.answer.precondition.valid_use_count = 100
        address = stack.enter_context(serving(mixer))
        running = stack.enter_context(guarded_by(address, config, clusters=clusters))
        asked = 1
        while send(running.address).status == 504:  # a Check, too, may be late on a busy machine
            asked += 1
        assert {send(running.address).status for _ in range(5)} == {200}
        running.counts.wait_for("remote_report_timeouts", asked + 5)
        assert running.counts["report_bags_lost"] == asked + 5
        assert running.counts.add_up()


# F6
def test_retries_find_a_mixer_that_lives(upstream):
    waits = {"baseRetryWait": "0.001s", "maxRetryWait": "0.010s"}
    policy = {"policy": "FAIL_CLOSE", "maxRetry": 10, **waits}
    mixer = RecordingMixer()
    mixer.answer.precondition.valid_use_count = 0
    with serving(mixer) as live:
        mixers = grpc_cluster("mixer", live)
        [group] = mixers["load_assignment"]["endpoints"]
        dead = {"endpoint": {"address": address_of(NOWHERE)}}
        group["lb_endpoints"] = [*group["lb_endpoints"], dead]
        listener = http_listener(
            [client_filter({"networkFailPolicy": policy})], [route("upstream")]
        )
        clusters = [mixers, cluster("upstream", upstream.address)]
        with EnvoyProcess(bootstrap([listener], clusters)) as envoy:
            counts = Counted(envoy)
            assert {send(envoy.addresses["http"]).status for _ in range(60)} == {200}
            assert counts.add_up()
            found = counts.all()

    assert found["remote_calls"] == found["remote_call_successes"] == 60
    assert found["remote_call_retries"] == found["remote_call_send_errors"] > 0


# F7
def test_a_call_ends_with_the_client_that_waits_for_it():
    with slowly(configuration()) as (_, running):
        for number in range(20):
            with connect(running.address) as connection:
                connection.sendall(request(f"/{number}"))
                running.counts.wait_for("remote_calls", number + 1)
        running.counts.wait_for("remote_call_cancellations", 20)


# F8
def test_a_client_that_gives_up_between_retries_cancels_nothing():
    waits = {"baseRetryWait": "60s", "maxRetryWait": "60s"}
    config = configuration({"networkFailPolicy": {"policy": "FAIL_CLOSE", "maxRetry": 1, **waits}})
    with guarded_by(NOWHERE, config) as running:
        for number in range(10):
            with connect(running.address) as connection:
                connection.sendall(request(f"/{number}"))
                running.counts.wait_for("remote_call_retries", number + 1)
        counts = running.counts.all()

    assert counts["remote_call_send_errors"] == 10
    assert counts.get("remote_call_cancellations", 0) == 0
    assert counts.get("remote_check_denies", 0) == 0


def grpc_echo():
    return grpc.method_handlers_generic_handler(
        "test.Echo", {"Echo": grpc.unary_unary_rpc_method_handler(lambda message, _: message)}
    )


@contextmanager
def grpc_guarded(folder, answer):
    """Calls the only method of a gRPC server behind the filter."""
    spy = Spy(answers={"policy.istio-system": answer})
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(2))
        server = grpc.server(pool, handlers=(grpc_echo(),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        stack.callback(lambda: server.stop(0).wait())
        routes = [route("grpc")]
        clusters = [grpc_cluster("grpc", f"127.0.0.1:{port}")]
        running = stack.enter_context(
            guarded(folder, spy, POLICY, routes=routes, clusters=clusters)
        )
        channel = stack.enter_context(grpc.insecure_channel(running.address))
        yield channel.unary_unary("/test.Echo/Echo")


def test_grpc_calls_pass(tmp_path):
    with grpc_guarded(tmp_path, CheckResult()) as call:
        assert [call(b"hello", timeout=SOON_S) for _ in range(2)] == [b"hello"] * 2


def test_a_denied_grpc_call_gets_the_status_of_the_policy(tmp_path):
    denial = CheckResult(
        status=Status(code=8, message="no"), valid_duration_s=600, valid_use_count=10
    )
    with grpc_guarded(tmp_path, denial) as call:
        for _ in range(2):  # the second from the cache
            with pytest.raises(grpc.RpcError) as raised:
                call(b"hello", timeout=SOON_S)
            assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
            assert raised.value.details() == "RESOURCE_EXHAUSTED:policy.istio-system:no"
