"""The first phase of every request: adapters that make attributes out of attributes."""

import time
from collections.abc import Mapping
from typing import Any

from mixer.adapter import Value
from mixer.attribute.bag import Bag, StringMap
from mixer.dispatch.identity import namespace_of
from mixer.dispatch.safecall import Failure, call
from mixer.errors import DispatchError, EvaluationError
from mixer.routing.table import Group, Table


def generate(table: Table, bag: Bag) -> None:
    """Adds the attributes that the generators of matching rules make.

    Of several that make the same attribute, the first in the configuration wins. Raises
    DispatchError when one fails: a policy must not be decided on half of its attributes.
    """
    for group in table.generate[namespace_of(bag)].select(bag):
        try:
            bag.generate(_made(group, bag))
        except EvaluationError as error:
            raise DispatchError(f"preprocessing attributes failed: {error}") from error


def _made(group: Group, bag: Bag) -> dict[str, Value]:
    instances, failures = group.builder.build_each(bag)
    if failures:
        raise failures[0]
    template = group.destination.template
    assert template.output is not None
    output = call(group.destination, template.output, time.perf_counter, instances[0])
    if isinstance(output, Failure):
        raise EvaluationError(output.message)
    scope = _OutputBag(bag, _outputs(template.name, output))
    return {
        binding.attribute: _whole(binding.expression.evaluate(scope)) for binding in group.bindings
    }


def _outputs(template: str, output: Any) -> dict[str, Value | None]:
    named = {name: getattr(output, name) for name in output.__dataclass_fields__}
    return {
        f"{template}.output.{name}": dict(value) if isinstance(value, Mapping) else value
        for name, value in named.items()
    }


def _whole(value: Any) -> Value:
    return dict(value.entries) if isinstance(value, StringMap) else value  # type: ignore[no-any-return]


class _OutputBag(Bag):
    """A generator's output, and behind it the attributes of the request."""

    __slots__ = ("_outputs", "_request")

    def __init__(self, request: Bag, outputs: dict[str, Value | None]) -> None:
        super().__init__()
        self._request = request
        self._outputs = outputs

    def __missing__(self, name: str) -> Value | StringMap | None:
        return super().__missing__(name) if name in self._outputs else self._request[name]

    def _decode(self, name: str) -> Value | None:
        return self._outputs[name]
