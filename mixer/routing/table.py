"""The routing table: which instances go where, for every variety and namespace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mixer.adapter import Template, Variety
from mixer.attribute.bag import Bag
from mixer.config.snapshot import Binding, HeaderOperation
from mixer.monitoring import DispatchTally
from mixer.routing.handlers import HandlerTable
from mixer.template.builder import InstanceBuilder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Destination:
    """A handler's method for one template."""

    handler: str
    """The handler's display name."""
    adapter: str
    template: Template
    handle: Callable[..., Any]
    """The bound method; it may raise anything."""
    tally: DispatchTally


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """Instances of one action that go to one destination."""

    destination: Destination
    builder: InstanceBuilder
    bindings: tuple[Binding, ...] = ()
    """For generators: what becomes of the output."""
    short_name: str = ""
    """For quotas: what clients call it, in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeaderDirective:
    """The header operations of one rule."""

    request: tuple[HeaderOperation, ...]
    response: tuple[HeaderOperation, ...]


def _none(_bag: Bag) -> Sequence[Any]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Route:
    """What the rules of one namespace, and those of the default one, ask for in one variety."""

    select: Callable[[Bag], Sequence[Group]] = _none
    """The groups of the rules that match, in the order of the configuration."""
    select_headers: Callable[[Bag], Sequence[HeaderDirective]] = _none
    """CHECK only: the header operations of the rules that match."""
    has_headers: bool = False
    group_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """All routes. It holds the handlers alive: they are closed after its last user has let go."""

    routes: Mapping[Variety, Mapping[str, Route]]
    defaults: Mapping[Variety, Route]
    """For namespaces that have no rules of their own in a variety."""
    handlers: HandlerTable
    has_generators: bool = field(default=False)

    def route(self, variety: Variety, namespace: str) -> Route:
        """The rules for a request of this namespace."""
        return self.routes[variety].get(namespace) or self.defaults[variety]
