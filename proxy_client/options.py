"""How a client behaves (defaults of Istio's proxy 1.4 `src/istio/mixerclient`, but for one)."""

from dataclasses import dataclass
from enum import Enum


class FailMode(Enum):
    """What becomes of a request when no Mixer answers for it."""

    OPEN = "open"
    """It may pass."""
    CLOSED = "closed"
    """It is denied, with the status of the failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOptions:
    """How often a Check is sent again, and when."""

    max_count: int = 0
    """Times after the first."""
    base_wait_s: float = 0.08
    """No wait is shorter, in seconds."""
    max_wait_s: float = 1.0
    """No wait is longer, in seconds. The wait is drawn from base to base · 2ⁿ, or to this one."""

    def __post_init__(self) -> None:
        """Raises ValueError for what makes no sense."""
        if self.max_count < 0 or not 0 <= self.base_wait_s <= self.max_wait_s:
            raise ValueError("retries need 0 <= max_count and 0 <= base_wait_s <= max_wait_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """The settings of one client."""

    timeout_s: float = 5.0
    """How long one call may take, in seconds; a retry is a call of its own."""
    check_fail_mode: FailMode = FailMode.CLOSED
    """For Checks. Open was the library's default, but closed is what Istio 1.4 deployed."""
    quota_fail_mode: FailMode = FailMode.OPEN
    """For calls that only ask for quota, because the policy's answer was in the cache."""
    retries: RetryOptions = RetryOptions()
    check_cache_entries: int = 10_000
    """Verdicts to keep; 0 for no cache."""
    quota_cache_entries: int = 10_000
    """Pools of quota to keep; 0 for no cache: then each request asks for its own."""
    report_batch_entries: int = 100
    """So many reports go out together, at most."""
    report_batch_s: float = 1.0
    """No report waits longer for others, in seconds."""
    max_queued_reports: int = 10_000
    """Reports that wait to be sent; more are dropped, and counted."""
    max_shared_calls: int = 1024
    """Calls in flight that other requests with the same attributes may wait for."""

    def __post_init__(self) -> None:
        """Raises ValueError for what makes no sense."""
        if not (self.timeout_s > 0 and self.report_batch_s >= 0):  # refuses NaN too
            raise ValueError("times must be positive")
        sizes = (self.check_cache_entries, self.quota_cache_entries, self.max_shared_calls)
        if min(*sizes, self.report_batch_entries, self.max_queued_reports) < 0:
            raise ValueError("sizes must not be negative")
