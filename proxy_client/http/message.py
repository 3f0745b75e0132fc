"""What is to be known of an HTTP request and its response, whatever server handles them.

Headers are pairs of name and value in the order of the wire, with names in lower case and without
pseudo headers; bytes that are no UTF-8 are U+FFFD in them, because attributes are Unicode.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from mixer.attribute.value import Duration

Headers = Sequence[tuple[str, str]]
"""Names in lower case, and values."""
Address = tuple[str, int | None]
"""IP address as text, and port. Anything else, such as the path of a socket, counts as none."""
AlternativeNames = Sequence[tuple[str, str]]
"""Kind and value of each, as `subjectAltName` in `ssl.SSLSocket.getpeercert` has them."""
Struct = Mapping[str, object]
"""What one filter says of a request: JSON."""

_NO_METADATA: Final[Mapping[str, Struct]] = MappingProxyType({})


class Tls(NamedTuple):
    """The TLS session of a connection."""

    peer_names: AlternativeNames | None = None
    """Of the certificate that the client presented; None if it presented none."""
    local_names: AlternativeNames = ()
    """Of the certificate that the server presented."""
    requested_server_name: str = ""
    """The SNI; empty for none."""


class HttpRequest(NamedTuple):
    """A request, before it is handled."""

    method: str
    path: str
    """With the query, as it was sent."""
    headers: Headers
    host: str = ""
    """The authority; empty takes the header `host`."""
    scheme: str = ""
    client: Address | None = None
    """Who is at the other end of the connection."""
    server: Address | None = None
    """Where the connection was accepted."""
    tls: Tls | None = None
    metadata: Mapping[str, Struct] = _NO_METADATA
    """What other parts of the server know of it, by their namespaces; may grow until the report.

    Known ones: `istio_authn`, with what is authenticated, by the names of attributes; and
    `envoy.filters.http.rbac`.
    """


class HttpResponse(NamedTuple):
    """A response, after it was sent."""

    code: int = 0
    """HTTP status; 0 when nothing was answered."""
    headers: Headers = ()
    trailers: Headers = ()
    received_bytes: int = 0
    """Of the request's body."""
    sent_bytes: int = 0
    """Of the response's body."""
    duration: Duration = Duration(0)
    """From the first byte of the request to the end of the response; 0 if unknown."""
    flags: str = ""
    """What went wrong, in Envoy's short words; empty for nothing."""
    upstream: Address | None = None
    """Where the request was sent on to; None takes the server itself."""
    upstream_uid: str = ""
    """Of the workload there; empty if unknown."""
    tracing_headers: Mapping[str, str] = MappingProxyType({})
    """Headers of the request that were added while it was handled."""
