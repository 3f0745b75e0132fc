"""Asks handlers how much there is of a quota."""

from mixer import monitoring
from mixer.adapter import QuotaArgs
from mixer.attribute.bag import Bag
from mixer.dispatch.combine import DEFAULT_DURATION_S, QuotaOutcome, combine_quotas
from mixer.dispatch.on_error import BRIEF_S, allows
from mixer.dispatch.safecall import Failure, call
from mixer.dispatch.verdict import QuotaRequest, QuotaVerdict
from mixer.errors import EvaluationError
from mixer.routing.table import Route
from mixer.status import OK


def allocate(route: Route, bag: Bag, quota: QuotaRequest, deduplication_id: str) -> QuotaVerdict:
    """What is granted of one quota.

    The quota is every instance whose short name is its name, whatever the case. One that nobody
    limits, or whose rules do not match, is granted in full. When an instance can't be made or a
    handler fails, nothing is granted (istio 1.4 `mixer/pkg/api/grpcServer.go`), unless the rule
    allows errors.
    """
    name = quota.name.lower()
    groups = [group for group in route.select(bag) if group.short_name == name]
    monitoring.count_phase(len(groups), len(groups))
    if not groups:
        return QuotaVerdict(quota.amount, DEFAULT_DURATION_S, OK, bag.references)
    arguments = QuotaArgs(deduplication_id + quota.name, quota.amount, quota.best_effort)
    outcomes: list[QuotaOutcome] = []
    for group in groups:
        try:
            instance = group.builder.build(bag)[0]
        except EvaluationError:
            monitoring.INSTANCE_FAILURES.inc()
            result = None
        else:
            result = call(group.destination, instance, arguments)
        if result is None or result.__class__ is Failure:
            if allows(group.destination):
                continue
            return QuotaVerdict(references=bag.references)
        outcomes.append((group.destination.handler, result))
    if not outcomes:
        return QuotaVerdict(quota.amount, BRIEF_S, OK, bag.references)
    combined = combine_quotas(outcomes)
    return QuotaVerdict(combined.amount, combined.valid_duration_s, combined.status, bag.references)
