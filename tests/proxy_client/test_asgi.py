"""What only the ASGI middleware does; what all do is in test_http_filter.py."""

import asyncio

import pytest

from mixer.status import Code, Status
from proxy_client.asgi import MixerMiddleware
from proxy_client.http.filter import FilterOptions
from proxy_client.verdict import HeaderChange, Operation, RouteDirective, Verdict
from tests.proxy_client.fake_client import FakeAsyncClient, clock

DENIED = Status(code=Code.PERMISSION_DENIED, message="no")
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
LAST = {"type": "http.response.body", "body": b"ok"}
ADDING = Verdict(
    directive=RouteDirective(response_headers=(HeaderChange("x-a", "1", Operation.REPLACE),))
)
HTTP = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "method": "GET",
    "path": "/",
    "raw_path": b"/",
    "query_string": b"",
    "headers": [(b"host", b"books")],
    "client": None,
    "server": ("/run/app.sock", None),
}
SOCKET = {key: value for key, value in HTTP.items() if key != "method"} | {
    "type": "websocket",
    "scheme": "wss",
}
DENIABLE = SOCKET | {"extensions": {"websocket.http.response": {}}}


def saying(*messages):
    """An application that says this."""

    async def app(scope, receive, send):
        for message in messages:
            await send(message)

    return app


class Server:
    """The other side: gives messages to the application, and keeps what that says."""

    def __init__(self, app, *verdicts, given=(), **named):
        self.client = FakeAsyncClient(*verdicts)
        self.said = []
        self.given = list(given)
        self._middleware = MixerMiddleware(app, self.client, clock=clock(), **named)

    async def receive(self):
        return self.given.pop(0)

    async def send(self, message):
        self.said.append(message)

    async def serve(self, scope=HTTP):
        await self._middleware(scope, self.receive, self.send)

    def run(self, scope=HTTP):
        asyncio.run(self.serve(scope))
        return self.said


def outcome(client):
    """Code and flags of the only report."""
    return client.last["response.code"], client.last["context.proxy_error_code"]


def test_the_lifespan_is_no_request():
    seen = []

    async def app(scope, receive, send):
        seen.append((scope, receive, send))

    server = Server(app)
    scope = {"type": "lifespan"}
    server.run(scope)

    assert seen == [(scope, server.receive, server.send)]
    assert (server.client.asked, server.client.told) == ([], [])


def test_what_the_server_gave_is_not_changed():
    scope = HTTP | {"headers": [(b"x-istio-attributes", b"")]}
    before = scope | {"headers": list(scope["headers"])}
    Server(saying(START, LAST)).run(scope)

    assert scope == before


def test_parts_of_a_body_are_passed_on_as_they_come():
    parts = [
        {"type": "http.response.body", "body": b"a", "more_body": True},
        {"type": "http.response.body", "body": b"", "more_body": True},
        {"type": "http.response.body", "body": b"bc", "more_body": False},
    ]
    server = Server(saying(START, *parts))

    assert server.run() == [START, *parts]
    assert server.client.last["response.size"] == 3


def test_the_report_is_made_when_the_response_has_ended_not_when_the_application_has():
    told = []

    async def app(scope, receive, send):
        await send(START)
        told.append(len(server.client.told))
        await send(LAST)
        told.append(len(server.client.told))

    server = Server(app)
    server.run()

    assert told == [0, 1]
    assert len(server.client.told) == 1


def test_trailers_end_a_response_that_announced_them():
    start = START | {"trailers": True}
    trailers = {"type": "http.response.trailers", "headers": [(b"grpc-status", b"3")]}
    more = trailers | {"headers": [(b"x-sum", b"1")], "more_trailers": True}
    server = Server(saying(start, LAST, more, trailers))

    assert server.run() == [start, LAST, more, trailers]
    assert server.client.last["response.headers"] == {
        ":status": "200",
        "content-length": "2",
        "x-sum": "1",
        "grpc-status": "3",
    }
    assert server.client.last["response.grpc_status"] == "3"


def test_a_file_that_the_server_sends_is_as_long_as_its_header_says():
    server = Server(saying(START, {"type": "http.response.pathsend", "path": "/etc/motd"}))
    server.run()

    assert server.client.last["response.size"] == 2


def test_headers_may_be_any_iterable_of_pairs():
    def start():
        return {
            "type": "http.response.start",
            "status": 200,
            "headers": ([b"A", b"b"] for _ in "x"),
        }

    server = Server(saying(start(), LAST), ADDING)

    assert server.run()[0]["headers"] == [[b"A", b"b"], (b"x-a", b"1")]
    assert server.client.last["response.headers"] == {":status": "200", "a": "b", "x-a": "1"}


def test_an_application_that_fails_before_its_response_is_reported_with_500():
    async def app(scope, receive, send):
        raise LookupError("lost")

    server = Server(app)
    with pytest.raises(LookupError, match="lost"):
        server.run()

    assert outcome(server.client) == (500, "-")


def test_an_application_that_fails_in_the_middle_of_its_response_is_told_apart():
    async def app(scope, receive, send):
        await send(START)
        raise LookupError("lost")

    server = Server(app)
    with pytest.raises(LookupError, match="lost"):
        server.run()

    assert outcome(server.client) == (200, "UC")


def test_a_client_that_leaves_before_the_response_has_ended_is_told():
    async def app(scope, receive, send):
        await send(START)
        await receive()

    server = Server(app, given=[{"type": "http.disconnect"}])
    server.run()

    assert outcome(server.client) == (200, "DC")


def test_a_client_that_leaves_afterwards_is_not():
    async def app(scope, receive, send):
        await send(START)
        await send(LAST)
        await receive()

    server = Server(app, given=[{"type": "http.disconnect"}])
    server.run()

    assert outcome(server.client) == (200, "-")


def test_a_server_that_cannot_send_says_that_the_client_has_left():
    server = Server(saying(START, LAST))

    async def send(message):
        raise OSError

    server.send = send
    with pytest.raises(OSError):
        server.run()

    assert outcome(server.client) == (200, "DC")


def test_a_task_that_is_cancelled_during_the_check_ends_the_check_and_is_reported():
    async def cancelled():
        waiting = asyncio.get_running_loop().create_future()
        server = Server(saying(START, LAST), [waiting])
        serving = asyncio.ensure_future(server.serve())
        await asyncio.sleep(0)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
        return waiting.cancelled(), server

    was_cancelled, server = asyncio.run(cancelled())
    assert was_cancelled
    assert server.said == []
    assert outcome(server.client) == (500, "DC")
    assert "check.cache_hit" not in server.client.last


def test_a_server_that_knows_of_a_clients_certificate_makes_it_mutual():
    def mtls(**tls):
        server = Server(saying(START, LAST))
        server.run(HTTP | {"extensions": {"tls": {"tls_version": 0x304, **tls}}})
        [(asked, _)] = server.client.asked
        return asked["connection.mtls"]

    assert mtls(client_cert_chain=["-----BEGIN CERTIFICATE-----"])
    assert not mtls(client_cert_chain=[])


# WebSockets
ACCEPT = {"type": "websocket.accept"}
CONVERSATION = (ACCEPT, {"type": "websocket.send", "text": "\xe9"}, {"type": "websocket.close"})


async def chat(scope, receive, send):
    """Accepts, then listens until the client leaves."""
    await receive()
    await send(ACCEPT)
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": b"heard"})


def test_a_websocket_is_checked_when_it_is_opened():
    server = Server(saying(*CONVERSATION), ADDING)

    accepted = ACCEPT | {"headers": [(b"x-a", b"1")]}
    assert server.run(SOCKET) == [accepted, *CONVERSATION[1:]]
    [(asked, _)] = server.client.asked
    assert (asked["request.method"], asked["request.scheme"]) == ("GET", "https")


def test_a_websocket_is_reported_when_the_client_closes_it():
    said = [
        {"type": "websocket.receive", "text": "h\xe9"},
        {"type": "websocket.receive", "bytes": b"1"},
    ]
    given = [{"type": "websocket.connect"}, *said, {"type": "websocket.disconnect", "code": 1000}]
    server = Server(chat, given=given)
    server.run(SOCKET)

    report = server.client.last
    assert outcome(server.client) == (101, "-")
    assert (report["request.size"], report["response.size"]) == (4, 10)


def test_a_websocket_that_the_application_refuses_is_reported_with_403():
    server = Server(saying({"type": "websocket.close"}))
    server.run(SOCKET)

    assert outcome(server.client) == (403, "-")


def test_a_denied_websocket_is_closed_before_it_is_accepted():
    server = Server(saying(*CONVERSATION), Verdict(DENIED))

    assert server.run(SOCKET) == [{"type": "websocket.close", "code": 1008}]
    assert outcome(server.client) == (403, "UAEX")


def test_a_denied_websocket_is_answered_if_the_server_can():
    server = Server(saying(*CONVERSATION), Verdict(DENIED))
    headers = [(b"content-length", b"20"), (b"content-type", b"text/plain")]

    assert server.run(DENIABLE) == [
        {"type": "websocket.http.response.start", "status": 403, "headers": headers},
        {"type": "websocket.http.response.body", "body": b"PERMISSION_DENIED:no"},
    ]
    assert server.client.last["response.size"] == 20


def test_a_websocket_that_is_not_checked_is_opened():
    server = Server(saying(*CONVERSATION), options=FilterOptions(is_checked=False))

    assert server.run(SOCKET)[1:] == [*CONVERSATION[1:]]


def test_pseudo_headers_change_a_websocket_but_for_its_method():
    changes = (
        HeaderChange(":path", "/there?a", Operation.REPLACE),
        HeaderChange(":method", "POST", Operation.REPLACE),
        HeaderChange(":scheme", "http", Operation.REPLACE),
    )
    seen = []

    async def app(scope, receive, send):
        seen.append(scope)

    Server(app, Verdict(directive=RouteDirective(changes))).run(SOCKET)

    assert seen == [
        SOCKET
        | {"path": "/there", "raw_path": b"/there", "query_string": b"a", "scheme": "ws"}
        | {"mixer.metadata": {}}
    ]
