"""What a front door offers to a transport: methods from bytes to bytes, free of any transport."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mixer.api.throttle import Admit
from mixer.dispatch.dispatcher import Dispatcher
from mixer.status import Code

Answer = Callable[[bytes, Dispatcher, Admit], bytes]
"""From a request to its answer; raises RequestError, OverloadedError and DispatchError."""

Converse = Callable[[Iterator[bytes], Callable[[], Dispatcher], Admit], Iterator[bytes]]
"""From the messages of a stream to the answers; it may raise what an `Answer` may.

It has a thread of its own, and takes the dispatcher anew for each message. The next message is not
read before it is asked for, so a conversation that takes its time holds the client back.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unary:
    """A method that answers one request."""

    name: str
    answer: Answer
    on_failure: Code = Code.INTERNAL
    """How a DispatchError is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A method that converses with a client, for as long as that one likes."""

    name: str
    converse: Converse
    on_failure: Code = Code.INTERNAL
    """How a DispatchError is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One front door."""

    name: str
    """The full name of its gRPC service."""
    methods: tuple[Unary | Stream, ...]
