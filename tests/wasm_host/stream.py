"""One request, as a test drives it through a module."""

from typing import TYPE_CHECKING

from tests.wasm_host.abi import HeaderMap
from tests.wasm_host.context import StreamContext, StreamState
from tests.wasm_host.headers import Headers, Lines
from tests.wasm_host.local_reply import LocalReply
from tests.wasm_host.properties import Properties

if TYPE_CHECKING:
    from tests.wasm_host.host import WasmHost


class Stream:
    """The steps that Envoy takes with a request, in the order in which it takes them."""

    def __init__(self, host: "WasmHost", context: StreamContext) -> None:
        self._host = host
        self._context = context

    def __repr__(self) -> str:
        return f"<Stream {self._context.id} {self.state.value}>"

    @property
    def state(self) -> StreamState:
        """Whether the request has gone on, is held, or was answered."""
        return self._context.state

    @property
    def reply(self) -> LocalReply | None:
        """What it was answered with, if the module did."""
        return self._context.reply

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The request's headers as they are now: those that go to the upstream."""
        return self._context.request.texts()

    @property
    def response(self) -> Headers:
        """The headers of the response, or of the reply, as they go to the client."""
        return self._context.response

    @property
    def properties(self) -> Properties:
        """What a test says of this request; it may be changed while the request goes on."""
        return self._context.own_properties

    @property
    def route_choices(self) -> int:
        """How often the module has had the route chosen anew."""
        return self._context.route_choices

    def request_headers(self, *, end_of_stream: bool = True) -> StreamState:
        """The request comes; what has become of it when the callback is over."""
        self._host.on_request_headers(self._context, end_of_stream=end_of_stream)
        return self.state

    def response_headers(self, lines: Lines, *, end_of_stream: bool = False) -> Headers:
        """The upstream answers; the headers as they go to the client."""
        self._host.respond(self._context, Headers(lines), end_of_stream=end_of_stream)
        return self._context.response

    def log(self, trailers: Lines | None = None) -> None:
        """The stream is over: nothing more is sent, and all is known.

        Without a call of `request_headers` before, another filter has answered the request.
        """
        maps = {HeaderMap.REQUEST: self._context.request}
        if self._context.response.lines:
            maps[HeaderMap.RESPONSE] = self._context.response
        if trailers is not None:
            maps[HeaderMap.RESPONSE_TRAILERS] = Headers(trailers)
        self._host.on_log(self._context, maps)

    def delete(self) -> None:
        """Envoy forgets the stream, after `log`, or without it when the module has none."""
        self._host.on_delete(self._context)

    def end(self, trailers: Lines | None = None) -> None:
        """`log` and `delete`."""
        self.log(trailers)
        self.delete()
