"""The functions of the host that are about one request: headers, properties, replies."""

from typing import TYPE_CHECKING

from tests.wasm_host.abi import REQUEST_STREAM, HeaderMap, Status
from tests.wasm_host.context import StreamContext
from tests.wasm_host.headers import Headers
from tests.wasm_host.local_reply import local_reply
from tests.wasm_host.pairs import parsed, serialized, to_text
from tests.wasm_host.properties import UnserializableError

if TYPE_CHECKING:
    from tests.wasm_host.worker import Worker

_LAST_GRPC_STATUS = 16


class RequestImports:
    """They act on the context of the callback that runs, or the one that it has chosen."""

    def __init__(self, worker: "Worker") -> None:
        self._worker = worker

    def _map(self, which: int) -> Headers | None:
        """The headers, if they can be changed now."""
        return self._worker.context.maps.get(HeaderMap(which))

    def _name(self, pointer: int, size: int) -> bytes:
        return self._worker.vm.read(pointer, size)

    def proxy_get_header_map_value(
        self, which: int, name: int, name_size: int, value: int, value_size: int
    ) -> int:
        context = self._worker.context
        headers = context.readable(HeaderMap(which))
        if headers is None:
            return Status.BAD_ARGUMENT if context.logged is None else Status.NOT_FOUND
        found = headers.get(self._name(name, name_size))
        if found is None:
            return Status.NOT_FOUND
        self._worker.vm.hand_over(found, value, value_size)
        return Status.OK

    def proxy_get_header_map_pairs(self, which: int, pairs: int, size: int) -> int:
        headers = self._worker.context.readable(HeaderMap(which))
        # Envoy gives no bytes at all for no headers.
        data = serialized(headers.lines) if headers is not None and headers.lines else b""
        self._worker.vm.hand_over(data, pairs, size)
        return Status.OK

    def proxy_get_header_map_size(self, which: int, size: int) -> int:
        headers = self._map(which)  # so in the log there is no size
        if headers is None:
            return Status.BAD_ARGUMENT
        self._worker.vm.write_u32(size, headers.byte_size)
        return Status.OK

    def proxy_add_header_map_value(
        self, which: int, name: int, name_size: int, value: int, value_size: int
    ) -> int:
        headers = self._map(which)
        if headers is None:
            return Status.BAD_ARGUMENT
        headers.add(self._name(name, name_size), self._worker.vm.read(value, value_size))
        return Status.OK

    def proxy_replace_header_map_value(
        self, which: int, name: int, name_size: int, value: int, value_size: int
    ) -> int:
        headers = self._map(which)
        if headers is None:
            return Status.BAD_ARGUMENT
        headers.replace(self._name(name, name_size), self._worker.vm.read(value, value_size))
        return Status.OK

    def proxy_remove_header_map_value(self, which: int, name: int, name_size: int) -> int:
        headers = self._map(which)
        if headers is None:
            return Status.BAD_ARGUMENT
        headers.remove(self._name(name, name_size))
        return Status.OK

    def proxy_get_property(self, path: int, path_size: int, value: int, value_size: int) -> int:
        worker = self._worker
        text = to_text(worker.vm.read(path, path_size))
        try:
            found = worker.context.property(text)
        except UnserializableError:
            return Status.SERIALIZATION_FAILURE
        if found is None:
            return Status.NOT_FOUND
        worker.vm.hand_over(found, value, value_size)
        return Status.OK

    def proxy_set_property(self, path: int, path_size: int, value: int, size: int) -> int:
        context = self._worker.context
        if not isinstance(context, StreamContext):
            return Status.NOT_FOUND
        text = to_text(self._worker.vm.read(path, path_size))
        context.set_properties[text] = self._worker.vm.read(value, size)
        return Status.OK

    def proxy_continue_stream(self, direction: int) -> int:
        context = self._worker.context
        if isinstance(context, StreamContext) and direction == REQUEST_STREAM:
            self._worker.later(context.go_on)
        return Status.OK

    def proxy_send_local_response(  # noqa: PLR0917 - the ABI's
        self,
        status: int,
        details: int,
        details_size: int,
        body: int,
        body_size: int,
        headers: int,
        headers_size: int,
        grpc_status: int,
    ) -> int:
        worker = self._worker
        reply = local_reply(
            status,
            worker.vm.read(body, body_size),
            parsed(worker.vm.read(headers, headers_size)),
            to_text(worker.vm.read(details, details_size)).replace(" ", "_"),
            grpc_status if grpc_status <= _LAST_GRPC_STATUS else None,
        )
        context = worker.context
        if isinstance(context, StreamContext):
            worker.later(lambda: worker.reply(context, reply))
        return Status.OK

    def proxy_set_effective_context(self, number: int) -> int:
        return self._worker.choose_context(number)

    def proxy_call_foreign_function(
        self,
        name: int,
        name_size: int,
        _arguments: int,
        _size: int,
        _results: int,
        _results_size: int,
    ) -> int:
        context = self._worker.context
        is_known = self._worker.vm.read(name, name_size) == b"clear_route_cache"
        if not (is_known and isinstance(context, StreamContext)):
            return Status.NOT_FOUND
        context.route_choices += 1
        return Status.OK
