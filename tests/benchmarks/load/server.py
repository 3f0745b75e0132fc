"""Servers of which it is known how long they take, and what they do wrong."""

import socket
import struct
import threading
import time
from contextlib import contextmanager

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
HEAD_END = b"\r\n\r\n"


class ResetError(Exception):
    """Raised by what answers: the connection is to be reset."""


class Server:
    """Answers requests by HTTP/1.1, each connection on a thread of its own."""

    def __init__(self, answer):
        """`answer(number, head)` gives the bytes for the request of that number, from 0 on, or a
        list of them; b"" closes the connection."""
        self._answer = answer
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.heads = []
        """What was asked, in the order in which it came."""
        self.connection_count = 0

    def run(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connection_count += 1
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def stop_listening(self):
        # Closing alone would not wake the thread that accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection:
            try:
                while self._serve_one(connection):
                    pass
            except ResetError:
                linger_no_time = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_no_time)
            except OSError:
                pass

    def _serve_one(self, connection):
        head = b""
        while not head.endswith(HEAD_END):
            data = connection.recv(65536)
            if not data:
                return False
            head += data
        with self._lock:
            number = len(self.heads)
            self.heads.append(head)
        answer = self._answer(number, head)
        parts = [answer] if isinstance(answer, bytes) else answer
        ends = b"" in parts
        for part in parts:
            # The last bytes and the end arrive together: nobody can send in between.
            connection.sendall(part, socket.MSG_MORE if ends else 0)
        return not ends


@contextmanager
def serving(answer):
    """A server, until the context ends."""
    server = Server(answer)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        if thread.is_alive():
            server.stop_listening()
        thread.join()


def after(delay_s):
    """Answers each request after that time."""

    def answer(number, head):
        time.sleep(delay_s)
        return OK

    return answer


class Stall:
    """Answers at once, but from some request on nobody is answered for a while."""

    def __init__(self, first_number, stall_s):
        self._first_number = first_number
        self._stall_s = stall_s
        self._end = None
        self._lock = threading.Lock()

    def __call__(self, number, head):
        with self._lock:
            if number >= self._first_number and self._end is None:
                self._end = time.monotonic() + self._stall_s
        if self._end is not None:
            time.sleep(max(0.0, self._end - time.monotonic()))
        return OK
