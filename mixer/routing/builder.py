"""From a snapshot and running handlers to a routing table.

Rules are filed under their own namespace. A namespace with rules of its own in a variety also gets
those of the default namespace, before its own; all others get just the default ones. Header
operations belong to the CHECK variety, but those of the default namespace are *not* given to
namespaces with rules of their own (istio 1.4 `mixer/pkg/runtime/routing/builder.go`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from mixer.adapter import Template, Variety
from mixer.config.snapshot import Action, Instance, Rule, Snapshot
from mixer.config.spec import OnError
from mixer.monitoring import dispatch_tally
from mixer.routing.handlers import HandlerEntry, HandlerTable
from mixer.routing.selector import Choice, compile_selector
from mixer.routing.table import Destination, Group, HeaderDirective, Route, Routes, Table
from mixer.template.builder import InstanceBuilder

_ONE_BY_ONE = frozenset({Variety.QUOTA, Variety.ATTRIBUTE_GENERATOR})
"""Varieties whose instances are picked or answered one at a time."""


def build_table(snapshot: Snapshot, handlers: HandlerTable, default_namespace: str) -> Table:
    """Routes all rules whose handlers are running."""
    return _TableBuilder(snapshot, handlers, default_namespace).table()


class _TableBuilder:
    def __init__(self, snapshot: Snapshot, handlers: HandlerTable, default_namespace: str) -> None:
        self._snapshot = snapshot
        self._handlers = handlers
        self._default_namespace = default_namespace
        self._destinations: dict[tuple[str, str, OnError | None], Destination] = {}
        self._groups: dict[Variety, dict[str, list[Choice[Group]]]] = {
            variety: defaultdict(list) for variety in Variety
        }
        self._headers: dict[str, list[Choice[HeaderDirective]]] = defaultdict(list)

    def table(self) -> Table:
        for rule in self._snapshot.rules:
            self._file(rule)
        return Table(
            check=self._routes(Variety.CHECK),
            report=self._routes(Variety.REPORT),
            quota=self._routes(Variety.QUOTA),
            generate=self._routes(Variety.ATTRIBUTE_GENERATOR),
            handlers=self._handlers,
        )

    def _file(self, rule: Rule) -> None:
        chosen: dict[Variety, list[Group]] = defaultdict(list)
        for action in rule.actions:
            entry = self._handlers.get(action.handler)
            if entry is not None:
                for group in self._action_groups(rule, entry, action):
                    chosen[group.destination.template.variety].append(group)
        for variety, groups in chosen.items():
            choice = Choice(rule=rule, chosen=tuple(groups))
            self._groups[variety][rule.namespace].append(choice)
        if rule.request_headers or rule.response_headers:
            directive = HeaderDirective(
                request=rule.request_headers, response=rule.response_headers
            )
            self._headers[rule.namespace].append(Choice(rule=rule, chosen=(directive,)))

    def _action_groups(self, rule: Rule, entry: HandlerEntry, action: Action) -> Iterator[Group]:
        name = rule.place.removeprefix("rule/")
        by_template: dict[Template, list[Instance]] = defaultdict(list)
        for instance in action.instances:
            by_template[instance.plan.template].append(instance)
        for template, instances in by_template.items():
            destination = self._destination(entry, template, rule.on_error)
            if template.variety not in _ONE_BY_ONE:
                yield Group(destination=destination, builder=self._builder(instances), rule=name)
                continue
            for instance in instances:
                yield Group(
                    destination=destination,
                    builder=self._builder([instance]),
                    rule=name,
                    bindings=instance.bindings,
                    short_name=instance.plan.short_name.lower(),
                )

    def _builder(self, instances: Sequence[Instance]) -> InstanceBuilder:
        return InstanceBuilder([i.plan for i in instances], self._snapshot.vocabulary)

    def _destination(
        self, entry: HandlerEntry, template: Template, on_error: OnError | None
    ) -> Destination:
        config = entry.config
        key = (config.name, template.name, on_error)
        if key not in self._destinations:
            self._destinations[key] = Destination(
                handler=config.name,
                adapter=config.info.name,
                template=template,
                handle=entry.method(template),
                result=template.result,
                tally=dispatch_tally(template.name, config.name, config.info.name),
                on_error=on_error,
                is_durable=config.info.is_durable,
            )
        return self._destinations[key]

    def _routes(self, variety: Variety) -> Routes:
        by_namespace = self._groups[variety]
        headers = self._headers if variety is Variety.CHECK else {}
        default = by_namespace.get(self._default_namespace, [])
        routes = {}
        for namespace in by_namespace.keys() | headers.keys():
            own = by_namespace.get(namespace, [])
            choices = own if namespace == self._default_namespace else [*default, *own]
            routes[namespace] = Route(
                select=compile_selector(
                    choices,
                    self._snapshot.vocabulary,
                    records_reads=variety is not Variety.REPORT,
                ),
                select_headers=compile_selector(
                    headers.get(namespace, []), self._snapshot.vocabulary
                ),
                has_headers=namespace in headers,
                group_count=sum(len(choice.chosen) for choice in choices),
            )
        return Routes(routes, routes.get(self._default_namespace, Route()))
