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
from mixer.dispatch.combine import combine_checks, direct_directive, first_denial
from mixer.dispatch.generate import generate
from mixer.dispatch.headers import header_directive
from mixer.dispatch.identity import namespace_of
from mixer.dispatch.on_error import allows
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

        Raises DispatchError when an instance can't be made or an adapter fails: then there is no
        verdict, whatever the others say.
        """
        table = self._table
        if table.generate:
            generate(table, bag)
        namespace = namespace_of(bag)
        read_so_far = bag.references if quotas else ()
        route = table.check[namespace]
        outcomes = ask(route.select(bag), bag)
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
            generate(table, bag)
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
            if isinstance(result, Failure) and not allows(destination):
                errors.append(f"failed to report all values: {result.message}")
        if errors:
            raise DispatchError(listed(errors))

    def _collect(
        self, bag: Bag, buffers: defaultdict[Destination, list[Any]], errors: list[str]
    ) -> None:
        table = self._table
        if table.generate:
            try:
                generate(table, bag)
            except DispatchError as error:
                errors.append(str(error))
                return
        groups = table.report[namespace_of(bag)].select(bag)
        made = 0
        for group in groups:
            try:
                instances = group.builder.build(bag)
            except EvaluationError:
                passed_over = allows(group.destination)
                instances = build_each(group, bag, [] if passed_over else errors)
            if instances:
                buffers[group.destination] += instances
            made += len(instances)
        monitoring.count_phase(len(groups), made)
