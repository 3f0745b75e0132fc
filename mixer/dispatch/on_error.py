"""What counts in place of an answer that there is none of: `onError` of the rules."""

from typing import Final

from mixer import monitoring
from mixer.adapter import CheckResult, Code, Status
from mixer.config.spec import OnError
from mixer.routing.table import Destination

BRIEF_S: Final = 1.0
"""How long a verdict holds that was made without somebody."""
_DENIED: Final = CheckResult(
    status=Status(code=Code.UNAVAILABLE, message="can't be asked now"),
    valid_duration_s=BRIEF_S,
    valid_use_count=1,
)
_ALLOWED: Final = CheckResult(valid_duration_s=BRIEF_S, valid_use_count=1)


def allows(destination: Destination) -> bool:
    """Whether a failure is to be passed over; it is counted then."""
    if destination.on_error is not OnError.allow:
        return False
    _count(destination)
    return True


def answer_in_place(destination: Destination) -> CheckResult | None:
    """What a check goes on with after a failure, which is counted; None: it can't go on."""
    if destination.on_error is OnError.fail:
        return None
    _count(destination)
    return _ALLOWED if destination.on_error is OnError.allow else _DENIED


def _count(destination: Destination) -> None:
    monitoring.RULE_ERRORS.labels(destination.handler, destination.on_error.value).inc()
