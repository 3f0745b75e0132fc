"""What answers while Redis is away."""

from typing import Final

from prometheus_client import Counter

from adapters.redisquota.counts import Call, Counts
from mixer.adapter import Breaker, Env, QuotaResult, UnavailableError

_MOST_FAILURES: Final = 3
_PAUSE_S: Final = 1.0
_STANDING_IN: Final = Counter(
    "mixer_adapter_redisquota_stand_in_calls_total",
    "Calls that were answered without Redis, because it was down or too slow.",
    ["handler"],
)


class WithStandIn:
    """Counts in Redis, or elsewhere when that fails.

    A call that fails has waited for its time to run out. So after three in a row Redis is asked
    once a second only, and all others are answered at once; nobody who is told that Redis is away
    would stop asking otherwise, because all calls succeed.
    """

    def __init__(self, redis: Counts, stand_in: Counts, env: Env) -> None:
        self._redis = redis
        self._stand_in = stand_in
        self._stood_in = _STANDING_IN.labels(env.handler)
        self._logger = env.logger
        self._breaker = Breaker(_MOST_FAILURES, _PAUSE_S, env.clock.monotonic, self._tell)

    def count(self, call: Call) -> QuotaResult:
        """See `Counts.count`; always has an answer."""
        if self._breaker.admits():
            try:
                result = self._redis.count(call)
            except UnavailableError as error:
                self._logger.debug("a call is answered without Redis: %s", error)
                self._breaker.fail()
            else:
                self._breaker.succeed()
                return result
        self._stood_in.inc()
        return self._stand_in.count(call)

    def _tell(self, is_away: bool) -> None:  # noqa: FBT001 - that is what the breaker says
        if is_away:
            self._logger.warning("Redis is away, calls are answered without it")
        else:
            self._logger.info("Redis is back")
