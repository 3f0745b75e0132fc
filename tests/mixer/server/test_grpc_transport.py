"""Listening, health, reflection, limits and the graceful stop."""

import socket
import threading

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from mixer.adapter import CheckResult, Status
from mixer.api.service import Service
from mixer.api.servicer import Backend
from mixer.api.throttle import Throttle
from mixer.server.grpc_transport import GrpcTransport
from mixer.server.options import ServerOptions
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of
from tests.integration.wire import CHECK, check_request, client_of, transport_of
from tests.patience import SOON_S

SERVICE = "istio.mixer.v1.Mixer"
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


def bare(address, **options):
    """A transport without any service of its own."""
    backend = Backend(runtime_of(Spy()), Throttle())
    service = Service(name=SERVICE, methods=())
    return GrpcTransport(ServerOptions(address=address, **options), [service], backend)


def health_of(channel, service):
    request = health_pb2.HealthCheckRequest(service=service)
    return health_pb2_grpc.HealthStub(channel).Check(request, timeout=SOON_S).status


@pytest.mark.parametrize("service", ["", SERVICE])
def test_it_is_healthy_once_it_was_started(tmp_path, service):
    transport = bare(f"unix:{tmp_path}/s")
    transport.start()
    with client_of(transport.address) as client:
        assert health_of(client.channel, service) == SERVING
        with pytest.raises(grpc.RpcError) as raised:
            health_of(client.channel, "other")
    transport.stop(0)
    assert raised.value.code() is grpc.StatusCode.NOT_FOUND


def test_it_says_that_it_stops_before_it_waits_for_the_last_requests(tmp_path):
    spy = Spy()
    entered, leave = threading.Event(), threading.Event()

    def block(_instance):
        entered.set()
        leave.wait(SOON_S)
        return CheckResult(status=Status(code=7, message="late"), valid_use_count=1)

    spy.answers["h.istio-system"] = block
    runtime = runtime_of(spy, handler("h"), instance("i"), rule("r", ("h", "i")))
    with (
        transport_of(runtime, tmp_path) as transport,
        client_of(transport.address) as client,
        client_of(transport.address) as watcher,
    ):
        stub = health_pb2_grpc.HealthStub(watcher.channel)
        states = stub.Watch(health_pb2.HealthCheckRequest(service=SERVICE), timeout=2 * SOON_S)
        assert next(states).status == SERVING
        request = client.channel.unary_unary(CHECK).future(check_request({}))
        assert entered.wait(SOON_S)

        stopping = threading.Thread(target=transport.stop, args=(2 * SOON_S,))
        stopping.start()
        assert next(states).status == NOT_SERVING
        assert stopping.is_alive()
        assert not request.done()
        states.cancel()
        leave.set()

        assert b"h.istio-system:late" in request.result(SOON_S)
        stopping.join(SOON_S)
        assert not stopping.is_alive()


def test_a_request_that_takes_longer_than_the_grace_is_cut_off(tmp_path):
    spy = Spy()
    entered, leave = threading.Event(), threading.Event()
    spy.answers["h.istio-system"] = lambda _: (entered.set(), leave.wait(SOON_S), CheckResult())[2]
    runtime = runtime_of(spy, handler("h"), instance("i"), rule("r", ("h", "i")))
    with (
        transport_of(runtime, tmp_path) as transport,
        client_of(transport.address) as client,
    ):
        request = client.channel.unary_unary(CHECK).future(check_request({}))
        assert entered.wait(SOON_S)
        transport.stop(0.05)
        status = request.code()
        leave.set()
    assert status in {grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE}


def test_after_the_stop_nobody_answers(tmp_path):
    transport = bare(f"unix:{tmp_path}/s")
    transport.start()
    transport.stop(0)
    with client_of(transport.address) as client:
        assert client.send(CHECK, b"")[0] == "UNAVAILABLE"


def workers():
    return {thread for thread in threading.enumerate() if thread.name.startswith("mixer-grpc")}


@pytest.mark.parametrize("is_started", [True, False])
def test_after_the_stop_its_threads_have_ended(tmp_path, is_started):
    before = workers()
    transport = bare(f"unix:{tmp_path}/s", worker_threads=2)
    if is_started:
        transport.start()
    own = workers() - before
    transport.stop(0)
    for thread in own:
        thread.join(0.5)
    assert [thread for thread in own if thread.is_alive()] == []


def test_without_an_address_it_leaves_no_threads():
    before = workers()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="can't listen on"):
            bare(f"127.0.0.1:{port}", worker_threads=2)
    for thread in workers() - before:
        thread.join(0.5)
    assert workers() <= before


def services_of(address):
    with client_of(address) as client:
        stub = reflection_pb2_grpc.ServerReflectionStub(client.channel)
        request = reflection_pb2.ServerReflectionRequest(list_services="")
        (answer,) = stub.ServerReflectionInfo(iter([request]), timeout=SOON_S)
        return {service.name for service in answer.list_services_response.service}


def test_reflection_can_be_switched_on(tmp_path):
    transport = bare(f"unix:{tmp_path}/s", reflection=True)
    transport.start()
    try:
        assert services_of(transport.address) == {
            SERVICE,
            "grpc.health.v1.Health",
            "grpc.reflection.v1alpha.ServerReflection",
        }
    finally:
        transport.stop(0)


def test_by_default_there_is_no_reflection(tmp_path):
    transport = bare(f"unix:{tmp_path}/s")
    transport.start()
    with pytest.raises(grpc.RpcError) as raised:
        services_of(transport.address)
    transport.stop(0)
    assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED


def test_port_0_takes_a_free_one_and_tells_it():
    first, second = bare("127.0.0.1:0"), bare("127.0.0.1:0")
    ports = {int(transport.address.removeprefix("127.0.0.1:")) for transport in (first, second)}
    for transport in (first, second):
        transport.stop(0)
    assert len(ports) == 2
    assert 0 not in ports


def test_an_address_in_use_is_an_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"^can't listen on 127.0.0.1:{port}: "):
            bare(f"127.0.0.1:{port}")


def test_two_servers_cannot_share_a_port():
    first = bare("127.0.0.1:0")
    first.start()
    with pytest.raises(OSError, match="can't listen on"):
        bare(first.address)
    first.stop(0)


@pytest.mark.parametrize("form", ["unix:{}", "unix://{}"])
def test_a_socket_left_behind_is_replaced(tmp_path, form):
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))

    transport = bare(form.format(path))
    transport.start()
    with client_of(transport.address) as client:
        assert health_of(client.channel, "") == SERVING
    transport.stop(0)


def test_a_socket_in_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(OSError, match="can't listen on"):
        bare(f"unix:{tmp_path}/missing/s")


@pytest.mark.parametrize(("limit", "size", "is_refused"), [(1000, 1000, False), (1000, 1001, True)])
def test_requests_above_the_limit_are_refused(tmp_path, limit, size, is_refused):
    padding = check_request({}, deduplication_id="x" * (size - 8))
    assert len(padding) == size
    with (
        transport_of(runtime_of(Spy()), tmp_path, max_message_bytes=limit) as transport,
        client_of(transport.address) as client,
    ):
        answer = client.send(CHECK, padding)
    assert (answer[0] == "RESOURCE_EXHAUSTED") is is_refused


def test_the_default_limit_is_a_mebibyte(tmp_path):
    with (
        transport_of(runtime_of(Spy()), tmp_path) as transport,
        client_of(transport.address) as client,
    ):
        below = client.send(CHECK, check_request({}, deduplication_id="x" * 1_048_000))
        above = client.send(CHECK, check_request({}, deduplication_id="x" * 1_048_600))
    assert isinstance(below, bytes)
    assert above[0] == "RESOURCE_EXHAUSTED"
