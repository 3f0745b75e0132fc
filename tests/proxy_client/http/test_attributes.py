import pytest

from mixer.attribute.value import Timestamp
from proxy_client.http.attributes import check_attributes
from proxy_client.http.forwarded import encode_forwarded
from proxy_client.http.message import HttpRequest, Tls
from proxy_client.http.service import HttpService

NOW = Timestamp.parse("2019-06-01T10:00:00Z")
HEADERS = [("host", "localhost"), ("accept", "*/*")]
REQUEST = HttpRequest(method="GET", path="/books", headers=HEADERS, client=("1.2.3.4", 8080))
PEER = (("URI", "spiffe://cluster.local/ns/shop/sa/frontend"),)
LOCAL = (("URI", "spiffe://cluster.local/ns/shop/sa/cart"),)


def attributes(request=REQUEST, service=HttpService(), **changes):  # noqa: B008
    return check_attributes(request._replace(**changes), service, NOW)


def forwarding(request=REQUEST, **values):
    """The request with these attributes in its header; `__` stands for a dot."""
    sent = {name.replace("__", "."): value for name, value in values.items()}
    return [*request.headers, ("x-istio-attributes", encode_forwarded(sent))]


def test_a_plain_request_has_the_attributes_that_every_request_has():
    assert attributes() == {
        "request.headers": {
            "accept": "*/*",
            ":authority": "localhost",
            ":method": "GET",
            ":path": "/books",
        },
        "request.host": "localhost",
        "request.method": "GET",
        "request.path": "/books",
        "request.url_path": "/books",
        "request.scheme": "http",
        "request.time": NOW,
        "context.protocol": "http",
        "origin.ip": b"\x01\x02\x03\x04",
        "connection.mtls": False,
    }


def test_a_request_of_which_nothing_is_known_has_the_defaults():
    assert attributes(HttpRequest(method="", path="", headers=[])) == {
        "request.host": "",
        "request.path": "",
        "request.scheme": "http",
        "request.time": NOW,
        "context.protocol": "http",
        "connection.mtls": False,
    }


# HB2
def test_certificates_say_who_both_sides_are_when_nothing_else_does():
    tls = Tls(peer_names=PEER, local_names=LOCAL, requested_server_name="cart.shop")

    assert attributes(tls=tls) == attributes() | {
        "connection.mtls": True,
        "connection.requested_server_name": "cart.shop",
        "source.principal": "cluster.local/ns/shop/sa/frontend",
        "destination.principal": "cluster.local/ns/shop/sa/cart",
    }


def test_tls_without_a_certificate_of_the_client_is_not_mutual():
    assert attributes(tls=Tls(local_names=LOCAL)) == attributes() | {
        "destination.principal": "cluster.local/ns/shop/sa/cart"
    }
    assert attributes(tls=Tls(peer_names=()))["connection.mtls"] is True


# HB3
def test_who_is_authenticated_goes_before_the_certificate():
    tls = Tls(peer_names=PEER)
    found = {"request.auth.principal": "issuer/subject", "source.user": "a/ns/b/sa/c"}

    assert attributes(tls=tls, metadata={"istio_authn": found}) == attributes() | {
        "connection.mtls": True,
        "request.auth.principal": "issuer/subject",
        "source.user": "a/ns/b/sa/c",
        "source.namespace": "b",
    }


def test_the_last_of_repeated_headers_counts():
    headers = [("via", "1"), ("via", "2"), ("referer", "/a"), ("user-agent", "curl")]

    found = attributes(headers=headers, host="cart:8080", scheme="https")

    assert found == attributes() | {
        "request.headers": {
            "via": "2",
            "referer": "/a",
            "user-agent": "curl",
            ":authority": "cart:8080",
            ":method": "GET",
            ":path": "/books",
        },
        "request.host": "cart:8080",
        "request.scheme": "https",
        "request.referer": "/a",
        "request.useragent": "curl",
    }


@pytest.mark.parametrize(
    ("content_type", "protocol"),
    [
        ("application/grpc", "grpc"),
        ("application/grpc+proto", "grpc"),
        ("application/grpc+json", "grpc"),
        ("application/grpc-web", "http"),
        ("application/grpc; charset=utf-8", "http"),
        ("application/json", "http"),
    ],
)
def test_the_content_type_says_whether_it_is_grpc(content_type, protocol):
    found = attributes(headers=[("content-type", content_type)])

    assert found["context.protocol"] == protocol


def test_a_path_with_a_query_is_taken_apart():
    found = attributes(path="/books?id=1&id=2&q=%C3%A9t%C3%A9+a&flag")

    assert found["request.path"] == "/books?id=1&id=2&q=%C3%A9t%C3%A9+a&flag"
    assert found["request.url_path"] == "/books"
    assert found["request.query_params"] == {"id": "1", "q": "été a", "flag": ""}


@pytest.mark.parametrize("path", ["/books?", "/books?&", "/books"])
def test_a_path_without_parameters_has_no_map_of_them(path):
    found = attributes(path=path)

    assert found["request.url_path"] == "/books"
    assert "request.query_params" not in found


@pytest.mark.parametrize(
    ("address", "packed"),
    [
        ("10.8.3.21", b"\x0a\x08\x03\x15"),
        ("::1", bytes(15) + b"\x01"),
        ("fe80::1%eth0", b"\xfe\x80" + bytes(13) + b"\x01"),
        ("", None),
        ("/run/socket", None),
        ("localhost", None),
        ("10.8.3.21\0", None),
        ("1.2.3.4é", None),
    ],
)
def test_an_address_is_its_bytes(address, packed):
    assert attributes(client=(address, None)).get("origin.ip") == packed


# HH4: those known before are there, and the request overwrites them.
def test_what_is_known_before_is_overwritten_by_the_request():
    service = HttpService(
        attributes={"destination.uid": "cart", "request.host": "known", "request.referer": "known"}
    )

    assert attributes(service=service) == attributes() | {
        "destination.uid": "cart",
        "request.referer": "known",  # of which this request says nothing
    }
    assert service.attributes["request.host"] == "known"


# HH10
def test_what_is_handed_on_overwrites_what_is_known_but_only_by_six_names():
    service = HttpService(attributes={"source.uid": "own", "destination.uid": "own"})
    headers = forwarding(source__uid="handed on", destination__uid="handed on")

    assert attributes(service=service, headers=headers) == attributes() | {
        "source.uid": "handed on",
        "destination.uid": "own",
    }


# HH11, G11
def test_a_gateway_believes_nothing_that_is_handed_on_and_shows_it_to_nobody():
    service = HttpService(attributes={"source.uid": "own"}, ignores_forwarded=True)

    found = attributes(service=service, headers=forwarding(source__uid="handed on"))

    assert found == attributes() | {"source.uid": "own"}


def test_a_header_that_can_not_be_read_changes_nothing():
    headers = [*HEADERS, ("x-istio-attributes", "not base64")]

    assert attributes(headers=headers) == attributes()


def test_of_several_headers_that_hand_on_the_first_counts():
    headers = forwarding(source__uid="first") + forwarding(source__uid="second")[-1:]

    assert attributes(headers=headers) == attributes() | {"source.uid": "first"}
