"""Attributes of the buckets that rate limit quotas are assigned to: those of descriptors."""

from typing import Final

from mixer.api.mapping import Mapped
from mixer.api.rate_limit_v3.attributes import rows

ROWS: Final[tuple[Mapped, ...]] = tuple(rows("bucket_quota_usages.bucket_id.bucket"))
"""The attributes of one bucket of `RateLimitQuotaUsageReports`."""
