"""What the wrapper of proxy-wasm's ABI gives in a real Envoy: headers, properties, replies, stats."""

import re
import struct
import time

import pytest

from mixer.envoy.process import EnvoyOptions
from tests.e2e.http_message import Connection
from tests.e2e.probe import probed

pytestmark = pytest.mark.envoy

OK, NOT_FOUND, UNSERIALIZABLE = b"0:", b"1:", b"3:"
LARGE = {
    "max_request_headers_kb": 96,
    "common_http_protocol_options": {"max_headers_count": 200},
}
ROUTE = {
    "metadata": {
        "filter_metadata": {
            "probe.test": {"text": "t", "number": 2.5, "yes": True, "list": ["a", 1]}
        }
    }
}


@pytest.fixture(scope="module")
def probe():
    node = {"id": "pod", "metadata": {"NAMESPACE": "shop"}}
    with probed(manager=LARGE, route_fields=ROUTE, node=node, root_id="the-root") as running:
        yield running


def number(value, kind="q"):
    return OK + struct.pack(f"<{kind}", value)


def pairs(*names_and_values):
    """The serialised form of pairs, written by its description and not by the wrapper's code."""
    sizes = b"".join(struct.pack("<II", len(n), len(v)) for n, v in names_and_values)
    texts = b"".join(n + b"\0" + v + b"\0" for n, v in names_and_values)
    return OK + struct.pack("<I", len(names_and_values)) + sizes + texts


@pytest.mark.parametrize(
    ("name", "headers", "said"),
    [
        ("x-a", [("x-a", "text")], OK + b"text"),
        ("x-a", [("X-A", "text")], OK + b"text"),  # Envoy keeps names in lower case
        ("x-a", [("x-a", "")], OK),
        ("x-a", [], NOT_FOUND),
        ("x-a", [("x-a", b"\xff\xfe\x80")], OK + b"\xff\xfe\x80"),
        ("x-a", [("x-a", "first"), ("x-a", "second")], OK + b"first"),
        (":path", [], OK + b"/path?query"),
        (":method", [], OK + b"GET"),
        (":authority", [], OK + b"example.test"),
        ("host", [], OK + b"example.test"),
        (":scheme", [], OK + b"http"),
        (":status", [], NOT_FOUND),
    ],
)
def test_a_header(probe, name, headers, said):
    assert probe.body(f"header {name}", headers, path="/path?query") == said


def all_headers(answer):
    counts, _, lines = answer.body.partition(b"\n")
    told, found, size = map(int, counts.split())
    return told, found, size, dict(line.split(b"=", 1) for line in lines.splitlines())


def test_a_hundred_headers(probe):
    sent = {b"x-%d" % i: b"\xf0%d" % i for i in range(100)}
    told, found, size, headers = all_headers(probe.ask("headers", sent.items()))
    assert {name: headers[name] for name in sent} == sent
    assert told == found == len(headers)
    assert size == sum(len(name) + len(value) for name, value in headers.items())


def test_64_kib_of_headers(probe):
    sent = {b"x-%d" % i: b"%d" % i * 8192 for i in range(8)}
    *_, headers = all_headers(probe.ask("headers", sent.items()))
    assert {name: headers[name] for name in sent} == sent


def test_headers_are_added_replaced_and_removed(probe):
    before = [("x-many", "1"), ("x-old", "a"), ("x-old", "b"), ("x-gone", "1"), ("x-gone", "2")]
    answer = probe.ask("edit", before)
    assert [answer.received(name) for name in ("x-many", "x-old", "x-gone")] == [
        ["1", "2"],
        ["new"],
        [],
    ]


def test_a_header_of_the_response_is_added(probe):
    assert probe.ask().header("x-probe") == ["seen"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("request/path", OK + b"/path?query"),
        ("request/url_path", OK + b"/path"),
        ("request/query", OK + b"query"),
        ("request/host", OK + b"example.test"),
        ("request/scheme", OK + b"http"),
        ("request/method", OK + b"GET"),
        ("request/protocol", OK + b"HTTP/1.1"),
        ("request/headers/x-raw", OK + b"\xff"),
        ("request/headers/x-none", NOT_FOUND),
        ("request/referer", NOT_FOUND),
        ("request/size", number(0)),
        ("response/code", NOT_FOUND),
        ("connection/mtls", number(False, "?")),
        ("connection/requested_server_name", OK),
        ("connection/tls_version", NOT_FOUND),
        ("connection/uri_san_peer_certificate", NOT_FOUND),
        ("upstream/address", NOT_FOUND),  # there is none before the router has run
        ("xds/cluster_name", OK + b"upstream"),
        ("xds/route_name", OK + b"upstream/"),
        ("xds/virtual_host_name", OK + b"all"),
        ("xds/listener_direction", number(0)),
        ("xds/node/id", OK + b"pod"),
        ("xds/node/metadata/NAMESPACE", OK + b"shop"),
        ("xds/route_metadata/filter_metadata/probe.test/text", OK + b"t"),
        ("xds/route_metadata/filter_metadata/probe.test/number", number(2.5, "d")),
        ("xds/route_metadata/filter_metadata/probe.test/yes", number(True, "?")),
        ("metadata/filter_metadata/none", NOT_FOUND),
        ("filter_state", UNSERIALIZABLE),
        ("plugin_name", OK + b"probe"),
        ("plugin_root_id", OK + b"the-root"),
        ("route_name", NOT_FOUND),  # names of older Envoys that stand under xds now
        ("cluster_name", NOT_FOUND),
        ("node/id", NOT_FOUND),
    ],
)
def test_a_property(probe, path, said):
    headers = [("x-raw", b"\xff")]
    assert probe.body(f"property {path}", headers, path="/path?query") == said


def test_a_list_is_pairs_with_empty_values(probe):
    path = "xds/route_metadata/filter_metadata/probe.test/list"
    assert probe.body(f"property {path}") == pairs((b"a", b""), (struct.pack("<d", 1), b""))


def test_addresses_have_their_port(probe):
    with Connection(probe.address) as connection:
        ours = "{}:{}".format(*connection.socket.getsockname())
        for path, wanted in (
            ("source/address", OK + ours.encode()),
            ("source/port", number(int(ours.rpartition(":")[2]))),
            ("destination/address", OK + probe.address.encode()),
        ):
            assert connection.send("/", [("x-do", f"property {path}")]).body == wanted


def test_the_time_of_a_request_is_in_ns(probe):
    before = time.time_ns()
    told = int(probe.body("number int request/time"))
    assert before <= told <= time.time_ns()


@pytest.mark.parametrize(
    ("kind", "path", "said"),
    [
        ("int", "destination/port", "{port}"),
        ("bool", "connection/mtls", "0"),
        ("double", "xds/route_metadata/filter_metadata/probe.test/number", "2.500000"),
        ("int", "request/nothing", "none"),
        ("int", "connection/mtls", "none"),  # of another size
    ],
)
def test_a_typed_property(probe, kind, path, said):
    port = probe.address.rpartition(":")[2]
    assert probe.body(f"number {kind} {path}").decode() == said.format(port=port)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("response/code", number(200)),
        ("response/code_details", OK + b"via_upstream"),
        ("response/flags", number(0)),
        ("upstream/address", OK + b"{upstream}"),
        ("request/total_size", None),
        ("request/duration", None),
        ("probe_mark", OK + b"marked"),  # what the filter has set itself
    ],
)
def test_the_log_callback_sees_what_the_whole_stream_was(probe, path, said):
    probe.ask("edit", [("x-late", path)])
    *_, told = re.findall(f"late {path}=([0-9a-f]*)", probe.envoy.log)
    if said is None:
        assert int.from_bytes(bytes.fromhex(told)[2:], "little") > 0
    else:
        assert bytes.fromhex(told) == said.replace(b"{upstream}", probe.upstream.address.encode())


def test_a_reply(probe):
    count = probe.upstream.request_count
    answer = probe.ask("reply")
    assert (answer.status, answer.body, answer.header("x-a")) == (418, b"short", ["1", "\xff"])
    assert probe.upstream.request_count == count


def test_a_reply_to_grpc_is_a_grpc_status(probe):
    answer = probe.ask("reply", [("content-type", "application/grpc")], method="POST")
    assert answer.status == 200
    assert answer.header("grpc-status") == ["7"]
    assert answer.header("grpc-message") == ["short"]


def test_metrics_are_stats_of_envoy():
    with probed() as running:
        assert running.body("count") == b"1 42"
        assert running.body("count") == b"2 42"
        assert running.envoy.stats("^wasmcustom") == {
            "wasmcustom.probe.requests": 2,
            "wasmcustom.probe.level": 42,
        }
        assert "wasmcustom.probe.sizes" in running.envoy.admin.get("/stats?filter=probe.sizes")


def test_two_workers_share_metrics_and_shared_data():
    with probed(options=EnvoyOptions(concurrency=2)) as running:
        running.body("share key value")
        connections = [Connection(running.address) for _ in range(16)]
        answers = {c.send("/", [("x-do", "share key value")]).body for c in connections}
        assert answers == {b"value 0 8"}
        assert running.envoy.stats("requests$")["wasmcustom.probe.requests"] == 17
        for connection in connections:
            connection.__exit__()


def test_shared_data_is_set_only_from_its_newest_state(probe):
    assert probe.body("share k one") == b" 0 8"  # 8: somebody else has set it
    assert probe.body("share k two") == b"one 0 8"
    assert probe.body("share k two") == b"two 0 8"


def test_a_whole_body_is_replaced(probe):
    answer = probe.ask("body", method="POST", body=b"abc" * 50_000)
    assert answer.echo["body_size"] == 150_000


def test_a_log_line(probe):
    assert probe.body("say something") == b"3"  # the harness logs from warning on
    assert "wasm log probe the-root: something" in probe.envoy.log
