"""What counts in place of an answer that there is none of: `onError` of the rules.

A rule need not say it. Where its handler is away or too slow, a Check is then denied, and what was
to be reported is lost, unless the adapter is durable; so a server that is down costs the rules that
need it, and nothing else. All other failures, such as an instance that can't be made, are the
call's, as in Mixer.
"""

from collections.abc import Sequence
from typing import Final

from mixer import monitoring
from mixer.adapter import CheckResult, Code, Status
from mixer.config.spec import OnError
from mixer.dispatch.safecall import Failure
from mixer.routing.table import Destination

BRIEF_S: Final = 1.0
"""How long a verdict holds that was made without somebody."""
_DENIED: Final = CheckResult(
    status=Status(code=Code.UNAVAILABLE, message="can't be asked now"),
    valid_duration_s=BRIEF_S,
    valid_use_count=1,
)
_ALLOWED: Final = CheckResult(valid_duration_s=BRIEF_S, valid_use_count=1)


def answer_in_place(destination: Destination, failures: Sequence[Failure]) -> CheckResult | None:
    """What a check goes on with after failures, which are counted; None: it can't go on."""
    on_error = destination.on_error
    if on_error is None and all(failure.is_away for failure in failures):
        on_error = OnError.deny
    if on_error is None or on_error is OnError.fail:
        return None
    _count(destination, on_error)
    return _ALLOWED if on_error is OnError.allow else _DENIED


def allows(destination: Destination) -> bool:
    """Whether a quota, or an attribute for one, can be done without; it is counted then."""
    if destination.on_error is not OnError.allow:
        return False
    _count(destination, OnError.allow)
    return True


def may_be_lost(destination: Destination, failure: Failure) -> bool:
    """Whether something may be missing in a report; it is counted then."""
    if destination.on_error is None and failure.is_away and not destination.is_durable:
        _count(destination, OnError.allow)
        return True
    return allows(destination)


def _count(destination: Destination, done: OnError) -> None:
    monitoring.RULE_ERRORS.labels(destination.handler, done.value).inc()
