"""What attributes Envoy's access log entries have."""

import pytest
from envoy.data.accesslog.v3.accesslog_pb2 import HTTPAccessLogEntry, TCPAccessLogEntry
from envoy.service.accesslog.v3.als_pb2 import StreamAccessLogsMessage
from google.protobuf import text_format
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from mixer.api.access_log_v3.attributes import HTTP_ROWS, TCP_ROWS
from mixer.api.access_log_v3.entry import NOBODY, HttpEntry, Origin, TcpEntry
from mixer.api.mapping import MappedBag, readers
from mixer.attribute.bag import StringMap
from mixer.attribute.value import Duration, Timestamp

HTTP = readers(*HTTP_ROWS)
TCP = readers(*TCP_ROWS)
RECEIVED_AT = Timestamp.parse("2019-06-01T10:00:05Z")

ORIGIN = Origin.of(
    text_format.Parse(
        """
        log_name: "mesh"
        node {
          id: "sidecar~10.0.0.7~books-v1.back"
          cluster: "books.back"
          locality { region: "eu" zone: "eu-1" sub_zone: "a" }
          metadata {
            fields { key: "NAMESPACE" value { string_value: "back" } }
            fields {
              key: "LABELS"
              value { struct_value { fields { key: "app" value { string_value: "books" } } } }
            }
          }
          user_agent_build_version { version { major_number: 1 minor_number: 40 } }
        }
        """,
        StreamAccessLogsMessage.Identifier(),
    )
)
OF_ORIGIN = {
    "context.reporter.uid": "sidecar~10.0.0.7~books-v1.back",
    "context.proxy_version": "1.40.0",
    "xds.node.cluster": "books.back",
    "xds.node.locality.region": "eu",
    "xds.node.locality.zone": "eu-1",
    "xds.node.locality.sub_zone": "a",
    "xds.node.metadata": {"NAMESPACE": "back", "LABELS/app": "books"},
    "access_log.name": "mesh",
    "context.time": RECEIVED_AT,
    "context.timestamp": RECEIVED_AT,
}

COMMON = """
downstream_remote_address { socket_address { address: "203.0.113.9" port_value: 1 } }
downstream_direct_remote_address { socket_address { address: "10.1.2.3" port_value: 40112 } }
downstream_local_address { socket_address { address: "10.0.0.7" port_value: 8443 } }
upstream_remote_address { socket_address { address: "2001:db8::7" port_value: 9080 } }
upstream_local_address { socket_address { address: "10.0.0.7" port_value: 51000 } }
upstream_cluster: "inbound|9080"
start_time { seconds: 1559383200 nanos: 500000000 }
duration { nanos: 20000000 }
time_to_last_downstream_tx_byte { nanos: 10000000 }
stream_id: "b0f1d7e6"
upstream_request_attempt_count: 2
upstream_transport_failure_reason: "TLS_error"
downstream_transport_failure_reason: "TLS_error:none"
connection_termination_details: "rbac_access_denied"
custom_tags { key: "team" value: "blue" }
tls_properties {
  tls_version: TLSv1_3
  tls_sni_hostname: "books.example"
  local_certificate_properties {
    subject_alt_name { uri: "spiffe://cluster.local/ns/back/sa/books" }
    subject: "CN=books"
  }
  peer_certificate_properties {
    subject_alt_name { dns: "shop.front" }
    subject_alt_name { uri: "spiffe://cluster.local/ns/front/sa/shop" }
    subject: "CN=shop"
  }
}
response_flags { upstream_connection_failure: true upstream_retry_limit_exceeded: true }
"""
OF_COMMON = {
    "source.ip": bytes([10, 1, 2, 3]),
    "source.port": 40112,
    "origin.ip": bytes([203, 0, 113, 9]),
    "source.principal": "cluster.local/ns/front/sa/shop",
    "source.user": "cluster.local/ns/front/sa/shop",
    "source.namespace": "front",
    "destination.ip": bytes.fromhex("20010db8000000000000000000000007"),
    "destination.port": 9080,
    "destination.principal": "cluster.local/ns/back/sa/books",
    "destination.user": "cluster.local/ns/back/sa/books",
    "connection.mtls": True,
    "connection.requested_server_name": "books.example",
    "connection.tls_version": "TLSv1.3",
    "connection.subject_peer_certificate": "CN=shop",
    "connection.subject_local_certificate": "CN=books",
    "connection.termination_details": "rbac_access_denied",
    "connection.transport_failure_reason": "TLS_error:none",
    "upstream.address": "[2001:db8::7]:9080",
    "upstream.port": 9080,
    "upstream.local_address": "10.0.0.7:51000",
    "upstream.transport_failure_reason": "TLS_error",
    "upstream.request_attempt_count": 2,
    "xds.cluster_name": "inbound|9080",
    "context.custom_tags": {"team": "blue"},
    "context.proxy_error_code": "UF,URX",
}


def all_of(message, mapping):
    bag = MappedBag(message, mapping)
    return {
        name: value.entries if isinstance(value, StringMap) else value
        for name in mapping
        if (value := bag[name]) is not None
    }


def http(text, origin=NOBODY):
    """All attributes of the HTTP entry that the text is of."""
    entry = text_format.Parse(text, HTTPAccessLogEntry())
    return all_of(HttpEntry.of(entry, origin, RECEIVED_AT), HTTP)


def tcp(text, moved=(0, 0), origin=NOBODY):
    """All attributes of the TCP entry that the text is of."""
    entry = text_format.Parse(text, TCPAccessLogEntry())
    return all_of(TcpEntry.of(entry, origin, RECEIVED_AT, moved), TCP)


def common(text):
    """The attributes of an HTTP entry with these common properties."""
    return http("common_properties { " + text + " }")


WHOLE_HTTP = (
    "common_properties { access_log_type: DownstreamEnd route_name: 'books' " + COMMON + "}"
    """
    protocol_version: HTTP2
    request {
      request_method: POST
      scheme: "https"
      authority: "books.example"
      path: "/v2/list?a=1"
      original_path: "/books?a=1&b=%20&a=2"
      user_agent: "curl/8"
      referer: "https://shop.example/"
      forwarded_for: "203.0.113.9"
      request_id: "d50375a9"
      request_headers_bytes: 100
      request_body_bytes: 15
      request_headers { key: "x-test" value: "one,two" }
      request_headers { key: "content-type" value: "application/grpc" }
    }
    response {
      response_code { value: 200 }
      response_headers_bytes: 50
      response_body_bytes: 7
      response_headers { key: "server" value: "envoy" }
      response_headers { key: "grpc-status" value: "0" }
      response_trailers { key: "grpc-status" value: "5" }
      response_trailers { key: "grpc-message" value: "no such book" }
      response_code_details: "via_upstream"
    }
    """
)


def test_an_http_entry_as_a_whole():
    assert http(WHOLE_HTTP, ORIGIN) == {
        **OF_ORIGIN,
        **OF_COMMON,
        "access_log.kind": "DownstreamEnd",
        "xds.route_name": "books",
        "context.protocol": "grpc",
        "request.protocol": "HTTP/2",
        "request.method": "POST",
        "request.scheme": "https",
        "request.host": "books.example",
        "request.path": "/books?a=1&b=%20&a=2",
        "request.url_path": "/books",
        "request.query_params": {"a": "1", "b": " "},
        "request.useragent": "curl/8",
        "request.referer": "https://shop.example/",
        "request.id": "d50375a9",
        "request.headers": {"x-test": "one,two", "content-type": "application/grpc"},
        "request.size": 15,
        "request.total_size": 115,
        "request.time": Timestamp.parse("2019-06-01T10:00:00.5Z"),
        "upstream.path": "/v2/list?a=1",
        "response.code": 200,
        "response.code_details": "via_upstream",
        "response.headers": {
            "server": "envoy",
            "grpc-status": "5",
            "grpc-message": "no such book",
        },
        "response.grpc_status": "5",
        "response.grpc_message": "no such book",
        "response.size": 7,
        "response.total_size": 57,
        "response.duration": Duration.parse("20ms"),
        "response.time": Timestamp.parse("2019-06-01T10:00:00.52Z"),
    }


def test_a_tcp_entry_as_a_whole():
    text = (
        "common_properties { access_log_type: TcpConnectionEnd " + COMMON + "}"
        "connection_properties { received_bytes: 1000 sent_bytes: 2000 }"
    )

    assert tcp(text, (10, 20), ORIGIN) == {
        **OF_ORIGIN,
        **OF_COMMON,
        "access_log.kind": "TcpConnectionEnd",
        "context.protocol": "tcp",
        "connection.id": "b0f1d7e6",
        "connection.event": "close",
        "connection.duration": Duration.parse("20ms"),
        "connection.received.bytes": 10,
        "connection.received.bytes_total": 1000,
        "connection.sent.bytes": 20,
        "connection.sent.bytes_total": 2000,
    }


BARE = {
    "context.time": RECEIVED_AT,
    "context.timestamp": RECEIVED_AT,
    "context.proxy_error_code": "-",
    "connection.mtls": False,
}


def test_an_http_entry_with_nothing_in_it():
    assert http("") == {
        **BARE,
        "context.protocol": "http",
        "request.host": "",
        "request.path": "",
        "request.scheme": "http",
        "request.size": 0,
        "request.total_size": 0,
        # nothing was answered
        "response.code": 500,
        "response.duration": Duration(0),
        "response.size": 0,
        "response.total_size": 0,
    }


def test_a_tcp_entry_with_nothing_in_it():
    assert tcp("") == {
        **BARE,
        "context.protocol": "tcp",
        "connection.event": "close",
        "connection.received.bytes": 0,
        "connection.received.bytes_total": 0,
        "connection.sent.bytes": 0,
        "connection.sent.bytes_total": 0,
    }


def test_only_the_end_of_a_connection_has_a_duration():
    text = "common_properties { access_log_type: TcpPeriodic time_to_last_downstream_tx_byte { seconds: 1 } }"
    attributes = tcp(text)
    assert attributes["connection.event"] == "continue"
    assert "connection.duration" not in attributes


def test_without_an_upstream_the_destination_is_the_listener():
    attributes = common(
        """
        downstream_remote_address { socket_address { address: "10.1.2.3" port_value: 40112 } }
        downstream_local_address { socket_address { address: "10.0.0.7" port_value: 8443 } }
        """
    )
    assert attributes["destination.ip"] == bytes([10, 0, 0, 7])
    assert attributes["destination.port"] == 8443
    # and without the direct peer, the source is whoever is said to be the client
    assert attributes["source.ip"] == bytes([10, 1, 2, 3])
    assert attributes["source.port"] == 40112


def test_an_upstream_behind_a_unix_socket_has_a_path():
    attributes = common('upstream_remote_address { pipe { path: "/run/app.sock" } }')
    assert attributes["upstream.address"] == "/run/app.sock"
    assert "upstream.port" not in attributes
    assert "destination.ip" not in attributes


def test_a_method_without_a_number_is_known_when_it_was_logged():
    text = 'request { request_headers { key: ":method" value: "PROPFIND" } }'
    assert http(text)["request.method"] == "PROPFIND"


def test_a_path_that_was_not_rewritten_is_the_path():
    attributes = http('request { path: "/books?q=x" }')
    assert attributes["request.path"] == "/books?q=x"
    assert attributes["request.url_path"] == "/books"
    assert attributes["request.query_params"] == {"q": "x"}


PROTOCOLS = [
    # what was logged, the protocol
    ('request { request_headers { key: "content-type" value: "application/grpc" } }', "grpc"),
    ('request { request_headers { key: "content-type" value: "application/grpc+proto" } }', "grpc"),
    ('request { request_headers { key: "content-type" value: "application/grpc+json" } }', "grpc"),
    # gRPC-Web is plain HTTP
    ('request { request_headers { key: "content-type" value: "application/grpc-web" } }', "http"),
    # the content type was not logged
    ('response { response_trailers { key: "grpc-status" value: "0" } }', "grpc"),
    ('response { response_headers { key: "grpc-status" value: "12" } }', "grpc"),
    ('response { response_headers { key: "server" value: "envoy" } }', "http"),
]


@pytest.mark.parametrize(("text", "protocol"), PROTOCOLS)
def test_grpc_is_told_from_http_by_what_was_logged(text, protocol):
    assert http(text)["context.protocol"] == protocol


def test_a_grpc_status_may_stand_in_the_headers_and_lack_a_message():
    attributes = http('response { response_headers { key: "grpc-status" value: "12" } }')
    assert attributes["response.grpc_status"] == "12"
    assert attributes["response.grpc_message"] == ""


def test_a_message_without_a_status_is_none():
    attributes = http('response { response_trailers { key: "grpc-message" value: "x" } }')
    assert "response.grpc_message" not in attributes


def test_a_request_ends_with_its_last_byte_when_the_whole_is_not_known():
    attributes = common(
        "start_time { seconds: 100 } time_to_last_downstream_tx_byte { nanos: 5000000 }"
    )
    assert attributes["response.duration"] == Duration.parse("5ms")
    assert attributes["response.time"] == Timestamp(100_005_000_000)


PEERS = [
    # certificate of the client, mutual TLS, principal, namespace
    ("", False, None, None),
    ('subject: "CN=x"', True, None, None),
    ('subject_alt_name { uri: "https://x/ns/a/b" }', True, "https://x/ns/a/b", "a"),
    ('subject_alt_name { uri: "spiffe://x/sa/b" }', True, "x/sa/b", None),
    ('subject_alt_name { uri: "spiffe://x/ns/b" }', True, "x/ns/b", None),
    ('subject_alt_name { uri: "spiffe://" }', True, None, None),
]


@pytest.mark.parametrize(("certificate", "mtls", "principal", "namespace"), PEERS)
def test_the_certificate_says_who_the_client_is(certificate, mtls, principal, namespace):
    attributes = common(f"tls_properties {{ peer_certificate_properties {{ {certificate} }} }}")
    assert attributes["connection.mtls"] is mtls
    assert attributes.get("source.principal") == principal
    assert attributes.get("source.namespace") == namespace


def test_an_older_proxy_says_its_version_as_text():
    identifier = text_format.Parse(
        'node { user_agent_version: "1.9" }', StreamAccessLogsMessage.Identifier()
    )
    assert http("", Origin.of(identifier))["context.proxy_version"] == "1.9"


BYTES = text_format.Parse(WHOLE_HTTP, HTTPAccessLogEntry()).SerializeToString()


@given(st.integers(0, len(BYTES) - 1), st.binary(min_size=1, max_size=4))
def test_any_entry_that_can_be_decoded_can_be_read(place, other):
    damaged = BYTES[:place] + other + BYTES[place + len(other) :]
    for message_type, entry_of, mapping in (
        (HTTPAccessLogEntry, HttpEntry.of, HTTP),
        (TCPAccessLogEntry, lambda *parts: TcpEntry.of(*parts, (0, 0)), TCP),
    ):
        try:
            entry = message_type.FromString(damaged)
        except DecodeError:
            continue
        assert all_of(entry_of(entry, ORIGIN, RECEIVED_AT), mapping).keys() <= mapping.keys()
