"""Calls that a filter makes, and the ticks: a request waits, and goes on or is answered."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import pytest

from mixer.envoy.bootstrap import cluster, grpc_cluster
from tests.e2e.http_message import connect, request
from tests.e2e.probe import probed

pytestmark = pytest.mark.envoy


class Echo(grpc.GenericRpcHandler):
    """Answers with the message and one piece of metadata."""

    def service(self, details):
        if details.method != "/probe.Echo/Echo":
            return None
        said = dict(details.invocation_metadata).get("x-meta", "none")
        return grpc.unary_unary_rpc_method_handler(
            lambda message, _: b"%s with %s" % (message, said.encode())
        )


class Refuse(grpc.GenericRpcHandler):
    def service(self, _):
        def refuse(_, context):
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too much")

        return grpc.unary_unary_rpc_method_handler(refuse)


@contextmanager
def serving(handler):
    server = grpc.server(ThreadPoolExecutor(2), handlers=(handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()


@pytest.fixture(scope="module")
def probe():
    nobody = "127.0.0.1:1"
    with serving(Echo()) as echo, serving(Refuse()) as refuse:
        clusters = [
            grpc_cluster("echo", echo),
            grpc_cluster("refuse", refuse),
            grpc_cluster("down", nobody),
            cluster("http-down", nobody),
            # Its name is protobuf of a sort, and it has no endpoint.
            {"name": "empty", "type": "STATIC", "connect_timeout": "1s"},
        ]
        with probed("tick", clusters=clusters) as running:
            yield running


def test_a_request_waits_for_the_answer_to_a_grpc_call(probe):
    assert probe.ask("grpc echo").received("x-said") == ["asked with data"]


def test_a_body_waits_with_its_headers(probe):
    answer = probe.ask("grpc echo", method="POST", body=b"x" * 300_000)
    assert answer.received("x-said") == ["asked with data"]
    assert answer.echo["body_size"] == 300_000


def test_a_status_of_the_server_comes_with_its_message(probe):
    # Envoy adds where the status came from.
    assert probe.body("grpc refuse") == b"8 too much{via_upstream}"


def test_a_server_that_is_down_is_unavailable(probe):
    assert probe.body("grpc down").startswith(b"14 ")


def test_a_cluster_without_an_endpoint_and_one_that_does_not_exist_are_no_calls(probe):
    assert probe.body("grpc empty") == b"not sent"
    assert probe.body("grpc nosuch") == b"not sent"


def test_a_root_makes_a_call_for_a_stream(probe):
    assert probe.ask("root-grpc echo").received("x-said") == ["for many with none"]


def test_an_http_call(probe):
    status, _, echo = probe.body("http upstream").partition(b" ")
    assert status == b"200"
    assert b'"method": "POST", "path": "/called"' in echo
    assert b'"body_size": 3' in echo


def test_an_http_call_to_a_server_that_is_down_is_answered_by_envoy(probe):
    assert probe.body("http http-down").startswith(b"503 ")


def test_an_http_call_to_a_cluster_that_does_not_exist_is_no_call(probe):
    assert probe.body("http nosuch") == b"not sent"


def test_a_stream_waits_for_a_tick(probe):
    assert probe.ask("wait").received("x-said") == ["tick"]


def test_the_answer_for_a_stream_that_has_ended_is_dropped():
    with serving(Echo()) as echo, probed(clusters=[grpc_cluster("echo", echo)]) as running:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: give_up(running.address), range(40)))
        assert running.ask("grpc echo").received("x-said") == ["asked with data"]


def give_up(address):
    """Asks for a call and does not wait for anything."""
    with connect(address) as connection:
        connection.sendall(request("/", [("x-do", "grpc echo")]))
