"""From the messages of Envoy's access logs to the values of attributes."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from envoy.config.core.v3.address_pb2 import Address
from envoy.config.core.v3.base_pb2 import Node
from envoy.data.accesslog.v3.accesslog_pb2 import (
    AccessLogCommon,
    AccessLogType,
    HTTPAccessLogEntry,
    HTTPRequestProperties,
    HTTPResponseProperties,
    TLSProperties,
)

from mixer.api.mapping import to_timestamp
from mixer.attribute.protocol import is_grpc
from mixer.attribute.value import Duration, Timestamp

_NS_PER_S: Final = 1_000_000_000
_TYPES: Final = {number: name for name, number in AccessLogType.items() if number}
_TLS_VERSIONS: Final[Mapping[int, str]] = MappingProxyType(
    {
        TLSProperties.TLSv1: "TLSv1",
        TLSProperties.TLSv1_1: "TLSv1.1",
        TLSProperties.TLSv1_2: "TLSv1.2",
        TLSProperties.TLSv1_3: "TLSv1.3",
    }
)
_HTTP_VERSIONS: Final[Mapping[int, str]] = MappingProxyType(
    {
        HTTPAccessLogEntry.HTTP10: "HTTP/1.0",
        HTTPAccessLogEntry.HTTP11: "HTTP/1.1",
        HTTPAccessLogEntry.HTTP2: "HTTP/2",
        HTTPAccessLogEntry.HTTP3: "HTTP/3",
    }
)
_NO_RESPONSE: Final = 500


def total_duration(common: AccessLogCommon) -> Duration | None:
    """How long it took in all: to the end, or at least to the last byte that was sent."""
    if common.HasField("duration"):
        taken = common.duration
    elif common.HasField("time_to_last_downstream_tx_byte"):
        taken = common.time_to_last_downstream_tx_byte
    else:
        return None
    return Duration(taken.seconds * _NS_PER_S + taken.nanos)


def response_duration(common: AccessLogCommon) -> Duration:
    """`total_duration`, or 0, which Istio's filter sent when it did not know."""
    return total_duration(common) or Duration(0)


def end_time(common: AccessLogCommon) -> Timestamp | None:
    """When it ended; None for an entry that does not say how long it took."""
    start, taken = to_timestamp(common.start_time), total_duration(common)
    return None if start is None or taken is None else Timestamp(start + taken)


def log_type(number: int) -> str | None:
    """The name of an AccessLogType; None for `NotSet` and for what is newer than this."""
    return _TYPES.get(number)


def principal(names: Iterable[Any]) -> str | None:
    """The first URI among subject alternative names, without a leading `spiffe://`."""
    for name in names:
        if name.uri:
            return str(name.uri).removeprefix("spiffe://") or None
    return None


def namespace(names: Iterable[Any]) -> str | None:
    """What stands behind `/ns/` in the principal (istio/proxy 1.4 `src/envoy/utils/utils.cc`)."""
    name, slash, _ = (principal(names) or "").partition("/ns/")[2].partition("/")
    return name if name and slash else None


def is_certificate(certificate: TLSProperties.CertificateProperties) -> bool:
    """Whether a certificate was shown; Envoy sends an empty message when none was."""
    return bool(certificate.ByteSize())


def tls_version(number: int) -> str | None:
    """As Envoy's own attribute has it, such as `TLSv1.3`."""
    return _TLS_VERSIONS.get(number)


def http_version(number: int) -> str | None:
    """As Envoy's own attribute has it, such as `HTTP/1.1`."""
    return _HTTP_VERSIONS.get(number)


def address_text(address: Address) -> str | None:
    """IP:PORT, or the path of a Unix socket, as Envoy writes addresses."""
    socket = address.socket_address
    if not socket.address:
        return address.pipe.path or None
    host = f"[{socket.address}]" if ":" in socket.address else socket.address
    return f"{host}:{socket.port_value}"


def proxy_version(node: Node) -> str | None:
    """The version of the Envoy, such as `1.40.0`."""
    if node.HasField("user_agent_build_version"):
        version = node.user_agent_build_version.version
        return f"{version.major_number}.{version.minor_number}.{version.patch}"
    return node.user_agent_version or None


def response_code(code: int) -> int:
    """The HTTP status; 500 when nothing was answered, as Istio's filter reported it."""
    return code or _NO_RESPONSE


def response_headers(response: HTTPResponseProperties) -> dict[str, str] | None:
    """The headers that were logged, then the trailers, which win; None for none."""
    return {**response.response_headers, **response.response_trailers} or None


def grpc_status(response: HTTPResponseProperties) -> str | None:
    """The `grpc-status`, of the trailers first; None when none was logged."""
    return _first_logged(response, "grpc-status")


def grpc_message(response: HTTPResponseProperties) -> str | None:
    """The `grpc-message`, of the trailers first; empty when there is just a status."""
    if grpc_status(response) is None:
        return None
    return _first_logged(response, "grpc-message") or ""


def _first_logged(response: HTTPResponseProperties, name: str) -> str | None:
    for field in (response.response_trailers, response.response_headers):
        value: str | None = field.get(name)
        if value is not None:
            return value
    return None


def protocol(request: HTTPRequestProperties, response: HTTPResponseProperties) -> str:
    """`grpc` or `http`: by the content type if that was logged, else by whether a status was."""
    content_type = request.request_headers.get("content-type")
    if content_type is None:
        return "http" if grpc_status(response) is None else "grpc"
    return "grpc" if is_grpc(content_type) else "http"
