"""Bounds how many series the metrics of an adapter have; for adapters without cells of their own.

    limit = SeriesLimit(env.handler, "istio_requests_total", max_series=10_000, idle_s=3600)
    if limit.admits(labels, now_s):
        ...  # record the sample; otherwise it has been counted as dropped
    for labels in limit.expire(now_s):
        ...  # forget what is kept of that series

`prometheus` has the same two bounds without this: its cells know when they were last touched, and
its samples must not pay for a second look-up.
"""

import threading
from collections.abc import Hashable
from typing import Final, Generic, TypeVar

from prometheus_client import Counter

_DROPPED: Final = Counter(
    "mixer_adapter_dropped_samples",
    "Samples dropped because their metric would have had too many series.",
    ["handler", "metric"],
)

Key = TypeVar("Key", bound=Hashable)


class SeriesLimit(Generic[Key]):
    """The series that one metric of one handler has. Safe for use by many threads.

    Drops are counted in `mixer_adapter_dropped_samples_total{handler,metric}`.
    """

    def __init__(self, handler: str, metric: str, *, max_series: int, idle_s: float = 0) -> None:
        """A series without a sample for more than `idle_s` seconds expires; 0 for never."""
        self._max_series = max_series
        self._idle_s = idle_s
        self._dropped = _DROPPED.labels(handler, metric)
        self._lock = threading.Lock()
        self._touched_s: dict[Key, float] = {}

    def admits(self, key: Key, now_s: float) -> bool:
        """Whether a sample of that series may be recorded; `now_s` is of the monotonic clock.

        False, and counted, for a series that would be one too many.
        """
        with self._lock:
            if key in self._touched_s or len(self._touched_s) < self._max_series:
                self._touched_s[key] = now_s
                return True
        self._dropped.inc()
        return False

    def expire(self, now_s: float) -> list[Key]:
        """Forgets, and tells, the series without a sample for too long; others may follow."""
        if not self._idle_s:
            return []
        before_s = now_s - self._idle_s
        with self._lock:
            old = [key for key, touched_s in self._touched_s.items() if touched_s < before_s]
            for key in old:
                del self._touched_s[key]
        return old
