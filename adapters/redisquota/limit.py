"""Which limit a call is counted against, and in which cell.

A cell is a key of Redis. It belongs to one quota, one of its limits, and one combination of values
of its dimensions; the amounts of the configuration are no part of it, so that counts survive when
these change. All keys of a call begin with one hash tag, `{…}`, which puts them on one node of a
cluster.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapters.memquota.override import DimensionMatcher
from adapters.redisquota.params import Algorithm, Override, Quota
from adapters.redisquota.validation import MOST
from mixer.adapter import Duration, QuotaLimit, Value, stringify

_NS_PER_US: Final = 1_000
_US_PER_S: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """An amount that may be in use at once, in each cell."""

    quota: str
    name: str
    """Tells the limits of one quota apart."""
    algorithm: Algorithm
    max_amount: int
    window_us: int
    """0 for a counter, from which only what is given back is taken away."""
    bucket_us: int

    @property
    def window_s(self) -> float:
        """The length of the window in seconds."""
        return self.window_us / _US_PER_S

    def cell(self, prefix: str, dimensions: Mapping[str, Value]) -> str:
        """The key of the cell for these dimensions."""
        values = [(name, stringify(dimensions[name])) for name in sorted(dimensions)]
        # All of it is hashed, so that cells of quotas without dimensions spread over a cluster too.
        what = repr((prefix, self.quota, self.name, values)).encode()
        digest = hashlib.blake2b(what, digest_size=16).hexdigest()
        return f"{{{digest}}}:{prefix}/{self.quota}"


class QuotaLimits:
    """The limits of one quota."""

    def __init__(self, params: Quota) -> None:
        self._params = params
        self._limit = self._new_limit("", params.max_amount)
        self._overrides = [
            (
                params_of_one.dimensions.keys(),
                DimensionMatcher(params_of_one.dimensions),
                self._new_limit(_name(params_of_one), params_of_one.max_amount),
            )
            for params_of_one in params.overrides
        ]

    def find(self, dimensions: Mapping[str, Value], given: QuotaLimit | None) -> Limit:
        """The one that counts: that which came with the call, an override, or the quota's own."""
        if given is not None:
            return self._given(given)
        for names, matcher, limit in self._overrides:
            if names <= dimensions.keys() and matcher.matches(dimensions):
                return limit
        return self._limit

    def _new_limit(self, name: str, max_amount: int) -> Limit:
        algorithm = self._params.rate_limit_algorithm
        return Limit(
            quota=self._params.name,
            name=f"{algorithm.name} {name}",
            algorithm=algorithm,
            max_amount=max_amount,
            window_us=self._params.valid_duration // _NS_PER_US,
            bucket_us=self._params.bucket_duration // _NS_PER_US,
        )

    def _given(self, given: QuotaLimit) -> Limit:
        """As many buckets as the configured window has, if it rolls."""
        window_us = Duration.from_seconds(given.window_s) // _NS_PER_US
        # What never ends does not roll either.
        algorithm = self._params.rate_limit_algorithm if window_us else Algorithm.FIXED_WINDOW
        bucket_us = window_us * self._params.bucket_duration // self._params.valid_duration
        return Limit(
            quota=self._params.name,
            name=f"{algorithm.name} given {given.max_amount} {window_us}",
            algorithm=algorithm,
            max_amount=min(given.max_amount, MOST),
            window_us=window_us,
            bucket_us=bucket_us,
        )


def _name(override: Override) -> str:
    return repr(sorted(override.dimensions.items()))
