"""What attributes Envoy's CheckRequests have."""

import pytest
from envoy.service.auth.v3.external_auth_pb2 import CheckRequest
from google.protobuf import text_format

from mixer.api.ext_authz_v3.attributes import ROWS
from mixer.api.mapping import MappedBag, readers
from mixer.attribute.bag import StringMap
from mixer.attribute.value import Timestamp

READERS = readers(*ROWS)


def attributes_of(text):
    """All attributes of the AttributeContext that the text is of."""
    request = CheckRequest()
    text_format.Parse(text, request.attributes)
    bag = MappedBag(request, READERS)
    return {
        name: value.entries if isinstance(value, StringMap) else value
        for name in READERS
        if (value := bag[name]) is not None
    }


def http(text):
    """The attributes of an HTTP request."""
    return attributes_of("request { http { " + text + " } }")


WHOLE = """
source {
  address { socket_address { address: "10.1.2.3" port_value: 40112 } }
  service: "shop"
  labels { key: "app" value: "shop" }
  principal: "spiffe://cluster.local/ns/front/sa/shop"
  certificate: "-----BEGIN"
}
destination {
  address { socket_address { address: "2001:db8::7" port_value: 8443 } }
  service: "books.back"
  labels { key: "app" value: "books" }
  principal: "spiffe://cluster.local/ns/back/sa/books"
}
request {
  time { seconds: 1559383200 nanos: 123456000 }
  http {
    id: "13073628213116889988"
    method: "POST"
    headers { key: ":authority" value: "books.example" }
    headers { key: "content-length" value: "15" }
    headers { key: "content-type" value: "text/plain" }
    headers { key: "referer" value: "https://shop.example/" }
    headers { key: "user-agent" value: "curl/8" }
    headers { key: "x-request-id" value: "d50375a9" }
    path: "/books?a=1&b=%20&a=2"
    host: "books.example"
    scheme: "https"
    size: 10
    protocol: "HTTP/1.1"
    body: "hello"
  }
}
context_extensions { key: "destination.namespace" value: "back" }
context_extensions { key: "tier" value: "gold" }
metadata_context {
  filter_metadata {
    key: "envoy.filters.http.jwt_authn"
    value {
      fields {
        key: "payload"
        value { struct_value {
          fields { key: "iss" value { string_value: "https://id.example" } }
          fields { key: "sub" value { string_value: "jane" } }
        } }
      }
    }
  }
}
route_metadata_context {
  filter_metadata {
    key: "shop"
    value { fields { key: "beta" value { bool_value: true } } }
  }
}
tls_session { sni: "books.example" }
"""


def test_a_whole_request():
    moment = Timestamp.parse("2019-06-01T10:00:00.123456Z")
    v6 = bytes.fromhex("20010db8000000000000000000000007")
    assert attributes_of(WHOLE) == {
        "api.protocol": "https",
        "connection.mtls": True,
        "connection.requested_server_name": "books.example",
        "context.extensions": {"destination.namespace": "back", "tier": "gold"},
        "context.metadata": {
            "envoy.filters.http.jwt_authn/payload/iss": "https://id.example",
            "envoy.filters.http.jwt_authn/payload/sub": "jane",
        },
        "context.protocol": "http",
        "context.route_metadata": {"shop/beta": "true"},
        "context.time": moment,
        "context.timestamp": moment,
        "destination.ip": v6,
        "destination.labels": {"app": "books"},
        "destination.namespace": "back",
        "destination.port": 8443,
        "destination.principal": "cluster.local/ns/back/sa/books",
        "destination.service": "books.back",
        "destination.service.host": "books.back",
        "destination.user": "cluster.local/ns/back/sa/books",
        "origin.ip": bytes([10, 1, 2, 3]),
        "request.auth.claims": {"iss": "https://id.example", "sub": "jane"},
        "request.auth.principal": "https://id.example/jane",
        "request.auth.raw_claims": '{"iss":"https://id.example","sub":"jane"}',
        "request.body": "hello",
        "request.headers": {
            ":authority": "books.example",
            "content-length": "15",
            "content-type": "text/plain",
            "referer": "https://shop.example/",
            "user-agent": "curl/8",
            "x-request-id": "d50375a9",
        },
        "request.host": "books.example",
        "request.id": "d50375a9",
        "request.method": "POST",
        "request.path": "/books?a=1&b=%20&a=2",
        "request.protocol": "HTTP/1.1",
        "request.query_params": {"a": "1", "b": " "},
        "request.referer": "https://shop.example/",
        "request.scheme": "https",
        "request.size": 15,
        "request.time": moment,
        "request.url_path": "/books",
        "request.useragent": "curl/8",
        "source.ip": bytes([10, 1, 2, 3]),
        "source.labels": {"app": "shop"},
        "source.namespace": "front",
        "source.port": 40112,
        "source.principal": "cluster.local/ns/front/sa/shop",
        "source.service": "shop",
        "source.user": "cluster.local/ns/front/sa/shop",
    }


def test_an_empty_request_is_one_of_tcp_without_a_certificate():
    assert attributes_of("") == {"connection.mtls": False, "context.protocol": "tcp"}


def test_an_empty_http_request_has_defaults():
    assert http("") == {
        "api.protocol": "http",
        "connection.mtls": False,
        "context.protocol": "http",
        "request.host": "",
        "request.path": "",
        "request.scheme": "http",
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.attribute} of {row.path}")
def test_every_row_reads_an_absent_field_as_nothing_or_as_a_default(row):
    value = row.read(CheckRequest())

    assert value is None or (row.attribute, value) in {
        ("connection.mtls", False),
        ("context.protocol", "tcp"),
    }


def test_all_rows_of_an_attribute_have_one_type():
    types = {}
    for row in ROWS:
        types.setdefault(row.attribute, set()).add(row.value_type)
    assert {name for name, kinds in types.items() if len(kinds) > 1} == set()


PEERS = [
    # a socket's path is no address of the vocabulary
    ('source { address { pipe { path: "/run/x" } } }', {}),
    # one that can't be read is none; its port still is
    (
        'source { address { socket_address { address: "nowhere" port_value: 1 } } }',
        {"source.port": 1},
    ),
    # a subject, when the certificate has no name of the URI kind
    (
        'source { principal: "CN=/ns/kube-system/" }',
        {
            "connection.mtls": True,
            "source.principal": "CN=/ns/kube-system/",
            "source.user": "CN=/ns/kube-system/",
        },
    ),
    # a trust domain alone
    (
        'source { principal: "spiffe://example.org/ns/a" }',
        {
            "connection.mtls": True,
            "source.principal": "example.org/ns/a",
            "source.user": "example.org/ns/a",
        },
    ),
    # a certificate without names
    ('source { certificate: "-----BEGIN" }', {"connection.mtls": True}),
    # the server's certificate says nothing about the client
    (
        'destination { principal: "books" }',
        {"destination.principal": "books", "destination.user": "books"},
    ),
]


@pytest.mark.parametrize(("text", "wanted"), PEERS)
def test_peers(text, wanted):
    assert attributes_of(text) == {
        "connection.mtls": False,
        "context.protocol": "tcp",
        **wanted,
    }


def test_what_the_owner_of_the_proxy_says_goes_before_what_the_peer_says():
    found = attributes_of("""
        source { service: "admin" principal: "spiffe://x/ns/forged/sa/y" }
        destination { service: "books" }
        context_extensions { key: "source.service" value: "guest" }
        context_extensions { key: "source.namespace" value: "front" }
        context_extensions { key: "destination.service.host" value: "books.example" }
    """)
    assert {
        name: found[name]
        for name in (
            "source.service",
            "source.namespace",
            "destination.service",
            "destination.service.host",
        )
    } == {
        "source.service": "guest",
        "source.namespace": "front",
        "destination.service": "books",
        "destination.service.host": "books.example",
    }


@pytest.mark.parametrize("name", ["source.principal", "request.auth.principal", "source.ip"])
def test_extensions_do_not_stand_for_what_was_verified(name):
    found = attributes_of(f'context_extensions {{ key: "{name}" value: "10.0.0.1" }}')

    assert found == {
        "connection.mtls": False,
        "context.extensions": {name: "10.0.0.1"},
        "context.protocol": "tcp",
    }


RAW = r"""
header_map {
  headers { key: ":path" raw_value: "/" }
  headers { key: "content-length" raw_value: "7" }
  headers { key: "content-type" raw_value: "application/grpc" }
  headers { key: "user-agent" raw_value: "caf\351 \303\251" }
  headers { key: "x-request-id" raw_value: "id" }
  headers { key: "x-role" raw_value: "guest" }
  headers { key: "x-role" raw_value: "admin" }
  headers { key: "x-text" value: "text" }
}
"""


def test_raw_headers_mean_what_others_do():
    assert http(RAW) == {
        "api.protocol": "grpc",
        "connection.mtls": False,
        "context.protocol": "grpc",
        "request.headers": {
            ":path": "/",
            "content-length": "7",
            "content-type": "application/grpc",
            "user-agent": "caf\ufffd é",
            "x-request-id": "id",
            "x-role": "guest,admin",
            "x-text": "text",
        },
        "request.host": "",
        "request.id": "id",
        "request.path": "",
        "request.scheme": "http",
        "request.size": 7,
        "request.useragent": "caf\ufffd é",
    }


@pytest.mark.parametrize(
    ("content_type", "protocol"),
    [
        ("application/grpc", "grpc"),
        ("application/grpc+proto", "grpc"),
        ("application/grpc+json", "grpc"),
        ("application/grpc-web", "http"),
        ("application/json", "http"),
    ],
)
def test_the_content_type_tells_grpc(content_type, protocol):
    found = http(f'headers {{ key: "content-type" value: "{content_type}" }}')

    assert (found["context.protocol"], found["api.protocol"]) == (protocol, protocol)


SIZES = [
    ("size: 10", 10),
    # not known, as Envoy says it; or not yet
    ("size: -1", None),
    ("size: 0", None),
    # the whole length goes before what has come so far
    ('size: 10 headers { key: "content-length" value: "99" }', 99),
    ('size: -1 headers { key: "content-length" value: "0" }', 0),
    # lengths that are none
    ('size: 10 headers { key: "content-length" value: "9,9" }', 10),
    ('size: 10 headers { key: "content-length" value: "-9" }', 10),
    ('headers { key: "content-length" value: "٣" }', None),
    ('headers { key: "content-length" value: "9999999999999999999" }', None),
]


@pytest.mark.parametrize(("text", "wanted"), SIZES)
def test_sizes(text, wanted):
    assert http(text).get("request.size") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('body: "caf!"', "caf!"),
        (r'raw_body: "caf\303\251"', "café"),
        (r'raw_body: "\377"', "\ufffd"),
        ('raw_body: ""', None),
    ],
)
def test_bodies(text, wanted):
    assert http(text).get("request.body") == wanted


def test_without_a_header_the_id_is_the_one_that_envoy_gave_the_stream():
    assert http('id: "17"')["request.id"] == "17"
