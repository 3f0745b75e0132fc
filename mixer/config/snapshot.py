"""A configuration that has been checked: immutable, and all that routing needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mixer.adapter import Info, InstanceType
from mixer.attribute.vocabulary import Vocabulary
from mixer.config.spec import OnError, Operation
from mixer.errors import ConfigError, Location
from mixer.expr import Expression, Node
from mixer.isolation.options import IsolationOptions
from mixer.template.plan import InstancePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerConfig:
    """One handler; two that are equal can share a running one."""

    name: str
    """Display name: `name.namespace`, or `name.kind.namespace` for a legacy kind."""
    info: Info
    params: Any
    """An instance of `info.params`."""
    instances: Mapping[str, InstanceType]
    """What rules send to it, by full name."""
    isolation: IsolationOptions | None = None
    """Bounds of its calls; None where these can't block."""
    place: str = field(default="", compare=False)
    """`kind/namespace/name`, for errors."""
    location: Location | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An attribute that a generator's output becomes."""

    attribute: str
    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One instance, and for a generator what becomes of its output."""

    plan: InstancePlan
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Some instances that a rule sends to a handler. They may be of several templates."""

    handler: str
    """Display name."""
    instances: tuple[Instance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderOperation:
    """What a rule does to a header when the request may pass."""

    name: str
    operation: Operation
    values: tuple[Expression, ...]
    """One operation for each; REMOVE has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When `match` holds, the actions are taken."""

    place: str
    """`rule/namespace/name`."""
    namespace: str
    match_text: str
    """Trimmed; empty for a rule that always holds."""
    match: Node | None
    actions: tuple[Action, ...]
    request_headers: tuple[HeaderOperation, ...]
    response_headers: tuple[HeaderOperation, ...]
    on_error: OnError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that is good of one configuration, and what is wrong with the rest."""

    vocabulary: Vocabulary
    handlers: Mapping[str, HandlerConfig]
    """The handlers that rules use, by display name."""
    instance_count: int
    rules: tuple[Rule, ...]
    """In the order of namespace and name."""
    errors: tuple[ConfigError, ...]


EMPTY = Snapshot(vocabulary=Vocabulary({}), handlers={}, instance_count=0, rules=(), errors=())
