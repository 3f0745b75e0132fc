"""Where the attributes of an `envoy.service.auth.v3.CheckRequest` come from.

Who says what, if several could:

- What the owner of the proxy says per route (`context_extensions`) goes before what a peer says,
  such as the service that it claims to be part of.
- Envoy sends headers either as `headers` or, with `encode_raw_headers`, as `header_map`. They mean
  the same here: lines of one name are joined with `,`, as Envoy does it in `headers`, so a policy
  does not depend on that option. Bytes that are no UTF-8 are `!` in the former, by Envoy's hand,
  and U+FFFD in the latter.
- Envoy sends bodies either as `body` or, with `pack_as_bytes`, as `raw_body`; the same holds.
- `size` counts what has arrived when Envoy asks, so `content-length` goes before it. Envoy
  enforces that header. A size of 0 or -1 is none: it is also sent for bodies yet to come.

The network filter asks without a `request`; then there are no attributes of HTTP, and the protocol
is `tcp`. Defaults are those of Istio's proxies (proxy 1.4 `src/istio/control/http`).
"""

import re
from collections.abc import Callable
from typing import Any, Final

from envoy.service.auth.v3.attribute_context_pb2 import AttributeContext

from mixer.api.ext_authz_v3.headers import as_text, find_header, joined
from mixer.api.mapping import Mapped, ip_address, port, row, string_map, text, timestamp
from mixer.api.metadata import flatten
from mixer.api.token import token_rows
from mixer.attribute.protocol import is_grpc
from mixer.attribute.url import query_params, url_path
from mixer.attribute.value import Value, ValueType

_HTTP: Final = "attributes.request.http"
_SPIFFE: Final = "spiffe://"
_NAMESPACE: Final = re.compile(r"spiffe://[^/]*/ns/([^/]+)/")


def _extension(name: str) -> Mapped:
    """What the owner of the proxy says: an extension with the name of the attribute itself."""

    def read(message: Any) -> Value | None:
        return message.attributes.context_extensions.get(name) or None

    path = f'attributes.context_extensions["{name}"]'
    return Mapped(path=path, attribute=name, value_type=ValueType.STRING, read=read)


def _of_http(
    field: str, attribute: str, convert: Callable[[AttributeContext.HttpRequest], Value | None]
) -> Mapped:
    """A STRING of the HTTP request; none if it is not HTTP."""

    def read(message: Any) -> Value | None:
        request = message.attributes.request
        return convert(request.http) if request.HasField("http") else None

    path = f"{_HTTP}.{field}"
    return Mapped(path=path, attribute=attribute, value_type=ValueType.STRING, read=read)


def _header(name: str, attribute: str) -> Mapped:
    return _of_http(f'headers["{name}"]', attribute, lambda http: find_header(http, name))


def _content_length(message: Any) -> Value | None:
    length = find_header(message.attributes.request.http, "content-length")
    return int(length) if length is not None and re.fullmatch("[0-9]{1,18}", length) else None


def _protocol(message: Any) -> Value | None:
    request = message.attributes.request
    if not request.HasField("http"):
        return "tcp"
    return "grpc" if _is_grpc(request.http) else "http"


def _is_grpc(http: AttributeContext.HttpRequest) -> bool:
    return is_grpc(find_header(http, "content-type"))


def _scheme(http: AttributeContext.HttpRequest) -> str:
    return http.scheme or "http"


def _identity(principal: str) -> str | None:
    return principal.removeprefix(_SPIFFE) or None


def _namespace(principal: str) -> str | None:
    found = _NAMESPACE.match(principal)
    return found and found[1]


_SAID_BY_OWNER: Final = (
    *("api.operation", "api.service", "api.version"),
    *("context.proxy_version", "context.reporter.kind", "context.reporter.uid"),
    *("destination.container.image", "destination.container.name"),
    *("destination.name", "destination.namespace", "destination.owner"),
    *("destination.service", "destination.service.host", "destination.service.name"),
    *("destination.service.namespace", "destination.service.uid", "destination.serviceAccount"),
    *("destination.uid", "destination.workload.name", "destination.workload.namespace"),
    "destination.workload.uid",
    *("origin.uid", "origin.user"),
    *("request.api_key", "request.reason"),
    *("source.name", "source.namespace", "source.owner", "source.service", "source.serviceAccount"),
    *("source.services", "source.uid", "source.workload.name", "source.workload.namespace"),
    "source.workload.uid",
)

_PEERS: Final = (
    ip_address("attributes.source.address", "source.ip"),
    ip_address("attributes.source.address", "origin.ip"),
    port("attributes.source.address", "source.port"),
    text("attributes.source.service", "source.service"),
    string_map("attributes.source.labels", "source.labels"),
    row("attributes.source.principal", "source.principal", ValueType.STRING, _identity),
    row("attributes.source.principal", "source.user", ValueType.STRING, _identity),
    row("attributes.source.principal", "source.namespace", ValueType.STRING, _namespace),
    Mapped(
        path="attributes.source.principal or .certificate",
        attribute="connection.mtls",
        value_type=ValueType.BOOL,
        read=lambda message: bool(
            message.attributes.source.principal or message.attributes.source.certificate
        ),
    ),
    ip_address("attributes.destination.address", "destination.ip"),
    port("attributes.destination.address", "destination.port"),
    text("attributes.destination.service", "destination.service"),
    text("attributes.destination.service", "destination.service.host"),
    string_map("attributes.destination.labels", "destination.labels"),
    row("attributes.destination.principal", "destination.principal", ValueType.STRING, _identity),
    row("attributes.destination.principal", "destination.user", ValueType.STRING, _identity),
    text("attributes.tls_session.sni", "connection.requested_server_name"),
)

_REQUEST: Final = (
    timestamp("attributes.request.time", "request.time"),
    timestamp("attributes.request.time", "context.time"),
    timestamp("attributes.request.time", "context.timestamp"),
    _header("x-request-id", "request.id"),
    text(f"{_HTTP}.id", "request.id"),
    text(f"{_HTTP}.method", "request.method"),
    _of_http("path", "request.path", lambda http: http.path),
    row(f"{_HTTP}.path", "request.url_path", ValueType.STRING, url_path),
    row(f"{_HTTP}.path", "request.query_params", ValueType.STRING_MAP, query_params),
    _of_http("host", "request.host", lambda http: http.host),
    _of_http("scheme", "request.scheme", _scheme),
    text(f"{_HTTP}.protocol", "request.protocol"),
    string_map(f"{_HTTP}.headers", "request.headers"),
    row(f"{_HTTP}.header_map", "request.headers", ValueType.STRING_MAP, joined),
    _header("referer", "request.referer"),
    _header("user-agent", "request.useragent"),
    Mapped(
        path=f'{_HTTP}.headers["content-length"]',
        attribute="request.size",
        value_type=ValueType.INT64,
        read=_content_length,
    ),
    row(
        f"{_HTTP}.size",
        "request.size",
        ValueType.INT64,
        lambda size: size if size > 0 else None,
    ),
    text(f"{_HTTP}.body", "request.body"),
    row(f"{_HTTP}.raw_body", "request.body", ValueType.STRING, lambda raw: as_text(raw) or None),
    Mapped(
        path=f'{_HTTP}.headers["content-type"]',
        attribute="context.protocol",
        value_type=ValueType.STRING,
        read=_protocol,
    ),
    _of_http(
        'headers["content-type"] or .scheme',
        "api.protocol",
        lambda http: "grpc" if _is_grpc(http) else _scheme(http),
    ),
)

_CONTEXT: Final = (
    string_map("attributes.context_extensions", "context.extensions"),
    row("attributes.metadata_context", "context.metadata", ValueType.STRING_MAP, flatten),
    row(
        "attributes.route_metadata_context",
        "context.route_metadata",
        ValueType.STRING_MAP,
        flatten,
    ),
    *token_rows("attributes.metadata_context"),
)

ROWS: Final[tuple[Mapped, ...]] = (
    *map(_extension, _SAID_BY_OWNER),
    *_PEERS,
    *_REQUEST,
    *_CONTEXT,
)
"""Of several rows for one attribute, the first that has a value counts."""
