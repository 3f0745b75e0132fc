"""gRPC server interceptor: asks Mixer before a method is called, and reports when it has ended.

For servers of `grpc.server`, and methods of all four kinds. A call that Mixer denies ends with the
code and the message of the verdict. Methods that the server does not have are not asked for. What a
verdict says of headers is done to metadata; pseudo headers can't be changed any more.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, NoReturn

import grpc

from mixer.status import Code
from proxy_client.client import MixerClient
from proxy_client.grpc_server.call import known_of, request_of, trailers_of
from proxy_client.grpc_server.context import ChangedContext, changed_metadata
from proxy_client.http.enforcement import Answer
from proxy_client.http.filter import (
    CLIENT_LEFT,
    DEFAULTS,
    SYSTEM_CLOCK,
    Clock,
    Exchange,
    FilterFor,
    HttpFilter,
)
from proxy_client.http.message import HttpResponse
from proxy_client.verdict import Verdict

_CODES: Final[Mapping[int, grpc.StatusCode]] = {code.value[0]: code for code in grpc.StatusCode}
# How gRPC reads an HTTP status that no grpc-status goes with.
_HTTP_CODES: Final[Mapping[int, grpc.StatusCode]] = {
    400: grpc.StatusCode.INTERNAL,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.UNIMPLEMENTED,
    429: grpc.StatusCode.UNAVAILABLE,
    502: grpc.StatusCode.UNAVAILABLE,
    503: grpc.StatusCode.UNAVAILABLE,
    504: grpc.StatusCode.UNAVAILABLE,
}
_MAKERS: Final = {
    (False, False): grpc.unary_unary_rpc_method_handler,
    (False, True): grpc.unary_stream_rpc_method_handler,
    (True, False): grpc.stream_unary_rpc_method_handler,
    (True, True): grpc.stream_stream_rpc_method_handler,
}


class MixerInterceptor(grpc.ServerInterceptor):  # type: ignore[type-arg]
    """Stands in front of all methods of a server; for use by many threads."""

    def __init__(
        self,
        client: MixerClient,
        options: FilterFor = DEFAULTS,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """`client` is not closed here: whoever made it does that, after the server has stopped."""
        self._client = client
        self._filter = HttpFilter(client.report, options, clock)

    def intercept_service(self, continuation: Any, handler_call_details: Any) -> Any:
        """See `grpc.ServerInterceptor`. Asks nothing yet: this runs for one call at a time."""
        handler = continuation(handler_call_details)
        if handler is None:
            return None
        return _Call(self._client, self._filter, handler_call_details.method, handler).handler()


class _Call:
    """One call, from its beginning to its report."""

    def __init__(
        self, client: MixerClient, http_filter: HttpFilter, method: str, handler: Any
    ) -> None:
        self._client = client
        self._filter = http_filter
        self._method = method
        self._handler = handler
        self._received_bytes = 0
        self._sent_bytes = 0
        self._error: str | None = None
        self._is_cancelled = True  # until the method has come to its end

    def handler(self) -> Any:
        """The method with what comes before and after it."""
        inner = self._handler
        make = _MAKERS[inner.request_streaming, inner.response_streaming]
        return make(
            self._stream if inner.response_streaming else self._unary,
            partial(self._deserialize, inner.request_deserializer),
            partial(self._serialize, inner.response_serializer),
        )

    def _behaviour(self) -> Callable[[Any, Any], Any]:
        inner = self._handler
        if inner.request_streaming:
            found = inner.stream_stream if inner.response_streaming else inner.stream_unary
        else:
            found = inner.unary_stream if inner.response_streaming else inner.unary_unary
        behaviour: Callable[[Any, Any], Any] = found
        return behaviour

    def _deserialize(self, inner: Callable[[bytes], Any] | None, data: bytes) -> Any:
        self._received_bytes += len(data)
        return data if inner is None else inner(data)

    def _serialize(self, inner: Callable[[Any], bytes] | None, message: Any) -> bytes:
        data: bytes = message if inner is None else inner(message)
        self._sent_bytes += len(data)
        return data

    def _unary(self, request: Any, context: grpc.ServicerContext) -> Any:
        with self._admitted(context) as seen:
            response = self._behaviour()(request, seen)
            seen.start()
            return response

    def _stream(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        with self._admitted(context) as seen:
            for response in self._behaviour()(request, seen):
                seen.start()
                yield response
            seen.start()

    @contextmanager
    def _admitted(self, context: grpc.ServicerContext) -> Iterator[ChangedContext]:
        """What the method sees of the call, if it may be called; watches how that ends."""
        request = request_of(self._method, context)
        exchange = self._filter.begin(request, known_of(self._method, request.client))
        _at_end(context, partial(self._ended, exchange, context))
        try:
            if exchange.options.is_checked:
                self._check(exchange, context)
            yield ChangedContext(context, exchange.request_changes(), exchange.response_changes())
        except BaseException as error:
            # What grpc tells the client.
            where = (
                "iterating responses" if self._handler.response_streaming else "calling application"
            )
            self._error = f"Exception {where}: {error}"
            raise
        finally:
            self._is_cancelled = not context.is_active()

    def _check(self, exchange: Exchange, context: grpc.ServicerContext) -> None:
        """Aborts the call unless it may pass."""
        verdict = self._client.begin_check(exchange.attributes, exchange.quotas)
        if not isinstance(verdict, Verdict):
            _at_end(context, verdict.cancel)
            try:
                verdict = verdict.result()
            except CancelledError:
                context.abort(grpc.StatusCode.CANCELLED, "")
        answer = exchange.enforce(verdict)
        if answer is not None:
            _refuse(context, verdict, answer)

    def _ended(self, exchange: Exchange, context: grpc.ServicerContext) -> None:
        code, message = self._status(context)
        exchange.ended(
            HttpResponse(
                code=200,
                trailers=trailers_of(code, message, context.trailing_metadata() or ()),
                received_bytes=self._received_bytes,
                sent_bytes=self._sent_bytes,
                flags=CLIENT_LEFT if self._is_cancelled else "",
            )
        )

    def _status(self, context: Any) -> tuple[int, str]:
        if self._is_cancelled:
            return Code.CANCELLED, ""
        code, details = context.code(), context.details()
        message = details.decode() if isinstance(details, bytes) else details
        if code is not None:
            return code.value[0], message or ""
        if self._error is not None:
            return Code.UNKNOWN, message or self._error
        return Code.OK, message or ""


def _refuse(context: grpc.ServicerContext, verdict: Verdict, answer: Answer) -> NoReturn:
    """Ends a call with a denial, or with the direct response of a verdict that is none."""
    directive = verdict.directive
    if directive is not None and directive.response_headers and directive.direct_response_code:
        context.send_initial_metadata(changed_metadata((), directive.response_headers))
    if verdict.is_ok:
        code = _HTTP_CODES.get(answer.code, grpc.StatusCode.UNKNOWN)
        context.abort(code, answer.body.decode())
    status = verdict.status
    context.abort(_CODES.get(status.code, grpc.StatusCode.UNKNOWN), status.message)


def _at_end(context: grpc.ServicerContext, call: Callable[[], Any]) -> None:
    """Has `call` called when the client has its answer, or is gone."""
    if not context.add_callback(call):
        call()
