"""The front door for envoy.service.ratelimit.v3: one question about quota per descriptor.

Each descriptor is a bag of its own, and takes from the quota that its entry `quota` names, or from
every quota that matching rules send. It gets all that it asks for or nothing:

===========================================  ==================================
all that is asked for is granted             OK
no quota matches                             OK, without a `current_limit`
less is left                                 OVER_LIMIT
0 is asked for                               OVER_LIMIT if nothing is left
an instance, a generator or an adapter       no answer but INTERNAL, so that
fails                                        Envoy's `failure_mode_deny` decides
===========================================  ==================================

The request is OVER_LIMIT if one descriptor is. Others have been counted then all the same, as by
other services of this protocol.
"""

from typing import Final

from envoy.extensions.common.ratelimit.v3.ratelimit_pb2 import RateLimitDescriptor
from envoy.service.ratelimit.v3.rls_pb2 import RateLimitRequest
from google.protobuf.message import DecodeError

from mixer.adapter import QuotaLimit
from mixer.api.mapping import MappedBag, readers
from mixer.api.rate_limit_v3.attributes import QUOTA_KEY, ROWS, Descriptor
from mixer.api.rate_limit_v3.response import Outcome, response
from mixer.api.service import Service, Unary
from mixer.api.throttle import Admit, admit_all
from mixer.dispatch.dispatcher import Dispatcher
from mixer.dispatch.verdict import QuotaRequest
from mixer.errors import DispatchError, RequestError

_READERS: Final = readers(*ROWS)
_DAY_S: Final = 86_400
_UNITS_S: Final = {1: 1, 2: 60, 3: 3600, 4: _DAY_S, 5: 30 * _DAY_S, 6: 365 * _DAY_S}
"""Seconds by `envoy.type.v3.RateLimitUnit`; months have 30 days and years 365."""


def should_rate_limit(data: bytes, dispatcher: Dispatcher, admit: Admit = admit_all) -> bytes:
    """Answers one ShouldRateLimit; raises RequestError, OverloadedError and DispatchError."""
    try:
        request = RateLimitRequest.FromString(data)
    except DecodeError as error:
        raise RequestError(f"error unmarshalling request: {error}") from error
    admit(1)
    # All are read before the first is counted: a request that breaks the protocol costs nothing.
    asked = [
        _asked(descriptor, request.domain, request.hits_addend or 1)
        for descriptor in request.descriptors
    ]
    return response([_outcome(bag, quota, dispatcher) for bag, quota in asked])


def _asked(
    descriptor: RateLimitDescriptor, domain: str, hits_addend: int
) -> tuple[MappedBag, QuotaRequest]:
    entries = {entry.key: entry.value for entry in descriptor.entries}
    quota = QuotaRequest(
        name=entries.get(QUOTA_KEY, ""),
        amount=descriptor.hits_addend.value if descriptor.HasField("hits_addend") else hits_addend,
        limit=_limit(descriptor.limit) if descriptor.HasField("limit") else None,
        wants_state=True,
    )
    return MappedBag(Descriptor(domain, entries), _READERS), quota


def _limit(override: RateLimitDescriptor.RateLimitOverride) -> QuotaLimit:
    window_s = _UNITS_S.get(override.unit)
    if window_s is None:
        raise RequestError(f"a limit with the unknown unit {override.unit}")
    return QuotaLimit(override.requests_per_unit, window_s)


def _outcome(bag: MappedBag, quota: QuotaRequest, dispatcher: Dispatcher) -> Outcome:
    (verdict,) = dispatcher.quota(bag, (quota,))
    if verdict.failure:
        raise DispatchError(verdict.failure)
    if quota.amount:
        is_over = verdict.amount < quota.amount
    else:
        is_over = verdict.state is not None and verdict.state.remaining <= 0
    return Outcome(is_over or verdict.status.code != 0, verdict.name, verdict.state)


SERVICE: Final = Service(
    name="envoy.service.ratelimit.v3.RateLimitService",
    methods=(Unary(name="ShouldRateLimit", answer=should_rate_limit),),
)
