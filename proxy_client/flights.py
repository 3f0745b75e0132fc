"""Calls in flight that requests of the same kind may wait for.

Two requests that differ only in what never decides anything, such as their ids and times, will most
likely get the same answer. So the second one waits for the first one's call, and then looks in the
cache. Whether the answer is for it is decided there, by all that Mixer read; what is of the same
kind here only decides who waits. Those that the answer is not for, such as all of them when it may
not be used again, make their own calls then, at the same time: no request waits for two others.
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from typing import Final

from mixer.attribute.value import Value
from proxy_client.verdict import Verdict

_NEVER_DECIDE: Final = frozenset(
    {"context.time", "context.timestamp", "request.id", "request.time", "source.port"}
)
_HEADERS: Final = "request.headers"
_HEADERS_NEVER_DECIDE: Final = frozenset(
    {
        "traceparent",
        "tracestate",
        "x-b3-parentspanid",
        "x-b3-sampled",
        "x-b3-spanid",
        "x-b3-traceid",
        "x-request-id",
    }
)

Waiter = Callable[[Verdict | None], None]
"""Told when the call that it waits for is over, with the verdict if that is for all: a failure."""


def kind_of(attributes: Mapping[str, Value]) -> Hashable:
    """What is equal for requests that will most likely get the same answer."""
    return frozenset(
        (name, _entries(name, value) if isinstance(value, Mapping) else value)
        for name, value in attributes.items()
        if name not in _NEVER_DECIDE
    )


def _entries(name: str, value: Mapping[str, str]) -> Hashable:
    if name != _HEADERS:
        return frozenset(value.items())
    return frozenset(item for item in value.items() if item[0] not in _HEADERS_NEVER_DECIDE)


class Seat(Enum):
    """What a request is to do about its call."""

    LEADS = "leads"
    """Make it; others may wait for it, until they are told that it is over."""
    FOLLOWS = "follows"
    """Wait for the one that is made."""
    ALONE = "alone"
    """Make it; nobody will wait for it, because too many are waited for."""


class Flights:
    """Who makes a call, and who waits for it. For use by many threads."""

    def __init__(self, max_count: int) -> None:
        """Holds so many calls; further ones are made alone."""
        self._max_count = max_count
        self._lock = threading.Lock()
        self._waiters: dict[Hashable, list[Waiter]] = {}

    def __len__(self) -> int:
        """How many calls there are that others may wait for."""
        return len(self._waiters)

    def board(self, kind: Hashable, waiter: Waiter) -> Seat:
        """What a request of that kind is to do; `waiter` is kept if it follows."""
        with self._lock:
            waiters = self._waiters.get(kind)
            if waiters is not None:
                waiters.append(waiter)
                return Seat.FOLLOWS
            if len(self._waiters) < self._max_count:
                self._waiters[kind] = []
                return Seat.LEADS
            return Seat.ALONE

    def land(self, kind: Hashable, failure: Verdict | None = None) -> None:
        """Tells those who wait that the call of that kind is over, and how, if it failed.

        Only for the one that leads; its further calls may do harm.
        """
        with self._lock:
            waiters = self._waiters.pop(kind, ())
        for waiter in waiters:
            waiter(failure)
