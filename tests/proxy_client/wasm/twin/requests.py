"""Requests, responses and failures, as both sides of a twin test see them."""

import base64
from collections.abc import Mapping
from typing import NamedTuple

from protos.mixer.v1.attributes_pb2 import Attributes
from tests.wasm_host.headers import Headers

FORWARDED = "x-istio-attributes"
"""The header in which proxies hand attributes on."""
Lines = tuple[tuple[str, str], ...]
"""Names and values of headers."""


class Request(NamedTuple):
    """A request that comes to the proxy."""

    headers: Lines
    """With pseudo headers, as Envoy has them."""
    source: str = "10.0.0.7:4711"
    """`IP:port`, or the path of a socket."""
    is_mtls: bool = False
    server_name: str = ""
    peer_uri: str = ""
    """The URI in the certificate of the client; empty for none."""
    local_uri: str = ""
    metadata: Mapping[str, Mapping[str, object]] = {}
    """What filters before this one say, by namespace."""

    def header(self, name: str) -> str | None:
        """The value of a header; of several the last."""
        return dict(self.headers).get(name)

    @property
    def is_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.is_mtls or bool(self.server_name or self.local_uri)

    @property
    def header_size(self) -> int:
        """How many bytes names and values have."""
        return Headers(self.headers).byte_size


class Response(NamedTuple):
    """What has become of a request, when all of it is over."""

    headers: Lines = ((":status", "200"),)
    trailers: Lines = ()
    code: int = 200
    """0 for no response."""
    flags: int = 0
    """As Envoy's bits."""
    received_bytes: int = 0
    sent_bytes: int = 0
    duration_ns: int = 0
    upstream: str = "10.1.2.3:8080"
    """Empty for none."""
    upstream_uid: str = ""


class Failure(NamedTuple):
    """A call that had no answer."""

    code: int
    text: str


class Outcome(NamedTuple):
    """What the proxy does with a request."""

    state: str
    """`held`, `passed` or `replied`."""
    headers: tuple[tuple[str, str], ...] = ()
    """Those that go to the upstream, or to the client, in order of their names."""
    status: int = 0
    body: str = ""


HELD = Outcome("held")


def in_order(headers: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers for comparing: lines of one name keep their order, names do not matter.

    `content-length` is left out: Envoy and Python's servers differ on where they write it.
    """
    kept = [line for line in headers if line[0] not in {"content-length", ":status"}]
    decoded = [(name, _forwarded(text) if name == FORWARDED else text) for name, text in kept]
    return tuple(sorted(decoded, key=lambda line: line[0]))


def _forwarded(header: str) -> str:
    """The attributes in the header for the next proxy, whose order in there is nobody's business."""
    message = Attributes.FromString(base64.b64decode(header))
    return str(sorted((name, str(value)) for name, value in message.attributes.items()))
