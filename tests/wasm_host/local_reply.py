"""An answer that Envoy gives in place of the upstream."""

from dataclasses import dataclass, field

from tests.wasm_host.headers import Headers
from tests.wasm_host.pairs import Pairs


@dataclass
class LocalReply:
    """What the client gets, if it does not speak gRPC: then Envoy makes trailers of this."""

    status: int
    body: bytes
    details: str
    grpc_status: int | None
    headers: Headers = field(repr=False)
    """All of them, with `:status`; after the module's own callback for response headers."""


def local_reply(
    status: int, body: bytes, added: Pairs, details: str, grpc_status: int | None
) -> LocalReply:
    """The reply with the headers that Envoy gives it: its own are for bodies."""
    headers = Headers([(b":status", b"%d" % status), *added])
    headers.remove(b"content-length")
    if body:
        headers.add(b"content-length", b"%d" % len(body))
        if headers.get(b"content-type") is None:
            headers.add(b"content-type", b"text/plain")
    else:
        headers.remove(b"content-type")
    return LocalReply(status, body, details, grpc_status, headers)
