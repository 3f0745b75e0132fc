"""Configurations written as plain Python: each function gives one document."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mixer.config.store import Contents, read_text

DEFAULT: Final = "istio-system"
"""The namespace whose rules apply to all requests."""

Document = Mapping[str, Any]


def document(kind: str, name: str, spec: Mapping[str, Any], namespace: str = DEFAULT) -> Document:
    """A resource of any kind."""
    return {"kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def handler(
    name: str, adapter: str = "spy", *, namespace: str = DEFAULT, **params: Any
) -> Document:
    """A handler of an adapter in this process."""
    return document("handler", name, {"compiledAdapter": adapter, "params": params}, namespace)


def instance(
    name: str, template: str = "checknothing", *, namespace: str = DEFAULT, **params: Any
) -> Document:
    """An instance of a template in this process."""
    return document("instance", name, {"compiledTemplate": template, "params": params}, namespace)


def generator(name: str, key: str, **bindings: str) -> Document:
    """An instance of the template lookup; `a__b` in the name of an attribute stands for a dot."""
    bound = {attribute.replace("__", "."): text for attribute, text in bindings.items()}
    spec = {"compiledTemplate": "lookup", "params": {"key": key}, "attributeBindings": bound}
    return document("instance", name, spec)


def rule(
    name: str, *actions: Sequence[str], match: str = "", namespace: str = DEFAULT, **more: Any
) -> Document:
    """A rule; each action is a handler and then its instances."""
    listed = [{"handler": to, "instances": list(what)} for to, *what in actions]
    return document("rule", name, {"match": match, "actions": listed, **more}, namespace)


def manifest(**attributes: str) -> Document:
    """Types by attribute; `a__b` in a name stands for a dot."""
    spec = {name.replace("__", "."): {"valueType": kind} for name, kind in attributes.items()}
    return document("attributemanifest", "attributes", {"attributes": spec})


MANIFEST: Final = manifest(
    context__reporter__kind="STRING",
    destination__namespace="STRING",
    source__namespace="STRING",
    source__name="STRING",
    source__ip="IP_ADDRESS",
    source__owner="STRING",
    source__labels="STRING_MAP",
    request__headers="STRING_MAP",
    request__size="INT64",
    request__time="TIMESTAMP",
    response__duration="DURATION",
    connection__mtls="BOOL",
    my__rate="DOUBLE",
)
"""Attributes of every type that tests need."""


def contents(*documents: Document) -> Contents:
    """What a directory with these documents, and `MANIFEST`, says."""
    return read_text(yaml_of(MANIFEST, *documents))


def yaml_of(*documents: Document) -> str:
    """The documents as one YAML text."""
    return "\n---\n".join(json.dumps(one, indent=1) for one in documents)
