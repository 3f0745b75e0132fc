"""Mixer's configuration as plain Python: each function gives one document."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

NAMESPACE: Final = "istio-system"
"""The namespace whose rules apply to all requests."""

Document: TypeAlias = Mapping[str, Any]


def document(kind: str, name: str, spec: Mapping[str, Any]) -> Document:
    """A resource of any kind."""
    return {
        "apiVersion": "config.istio.io/v1alpha2",
        "kind": kind,
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": spec,
    }


def manifest(types: Mapping[str, str]) -> Document:
    """The types of attributes, by name."""
    attributes = {name: {"valueType": kind} for name, kind in types.items()}
    return document("attributemanifest", "benchmark", {"attributes": attributes})


def handler(name: str, adapter: str, **params: Any) -> Document:
    """A handler of an adapter."""
    return document("handler", name, {"compiledAdapter": adapter, "params": params})


def instance(name: str, template: str, **params: Any) -> Document:
    """An instance of a template."""
    return document("instance", name, {"compiledTemplate": template, "params": params})


def rule(name: str, handler_name: str, *instances: str, match: str = "") -> Document:
    """A rule that sends instances to one handler."""
    actions = [{"handler": handler_name, "instances": list(instances)}]
    return document("rule", name, {"match": match, "actions": actions})


def write(file: Path, documents: Iterable[Document]) -> None:
    """Writes them as YAML; each is JSON, which is YAML too."""
    text = "\n---\n".join(json.dumps(one) for one in documents)
    file.write_text(text + "\n", encoding="utf-8")
