"""istio.mixer.v1 as a gRPC service: bytes in, bytes out, failures as status codes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn

import grpc

from mixer import monitoring
from mixer.api import mixer_v1
from mixer.api.throttle import Admit, Throttle
from mixer.dispatch.dispatcher import Dispatcher
from mixer.errors import DispatchError, OverloadedError, RequestError
from mixer.runtime import Runtime

_LOG: Final = logging.getLogger(__name__)

Method = Callable[[bytes, Dispatcher, Admit], bytes]
"""One method of a front door; raises RequestError, OverloadedError and DispatchError."""


@dataclass(frozen=True, slots=True)
class _Door:
    runtime: Runtime
    throttle: Throttle


def mixer_v1_handler(
    runtime: Runtime, throttle: Throttle
) -> "grpc.GenericRpcHandler[bytes, bytes]":
    """The service, answered by whatever configuration is in force when a request comes in."""
    door = _Door(runtime, throttle)
    answer = {
        "Check": _answering(door, "Check", mixer_v1.check, grpc.StatusCode.INTERNAL),
        "Report": _answering(door, "Report", mixer_v1.report, grpc.StatusCode.UNKNOWN),
    }
    return grpc.method_handlers_generic_handler(
        mixer_v1.SERVICE,
        {name: grpc.unary_unary_rpc_method_handler(method) for name, method in answer.items()},
    )


def _answering(
    door: _Door, name: str, method: Method, on_failure: grpc.StatusCode
) -> Callable[[bytes, grpc.ServicerContext], bytes]:
    full_name = f"{mixer_v1.SERVICE}/{name}"
    answered = monitoring.REQUESTS.labels(full_name, "OK")
    runtime, throttle = door.runtime, door.throttle

    def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
        try:
            with throttle.timed():
                reply = method(request, runtime.dispatcher, throttle.admit)
        except RequestError as error:
            code, text = grpc.StatusCode.INTERNAL, str(error)
        except OverloadedError as error:
            code, text = grpc.StatusCode.UNAVAILABLE, str(error)
        except DispatchError as error:
            code, text = on_failure, str(error)
        except Exception:
            # A fault of ours: it costs this request, and must not say more than that.
            _LOG.exception("%s failed", full_name)
            code, text = grpc.StatusCode.INTERNAL, "internal error"
        else:
            answered.inc()
            return reply
        monitoring.REQUESTS.labels(full_name, code.name).inc()
        _refuse(context, code, text)

    return answer


def _refuse(context: grpc.ServicerContext, code: grpc.StatusCode, text: str) -> NoReturn:
    context.abort(code, text)
    raise AssertionError("abort raises")
