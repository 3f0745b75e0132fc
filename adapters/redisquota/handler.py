"""The handler: finds the limit of a call, has it counted, and says what a refusal is."""

from typing import Final

from adapters.redisquota.client import Scripts
from adapters.redisquota.counts import Call, Counts
from adapters.redisquota.limit import QuotaLimits
from adapters.redisquota.params import Params
from mixer.adapter import Code, QuotaArgs, QuotaResult, Status
from mixer.template import quota

_NOTHING: Final = QuotaResult()
_EXHAUSTED: Final = Status(code=Code.RESOURCE_EXHAUSTED, message="redisquota: Resource exhausted")


class Handler:
    """Counts what is used of each quota. Safe for use by many threads."""

    def __init__(self, params: Params, counts: Counts, scripts: Scripts) -> None:
        """`scripts` is closed with the handler."""
        self._limits = {quota.name: QuotaLimits(quota) for quota in params.quotas}
        self._count = counts.count
        self._scripts = scripts

    def handle_quota(self, instance: quota.Instance, args: QuotaArgs) -> QuotaResult:
        """Allocates what is asked for, or releases it when the amount is negative.

        A refusal has the status RESOURCE_EXHAUSTED. Raises UnavailableError when nothing can be
        counted now, and KeyError for a quota without a limit, which `validate` rules out.
        """
        if not args.amount and not args.wants_state:
            return _NOTHING
        limit = self._limits[instance.name].find(instance.dimensions, args.limit)
        result = self._count(Call(instance, args, limit))
        if args.amount > 0 and not result.amount:
            return QuotaResult(status=_EXHAUSTED, state=result.state)
        return result

    def close(self) -> None:
        """Gives up all connections."""
        self._scripts.close()
