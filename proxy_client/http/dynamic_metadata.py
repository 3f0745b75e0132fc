"""What filters say of a request → attributes.

The namespace `istio_authn` says who was authenticated, by the names of attributes; this is how a
server hands over what it found in a token. Which values become strings, and how, is from proxy 1.4
`include/istio/utils/attributes_builder.h`.
"""

from collections.abc import Mapping
from typing import Final

from mixer.attribute.value import Value
from proxy_client.http.identity import namespace_of
from proxy_client.http.message import Struct

AUTHENTICATION: Final = "istio_authn"
_MIXER: Final = "istio.mixer"
_RBAC: Final = "envoy.filters.http.rbac"

# Not among them: `request.auth.groups`, which Istio's proxy holds back.
_AUTHENTICATED: Final = (
    *("request.auth.principal", "request.auth.presenter", "request.auth.raw_claims"),
    *("source.user", "source.principal", "source.namespace"),
)
_AUDIENCES: Final = "request.auth.audiences"
_CLAIMS: Final = "request.auth.claims"
_RBAC_ATTRIBUTES: Final = (
    ("shadow_engine_result", "rbac.permissive.response_code"),
    ("shadow_effective_policy_id", "rbac.permissive.effective_policy_id"),
)


def string_entries(struct: Struct) -> dict[str, str]:
    """The strings of a struct, and its lists, joined with `,`; other things are left out.

    What is no string in a list is empty there.
    """
    entries = {}
    for key, value in struct.items():
        if isinstance(value, str):
            entries[key] = value
        elif isinstance(value, list | tuple):
            entries[key] = ",".join(item if isinstance(item, str) else "" for item in value)
    return entries


def add_authentication(attributes: dict[str, Value], struct: Struct) -> None:
    """Adds who was authenticated, and with which claims; of several audiences the first."""
    for name in _AUTHENTICATED:
        _add_text(attributes, name, struct.get(name))
    audiences = struct.get(_AUDIENCES)
    if isinstance(audiences, list | tuple):
        audiences = next(iter(audiences), None)
    _add_text(attributes, _AUDIENCES, audiences)
    claims = struct.get(_CLAIMS)
    if isinstance(claims, Mapping):
        _add_entries(attributes, _CLAIMS, claims)
    user = struct.get("source.user") or struct.get("source.principal")
    if isinstance(user, str) and not struct.get("source.namespace"):
        _add_text(attributes, "source.namespace", namespace_of(user))


def add_metadata(attributes: dict[str, Value], metadata: Mapping[str, Struct]) -> None:
    """Adds each namespace as a map, but for Mixer's own; and what RBAC would have done."""
    for namespace, struct in metadata.items():
        if namespace != _MIXER:
            _add_entries(attributes, namespace, struct)
    rbac = metadata.get(_RBAC)
    if rbac is not None:
        for key, name in _RBAC_ATTRIBUTES:
            _add_text(attributes, name, rbac.get(key))


def _add_text(attributes: dict[str, Value], name: str, value: object) -> None:
    if value and isinstance(value, str):
        attributes[name] = value


def _add_entries(attributes: dict[str, Value], name: str, struct: Struct) -> None:
    entries = string_entries(struct)
    if entries:
        attributes[name] = entries
