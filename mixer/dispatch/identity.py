"""Whose rules apply to a request."""

from typing import Final

from mixer.attribute.bag import Bag, StringMap, references_to
from mixer.attribute.value import Value

_KIND: Final = "context.reporter.kind"
_DESTINATION: Final = "destination.namespace"
_SOURCE: Final = "source.namespace"
_PRESENCES: Final = {name: references_to(name)[1] for name in (_KIND, _DESTINATION, _SOURCE)}


def namespace_of(bag: Bag) -> str:
    """The namespace whose rules apply; empty for just the default ones.

    Proxies that report inbound requests are identified by the destination's namespace, and those
    that report outbound ones by the source's (istio 1.4 `mixer/pkg/runtime/dispatcher/util.go`).
    """
    kind = _read(bag, _KIND)
    if kind == "inbound" or kind.__class__ is not str:
        namespace = _read(bag, _DESTINATION)
    elif kind == "outbound":
        namespace = _read(bag, _SOURCE)
    else:
        return ""
    return namespace if isinstance(namespace, str) else ""


def _read(bag: Bag, name: str) -> Value | StringMap | None:
    """As `Bag.read`, which takes twice as long for a text; every request pays for two."""
    value = bag[name]
    if value.__class__ is not str:
        return bag.read(name)
    bag.note(_PRESENCES[name])
    return value
