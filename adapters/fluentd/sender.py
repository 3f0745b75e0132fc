"""The connection to a fluentd server."""

from collections.abc import Sequence

from fluent.sender import FluentSender


class Sender(FluentSender):  # type: ignore[misc]
    """The library's connection without the library's buffer.

    What that buffer drops, it drops whole and uncounted, and it is only tried again when the next
    event comes. So this class sends, or says that it could not.
    """

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        super().__init__("", host=host, port=port, timeout=timeout_s)

    def send(self, events: Sequence[bytes]) -> None:
        """Sends the events, and connects before if need be; raises OSError where that fails.

        Events of a batch that failed on its way may have arrived.
        """
        with self.lock:
            try:
                self._send_data(b"".join(events))
            except OSError:
                self._close()
                raise

    def cut(self) -> None:
        """Ends the connection, also under a thread that is sending."""
        self._close()
