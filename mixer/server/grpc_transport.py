"""The gRPC server: grpcio's threaded one, which moves bytes and knows no message."""

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from mixer.api.service import Service
from mixer.api.servicer import Backend, service_handler
from mixer.api.streams import Streams
from mixer.server.options import ServerOptions
from mixer.server.worker_pool import WorkerPool

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_LOG: Final = logging.getLogger(__name__)
_ONLY_IDENTITY: Final = 1
"""Of the bits for compression algorithms: the original installed none (UNIMPLEMENTED)."""


class GrpcTransport:
    """One listening address, with health checks for each service."""

    def __init__(
        self,
        options: ServerOptions,
        services: Sequence[Service],
        backend: Backend,
    ) -> None:
        """Binds the address; raises OSError when it can't be had."""
        names = [service.name for service in services]
        self._services = ("", *names)
        self._workers = WorkerPool(options.worker_threads, "mixer-grpc")
        self._streams = Streams(options.max_streams, self._workers.lend)
        self._server = grpc.server(
            # All that the server wants of an executor is `submit` and `shutdown`.
            cast("ThreadPoolExecutor", self._workers),
            handlers=[service_handler(service, backend, self._streams) for service in services],
            options=(
                ("grpc.max_receive_message_length", options.max_message_bytes),
                ("grpc.so_reuseport", 0),
                ("grpc.compression_enabled_algorithms_bitset", _ONLY_IDENTITY),
            ),
        )
        self._health = health.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if options.reflection:
            shown = (*names, health.SERVICE_NAME, reflection.SERVICE_NAME)
            reflection.enable_server_reflection(shown, self._server)
        try:
            self.address = self._bind(options.address)
        except OSError:
            self._workers.shutdown(wait=False)
            raise
        """Where it listens, with the real port."""

    def _bind(self, address: str) -> str:
        if address.startswith("unix:"):
            # What a killed server has left behind would make the bind fail.
            Path(address.removeprefix("unix:").removeprefix("//")).unlink(missing_ok=True)
        try:
            port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise OSError(f"can't listen on {address}: {error}") from error
        if address.startswith("unix:"):
            return address
        return f"{address.rpartition(':')[0]}:{port}"

    def lend(self) -> AbstractContextManager[None]:
        """Has one thread more meanwhile, for a request that waits with its own."""
        return self._workers.lend()

    def start(self) -> None:
        """Begins to answer."""
        self._server.start()
        self._set_health(health_pb2.HealthCheckResponse.SERVING)

    def _set_health(self, status: int) -> None:
        for service in self._services:
            self._health.set(service, status)

    def stop(self, grace_s: float) -> None:
        """Says that it is not serving any more, then lets requests that are under way end."""
        self._set_health(health_pb2.HealthCheckResponse.NOT_SERVING)
        self._health.enter_graceful_shutdown()
        stopped = self._server.stop(grace_s)
        # Proxies hold their streams open for good, and would make every stop take all its time.
        self._streams.end(grace_s)
        stopped.wait()
        self._workers.shutdown(wait=False)
        _LOG.info("stopped listening on %s", self.address)
