"""Waits until answers can be read, or until the next request is due."""

import ctypes
import select
import time
from typing import Final, Generic, TypeVar

_NS: Final = 1_000_000_000
_MOST_EVENTS: Final = 256
_PR_SET_TIMERSLACK: Final = 29
_READABLE: Final = select.EPOLLIN | select.EPOLLRDHUP

Owner = TypeVar("Owner")


class Poller(Generic[Owner]):
    """An epoll whose timeouts are exact: epoll's own are whole milliseconds.

    Each socket has an owner, who is told with it.
    """

    def __init__(self, spin_us: float) -> None:
        """`spin_us` is as in `LoadPlan`."""
        # By default the kernel ends a sleep up to 50 µs late, to end several at once.
        ctypes.CDLL(None).prctl(_PR_SET_TIMERSLACK, 1, 0, 0, 0)
        self._epoll = select.epoll()
        self._spin_ns: Final = round(spin_us * 1000)
        self._owners: Final[dict[int, Owner]] = {}
        self.idle_ns = 0
        """How long there was nothing to do, in all."""
        self.spun_ns = 0
        """How much processor time was taken by having nothing to do."""
        self.ready_ns = 0
        """When the last `wait` came back, by the clock `time.monotonic_ns`."""

    def watch(self, descriptor: int, owner: Owner) -> None:
        """Begins to report a socket: when it is readable, has ended, or has failed."""
        self._epoll.register(descriptor, _READABLE)
        self._owners[descriptor] = owner

    def watch_writable(self, descriptor: int, *, is_wanted: bool) -> None:
        """Says whether the socket is to be reported when it is writable, too."""
        self._epoll.modify(descriptor, _READABLE | (select.EPOLLOUT if is_wanted else 0))

    def forget(self, descriptor: int) -> None:
        """To be called before a socket is closed."""
        self._epoll.unregister(descriptor)
        del self._owners[descriptor]

    def close(self) -> None:
        """Ends all watching."""
        self._epoll.close()

    def wait(self, until_ns: int) -> list[tuple[Owner, int]]:
        """Who is ready, with their epoll events; nobody if it is `until_ns` before."""
        ready = self._epoll.poll(0, _MOST_EVENTS)
        if ready:
            self.ready_ns = time.monotonic_ns()
        else:
            ready = self._sleep(until_ns)
        owners = self._owners
        return [(owners[descriptor], events) for descriptor, events in ready]

    def _sleep(self, until_ns: int) -> list[tuple[int, int]]:
        ready: list[tuple[int, int]] = []
        start_ns = time.monotonic_ns()
        sleep_ns = until_ns - start_ns - self._spin_ns
        if sleep_ns > 0:
            select.select([self._epoll], (), (), sleep_ns / _NS)
            ready = self._epoll.poll(0, _MOST_EVENTS)
        if self._spin_ns and not ready:
            ready = self._spin(until_ns)
        self.ready_ns = time.monotonic_ns()
        self.idle_ns += self.ready_ns - start_ns
        return ready

    def _spin(self, until_ns: int) -> list[tuple[int, int]]:
        ready: list[tuple[int, int]] = []
        start_ns = time.thread_time_ns()
        while not ready and time.monotonic_ns() < until_ns:
            ready = self._epoll.poll(0, _MOST_EVENTS)
        self.spun_ns += time.thread_time_ns() - start_ns
        return ready
