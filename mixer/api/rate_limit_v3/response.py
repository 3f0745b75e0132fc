"""From what became of each descriptor to the bytes of a RateLimitResponse.

The headers `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (IETF, "RateLimit Fields
for HTTP", draft 03) tell of the descriptor that has the least left. Envoy can add `x-ratelimit-*`
headers of its own, made of the statuses (`enable_x_ratelimit_headers`): other names, so that
nothing comes twice when both are on.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Final, NamedTuple

from envoy.service.ratelimit.v3.rls_pb2 import RateLimitResponse

from mixer.adapter import QuotaState

_DAY_S: Final = 86_400
_UNITS: Final[Mapping[float, int]] = {
    1: RateLimitResponse.RateLimit.SECOND,
    60: RateLimitResponse.RateLimit.MINUTE,
    3600: RateLimitResponse.RateLimit.HOUR,
    _DAY_S: RateLimitResponse.RateLimit.DAY,
    7 * _DAY_S: RateLimitResponse.RateLimit.WEEK,
    30 * _DAY_S: RateLimitResponse.RateLimit.MONTH,
    365 * _DAY_S: RateLimitResponse.RateLimit.YEAR,
}
"""By the seconds of a window; windows of other lengths have no unit that Envoy knows."""
_MAX_UINT32: Final = (1 << 32) - 1
_NS_PER_S: Final = 1_000_000_000


class Outcome(NamedTuple):
    """What became of one descriptor."""

    is_over_limit: bool
    quota: str
    """The quota that decided; empty when there is none."""
    state: QuotaState | None
    """How things stand with it; None when there is none, or its handler does not tell."""


def response(outcomes: Sequence[Outcome]) -> bytes:
    """The serialized RateLimitResponse, with one status for each outcome."""
    # Messages are filled in where they stand: to make them apart and copy them takes twice as long.
    answer = RateLimitResponse(overall_code=RateLimitResponse.OK)
    for outcome in outcomes:
        status = answer.statuses.add(code=RateLimitResponse.OK)
        if outcome.is_over_limit:
            status.code = answer.overall_code = RateLimitResponse.OVER_LIMIT
        if outcome.state is not None:
            _tell(status, outcome.quota, outcome.state)
    states = [outcome.state for outcome in outcomes if outcome.state is not None]
    if states:
        tightest = min(states, key=lambda state: (state.remaining, -state.reset_s))
        for name, value in _headers(tightest):
            answer.response_headers_to_add.add(key=name, value=value)
    data: bytes = answer.SerializeToString()
    return data


def _tell(status: RateLimitResponse.DescriptorStatus, quota: str, state: QuotaState) -> None:
    limit = status.current_limit
    limit.name = quota
    limit.requests_per_unit = min(state.max_amount, _MAX_UINT32)
    limit.unit = _UNITS.get(state.window_s, RateLimitResponse.RateLimit.UNKNOWN)
    status.limit_remaining = min(max(state.remaining, 0), _MAX_UINT32)
    reset = status.duration_until_reset
    reset.seconds, reset.nanos = divmod(round(state.reset_s * _NS_PER_S), _NS_PER_S)


def _headers(state: QuotaState) -> Iterator[tuple[str, str]]:
    window = f", {state.max_amount};w={ceil(state.window_s)}" if state.window_s else ""
    yield "RateLimit-Limit", f"{state.max_amount}{window}"
    yield "RateLimit-Remaining", str(max(state.remaining, 0))
    # Rounded up: who waits that long finds it reset.
    yield "RateLimit-Reset", str(ceil(state.reset_s))
