"""Limits that callers give with a call, in place of the configured ones."""

from collections import OrderedDict
from typing import Final

from adapters.memquota.limit import Limit, new_limit
from mixer.adapter import Duration, QuotaLimit

_MAX_LIMITS: Final = 1024


class GivenLimits:
    """The limits that were given lately, each with its cells.

    A caller may give any limit, so there must be an end to them: when there are too many, the one
    that was used longest ago is forgotten with what it has counted. Callers hold a lock.
    """

    def __init__(self, max_count: int = _MAX_LIMITS) -> None:
        self._max_count = max_count
        self._limits: OrderedDict[tuple[str, QuotaLimit], Limit] = OrderedDict()

    def __len__(self) -> int:
        """How many limits are held."""
        return len(self._limits)

    def find(self, quota: str, given: QuotaLimit) -> Limit:
        """The limit with these numbers for that quota; a new one if need be."""
        key = quota, given
        limit = self._limits.get(key)
        if limit is None:
            limit = new_limit(given.max_amount, Duration.from_seconds(given.window_s))
            self._limits[key] = limit
            if len(self._limits) > self._max_count:
                self._limits.popitem(last=False)
        self._limits.move_to_end(key)
        return limit
