"""The policy answers that may be used again.

How long, after proxy 1.4 `src/istio/mixerclient/check_cache.cc`:

- until `valid_duration` has passed since the answer came; without that field, for ever;
- `valid_use_count` more times: 0 (as when the field is missing) not at all, below 0 without limit.

All verdicts are kept, denials like approvals. The original used two codes, 5 and 14, as its own
signs, so that denials with these were never found; read the time from a clock that jumps; and ended
the search at an answer that was too old.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from math import inf
from types import MappingProxyType
from typing import Final, TypeAlias

from mixer.attribute.value import Value
from mixer.status import OK, Code, Status
from protos.mixer.v1.mixer_pb2 import CheckResponse, HeaderOperation
from protos.mixer.v1.mixer_pb2 import RouteDirective as RouteDirectiveMessage
from proxy_client.conditions.condition import Condition
from proxy_client.conditions.index import ConditionIndex
from proxy_client.conditions.referenced import conditions
from proxy_client.verdict import HeaderChange, Operation, RouteDirective, Verdict

_Precondition: TypeAlias = CheckResponse.PreconditionResult

_OPERATIONS: Final[Mapping[int, Operation]] = MappingProxyType(
    {operation.value: operation for operation in Operation}
)
_NO_PRECONDITION: Final = Verdict(
    Status(code=Code.INVALID_ARGUMENT, message="Mixer's answer has no precondition")
)


class _Answer:
    """One verdict, and how often and how long it may still be used."""

    __slots__ = ("expires_s", "uses_left", "verdict")

    def __init__(self, verdict: Verdict, uses_left: int, expires_s: float) -> None:
        self.verdict = verdict
        self.uses_left = uses_left
        self.expires_s = expires_s


class CheckCache:
    """A bounded table of answers; for use by several threads at once."""

    def __init__(
        self, max_count: int = 10_000, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Holds so many answers, and none with 0."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._answers: ConditionIndex[_Answer] = ConditionIndex(max_count)

    def __len__(self) -> int:
        """How many answers there are, with those that are out of date and not yet noticed."""
        return len(self._answers)

    def find(self, attributes: Mapping[str, Value]) -> Verdict | None:
        """The verdict on requests that look like this one to the policy, or None; uses it once."""
        with self._lock:
            answer = self._answers.find(attributes, self._use)
        return None if answer is None else answer.verdict

    def store(
        self, attributes: Mapping[str, Value], response: CheckResponse, *, is_fail_open: bool
    ) -> Verdict:
        """The verdict of an answer that came for these attributes; kept if it may be used again.

        With `is_fail_open`, an INTERNAL from Mixer lets the request pass, as if it were no answer.
        """
        if not response.HasField("precondition"):
            return _NO_PRECONDITION
        verdict = _verdict(response.precondition, is_fail_open=is_fail_open)
        met = conditions(response.precondition.referenced_attributes, attributes)
        if met is not None:
            with self._lock:
                self._keep(attributes, met, self._answer(verdict, response.precondition))
        return verdict

    def _answer(self, verdict: Verdict, precondition: _Precondition) -> _Answer:
        hit = verdict._replace(check_cache_hit=True)
        expires_s = self._monotonic() + _valid_s(precondition)
        return _Answer(hit, precondition.valid_use_count, expires_s)

    def _keep(
        self, attributes: Mapping[str, Value], met: tuple[Condition, ...], answer: _Answer
    ) -> None:
        if answer.uses_left == 0:
            self._answers.discard(attributes, met)  # what is there is older
        else:
            self._answers.put(attributes, met, answer)

    def _use(self, answer: _Answer) -> bool:
        """Takes one use of an answer; False when there is none left, or its time is over."""
        if answer.uses_left == 0 or self._monotonic() > answer.expires_s:
            return False
        if answer.uses_left > 0:
            answer.uses_left -= 1
        return True


def _valid_s(precondition: _Precondition) -> float:
    if not precondition.HasField("valid_duration"):
        return inf
    duration = precondition.valid_duration
    return duration.seconds + duration.nanos / 1e9


def _verdict(precondition: _Precondition, *, is_fail_open: bool) -> Verdict:
    code, message = precondition.status.code, precondition.status.message
    is_passed = code == Code.OK or (code == Code.INTERNAL and is_fail_open)
    status = OK if is_passed else Status(code=code, message=message)
    if not precondition.HasField("route_directive"):
        return Verdict(status)
    return Verdict(status, _directive(precondition.route_directive))


def _directive(message: RouteDirectiveMessage) -> RouteDirective:
    return RouteDirective(
        _changes(message.request_header_operations),
        _changes(message.response_header_operations),
        message.direct_response_code,
        message.direct_response_body,
    )


def _changes(messages: Iterable[HeaderOperation]) -> tuple[HeaderChange, ...]:
    """All but those of a kind that a newer server may know."""
    return tuple(
        HeaderChange(message.name, message.value, _OPERATIONS[message.operation])
        for message in messages
        if message.operation in _OPERATIONS
    )
