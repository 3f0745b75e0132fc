"""The routing table: which instances go where, for every variety and namespace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mixer.adapter import Template, Variety
from mixer.attribute.bag import Bag
from mixer.config.snapshot import Binding, HeaderOperation
from mixer.config.spec import OnError
from mixer.monitoring import DispatchTally
from mixer.routing.handlers import HandlerTable
from mixer.template.builder import InstanceBuilder


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Destination:
    """A handler's method for one template, for the rules that do the same when it fails."""

    handler: str
    """The handler's display name."""
    adapter: str
    template: Template
    handle: Callable[..., Any]
    """The bound method; it may raise anything."""
    result: type[Any]
    """The class of what it must return."""
    tally: DispatchTally
    on_error: OnError | None = None
    is_durable: bool = False
    """Whether what the handler does not take must not be acknowledged."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """Instances of one action that go to one destination."""

    destination: Destination
    builder: InstanceBuilder
    rule: str = ""
    """`namespace/name` of the rule."""
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


class Routes(dict[str, Route]):
    """Routes of one variety by namespace; other namespaces get the default one."""

    __slots__ = ("default",)

    def __init__(self, routes: Mapping[str, Route], default: Route) -> None:
        super().__init__(routes)
        self.default = default

    def __missing__(self, _namespace: str) -> Route:
        return self.default


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """All routes. It holds the handlers alive: they are closed after its last user has let go."""

    check: "Routes"
    report: "Routes"
    quota: "Routes"
    generate: "Routes"
    handlers: HandlerTable

    @property
    def by_variety(self) -> Mapping[Variety, "Routes"]:
        """All routes; not for use on the request path, where an enum is slow to look up."""
        return {
            Variety.CHECK: self.check,
            Variety.REPORT: self.report,
            Variety.QUOTA: self.quota,
            Variety.ATTRIBUTE_GENERATOR: self.generate,
        }
