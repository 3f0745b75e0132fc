"""The smallest pieces of Envoy's configuration, in its JSON form."""

from typing import Any, Final, TypeAlias

Part: TypeAlias = dict[str, Any]
"""One message of the configuration. A fresh one from each call, so it may be changed."""

_TYPES: Final = "type.googleapis.com/"


def typed(name: str, kind: str, **fields: Any) -> Part:
    """An extension: its registered name, and its settings as a message of type `kind`."""
    return {"name": name, "typed_config": {"@type": _TYPES + kind, **fields}}


def address_of(text: str) -> Part:
    """An `envoy.config.core.v3.Address` of HOST:PORT or unix:PATH."""
    if text.startswith("unix:"):
        return {"pipe": {"path": text.removeprefix("unix:")}}
    host, _, port = text.rpartition(":")
    return {"socket_address": {"address": host.strip("[]"), "port_value": int(port)}}


def duration(seconds: float) -> str:
    """A duration as JSON has it."""
    return f"{seconds:.9f}".rstrip("0").rstrip(".") + "s"


def grpc_service(cluster: str, timeout_s: float) -> Part:
    """An `envoy.config.core.v3.GrpcService`: who is called, and for how long at most."""
    return {"envoy_grpc": {"cluster_name": cluster}, "timeout": duration(timeout_s)}
