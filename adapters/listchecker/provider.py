"""Brings the bytes of a list from where they are kept."""

import http.client
import io
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import SplitResult, unquote, urlsplit

from mixer.errors import MixerError

TIMEOUT_S: Final = 10.0
"""For each wait on the network, and for the whole body."""
MAX_BYTES: Final = 64 << 20
_CHUNK_BYTES: Final = 1 << 16


class FetchError(MixerError):
    """The provider did not give a list; `str()` says why."""


def check(url: str) -> None:
    """Raises ValueError for what `fetch` could never bring."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"}:
        if not parts.hostname:
            raise ValueError(f"{url!r} has no host")
        if "@" in parts.netloc:
            raise ValueError("a user name in the URL is not supported")
        _ = parts.port  # raises ValueError for a bad one
    elif parts.scheme == "file":
        if parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
            raise ValueError(f"{url!r} names no file of this machine")
    elif not url.startswith("/"):
        raise ValueError(f"{url!r} is neither an http, https or file URL nor an absolute path")


def fetch(url: str, now_s: Callable[[], float]) -> bytes:
    """The body of the list, at most `MAX_BYTES`; raises FetchError.

    Of HTTP answers only status 200 counts, after redirects. `now_s` is a monotonic clock.
    """
    parts = urlsplit(url)
    try:
        return (_http if parts.scheme in {"http", "https"} else _file)(url, now_s)
    except HTTPError as error:
        with error:  # it holds the connection
            raise FetchError(f"{_name(parts)}: HTTP status {error.code}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchError(f"{_name(parts)}: {str(error) or type(error).__name__}") from error


def _http(url: str, now_s: Callable[[], float]) -> bytes:
    with _OPENER.open(url, timeout=TIMEOUT_S) as response:
        if response.status != http.client.OK:
            raise ValueError(f"HTTP status {response.status}")
        body = _read(response, now_s)
        if response.length:  # what Content-Length promised and did not come
            raise ValueError(f"cut short, {response.length} bytes are missing")
        return body


def _file(url: str, now_s: Callable[[], float]) -> bytes:
    path = unquote(urlsplit(url).path) if url.startswith("file:") else url
    with Path(path).open("rb") as file:
        return _read(file, now_s)


def _name(parts: SplitResult) -> str:
    """The URL without its query, which may hold a secret: the text goes to clients."""
    return parts._replace(query="", fragment="").geturl()


def _read(source: io.BufferedIOBase, now_s: Callable[[], float]) -> bytes:
    deadline_s = now_s() + TIMEOUT_S
    body = bytearray()
    while chunk := source.read1(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_BYTES:
            raise ValueError(f"longer than {MAX_BYTES} bytes")
        if now_s() > deadline_s:
            raise ValueError(f"not complete within {TIMEOUT_S:g} s")
    return bytes(body)


def _http_opener() -> urllib.request.OpenerDirector:
    """Urllib's usual opener without ftp and file, which a redirect could otherwise reach."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


_OPENER: Final = _http_opener()
