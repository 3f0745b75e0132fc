"""What only the WSGI middleware does; what all do is in test_http_filter.py."""

from io import BytesIO

import pytest

from mixer.status import Code, Status
from proxy_client.verdict import HeaderChange, Operation, RouteDirective, Verdict
from proxy_client.wsgi import MixerMiddleware
from tests.proxy_client.fake_client import FakeClient, clock

PLAIN = [("content-type", "text/plain")]
DENIED = Status(code=Code.CANCELLED)


class Chunks:
    """A response's body that remembers whether it was closed."""

    def __init__(self, *chunks):
        self._chunks = iter(chunks)
        self.is_closed = False

    def __iter__(self):
        return self

    def __next__(self):
        chunk = next(self._chunks)
        if isinstance(chunk, Exception):
            raise chunk
        return chunk

    def close(self):
        self.is_closed = True


class Server:
    """The other side: calls the application, and keeps what that says."""

    def __init__(self, app, *verdicts, **named):
        self.client = FakeClient(*verdicts)
        self.started = []
        self.written = []
        self._middleware = MixerMiddleware(app, self.client, clock=clock(), **named)

    def start_response(self, status, headers, exc_info=None):
        self.started.append((status, headers, exc_info))
        return self.written.append

    def call(self, body=b"", **environ):
        required = {"REQUEST_METHOD": "GET", "wsgi.input": BytesIO(body)}
        return self._middleware({**required, **environ}, self.start_response)


def answering(chunks, status="200 OK"):
    def app(environ, start_response):
        start_response(status, PLAIN)
        return chunks

    return app


def outcome(client):
    """Code and flags of the only report."""
    return client.last["response.code"], client.last["context.proxy_error_code"]


def asked(**environ):
    """The attributes of a Check."""
    server = Server(answering([]))
    server.call(**environ).close()
    [(attributes, _)] = server.client.asked
    return attributes


def seen(*changes, **environ):
    """The environment that an application sees after changes, but for what is always there."""
    found = {}

    def app(environ, start_response):
        found.update(environ)
        return []

    Server(app, Verdict(directive=RouteDirective(changes))).call(**environ).close()
    return {key: found[key] for key in found.keys() - {"wsgi.input", "mixer.metadata"}}


def test_the_report_is_made_when_the_response_is_closed_after_the_application_closed_it():
    chunks = Chunks(b"a", b"bc")
    server = Server(answering(chunks))
    body = server.call()

    assert list(body) == [b"a", b"bc"]
    assert (chunks.is_closed, server.client.told) == (False, [])
    body.close()
    assert chunks.is_closed
    assert outcome(server.client) == (200, "-")
    assert server.client.last["response.size"] == 3


def test_a_response_is_made_piece_by_piece_as_the_server_asks_for_it():
    made = []

    def chunks():
        for chunk in (b"a", b"b"):
            made.append(chunk)
            yield chunk

    body = Server(answering(chunks())).call()

    assert made == []
    assert next(body) == b"a"
    assert made == [b"a"]
    body.close()


def test_an_application_may_start_its_response_as_late_as_with_the_first_piece():
    def app(environ, start_response):
        start_response("201 Created", PLAIN)
        yield b"a"

    server = Server(app)
    body = server.call()

    assert server.started == []
    assert list(body) == [b"a"]
    body.close()
    assert server.started == [("201 Created", PLAIN, None)]
    assert outcome(server.client) == (201, "-")


def test_a_response_that_is_closed_too_early_was_not_wanted_any_more():
    server = Server(answering([b"a", b"b"]))
    body = server.call()
    next(body)
    body.close()

    assert outcome(server.client) == (200, "DC")


def test_a_response_may_be_written():
    def app(environ, start_response):
        write = start_response("200 OK", PLAIN)
        write(b"ab")
        return [b"c"]

    server = Server(app)
    body = server.call()

    assert [*server.written, *body] == [b"ab", b"c"]
    body.close()
    assert server.client.last["response.size"] == 3


def test_an_application_that_fails_is_reported_with_500():
    def app(environ, start_response):
        start_response("200 OK", PLAIN)
        raise LookupError("lost")

    server = Server(app)
    with pytest.raises(LookupError, match="lost"):
        server.call()

    assert outcome(server.client) == (500, "-")


@pytest.mark.parametrize(
    ("chunks", "wanted"),
    [(Chunks(LookupError()), (500, "-")), (Chunks(b"a", LookupError()), (200, "UC"))],
)
def test_a_response_that_fails_is_told_apart_if_it_had_begun(chunks, wanted):
    server = Server(answering(chunks))
    body = server.call()
    with pytest.raises(LookupError):
        list(body)
    body.close()

    assert outcome(server.client) == wanted


def test_an_application_may_start_another_response_when_it_has_failed():
    failed = (LookupError, LookupError("lost"), None)

    def app(environ, start_response):
        start_response("200 OK", PLAIN)
        start_response("503 Sorry", [], failed)
        return []

    server = Server(app)
    body = server.call()
    assert list(body) == []
    body.close()

    assert server.started == [("200 OK", PLAIN, None), ("503 Sorry", [], failed)]
    assert outcome(server.client) == (503, "-")


def test_a_status_without_a_phrase_gets_one():
    server = Server(answering([]), Verdict(DENIED))
    server.call().close()

    assert server.started[0][0] == "499 Unknown"


def test_a_body_is_counted_however_it_is_read():
    def app(environ, start_response):
        stream = environ["wsgi.input"]
        parts = [
            stream.read(2),
            stream.readline(),
            stream.readline(1),
            *stream.readlines(1),
            *stream,
        ]
        start_response("200 OK", PLAIN)
        return parts

    server = Server(app)
    body = server.call(b"a\nb\ncd\ne\nf\n")

    assert list(body) == [b"a\n", b"b\n", b"c", b"d\n", b"e\n", b"f\n"]
    body.close()
    assert server.client.last["request.size"] == 11


def test_headers_that_have_names_of_their_own_are_found():
    environ = {"CONTENT_TYPE": "application/grpc", "CONTENT_LENGTH": "7", "HTTP_X_A": "1"}

    attributes = asked(**environ)
    assert attributes["request.headers"] == {
        ":method": "GET",
        "content-type": "application/grpc",
        "content-length": "7",
        "x-a": "1",
    }
    assert attributes["context.protocol"] == "grpc"
    assert "content-type" not in asked(CONTENT_TYPE="")["request.headers"]


def test_the_path_has_where_the_application_is_mounted():
    found = asked(SCRIPT_NAME="/shop", PATH_INFO="/caf\xc3\xa9", QUERY_STRING="q=%C3%A9&r=\xc3\xa9")

    assert found["request.path"] == "/shop/caf%C3%A9?q=%C3%A9&r=\xe9"
    assert found["request.query_params"] == {"q": "\xe9", "r": "\xe9"}


@pytest.mark.parametrize("port", ["", "http"])
def test_a_server_may_be_vague_about_its_client(port):
    found = asked(REMOTE_ADDR="10.0.0.9", REMOTE_PORT=port)

    assert found["origin.ip"] == b"\x0a\0\0\x09"
    assert "origin.ip" not in asked(REMOTE_ADDR="")


def change(name, value, operation=Operation.REPLACE):
    return HeaderChange(name, value, operation)


def test_changes_keep_to_the_names_of_wsgi():
    changed = seen(
        change("content-type", "text/html"),
        change("x-a-b", "caf\xe9"),
        change("cookie", "b=2", Operation.APPEND),
        change("accept", "text/*", Operation.APPEND),
        change("x-new", "1", Operation.APPEND),
        change("content-length", "", Operation.REMOVE),
        CONTENT_TYPE="text/plain",
        CONTENT_LENGTH="1",
        HTTP_COOKIE="a=1",
        HTTP_ACCEPT="*/*",
    )

    assert changed == {
        "REQUEST_METHOD": "GET",
        "CONTENT_TYPE": "text/html",
        "HTTP_X_A_B": "caf\xc3\xa9",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_ACCEPT": "*/*,text/*",
        "HTTP_X_NEW": "1",
    }


@pytest.mark.parametrize(
    ("path", "mount", "rest"),
    [
        ("/shop/a", "/shop", "/a"),
        ("/shop", "/shop", ""),
        ("/shopping", "", "/shopping"),
        ("/", "", "/"),
    ],
)
def test_a_changed_path_stays_where_the_application_is_mounted_if_it_can(path, mount, rest):
    here = {"SCRIPT_NAME": "/shop", "PATH_INFO": "/b", "QUERY_STRING": "c", "RAW_URI": "/shop/b?c"}

    assert seen(change(":path", path), **here) == {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": mount,
        "PATH_INFO": rest,
        "QUERY_STRING": "",
        "RAW_URI": path,
    }


def test_the_scheme_can_change():
    assert seen(change(":scheme", "https"))["wsgi.url_scheme"] == "https"
