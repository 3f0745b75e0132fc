"""A connection with requests on their way, whatever the protocol.

All that goes wrong is told by `receive`, as the outcome of the requests that were on their way:
after any error the kernel reports the socket as ready. A connection that has ended is opened again
by the next request that is sent on it.
"""

import os
import select
import socket
from abc import ABC, abstractmethod
from typing import Final

from benchmarks.load.poller import Poller

Outcome = int | str
"""What became of a request: the status of its answer, or in words why there is none."""
Answers = list[tuple[int, Outcome]]
"""Numbers of requests, each with its outcome."""

CONNECT_TIMEOUT_S: Final = 60.0
_READ_SIZE: Final = 1 << 16
_CLOSED: Final = "closed by the server"


class Channel(ABC):
    """A connection that opens itself when needed; of one thread."""

    def __init__(self, address: str, poller: "Poller[Channel]") -> None:
        """`address` is HOST:PORT. Nothing is opened yet."""
        host, _, port = address.rpartition(":")
        self._address: Final = (host, int(port))
        self._poller: Final = poller
        self._socket: socket.socket | None = None
        self._unsent = b""
        self._failure = ""

    @property
    @abstractmethod
    def slot_count(self) -> int:
        """How many requests may be on their way at a time."""

    def open(self) -> None:
        """Connects, and comes back when that is done. Raises OSError."""
        opened = socket.create_connection(self._address, CONNECT_TIMEOUT_S)
        opened.setblocking(False)
        self._begin(opened)

    def close(self) -> None:
        """Closes the connection, if it is open. What is on its way gets no outcome."""
        if self._socket is not None:
            self._poller.forget(self._socket.fileno())
            self._socket.close()
            self._socket = None

    def send(self, number: int) -> None:
        """Sends a request; a slot must be free."""
        if self._socket is None:
            self._begin_to_open()
        self._write(self._encode(number))

    def handle(self, events: int) -> Answers:
        """Does what epoll has reported, and gives the outcomes that are known by that."""
        if events & select.EPOLLOUT:
            self._flush()
        answers = self._receive() if events & ~select.EPOLLOUT else []
        # Nothing may be sent any more on what the server has ended, even if it has answered before.
        while events & select.EPOLLRDHUP and self._socket is not None:
            answers += self._receive()
        return answers

    @abstractmethod
    def _greeting(self) -> bytes:
        """What a new connection begins with; forgets all that was before."""

    @abstractmethod
    def _encode(self, number: int) -> bytes:
        """The bytes of a request, which is on its way from now on."""

    @abstractmethod
    def _decode(self, data: bytes) -> Answers:
        """The outcomes that are known by these bytes."""

    @abstractmethod
    def _take_lost(self) -> list[int]:
        """The requests on their way, which are not from now on."""

    def _write(self, data: bytes) -> None:
        if self._unsent:
            self._unsent += data
            return
        sent_size = self._try_send(data)
        if sent_size < len(data):
            self._unsent = data[sent_size:]
            self._watch_writable(is_wanted=True)

    def _end(self, reason: str) -> Answers:
        self.close()
        return [(number, reason) for number in self._take_lost()]

    def _begin_to_open(self) -> None:
        opened = socket.socket()
        opened.setblocking(False)
        # What comes of it is told by the first bytes that are written.
        opened.connect_ex(self._address)
        self._begin(opened)

    def _begin(self, opened: socket.socket) -> None:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = opened
        self._unsent, self._failure = b"", ""
        self._poller.watch(opened.fileno(), self)
        greeting = self._greeting()
        if greeting:
            self._write(greeting)

    def _try_send(self, data: bytes) -> int:
        assert self._socket is not None
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            # The kernel tells the error once, so it has to be kept for `receive`.
            self._failure = _words(error)
            return len(data)

    def _flush(self) -> None:
        sent_size = self._try_send(self._unsent)
        self._unsent = self._unsent[sent_size:]
        if not self._unsent:
            self._watch_writable(is_wanted=False)

    def _watch_writable(self, *, is_wanted: bool) -> None:
        assert self._socket is not None
        self._poller.watch_writable(self._socket.fileno(), is_wanted=is_wanted)

    def _receive(self) -> Answers:
        assert self._socket is not None
        try:
            data = self._socket.recv(_READ_SIZE)
        except BlockingIOError:
            return []
        except OSError as error:
            return self._end(self._failure or _words(error))
        return self._decode(data) if data else self._end(self._failure or _CLOSED)


def _words(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
