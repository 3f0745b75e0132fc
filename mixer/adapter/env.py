"""What Mixer lends to a handler: time, regular work, and its name for logs."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from mixer.adapter.instance_type import InstanceType

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Time as functions, so that tests can pass their own."""

    monotonic: Callable[[], float] = time.monotonic
    """Seconds since some fixed instant; never steps back."""
    now_ns: Callable[[], int] = time.time_ns
    """Nanoseconds since 1970, by the wall clock."""


class Scheduler(Protocol):
    """Runs regular work for one handler."""

    def every(self, interval_s: float, work: Callable[[], None]) -> None:
        """Calls `work` each `interval_s` seconds, first after one interval, until `close`.

        What `work` raises is logged; the next call comes all the same.
        """

    def close(self) -> None:
        """Stops all work; waits for a call that is under way, for 5 seconds at most."""


class ThreadScheduler:
    """A scheduler with a daemon thread for each regular work."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def every(self, interval_s: float, work: Callable[[], None]) -> None:
        """See `Scheduler.every`."""

        def run() -> None:
            while not self._stopped.wait(interval_s):
                try:
                    work()
                except Exception:
                    _LOG.exception("regular work of handler %s failed", self._name)

        thread = threading.Thread(target=run, name=f"mixer-{self._name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """See `Scheduler.close`."""
        self._stopped.set()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """The surroundings of one handler."""

    handler: str
    """The handler's display name, such as `quotas.istio-system`."""
    scheduler: Scheduler
    """Mixer closes it after the handler."""
    instances: Mapping[str, InstanceType] = field(default_factory=dict)
    """The instances that rules send to this handler, by full name."""
    clock: Clock = field(default_factory=Clock)

    @property
    def logger(self) -> logging.LoggerAdapter[logging.Logger]:
        """A logger that names the handler in every line."""
        return logging.LoggerAdapter(logging.getLogger("adapters"), {"handler": self.handler})
