"""The policy that is measured: ten rules that deny, a list and a quota; the request passes all.

They are those of `benchmarks/micro/workloads/check_c` but for the last rule, which would deny
whoever comes without a certificate.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mixer.adapter.registry import AdapterRegistry
from mixer.config.store import read_text
from mixer.export.exporter import ExportOptions, export
from mixer.export.program import Cells, Program
from mixer.export.scope import Said
from mixer.runtime import check_contents

_NAMESPACE: Final = "istio-system"
_TYPES: Final = {
    "connection.mtls": "BOOL",
    "destination.labels": "STRING_MAP",
    "destination.namespace": "STRING",
    "destination.port": "INT64",
    "destination.service.host": "STRING",
    "request.headers": "STRING_MAP",
    "request.method": "STRING",
    "request.path": "STRING",
    "request.useragent": "STRING",
    "source.ip": "IP_ADDRESS",
    "source.labels": "STRING_MAP",
    "source.name": "STRING",
    "source.namespace": "STRING",
    "source.principal": "STRING",
}
_SAID: Final = Said(
    attributes={
        "destination.labels": {"app": "cart", "version": "v1"},
        "destination.service.host": "cart.shop.svc.cluster.local",
        "source.labels": {"app": "frontend", "version": "v2"},
        "source.name": "frontend-v2-6c9",
    }
)
_DENIED: Final = (
    'request.headers["x-tenant"] == "closed"',
    'source.namespace == "quarantine"',
    'match(request.path, "/internal*")',
    'destination.labels["app"] == "cart" && source.labels["version"] == "v9"',
    '(request.headers["x-suspended"] | "no") == "yes"',
    'source.ip == ip("10.66.6.6")',
    'request.method == "TRACE" || request.method == "CONNECT"',
    'request.useragent.startsWith("sqlmap/")',
    "connection.mtls == false && destination.port == 1",
    '(source.principal | "nobody") == "stranger"',
)
_DIMENSIONS: Final = {
    "source": 'source.labels["app"] | source.name | "unknown"',
    "sourceVersion": 'source.labels["version"] | "unknown"',
    "destination": 'destination.labels["app"] | destination.service.host | "unknown"',
    "destinationVersion": 'destination.labels["version"] | "unknown"',
}
_OVERRIDE: Final = {"destination": "billing", "source": "frontend"}
_LIMIT: Final = {"maxAmount": 1_000_000_000, "validDuration": "1s"}


def programs() -> Mapping[str, Program]:
    """Programs of ever more of the policy, by what they have."""
    rules = [*_rules(), *_list()]
    return {
        "no rules": _program([]),
        "ten rules and a list": _program(rules),
        "ten rules, a list and a quota": _program([*rules, *_quota()]),
        "the same with a quota of each worker": _program([*rules, *_quota()], cells="worker"),
    }


def _program(documents: Sequence[dict[str, Any]], cells: Cells = "shared") -> Program:
    contents = read_text("\n---\n".join(map(json.dumps, [_manifest(), *documents])))
    snapshot = check_contents(contents, AdapterRegistry())
    exported = export(snapshot, ExportOptions(namespace="shop", said=_SAID, cells=cells))
    if snapshot.errors or exported.refused:
        raise AssertionError([*snapshot.errors, *exported.refused])
    return exported.program


def _document(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": name, "namespace": _NAMESPACE}, "spec": spec}


def _manifest() -> dict[str, Any]:
    types = {name: {"valueType": kind} for name, kind in _TYPES.items()}
    return _document("attributemanifest", "proxy", attributes=types)


def _rule(name: str, handler: str, instance: str, match: str = "") -> dict[str, Any]:
    return _document(
        "rule", name, match=match, actions=[{"handler": handler, "instances": [instance]}]
    )


def _rules() -> Iterator[dict[str, Any]]:
    status = {"code": 7, "message": "This request is not allowed here"}
    yield _document("handler", "refuse", compiledAdapter="denier", params={"status": status})
    yield _document("instance", "anything", compiledTemplate="checknothing")
    for number, match in enumerate(_DENIED):
        yield _rule(f"deny-{number}", "refuse", "anything", match)


def _list() -> Iterator[dict[str, Any]]:
    refused = {"overrides": ["retired", "sandbox"], "blacklist": True}
    yield _document("handler", "spaces", compiledAdapter="listchecker", params=refused)
    value = {"value": 'source.namespace | "unknown"'}
    yield _document("instance", "caller", compiledTemplate="listentry", params=value)
    yield _rule("refuse-namespaces", "spaces", "caller")


def _quota() -> Iterator[dict[str, Any]]:
    limit = {
        "name": f"requestcount.instance.{_NAMESPACE}",
        **_LIMIT,
        "overrides": [{"dimensions": _OVERRIDE, "maxAmount": 1, "validDuration": "1s"}],
    }
    yield _document("handler", "counted", compiledAdapter="memquota", params={"quotas": [limit]})
    dimensions = {"dimensions": _DIMENSIONS}
    yield _document("instance", "requestcount", compiledTemplate="quota", params=dimensions)
    yield _rule("count", "counted", "requestcount")
