"""Handlers: which adapter with which parameters."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mixer.adapter import Info, InstanceType, RegistrationError, Template
from mixer.adapter.registry import AdapterRegistry
from mixer.config import spec
from mixer.config.decode import decode
from mixer.config.outside import REMOTE, Outside, place_of
from mixer.config.read_spec import read_spec
from mixer.config.resource import Path, Resource, parse_path
from mixer.config.snapshot import HandlerConfig, Rule
from mixer.errors import ConfigError
from mixer.isolation.options import IsolationOptions
from mixer.suggestion import did_you_mean
from mixer.template.catalogue import BUILTIN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Declared:
    config: HandlerConfig
    resource: Resource
    place_of: Callable[[Path], Path]
    """Where the resource says a param."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a resource says of a handler, however it says it."""

    resource: Resource
    info: Info
    name: str
    params: Mapping[str, Any]
    place_of: Callable[[Path], Path]
    isolation: IsolationOptions | None = None


class HandlerCompiler:
    """Collects the handlers of one configuration."""

    def __init__(
        self, registry: AdapterRegistry, outside: Outside, errors: list[ConfigError]
    ) -> None:
        """What is wrong is appended to `errors`."""
        self._registry = registry
        self._outside = outside
        self._errors = errors
        self._declared: dict[str, _Declared] = {}
        self._called: dict[str, Resource] = {}

    def add(self, handlers: Sequence[Resource], legacy: Mapping[str, Sequence[Resource]]) -> None:
        """Takes resources of kind handler, and those whose kind is an adapter's name."""
        for resource in handlers:
            self._add_handler(resource)
        for kind, resources in legacy.items():
            for resource in resources:
                if info := self._info(resource, kind, ()):
                    said = _Said(
                        resource=resource,
                        info=info,
                        name=str(resource.key),
                        params=resource.spec,
                        place_of=_itself,
                    )
                    self._declare(said)

    def _add_handler(self, resource: Resource) -> None:
        given = read_spec(spec.Handler, resource, self._errors)
        name = f"{resource.key.name}.{resource.key.namespace}"
        if given.compiled_adapter:
            info = self._info(resource, given.compiled_adapter, ("compiledAdapter",))
            if info is not None:
                said = _Said(
                    resource=resource,
                    info=info,
                    name=name,
                    params=given.params or {},
                    place_of=_in_params,
                    isolation=given.isolation,
                )
                self._declare(said)
        elif given.adapter:
            self._add_outside(resource, given, name)
        else:
            message = "is missing: which adapter is it?"
            self._errors.append(resource.error(("compiledAdapter",), message))

    def _add_outside(self, resource: Resource, given: spec.Handler, name: str) -> None:
        found = self._outside.handler(given, resource)
        info = self._info(resource, REMOTE, ("adapter",))
        if found is None or info is None:
            return
        served = tuple(one for one in info.templates if one.name in found.templates)
        said = _Said(
            resource=resource,
            info=replace(info, templates=served),
            name=name,
            params=found.params,
            place_of=place_of,
            isolation=given.isolation,
        )
        self._declare(said)

    def _declare(self, said: _Said) -> None:
        resource, info = said.resource, said.info
        decoded = decode(info.params, said.params)
        self._errors += [resource.error(said.place_of(at), text) for at, text in decoded.errors]
        config = HandlerConfig(
            name=said.name,
            info=info,
            params=decoded.value,
            instances={},
            isolation=said.isolation or (IsolationOptions() if info.may_block else None),
            place=resource.key.place,
            location=resource.location(()),
        )
        other = self._called.setdefault(said.name, resource)
        if other is not resource:
            text = f"would be called {said.name}, as {other.key.place} is"
            self._errors.append(resource.error((), text))
            return
        self._declared[str(resource.key)] = _Declared(
            config=config, resource=resource, place_of=said.place_of
        )

    def _info(self, resource: Resource, adapter: str, path: Path) -> Info | None:
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
        resource, place_of = declared.resource, declared.place_of
        try:
            found = list(config.info.validate(config.params, config.instances))
        except Exception as error:
            text = f"adapter {config.info.name} can't validate: {type(error).__name__}: {error}"
            self._errors.append(resource.error(place_of(()), text))
            return False
        self._errors += [resource.error(place_of(parse_path(e.field)), e.message) for e in found]
        return not found


def _itself(param: Path) -> Path:
    """Resources of legacy kinds have their params at the top."""
    return param


def _in_params(param: Path) -> Path:
    return ("params", *param)
