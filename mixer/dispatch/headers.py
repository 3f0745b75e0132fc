"""The header operations of rules, worked out for one request."""

from collections.abc import Iterator, Sequence

from mixer.attribute.bag import Bag
from mixer.config.snapshot import HeaderOperation
from mixer.config.spec import Operation
from mixer.dispatch.verdict import HeaderChange, RouteDirective
from mixer.errors import EvaluationError
from mixer.routing.table import Route


def header_directive(route: Route, bag: Bag) -> RouteDirective | None:
    """What the rules that match do to headers; None for nothing.

    A value that is empty, or that can't be evaluated, leaves its operation out (istio 1.4
    `mixer/pkg/runtime/dispatcher/session.go`).
    """
    request: list[HeaderChange] = []
    response: list[HeaderChange] = []
    for directive in route.select_headers(bag):
        request += _changes(directive.request, bag)
        response += _changes(directive.response, bag)
    if not request and not response:
        return None
    return RouteDirective(request_headers=tuple(request), response_headers=tuple(response))


def _changes(operations: Sequence[HeaderOperation], bag: Bag) -> Iterator[HeaderChange]:
    for operation in operations:
        if operation.operation is Operation.REMOVE:
            yield HeaderChange(operation.name, "", Operation.REMOVE)
            continue
        for expression in operation.values:
            try:
                value = expression.evaluate(bag)
            except EvaluationError:
                continue
            if value:
                yield HeaderChange(operation.name, str(value), operation.operation)
