"""Carries Check and Report calls to one Mixer over gRPC.

ProxyClientError       a call came back without an answer; `code` is the gRPC status
├── UnreachableError   no server was reached, or it went away; another try may succeed
├── DeadlineError      the answer did not come in time
└── RefusedError       the server answered with an error; the same call will fail again
"""

from collections.abc import Mapping
from types import MappingProxyType, TracebackType
from typing import Final, Self, cast

import grpc

from mixer.errors import MixerError
from mixer.status import Code
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReportRequest, ReportResponse

_SERVICE: Final = "/istio.mixer.v1.Mixer"


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


class DeadlineError(ProxyClientError):
    """The answer did not come in time."""


class RefusedError(ProxyClientError):
    """The server answered with an error."""


_ERRORS: Final[Mapping[Code, type[ProxyClientError]]] = MappingProxyType(
    {
        Code.UNAVAILABLE: UnreachableError,
        Code.CANCELLED: UnreachableError,  # what calls under way get when the channel is closed
        Code.DEADLINE_EXCEEDED: DeadlineError,
    }
)


def _error(error: grpc.RpcError) -> ProxyClientError:
    call = cast("grpc.Call", error)  # what a blocking call raises is both
    code = Code(call.code().value[0])
    return _ERRORS.get(code, RefusedError)(code, call.details() or "")


class MixerTransport:
    """One channel to one Mixer; its calls may come from many threads at once."""

    def __init__(self, target: str, timeout_s: float) -> None:
        """`target` is `HOST:PORT` or `unix:PATH`; nothing is dialled before the first call."""
        self.target = target
        self._timeout_s = timeout_s
        # A Mixer is a neighbour: a proxy that the environment names for the web is not for it.
        self._channel = grpc.insecure_channel(target, options=[("grpc.enable_http_proxy", 0)])
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

    def check(self, request: CheckRequest) -> CheckResponse:
        """Asks for a verdict; raises ProxyClientError."""
        try:
            response: CheckResponse = self._check(request, timeout=self._timeout_s)
        except grpc.RpcError as error:
            raise _error(error) from error
        return response

    def report(self, request: ReportRequest) -> ReportResponse:
        """Tells what happened; raises ProxyClientError."""
        try:
            response: ReportResponse = self._report(request, timeout=self._timeout_s)
        except grpc.RpcError as error:
            raise _error(error) from error
        return response

    def close(self) -> None:
        """Closes the channel; calls under way fail with UnreachableError."""
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
