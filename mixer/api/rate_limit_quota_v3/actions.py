"""What Envoy is told to do with a bucket: the messages, in the way that Envoy 1.40 takes them.

- `requests_per_time_unit` is refused by it ("not yet supported"), so amounts go out as token
  buckets. Those fill up by themselves; with an interval of days they don't.
- A token bucket that follows another one begins as full, in parts of its size, as the old one was
  at that moment: after an empty one, it is empty. Behind a blanket rule it begins full. Envoy works
  through all actions of a response before its workers see any of them, so DENY_ALL before the new
  bucket refuses nothing.
- A token bucket equal to the one in force changes nothing but the time to live.
"""

from typing import Final, TypeAlias

from envoy.service.rate_limit_quota.v3.rlqs_pb2 import BucketId, RateLimitQuotaResponse
from envoy.type.v3.ratelimit_strategy_pb2 import RateLimitStrategy
from envoy.type.v3.token_bucket_pb2 import TokenBucket
from google.protobuf.duration_pb2 import Duration
from google.protobuf.wrappers_pb2 import UInt32Value

from mixer.api.rate_limit_quota_v3.timing import ASSIGNMENT_LIFE_S

Action: TypeAlias = RateLimitQuotaResponse.BucketAction

_LIFE: Final = Duration(seconds=ASSIGNMENT_LIFE_S)
_DENY_ALL: Final = RateLimitStrategy(blanket_rule=RateLimitStrategy.DENY_ALL)
_ALLOW_ALL: Final = RateLimitStrategy(blanket_rule=RateLimitStrategy.ALLOW_ALL)
_ONE: Final = UInt32Value(value=1)
_NEVER: Final = Duration(seconds=1_000_000)
_MAX_UINT32: Final = (1 << 32) - 1


def assign(bucket_id: BucketId, amount: int) -> list[Action]:
    """Lets so many requests pass from now on, and no more."""
    refuse = _action(bucket_id, _DENY_ALL)
    return [refuse, *renew(bucket_id, amount)] if amount else [refuse]


def renew(bucket_id: BucketId, amount: int) -> list[Action]:
    """Lets what is left of the last assignment pass, which was for that amount."""
    if not amount:
        return [_action(bucket_id, _DENY_ALL)]
    tokens = TokenBucket(
        max_tokens=min(amount, _MAX_UINT32), tokens_per_fill=_ONE, fill_interval=_NEVER
    )
    return [_action(bucket_id, RateLimitStrategy(token_bucket=tokens))]


def allow(bucket_id: BucketId) -> list[Action]:
    """Lets everything pass."""
    return [_action(bucket_id, _ALLOW_ALL)]


def abandon(bucket_id: BucketId) -> list[Action]:
    """Has Envoy forget the bucket, until a request for it comes."""
    return [Action(bucket_id=bucket_id, abandon_action=Action.AbandonAction())]


def _action(bucket_id: BucketId, strategy: RateLimitStrategy) -> Action:
    return Action(
        bucket_id=bucket_id,
        quota_assignment_action=Action.QuotaAssignmentAction(
            assignment_time_to_live=_LIFE, rate_limit_strategy=strategy
        ),
    )
