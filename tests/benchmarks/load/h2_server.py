"""A server by HTTP/2, made of the library h2, which is strict about what clients send."""

import socket
import threading
from contextlib import contextmanager

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import PingAckReceived, RequestReceived, SettingsAcknowledged


class H2Server:
    """Serves one connection at a time."""

    def __init__(self, answer):
        """`answer(h2, stream, number)` sends what it will, by h2, for the request of that number."""
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests = []
        """The headers of what was asked."""
        self.acknowledged = []
        """What the client has acknowledged."""

    def run(self):
        try:
            while True:
                connection, _ = self._listener.accept()
                with connection:
                    self._serve(connection)
        except OSError:
            pass

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self, connection):
        h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        h2.initiate_connection()
        connection.sendall(h2.data_to_send())
        while data := connection.recv(65536):
            for event in h2.receive_data(data):
                if isinstance(event, RequestReceived):
                    self.requests.append(event.headers)
                    self._answer(h2, event.stream_id, len(self.requests) - 1)
                elif isinstance(event, (PingAckReceived, SettingsAcknowledged)):
                    self.acknowledged.append(type(event).__name__)
            connection.sendall(h2.data_to_send())
            if h2.state_machine.state.name == "CLOSED":
                return


@contextmanager
def h2_serving(answer):
    """A server, until the context ends."""
    server = H2Server(answer)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
