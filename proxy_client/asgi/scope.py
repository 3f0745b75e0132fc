"""ASGI scopes → HTTP requests, and what verdicts change in them.

Paths are those that the application routes by, decoded and encoded again in one way: a rule for
`/admin` also meets `/%61dmin`.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Final
from urllib.parse import unquote

from proxy_client.http.enforcement import changed, pseudo_headers
from proxy_client.http.filter import METADATA, TLS
from proxy_client.http.message import Address, HttpRequest, Tls
from proxy_client.http.path import encoded_path
from proxy_client.verdict import HeaderChange

Scope = MutableMapping[str, Any]
"""What an ASGI server says of a connection."""
RawHeaders = Sequence[tuple[bytes, bytes]]
"""As ASGI has them."""

_SCHEMES: Final[Mapping[str, str]] = {"ws": "http", "wss": "https"}
_WEB_SOCKET_SCHEMES: Final[Mapping[str, str]] = {"http": "ws", "https": "wss"}


def request_of(scope: Scope) -> HttpRequest:
    """The request of an HTTP or WebSocket scope, which has `METADATA`."""
    query = scope.get("query_string", b"").decode("utf-8", "replace")
    path = encoded_path(scope["path"])
    scheme = scope.get("scheme", "http")
    return HttpRequest(
        method=scope.get("method", "GET"),
        path=f"{path}?{query}" if query else path,
        headers=text_of(scope["headers"]),
        scheme=_SCHEMES.get(scheme, scheme),
        client=_address(scope.get("client")),
        server=_address(scope.get("server")),
        tls=_tls(scope),
        metadata=scope[METADATA],
    )


def text_of(headers: RawHeaders) -> list[tuple[str, str]]:
    """Headers as attributes have them."""
    return [
        (name.decode("utf-8", "replace").lower(), value.decode("utf-8", "replace"))
        for name, value in headers
    ]


def raw(name: str, value: str) -> tuple[bytes, bytes]:
    """A header as ASGI has it."""
    return name.encode(), value.encode()


def changed_scope(scope: Scope, changes: Sequence[HeaderChange]) -> Scope:
    """A copy for the application."""
    headers = changed(scope["headers"], changes, raw)
    pseudo = pseudo_headers(changes)
    found = {**scope, "headers": headers}
    if ":authority" in pseudo:
        others = [header for header in headers if header[0] != b"host"]
        found["headers"] = [(b"host", pseudo[":authority"].encode()), *others]
    if ":method" in pseudo and scope["type"] == "http":
        found["method"] = pseudo[":method"].upper()
    if ":scheme" in pseudo:
        scheme = pseudo[":scheme"].lower()
        is_http = scope["type"] == "http"
        found["scheme"] = scheme if is_http else _WEB_SOCKET_SCHEMES.get(scheme, scheme)
    if ":path" in pseudo:
        path, _, query = pseudo[":path"].partition("?")
        found |= {
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
        }
    return found


def _address(pair: Sequence[Any] | None) -> Address | None:
    return None if pair is None else (pair[0], pair[1])


def _tls(scope: Scope) -> Tls | None:
    known: Tls | None = scope.get(TLS)
    if known is not None:
        return known
    # The extension has certificates only as PEM, and nothing here reads those.
    extension = (scope.get("extensions") or {}).get("tls")
    if extension is None:
        return None
    return Tls(peer_names=() if extension.get("client_cert_chain") else None)
