"""The buckets of one Envoy: from a usage report to what is to be done with each bucket."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from math import ceil, inf
from typing import Final, TypeAlias

from envoy.service.rate_limit_quota.v3.rlqs_pb2 import RateLimitQuotaUsageReports

from mixer.api.mapping import MappedBag, readers
from mixer.api.rate_limit_quota_v3.actions import Action, abandon, allow, assign, renew
from mixer.api.rate_limit_quota_v3.attributes import ROWS
from mixer.api.rate_limit_quota_v3.bucket import Bucket
from mixer.api.rate_limit_quota_v3.timing import IDLE_S, REPORT_INTERVAL_S
from mixer.api.rate_limit_v3.attributes import QUOTA_KEY, Descriptor
from mixer.dispatch.dispatcher import Dispatcher
from mixer.dispatch.verdict import QuotaRequest, QuotaVerdict
from mixer.errors import DispatchError

_MIN_AMOUNT: Final = 10
"""What a bucket is expected to need at least."""
_SHARE: Final = 8
"""A new bucket gets one part in so many of what is left."""
_MAX_BUCKETS: Final = 10_000
_READERS: Final = readers(*ROWS)

Usage: TypeAlias = RateLimitQuotaUsageReports.BucketQuotaUsage
_Ask = Callable[[int], QuotaVerdict]
"""Takes an amount from the quota, best effort; 0 just looks."""


class Buckets:
    """All buckets of one stream. Not for use by several threads at once."""

    def __init__(self, monotonic: Callable[[], float], max_count: int = _MAX_BUCKETS) -> None:
        """Of more than `max_count`, the one used longest ago is forgotten, and may begin anew."""
        self._monotonic = monotonic
        self._max_count = max_count
        self._buckets: OrderedDict[frozenset[tuple[str, str]], Bucket] = OrderedDict()

    def __len__(self) -> int:
        """How many buckets are known."""
        return len(self._buckets)

    def answer(self, domain: str, usage: Usage, dispatcher: Dispatcher) -> list[Action]:
        """What Envoy is to do with one bucket; nothing when that can't be told."""
        now_s = self._monotonic()
        entries = dict(usage.bucket_id.bucket)
        key = frozenset(entries.items())
        request_count = usage.num_requests_allowed + usage.num_requests_denied
        bucket = self._find(key, now_s, is_used=request_count > 0)
        if now_s - bucket.used_s >= IDLE_S:
            del self._buckets[key]
            return abandon(usage.bucket_id)
        bucket.spend(usage.num_requests_allowed)
        bucket.lapse(now_s)
        ask = _asking(Descriptor(domain, entries), dispatcher)
        try:
            is_limited = _provide(bucket, ask, _expected(usage, request_count), now_s)
        except DispatchError:
            return []
        if not is_limited:
            bucket.drop()
            return allow(usage.bucket_id)
        if bucket.assigned is not None and bucket.is_as_assigned:
            return renew(usage.bucket_id, bucket.assigned)
        return assign(usage.bucket_id, bucket.assign())

    def _find(self, key: frozenset[tuple[str, str]], now_s: float, *, is_used: bool) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(now_s)
            if len(self._buckets) > self._max_count:
                self._buckets.popitem(last=False)
        elif is_used:
            bucket.used_s = now_s
            self._buckets.move_to_end(key)
        return bucket


def _expected(usage: Usage, request_count: int) -> int:
    """How many requests are expected until the next report: as many as in the same time before."""
    # Envoy cuts off parts of a second: 4 s may be 5 s as well.
    elapsed_s: int = usage.time_elapsed.seconds + 1
    return max(_MIN_AMOUNT, ceil(request_count * max(1.0, REPORT_INTERVAL_S / elapsed_s)))


def _asking(descriptor: Descriptor, dispatcher: Dispatcher) -> _Ask:
    bag = MappedBag(descriptor, _READERS)
    entries: Mapping[str, str] = descriptor.entries
    name = entries.get(QUOTA_KEY, "")

    def ask(amount: int) -> QuotaVerdict:
        request = QuotaRequest(name, amount, best_effort=True, wants_state=amount == 0)
        (verdict,) = dispatcher.quota(bag, (request,))
        if verdict.failure:
            raise DispatchError(verdict.failure)
        return verdict

    return ask


def _provide(bucket: Bucket, ask: _Ask, expected: int, now_s: float) -> bool:
    """Takes what the bucket lacks, if it is to be had; tells whether any quota limits it."""
    if bucket.assigned is None:
        looked = ask(0)
        if not looked.name:
            return False
        if looked.state is not None:
            expected = max(expected, looked.state.remaining // _SHARE)
    lacking = expected + bucket.owed - bucket.held
    if lacking > 0:
        verdict = ask(lacking)
        if not verdict.name:
            return False
        lapses_s = now_s + verdict.valid_duration_s if verdict.valid_duration_s else inf
        bucket.receive(verdict.amount, lapses_s)
    return True
