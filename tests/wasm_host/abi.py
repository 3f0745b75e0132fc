"""The numbers of proxy-wasm ABI 0.2.1, by their names there."""

from enum import IntEnum
from typing import Final

MAX_U32: Final = 0xFFFF_FFFF


class Status(IntEnum):
    """What a function of the host returns."""

    OK = 0
    NOT_FOUND = 1
    BAD_ARGUMENT = 2
    SERIALIZATION_FAILURE = 3
    INVALID_MEMORY_ACCESS = 6
    CAS_MISMATCH = 8
    INTERNAL_FAILURE = 10


class LogLevel(IntEnum):
    """How severe a log line is."""

    TRACE = 0
    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4
    CRITICAL = 5


class HeaderMap(IntEnum):
    """Which headers a function is about."""

    REQUEST = 0
    REQUEST_TRAILERS = 1
    RESPONSE = 2
    RESPONSE_TRAILERS = 3
    GRPC_INITIAL_METADATA = 4
    GRPC_TRAILING_METADATA = 5
    HTTP_CALL_RESPONSE = 6
    HTTP_CALL_TRAILERS = 7


class Buffer(IntEnum):
    """Which bytes a function is about."""

    GRPC_MESSAGE = 5
    VM_CONFIGURATION = 6
    PLUGIN_CONFIGURATION = 7


class MetricKind(IntEnum):
    """What a metric is; the lower two bits of its id."""

    COUNTER = 0
    GAUGE = 1
    HISTOGRAM = 2


CONTINUE: Final = 0
"""What a headers callback returns to let the stream go on; all else holds it."""
REQUEST_STREAM: Final = 0
"""The direction from client to upstream."""
CLOCK_REALTIME: Final = 0
CLOCK_MONOTONIC: Final = 1
WASI_NOT_SUPPORTED: Final = 58
"""What WASI's clock says of other clocks."""
