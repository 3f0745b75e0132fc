"""The handler: finds limit and cell of a call, and counts, under one lock."""

from collections.abc import Callable, Hashable, Mapping
from operator import itemgetter
from threading import Lock
from typing import Final

from adapters.memquota.given import GivenLimits
from adapters.memquota.limit import NOTHING, Limit, new_limit
from adapters.memquota.override import DimensionMatcher
from adapters.memquota.params import Params, Quota
from adapters.memquota.recent import RecentCalls
from mixer.adapter import (
    Clock,
    InstanceType,
    QuotaArgs,
    QuotaResult,
    Value,
    ValueType,
    stringify,
)
from mixer.template import quota

_TEXT_KEYS: Final = frozenset(
    {
        ValueType.VALUE_TYPE_UNSPECIFIED,
        ValueType.DOUBLE,
        ValueType.IP_ADDRESS,
        ValueType.STRING_MAP,
    }
)
"""Types whose values are no good keys.

A NaN is unequal to itself, an IPv4 address has two forms, and a map cannot be hashed.
"""

Key = Callable[[Mapping[str, Value]], Hashable]


class Handler:
    """Counts what is used of each quota. Safe for use by many threads."""

    def __init__(self, params: Params, instances: Mapping[str, InstanceType], clock: Clock) -> None:
        self._quotas = {
            quota.name: _Quota(quota, instances.get(quota.name)) for quota in params.quotas
        }
        self._now_s = clock.monotonic
        self._lock = Lock()
        self._given = GivenLimits()
        self._recent = RecentCalls(params.min_deduplication_duration.seconds, self._now_s())

    def handle_quota(self, instance: quota.Instance, args: QuotaArgs) -> QuotaResult:
        """Allocates what is asked for, or releases it when the amount is negative.

        A limit that the caller gives counts in place of the configured one, overrides included.
        A refusal is status OK with amount 0 and duration 0. Raises KeyError for a quota without a
        limit, which `validate` rules out.
        """
        deduplication_id, amount, best_effort, given, wants_state = args
        if not amount and not wants_state:
            return NOTHING
        limit, key = self._quotas[instance.name].find(instance.dimensions)
        with self._lock:
            now_s = self._now_s()  # under the lock, so that no call finds a later one's tick
            if given is not None:
                limit = self._given.find(instance.name, given)
            result = self._recent.find(deduplication_id, now_s) if deduplication_id else None
            if result is None:
                if amount > 0:
                    result = limit.allocate(key, amount, now_s, best_effort=best_effort)
                elif amount:
                    result = limit.release(key, -amount, now_s)
                else:
                    result = NOTHING
                if deduplication_id:
                    self._recent.remember(deduplication_id, result, now_s)
            if not wants_state:
                return result
            state = limit.state(key, now_s)
            return QuotaResult(result.amount, result.valid_duration_s, state=state)


class _Quota:
    """The limits of one quota, each with its cells."""

    def __init__(self, params: Quota, instance: InstanceType | None) -> None:
        self._limit = new_limit(params.max_amount, params.valid_duration)
        self._overrides = [
            (
                DimensionMatcher(override.dimensions).matches,
                new_limit(override.max_amount, override.valid_duration),
            )
            for override in params.overrides
        ]
        self._key = _key_function(instance)

    def find(self, dimensions: Mapping[str, Value]) -> tuple[Limit, Hashable]:
        """The limit that counts for these dimensions, and the key of their cell."""
        key = self._key(dimensions)
        for matches, limit in self._overrides:
            if matches(dimensions):
                return limit, key
        return self._limit, key


def _key_function(instance: InstanceType | None) -> Key:
    """How to make the key of a cell: the values themselves where types are known, else texts."""
    types = instance.fields.get("dimensions", {}) if instance else None
    if not isinstance(types, Mapping) or _TEXT_KEYS.intersection(types.values()):
        return _text_key
    return itemgetter(*sorted(types)) if types else _text_key


def _text_key(dimensions: Mapping[str, Value]) -> Hashable:
    return tuple((name, stringify(dimensions[name])) for name in sorted(dimensions))
