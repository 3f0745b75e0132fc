"""What an HTTP client is told of a denial.

The table is that of Istio's proxy (1.4 `include/istio/utils/status.h`): CANCELLED and
FAILED_PRECONDITION are 499 and 400 there, not 408 and 412 as in Mixer.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mixer.status import Code, Status, code_name

_HTTP_STATUS: Final[Mapping[int, int]] = MappingProxyType(
    {
        Code.OK: 200,
        Code.CANCELLED: 499,
        Code.UNKNOWN: 500,
        Code.INVALID_ARGUMENT: 400,
        Code.DEADLINE_EXCEEDED: 504,
        Code.NOT_FOUND: 404,
        Code.ALREADY_EXISTS: 409,
        Code.PERMISSION_DENIED: 403,
        Code.RESOURCE_EXHAUSTED: 429,
        Code.FAILED_PRECONDITION: 400,
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


def status_text(status: Status) -> str:
    """`PERMISSION_DENIED:message`, or just the name; the body of a denial."""
    name = code_name(status.code)
    return f"{name}:{status.message}" if status.message else name
