"""Front doors as gRPC services: bytes in, bytes out, failures as status codes."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

import grpc

from mixer import monitoring
from mixer.api.service import Service, Stream, Unary
from mixer.api.streams import Streams
from mixer.api.throttle import Throttle
from mixer.errors import DispatchError, OverloadedError, RequestError
from mixer.runtime import Runtime
from mixer.status import Code

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Backend:
    """What all front doors ask."""

    runtime: Runtime
    throttle: Throttle


def service_handler(
    service: Service, backend: Backend, streams: Streams
) -> "grpc.GenericRpcHandler[bytes, bytes]":
    """The service, answered by whatever configuration is in force when a request comes in."""
    return grpc.method_handlers_generic_handler(
        service.name,
        {
            method.name: _unary(f"{service.name}/{method.name}", method, backend)
            if isinstance(method, Unary)
            else _stream(f"{service.name}/{method.name}", method, backend, streams)
            for method in service.methods
        },
    )


def _unary(
    full_name: str, method: Unary, backend: Backend
) -> "grpc.RpcMethodHandler[bytes, bytes]":
    answered = monitoring.REQUESTS.labels(full_name, "OK")
    runtime, throttle, answer = backend.runtime, backend.throttle, method.answer

    def respond(request: bytes, context: grpc.ServicerContext) -> bytes:
        try:
            with throttle.timed():
                reply = answer(request, runtime.dispatcher, throttle.admit)
        except Exception as error:
            _refuse(context, full_name, *_said(full_name, method, error))
        answered.inc()
        return reply

    return grpc.unary_unary_rpc_method_handler(respond)


def _stream(
    full_name: str, method: Stream, backend: Backend, streams: Streams
) -> "grpc.RpcMethodHandler[bytes, bytes]":
    answered = monitoring.REQUESTS.labels(full_name, "OK")
    runtime, throttle = backend.runtime, backend.throttle

    def respond(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
        try:
            with streams.opened(context.cancel) as stream:
                yield from method.converse(
                    stream.watch(requests), lambda: runtime.dispatcher, throttle.admit
                )
        except grpc.RpcError:
            # The client has gone, or the server stops: there is nobody to answer.
            return
        except Exception as error:
            _refuse(context, full_name, *_said(full_name, method, error))
        answered.inc()

    return grpc.stream_stream_rpc_method_handler(respond)


def _said(full_name: str, method: Unary | Stream, error: Exception) -> tuple[Code, str]:
    """The code and the text of a failure."""
    match error:
        case RequestError():
            return Code.INTERNAL, str(error)
        case OverloadedError():
            return Code.UNAVAILABLE, str(error)
        case DispatchError():
            return method.on_failure, str(error)
    # A fault of ours: it costs this request, and must not say more than that.
    _LOG.error("%s failed", full_name, exc_info=error)
    return Code.INTERNAL, "internal error"


def _refuse(context: grpc.ServicerContext, full_name: str, code: Code, text: str) -> NoReturn:
    monitoring.REQUESTS.labels(full_name, code.name).inc()
    context.abort(grpc.StatusCode[code.name], text)
    raise AssertionError("abort raises")
