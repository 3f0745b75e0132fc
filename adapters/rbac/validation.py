"""What is wrong with roles and bindings."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from adapters.pattern import Patterns
from adapters.rbac.params import AccessRule, Params, ServiceRole, ServiceRoleBinding, Subject
from mixer.adapter import InstanceType, ParamError, fits_int32

_KIND: Final = "ServiceRole"


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with the params."""
    seen: set[tuple[str, str]] = set()
    for index, role in enumerate(params.roles):
        place = f"roles[{index}]"
        if (role.namespace, role.name) in seen:
            yield ParamError(field=f"{place}.name", message=f"{_called(role)} is there twice")
        seen.add((role.namespace, role.name))
        yield from _role_errors(role, place)
    for index, binding in enumerate(params.bindings):
        yield from _binding_errors(binding, f"bindings[{index}]", seen)
    if params.cache_duration < 0:
        yield ParamError(field="cache_duration", message="must not be negative")
    if params.valid_use_count < 0 or not fits_int32(params.valid_use_count):
        yield ParamError(field="valid_use_count", message="must be from 0 to 2147483647")


def _called(role: ServiceRole) -> str:
    where = f" of namespace {role.namespace!r}" if role.namespace else ""
    return f"role {role.name!r}{where}"


def _role_errors(role: ServiceRole, place: str) -> Iterator[ParamError]:
    if not role.name:
        yield ParamError(field=f"{place}.name", message="must be given")
    if not role.rules:
        yield ParamError(field=f"{place}.rules", message="a role needs at least one")
    for index, rule in enumerate(role.rules):
        yield from _rule_errors(rule, f"{place}.rules[{index}]")


def _rule_errors(rule: AccessRule, place: str) -> Iterator[ParamError]:
    for name in ("services", "methods"):
        if not getattr(rule, name):
            yield ParamError(field=f"{place}.{name}", message="must be given; `*` stands for any")
    for name in ("services", "methods", "paths"):
        yield from _pattern_errors(getattr(rule, name), f"{place}.{name}")
    for index, constraint in enumerate(rule.constraints):
        here = f"{place}.constraints[{index}]"
        if not constraint.key:
            yield ParamError(field=f"{here}.key", message="must be given")
        if not constraint.values:
            yield ParamError(field=f"{here}.values", message="must be given; `*` stands for any")
        yield from _pattern_errors(constraint.values, f"{here}.values")


def _binding_errors(
    binding: ServiceRoleBinding, place: str, roles: set[tuple[str, str]]
) -> Iterator[ParamError]:
    reference = binding.role_ref
    if reference.kind != _KIND:
        yield ParamError(field=f"{place}.role_ref.kind", message=f"must be {_KIND}")
    if (binding.namespace, reference.name) not in roles:
        where = f" in namespace {binding.namespace!r}" if binding.namespace else ""
        yield ParamError(
            field=f"{place}.role_ref.name", message=f"there is no role {reference.name!r}{where}"
        )
    if not binding.subjects:
        yield ParamError(field=f"{place}.subjects", message="a binding needs at least one")
    for index, subject in enumerate(binding.subjects):
        yield from _subject_errors(subject, f"{place}.subjects[{index}]")


def _subject_errors(subject: Subject, place: str) -> Iterator[ParamError]:
    if not (subject.user or subject.group or subject.properties):
        yield ParamError(
            field=place, message="needs user, group or properties; user `*` is anybody"
        )
    for name in ("user", "group"):
        text = getattr(subject, name)
        if "*" in text and text != "*":
            yield ParamError(
                field=f"{place}.{name}", message="no patterns here, except `*` for any"
            )
    for key, pattern in subject.properties.items():
        yield from _pattern_errors((pattern,), f"{place}.properties.{key}")


def _pattern_errors(patterns: Iterable[str], place: str) -> Iterator[ParamError]:
    for pattern in patterns:
        try:
            Patterns.parse((pattern,))
        except ValueError as error:
            yield ParamError(field=place, message=str(error))
