"""Which attributes come from which places of Envoy's access log entries.

The paths are those of `envoy.data.accesslog.v3.HTTPAccessLogEntry` and `TCPAccessLogEntry`. Those
that begin with `identifier` are of the first `StreamAccessLogsMessage` of the stream.

What is unlike the attributes that Istio's filter sent:

- Headers are those that the access logger is told to log (`additional_request_headers_to_log` and
  so on); several of a name are one, joined with `,`. `content-type` tells gRPC from HTTP, and the
  trailer `grpc-status` does if that was not logged.
- Envoy knows nine methods by number. Any other is only known if `:method` is logged.
- `request.path` is what the client asked for, so that it is what Check saw: what a route's rewrite
  left in `x-envoy-original-path`, else the path. Envoy's own log format does the same. Where a
  route does not rewrite, a client can send that header; `upstream.path` is what it can't feign.
- `context.reporter.kind` is not there, because Envoy does not say on whose side it stands. So the
  rules of the `destination.namespace` apply, if a generator finds that out, and the default ones.

Not mapped: parts of the time (`time_to_…`), bytes on the wire, filter state, TLS session, cipher
suite and JA3 fingerprint, X-Forwarded-For (log the header).
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from envoy.config.core.v3.base_pb2 import RequestMethod

from mixer.api.access_log_v3 import values
from mixer.api.access_log_v3.common import COMMON, COMMON_ROWS
from mixer.api.access_log_v3.entry import CLOSE, event_of
from mixer.api.mapping import Mapped, Reader, number, row, string_map, text, timestamp
from mixer.attribute.url import query_params, url_path
from mixer.attribute.value import Value, ValueType

_REQUEST: Final = "request"
_RESPONSE: Final = "response"
_MOVED: Final = "connection_properties"
_METHODS: Final = {value: name for name, value in RequestMethod.items() if value}


def _read(path: str, attribute: str, value_type: ValueType, reader: Reader) -> Mapped:
    """A row of more than what stands in one place."""
    return Mapped(path=path, attribute=attribute, value_type=value_type, read=reader)


def _of_path(
    attribute: str, value_type: ValueType, convert: Callable[[str], Value | None]
) -> Mapped:
    def read(message: Any) -> Value | None:
        request = message.request
        return convert(request.original_path or request.path)

    return _read(f"{_REQUEST}.original_path or .path", attribute, value_type, read)


def _sum(path: str, first: str, second: str, attribute: str) -> Mapped:
    get = attrgetter(f"{path}.{first}", f"{path}.{second}")
    return _read(
        f"{path}.{first} + .{second}", attribute, ValueType.INT64, lambda message: sum(get(message))
    )


HTTP_ROWS: Final[tuple[Mapped, ...]] = (
    row(f"{_REQUEST}.request_method", "request.method", ValueType.STRING, _METHODS.get),
    _read(
        f'{_REQUEST}.request_headers[":method"]',
        "request.method",
        ValueType.STRING,
        lambda message: message.request.request_headers.get(":method"),
    ),
    row(f"{_REQUEST}.scheme", "request.scheme", ValueType.STRING, lambda scheme: scheme or "http"),
    row(f"{_REQUEST}.authority", "request.host", ValueType.STRING, str),
    _of_path("request.path", ValueType.STRING, str),
    _of_path("request.url_path", ValueType.STRING, url_path),
    _of_path("request.query_params", ValueType.STRING_MAP, query_params),
    text(f"{_REQUEST}.path", "upstream.path"),
    text(f"{_REQUEST}.user_agent", "request.useragent"),
    text(f"{_REQUEST}.referer", "request.referer"),
    text(f"{_REQUEST}.request_id", "request.id"),
    string_map(f"{_REQUEST}.request_headers", "request.headers"),
    number(f"{_REQUEST}.request_body_bytes", "request.size"),
    _sum(_REQUEST, "request_headers_bytes", "request_body_bytes", "request.total_size"),
    timestamp(f"{COMMON}.start_time", "request.time"),
    row("protocol_version", "request.protocol", ValueType.STRING, values.http_version),
    _read(
        f'{_REQUEST}.request_headers["content-type"]',
        "context.protocol",
        ValueType.STRING,
        lambda message: values.protocol(message.request, message.response),
    ),
    row(f"{_RESPONSE}.response_code.value", "response.code", ValueType.INT64, values.response_code),
    text(f"{_RESPONSE}.response_code_details", "response.code_details"),
    row(_RESPONSE, "response.headers", ValueType.STRING_MAP, values.response_headers),
    row(_RESPONSE, "response.grpc_status", ValueType.STRING, values.grpc_status),
    row(_RESPONSE, "response.grpc_message", ValueType.STRING, values.grpc_message),
    number(f"{_RESPONSE}.response_body_bytes", "response.size"),
    _sum(_RESPONSE, "response_headers_bytes", "response_body_bytes", "response.total_size"),
    row(COMMON, "response.duration", ValueType.DURATION, values.response_duration),
    row(COMMON, "response.time", ValueType.TIMESTAMP, values.end_time),
    *COMMON_ROWS,
)
"""For `HttpEntry`."""


def _lifetime(common: Any) -> Value | None:
    return values.total_duration(common) if event_of(common) == CLOSE else None


TCP_ROWS: Final[tuple[Mapped, ...]] = (
    _read("tcp_logs", "context.protocol", ValueType.STRING, lambda _message: "tcp"),
    text(f"{COMMON}.stream_id", "connection.id"),
    row(COMMON, "connection.event", ValueType.STRING, event_of),
    row(COMMON, "connection.duration", ValueType.DURATION, _lifetime),
    number(f"{_MOVED}.received_bytes", "connection.received.bytes_total"),
    number(f"{_MOVED}.sent_bytes", "connection.sent.bytes_total"),
    _read(
        f"{_MOVED}.received_bytes, less what was reported",
        "connection.received.bytes",
        ValueType.INT64,
        attrgetter("received_bytes"),
    ),
    _read(
        f"{_MOVED}.sent_bytes, less what was reported",
        "connection.sent.bytes",
        ValueType.INT64,
        attrgetter("sent_bytes"),
    ),
    *COMMON_ROWS,
)
"""For `TcpEntry`."""
