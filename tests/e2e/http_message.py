"""Sends HTTP requests as exact bytes, and reads whole answers."""

import json
import socket
from collections.abc import Iterable
from http.client import HTTPResponse
from typing import Any, NamedTuple, Self

from tests.patience import SOON_S


class Answer(NamedTuple):
    """An HTTP response."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> list[str]:
        """All values of one header, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def echo(self) -> Any:
        """What the upstream received, when it was the upstream that answered."""
        return json.loads(self.body)

    def received(self, name: str) -> list[str]:
        """All values of one header that the upstream received, in order."""
        return [value for key, value in self.echo["headers"] if key.lower() == name.lower()]


def request(
    path: bytes | str = "/",
    headers: Iterable[tuple[bytes | str, bytes | str]] = (),
    method: str = "GET",
    body: bytes = b"",
) -> bytes:
    """The bytes of an HTTP/1.1 request; text is sent as Latin-1."""
    pairs = [(_raw(name), _raw(value)) for name, value in headers]
    if not any(name.lower() == b"host" for name, _ in pairs):
        pairs.insert(0, (b"host", b"example.test"))
    if body:
        pairs.append((b"content-length", str(len(body)).encode()))
    lines = [b"%s %s HTTP/1.1" % (method.encode(), _raw(path))]
    lines += [b"%s: %s" % pair for pair in pairs]
    return b"\r\n".join([*lines, b"", body])


def _raw(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


class Connection:
    """One connection to a listener, used for one request after the other; a context manager."""

    def __init__(self, address: str) -> None:
        """`address` is HOST:PORT or unix:PATH."""
        self.socket = connect(address)

    def send(self, *arguments: Any, **named: Any) -> Answer:
        """Sends `request(...)` and reads its answer."""
        return self.exchange(request(*arguments, **named))

    def exchange(self, raw: bytes) -> Answer:
        """Sends bytes as they are, and reads one answer."""
        self.socket.sendall(raw)
        return read_answer(self.socket, raw.partition(b" ")[0].decode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def connect(address: str) -> socket.socket:
    """A socket to HOST:PORT or unix:PATH."""
    if address.startswith("unix:"):
        unix = socket.socket(socket.AF_UNIX)
        unix.settimeout(SOON_S)
        unix.connect(address.removeprefix("unix:"))
        return unix
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SOON_S)


def read_answer(connection: socket.socket, method: str = "GET") -> Answer:
    """Reads one answer to a request of `method` from a socket."""
    with HTTPResponse(connection, method=method) as response:
        response.begin()
        return Answer(response.status, response.getheaders(), response.read())


def send(address: str, *arguments: Any, **named: Any) -> Answer:
    """Sends `request(...)` on a connection of its own."""
    with Connection(address) as connection:
        return connection.send(*arguments, **named)
