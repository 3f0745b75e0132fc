"""The attributes of a Check, by table A of Mixer's HTTP filter: written by hand, for comparing.

Later ones overwrite earlier ones: what is known of the node, of the filter, of the service; what
the request says; what the proxy before this one hands on.
"""

import base64
from collections.abc import Mapping

from google.protobuf.message import DecodeError

from mixer.attribute.url import query_params
from mixer.attribute.value import Timestamp, Value, packed_address
from protos.mixer.v1.attributes_pb2 import Attributes
from tests.proxy_client.wasm.twin.requests import FORWARDED, Request
from tests.proxy_client.wasm.twin.settings import (
    NODE_NAMESPACE,
    NODE_UID,
    Settings,
    attributes_message,
)

_BELIEVED = (
    "source.uid",
    "source.namespace",
    "destination.service.name",
    "destination.service.uid",
    "destination.service.host",
    "destination.service.namespace",
)
_GRPC = ("application/grpc", "application/grpc+proto", "application/grpc+json")
_AUTHENTICATED = (
    "request.auth.principal",
    "request.auth.presenter",
    "request.auth.raw_claims",
    "source.user",
    "source.principal",
    "source.namespace",
)

Bag = dict[str, Value]


def check_bag(request: Request, settings: Settings, now: Timestamp) -> Bag:
    """All attributes of a Check."""
    return static_bag(settings) | derived_bag(request, now) | forwarded_bag(request, settings)


def static_bag(settings: Settings) -> Bag:
    """What is known before a request comes."""
    side = "source" if settings.is_outbound else "destination"
    node: Bag = {
        f"{side}.uid": NODE_UID,
        f"{side}.namespace": NODE_NAMESPACE,
        "context.reporter.uid": NODE_UID,
    }
    return node | dict(settings.attributes) | dict(settings.service_attributes)


def forwarded_bag(request: Request, settings: Settings) -> Bag:
    """What the proxy before this one hands on, as far as it is believed."""
    first = next((value for name, value in request.headers if name == FORWARDED), None)
    if first is None or settings.ignores_forwarded:
        return {}
    try:
        sent = Attributes.FromString(base64.b64decode(first, validate=True)).attributes
    except (ValueError, DecodeError):
        return {}
    texts = {name: sent[name].string_value for name in _BELIEVED if name in sent}
    return {name: text for name, text in texts.items() if text}


def forward_header(settings: Settings) -> str | None:
    """What the next proxy is told; None for nothing."""
    node = {"source.uid": NODE_UID} if settings.is_outbound else {}
    service = settings.service_forward if settings.has_service else {}
    forward = {**node, **settings.forward, **service}
    if not forward:
        return None
    return base64.b64encode(attributes_message(forward).SerializeToString()).decode()


def derived_bag(request: Request, now: Timestamp) -> Bag:
    """What the request says."""
    headers = {name: readable(value) for name, value in request.headers if name != FORWARDED}
    path = headers.get(":path")
    bag: Bag = {
        "request.host": headers.get(":authority", ""),
        "request.path": path or "",
        "request.scheme": headers.get(":scheme", "http"),
        "request.time": now,
        "context.protocol": "grpc" if headers.get("content-type") in _GRPC else "http",
        "connection.mtls": request.is_mtls,
    }
    for name, header in (
        ("method", ":method"),
        ("referer", "referer"),
        ("useragent", "user-agent"),
    ):
        if header in headers:
            bag[f"request.{name}"] = headers[header]
    if headers:
        bag["request.headers"] = headers
    if path:
        bag["request.url_path"] = path.partition("?")[0]
        params = query_params(path)
        if params:
            bag["request.query_params"] = params
    address = packed_address(request.source.rpartition(":")[0].strip("[]"))
    if address is not None:
        bag["origin.ip"] = address
    if request.server_name:
        bag["connection.requested_server_name"] = request.server_name
    return bag | _identities(request)


def readable(value: str) -> str:
    """A header's value as an attribute: what is no UTF-8 is U+FFFD in it."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _identities(request: Request) -> Bag:
    bag: Bag = {}
    local, peer = (uri.removeprefix("spiffe://") for uri in (request.local_uri, request.peer_uri))
    if local:
        bag["destination.principal"] = local
    authn = request.metadata.get("istio_authn")
    if authn is not None:
        return bag | _authenticated(authn)
    if peer:
        bag["source.principal"] = peer
    return bag


def _authenticated(authn: Mapping[str, object]) -> Bag:
    found: dict[str, object] = {name: authn.get(name) for name in _AUTHENTICATED}
    audiences = authn.get("request.auth.audiences")
    found["request.auth.audiences"] = audiences[0] if isinstance(audiences, list) else audiences
    user = found["source.user"] or found["source.principal"]
    if isinstance(user, str) and not found["source.namespace"] and "/ns/" in user:
        found["source.namespace"] = user.partition("/ns/")[2].partition("/")[0]
    bag: Bag = {name: text for name, text in found.items() if isinstance(text, str) and text}
    claims = authn.get("request.auth.claims")
    if isinstance(claims, Mapping):
        entries = string_entries(claims)
        if entries:
            bag["request.auth.claims"] = entries
    return bag


def string_entries(struct: Mapping[str, object]) -> dict[str, str]:
    """The strings of a struct, and its lists of strings, joined."""
    found = {}
    for key, value in struct.items():
        if isinstance(value, str):
            found[key] = value
        elif isinstance(value, list):
            found[key] = ",".join(item if isinstance(item, str) else "" for item in value)
    return found
