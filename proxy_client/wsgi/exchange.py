"""What a WSGI server and an application say to each other about one request."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import InputStream, StartResponse

from proxy_client.http.enforcement import changed
from proxy_client.http.filter import APPLICATION_FAILED, CLIENT_LEFT, Exchange
from proxy_client.http.message import HttpResponse
from proxy_client.wsgi.environ import native, text_of


class WatchedInput:
    """The request's body, counted while the application reads it."""

    def __init__(self, stream: InputStream) -> None:
        self._stream = stream
        self.read_bytes = 0

    def read(self, size: int = -1, /) -> bytes:
        """See `io.BufferedIOBase.read`."""
        return self._counted(self._stream.read(size))

    def readline(self, size: int = -1, /) -> bytes:
        """See `io.IOBase.readline`."""
        return self._counted(self._stream.readline(size))

    def readlines(self, hint: int = -1, /) -> list[bytes]:
        """See `io.IOBase.readlines`."""
        return [self._counted(line) for line in self._stream.readlines(hint)]

    def __iter__(self) -> Iterator[bytes]:
        return map(self._counted, self._stream)

    def _counted(self, data: bytes) -> bytes:
        self.read_bytes += len(data)
        return data


class WatchedExchange:
    """Passes things on, and takes note of what the report is to say."""

    def __init__(self, exchange: Exchange, start_response: StartResponse) -> None:
        self.exchange = exchange
        self.input: WatchedInput | None = None
        """None until the application may read."""
        self._start_response = start_response
        self._code = 0
        self._headers: list[tuple[str, str]] = []
        self._sent_bytes = 0
        self._flags = ""
        self._is_complete = False

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        """Starts the application's response; it may write the body to what this gives."""
        changes = self.exchange.response_changes()
        return self.start(status, changed(headers, changes, native), exc_info)

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        """Starts any response, with headers as they are."""
        write = self._start_response(status, headers, exc_info)
        self._code, self._headers = int(status[:3]), headers

        def counted_write(data: bytes, /) -> object:
            self._sent_bytes += len(data)
            return write(data)

        return counted_write

    def body(self, chunks: Iterable[bytes]) -> Iterable[bytes]:
        """What the server gets in place of `chunks`; closing it brings the report."""
        return _Body(self, chunks)

    def took(self, chunk: bytes) -> None:
        """The server asked for a piece of the body."""
        self._sent_bytes += len(chunk)

    def completed(self) -> None:
        """The server has asked for all pieces."""
        self._is_complete = True

    def broke_off(self) -> None:
        """The application raised; the server says 500 if no bytes, and so no headers, are out."""
        self._is_complete = True
        if self._sent_bytes:
            self._flags = APPLICATION_FAILED
        else:
            self._code, self._headers = 0, []

    def ended(self) -> None:
        """Reports, the first time only."""
        if self.exchange.is_over:
            return
        self.exchange.ended(
            HttpResponse(
                code=self._code,
                headers=text_of(self._headers),
                received_bytes=0 if self.input is None else self.input.read_bytes,
                sent_bytes=self._sent_bytes,
                flags=self._flags if self._is_complete else CLIENT_LEFT,
            )
        )


class _Body:
    """The response's body, piece by piece as the application makes it."""

    def __init__(self, watched: WatchedExchange, chunks: Iterable[bytes]) -> None:
        self._watched = watched
        self._chunks = chunks
        self._iterator = iter(chunks)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self._iterator)
        except StopIteration:
            self._watched.completed()
            raise
        except BaseException:
            self._watched.broke_off()
            raise
        self._watched.took(chunk)
        return chunk

    def close(self) -> None:
        """Closes what the application gave, and reports."""
        try:
            close = getattr(self._chunks, "close", None)
            if close is not None:
                close()
        finally:
            self._watched.ended()
