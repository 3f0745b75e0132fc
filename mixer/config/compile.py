"""From resources to a checked, immutable snapshot.

All errors are collected, each with its place. What has an error is left out, and so is what cannot
do without it; whether a snapshot with errors may be used is for the caller to decide. The rules of
what is left out are those of istio 1.4 `mixer/pkg/runtime/config/ephemeral.go`:

- a rule whose match or header operations are wrong is dropped;
- an action keeps the instances that are good; without any, or without its handler, it is dropped;
- a rule without actions and header operations is dropped.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from mixer.adapter.registry import AdapterRegistry
from mixer.attribute.vocabulary import AttributeInfo, Vocabulary
from mixer.config import spec
from mixer.config.handlers import HandlerCompiler
from mixer.config.instances import InstanceCompiler
from mixer.config.outside import Outside
from mixer.config.read_spec import read_spec
from mixer.config.resource import Resource
from mixer.config.rules import RuleCompiler
from mixer.config.snapshot import Snapshot
from mixer.errors import ConfigError
from mixer.suggestion import did_you_mean

_PLAIN_KINDS = frozenset(
    {"adapter", "attributemanifest", "handler", "instance", "rule", "template"}
)


def compile_snapshot(
    resources: Iterable[Resource], registry: AdapterRegistry, read_errors: Iterable[ConfigError]
) -> Snapshot:
    """Checks all resources together. `read_errors` are those that reading them has found."""
    return _Compiler(resources, registry, list(read_errors)).snapshot()


class _Compiler:
    def __init__(
        self, resources: Iterable[Resource], registry: AdapterRegistry, errors: list[ConfigError]
    ) -> None:
        self._registry = registry
        self._errors = errors
        self._by_kind: dict[str, list[Resource]] = defaultdict(list)
        for resource in resources:
            self._by_kind[resource.key.kind].append(resource)

    def snapshot(self) -> Snapshot:
        vocabulary = self._vocabulary()
        outside = Outside(self._by_kind["adapter"], self._by_kind["template"], self._errors)
        handlers = HandlerCompiler(self._registry, outside, self._errors)
        adapters = [kind for kind in self._registry.names() if kind in self._by_kind]
        handlers.add(self._by_kind["handler"], {kind: self._by_kind[kind] for kind in adapters})
        instances = InstanceCompiler(vocabulary, handlers.templates(), outside, self._errors)
        legacy = {
            kind: self._by_kind[kind] for kind in instances.templates if kind in self._by_kind
        }
        instances.add(self._by_kind["instance"], legacy)
        self._check_kinds(instances.templates)
        compiler = RuleCompiler(vocabulary, handlers, instances, self._errors)
        ordered = sorted(self._by_kind["rule"], key=lambda r: (r.key.namespace, r.key.name))
        compiled = [compiler.rule(resource) for resource in ordered]
        rules = tuple(rule for rule in compiled if rule is not None)
        return Snapshot(
            vocabulary=vocabulary,
            handlers=handlers.used_by(rules),
            instance_count=len(instances.by_name),
            rules=rules,
            errors=tuple(self._errors),
        )

    def _vocabulary(self) -> Vocabulary:
        attributes: dict[str, AttributeInfo] = {}
        owners: dict[str, Resource] = {}
        for resource in self._by_kind["attributemanifest"]:
            manifest = read_spec(spec.AttributeManifest, resource, self._errors)
            for name, given in manifest.attributes.items():
                info = AttributeInfo(value_type=given.value_type, description=given.description)
                known = attributes.setdefault(name, info)
                if known.value_type is not info.value_type:
                    path = ("attributes", name)
                    self._errors.append(
                        resource.error(
                            path,
                            f"is {info.value_type.name} here, but {known.value_type.name} "
                            f"in {owners[name].key.place}",
                        )
                    )
                owners.setdefault(name, resource)
        return Vocabulary(attributes)

    def _check_kinds(self, templates: Mapping[str, object]) -> None:
        known = _PLAIN_KINDS | set(templates) | set(self._registry.names())
        for kind in sorted(self._by_kind.keys() - known):
            message = f'unknown kind "{kind}"{did_you_mean(kind, known)}'
            self._errors += [resource.error((), message) for resource in self._by_kind[kind]]
