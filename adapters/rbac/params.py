"""What can be configured of an rbac handler, in the words of Istio's `rbac.istio.io/v1alpha1`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from mixer.adapter import Duration

_MINUTE: Final = Duration.parse("1m")


class EnforcementMode(IntEnum):
    """Whether what is configured is in force, or only tried out."""

    ENFORCED = 0
    PERMISSIVE = 1
    """What would be the answer is counted and logged, and changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """What a property of the action must be."""

    key: str = ""
    """Name of a property of the instance's action."""
    values: tuple[str, ...] = ()
    """Patterns; one of them must match. An action without the property satisfies none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRule:
    """A set of actions. All of its fields must match."""

    services: tuple[str, ...] = ()
    """Patterns of the action's service; needed. `a` matches itself, `a*` what begins with it, `*a`
    what ends with it, and `*` everything, also the empty text."""
    methods: tuple[str, ...] = ()
    """Patterns of the action's method; needed."""
    paths: tuple[str, ...] = ()
    """Patterns of the action's path; none: any path."""
    constraints: tuple[Constraint, ...] = ()
    """All of them must be satisfied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRole:
    """What those who have the role may do."""

    name: str = ""
    """Unique in its namespace."""
    namespace: str = ""
    """Counts for actions of this namespace only; empty: for those of any."""
    rules: tuple[AccessRule, ...] = ()
    """An action that one of them matches is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who has a role. All fields that are given must match; one must be given."""

    user: str = ""
    """The subject's user; `*` for everybody, also those without a name."""
    group: str = ""
    """One of the subject's groups, which stand in one text with commas between; `*` for any."""
    properties: Mapping[str, str] = field(default_factory=dict)
    """For names of properties of the instance's subject, a pattern each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRef:
    """Which role is meant."""

    kind: str = "ServiceRole"
    """Nothing else is known."""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRoleBinding:
    """Gives a role to subjects."""

    name: str = ""
    """For those who read the configuration; may be empty."""
    namespace: str = ""
    """That of the role."""
    role_ref: RoleRef = field(default_factory=RoleRef)
    subjects: tuple[Subject, ...] = ()
    """Each of them has the role."""
    mode: EnforcementMode = EnforcementMode.ENFORCED
    """PERMISSIVE: gives no access; where it alone would have, that is counted and logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Roles, and who has them. What no role allows is denied."""

    roles: tuple[ServiceRole, ...] = ()
    bindings: tuple[ServiceRoleBinding, ...] = ()
    enforcement_mode: EnforcementMode = EnforcementMode.ENFORCED
    """PERMISSIVE: every request passes, and what the answer would have been is counted; a denial
    is logged."""
    cache_duration: Duration = _MINUTE
    """How long clients may use an answer again; 0 or more."""
    valid_use_count: int = 1_000_000_000
    """How often clients may use an answer again, from 0 to 2147483647."""
