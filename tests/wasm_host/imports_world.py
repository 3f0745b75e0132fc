"""The functions of the host that are about the world: time, logs, calls, metrics, shared data."""

from typing import TYPE_CHECKING

from tests.wasm_host.abi import (
    CLOCK_MONOTONIC,
    CLOCK_REALTIME,
    WASI_NOT_SUPPORTED,
    Buffer,
    LogLevel,
    MetricKind,
    Status,
)
from tests.wasm_host.calls import GrpcCall, cluster_of
from tests.wasm_host.pairs import parsed, to_text

if TYPE_CHECKING:
    from tests.wasm_host.worker import Worker


class WorldImports:
    """They do not care which context is active."""

    def __init__(self, worker: "Worker") -> None:
        self._worker = worker

    def _text(self, pointer: int, size: int) -> str:
        return to_text(self._worker.vm.read(pointer, size))

    def proxy_log(self, level: int, text: int, size: int) -> int:
        self._worker.log.append((LogLevel(level), self._text(text, size)))
        return Status.OK

    def proxy_get_log_level(self, level: int) -> int:
        self._worker.vm.write_u32(level, self._worker.log_level)
        return Status.OK

    def proxy_get_current_time_nanoseconds(self, time: int) -> int:
        self._worker.vm.write_u64(time, self._worker.clock.now_ns)
        return Status.OK

    def clock_time_get(self, clock: int, _precision: int, time: int) -> int:
        clocks = {
            CLOCK_REALTIME: self._worker.clock.now_ns,
            CLOCK_MONOTONIC: self._worker.clock.monotonic_ns,
        }
        if clock not in clocks:
            return WASI_NOT_SUPPORTED
        self._worker.vm.write_u64(time, clocks[clock])
        return Status.OK

    def random_get(self, data: int, size: int) -> int:
        self._worker.vm.write(data, self._worker.random.randbytes(size))
        return Status.OK

    def proxy_done(self) -> int:
        self._worker.is_done = True
        return Status.OK

    def proxy_set_tick_period_milliseconds(self, period: int) -> int:
        self._worker.set_tick_period(period)
        return Status.OK

    def proxy_get_buffer_bytes(
        self, buffer: int, start: int, length: int, data: int, size: int
    ) -> int:
        found = self._worker.buffers.get(Buffer(buffer))
        if found is None:
            return Status.NOT_FOUND
        self._worker.vm.hand_over(found[start : start + length], data, size)
        return Status.OK

    def proxy_grpc_call(  # noqa: PLR0917 - the ABI's
        self,
        target: int,
        target_size: int,
        service: int,
        service_size: int,
        method: int,
        method_size: int,
        metadata: int,
        metadata_size: int,
        message: int,
        message_size: int,
        timeout_ms: int,
        token: int,
    ) -> int:
        worker = self._worker
        cluster = cluster_of(worker.vm.read(target, target_size))
        if cluster is None:
            return Status.BAD_ARGUMENT
        call = GrpcCall(
            token=worker.call_table.next_token(),
            cluster=cluster,
            service=self._text(service, service_size),
            method=self._text(method, method_size),
            metadata=parsed(worker.vm.read(metadata, metadata_size)),
            message=worker.vm.read(message, message_size),
            timeout_ms=timeout_ms,
        )
        if cluster in worker.missing_clusters:
            worker.later(lambda: worker.close_call(call, 14, "Cluster not available"))
            return Status.INTERNAL_FAILURE
        worker.call_table.add(call)
        worker.vm.write_u32(token, call.token)
        return Status.OK

    def proxy_grpc_cancel(self, token: int) -> int:
        return self._worker.cancel(token)

    def proxy_get_status(self, code: int, message: int, size: int) -> int:
        status, text = self._worker.call_status
        self._worker.vm.write_u32(code, status)
        self._worker.vm.hand_over(text.encode(), message, size)
        return Status.OK

    def proxy_define_metric(self, kind: int, name: int, name_size: int, number: int) -> int:
        found = self._worker.metrics.define(MetricKind(kind), self._text(name, name_size))
        self._worker.vm.write_u32(number, found)
        return Status.OK

    def proxy_increment_metric(self, number: int, offset: int) -> int:
        return self._worker.metrics.increment(number, offset)

    def proxy_record_metric(self, number: int, value: int) -> int:
        return self._worker.metrics.record(number, value)

    def proxy_get_metric(self, number: int, value: int) -> int:
        found = self._worker.metrics.get(number)
        if found is None:
            return Status.NOT_FOUND
        self._worker.vm.write_u64(value, found)
        return Status.OK

    def proxy_get_shared_data(
        self, key: int, key_size: int, value: int, value_size: int, state: int
    ) -> int:
        found = self._worker.shared.get(self._worker.vm.read(key, key_size))
        if found is None:
            return Status.NOT_FOUND
        self._worker.vm.hand_over(found[0], value, value_size)
        self._worker.vm.write_u32(state, found[1])
        return Status.OK

    def proxy_set_shared_data(
        self, key: int, key_size: int, value: int, value_size: int, state: int
    ) -> int:
        read = self._worker.vm.read
        return self._worker.shared.set(read(key, key_size), read(value, value_size), state)
