"""Takes from quotas by themselves, without asking whether the request may pass.

Where Mixer's clients name each quota and hear what the first handler says, those who ask here may
leave the choice to the rules, and all limits that apply must grant:

- the least that any of them grants is granted, and the others get back what they gave beyond it;
- unless best effort will do, less than was asked for is nothing;
- when one can't be asked, there is no answer, and those that were asked get everything back; if its
  rule allows errors, it is left out instead.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from mixer import monitoring
from mixer.adapter import QuotaArgs, QuotaResult
from mixer.attribute.bag import Bag
from mixer.dispatch.combine import DEFAULT_DURATION_S, joined_denials, tightest
from mixer.dispatch.on_error import BRIEF_S, allows
from mixer.dispatch.safecall import Failure, call
from mixer.dispatch.verdict import QuotaRequest, QuotaVerdict
from mixer.errors import EvaluationError
from mixer.routing.table import Group, Route
from mixer.template.quota import Instance

_GIVING_BACK: Final = "/back"
"""What tells the id of a return from that of the call whose surplus it returns."""


class _Taken(NamedTuple):
    group: Group
    instance: Instance
    result: QuotaResult


def take(route: Route, bag: Bag, quota: QuotaRequest, deduplication_id: str) -> QuotaVerdict:
    """What is granted of one quota, or of all that matching rules send if it has no name.

    Where no limit applies, all is granted. References are left out: they serve clients that use
    an answer again, and these do not.
    """
    groups = _distinct(route.select(bag), quota.name.lower())
    monitoring.count_phase(len(groups), len(groups))
    if not groups:
        return QuotaVerdict(quota.amount, DEFAULT_DURATION_S)
    taken: list[_Taken] = []
    for group in groups:
        one = _take_one(group, bag, quota, deduplication_id)
        if isinstance(one, str):
            if allows(group.destination):
                continue
            _give_back(taken, 0, quota, deduplication_id)
            return QuotaVerdict(failure=one)
        taken.append(one)
    if not taken:
        return QuotaVerdict(quota.amount, BRIEF_S)
    return _verdict(taken, quota, deduplication_id)


def _distinct(groups: Sequence[Group], name: str) -> Sequence[Group]:
    # Two rules may send one instance to one handler: it is one limit, so it counts once.
    groups = [group for group in groups if not name or group.short_name == name]
    if len(groups) < 2:
        return groups
    return tuple({(g.destination.handler, g.builder.plans[0].name): g for g in groups}.values())


def _take_one(group: Group, bag: Bag, quota: QuotaRequest, deduplication_id: str) -> _Taken | str:
    """What one limit says, or why it says nothing."""
    try:
        instance = group.builder.build(bag)[0]
    except EvaluationError as error:
        monitoring.INSTANCE_FAILURES.inc()
        return f"{group.builder.plans[0].name}: {error}"
    result = call(group.destination, instance, _arguments(quota, instance, deduplication_id))
    if result.__class__ is Failure:
        return str(result.message)
    return _Taken(group, instance, result)


def _arguments(quota: QuotaRequest, instance: Instance, deduplication_id: str) -> QuotaArgs:
    # A handler may serve several of the instances, so the id must tell them apart.
    call_id = deduplication_id and deduplication_id + instance.name
    return QuotaArgs(call_id, quota.amount, quota.best_effort, quota.limit, quota.wants_state)


def _verdict(taken: Sequence[_Taken], quota: QuotaRequest, deduplication_id: str) -> QuotaVerdict:
    binding = tightest([one.result for one in taken])
    group, _, result = taken[binding]
    granted = 0 if result.status.code else result.amount
    if granted < quota.amount and not quota.best_effort:
        granted = 0
    _give_back(taken, granted, quota, deduplication_id)
    return QuotaVerdict(
        amount=granted,
        valid_duration_s=result.valid_duration_s if granted else 0.0,
        status=joined_denials([(one.group.destination.handler, one.result) for one in taken]),
        name=group.builder.plans[0].short_name,
        state=result.state,
    )


def _give_back(
    taken: Sequence[_Taken], granted: int, quota: QuotaRequest, deduplication_id: str
) -> None:
    """Returns what was taken beyond `granted`. A handler that fails to take it back keeps it."""
    if quota.amount < 0:
        return
    for group, instance, result in taken:
        surplus = result.amount - granted
        if surplus > 0:
            call_id = deduplication_id and deduplication_id + instance.name + _GIVING_BACK
            arguments = QuotaArgs(call_id, -surplus, best_effort=False, limit=quota.limit)
            call(group.destination, instance, arguments)
