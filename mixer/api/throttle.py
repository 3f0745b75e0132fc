"""Load shedding: refuses requests before work is done for them.

Two rules, each off unless its limit is set (istio 1.4 `mixer/pkg/loadshedding`):

- at most so many requests per second, with bursts (a token bucket; a Report costs one token for
  each of its bags);
- no more than so much time per request on average (an exponentially weighted mean over the recent
  requests), once there are enough requests per second to judge by.

Two defects of the original are not here: a burst size of 0 let nothing through, and a Report with
more bags than the burst size never got through.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from enum import Enum
from typing import Final

from mixer import monitoring
from mixer.adapter import Clock
from mixer.errors import OverloadedError

_LOG: Final = logging.getLogger(__name__)

Admit = Callable[[int], None]
"""Takes what a request costs; raises OverloadedError to refuse it."""


_UNTIMED: Final = nullcontext()


def admit_all(_cost: int) -> None:
    """Refuses nothing."""


class ThrottleMode(Enum):
    """What to do with a request that the rules would refuse."""

    DISABLED = "disabled"
    LOGONLY = "logonly"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThrottleOptions:
    """The limits."""

    mode: ThrottleMode = ThrottleMode.DISABLED
    max_requests_per_second: float = 0.0
    """0 sets no limit."""
    burst_size: int = 0
    """How many requests may come at once; 0 for as many as may come in a second."""
    average_latency_s: float = 0.0
    """Mean time per request, in seconds, from which on requests are refused; 0 sets no limit."""
    latency_half_life_s: float = 1.0
    """After so many seconds a sample counts half."""
    latency_free_per_second: float = 100.0
    """So many requests per second are never refused for latency."""


class TokenBucket:
    """Grants `rate` tokens per second, and saves up to `burst` of them."""

    def __init__(self, rate: float, burst: float, monotonic: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._monotonic = monotonic
        self._tokens = burst
        self._filled_at = monotonic()
        self._lock = threading.Lock()

    def take(self, tokens: float) -> bool:
        """Takes so many tokens, or as many as the bucket can hold; False when there are too few."""
        with self._lock:
            now = self._monotonic()
            gained = (now - self._filled_at) * self._rate
            self._filled_at = now
            self._tokens = min(self._burst, self._tokens + gained)
            tokens = min(tokens, self._burst)
            if tokens > self._tokens:
                return False
            self._tokens -= tokens
            return True


class LatencyAverage:
    """An exponentially weighted mean: after each half-life, what came before counts half."""

    def __init__(self, half_life_s: float, monotonic: Callable[[], float]) -> None:
        self._half_life_s = half_life_s
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._weight = 0.0
        self._sum = 0.0
        self._updated_at = monotonic()

    def add(self, seconds: float) -> None:
        """Takes the time of one request."""
        with self._lock:
            now = self._monotonic()
            decay = 0.5 ** ((now - self._updated_at) / self._half_life_s)
            self._updated_at = now
            self._weight = self._weight * decay + 1
            self._sum = self._sum * decay + seconds

    @property
    def value(self) -> float:
        """The mean in seconds; 0 before the first sample."""
        with self._lock:
            return self._sum / self._weight if self._weight else 0.0


class Throttle:
    """Applies the rules to the requests of all front doors."""

    def __init__(self, options: ThrottleOptions | None = None, clock: Clock | None = None) -> None:
        options = options or ThrottleOptions()
        self._monotonic = (clock or Clock()).monotonic
        self._mode = options.mode
        self._rate: TokenBucket | None = None
        self._latency: LatencyAverage | None = None
        if options.max_requests_per_second:
            rate = options.max_requests_per_second
            self._rate = TokenBucket(rate, options.burst_size or max(1.0, rate), self._monotonic)
        if options.average_latency_s:
            self._latency = LatencyAverage(options.latency_half_life_s, self._monotonic)
            self._threshold_s = options.average_latency_s
            free = options.latency_free_per_second
            self._free = TokenBucket(free, free, self._monotonic)
        self.admit: Admit = admit_all if self._mode is ThrottleMode.DISABLED else self._admit
        """Refuses a request of that cost, or not."""

    def timed(self) -> AbstractContextManager[None]:
        """Takes the time of one request, where a rule needs it."""
        return _UNTIMED if self._latency is None else self._timed(self._latency)

    @contextmanager
    def _timed(self, latency: LatencyAverage) -> Iterator[None]:
        started = self._monotonic()
        try:
            yield
        finally:
            latency.add(self._monotonic() - started)

    def _admit(self, cost: int) -> None:
        reason = self._reason(cost)
        if reason is None:
            return
        monitoring.REQUESTS_THROTTLED.inc()
        if self._mode is ThrottleMode.ENFORCE:
            raise OverloadedError
        _LOG.warning("would refuse a request that costs %d: %s", cost, reason)

    def _reason(self, cost: int) -> str | None:
        if self._rate is not None and not self._rate.take(cost):
            return "too many requests per second"
        if self._latency is not None and not self._free.take(cost):
            mean_s = self._latency.value
            if mean_s >= self._threshold_s:
                return f"requests take {mean_s * 1000:.1f} ms on average"
        return None
