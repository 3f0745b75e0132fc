"""What counts a call: Redis, or what takes its place while it is away."""

from collections.abc import Mapping
from typing import Final, NamedTuple, Protocol

from adapters.memquota import Params as MemquotaParams
from adapters.memquota import Quota as MemquotaQuota
from adapters.memquota.handler import Handler as MemquotaHandler
from adapters.redisquota.client import Scripts
from adapters.redisquota.limit import Limit
from adapters.redisquota.params import Algorithm, Params
from adapters.redisquota.script import TIME_OF_REDIS, script
from adapters.redisquota.validation import MOST
from mixer.adapter import Clock, InstanceType, QuotaArgs, QuotaLimit, QuotaResult, QuotaState
from mixer.template import quota

_US_PER_S: Final = 1_000_000
_NS_PER_MS: Final = 1_000_000


class Call(NamedTuple):
    """A call, and the limit that was found for it."""

    instance: quota.Instance
    args: QuotaArgs
    limit: Limit


class Counts(Protocol):
    """Whoever counts."""

    def count(self, call: Call) -> QuotaResult:
        """Takes or gives back. Raises UnavailableError when that can't be done now."""


class RedisCounts:
    """Counts in Redis, by one script for each call."""

    def __init__(
        self, scripts: Scripts, prefix: str, params: Params, time: str = TIME_OF_REDIS
    ) -> None:
        """`time` is the clock of the scripts, see `script.TIME_OF_REDIS`."""
        self._run = scripts.run
        self._prefix = prefix
        self._remembered_ms = params.min_deduplication_duration // _NS_PER_MS
        self._scripts = {algorithm: script(algorithm, time) for algorithm in Algorithm}

    def count(self, call: Call) -> QuotaResult:
        """See `Counts.count`."""
        (_, dimensions), args, limit = call
        cell = limit.cell(self._prefix, dimensions)
        keys = [cell]
        if args.deduplication_id and args.amount:
            keys.append(f"{cell}:{args.deduplication_id}")
        granted, valid_us, used, reset_us = self._run(
            self._scripts[limit.algorithm],
            keys,
            (
                max(-MOST, min(args.amount, MOST + 1)),
                limit.max_amount,
                limit.window_us,
                limit.bucket_us,
                int(args.best_effort),
                self._remembered_ms,
            ),
        )
        state = None
        if args.wants_state:
            left = max(0, limit.max_amount - used)
            state = QuotaState(limit.max_amount, limit.window_s, left, reset_us / _US_PER_S)
        return QuotaResult(granted, valid_us / _US_PER_S, state=state)


class GrantAll:
    """Grants whatever is asked for, and counts nothing."""

    def count(self, call: Call) -> QuotaResult:
        """See `Counts.count`."""
        amount = call.args.amount
        return QuotaResult(abs(amount), call.limit.window_s if amount > 0 else 0.0)


class LocalCounts:
    """Counts this Mixer's share of each limit in memory, in the windows of memquota."""

    def __init__(self, params: Params, instances: Mapping[str, InstanceType], clock: Clock) -> None:
        self._divisor = params.local_divisor
        local = MemquotaParams(
            quotas=tuple(MemquotaQuota(name=quota.name) for quota in params.quotas),
            min_deduplication_duration=params.min_deduplication_duration,
        )
        self._memquota = MemquotaHandler(local, instances, clock)

    def count(self, call: Call) -> QuotaResult:
        """See `Counts.count`; the share is a limit that comes with the call."""
        instance, args, limit = call
        share = QuotaLimit(-(-limit.max_amount // self._divisor), limit.window_s)
        return self._memquota.handle_quota(instance, args._replace(limit=share))
