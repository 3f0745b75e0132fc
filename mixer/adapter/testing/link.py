"""The way to a server, which a test can cut, stall and mend."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Final, Self

_BUFFER_SIZE: Final = 1 << 12
"""Each open connection holds two buffers, and must not look like memory that an adapter keeps."""
_LOOPBACK: Final = "127.0.0.1"


class Link:
    """A port on loopback whose connections lead to another one; a context manager.

    An adapter that is told this port talks to a real server, and the test says what the network is
    like meanwhile.
    """

    def __init__(self, target: str) -> None:
        """`target` is `HOST:PORT` of the server."""
        host, _, port = target.rpartition(":")
        self._target = host, int(port)
        self._flows = threading.Event()
        self._flows.set()
        self._change = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._port = 0
        self.mend()

    @property
    def address(self) -> str:
        """Where to connect to: `HOST:PORT`; stays the same."""
        return f"{_LOOPBACK}:{self._port}"

    def cut(self) -> None:
        """All connections break, and new ones are refused: as if the server had died."""
        with self._change:
            listener, self._listener = self._listener, None
            sockets, self._sockets = self._sockets, set()
        for one in (*sockets, *([listener] if listener else ())):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def stall(self) -> None:
        """Connections stay, and new ones are made, but nothing arrives: a server that hangs."""
        self._flows.clear()

    def mend(self) -> None:
        """As it should be: what was stalled arrives now, and connections can be made."""
        self._flows.set()
        with self._change:
            if self._listener is not None:
                return
            self._listener = socket.create_server((_LOOPBACK, self._port))
            self._port = self._listener.getsockname()[1]
            listener = self._listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def __enter__(self) -> Self:
        """The link, mended."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Cuts it for good."""
        self.cut()
        self._flows.set()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target)
            except OSError:
                near.close()
                continue
            for one in (near, far):
                # Or a message that was sent in two parts would wait 40 ms between them.
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if not self._keep(near, far, listener):
                return
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _keep(self, near: socket.socket, far: socket.socket, listener: socket.socket) -> bool:
        with self._change:
            if self._listener is listener:
                self._sockets |= {near, far}
                return True
        near.close()
        far.close()
        return False

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(_BUFFER_SIZE):
                self._flows.wait()
                sink.sendall(data)
        with self._change:
            self._sockets -= {source, sink}
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
