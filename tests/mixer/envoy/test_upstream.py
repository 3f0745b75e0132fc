"""What the upstream answers."""

import json
from contextlib import closing
from http.client import HTTPConnection

import pytest

from mixer.envoy.upstream import Upstream
from tests.patience import SOON_S


@pytest.fixture
def upstream():
    with Upstream([("x-own", "1"), ("x-own", "2")], status=203) as server:
        yield server


@pytest.fixture
def connection(upstream):
    with closing(HTTPConnection(upstream.address, timeout=SOON_S)) as client:
        yield client


def ask(connection, *arguments, **named):
    connection.request(*arguments, **named)
    answer = connection.getresponse()
    return answer, answer.read()


def test_it_answers_with_what_it_received(upstream, connection):
    connection.putrequest("PURGE", "/a?b=%20", skip_accept_encoding=True)
    connection.putheader("x-one", b"\xff")
    connection.putheader("X-One", "2")
    connection.putheader("Content-Length", "5")
    connection.endheaders(b"hello")
    answer = connection.getresponse()

    assert json.loads(answer.read()) == {
        "method": "PURGE",
        "path": "/a?b=%20",
        "headers": [
            ["Host", upstream.address],
            ["x-one", "ÿ"],
            ["X-One", "2"],
            ["Content-Length", "5"],
        ],
        "body_size": 5,
    }


def test_it_has_the_status_and_headers_that_were_chosen(connection):
    answer, body = ask(connection, "GET", "/")

    assert (answer.status, answer.getheaders()) == (
        203,
        [
            ("x-own", "1"),
            ("x-own", "2"),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
        ],
    )


def test_a_connection_serves_one_request_after_the_other(upstream, connection):
    # The body of each must have been read to its end.
    sizes = [
        json.loads(ask(connection, "POST", "/", body=body)[1])["body_size"]
        for body in (b"abc", b"", iter([b"in ", b"chunks"]), b"d")
    ]

    assert sizes == [3, 0, 9, 1]
    assert upstream.request_count == 4


def test_a_head_has_no_body(connection):
    answer, body = ask(connection, "HEAD", "/")

    assert (answer.status, body) == (203, b"")
    assert ask(connection, "GET", "/")[0].status == 203


def test_after_the_stop_it_does_not_listen(upstream, connection):
    with Upstream() as other:
        address = other.address

    client = HTTPConnection(address, timeout=SOON_S)
    with closing(client), pytest.raises(ConnectionRefusedError):
        client.connect()
