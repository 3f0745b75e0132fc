"""From a bag to a verdict: asks the routing table who is to be asked, and asks them.

The order of things in a Check (istio 1.4 `mixer/pkg/api/grpcServer.go`): attribute generators,
then check handlers, then header operations if the request may pass, then its quotas, one by one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from mixer import monitoring
from mixer.attribute.bag import Bag
from mixer.dispatch.allocate import allocate
from mixer.dispatch.ask import ask, build_each, listed
from mixer.dispatch.combine import (
    CheckOutcome,
    combine_checks,
    direct_directive,
    first_denial,
    is_denied,
)
from mixer.dispatch.generate import generate
from mixer.dispatch.headers import header_directive
from mixer.dispatch.identity import namespace_of
from mixer.dispatch.on_error import allows, answer_in_place, may_be_lost
from mixer.dispatch.safecall import Failure, call
from mixer.dispatch.take import take
from mixer.dispatch.verdict import CheckVerdict, QuotaRequest, QuotaVerdict
from mixer.errors import DispatchError, EvaluationError, RequestError
from mixer.routing.table import Destination, Table


class Dispatcher:
    """Answers requests by one routing table. Safe for use by many threads."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def check(
        self, bag: Bag, quotas: Sequence[QuotaRequest] = (), deduplication_id: str = ""
    ) -> CheckVerdict:
        """Decides on one request.

        Raises DispatchError when an instance can't be made or an adapter fails, unless `onError`
        has an answer in its place: then there is no verdict, whatever the others say.
        """
        table = self._table
        outcomes = _in_place_of_attributes(table, bag) if table.generate else []
        namespace = namespace_of(bag)
        read_so_far = bag.references if quotas else ()
        route = table.check[namespace]
        if not outcomes or not is_denied(outcomes):
            outcomes += ask(route.select(bag), bag)
        combined = combine_checks(outcomes)
        status = combined.status
        directive = decided_by = None
        if status.code:
            directive = direct_directive(status)
            decided_by = first_denial(outcomes)
        elif route.has_headers:
            directive = header_directive(route, bag)
        references = bag.references
        granted: dict[str, QuotaVerdict] = {}
        if quotas and not status.code:
            quota_route = table.quota[namespace]
            for quota in quotas:
                # Each quota depends on what was read for it, not on what the checks read.
                bag.restart(read_so_far)
                granted[quota.name] = allocate(quota_route, bag, quota, deduplication_id)
        return CheckVerdict(
            status,
            combined.valid_duration_s,
            combined.valid_use_count,
            directive,
            references,
            granted,
            decided_by,
        )

    def quota(
        self, bag: Bag, quotas: Sequence[QuotaRequest], deduplication_id: str = ""
    ) -> tuple[QuotaVerdict, ...]:
        """What is granted of each quota, in their order; no check handler is asked.

        Calls with an equal deduplication id are one call, retried; with an empty one, each is a
        call of its own. Raises DispatchError when a generator fails; where a handler does, or its
        instance can't be made, the verdict says so.
        """
        table = self._table
        if table.generate:
            for group, failure in generate(table, bag):
                if not allows(group.destination):
                    raise DispatchError(failure.message)
        route = table.quota[namespace_of(bag)]
        return tuple(take(route, bag, quota, deduplication_id) for quota in quotas)

    def report(self, bags: Iterable[Bag | RequestError]) -> None:
        """Takes note of requests that have happened; an error stands for a bag nobody can read.

        Each handler gets all its instances in one call. Raises DispatchError, with all that went
        wrong, after everything that could be delivered has been.
        """
        errors: list[str] = []
        buffers: defaultdict[Destination, list[Any]] = defaultdict(list)
        for bag in bags:
            if isinstance(bag, RequestError):
                errors.append(str(bag))
            else:
                self._collect(bag, buffers, errors)
        for destination, instances in buffers.items():
            result = call(destination, instances)
            if isinstance(result, Failure) and not may_be_lost(destination, result):
                errors.append(f"failed to report all values: {result.message}")
        if errors:
            raise DispatchError(listed(errors))

    def _collect(
        self, bag: Bag, buffers: defaultdict[Destination, list[Any]], errors: list[str]
    ) -> None:
        table = self._table
        if table.generate:
            for group, failure in generate(table, bag):
                if not may_be_lost(group.destination, failure):
                    errors.append(failure.message)
                    return
        groups = table.report[namespace_of(bag)].select(bag)
        made = 0
        for group in groups:
            try:
                instances = group.builder.build(bag)
            except EvaluationError:
                instances, failures = build_each(group, bag)
                if not may_be_lost(group.destination, failures[0]):
                    errors += [failure.message for failure in failures]
            if instances:
                buffers[group.destination] += instances
            made += len(instances)
        monitoring.count_phase(len(groups), made)


def _in_place_of_attributes(table: Table, bag: Bag) -> list[CheckOutcome]:
    """Has attributes made; gives what a check goes on with where they are missing.

    A denial among it is the end: a policy must not be decided on half of its attributes.
    """
    outcomes = []
    for group, failure in generate(table, bag):
        answer = answer_in_place(group.destination, [failure])
        if answer is None:
            raise DispatchError(failure.message)
        outcomes.append((group, answer))
    return outcomes
