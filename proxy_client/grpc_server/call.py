"""gRPC calls → HTTP requests and responses, as proxies see them.

What a server's library hands over of a call is less than what came: no `:authority`, and no
`content-type`, which is `application/grpc` here whatever it was.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Final, cast
from urllib.parse import unquote

import grpc

from mixer.attribute.value import Value, packed_address
from proxy_client.http.message import Address, Headers, HttpRequest, Tls

Metadata = tuple[tuple[str, str | bytes], ...]
"""Of a call; values are bytes where names end in `-bin`."""

_CONTENT_TYPE: Final = ("content-type", "application/grpc")
# Keys of what gRPC knows of a TLS session.
_REQUESTED_NAME: Final = "ssl_requested_server_name"
_PEER_URI: Final = "peer_uri"
_PEER_CERTIFICATE: Final = "x509_pem_cert"


def request_of(method: str, context: grpc.ServicerContext) -> HttpRequest:
    """The request of a call; `method` is `/package.Service/Method`."""
    security = cast("Mapping[str, Sequence[bytes]]", context.auth_context())
    tls = _tls(security) if security.get("transport_security_type") == [b"ssl"] else None
    return HttpRequest(
        method="POST",
        path=method,
        headers=(_CONTENT_TYPE, *headers_of(context.invocation_metadata() or ())),
        scheme="http" if tls is None else "https",
        client=address_of(context.peer()),
        tls=tls,
    )


def known_of(method: str, client: Address | None) -> dict[str, Value]:
    """What a call says beside its request."""
    service, _, operation = method.lstrip("/").rpartition("/")
    found: dict[str, Value] = {"api.service": service, "api.operation": operation}
    packed = None if client is None else packed_address(client[0])
    if client is not None and packed is not None:
        found["source.ip"] = packed
        if client[1] is not None:
            found["source.port"] = client[1]
    return found


def headers_of(metadata: Metadata) -> Headers:
    """Metadata as headers; bytes in base64, as they are on the wire."""
    return [
        (name, base64.b64encode(value).decode() if isinstance(value, bytes) else value)
        for name, value in metadata
    ]


def address_of(peer: str) -> Address | None:
    """`ipv4:10.0.0.1:80` and `ipv6:%5B::1%5D:80`; None for other peers, such as Unix sockets."""
    kind, _, rest = unquote(peer).partition(":")
    if kind not in ("ipv4", "ipv6"):
        return None
    host, _, port = rest.rpartition(":")
    return host.strip("[]"), int(port)


def trailers_of(code: int, message: str, metadata: Metadata) -> Headers:
    """How a call ended."""
    return (("grpc-status", str(code)), ("grpc-message", message), *headers_of(metadata))


def _tls(security: Mapping[str, Sequence[bytes]]) -> Tls:
    names = [("URI", uri.decode("utf-8", "replace")) for uri in security.get(_PEER_URI, ())]
    server_name = next(iter(security.get(_REQUESTED_NAME, ())), b"")
    return Tls(
        peer_names=names if _PEER_CERTIFICATE in security else None,
        requested_server_name=server_name.decode("utf-8", "replace"),
    )
