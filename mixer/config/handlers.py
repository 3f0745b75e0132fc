"""Handlers: which adapter with which parameters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mixer.adapter import Info, InstanceType, RegistrationError, Template
from mixer.adapter.registry import AdapterRegistry
from mixer.config import spec
from mixer.config.decode import decode
from mixer.config.read_spec import read_spec
from mixer.config.resource import Resource, parse_path
from mixer.config.snapshot import HandlerConfig, Rule
from mixer.errors import ConfigError
from mixer.isolation.options import IsolationOptions
from mixer.suggestion import did_you_mean
from mixer.template.catalogue import BUILTIN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    config: HandlerConfig
    resource: Resource
    params_path: tuple[str, ...]


class HandlerCompiler:
    """Collects the handlers of one configuration."""

    def __init__(self, registry: AdapterRegistry, errors: list[ConfigError]) -> None:
        """What is wrong is appended to `errors`."""
        self._registry = registry
        self._errors = errors
        self._declared: dict[str, _Declared] = {}
        self._called: dict[str, Resource] = {}

    def add(self, handlers: Sequence[Resource], legacy: Mapping[str, Sequence[Resource]]) -> None:
        """Takes resources of kind handler, and those whose kind is an adapter's name."""
        for resource in handlers:
            self._add_handler(resource)
        for kind, resources in legacy.items():
            for resource in resources:
                self._declare(resource, kind, str(resource.key), resource.spec)

    def _add_handler(self, resource: Resource) -> None:
        given = read_spec(spec.Handler, resource, self._errors)
        if not given.compiled_adapter:
            message = "is missing: which adapter is it?"
            if given.adapter:
                message = "is missing; out-of-process adapters are not supported"
            self._errors.append(resource.error(("compiledAdapter",), message))
            return
        name = f"{resource.key.name}.{resource.key.namespace}"
        self._declare(resource, given.compiled_adapter, name, given.params, given.isolation)

    def _declare(
        self,
        resource: Resource,
        adapter: str,
        name: str,
        params: Any,
        isolation: IsolationOptions | None = None,
    ) -> None:
        info = self._info(resource, adapter)
        if info is None:
            return
        path = ("params",) if resource.key.kind == "handler" else ()
        decoded = decode(info.params, params or {})
        self._errors += [resource.error((*path, *where), text) for where, text in decoded.errors]
        config = HandlerConfig(
            name=name,
            info=info,
            params=decoded.value,
            instances={},
            isolation=isolation or (IsolationOptions() if info.may_block else None),
            place=resource.key.place,
            location=resource.location(()),
        )
        other = self._called.setdefault(name, resource)
        if other is not resource:
            text = f"would be called {name}, as {other.key.place} is"
            self._errors.append(resource.error((), text))
            return
        self._declared[str(resource.key)] = _Declared(
            config=config, resource=resource, params_path=path
        )

    def _info(self, resource: Resource, adapter: str) -> Info | None:
        path = ("compiledAdapter",) if resource.key.kind == "handler" else ()
        try:
            info = self._registry.get(adapter)
        except RegistrationError as error:
            self._errors.append(resource.error(path, str(error)))
            return None
        if info is None:
            hint = did_you_mean(adapter, self._registry.names())
            self._errors.append(resource.error(path, f'no adapter "{adapter}" is installed{hint}'))
        return info

    def templates(self) -> Mapping[str, Template]:
        """All templates that instances can be of: our own and those of the adapters in use."""
        found = dict(BUILTIN)
        for declared in self._declared.values():
            for template in declared.config.info.templates:
                found.setdefault(template.name, template)
        return found

    def __contains__(self, full_name: object) -> bool:
        return full_name in self._declared

    def __getitem__(self, full_name: str) -> HandlerConfig:
        return self._declared[full_name].config

    def used_by(self, rules: Iterable[Rule]) -> Mapping[str, HandlerConfig]:
        """The handlers that rules use, with the instances that each gets; all are validated.

        A handler whose validation fails is left out; its rules then do without it.
        """
        sent: dict[str, dict[str, InstanceType]] = {}
        for rule in rules:
            for action in rule.actions:
                instances = sent.setdefault(action.handler, {})
                instances |= {i.plan.name: i.plan.type for i in action.instances}
        used: dict[str, HandlerConfig] = {}
        for declared in self._declared.values():
            name = declared.config.name
            config = replace(declared.config, instances=sent.get(name, {}))
            if self._is_valid(declared, config) and name in sent:
                used[name] = config
        return used

    def _is_valid(self, declared: _Declared, config: HandlerConfig) -> bool:
        resource, path = declared.resource, declared.params_path
        try:
            found = list(config.info.validate(config.params, config.instances))
        except Exception as error:
            text = f"adapter {config.info.name} can't validate: {type(error).__name__}: {error}"
            self._errors.append(resource.error(path, text))
            return False
        self._errors += [resource.error((*path, *parse_path(e.field)), e.message) for e in found]
        return not found
