"""The test host behaves as Envoy does: what `tests/e2e/test_wasm_abi*.py` say of a real one."""

import struct

import pytest
from wasmtime import wat2wasm

from proxy_client.wasm.build import FILTERS, build
from tests.wasm_host.abi import LogLevel
from tests.wasm_host.context import StreamState
from tests.wasm_host.host import RefusedConfigurationError, WasmHost
from tests.wasm_host.unchecked import Trapped

OK, NOT_FOUND, UNSERIALIZABLE = b"0:", b"1:", b"3:"
LINES = [(":method", "GET"), (":path", "/path?query"), (":authority", "example.test")]


@pytest.fixture(scope="module")
def module():
    return build(FILTERS["probe"])


@pytest.fixture
def host(module):
    return WasmHost(module, "tick")


def ask(host, what, headers=(), properties=None):
    asked = [("x-do", what)] if what else []
    stream = host.stream([*LINES, *asked, *headers], properties)
    stream.request_headers()
    return stream


def body(*arguments):
    return ask(*arguments).reply.body


def said(stream):
    """What the probe has told the upstream."""
    return dict(stream.headers).get("x-said")


@pytest.mark.parametrize(
    ("name", "headers", "wanted"),
    [
        ("x-a", [("x-a", "text")], OK + b"text"),
        ("x-a", [("X-A", "text")], OK + b"text"),
        ("x-a", [("x-a", "")], OK),
        ("x-a", [], NOT_FOUND),
        ("x-a", [("x-a", b"\xff\xfe\x80")], OK + b"\xff\xfe\x80"),
        ("x-a", [("x-a", "first"), ("x-a", "second")], OK + b"first"),
        (":path", [], OK + b"/path?query"),
        (":status", [], NOT_FOUND),
    ],
)
def test_a_header(host, name, headers, wanted):
    assert body(host, f"header {name}", headers) == wanted


def test_a_hundred_headers(host):
    lines = [(f"x-{i}", str(i)) for i in range(100)]
    counts, *texts = body(host, "headers", lines).decode().splitlines()
    size = sum(len(line) - 1 for line in texts)
    assert counts == f"104 104 {size}"
    assert texts[4:] == [f"{name}={value}" for name, value in lines]


def test_headers_are_added_replaced_and_removed(host):
    before = [("x-many", "1"), ("x-old", "a"), ("x-old", "b"), ("x-gone", "1"), ("x-gone", "2")]
    after = [("x-many", "1"), ("x-old", "new"), ("x-many", "2")]
    assert ask(host, "edit", before).headers[4:] == after


def test_a_header_of_the_response_is_added(host):
    answered = ask(host, "").response_headers([(":status", "200")])
    assert answered.texts() == [(":status", "200"), ("x-probe", "seen")]


PROPERTIES = {
    "response.code": 200,
    "connection.mtls": False,
    ("xds", "route_metadata", "filter_metadata", "probe.test"): {
        "text": "t",
        "number": 2.5,
        "list": ["a", 1.0],
    },
    "request.thing": object(),
}


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("request/path", OK + b"/path?query"),
        ("request/url_path", OK + b"/path"),
        ("request/query", OK + b"query"),
        ("request/method", OK + b"GET"),
        ("request/headers/x-raw", OK + b"\xff"),
        ("request/headers/x-none", NOT_FOUND),
        ("request/referer", NOT_FOUND),
        ("response/code", OK + struct.pack("<q", 200)),
        ("response/flags", NOT_FOUND),
        ("connection/mtls", OK + b"\0"),
        ("xds/route_metadata/filter_metadata/probe.test/text", OK + b"t"),
        ("xds/route_metadata/filter_metadata/probe.test/number", OK + struct.pack("<d", 2.5)),
        ("xds/route_metadata/filter_metadata/probe.test/none", NOT_FOUND),
        (
            "xds/route_metadata/filter_metadata/probe.test/list",
            OK + struct.pack("<5I", 2, 1, 0, 8, 0) + b"a\0\0" + struct.pack("<d", 1) + b"\0\0",
        ),
        ("request/thing", UNSERIALIZABLE),
    ],
)
def test_a_property(host, path, wanted):
    assert body(host, f"property {path}", [("x-raw", b"\xff")], PROPERTIES) == wanted


def test_a_reply_has_the_headers_that_envoy_gives_it(host):
    reply = ask(host, "reply").reply
    assert (reply.status, reply.body, reply.grpc_status) == (418, b"short", 7)
    assert reply.details == "probe_says_no"
    assert reply.headers.texts() == [
        (":status", "418"),
        ("x-a", "1"),
        ("x-a", "\udcff"),
        ("content-length", "5"),
        ("content-type", "text/plain"),
        ("x-probe", "seen"),
    ]


def test_metrics_and_shared_data(host):
    assert body(host, "count") == b"1 42"
    assert host.metrics.counters == {"probe.requests": 1}
    assert host.metrics.gauges == {"probe.level": 42}
    assert host.metrics.histograms == {"probe.sizes": [4]}
    assert body(host, "share key value") == b" 0 8"
    assert body(host, "share key other") == b"value 0 8"


def test_a_request_waits_for_the_answer_to_a_call(host):
    stream = ask(host, "grpc echo 30")
    (call,) = host.under_way
    assert (call.cluster, call.service, call.method) == ("echo", "probe.Echo", "Echo")
    assert (call.message, call.timeout_ms) == (b"asked", 30)
    assert call.metadata == [(b"x-meta", b"data")]
    assert stream.state is StreamState.HELD
    host.answer(call, b"heard")
    assert (stream.state, said(stream)) == (StreamState.CONTINUED, "heard")
    assert host.under_way == []
    with pytest.raises(ValueError, match="the call is answered"):
        host.answer(call)


def test_a_call_fails(host):
    stream = ask(host, "grpc echo")
    host.fail_call(host.calls[0], 8, "too much")
    assert stream.reply.body == b"8 too much"


def test_a_cluster_that_does_not_exist_is_no_call(host):
    host.missing_clusters.add("nosuch")
    assert body(host, "grpc nosuch") == b"not sent"
    assert host.calls == []


def test_a_root_makes_a_call_for_a_stream(host):
    stream = ask(host, "root-grpc echo")
    host.answer(host.calls[0], b"for you")
    assert said(stream) == "for you"


def test_the_answer_for_a_stream_that_has_ended_is_dropped(host):
    stream = ask(host, "grpc echo")
    stream.end()
    host.answer(host.calls[0], b"late")
    assert stream.state is StreamState.HELD


def test_ticks_come_at_their_times(host):
    stream = ask(host, "wait")
    host.advance(0.009)
    assert stream.state is StreamState.HELD
    host.advance(0.001)
    assert said(stream) == "tick"
    assert ask(host, "wait").state is StreamState.HELD


def test_all_is_known_in_the_log(host):
    stream = ask(host, "", [("x-late", "response/code")])
    stream.properties["response.code"] = 204
    stream.end()
    wanted = (OK + struct.pack("<q", 204)).hex()
    assert host.log == [(LogLevel.WARNING, f"late response/code={wanted}")]


@pytest.mark.parametrize(("configuration", "state"), [("", "replied"), ("open", "continued")])
def test_memory_that_runs_out_is_a_failure_like_others(module, configuration, state):
    host = WasmHost(module, configuration)
    states = [ask(host, what).state.value for what in ("fill 1", "fill 8", "", "fill 1")]
    assert states == ["continued", state, "continued", "continued"]
    assert host.texts(LogLevel.ERROR) == ["wasm_out_of_memory"]


@pytest.mark.parametrize("what", ["trap", "overflow"])
def test_a_trap_ends_the_module(host, what):
    with pytest.raises(Trapped):
        ask(host, what)
    with pytest.raises(Trapped, match="has ended before"):
        ask(host, "")


def test_a_configuration_that_is_refused(module):
    with pytest.raises(RefusedConfigurationError):
        WasmHost(module, "refuse")


def test_what_the_host_does_not_have_fails_the_test(host):
    with pytest.raises(NotImplementedError, match="proxy_http_call"):
        ask(host, "http echo")


LOG_SIZES = """(module
 (import "env" "proxy_get_header_map_size" (func $size (param i32 i32) (result i32)))
 (import "env" "proxy_add_header_map_value"
  (func $add (param i32 i32 i32 i32 i32) (result i32)))
 (import "env" "proxy_get_header_map_pairs" (func $pairs (param i32 i32 i32) (result i32)))
 (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
 (memory (export "memory") 1)
 (data (i32.const 100) "s a p ")
 (func (export "_initialize"))
 (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))
 (func (export "proxy_on_context_create") (param i32 i32))
 (func (export "proxy_on_configure") (param i32 i32) (result i32) (i32.const 1))
 (func $show (param $id i32)
  (i32.store8 (i32.const 101) (i32.add (i32.const 48) (call $size (i32.const 0) (i32.const 0))))
  (i32.store8 (i32.const 103) (i32.add (i32.const 48)
   (call $add (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 100) (i32.const 1))))
  (i32.store8 (i32.const 105) (i32.add (i32.const 48)
   (call $pairs (i32.const 0) (i32.const 0) (i32.const 4))))
  (drop (call $log (i32.const 3) (i32.const 100) (i32.const 6))))
 (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
  (call $show (local.get 0)) (i32.const 0))
 (func (export "proxy_on_log") (param i32) (call $show (local.get 0)))
 (func (export "proxy_on_delete") (param i32)))"""


def test_headers_can_only_be_read_in_the_log(tmp_path):
    path = tmp_path / "module.wasm"
    path.write_bytes(wat2wasm(LOG_SIZES))
    host = WasmHost(path)
    stream = host.stream(LINES)
    stream.request_headers()
    stream.end()
    assert host.texts() == ["s0a0p0", "s2a2p0"]
    assert stream.headers == [*LINES, ("s", "s")]
