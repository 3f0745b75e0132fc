"""What today's Envoy sends for the same request of a web shop's front end.

Names, addresses and headers are those of `benchmarks.micro.requests`, so that the same rules read
the same values, as far as Envoy's protocols have a place for them.
"""

from typing import Any, Final

from envoy.config.core.v3 import address_pb2, base_pb2
from envoy.data.accesslog.v3 import accesslog_pb2
from envoy.extensions.common.ratelimit.v3 import ratelimit_pb2
from envoy.service.accesslog.v3 import als_pb2
from envoy.service.auth.v3 import attribute_context_pb2, external_auth_pb2
from envoy.service.ratelimit.v3 import rls_pb2
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.protobuf.wrappers_pb2 import UInt32Value

from benchmarks.micro.requests import QUOTA, check_attributes

ENTRIES_PER_MESSAGE: Final = 10
"""How many log entries Envoy sends at a time under some load: 16 KiB hold 10 to 20."""
_SPIFFE: Final = "spiffe://"
_PRINCIPAL: Final = "cluster.local/ns/shop/sa/"
_STARTED: Final = Timestamp(seconds=1_559_383_200, nanos=123_456_789)
_MS: Final = 1_000_000


def _address(host: str, port: int) -> address_pb2.Address:
    socket = address_pb2.SocketAddress(address=host, port_value=port)
    return address_pb2.Address(socket_address=socket)


_CLIENT: Final = _address("10.8.3.21", 52817)
_SERVER: Final = _address("10.8.1.4", 8080)


def _headers() -> dict[str, str]:
    headers: Any = check_attributes()["request.headers"]
    return dict(headers)


def _wire(message: Message) -> bytes:
    return message.SerializeToString()


def authorization_request() -> bytes:
    """A Check of external authorization."""
    http = attribute_context_pb2.AttributeContext.HttpRequest(
        id="1234567890123456789",
        method="GET",
        path="/carts/0",
        host="cart:8080",
        scheme="http",
        protocol="HTTP/1.1",
        size=-1,
        headers=_headers(),
    )
    peer = attribute_context_pb2.AttributeContext.Peer
    context = attribute_context_pb2.AttributeContext(
        source=peer(
            address=_CLIENT,
            principal=f"{_SPIFFE}{_PRINCIPAL}shop-frontend",
            labels={"app": "frontend", "version": "v2"},
        ),
        destination=peer(
            address=_SERVER,
            principal=f"{_SPIFFE}{_PRINCIPAL}cart",
            labels={"app": "cart", "version": "v1"},
        ),
        request=attribute_context_pb2.AttributeContext.Request(time=_STARTED, http=http),
        context_extensions={
            "destination.namespace": "shop",
            "destination.service.host": "cart.shop.svc.cluster.local",
            "destination.service.name": "cart",
        },
    )
    return _wire(external_auth_pb2.CheckRequest(attributes=context))


def rate_limit_request() -> bytes:
    """A request to take one unit of one quota."""
    entry = ratelimit_pb2.RateLimitDescriptor.Entry
    descriptor = ratelimit_pb2.RateLimitDescriptor(
        entries=[
            entry(key="quota", value=QUOTA),
            entry(key="source.name", value="frontend-v2-6c9"),
            entry(key="remote_address", value="10.8.3.21"),
        ]
    )
    return _wire(rls_pb2.RateLimitRequest(domain="shop", descriptors=[descriptor], hits_addend=1))


def access_log_message(message_number: int) -> bytes:
    """One message of an access log's stream; the first one has the proxy's name, too."""
    entries = [
        _log_entry(message_number * ENTRIES_PER_MESSAGE + i) for i in range(ENTRIES_PER_MESSAGE)
    ]
    message = als_pb2.StreamAccessLogsMessage(
        http_logs=als_pb2.StreamAccessLogsMessage.HTTPAccessLogEntries(log_entry=entries)
    )
    if message_number == 0:
        message.identifier.node.CopyFrom(base_pb2.Node(id="cart-v1-5b7d8.shop", cluster="cart"))
        message.identifier.log_name = "mixer"
    return _wire(message)


def _log_entry(number: int) -> accesslog_pb2.HTTPAccessLogEntry:
    return accesslog_pb2.HTTPAccessLogEntry(
        common_properties=_common_properties(number),
        protocol_version=accesslog_pb2.HTTPAccessLogEntry.HTTP11,
        request=accesslog_pb2.HTTPRequestProperties(
            request_method=base_pb2.GET,
            scheme="http",
            authority="cart:8080",
            path=f"/carts/{number}",
            user_agent="shop-frontend/2.11.3",
            request_id=f"7d1e5a90-3c42-4b8f-9a6d-{number:012d}",
            request_headers_bytes=410 + number % 7,
            request_headers={"x-b3-traceid": "9d2e4f6a8b1c3d5e", "end-user": "alice"},
        ),
        response=accesslog_pb2.HTTPResponseProperties(
            response_code=UInt32Value(value=(200, 200, 200, 404, 500)[number % 5]),
            response_headers_bytes=290,
            response_body_bytes=500 + number,
            response_headers={"content-type": "application/json", "server": "envoy"},
            response_code_details="via_upstream",
        ),
    )


def _common_properties(number: int) -> accesslog_pb2.AccessLogCommon:
    names = accesslog_pb2.TLSProperties.CertificateProperties.SubjectAltName
    certificate = accesslog_pb2.TLSProperties.CertificateProperties
    return accesslog_pb2.AccessLogCommon(
        downstream_remote_address=_CLIENT,
        downstream_direct_remote_address=_CLIENT,
        downstream_local_address=_SERVER,
        upstream_remote_address=_SERVER,
        upstream_local_address=_address("10.8.1.9", 41000),
        upstream_cluster="cart",
        route_name="carts",
        start_time=_STARTED,
        time_to_last_rx_byte=Duration(nanos=_MS // 2),
        time_to_first_upstream_tx_byte=Duration(nanos=_MS),
        time_to_last_downstream_tx_byte=Duration(nanos=(12 + number % 50) * _MS),
        duration=Duration(nanos=(12 + number % 50) * _MS),
        stream_id=f"{number:032x}",
        tls_properties=accesslog_pb2.TLSProperties(
            peer_certificate_properties=certificate(
                subject_alt_name=[names(uri=f"{_SPIFFE}{_PRINCIPAL}shop-frontend")]
            ),
            local_certificate_properties=certificate(
                subject_alt_name=[names(uri=f"{_SPIFFE}{_PRINCIPAL}cart")]
            ),
        ),
    )
