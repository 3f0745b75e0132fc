"""Calls: a deadline, one retry if the budget allows it, a token, and errors that say enough."""

from collections.abc import Callable
from typing import Any, Final

import grpc
from google.protobuf.message import Message

from adapters.call_out import RetryBudget, SecretFile
from adapters.remote.channel import open_channel
from adapters.remote.params import Params
from mixer.adapter import Env, UnavailableError
from mixer.errors import MixerError

_AWAY: Final = frozenset(
    {
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
    }
)
"""What says that the back end can't answer now, whatever it is asked."""


class RemoteError(MixerError):
    """The back end is there, and failed."""


class UnknownSessionError(RemoteError):
    """The back end knows nothing of what it was told before (NOT_FOUND)."""


class UnimplementedError(RemoteError):
    """The back end has no such method (UNIMPLEMENTED)."""


Callee = Callable[..., Any]
"""One method of the back end."""


class Client:
    """Makes the calls of one handler. Safe for use by many threads."""

    def __init__(self, params: Params, env: Env) -> None:
        """Connects to nothing yet; raises OSError or ValueError when a file can't be read."""
        self._token = params.token
        self._secret = SecretFile(params.token.path, env.clock.monotonic) if params.token else None
        self._timeout_s = params.timeout.seconds
        self._monotonic = env.clock.monotonic
        self._budget = RetryBudget(params.retry_percent, env.handler)
        self._channel = open_channel(params)

    def method(self, path: str, response: type[Any]) -> Callee:
        """The method of that path, for `call`."""
        return self._channel.unary_unary(
            path,
            request_serializer=_serialize,
            response_deserializer=response.FromString,
        )

    def call(self, method: Callee, request: Message, *, may_repeat: bool) -> Any:
        """The answer to a request.

        Raises UnavailableError when the back end is away or too slow, UnknownSessionError for
        NOT_FOUND, UnimplementedError for UNIMPLEMENTED, RemoteError for anything else that it says.
        """
        end_s = self._monotonic() + self._timeout_s
        self._budget.earn()
        try:
            return self._once(method, request, self._timeout_s)
        except grpc.RpcError as error:
            is_away = error.code() is grpc.StatusCode.UNAVAILABLE
            left_s = end_s - self._monotonic()
            if not (is_away and may_repeat and left_s > 0 and self._budget.spend()):
                raise _error(error) from error
        try:
            return self._once(method, request, left_s)
        except grpc.RpcError as error:
            raise _error(error) from error

    def _once(self, method: Callee, request: Message, timeout_s: float) -> Any:
        try:
            return method(request, timeout=timeout_s, metadata=self._metadata())
        except ValueError as error:  # what grpcio raises when the channel is closed
            raise UnavailableError("closed") from error

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        if self._token is None or self._secret is None:
            return ()
        return ((self._token.header, self._token.value(self._secret.text)),)

    def close(self) -> None:
        """Ends all connections, and the calls that wait."""
        self._channel.close()


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()


def _error(error: Any) -> MixerError:
    code = error.code()
    text = f"{code.name}: {error.details()}"
    if code in _AWAY:
        return UnavailableError(text)
    if code is grpc.StatusCode.NOT_FOUND:
        return UnknownSessionError(text)
    if code is grpc.StatusCode.UNIMPLEMENTED:
        return UnimplementedError(text)
    return RemoteError(text)
