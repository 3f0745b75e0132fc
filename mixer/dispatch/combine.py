"""Many answers to one verdict; pure functions.

The rules are those of istio 1.4 `mixer/pkg/runtime/dispatcher/session.go`, applied in the order of
the configuration, where the original took the answers as they came in:

- the first answer that says anything is taken whole; of later ones, the shorter duration and the
  smaller use count;
- the code is that of the first answer that is not OK; the message joins those of all that are not
  OK, each after the name of its handler;
- a direct response comes from the first answer that is not OK, if it has one.
"""

from collections.abc import Sequence
from typing import Final

from mixer.adapter import CheckResult, DirectHttpResponse, QuotaResult, Status
from mixer.config.spec import Operation
from mixer.dispatch.verdict import Denial, HeaderChange, RouteDirective
from mixer.routing.table import Group
from mixer.status import OK, http_status

DEFAULT_DURATION_S: Final = 60.0
"""How long a verdict holds that no adapter has said anything about."""
DEFAULT_USE_COUNT: Final = 10_000
"""How often a verdict may be used that no adapter has said anything about."""


CheckOutcome = tuple[Group, CheckResult]
"""Who was asked in a Check, and the answer."""
QuotaOutcome = tuple[str, QuotaResult]
"""A handler, and its answer to a quota request."""


_NO_RESULT: Final = CheckResult()
UNSAID: Final = CheckResult(valid_duration_s=DEFAULT_DURATION_S, valid_use_count=DEFAULT_USE_COUNT)
"""What holds when no adapter has said anything."""


def combine_checks(outcomes: Sequence[CheckOutcome]) -> CheckResult:
    """The one answer that all answers make."""
    if not outcomes:
        return UNSAID
    combined = _NO_RESULT
    denials: list[tuple[str, Status]] = []
    for group, result in outcomes:
        combined = result if combined is _NO_RESULT else _narrower(combined, result)
        if result.status.code:
            denials.append((group.destination.handler, result.status))
    if not denials:
        return UNSAID if combined.is_default else combined
    return CheckResult(
        status=_joined(denials),
        valid_duration_s=combined.valid_duration_s,
        valid_use_count=combined.valid_use_count,
    )


def is_denied(outcomes: Sequence[CheckOutcome]) -> bool:
    """Whether somebody does not let the request pass."""
    return any(result.status.code for _, result in outcomes)


def first_denial(outcomes: Sequence[CheckOutcome]) -> Denial:
    """The denial whose code and direct response the verdict takes; there must be one."""
    return next(
        Denial(group.rule, group.destination.handler, result.status.message)
        for group, result in outcomes
        if result.status.code
    )


def _narrower(first: CheckResult, later: CheckResult) -> CheckResult:
    if first.is_default:
        return later
    return CheckResult(
        status=first.status,
        valid_duration_s=min(first.valid_duration_s, later.valid_duration_s),
        valid_use_count=min(first.valid_use_count, later.valid_use_count),
    )


def _joined(denials: Sequence[tuple[str, Status]]) -> Status:
    first = denials[0][1]
    return Status(
        code=first.code,
        message=", ".join(f"{handler}:{status.message}" for handler, status in denials),
        direct_response=first.direct_response,
    )


def combine_quotas(outcomes: Sequence[QuotaOutcome]) -> QuotaResult:
    """The one answer that all answers make: the first that grants or refuses in so many words."""
    if len(outcomes) == 1 and not outcomes[0][1].status.code:
        return outcomes[0][1]
    telling = [result for _, result in outcomes if not result.is_default]
    if not telling:
        return QuotaResult()
    status = joined_denials(outcomes)
    if status is OK:
        return telling[0]
    return QuotaResult(
        amount=telling[0].amount,
        valid_duration_s=telling[0].valid_duration_s,
        status=status,
    )


def joined_denials(outcomes: Sequence[QuotaOutcome]) -> Status:
    """The status that all answers make; the very object `OK` when none is a denial."""
    denials = [(handler, result.status) for handler, result in outcomes if result.status.code]
    return _joined(denials) if denials else OK


def tightest(results: Sequence[QuotaResult]) -> int:
    """The place of the answer that binds when all limits must grant.

    It is that with the smallest grant; of those, the one with the least left, and then the one
    that takes longest to be whole again. Answers without a state come after those that have one.
    """
    if len(results) == 1:
        return 0
    return min(range(len(results)), key=lambda place: _room(results[place]))


def _room(result: QuotaResult) -> tuple[int, bool, int, float]:
    granted = 0 if result.status.code else result.amount
    state = result.state
    if state is None:
        return granted, True, 0, 0.0
    return granted, False, state.remaining, -state.reset_s


def direct_directive(status: Status) -> RouteDirective | None:
    """What a denial with a direct response tells the proxy to do.

    `Set-Cookie` values are split at commas and appended; all other headers replace.
    """
    direct = status.direct_response
    if direct is None or status.code == 0:
        return None
    return RouteDirective(
        response_headers=_direct_headers(direct),
        direct_response_code=direct.code or http_status(status.code),
        direct_response_body=direct.body,
    )


def _direct_headers(direct: DirectHttpResponse) -> tuple[HeaderChange, ...]:
    changes: list[HeaderChange] = []
    for name, value in direct.headers.items():
        if name.lower() == "set-cookie":
            changes += [HeaderChange(name, v, Operation.APPEND) for v in value.split(",")]
        else:
            changes.append(HeaderChange(name, value, Operation.REPLACE))
    return tuple(changes)
