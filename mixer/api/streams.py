"""The streams that are open: bounded in number, and ended when the server stops."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from mixer import monitoring
from mixer.errors import OverloadedError

_QUIET_S: Final = 0.2
"""A stream on which nothing has come for so long has nothing under way."""
_POLL_S: Final = 0.02


class OpenStream:
    """One stream, as long as it is open."""

    def __init__(self, cancel: Callable[[], object], monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._busy_at = monotonic()
        self.cancel = cancel
        """Ends the stream from any thread."""

    def watch(self, messages: Iterator[bytes]) -> Iterator[bytes]:
        """The same messages; takes note of when they come."""
        for message in messages:
            self._busy_at = self._monotonic()
            yield message

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has come for a while."""
        return self._monotonic() - self._busy_at >= _QUIET_S


class Streams:
    """All streams of a server. Each holds a thread, which `lend` replaces meanwhile."""

    def __init__(
        self,
        max_count: int,
        lend: Callable[[], AbstractContextManager[None]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_count = max_count
        self._lend = lend
        self._monotonic = monotonic
        self._open: set[OpenStream] = set()
        self._lock = threading.Lock()

    @contextmanager
    def opened(self, cancel: Callable[[], object]) -> Iterator[OpenStream]:
        """A stream, open as long as the context; raises OverloadedError when there are too many."""
        stream = OpenStream(cancel, self._monotonic)
        with self._lock:
            if len(self._open) >= self._max_count:
                raise OverloadedError
            self._open.add(stream)
        monitoring.STREAMS.inc()
        try:
            with self._lend():
                yield stream
        finally:
            monitoring.STREAMS.dec()
            with self._lock:
                self._open.discard(stream)

    def end(self, timeout_s: float) -> None:
        """Ends each stream when it is quiet, and all of them after the time, in seconds."""
        deadline = self._monotonic() + timeout_s
        while streams := self._now_open():
            is_late = self._monotonic() >= deadline
            for stream in streams:
                if is_late or stream.is_quiet:
                    stream.cancel()
            if is_late:
                return
            time.sleep(_POLL_S)

    def _now_open(self) -> list[OpenStream]:
        with self._lock:
            return list(self._open)
