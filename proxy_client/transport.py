"""Carries Check and Report calls to one Mixer over gRPC.

ProxyClientError       a call came back without an answer; `code` is the gRPC status
├── UnreachableError   no server was reached, or it went away; another try may succeed
│   └── ClosedError    the transport was closed; no other try will succeed
├── DeadlineError      the answer did not come in time
└── RefusedError       the server answered with an error; the same call will fail again
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

import grpc

from mixer.errors import MixerError
from mixer.status import Code
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReportRequest, ReportResponse

_SERVICE: Final = "/istio.mixer.v1.Mixer"
_OPTIONS: Final = (
    # A Mixer is a neighbour: a proxy that the environment names for the web is not for it.
    ("grpc.enable_http_proxy", 0),
    # Without this, the child of a fork might go on with the parent's connection.
    ("grpc.use_local_subchannel_pool", 1),
    # After a long outage gRPC would not look for the server for up to two minutes.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1000),
)


class ProxyClientError(MixerError):
    """A call came back without an answer."""

    def __init__(self, code: Code, details: str) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        return f"{self.code.name}: {self.details}"


class UnreachableError(ProxyClientError):
    """No server was reached, or it went away during the call."""


class ClosedError(UnreachableError):
    """The transport was closed before the answer came."""


class DeadlineError(ProxyClientError):
    """The answer did not come in time."""


class RefusedError(ProxyClientError):
    """The server answered with an error."""


_ERRORS: Final[Mapping[Code, type[ProxyClientError]]] = MappingProxyType(
    {
        Code.UNAVAILABLE: UnreachableError,
        Code.CANCELLED: UnreachableError,  # what a server that stops may say of calls under way
        Code.DEADLINE_EXCEEDED: DeadlineError,
    }
)

Cancel = Callable[[], object]
"""Ends what is under way; does nothing when that is over."""
CheckOutcome: TypeAlias = CheckResponse | ProxyClientError
"""The answer to a Check, or why there is none."""


class Transport(Protocol):
    """What carries calls; for use by many threads."""

    def check(
        self, request: CheckRequest, timeout_s: float, on_done: Callable[[CheckOutcome], None]
    ) -> Cancel:
        """Asks for a verdict; `on_done` is called once, from any thread, maybe before this ends."""

    def report(self, request: ReportRequest, timeout_s: float) -> ReportResponse:
        """Tells what happened, and waits for the answer; raises ProxyClientError."""

    def close(self) -> None:
        """Ends the calls under way with ClosedError, and all later ones."""


class GrpcTransport:
    """One channel to one Mixer."""

    def __init__(self, target: str) -> None:
        """`target` is `HOST:PORT` or `unix:PATH`; nothing is dialled before the first call."""
        self._is_closed = False
        self._channel = grpc.insecure_channel(target, options=_OPTIONS)
        self._check = self._channel.unary_unary(
            f"{_SERVICE}/Check",
            request_serializer=CheckRequest.SerializeToString,
            response_deserializer=CheckResponse.FromString,
        )
        self._report = self._channel.unary_unary(
            f"{_SERVICE}/Report",
            request_serializer=ReportRequest.SerializeToString,
            response_deserializer=ReportResponse.FromString,
        )

    def check(
        self, request: CheckRequest, timeout_s: float, on_done: Callable[[CheckOutcome], None]
    ) -> Cancel:
        """See `Transport`."""
        try:
            call = self._check.future(request, timeout=timeout_s)
        except ValueError as error:
            on_done(_closed(error))
            return _nothing
        call.add_done_callback(lambda ended: on_done(self._outcome(ended)))
        return call.cancel

    def report(self, request: ReportRequest, timeout_s: float) -> ReportResponse:
        """See `Transport`."""
        try:
            response: ReportResponse = self._report(request, timeout=timeout_s)
        except grpc.RpcError as error:
            raise self._error(error) from error
        except ValueError as error:
            raise _closed(error) from error
        return response

    def close(self) -> None:
        """See `Transport`."""
        self._is_closed = True
        self._channel.close()

    def _outcome(self, call: Any) -> CheckOutcome:
        if call.code() is grpc.StatusCode.OK:
            response: CheckResponse = call.result()
            return response
        return self._error(call)

    def _error(self, call: Any) -> ProxyClientError:
        code, details = Code(call.code().value[0]), call.details() or ""
        if self._is_closed and code is Code.CANCELLED:  # what gRPC says of calls under way
            return ClosedError(Code.UNAVAILABLE, details)
        return _ERRORS.get(code, RefusedError)(code, details)


def _closed(error: ValueError) -> ClosedError:
    # What gRPC raises for a channel that is closed.
    return ClosedError(Code.UNAVAILABLE, str(error))


def _nothing() -> None:
    """Ends a call that is over."""
