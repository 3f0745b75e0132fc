"""What the imported functions act upon: one VM in one thread of Envoy, and what is around it."""

from collections.abc import Callable, Mapping
from pathlib import Path as FilePath
from random import Random
from typing import Final, NoReturn

from tests.wasm_host.abi import Buffer, HeaderMap, LogLevel, Status
from tests.wasm_host.calls import Calls, CallState, GrpcCall
from tests.wasm_host.clock import Clock
from tests.wasm_host.context import Context, Later, StreamContext, StreamState
from tests.wasm_host.headers import Headers
from tests.wasm_host.imports_request import RequestImports
from tests.wasm_host.imports_world import WorldImports
from tests.wasm_host.local_reply import LocalReply
from tests.wasm_host.metrics import Metrics
from tests.wasm_host.properties import Path, Value
from tests.wasm_host.shared_data import SharedData
from tests.wasm_host.vm import Vm

ROOT: Final = 1
"""The id of the root context; those of streams follow."""


class Worker:
    """A VM with one root. What tests use is `host.WasmHost`."""

    def __init__(
        self,
        path: FilePath,
        clock: Clock | None,
        shared: SharedData | None,
        properties: Mapping[Path, Value],
    ) -> None:
        self.clock = clock or Clock()
        self.shared = shared or SharedData()
        self.log: list[tuple[LogLevel, str]] = []
        self.log_level = LogLevel.INFO
        self.metrics = Metrics()
        self.random = Random(0)
        """What modules get as random bytes."""
        self.missing_clusters: set[str] = set()
        """Clusters that Envoy does not have."""
        self.tick_period_ms = 0
        self.is_done = False
        """Whether the root has said that it is done."""
        self.call_table = Calls()
        self.call_status = (0, "")
        """Code and text of a call that has failed, while the module is told."""
        self.buffers: dict[Buffer, bytes] = {}
        """The bytes that can be read now."""
        self.root = Context(ROOT, properties)
        self._contexts: dict[int, Context] = {}
        self._active = self.root
        self._chosen: Context | None = None
        self._later: list[Later] = []
        self._imports = (RequestImports(self), WorldImports(self))
        self.vm = Vm(path, self._find_import)

    def enter(self, callback: str, context: Context, *arguments: int) -> int:
        """Calls the module about a context, and does what it has asked for when that is over."""
        self._active, self._chosen = context, None
        result = self.vm.call(callback, context.id, *arguments)
        while self._later:
            self._later.pop(0)()
        return result

    def create(self, context: Context, parent: int = ROOT) -> None:
        """Tells the module of a context, the first time."""
        if context.id not in self._contexts:
            self._contexts[context.id] = context
            self.enter("proxy_on_context_create", context, parent)

    def forget(self, context: Context) -> bool:
        """Whether the module knew a context, of which nothing more is to come."""
        return self._contexts.pop(context.id, None) is not None

    @property
    def context(self) -> Context:
        """What the functions act upon now."""
        return self._chosen or self._active

    def choose_context(self, number: int) -> Status:
        """Has them act upon another context until the callback is over."""
        chosen = self._contexts.get(number)
        if chosen is None:
            return Status.BAD_ARGUMENT
        self._chosen = chosen
        return Status.OK

    def later(self, run: Later) -> None:
        """Has something done when the callback is over."""
        self._later.append(run)

    def respond(self, context: StreamContext, headers: Headers, *, end_of_stream: bool) -> None:
        """Sends response headers through the module."""
        context.response = headers
        if context.id in self._contexts and self.vm.has("proxy_on_response_headers"):
            context.maps[HeaderMap.RESPONSE] = headers
            count = len(headers.lines)
            self.enter("proxy_on_response_headers", context, count, int(end_of_stream))
            del context.maps[HeaderMap.RESPONSE]

    def reply(self, context: StreamContext, reply: LocalReply) -> None:
        """Answers a request; does nothing when that has happened, or the upstream has answered."""
        if context.reply is None and not context.response.lines:
            context.state = StreamState.REPLIED
            context.reply = reply
            self.respond(context, reply.headers, end_of_stream=not reply.body)

    def set_tick_period(self, period_ms: int) -> None:
        """Has ticks come so often; 0 ends them."""
        self.tick_period_ms = period_ms
        self.clock.tick_every(period_ms, self._tick)

    def close_call(self, call: GrpcCall, code: int, text: str) -> None:
        """Tells the module that a call has ended without an answer."""
        self.call_status = code, text
        self.enter("proxy_on_grpc_close", self.root, call.token, code)
        self.call_status = code, ""

    def cancel(self, token: int) -> Status:
        """Ends a call; the module hears no more of it."""
        ended = self.call_table.end(token, CallState.CANCELLED)
        return Status.NOT_FOUND if ended is None else Status.OK

    def _tick(self) -> None:
        self.enter("proxy_on_tick", self.root)

    def _find_import(self, name: str) -> Callable[..., int]:
        for imports in self._imports:
            found: Callable[..., int] | None = getattr(imports, name, None)
            if found is not None:
                return found

        def missing(*_: int) -> NoReturn:
            raise NotImplementedError(name)

        return missing
