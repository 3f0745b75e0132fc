"""WSGI environments (PEP 3333) → HTTP requests, and what verdicts change in them.

Strings there are bytes read as Latin-1. Servers have decoded the path and joined repeated headers;
paths are encoded again, in one way.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIEnvironment

from proxy_client.http.enforcement import pseudo_headers, safe_value
from proxy_client.http.filter import METADATA, TLS
from proxy_client.http.message import Address, HttpRequest
from proxy_client.http.path import encoded_path
from proxy_client.verdict import HeaderChange, Operation

_WITHOUT_PREFIX: Final = ("CONTENT_TYPE", "CONTENT_LENGTH")
_AS_SENT: Final = ("RAW_URI", "REQUEST_URI")  # what some servers add


def request_of(environ: WSGIEnvironment) -> HttpRequest:
    """The request of an environment, which has `METADATA`."""
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    encoded = encoded_path(path.encode("latin-1"))
    query = _text(environ.get("QUERY_STRING", ""))
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        path=f"{encoded}?{query}" if query else encoded,
        headers=_headers(environ),
        scheme=environ.get("wsgi.url_scheme", "http"),
        client=_address(environ, "REMOTE_ADDR", "REMOTE_PORT"),
        server=_address(environ, "SERVER_NAME", "SERVER_PORT"),
        tls=environ.get(TLS),
        metadata=environ[METADATA],
    )


def text_of(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers of WSGI as attributes have them."""
    return [(name.lower(), _text(value)) for name, value in headers]


def native(name: str, value: str) -> tuple[str, str]:
    """A header as WSGI has it."""
    return name, _native(value)


def change_environ(environ: WSGIEnvironment, changes: Sequence[HeaderChange]) -> None:
    """Makes changes for the application, in the environment itself, as servers expect it."""
    for change in changes:
        if not change.name.startswith(":"):
            _change_header(environ, change)
    pseudo = pseudo_headers(changes)
    for name, key in ((":authority", "HTTP_HOST"), (":scheme", "wsgi.url_scheme")):
        if name in pseudo:
            environ[key] = _native(pseudo[name])
    if ":method" in pseudo:
        environ["REQUEST_METHOD"] = pseudo[":method"].upper()
    if ":path" in pseudo:
        _change_path(environ, pseudo[":path"])


def _change_header(environ: WSGIEnvironment, change: HeaderChange) -> None:
    key = change.name.upper().replace("-", "_")
    if key not in _WITHOUT_PREFIX:
        key = f"HTTP_{key}"
    others = environ.pop(key, None)
    if change.operation is Operation.REMOVE:
        return
    value = _native(safe_value(change.value))
    if change.operation is Operation.APPEND and others:
        # There is one value for each name: lines are joined, as by the server.
        value = f"{others}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value


def _change_path(environ: WSGIEnvironment, target: str) -> None:
    path, _, query = target.partition("?")
    decoded = unquote_to_bytes(path).decode("latin-1")
    mount = environ.get("SCRIPT_NAME", "")
    if not f"{decoded}/".startswith(f"{mount}/"):
        environ["SCRIPT_NAME"] = mount = ""
    environ["PATH_INFO"] = decoded.removeprefix(mount)
    environ["QUERY_STRING"] = _native(query)
    environ.update((key, target) for key in _AS_SENT if key in environ)


def _headers(environ: WSGIEnvironment) -> list[tuple[str, str]]:
    headers = [
        (key[5:].replace("_", "-").lower(), _text(value))
        for key, value in environ.items()
        if key.startswith("HTTP_")
    ]
    return headers + [
        (key.replace("_", "-").lower(), _text(environ[key]))
        for key in _WITHOUT_PREFIX
        if environ.get(key)
    ]


def _address(environ: WSGIEnvironment, host: str, port: str) -> Address | None:
    if not environ.get(host):
        return None
    digits = str(environ.get(port, ""))
    return environ[host], int(digits) if digits.isdecimal() else None


def _text(text: str) -> str:
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "replace")


def _native(text: str) -> str:
    return text.encode().decode("latin-1")
