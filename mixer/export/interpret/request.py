"""The description of a request, and its attributes: the reference for what each source means."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypedDict
from urllib.parse import parse_qsl

from mixer.attribute.protocol import is_grpc
from mixer.errors import EvaluationError
from mixer.export.attributes import Phase
from mixer.export.constant import Constant
from mixer.export.interpret.machine import Machine, shortest_address
from mixer.export.program import Kind
from mixer.expr.runtime.number import ip

_NAMESPACE: Final = re.compile(r"spiffe://[^/]*/ns/([^/]+)/")
_ESCAPED: Final = re.compile("[\udc80-\udcff]")
_PARTIAL_BODY: Final = "x-envoy-auth-partial-body"
_ORIGINAL_PATH: Final = "x-envoy-original-path"

Line = tuple[str, str | dict[str, str]]
"""Name and value of a header; `{"base64": …}` for a value that is no UTF-8."""


class Request(TypedDict, total=False):
    """All that a program can ask of a request."""

    headers: list[Line]
    properties: dict[str, str | int | bool]
    """By their path. Times and durations in nanoseconds."""
    response_headers: list[Line]
    response_trailers: list[Line]


class Attributes:
    """The attributes of one request by their numbers in a program, in one phase."""

    def __init__(
        self, table: Sequence[Sequence[Any]], machine: Machine, request: Request, phase: Phase
    ) -> None:
        """`table` are the attributes of the program that `machine` runs."""
        self._table = table
        self._machine = machine
        self._phase = phase
        self.headers = joined(request.get("headers", ()))
        self.properties = request.get("properties", {})
        self.response_headers = joined(request.get("response_headers", ()))
        self.response_trailers = joined(request.get("response_trailers", ()))
        self._found: dict[int, Constant | None] = {}

    def read(self, number: int) -> Constant | None:
        """The value; None if it is absent."""
        if number not in self._found:
            _name, *source = self._table[number]
            self._found[number] = self._of(source)
        return self._found[number]

    def _of(self, source: Sequence[Any]) -> Constant | None:
        name, *arguments = source
        if name == "constant":
            return self._machine.constant(*arguments)
        if name == "first":
            found = (self._of(other) for other in arguments)
            return next((value for value in found if value is not None), None)
        return SOURCES[name](self, *arguments)

    @property
    def path(self) -> str:
        """What was asked for, with the query."""
        original = self.headers.get(_ORIGINAL_PATH) if self._phase is Phase.REPORT else None
        return original or self.headers.get(":path", "")

    def is_grpc(self) -> bool:
        """Whether the request says that it is gRPC."""
        return is_grpc(self.headers.get("content-type"))


def joined(lines: Iterable[Line]) -> dict[str, str]:
    """The headers by name; several lines of a name are one."""
    headers: dict[str, str] = {}
    for name, value in lines:
        text = as_text(b64decode(value["base64"]) if isinstance(value, dict) else value.encode())
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    return headers


def as_text(raw: bytes) -> str:
    """The text of some bytes; each that is no part of a character becomes `!`."""
    return _ESCAPED.sub("!", raw.decode("utf-8", "surrogateescape"))


def _filled(it: Attributes, name: str, default: str | None) -> str | None:
    return it.headers.get(name) or default


def _query_params(it: Attributes) -> dict[str, str] | None:
    pairs = parse_qsl(it.path.partition("?")[2], keep_blank_values=True)
    return dict(reversed(pairs)) or None


def _headers(it: Attributes) -> dict[str, str] | None:
    return {name: it.headers[name] for name in it.headers if name != _PARTIAL_BODY} or None


def _content_length(it: Attributes) -> int | None:
    length = it.headers.get("content-length", "")
    return int(length) if re.fullmatch("[0-9]{1,18}", length) else None


def _identity(it: Attributes, side: str) -> str:
    names = (f"connection.{kind}_{side}_certificate" for kind in ("uri_san", "dns_san", "subject"))
    return next((str(it.properties[name]) for name in names if it.properties.get(name)), "")


def _principal_namespace(it: Attributes) -> str | None:
    found = _NAMESPACE.match(_identity(it, "peer"))
    return found and found[1]


def _property(it: Attributes, path: str, kind: int, default: str | int | None) -> Constant | None:
    value = it.properties.get(path)
    if kind == Kind.BOOL:
        return bool(value)
    return value or default


def _address(it: Attributes, path: str) -> bytes | None:
    host = str(it.properties.get(path, "")).rpartition(":")[0]
    try:
        return shortest_address(ip(host.removeprefix("[").removesuffix("]")))
    except EvaluationError:
        return None


def _response_headers(it: Attributes) -> dict[str, str] | None:
    return {**it.response_headers, **it.response_trailers} or None


def _grpc_status(it: Attributes) -> str | None:
    return it.response_trailers.get("grpc-status", it.response_headers.get("grpc-status"))


def _grpc_message(it: Attributes) -> str | None:
    if _grpc_status(it) is None:
        return None
    return it.response_trailers.get("grpc-message", it.response_headers.get("grpc-message", ""))


def _response_flags(it: Attributes, codes: Sequence[str]) -> str:
    flags = int(it.properties.get("response.flags", 0))
    found = [code for bit, code in enumerate(codes) if flags >> bit & 1 and code]
    return ",".join(found) or "-"


def _end_time(it: Attributes) -> int | None:
    start, taken = it.properties.get("request.time"), it.properties.get("request.duration")
    return None if start is None or taken is None else int(start) + int(taken)


SOURCES: Final[Mapping[str, Callable[..., Constant | None]]] = {
    "absent": lambda _it: None,
    "header": lambda it, name: it.headers.get(name),
    "filled_header": _filled,
    "path": lambda it: it.path,
    "url_path": lambda it: it.path.partition("?")[0] or None,
    "query_params": _query_params,
    "headers": _headers,
    "content_length": _content_length,
    "protocol": lambda it: "grpc" if it.is_grpc() else "http",
    "api_protocol": lambda it: "grpc" if it.is_grpc() else it.headers.get(":scheme") or "http",
    "principal": lambda it, side: _identity(it, side).removeprefix("spiffe://") or None,
    "principal_namespace": _principal_namespace,
    "property": _property,
    "address": _address,
    "response_headers": _response_headers,
    "grpc_status": _grpc_status,
    "grpc_message": _grpc_message,
    "response_flags": _response_flags,
    "end_time": _end_time,
}
"""By name; each takes the request's attributes and the source's arguments."""
