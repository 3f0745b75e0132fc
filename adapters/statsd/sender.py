"""Datagrams to a statsd server."""

import socket
from collections.abc import Callable, Sequence


class Sender:
    """Sends lines; used by one thread. Finds the server when it has something for it."""

    def __init__(self, host: str, port: int, on_drop: Callable[[int], object]) -> None:
        """`on_drop` is told how many lines were in a datagram that turned out to be refused."""
        self._address = host, port
        self._on_drop = on_drop
        self._socket: socket.socket | None = None
        self._last_count = 0

    def send(self, lines: Sequence[bytes]) -> None:
        """Sends a datagram; raises OSError where that can't be done now.

        UDP tells nothing of a datagram that is lost. Only if nobody listens on a host that can be
        reached does the next attempt fail, which means that the last datagram was lost, and that
        this one has not been sent.
        """
        try:
            self._connected().send(b"\n".join(lines))
        except OSError as error:
            if isinstance(error, ConnectionRefusedError):
                self._on_drop(self._last_count)
            self._last_count = 0
            self.close()
            raise
        self._last_count = len(lines)

    def close(self) -> None:
        """Closes the socket, if there is one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connected(self) -> socket.socket:
        if self._socket is None:
            # Anew each time: the server may have moved. IPv4 first, as Go has it: nothing would
            # tell that nobody listens on the other `localhost`.
            family, kind, protocol, _, address = min(
                socket.getaddrinfo(*self._address, type=socket.SOCK_DGRAM),
                key=lambda found: found[0] is not socket.AF_INET,
            )
            made = socket.socket(family, kind, protocol)
            try:
                made.setblocking(False)
                made.connect(address)
            except OSError:
                made.close()
                raise
            self._socket = made
        return self._socket
