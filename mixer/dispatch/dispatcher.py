"""From a bag to a verdict: asks the routing table who is to be asked, and asks them.

The order of things in a Check (istio 1.4 `mixer/pkg/api/grpcServer.go`): attribute generators,
then check handlers, then header operations if the request may pass, then its quotas, one by one.
Every one of these phases finds out anew whose rules apply, from the attributes.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from mixer import monitoring
from mixer.adapter import CheckResult, QuotaArgs, QuotaResult
from mixer.attribute.bag import Bag
from mixer.config.snapshot import HeaderOperation, Operation
from mixer.dispatch.combine import (
    DEFAULT_DURATION_S,
    CheckOutcome,
    QuotaOutcome,
    combine_checks,
    combine_quotas,
    direct_directive,
)
from mixer.dispatch.generate import generate
from mixer.dispatch.identity import namespace_of
from mixer.dispatch.safecall import Failure, call
from mixer.dispatch.verdict import (
    CheckVerdict,
    HeaderChange,
    QuotaRequest,
    QuotaVerdict,
    RouteDirective,
)
from mixer.errors import DispatchError, EvaluationError, RequestError
from mixer.routing.table import Destination, Group, Route, Table

_clock: Final = time.perf_counter


class Dispatcher:
    """Answers requests by one routing table. Safe for use by many threads."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def check(
        self, bag: Bag, quotas: Sequence[QuotaRequest] = (), deduplication_id: str = ""
    ) -> CheckVerdict:
        """Decides on one request.

        Raises DispatchError when an instance can't be made or an adapter fails: then there is no
        verdict, whatever the others say.
        """
        if self._table.generate:
            generate(self._table, bag)
        namespace = namespace_of(bag)
        mark = len(bag.references)
        route = self._table.check[namespace]
        combined = combine_checks(_ask(route.select(bag), bag))
        status = combined.status
        directive = None
        if status.code:
            directive = direct_directive(status)
        elif route.has_headers:
            directive = _header_directive(route, bag)
        granted = {}
        if quotas and not status.code:
            quota_route = self._table.quota[namespace]
            granted = {
                quota.name: _allocate(quota_route, bag.fork(mark), quota, deduplication_id)
                for quota in quotas
            }
        return CheckVerdict(
            status,
            combined.valid_duration_s,
            combined.valid_use_count,
            directive,
            bag.references,
            granted,
        )

    def report(self, bags: Iterable[Bag | RequestError]) -> None:
        """Takes note of requests that have happened; an error stands for a bag nobody can read.

        Each handler gets all its instances in one call. Raises DispatchError, with all that went
        wrong, after everything that could be delivered has been.
        """
        table = self._table
        errors: list[str] = []
        buffers: defaultdict[Destination, list[Any]] = defaultdict(list)
        for bag in bags:
            if isinstance(bag, RequestError):
                errors.append(str(bag))
                continue
            try:
                if table.generate:
                    generate(table, bag)
            except DispatchError as error:
                errors.append(str(error))
                continue
            groups = table.report[namespace_of(bag)].select(bag)
            _count(groups)
            for group in groups:
                try:
                    buffers[group.destination] += group.builder.build(bag)
                except EvaluationError:
                    buffers[group.destination] += _build_each(group, bag, errors)
        for destination, instances in buffers.items():
            result = call(destination, type(None), _clock, instances)
            if isinstance(result, Failure):
                errors.append(f"failed to report all values: {result.message}")
        if errors:
            raise DispatchError(_listed(errors))


def _ask(groups: Sequence[Group], bag: Bag) -> list[CheckOutcome]:
    _count(groups)
    outcomes: list[CheckOutcome] = []
    errors: list[str] = []
    for group in groups:
        destination = group.destination
        try:
            instances = group.builder.build(bag)
        except EvaluationError:
            instances = _build_each(group, bag, errors)
        for instance in instances:
            result = call(destination, CheckResult, _clock, instance)
            if isinstance(result, Failure):
                errors.append(result.message)
            else:
                outcomes.append(CheckOutcome(destination.handler, result))
    if errors:
        raise DispatchError(f"performing check operation failed: {_listed(errors)}")
    return outcomes


def _allocate(route: Route, bag: Bag, quota: QuotaRequest, deduplication_id: str) -> QuotaVerdict:
    name = quota.name.lower()
    groups = [group for group in route.select(bag) if group.short_name == name]
    _count(groups)
    if not groups:
        # Nobody limits it: neither by a quota of that name nor by one whose rule matches.
        return QuotaVerdict(
            amount=quota.amount,
            valid_duration_s=DEFAULT_DURATION_S,
            references=bag.references,
        )
    arguments = QuotaArgs(
        deduplication_id=deduplication_id + quota.name,
        amount=quota.amount,
        best_effort=quota.best_effort,
    )
    outcomes: list[QuotaOutcome] = []
    for group in groups:
        try:
            instance = group.builder.build(bag)[0]
        except EvaluationError:
            monitoring.INSTANCE_FAILURES.inc()
            return QuotaVerdict(references=bag.references)
        result = call(group.destination, QuotaResult, _clock, instance, arguments)
        if isinstance(result, Failure):
            return QuotaVerdict(references=bag.references)
        outcomes.append(QuotaOutcome(group.destination.handler, result))
    combined = combine_quotas(outcomes)
    return QuotaVerdict(
        amount=combined.amount,
        valid_duration_s=combined.valid_duration_s,
        status=combined.status,
        references=bag.references,
    )


def _build_each(group: Group, bag: Bag, errors: list[str]) -> list[Any]:
    instances, failures = group.builder.build_each(bag)
    monitoring.INSTANCE_FAILURES.inc(len(failures))
    errors += map(str, failures)
    return instances


def _count(groups: Sequence[Group]) -> None:
    monitoring.DESTINATIONS_PER_REQUEST.add(len(groups))
    monitoring.INSTANCES_PER_REQUEST.add(sum([group.instance_count for group in groups]))


def _listed(errors: Sequence[str]) -> str:
    noun = "error" if len(errors) == 1 else "errors"
    return "\n".join([f"{len(errors)} {noun} occurred:", "", *(f"* {error}" for error in errors)])


def _header_directive(route: Route, bag: Bag) -> RouteDirective | None:
    request: list[HeaderChange] = []
    response: list[HeaderChange] = []
    for directive in route.select_headers(bag):
        request += _changes(directive.request, bag)
        response += _changes(directive.response, bag)
    if not request and not response:
        return None
    return RouteDirective(request_headers=tuple(request), response_headers=tuple(response))


def _changes(operations: Sequence[HeaderOperation], bag: Bag) -> Iterable[HeaderChange]:
    for operation in operations:
        if operation.operation is Operation.REMOVE:
            yield HeaderChange(operation.name, "", Operation.REMOVE)
        for expression in operation.values:
            try:
                value = expression.evaluate(bag)
            except EvaluationError:
                continue
            if value:
                yield HeaderChange(operation.name, value, operation.operation)
