"""What the filter `mixer_client` in stock Envoy asks about requests: table A of Mixer's HTTP filter,
by value."""

import socket

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ResponseReceived, StreamEnded

from mixer.envoy.part import typed
from tests.certificates import certify
from tests.e2e.http_message import connect
from tests.e2e.mixer_attributes import HEADERS, PATH, SEEN, at_about_now, exact, metadata
from tests.e2e.mixer_fronts import Setup, front, fronted, fronts, fronts_of
from tests.e2e.tls import send_over_tls, with_tls

__all__ = ["front", "fronts"]  # fixtures

pytestmark = pytest.mark.envoy

INSPECTOR = typed(
    # Without it Envoy does not remember which server the client asked for.
    "envoy.filters.listener.tls_inspector",
    "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
)
AUTHN = {
    "request.auth.principal": "issuer/ann",
    "request.auth.audiences": ["first", "second"],
    "request.auth.presenter": "app",
    "request.auth.raw_claims": "{}",
    "request.auth.claims": {"iss": "issuer", "groups": ["a", 1, "b"], "exp": 5, "more": {"x": "y"}},
    "request.auth.groups": "held back",
    "source.user": "td/ns/shop/sa/ann",
    "source.principal": "",
}


def test_a_check_shows_what_the_request_says(front):
    front.send(PATH, HEADERS)
    asked = front.mixer.asked()

    at_about_now(asked, "request.time")
    assert exact(asked) == exact(SEEN)


def send_http2(address, path, headers):
    """The status of the answer to a request by HTTP/2."""
    client = H2Connection(H2Configuration(header_encoding="utf-8"))
    client.initiate_connection()
    named = {name: value for name, value in headers if name != "host"}
    pseudo = {":method": "GET", ":path": path, ":authority": "shop", ":scheme": "http"}
    client.send_headers(1, [*pseudo.items(), *named.items()], end_stream=True)
    with connect(address) as connection:
        return _status(client, connection)


def _status(client: H2Connection, connection: socket.socket):
    status = None
    while True:
        connection.sendall(client.data_to_send())
        for event in client.receive_data(connection.recv(65536)):
            if isinstance(event, ResponseReceived):
                status = int(dict(event.headers)[":status"])
            if isinstance(event, StreamEnded):
                return status


def test_a_request_by_http2_shows_the_same(front):
    assert send_http2(front.address, PATH, HEADERS) == 200
    asked = front.mixer.asked()

    at_about_now(asked, "request.time")
    assert exact(asked) == exact(SEEN)


@fronted(filters=(metadata(istio_authn=AUTHN),))
def test_what_was_authenticated_is_shown(front):
    front.send("/x")
    asked = front.mixer.asked()

    names = [name for name in asked if name.startswith(("request.auth.", "source."))]
    assert {name: asked[name] for name in names} == {
        "request.auth.principal": "issuer/ann",
        "request.auth.audiences": "first",
        "request.auth.presenter": "app",
        "request.auth.raw_claims": "{}",
        "request.auth.claims": {"iss": "issuer", "groups": "a,,b"},
        "source.user": "td/ns/shop/sa/ann",
        "source.namespace": "shop",
    }


@pytest.mark.parametrize("is_mutual", [True, False])
def test_certificates_say_who_is_there(tmp_path, is_mutual):
    server = certify(tmp_path, "server", "DNS:books.test", "URI:spiffe://td/ns/back/sa/books")
    client = certify(tmp_path, "client", "DNS:a.test", "URI:spiffe://td/ns/front/sa/shop")

    def secured(config):
        config["static_resources"]["listeners"][0]["listener_filters"] = [INSPECTOR]
        return with_tls(config, server, client)

    with fronts_of({"https": Setup()}, secured) as fronts:
        front = fronts["https"]
        answer = send_over_tls(front.address, server, client if is_mutual else None, "books.test")
        asked = front.mixer.asked()

    assert answer.status == 200
    names = (
        *("connection.mtls", "connection.requested_server_name", "destination.principal"),
        *("source.principal", "source.namespace", "request.scheme"),
    )
    client_name = "td/ns/front/sa/shop" if is_mutual else None
    assert [asked.get(name) for name in names] == [
        *(is_mutual, "books.test", "td/ns/back/sa/books", client_name, None, "https")
    ]


@fronted(manager={"common_http_protocol_options": {"max_headers_count": 200}})
def test_headers_that_are_many_or_no_utf8(front):
    lines = [(f"x-{number}", "v" * number) for number in range(100)]
    odd = [(b"x-odd", b"a\xffb\xe2\x82c\xc3\xa9"), (b"x-odd-last", b"\xed\xa0\x80")]
    front.send(b"/?q=%ff+\x25\x63\x33\x25\x61\x39", [*lines, *odd])

    wanted = {
        **dict(lines),
        "x-odd": "a\ufffdb\ufffdc\xe9",
        "x-odd-last": "\ufffd\ufffd\ufffd",
    }
    for bag in (front.mixer.asked(), front.mixer.told()):
        headers = bag["request.headers"]
        assert {name: headers[name] for name in wanted} == wanted
        assert bag["request.query_params"] == {"q": "\ufffd \xe9"}


@fronted(manager={"max_request_headers_kb": 96})
def test_headers_of_64_kib_are_shown(front):
    lines = [(f"x-{number}", f"{number % 10}" * 8192) for number in range(8)]
    assert front.send("/", lines).status == 200

    for bag in (front.mixer.asked(), front.mixer.told()):
        assert {name: bag["request.headers"][name] for name, _ in lines} == dict(lines)


def test_all_of_ten_thousand_parameters_are_shown(front):
    names = [f"{number:x}" for number in range(10_000)]
    assert front.send("/?" + "&".join(names)).status == 200

    assert front.mixer.asked()["request.query_params"] == dict.fromkeys(names, "")
