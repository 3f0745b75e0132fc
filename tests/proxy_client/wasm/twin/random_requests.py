"""Random requests and responses; they have few values, so that answers can be used again."""

import base64
from collections.abc import Mapping
from random import Random

from tests.proxy_client.wasm.twin.requests import FORWARDED, Request, Response
from tests.proxy_client.wasm.twin.settings import attributes_message

_HEADERS = (
    ("x-user", ("ann", "bob", "")),
    ("x-user", ("cid",)),
    ("x-role", ("admin", "é", "a\udcc3(\udcff")),
    ("user-agent", ("curl",)),
    ("referer", ("http://a/b",)),
    ("content-type", ("application/grpc", "text/plain")),
    ("x-request-id", ("1", "2", "3")),
    ("x-b3-traceid", ("t1", "t2")),
    ("x-b3-sampled", ("1",)),
    ("traceparent", ("p1", "p2")),
)
_URIS = ("", "spiffe://td/ns/shop/sa/a", "td/x")
_FORWARDED = (
    {"source.uid": "kubernetes://other.ns"},
    {"source.namespace": "ns", "destination.uid": "not believed"},
    {"source.uid": "", "destination.service.host": "host"},
    {"source.uid": 5},
)


def random_request(rng: Random) -> Request:
    """A request."""
    identity = rng.choice(_URIS)
    return Request(
        headers=tuple(_pseudo(rng) + _lines(rng)),
        source=rng.choice(["10.0.0.7:4711", "10.0.0.7:4712", "[2001:db8::1]:80", "/run/socket"]),
        is_mtls=bool(identity),
        server_name=rng.choice(["", "", "shop.example"]),
        peer_uri=identity,
        local_uri=rng.choice(_URIS),
        metadata=_metadata(rng) if rng.random() < 0.2 else {},
    )


def traced(rng: Random, request: Request) -> Request:
    """A request that differs in nothing that decides."""
    own = ("x-request-id", "x-b3-traceid", "x-b3-sampled", "traceparent")
    kept = [line for line in request.headers if line[0] not in own]
    return request._replace(headers=(*kept, *((name, rng.choice("45")) for name in own)))


def _pseudo(rng: Random) -> list[tuple[str, str]]:
    return [
        (":method", rng.choice(["GET", "GET", "POST"])),
        (":path", rng.choice(["/a", "/a", "/b", "/b/c?x=1", "/a?y=%C3%A9+&x&%C3=%ff%C3(", "/a?"])),
        (":authority", rng.choice(["shop", "shop", ""])),
        *([(":scheme", rng.choice(["http", "https"]))] if rng.random() < 0.8 else []),
    ]


def _lines(rng: Random) -> list[tuple[str, str]]:
    lines = [(name, rng.choice(values)) for name, values in _HEADERS if rng.random() < 0.25]
    if rng.random() < 0.15:
        lines.append((FORWARDED, _forwarded(rng)))
    return lines


def _forwarded(rng: Random) -> str:
    if rng.random() < 0.2:
        return rng.choice(["", "no base64!", "AAAA"])
    data = attributes_message(rng.choice(_FORWARDED)).SerializeToString()
    return base64.b64encode(data).decode()


def _metadata(rng: Random) -> Mapping[str, Mapping[str, object]]:
    choices: Mapping[str, tuple[Mapping[str, object], ...]] = {
        "istio_authn": (
            {},
            {
                "request.auth.principal": "issuer/ann",
                "request.auth.audiences": "aud",
                "request.auth.claims": {"iss": "issuer", "sub": "ann"},
                "request.auth.groups": "kept back",
                "source.user": "td/ns/shop/sa/ann",
            },
            {"source.principal": "td/ns/x", "source.namespace": "told", "source.user": ""},
        ),
        "envoy.filters.http.rbac": (
            {"shadow_engine_result": "denied", "shadow_effective_policy_id": "policy"},
            {"shadow_engine_result": "allowed"},
        ),
        "custom.filter": ({"text": "t"}, {"number": 2.5, "yes": True, "text": "u"}),
        "istio.mixer": ({"status": "ignored"},),
    }
    return {name: rng.choice(found) for name, found in choices.items() if rng.random() < 0.5}


def random_response(rng: Random) -> Response:
    """What becomes of a request, if the proxy lets it pass."""
    code = rng.choice([200, 200, 404, 503])
    headers = [(":status", str(code))]
    headers += [("x-app", "1")] if rng.random() < 0.5 else []
    headers += [("grpc-status", "0")] if rng.random() < 0.2 else []
    return Response(
        headers=tuple(headers),
        trailers=(("grpc-status", "5"), ("grpc-message", "gone")) if rng.random() < 0.2 else (),
        code=code,
        flags=rng.choice([0, 0, 1, 1 << 2]),
        received_bytes=rng.choice([0, 10]),
        sent_bytes=rng.choice([0, 1000]),
        duration_ns=rng.choice([1_234_567, 2_000_000_001]),
        upstream=rng.choice(["10.1.2.3:8080", "[2001:db8::2]:9", ""]),
        upstream_uid=rng.choice(["", "kubernetes://backend.shop"]),
    )
