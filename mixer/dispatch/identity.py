"""Whose rules apply to a request."""

from mixer.attribute.bag import Bag


def namespace_of(bag: Bag) -> str:
    """The namespace whose rules apply; empty for just the default ones.

    Proxies that report inbound requests are identified by the destination's namespace, and those
    that report outbound ones by the source's (istio 1.4 `mixer/pkg/runtime/dispatcher/util.go`).
    """
    kind = bag.read("context.reporter.kind")
    if kind == "inbound" or kind.__class__ is not str:
        namespace = bag.read("destination.namespace")
    elif kind == "outbound":
        namespace = bag.read("source.namespace")
    else:
        return ""
    return namespace if isinstance(namespace, str) else ""
