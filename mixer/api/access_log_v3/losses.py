"""What becomes of entries, counted; and a word in the log about those that are lost."""

import logging
from collections.abc import Callable
from typing import Final

from mixer import monitoring

_LOG: Final = logging.getLogger(__name__)
_QUIET_S: Final = 10.0
"""After a line in the log, losses are only counted for so long: they come in floods."""

REPORTED: Final = "reported"
INTERMEDIATE: Final = "intermediate"
OVERLOADED: Final = "overloaded"
FAILED: Final = "failed"


class Losses:
    """The losses of one stream. For one thread."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._quiet_until = monotonic()
        self._unsaid = 0

    def entries(self, kind: str, result: str, count: int, error: Exception) -> None:
        """Takes note of entries that were lost."""
        monitoring.ACCESS_LOG_ENTRIES.labels(kind, result).inc(count)
        self._say(f"lost {count} {kind} entries", error)

    def message(self, error: Exception) -> None:
        """Takes note of a message that can't be read; nobody knows how many entries it had."""
        monitoring.ACCESS_LOG_UNREADABLE.inc()
        self._say("lost a message that can't be read", error)

    def _say(self, what: str, error: Exception) -> None:
        now = self._monotonic()
        if now < self._quiet_until:
            self._unsaid += 1
            return
        _LOG.warning("access log: %s, %d losses unsaid before: %s", what, self._unsaid, error)
        self._quiet_until = now + _QUIET_S
        self._unsaid = 0
