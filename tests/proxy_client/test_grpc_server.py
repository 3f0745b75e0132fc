"""The interceptor in front of a real gRPC server, whose methods pass bytes."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import grpc
import pytest

from mixer.attribute.value import Duration
from mixer.status import Code, Status
from proxy_client.grpc_server import MixerInterceptor
from proxy_client.http.filter import FilterOptions
from proxy_client.http.forwarded import encode_forwarded
from proxy_client.http.service import HttpService
from proxy_client.quota.charge import QuotaCharge
from proxy_client.quota.spec import QuotaRule, QuotaSpec
from proxy_client.verdict import HeaderChange, Operation, RouteDirective, Verdict
from tests.patience import SOON_S
from tests.proxy_client.fake_client import NOW, FakeClient, clock

DENIED = Status(code=Code.PERMISSION_DENIED, message="not you")
KINDS = ["UnaryUnary", "UnaryStream", "StreamUnary", "StreamStream"]


def change(name, value, operation=Operation.REPLACE):
    return HeaderChange(name, value, operation)


class Reports(FakeClient):
    """A client that reports can be waited for: they are made when the client has its answer."""

    def __init__(self, *verdicts):
        super().__init__(*verdicts)
        self._has_report = threading.Event()
        self.is_asked = threading.Event()

    def begin_check(self, attributes, quotas=()):
        begun = super().begin_check(attributes, quotas)
        self.is_asked.set()
        return begun

    def report(self, attributes):
        super().report(attributes)
        self._has_report.set()

    @property
    def last(self):
        assert self._has_report.wait(SOON_S)
        return super().last


class Service(grpc.GenericRpcHandler):
    """Says `ab` and `c`, or both in one; `before` is what a method does first."""

    def __init__(self, before):
        self._before = before
        self.seen = []
        self._handlers = {
            "/shop.Books/UnaryUnary": grpc.unary_unary_rpc_method_handler(self._one),
            "/shop.Books/UnaryStream": grpc.unary_stream_rpc_method_handler(self._many),
            "/shop.Books/StreamUnary": grpc.stream_unary_rpc_method_handler(self._one),
            "/shop.Books/StreamStream": grpc.stream_stream_rpc_method_handler(self._many),
        }

    def service(self, handler_call_details):
        return self._handlers.get(handler_call_details.method)

    def _enter(self, request, context):
        got = request if isinstance(request, bytes) else b"".join(request)
        self.seen.append((got, dict(context.invocation_metadata())))
        self._before(context)

    def _one(self, request, context):
        self._enter(request, context)
        return b"abc"

    def _many(self, request, context):
        self._enter(request, context)
        yield b"ab"
        yield b"c"


class Running:
    """A server and a client of it."""

    def __init__(self, client, service, channel):
        self.client = client
        self.service = service
        self._channel = channel

    def call(self, kind="UnaryUnary", metadata=(), **named):
        """The parts of the answer, and the call."""
        make = {
            "UnaryUnary": self._channel.unary_unary,
            "UnaryStream": self._channel.unary_stream,
            "StreamUnary": self._channel.stream_unary,
            "StreamStream": self._channel.stream_stream,
        }[kind]
        request = iter([b"he", b"llo"]) if kind.startswith("Stream") else b"hello"
        method = make(f"/shop.Books/{kind}", **named)
        if kind.endswith("Unary"):
            answer, call = method.with_call(request, SOON_S, metadata)
            return [answer], call
        call = method(request, SOON_S, metadata)
        return list(call), call

    def failure(self, *arguments):
        """The code and message of a call that fails."""
        with pytest.raises(grpc.RpcError) as caught:
            self.call(*arguments)
        return caught.value.code(), caught.value.details()

    def channel(self):
        return self._channel


@contextmanager
def serving(*verdicts, before=lambda context: None, **named):
    client, service = Reports(*verdicts), Service(before)
    interceptor = MixerInterceptor(client, clock=clock(), **named)
    with ThreadPoolExecutor(2) as pool:
        server = grpc.server(pool, handlers=[service], interceptors=[interceptor])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield Running(client, service, channel)
        finally:
            server.stop(0).wait()


def told(client, *names):
    return {name: client.last.get(name) for name in names}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_asked_and_told_of_a_call(kind):
    with serving() as running:
        answers, _ = running.call(kind, [("x-user", "ann"), ("x-raw-bin", b"\xff")])
        assert b"".join(answers) == b"abc"
        report = running.client.last
        [(asked, quotas)] = running.client.asked

    path = f"/shop.Books/{kind}"
    port = asked.pop("source.port")
    agent = asked["request.useragent"]
    assert port > 0
    assert quotas == ()
    assert asked == {
        "api.service": "shop.Books",
        "api.operation": kind,
        "connection.mtls": False,
        "context.protocol": "grpc",
        "origin.ip": b"\x7f\0\0\1",
        "source.ip": b"\x7f\0\0\1",
        "request.method": "POST",
        "request.host": "",
        "request.path": path,
        "request.url_path": path,
        "request.scheme": "http",
        "request.time": NOW,
        "request.useragent": agent,
        "request.headers": {
            ":method": "POST",
            ":path": path,
            "content-type": "application/grpc",
            "user-agent": agent,
            "x-user": "ann",
            "x-raw-bin": "/w==",
        },
    }
    assert report == asked | {
        "source.port": port,
        "check.cache_hit": False,
        "quota.cache_hit": False,
        "context.proxy_error_code": "-",
        "request.size": 5,
        "request.total_size": report["request.total_size"],
        "response.code": 200,
        "response.duration": Duration.from_seconds(0.25),
        "response.grpc_status": "0",
        "response.grpc_message": "",
        "response.headers": {":status": "200", "grpc-status": "0", "grpc-message": ""},
        "response.size": 3,
        "response.time": NOW,
        "response.total_size": 10 + 12 + 12 + 3,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_denied_call_ends_with_the_verdict(kind):
    with serving(Verdict(DENIED)) as running:
        assert running.failure(kind) == (grpc.StatusCode.PERMISSION_DENIED, "not you")
        report = running.client.last

    assert running.service.seen == []
    assert {
        name: report[name] for name in report if name.startswith(("check.", "response.grpc"))
    } == {
        "check.cache_hit": False,
        "check.error_code": 7,
        "check.error_message": "PERMISSION_DENIED:not you",
        "response.grpc_status": "7",
        "response.grpc_message": "not you",
    }
    assert (report["response.code"], report["context.proxy_error_code"]) == (403, "UAEX")


@pytest.mark.parametrize("code", [grpc.StatusCode.DATA_LOSS, grpc.StatusCode.UNAUTHENTICATED])
def test_a_denial_keeps_its_code(code):
    with serving(Verdict(Status(code=code.value[0]))) as running:
        assert running.failure() == (code, "")


def test_a_code_that_grpc_does_not_know_is_unknown():
    with serving(Verdict(Status(code=99, message="odd"))) as running:
        assert running.failure() == (grpc.StatusCode.UNKNOWN, "odd")


@pytest.mark.parametrize(
    ("http", "code"),
    [(302, grpc.StatusCode.UNKNOWN), (404, grpc.StatusCode.UNIMPLEMENTED)],
)
def test_a_direct_response_ends_a_call_that_might_pass(http, code):
    directive = RouteDirective(
        response_headers=(change("location", "/there"),),
        direct_response_code=http,
        direct_response_body="go",
    )
    with serving(Verdict(directive=directive)) as running, pytest.raises(grpc.RpcError) as caught:
        running.call()

    assert (caught.value.code(), caught.value.details()) == (code, "go")
    assert ("location", "/there") in caught.value.initial_metadata()
    assert running.service.seen == []


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_changes_in_both_directions(kind):
    directive = RouteDirective(
        (
            change("X-User", "bob"),
            change("x-raw-bin", "\xe9"),
            change("x-spoofed", "", Operation.REMOVE),
            change(":path", "/shop.Books/Other"),
        ),
        (change("x-by", "m\xefxer"), change("x-raw-bin", "\xe9")),
    )
    with serving(Verdict(directive=directive)) as running:
        answers, call = running.call(kind, [("x-user", "ann"), ("x-spoofed", "root")])
        received = dict(call.initial_metadata())

    [(_, seen)] = running.service.seen
    assert b"".join(answers) == b"abc"
    assert {name: seen.get(name) for name in ("x-user", "x-raw-bin", "x-spoofed")} == {
        "x-user": "bob",
        "x-raw-bin": b"\xc3\xa9",
        "x-spoofed": None,
    }
    assert received == {"x-by": "m?xer", "x-raw-bin": b"\xc3\xa9"}


def test_metadata_of_the_method_changes_too():
    directive = RouteDirective(
        response_headers=(change("x-a", "1"), change("x-b", "", Operation.REMOVE))
    )

    def send(context):
        context.send_initial_metadata((("x-a", "0"), ("x-b", "0"), ("x-c", "0")))

    with serving(Verdict(directive=directive), before=send) as running:
        _, call = running.call()

    assert [tuple(entry) for entry in call.initial_metadata()] == [("x-c", "0"), ("x-a", "1")]


def test_what_was_handed_on_is_believed_and_hidden_from_the_method():
    header = encode_forwarded({"source.uid": "caller"})
    with serving() as running:
        running.call(metadata=[("x-istio-attributes", header)])

    [(asked, _)] = running.client.asked
    [(_, seen)] = running.service.seen
    assert asked["source.uid"] == "caller"
    assert "x-istio-attributes" not in seen


def test_what_a_service_is_known_by_goes_before_its_name_in_the_call():
    service = HttpService(attributes={"api.service": "books.example"})
    spec = QuotaSpec([QuotaRule(quotas=[QuotaCharge("requests", 2)])])
    with serving(options=FilterOptions(service=service, quota_specs=[spec])) as running:
        running.call()

    [(asked, quotas)] = running.client.asked
    assert (asked["api.service"], asked["api.operation"]) == ("books.example", "UnaryUnary")
    assert quotas == (QuotaCharge("requests", 2),)


def test_a_call_that_is_only_reported_has_no_verdict():
    with serving(options=FilterOptions(is_checked=False)) as running:
        running.call()
        assert "check.cache_hit" not in running.client.last

    assert running.client.asked == []


def test_a_service_that_is_neither_checked_nor_reported_is_left_alone():
    options = FilterOptions(is_checked=False, is_reported=False)
    with serving(options=options) as running:
        assert running.call()[0] == [b"abc"]

    assert (running.client.asked, running.client.told) == ([], [])


def test_a_method_that_the_server_does_not_have_is_not_asked_for():
    with serving() as running:
        method = running.channel().unary_unary("/shop.Books/Other")
        with pytest.raises(grpc.RpcError) as caught:
            method(b"", SOON_S)

    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert (running.client.asked, running.client.told) == ([], [])


def fail(context):
    raise LookupError("lost")


def abort(context):
    context.set_trailing_metadata((("x-why", "full"),))
    context.abort(grpc.StatusCode.OUT_OF_RANGE, "too far")


def set_code(context):
    context.set_code(grpc.StatusCode.NOT_FOUND)
    context.set_details("no book")


@pytest.mark.parametrize(
    ("before", "status", "message"),
    [
        (fail, "2", None),  # what grpc makes of it depends on the kind
        (abort, "11", "too far"),
        (set_code, "5", "no book"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_how_a_call_failed_is_told_as_its_client_is(before, status, message, kind):
    with serving(before=before) as running:
        code, details = running.failure(kind)
        report = running.client.last

    assert (str(code.value[0]), details) == (status, message or details)
    assert (report["response.grpc_status"], report["response.grpc_message"]) == (status, details)
    assert report["response.headers"].get("x-why") == ("full" if before is abort else None)


def test_a_client_that_leaves_during_a_call_is_told():
    entered, left = threading.Event(), threading.Event()

    def wait(context):
        entered.set()
        left.wait(SOON_S)

    with serving(before=wait) as running:
        call = running.channel().unary_unary("/shop.Books/UnaryUnary").future(b"", SOON_S)
        assert entered.wait(SOON_S)
        call.cancel()
        report = running.client.last
        left.set()

    assert (report["response.grpc_status"], report["context.proxy_error_code"]) == ("1", "DC")


def test_a_client_that_leaves_during_the_check_ends_the_check():
    verdict, ended = Future(), threading.Event()
    verdict.add_done_callback(lambda _: ended.set())
    with serving(verdict) as running:
        call = running.channel().unary_unary("/shop.Books/UnaryUnary").future(b"", SOON_S)
        assert running.client.is_asked.wait(SOON_S)
        call.cancel()
        assert ended.wait(SOON_S)
        report = running.client.last

    assert verdict.cancelled()
    assert running.service.seen == []
    assert (report["response.grpc_status"], report["context.proxy_error_code"]) == ("1", "DC")
    assert "check.cache_hit" not in report
