"""Result codes, and how each is said in HTTP.

The numbers are those of google.rpc.Code. The table to HTTP is Mixer's own (istio 1.4
`mixer/pkg/status/status.go`); Envoy's table for ordinary denials differs in two rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import Final


class Code(IntEnum):
    """The outcome of an operation, as google.rpc.Code numbers it."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


_HTTP_STATUS: Final[Mapping[int, int]] = MappingProxyType(
    {
        Code.OK: 200,
        Code.CANCELLED: 408,
        Code.UNKNOWN: 500,
        Code.INVALID_ARGUMENT: 400,
        Code.DEADLINE_EXCEEDED: 504,
        Code.NOT_FOUND: 404,
        Code.ALREADY_EXISTS: 409,
        Code.PERMISSION_DENIED: 403,
        Code.RESOURCE_EXHAUSTED: 429,
        Code.FAILED_PRECONDITION: 412,
        Code.ABORTED: 409,
        Code.OUT_OF_RANGE: 400,
        Code.UNIMPLEMENTED: 501,
        Code.INTERNAL: 500,
        Code.UNAVAILABLE: 503,
        Code.DATA_LOSS: 500,
        Code.UNAUTHENTICATED: 401,
    }
)


def http_status(code: int) -> int:
    """The HTTP status for an rpc code; 500 for a code that is not in the table."""
    return _HTTP_STATUS.get(code, 500)


_DENIAL_STATUS: Final[Mapping[int, int]] = MappingProxyType(
    {Code.CANCELLED: 499, Code.FAILED_PRECONDITION: 400}
)


def denial_http_status(code: int) -> int:
    """The HTTP status of a plain denial, which is a proxy's choice.

    Two rows differ from `http_status`, which direct responses use (proxy 1.4
    `include/istio/utils/status.h`; Envoy has the same).
    """
    return _DENIAL_STATUS.get(code) or http_status(code)


def code_name(code: int) -> str:
    """`PERMISSION_DENIED` for 7, `CODE_99` for a code that nobody defined."""
    try:
        return Code(code).name
    except ValueError:
        return f"CODE_{code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectHttpResponse:
    """An HTTP response that the proxy is to send itself, instead of going on."""

    code: int = 0
    """HTTP status; 0 takes the one that belongs to the rpc code."""
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Each replaces the response header of its name; `Set-Cookie` values are appended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The verdict of one adapter, or of all of them together."""

    code: int = Code.OK
    """A `Code`; other numbers pass through unchanged."""
    message: str = ""
    direct_response: DirectHttpResponse | None = None
    """Only looked at when `code` is not OK."""


OK: Final = Status()


def denial_text(status: Status) -> str:
    """`PERMISSION_DENIED:message`, or just the name: the body of a plain denial."""
    name = code_name(status.code)
    return f"{name}:{status.message}" if status.message else name
