"""A small HTTP/1.1 server to stand behind Envoy: it answers with what it was asked."""

import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

_POLL_S: Final = 0.05

Headers = Sequence[tuple[str, str]]
"""Names and values as they stand on the wire, in order; bytes above 127 are Latin-1."""


class Upstream:
    """Serves on a free loopback port from `start` to `stop`; also a context manager.

    The body of each answer is a JSON object: `method`, `path`, `headers` (a list of pairs) and
    `body_size` in bytes.
    """

    def __init__(self, headers: Headers = (), status: int = 200) -> None:
        """`headers` and `status` are those of all answers."""
        self._server = _Server(headers, status)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_S,), name="upstream", daemon=True
        )
        self.address = f"127.0.0.1:{self._server.server_port}"
        """HOST:PORT."""

    @property
    def request_count(self) -> int:
        """How many requests came up to now."""
        return self._server.request_count

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stops accepting and frees the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    # A connection that Envoy keeps open must not keep a stop waiting.
    block_on_close = False
    request_queue_size = 128

    def __init__(self, headers: Headers, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Echo)
        self.headers = headers
        self.status = status
        self.request_count = 0
        self._counting = threading.Lock()

    def count_request(self) -> None:
        with self._counting:
            self.request_count += 1


class _Echo(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"  # keeps connections open
    # Head and body leave together, and at once: two small packets would wait for each other.
    wbufsize = -1
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # any method
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing about each request."""

    def _answer(self) -> None:
        body_size = self._read_body()
        self.server.count_request()
        echo = {
            "method": self.command,
            "path": self.path,
            "headers": self.headers.items(),
            "body_size": body_size,
        }
        content = json.dumps(echo).encode()
        self.send_response_only(self.server.status)
        for name, value in (
            *self.server.headers,
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(content))),
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _read_body(self) -> int:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._read_chunks()
        return len(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _read_chunks(self) -> int:
        total = 0
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            total += len(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            """Trailers, up to an empty line."""
        return total
