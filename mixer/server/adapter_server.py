"""The gRPC server around an `AdapterService`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from mixer.adapter import Info
from mixer.server.adapter_service import AdapterService, Answer, CallError

_CODES: Final = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTls:
    """What the server shows, and whom it believes; paths of PEM files."""

    certificate: Path
    key: Path
    client_ca: Path | None = None
    """With it, clients must show a certificate of this authority."""


class AdapterServer:
    """One adapter on one address; a context manager that serves meanwhile."""

    def __init__(
        self, info: Info, address: str, tls: ServerTls | None = None, thread_count: int = 16
    ) -> None:
        """Binds the address.

        Raises OSError when it can't be had, or a file can't be read, and ValueError for an adapter
        whose templates have no wire form.
        """
        self._service = AdapterService(info)
        self._server = grpc.server(
            ThreadPoolExecutor(thread_count, thread_name_prefix="mixer-adapter"),
            handlers=[_Handlers(self._service)],
            options=[("grpc.so_reuseport", 0)],
        )
        checks = health.HealthServicer()
        checks.set("", health_pb2.HealthCheckResponse.SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(checks, self._server)
        self.address: Final = self._bind(address, tls)
        """Where it listens, with the real port."""

    def _bind(self, address: str, tls: ServerTls | None) -> str:
        try:
            if tls is None:
                port = self._server.add_insecure_port(address)
            else:
                port = self._server.add_secure_port(address, _credentials(tls))
        except RuntimeError as error:
            raise OSError(f"can't listen on {address}: {error}") from error
        if address.startswith("unix:"):
            return address
        return f"{address.rpartition(':')[0]}:{port}"

    def __enter__(self) -> Self:
        """Begins to answer."""
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lets calls that are under way end, for a second, and closes the handlers."""
        self._server.stop(grace=1).wait()
        self._service.close()


def _credentials(tls: ServerTls) -> grpc.ServerCredentials:
    return grpc.ssl_server_credentials(
        [(tls.key.read_bytes(), tls.certificate.read_bytes())],
        root_certificates=tls.client_ca.read_bytes() if tls.client_ca else None,
        require_client_auth=tls.client_ca is not None,
    )


class _Handlers(grpc.GenericRpcHandler):  # type: ignore[type-arg]
    def __init__(self, service: AdapterService) -> None:
        self._methods = {path: _handler(answer) for path, answer in service.methods.items()}

    def service(self, handler_call_details: Any) -> Any:
        """See grpc.GenericRpcHandler."""
        return self._methods.get(handler_call_details.method)


def _handler(answer: Answer) -> Any:
    def answered(data: bytes, context: grpc.ServicerContext) -> bytes:
        try:
            return answer(data)
        except CallError as error:
            context.abort(_CODES[error.code], error.message)
            raise

    behaviour: Callable[[bytes, grpc.ServicerContext], bytes] = answered
    return grpc.unary_unary_rpc_method_handler(behaviour)
