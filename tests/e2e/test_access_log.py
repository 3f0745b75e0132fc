"""A real Envoy's access logs, from its requests and connections to what a handler is told."""

import json
import socket
import threading
from collections import Counter

import pytest

from mixer.envoy.bootstrap import (
    FREE_ADDRESS,
    bootstrap,
    cluster,
    grpc_cluster,
    http_listener,
    route,
    tcp_listener,
)
from mixer.envoy.filters import http_access_log, tcp_access_log
from tests.e2e.access_log import COMMON, NODE, logging_http, reporting, until
from tests.e2e.http_message import Connection, connect, send
from tests.e2e.tcp_echo import tcp_echo
from tests.integration.documents import handler, instance, rule

pytestmark = pytest.mark.envoy
REQUEST_COUNT = 5_000
NOWHERE = "127.0.0.1:1"
WRITTEN = "access_logs.grpc_access_log.logs_written"
DROPPED = "access_logs.grpc_access_log.logs_dropped"


@pytest.mark.parametrize("kind", ["tcp", "unix"])
def test_every_request_is_reported_once(kind, start_mixer, start_envoy, upstream, tmp_path):
    log = tmp_path / "access.log"
    mixer = start_mixer(
        handler("file", "stdio", logStream="FILE", outputPath=str(log), outputAsJson=True),
        instance("line", "logentry", variables={"path": "request.path"}),
        rule("all", ("file", "line")),
        address=FREE_ADDRESS if kind == "tcp" else f"unix:{tmp_path}/mixer.sock",
    )
    envoy = start_envoy(logging_http(upstream.address, grpc_cluster("mixer", mixer.address)))

    with Connection(envoy.addresses["http"]) as client:
        for number in range(REQUEST_COUNT):
            client.send(f"/{number}")
    # Envoy does not send what is left when it ends, so whoever ends it waits for the last flush.
    until(lambda: log.read_bytes().count(b"\n") >= REQUEST_COUNT)

    paths = Counter(json.loads(line)["path"] for line in log.read_text().splitlines())
    assert paths == Counter(f"/{number}" for number in range(REQUEST_COUNT))
    assert envoy.stats("grpc_access_log.logs") == {WRITTEN: REQUEST_COUNT, DROPPED: 0}


def test_an_entry_says_what_was_asked_and_who_says_so(start_envoy, upstream, tmp_path):
    expressions = {
        "log": "access_log.name",
        "node": "context.reporter.uid",
        "cluster": "xds.node.cluster",
        "zone": "xds.node.locality.zone",
        "namespace": 'xds.node.metadata["NAMESPACE"]',
        "app": 'xds.node.metadata["LABELS/app"]',
        "protocol": "context.protocol",
        "method": "request.method",
        "path": "request.path",
        "header": 'request.headers["x-test"]',
        "code": "response.code",
        "why": "response.code_details",
        "flags": "context.proxy_error_code",
        "upstream": "xds.cluster_name",
    }
    with reporting(tmp_path, **expressions) as (mixer, reports):
        logged = ["x-test", ":method"]
        envoy = start_envoy(
            logging_http(
                upstream.address,
                grpc_cluster("mixer", mixer),
                additional_request_headers_to_log=logged,
            )
        )
        send(envoy.addresses["http"], "/a?b=c", [("x-test", b"caf\xe9")], method="PROPFIND")
        until(lambda: reports.told)

    assert reports.told == [
        {
            "log": "http",
            "node": "sidecar~books-v1.back",
            "cluster": "books.back",
            "zone": "eu-1",
            "namespace": "back",
            "app": "books",
            "protocol": "http",
            "method": "PROPFIND",
            "path": "/a?b=c",
            # Envoy puts a mark for what is no UTF-8; no message could be read otherwise.
            "header": "caf!",
            "code": 200,
            "why": "via_upstream",
            "flags": "-",
            "upstream": "upstream",
        }
    ]


def test_a_path_is_reported_as_the_client_wrote_it(start_envoy, upstream, tmp_path):
    with reporting(tmp_path, asked="request.path", passed_on="upstream.path") as (mixer, reports):
        rewriting = route("upstream", "/old", prefix_rewrite="/new")
        cluster = grpc_cluster("mixer", mixer)
        envoy = start_envoy(logging_http(upstream.address, cluster, rewriting))
        send(envoy.addresses["http"], "/old/1")
        until(lambda: reports.told)

    assert reports.told == [{"asked": "/old/1", "passed_on": "/new/1"}]


FAILURE = {"flags": "context.proxy_error_code", "code": "response.code"}


def test_response_flags_say_why_envoy_answered_itself(start_envoy, tmp_path):
    with reporting(tmp_path, **FAILURE) as (mixer, reports):
        refused = route("upstream", "/refused")
        chosen = {"match": {"prefix": "/chosen"}, "route": {"cluster_header": "x-cluster"}}
        config = logging_http(NOWHERE, grpc_cluster("mixer", mixer), refused, chosen)
        envoy = start_envoy(config)
        for path in ("/refused", "/chosen", "/unknown"):
            send(envoy.addresses["http"], path, [("x-cluster", "none")])
        until(lambda: len(reports.told) == 3)

    assert reports.told == [
        {"flags": "UF", "code": 503},
        {"flags": "NC", "code": 503},
        {"flags": "NR", "code": 404},
    ]


def test_a_request_without_an_answer_counts_as_an_error(start_envoy, tmp_path):
    with (
        reporting(tmp_path, **FAILURE) as (mixer, reports),
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        port = silent.getsockname()[1]
        envoy = start_envoy(logging_http(f"127.0.0.1:{port}", grpc_cluster("mixer", mixer)))
        with connect(envoy.addresses["http"]) as client:
            client.sendall(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            upstream, _ = silent.accept()
        until(lambda: reports.told)
        upstream.close()

    assert reports.told == [{"flags": "DC", "code": 500}]


def test_a_request_that_envoy_logs_along_its_way_is_reported_once(start_envoy, upstream, tmp_path):
    with reporting(tmp_path, kind="access_log.kind") as (mixer, reports):
        log = http_access_log("mixer", common_config=COMMON)
        listener = http_listener(
            [],
            [route("upstream")],
            access_log=[log],
            access_log_options={"flush_access_log_on_new_request": True},
        )
        clusters = [cluster("upstream", upstream.address), grpc_cluster("mixer", mixer)]
        envoy = start_envoy(bootstrap([listener], clusters, NODE))
        send(envoy.addresses["http"])
        until(lambda: envoy.stats("logs_written")[WRITTEN] == 2)
        until(lambda: reports.told)

    assert reports.told == [{"kind": "DownstreamEnd"}]


def test_a_tcp_connection_is_reported_along_its_life(start_envoy, tmp_path):
    expressions = {
        "protocol": "context.protocol",
        "event": "connection.event",
        "received": "connection.received.bytes",
        "received_total": "connection.received.bytes_total",
        "sent": "connection.sent.bytes",
        "duration": 'connection.duration | "0s"',
    }
    with reporting(tmp_path, **expressions) as (mixer, reports), tcp_echo() as echo:
        listener = tcp_listener(
            "upstream",
            access_log=[tcp_access_log("mixer", common_config=COMMON)],
            access_log_options={
                "flush_access_log_on_connected": True,
                "access_log_flush_interval": "0.2s",
            },
        )
        clusters = [cluster("upstream", echo), grpc_cluster("mixer", mixer)]
        envoy = start_envoy(bootstrap([listener], clusters, NODE))
        with connect(envoy.addresses["tcp"]) as client:
            until(lambda: reports.told)
            client.sendall(b"12345")
            assert client.recv(5) == b"12345"
            until(lambda: reports.told[-1]["received_total"] == 5)
            client.sendall(b"67")
            assert client.recv(2) == b"67"
        until(lambda: reports.told[-1]["event"] == "close")

    told = reports.told
    assert [one["event"] for one in told] == ["open", *["continue"] * (len(told) - 2), "close"]
    assert [one["duration"] > 0 for one in told] == [*[False] * (len(told) - 1), True]
    assert {one["protocol"] for one in told} == {"tcp"}
    assert (sum(one["received"] for one in told), sum(one["sent"] for one in told)) == (7, 7)
    assert told[-1]["received_total"] == 7


def test_a_slow_handler_holds_envoy_back_which_drops_and_counts(start_envoy, upstream, tmp_path):
    count, large = 1_000, "x" * 50_000
    is_over = threading.Event()
    with reporting(tmp_path, path="request.path") as (mixer, reports):
        reports.spy.answers["h.istio-system"] = lambda _instances: is_over.wait(60)
        small_buffers = grpc_cluster("mixer", mixer, per_connection_buffer_limit_bytes=16384)
        logged = ["x-large"]
        envoy = start_envoy(
            logging_http(upstream.address, small_buffers, additional_request_headers_to_log=logged)
        )
        with Connection(envoy.addresses["http"]) as client:
            for number in range(count):
                client.send(f"/{number}", [("x-large", large)])
        told_meanwhile = len(reports.told)
        is_over.set()
        written, dropped = (
            envoy.stats("grpc_access_log.logs")[name] for name in (WRITTEN, DROPPED)
        )
        until(lambda: len(reports.told) == written)

    assert told_meanwhile == 1
    assert dropped > 0
    assert written + dropped == count
