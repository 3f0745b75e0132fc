"""Thousands of requests on one connection, read with less effort than `http_message` takes."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from tests.e2e.http_message import connect


class RawAnswer(NamedTuple):
    """An HTTP response, its headers as bytes, their names in lower case."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: str) -> list[bytes]:
        """All values of one header, in order."""
        return [value for key, value in self.headers if key == name.encode()]


def answers(address: str, requests: Iterable[bytes]) -> Iterator[RawAnswer]:
    """The answers to these requests, each sent when the one before was answered."""
    with connect(address) as connection, connection.makefile("rb") as stream:
        for request in requests:
            connection.sendall(request)
            yield _read(stream)


def _read(stream: BinaryIO) -> RawAnswer:
    status = int(stream.readline().split(b" ", 2)[1])
    headers = []
    while line := stream.readline().rstrip(b"\r\n"):
        name, _, value = line.partition(b":")
        headers.append((name.strip().lower(), value.strip()))
    size = next((int(value) for name, value in headers if name == b"content-length"), 0)
    return RawAnswer(status, headers, stream.read(size))
