"""The first phase of every request: adapters that make attributes out of attributes."""

from collections.abc import Iterator, Mapping
from typing import Any

from mixer.adapter import Value
from mixer.attribute.bag import Bag, StringMap, as_attribute
from mixer.dispatch.identity import namespace_of
from mixer.dispatch.safecall import Failure, call
from mixer.errors import EvaluationError
from mixer.routing.table import Group, Table


def generate(table: Table, bag: Bag) -> Iterator[tuple[Group, Failure]]:
    """Adds the attributes that the generators of matching rules make; gives those that fail.

    Of several that make the same attribute, the first in the configuration wins.
    """
    for group in table.generate[namespace_of(bag)].select(bag):
        try:
            failure = _generate(group, bag)
        except EvaluationError as error:
            failure = Failure(str(error))
        if failure:
            message = f"preprocessing attributes failed: {failure.message}"
            yield group, Failure(message, is_away=failure.is_away)


def _generate(group: Group, bag: Bag) -> Failure | None:
    try:
        instances = group.builder.build(bag)
    except EvaluationError:
        raise group.builder.build_each(bag)[1][0] from None
    template = group.destination.template
    output = call(group.destination, instances[0])
    if isinstance(output, Failure):
        return output
    scope = _OutputBag(bag, _outputs(template.name, output))
    made = {binding.attribute: binding.expression.evaluate(scope) for binding in group.bindings}
    scope.pass_on_references()
    bag.generate(made)
    return None


def _outputs(template: str, output: Any) -> dict[str, Value | None]:
    return {
        f"{template}.output.{name}": getattr(output, name) for name in output.__dataclass_fields__
    }


class _OutputBag(Bag):
    """A generator's output, and behind it the attributes of the request."""

    __slots__ = ("_output_names", "_request")

    def __init__(self, request: Bag, outputs: Mapping[str, Value | None]) -> None:
        super().__init__()
        self._request = request
        self._output_names = outputs.keys()
        for name, value in outputs.items():
            self[name] = as_attribute(name, value)

    def _decode(self, name: str) -> Value | StringMap | None:
        return self._request[name]

    def pass_on_references(self) -> None:
        """Records in the request's bag what was read of it."""
        for reference in self.references:
            if reference.name not in self._output_names:
                self._request.note(reference)
