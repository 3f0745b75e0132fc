"""Attributes that one proxy hands to the next, in the header `x-istio-attributes`.

The value is the base64 of a serialized `Attributes`. Whoever can send a request can write it, so
only six names are believed, and the header never gets as far as the application (proxy 1.4
`src/istio/control/http/attributes_builder.cc`).
"""

import base64
from collections.abc import Mapping
from typing import Final

from google.protobuf.message import DecodeError

from protos.mixer.v1.attributes_pb2 import Attributes
from proxy_client.http.message import Headers

HEADER: Final = "x-istio-attributes"

_BELIEVED: Final = (
    *("source.uid", "source.namespace"),
    *("destination.service.name", "destination.service.uid"),
    *("destination.service.host", "destination.service.namespace"),
)


def decode_forwarded(header: str) -> dict[str, str]:
    """The attributes of a header that are believed; none of one that can't be read."""
    try:
        message = Attributes.FromString(base64.b64decode(header, validate=True))
    except (ValueError, DecodeError):
        return {}
    sent = message.attributes
    values = {name: sent[name].string_value for name in _BELIEVED if name in sent}
    return {name: value for name, value in values.items() if value}


def encode_forwarded(attributes: Mapping[str, str]) -> str | None:
    """The header that hands on these attributes; None when there are none."""
    if not attributes:
        return None
    message = Attributes()
    for name, value in attributes.items():
        message.attributes[name].string_value = value
    return base64.b64encode(message.SerializeToString(deterministic=True)).decode("ascii")


def find_forwarded(headers: Headers) -> str | None:
    """The first such header, as Envoy finds it."""
    return next((value for name, value in headers if name == HEADER), None)


def without_forwarded(headers: Headers) -> list[tuple[str, str]]:
    """The headers that the application may see."""
    return [header for header in headers if header[0] != HEADER]
