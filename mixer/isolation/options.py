"""How the calls of a handler that may block are bounded."""

from dataclasses import dataclass
from typing import Final

from mixer.attribute.value import Duration

_MOST_THREADS: Final = 256
_MOST_WAITING: Final = 10_000
_HALF_A_SECOND: Final = Duration.parse("500ms")
_FIVE_SECONDS: Final = Duration.parse("5s")


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolationOptions:
    """The bounds of one handler, as `isolation` of a handler resource says them.

    Raises ValueError where they make no sense.
    """

    timeout: Duration = _HALF_A_SECOND
    """How long a request waits for an answer, the time in the queue included."""
    max_concurrent: int = 16
    """How many calls are made at a time."""
    max_waiting: int = 64
    """How many more may wait for their turn; others are refused at once."""
    breaker_failures: int = 5
    """After so many calls in a row that found the other side down or slow, no more are made; 0
    never stops."""
    breaker_pause: Duration = _FIVE_SECONDS
    """After that time one call is made again; if it succeeds, all are."""

    def __post_init__(self) -> None:
        """Checks the bounds."""
        if self.timeout <= 0:
            raise ValueError("timeout must be more than 0")
        if not 1 <= self.max_concurrent <= _MOST_THREADS:
            raise ValueError(f"maxConcurrent must be from 1 to {_MOST_THREADS}")
        if not 0 <= self.max_waiting <= _MOST_WAITING:
            raise ValueError(f"maxWaiting must be from 0 to {_MOST_WAITING}")
        if self.breaker_failures < 0:
            raise ValueError("breakerFailures must not be negative")
        if self.breaker_pause <= 0:
            raise ValueError("breakerPause must be more than 0")
