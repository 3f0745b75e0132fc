"""What a policy of Open Policy Agent is told of a request, and how its answer is understood.

Shared by the adapters `opa` and `opa-remote`. After istio 1.4 `mixer/adapter/opa`.
"""

import re
from collections.abc import Mapping
from typing import Final

from mixer.adapter import CheckResult, Code, Status, Value, stringify
from mixer.template.authorization import Action, Instance, Subject

Json = bool | int | float | str | list[str] | Mapping[str, "Json"]

_REFERENCE: Final = re.compile(r"data((?:\.[A-Za-z_][A-Za-z0-9_]*)+)", re.ASCII)
_PLAIN: Final = frozenset({str, bool, int, float})
_NOBODY: Final = Subject()
_NOTHING: Final = Action()

ALLOWED: Final = CheckResult()
"""An OK that says nothing of how long it is good."""
DENIED: Final = CheckResult(
    Status(code=Code.PERMISSION_DENIED, message="opa: request was rejected")
)
"""Not to be used again."""


def path_of(check_method: str) -> tuple[str, ...]:
    """`("mixerauthz", "allow")` for `data.mixerauthz.allow`; raises ValueError for other forms."""
    found = _REFERENCE.fullmatch(check_method)
    if found is None:
        raise ValueError("must name a rule, such as data.mixerauthz.allow")
    return tuple(found[1][1:].split("."))


def document(instance: Instance) -> dict[str, Json]:
    """The input document: subject and action, without what is empty."""
    subject, action = instance.subject or _NOBODY, instance.action or _NOTHING
    return {
        "subject": _filled(
            user=subject.user,
            groups=[subject.groups] if subject.groups else [],
            properties=_properties(subject.properties),
        ),
        "action": _filled(
            namespace=action.namespace,
            service=action.service,
            method=action.method,
            path=action.path,
            properties=_properties(action.properties),
        ),
    }


def answer(value: object, *, fail_close: bool) -> CheckResult:
    """What a policy's value means: true and false as they say, all else as `fail_close` says."""
    if value is True or (value is not False and not fail_close):
        return ALLOWED
    return DENIED


def _filled(**fields: Json) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value}


def _properties(properties: Mapping[str, Value]) -> dict[str, Json]:
    return {key: _json(value) for key, value in properties.items()}


def _json(value: Value) -> Json:
    if type(value) in _PLAIN:
        return value  # type: ignore[return-value]
    if isinstance(value, Mapping):
        return dict(value)
    return stringify(value)
