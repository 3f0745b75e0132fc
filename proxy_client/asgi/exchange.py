"""What an ASGI server and an application say to each other about one request.

What ends a response, and so brings its report:

- HTTP: the last part of the body, or the last trailers if some were announced
- WebSocket: `websocket.close` of the application, or the client's `websocket.disconnect`
- both: that the application returns or raises
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from proxy_client.asgi.scope import RawHeaders, Scope, raw, text_of
from proxy_client.http.enforcement import Answer, changed
from proxy_client.http.filter import APPLICATION_FAILED, CLIENT_LEFT, Exchange
from proxy_client.http.message import HttpResponse

Message = MutableMapping[str, Any]
"""What an ASGI server and an application tell each other."""
Receive = Callable[[], Awaitable[Message]]
"""Gives what the server says next."""
Send = Callable[[Message], Awaitable[None]]
"""Takes what the application says."""

_STARTS: Final = frozenset(
    {"http.response.start", "websocket.accept", "websocket.http.response.start"}
)
_SWITCHING_PROTOCOLS: Final = 101
_REFUSED: Final = 403  # what servers answer with when a WebSocket is closed before it is accepted
_DENIAL_RESPONSE: Final = "websocket.http.response"
_POLICY_VIOLATION: Final = 1008  # RFC 6455


class WatchedExchange:
    """Passes messages on, and takes note of what the report is to say."""

    def __init__(self, exchange: Exchange, receive: Receive, send: Send) -> None:
        self.exchange = exchange
        self._receive = receive
        self._send = send
        self._code = 0
        self._headers: RawHeaders = ()
        self._trailers: RawHeaders = ()
        self._has_trailers = False
        self._received_bytes = 0
        self._sent_bytes = 0
        self._flags = ""

    async def receive(self) -> Message:
        """What the server says next."""
        message = await self._receive()
        match message["type"]:
            case "http.request":
                self._received_bytes += len(message.get("body", b""))
            case "websocket.receive":
                self._received_bytes += _size(message)
            case "http.disconnect":
                self._flags = CLIENT_LEFT  # if it was answered before, the report is made
            case "websocket.disconnect":
                self.ended()
        return message

    async def send(self, message: Message) -> None:
        """Tells the server what the application says."""
        kind = message["type"]
        if kind in _STARTS:
            message = self._started(message)
        try:
            await self._send(message)
        except OSError:  # what servers raise when nobody listens any more
            self._flags = CLIENT_LEFT
            raise
        if self._sent(kind, message):
            self.ended()

    async def answer(self, scope: Scope, answer: Answer) -> None:
        """Sends an answer in place of the application."""
        headers = [raw(*header) for header in answer.headers]
        kind = "http.response"
        if scope["type"] == "websocket":
            if _DENIAL_RESPONSE not in (scope.get("extensions") or {}):
                self._code = answer.code
                await self._send({"type": "websocket.close", "code": _POLICY_VIOLATION})
                return
            kind = _DENIAL_RESPONSE
        body = b"" if self.exchange.request.method == "HEAD" else answer.body
        self._code, self._headers = answer.code, headers
        await self._send({"type": f"{kind}.start", "status": answer.code, "headers": headers})
        await self._send({"type": f"{kind}.body", "body": body})
        self._sent_bytes = len(body)

    def broke_off(self, error: BaseException) -> None:
        """The application raised, or its task was cancelled."""
        if not isinstance(error, Exception):
            self._flags = self._flags or CLIENT_LEFT
        elif self._code:  # else the server answers with 500, as ordinary as other responses
            self._flags = self._flags or APPLICATION_FAILED

    def ended(self) -> None:
        """Reports, the first time only."""
        if self.exchange.is_over:
            return
        self.exchange.ended(
            HttpResponse(
                code=self._code,
                headers=text_of(self._headers),
                trailers=text_of(self._trailers),
                received_bytes=self._received_bytes,
                sent_bytes=self._sent_bytes,
                flags=self._flags,
            )
        )

    def _started(self, message: Message) -> Message:
        changes = self.exchange.response_changes()
        headers = changed(message.get("headers", ()), changes, raw)
        self._code = message.get("status", _SWITCHING_PROTOCOLS)
        self._headers = headers
        self._has_trailers = message.get("trailers", False)
        return {**message, "headers": headers}

    def _sent(self, kind: str, message: Message) -> bool:
        """Counts what was sent; whether that was the end."""
        match kind:
            case "http.response.body" | "websocket.http.response.body":
                self._sent_bytes += len(message.get("body", b""))
                return not message.get("more_body", False) and not self._has_trailers
            case "http.response.pathsend":  # the server reads the file
                self._sent_bytes += _content_length(self._headers)
                return not self._has_trailers
            case "http.response.trailers":
                self._trailers = [*self._trailers, *message["headers"]]
                return not message.get("more_trailers", False)
            case "websocket.send":
                self._sent_bytes += _size(message)
            case "websocket.close":
                self._code = self._code or _REFUSED
                return True
        return False


def _size(message: Message) -> int:
    text = message.get("text")
    return len(message.get("bytes") or b"") if text is None else len(text.encode())


def _content_length(headers: RawHeaders) -> int:
    values = (value for name, value in headers if name.lower() == b"content-length")
    return int(next(values, b"0"))
