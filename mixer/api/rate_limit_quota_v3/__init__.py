"""The front door for envoy.service.rate_limit_quota.v3: quota prefetch for today's Envoy.

Envoy reports every few seconds how many requests each bucket let pass and turned away. For each
bucket the Mixer takes from the quota, best effort, as much as it is expected to need until its next
report, and assigns it. Envoy decides alone meanwhile: no request waits for the Mixer.

- A bucket is a bag, with the attributes and the quotas of a rate limit descriptor.
- What a bucket needs is what it was asked for since its last report, passed or not, and
  10 at least (proxy 1.4 `src/istio/prefetch/quota_prefetch.cc`). A new one has no past,
  and can't ask for more before its next report: it gets a share of what is left.
- Every amount that is assigned has been taken from the quota, so all Envoys together never get more
  than there is, in any window. What is not used stays with its bucket, until it lapses. It is not
  given back: quotas take back the newest amounts first, which may be another's by then, so those
  would count for less time than they should.
- Requests that passed before the first assignment are taken from the quota afterwards.

What Envoy is told:

===========================================  ==================================
less than needed is held, or some lapsed     a new amount; DENY_ALL if nothing is
                                             left
enough is held                               the same again, which renews it
no quota matches                             ALLOW_ALL. Not that it be abandoned:
                                             its next request would come back as
                                             a new bucket, at once
an instance, a generator or an adapter       nothing: the assignment runs out, and
fails                                        Envoy's configuration decides
no request for ten minutes                   to abandon the bucket
===========================================  ==================================

What the owner of an Envoy 1.40 should know (tried):

- A window should be twice as long as the five seconds between two reports, or longer: of a shorter
  one, only one amount in five seconds goes out.
- `no_assignment_behavior` should be a blanket rule. DENY_ALL refuses the first request of each
  bucket; without the field, or with `requests_per_time_unit`, all pass until the first assignment;
  a `token_bucket` there crashes Envoy at the second request.
- `expired_assignment_behavior` should have a `fallback_rate_limit`. Without one, and with
  `reuse_last_assignment`, `no_assignment_behavior` applies after the assignment has run out.

All that is known of an Envoy belongs to its stream. After a broken one, buckets begin anew, and
what they had let pass is taken from the quota again: too little may pass for one window, never too
much.
"""

import time
from collections.abc import Callable, Iterator
from typing import Final

from envoy.service.rate_limit_quota.v3.rlqs_pb2 import (
    RateLimitQuotaResponse,
    RateLimitQuotaUsageReports,
)
from google.protobuf.message import DecodeError

from mixer.api.rate_limit_quota_v3.actions import Action
from mixer.api.rate_limit_quota_v3.buckets import Buckets
from mixer.api.service import Service, Stream
from mixer.api.throttle import Admit, admit_all
from mixer.dispatch.dispatcher import Dispatcher
from mixer.errors import RequestError


def stream(
    requests: Iterator[bytes],
    current: Callable[[], Dispatcher],
    admit: Admit = admit_all,
    monotonic: Callable[[], float] = time.monotonic,
) -> Iterator[bytes]:
    """Converses with one Envoy; raises RequestError and OverloadedError, which end the stream."""
    buckets = Buckets(monotonic)
    domain = ""
    for data in requests:
        try:
            reports = RateLimitQuotaUsageReports.FromString(data)
        except DecodeError as error:
            raise RequestError(f"error unmarshalling request: {error}") from error
        admit(len(reports.bucket_quota_usages))
        domain = reports.domain or domain
        dispatcher = current()
        actions: list[Action] = []
        for usage in reports.bucket_quota_usages:
            actions += buckets.answer(domain, usage, dispatcher)
        if actions:
            yield RateLimitQuotaResponse(bucket_action=actions).SerializeToString()


SERVICE: Final = Service(
    name="envoy.service.rate_limit_quota.v3.RateLimitQuotaService",
    methods=(Stream(name="StreamRateLimitQuotas", converse=stream),),
)
