"""What is kept of a pod, of what owns one, and of services: what attributes are made of."""

import sys
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from mixer.attribute.value import packed_address

Raw = Mapping[str, Any]
"""An object as the API server writes it, decoded from JSON."""
_OVER: Final = frozenset({"Succeeded", "Failed"})
"""Phases of a pod whose address may be another one's by now."""
_NO_ADDRESS: Final = "None"
"""The address of a headless service."""


class Key(NamedTuple):
    """How an object is called among those of its kind."""

    namespace: str
    name: str


class Owner(NamedTuple):
    """What controls an object."""

    api_version: str
    kind: str
    name: str


class Pod(NamedTuple):
    """One pod."""

    key: Key
    address: bytes | None
    host_address: bytes | None
    addresses: tuple[bytes, ...]
    """Those that are this pod's alone: none for a pod in the network of its host."""
    labels: Mapping[str, str]
    service_account: str
    ports: Mapping[int, str]
    """The names of containers, by the ports that they listen on."""
    owner: Owner | None


class Service(NamedTuple):
    """One service."""

    key: Key
    addresses: tuple[bytes, ...]
    """Its own in the cluster; a headless service has none."""
    selector: Mapping[str, str]
    """The labels that pods of this service have; none: it has no pods that can be told."""


def key_of(raw: Raw) -> Key:
    """The name of any object; raises KeyError where it has none."""
    metadata = raw["metadata"]
    return Key(sys.intern(metadata.get("namespace", "")), metadata["name"])


def owner_of(raw: Raw) -> Owner | None:
    """What controls any object; None for one that stands for itself."""
    for reference in raw["metadata"].get("ownerReferences") or ():
        if reference.get("controller"):
            return Owner(
                sys.intern(reference["apiVersion"]),
                sys.intern(reference["kind"]),
                sys.intern(reference["name"]),
            )
    return None


def pod_of(raw: Raw) -> Pod:
    """A pod; raises KeyError for what is none."""
    spec, status = raw.get("spec") or {}, raw.get("status") or {}
    is_alone = not spec.get("hostNetwork") and status.get("phase") not in _OVER
    texts = [status.get("podIP"), *(one.get("ip") for one in status.get("podIPs") or ())]
    addresses = [address for text in dict.fromkeys(texts) if (address := _address(text))]
    return Pod(
        key=key_of(raw),
        address=addresses[0] if addresses else None,
        host_address=_address(status.get("hostIP")),
        addresses=tuple(addresses) if is_alone else (),
        labels=_interned(raw["metadata"].get("labels") or {}),
        service_account=sys.intern(spec.get("serviceAccountName") or ""),
        ports={
            port["containerPort"]: sys.intern(container["name"])
            for container in spec.get("containers") or ()
            for port in container.get("ports") or ()
        },
        owner=owner_of(raw),
    )


def service_of(raw: Raw) -> Service:
    """A service; raises KeyError for what is none."""
    spec = raw.get("spec") or {}
    texts = dict.fromkeys((spec.get("clusterIP"), *(spec.get("clusterIPs") or ())))
    return Service(
        key=key_of(raw),
        addresses=tuple(
            address for text in texts if text != _NO_ADDRESS and (address := _address(text))
        ),
        selector=_interned(spec.get("selector") or {}),
    )


def _address(text: str | None) -> bytes | None:
    return packed_address(text) if text else None


def _interned(labels: Mapping[str, str]) -> Mapping[str, str]:
    """The pods of a workload have most labels in common."""
    return {sys.intern(name): sys.intern(value) for name, value in labels.items()}
