"""A proxy-wasm host for tests: runs a filter as Envoy would, but with all around it in test's hand.

What Envoy does comes from proxy-wasm-cpp-host `src/{context,exports,wasm}.cc` and Envoy
`source/extensions/common/wasm/context.cc` (1.40). The parts that can mislead a filter:

- Replies and releases take effect when the callback is over, not inside the function.
- A reply of the filter's own goes through its callback for response headers, like any other.
- Request headers can be read until the request goes on, and again in the log; there, no headers can
  be changed, or asked for their size.
- All answers to calls come to the root, whoever made the call.
- No bytes are handed over as address 0, without asking the module for memory.

    module            what it has
    ================  ======================================================
    host, stream      what tests use
    worker            what the functions of the host act upon
    context           the root, and streams
    imports_request   the functions about one request
    imports_world     the functions about time, logs, calls, metrics
    vm, unchecked     the instance: calls into it, its memory
    ================  ======================================================

Bodies, calls over HTTP and queues are not there: a module that wants one of them fails the test.
"""

from collections.abc import Mapping
from pathlib import Path as FilePath

from tests.wasm_host.abi import CONTINUE, Buffer, HeaderMap, LogLevel
from tests.wasm_host.calls import CallState, GrpcCall
from tests.wasm_host.clock import Clock
from tests.wasm_host.context import StreamContext, StreamState
from tests.wasm_host.headers import Headers, Lines
from tests.wasm_host.properties import Path, Properties, Value
from tests.wasm_host.shared_data import SharedData
from tests.wasm_host.stream import Stream
from tests.wasm_host.worker import ROOT, Worker


class RefusedConfigurationError(Exception):
    """The module does not take its configuration; the text is what it has logged."""


class WasmHost(Worker):
    """One worker of an Envoy with one filter."""

    def __init__(
        self,
        path: FilePath,
        configuration: str | bytes = "",
        *,
        clock: Clock | None = None,
        shared: SharedData | None = None,
        properties: Mapping[Path, Value] | None = None,
    ) -> None:
        """Starts and configures the module at `path`; raises RefusedConfigurationError.

        Hosts with the same `clock` and `shared` data are workers of one Envoy. `properties` are
        those that all streams and the root have.
        """
        self._properties: Mapping[Path, Value] = properties or {}
        super().__init__(path, clock, shared, self._properties)
        self._last_id = ROOT
        self._start(configuration.encode() if isinstance(configuration, str) else configuration)

    def stream(self, headers: Lines = (), properties: Properties | None = None) -> Stream:
        """A request that is about to come."""
        self._last_id += 1
        own = {} if properties is None else properties
        context = StreamContext(self._last_id, Headers(headers), own, self._properties)
        return Stream(self, context)

    def advance(self, seconds: float) -> None:
        """Moves the clock; ticks come at their times."""
        self.clock.advance(seconds)

    @property
    def calls(self) -> list[GrpcCall]:
        """All calls that were made, in order."""
        return self.call_table.made

    @property
    def under_way(self) -> list[GrpcCall]:
        """The calls that wait for an answer, in order."""
        return self.call_table.under_way

    def answer(self, call: GrpcCall, message: bytes = b"") -> None:
        """Brings the answer to a call; raises ValueError if that is over."""
        self._end(call, CallState.ANSWERED)
        self.buffers[Buffer.GRPC_MESSAGE] = message
        self.enter("proxy_on_grpc_receive", self.root, call.token, len(message))
        del self.buffers[Buffer.GRPC_MESSAGE]

    def fail_call(self, call: GrpcCall, code: int, text: str = "") -> None:
        """Brings an error in place of an answer; raises ValueError if the call is over."""
        self._end(call, CallState.FAILED)
        self.close_call(call, code, text)

    def texts(self, least: LogLevel = LogLevel.TRACE) -> list[str]:
        """The log, from a level on."""
        return [text for level, text in self.log if level >= least]

    def shut_down(self) -> bool:
        """Ends the root, as when a configuration goes: whether it is over at once.

        If not, it is over when `is_done`, and calls can be answered until then.
        """
        has_callback = self.vm.has("proxy_on_done")
        self.is_done = not has_callback or bool(self.enter("proxy_on_done", self.root))
        return self.is_done

    # What streams do.

    def on_request_headers(self, context: StreamContext, *, end_of_stream: bool) -> None:
        """See `Stream`."""
        self.create(context)
        context.maps[HeaderMap.REQUEST] = context.request
        count = len(context.request.lines)
        # A reply inside the callback stops the stream whatever the callback returns.
        context.state = StreamState.HELD
        action = self.enter("proxy_on_request_headers", context, count, int(end_of_stream))
        if action == CONTINUE:
            context.go_on()

    def on_log(self, context: StreamContext, maps: dict[HeaderMap, Headers]) -> None:
        """See `Stream`."""
        self.create(context)
        if self.vm.has("proxy_on_log"):
            maps_before, context.maps, context.logged = context.maps, {}, maps
            self.enter("proxy_on_log", context)
            context.maps, context.logged = maps_before, None

    def on_delete(self, context: StreamContext) -> None:
        """See `Stream`."""
        if self.vm.has("proxy_on_done"):
            self.enter("proxy_on_done", context)
        if self.forget(context):
            self.enter("proxy_on_delete", context)

    def _start(self, configuration: bytes) -> None:
        self.vm.call("_initialize")
        self.create(self.root, parent=0)
        if self.vm.has("proxy_on_vm_start"):
            self.enter("proxy_on_vm_start", self.root, 0)
        self.buffers[Buffer.PLUGIN_CONFIGURATION] = configuration
        is_accepted = self.enter("proxy_on_configure", self.root, len(configuration))
        del self.buffers[Buffer.PLUGIN_CONFIGURATION]
        if not is_accepted:
            raise RefusedConfigurationError("\n".join(self.texts()))

    def _end(self, call: GrpcCall, state: CallState) -> None:
        if self.call_table.end(call.token, state) is None:
            raise ValueError(f"the call is {call.state.value}")
