"""Rules: when which instances go to which handlers."""

from collections.abc import Sequence

from mixer.attribute.value import ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.config import spec
from mixer.config.handlers import HandlerCompiler
from mixer.config.instances import InstanceCompiler
from mixer.config.language import check_language
from mixer.config.read_spec import read_spec
from mixer.config.reference import resolve
from mixer.config.resource import Resource
from mixer.config.snapshot import Action, HeaderOperation, Instance, Rule
from mixer.errors import ConfigError, ExpressionError
from mixer.expr import Expression, Node, compile_expression, parse_checked


class RuleCompiler:
    """Checks rules against the handlers and instances of the same configuration."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        handlers: HandlerCompiler,
        instances: InstanceCompiler,
        errors: list[ConfigError],
    ) -> None:
        """What is wrong is appended to `errors`."""
        self._vocabulary = vocabulary
        self._handlers = handlers
        self._instances = instances
        self._errors = errors

    def rule(self, resource: Resource) -> Rule | None:
        """The checked rule; None when nothing of it can be used."""
        count = len(self._errors)
        given = read_spec(spec.Rule, resource, self._errors)
        check_language(resource, self._errors)
        text = given.match.strip()
        match = self._match(resource, text)
        is_good = len(self._errors) == count
        if given.sampling is not None:
            message = "no version of Mixer ever sampled; remove it"
            self._errors.append(resource.error(("sampling",), message))
        actions = self._actions(resource, given.actions)
        request = self._headers(
            resource, "requestHeaderOperations", given.request_header_operations
        )
        response = self._headers(
            resource, "responseHeaderOperations", given.response_header_operations
        )
        if not actions and not request and not response:
            if len(self._errors) == count:
                self._errors.append(resource.error((), "has no actions and no header operations"))
            return None
        if not is_good:
            return None
        if request is None or response is None:
            request = response = ()
        return Rule(
            place=resource.key.place,
            namespace=resource.key.namespace,
            match_text="" if text == "true" else text,
            match=None if text == "true" else match,
            actions=actions,
            request_headers=request,
            response_headers=response,
            on_error=given.on_error,
        )

    def _match(self, resource: Resource, text: str) -> Node | None:
        if not text:
            return None
        try:
            return parse_checked(text, self._vocabulary, ValueType.BOOL)[0]
        except ExpressionError as error:
            self._errors.append(resource.error(("match",), str(error)))
            return None

    def _actions(self, resource: Resource, given: Sequence[spec.Action]) -> tuple[Action, ...]:
        found = (self._action(resource, index, action) for index, action in enumerate(given))
        return tuple(action for action in found if action is not None)

    def _action(self, resource: Resource, index: int, given: spec.Action) -> Action | None:
        path = ("actions", index)
        namespace = resource.key.namespace
        full_name = resolve(given.handler, "handler", namespace, self._handlers)
        if full_name is None:
            message = f'no handler "{given.handler}"' if given.handler else "is missing"
            self._errors.append(resource.error((*path, "handler"), message))
            return None
        config = self._handlers[full_name]
        supported = {template.name for template in config.info.templates}
        instances: dict[str, Instance] = {}
        for position, reference in enumerate(given.instances):
            where = (*path, "instances", position)
            name = resolve(reference, "instance", namespace, self._instances.by_name)
            if name is None:
                message = f'no instance "{reference}"'
            elif name in instances:
                message = f'instance "{reference}" stands here twice'
            elif (template := self._instances.by_name[name].plan.template.name) not in supported:
                message = (
                    f'instance "{reference}" is of template {template}, which handler '
                    f'"{config.name}" of adapter {config.info.name} does not take'
                )
            else:
                instances[name] = self._instances.by_name[name]
                continue
            self._errors.append(resource.error(where, message))
        if not instances:
            if not given.instances:
                self._errors.append(resource.error((*path, "instances"), "is empty"))
            return None
        return Action(handler=config.name, instances=tuple(instances.values()))

    def _headers(
        self, resource: Resource, field: str, given: Sequence[spec.HeaderOperation]
    ) -> tuple[HeaderOperation, ...] | None:
        count = len(self._errors)
        found = []
        for index, operation in enumerate(given):
            values = [
                self._header_value(resource, (field, index, "values", position), text)
                for position, text in enumerate(operation.values)
            ]
            if not operation.name:
                self._errors.append(resource.error((field, index, "name"), "is missing"))
            found.append(
                HeaderOperation(
                    name=operation.name,
                    operation=operation.operation,
                    values=tuple(value for value in values if value is not None),
                )
            )
        return tuple(found) if len(self._errors) == count else None

    def _header_value(
        self, resource: Resource, path: tuple[str | int, ...], text: str
    ) -> Expression | None:
        try:
            return compile_expression(text, self._vocabulary, ValueType.STRING)
        except ExpressionError as error:
            self._errors.append(resource.error(path, str(error)))
            return None
