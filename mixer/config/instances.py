"""Instances: which template, filled with which expressions."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final, get_args, get_type_hints

from mixer.adapter import Template
from mixer.attribute.value import ValueType
from mixer.attribute.vocabulary import AttributeInfo, Vocabulary
from mixer.config import spec
from mixer.config.decode import decode
from mixer.config.language import check_language
from mixer.config.outside import Outside
from mixer.config.read_spec import read_spec
from mixer.config.resource import Resource
from mixer.config.snapshot import Binding, Instance
from mixer.errors import ConfigError, ExpressionError
from mixer.expr import compile_expression
from mixer.suggestion import did_you_mean
from mixer.template.fields import SCALARS
from mixer.template.plan import plan_instance

_BINDINGS: Final = ("attribute_bindings", "attributeBindings")


class InstanceCompiler:
    """Collects the instances of one configuration."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        templates: Mapping[str, Template],
        outside: Outside,
        errors: list[ConfigError],
    ) -> None:
        """What is wrong is appended to `errors`."""
        self._vocabulary = vocabulary
        self._outside = outside
        self._errors = errors
        self.templates = templates
        """What instances can be of, by name."""
        self.by_name: dict[str, Instance] = {}
        """The good ones, by full name."""

    def add(self, instances: Sequence[Resource], legacy: Mapping[str, Sequence[Resource]]) -> None:
        """Takes resources of kind instance, and those whose kind is a template's name."""
        for resource in instances:
            self._add_instance(resource)
        for kind, resources in legacy.items():
            for resource in resources:
                self._add_legacy(resource, self.templates[kind])

    def _add_legacy(self, resource: Resource, template: Template) -> None:
        # The spec is the params, with the bindings among them.
        params = dict(resource.spec)
        given = {name: params.pop(name) for name in _BINDINGS if name in params}
        decoded = decode(spec.Bindings, given)
        self._errors += [resource.error(path, message) for path, message in decoded.errors]
        if not decoded.errors:
            self._compile(resource, template, params, decoded.value.attribute_bindings, ())

    def _add_instance(self, resource: Resource) -> None:
        count = len(self._errors)
        given = read_spec(spec.Instance, resource, self._errors)
        if len(self._errors) > count:
            return
        template = self._template(given, resource)
        if template is None:
            return
        self._compile(resource, template, given.params or {}, given.attribute_bindings, ("params",))

    def _template(self, given: spec.Instance, resource: Resource) -> Template | None:
        path, message = ("compiledTemplate",), "is missing: which template is it of?"
        if given.compiled_template:
            template = self.templates.get(given.compiled_template)
            if template is not None:
                return template
            hint = did_you_mean(given.compiled_template, self.templates)
            message = f'no template "{given.compiled_template}"{hint}'
        elif given.template:
            name = self._outside.template(given.template, resource, ("template",))
            return None if name is None else self.templates[name]
        self._errors.append(resource.error(path, message))
        return None

    def _compile(
        self,
        resource: Resource,
        template: Template,
        params: Mapping[str, Any],
        bindings: Mapping[str, str],
        path: tuple[str, ...],
    ) -> None:
        name = str(resource.key)
        count = len(self._errors)
        check_language(resource, self._errors)
        planned = plan_instance(name, template, params, self._vocabulary)
        self._errors += [resource.error((*path, *where), text) for where, text in planned.errors]
        bound = self._bindings(resource, template, bindings)
        if planned.plan is not None and len(self._errors) == count:
            self.by_name[name] = Instance(plan=planned.plan, bindings=bound)

    def _bindings(
        self, resource: Resource, template: Template, bindings: Mapping[str, str]
    ) -> tuple[Binding, ...]:
        outputs = output_vocabulary(template)
        if bindings and not outputs:
            message = f"template {template.name} generates no attributes"
            self._errors.append(resource.error(("attributeBindings",), message))
            return ()
        vocabulary = self._vocabulary.extended(outputs)
        found = []
        for attribute, text in bindings.items():
            info = self._vocabulary.get(attribute)
            path = ("attributeBindings", attribute)
            if info is None:
                hint = did_you_mean(attribute, self._vocabulary)
                self._errors.append(resource.error(path, f"unknown attribute{hint}"))
                continue
            try:
                source = text.replace("$out.", f"{template.name}.output.")
                expression = compile_expression(source, vocabulary, info.value_type)
            except ExpressionError as error:
                self._errors.append(resource.error(path, str(error)))
            else:
                found.append(Binding(attribute=attribute, expression=expression))
        return tuple(found)


def output_vocabulary(template: Template) -> Mapping[str, AttributeInfo]:
    """What bindings may name beside the attributes: `<template>.output.<field>`."""
    if template.output is None:
        return {}
    hints = get_type_hints(template.output)
    return {
        f"{template.name}.output.{field.name}": AttributeInfo(
            value_type=_output_type(hints[field.name])
        )
        for field in fields(template.output)
    }


def _output_type(hint: object) -> ValueType:
    inner = [option for option in get_args(hint) if option is not type(None)]
    return SCALARS.get(inner[0], ValueType.STRING_MAP)
