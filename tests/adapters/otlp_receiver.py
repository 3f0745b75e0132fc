"""A receiver of OpenTelemetry's protocol, for gRPC and for HTTP, that keeps what it gets."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import grpc
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2, metrics_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

from tests.patience import SOON_S

Paths = tuple[Path, Path]
"""A certificate and its key."""


def eventually(probe: Callable[[], Any]) -> Any:
    """What the probe gives, as soon as it is true."""
    end_s = time.monotonic() + SOON_S
    while not (found := probe()):
        assert time.monotonic() < end_s, "it never came"
        time.sleep(0.01)
    return found


class Receiver:
    """What has come, in its order."""

    def __init__(self) -> None:
        self.address = ""
        self.keeps = True
        self.metadata: list[Mapping[str, str]] = []
        self._metrics: list[Any] = []
        self._logs: list[Any] = []
        self._spans: list[Any] = []

    def metrics(self) -> dict[str, Any]:
        """The newest state of each metric, by its name."""
        requests = list(self._metrics)
        return {
            metric.name: metric
            for request in requests
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def logs(self) -> list[Any]:
        """All log records."""
        return [
            record
            for request in list(self._logs)
            for resource in request.resource_logs
            for scope in resource.scope_logs
            for record in scope.log_records
        ]

    def spans(self) -> list[tuple[str, Any]]:
        """All spans, each with the name of its service."""
        return [
            (attributes(resource.resource)["service.name"], span)
            for request in list(self._spans)
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def take(self, signal: str, request: Any, metadata: Mapping[str, str]) -> None:
        """Keeps a request, unless it should not."""
        if not self.keeps:
            return
        self.metadata.append(metadata)
        {"metrics": self._metrics, "logs": self._logs, "traces": self._spans}[signal].append(
            request
        )


def attributes(holder: Any) -> dict[str, Any]:
    """The attributes of a message as a mapping."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in holder.attributes}


SIGNALS: Final = {
    "metrics": (metrics_service_pb2, "ExportMetricsService", metrics_service_pb2_grpc, "Metrics"),
    "logs": (logs_service_pb2, "ExportLogsService", logs_service_pb2_grpc, "Logs"),
    "traces": (trace_service_pb2, "ExportTraceService", trace_service_pb2_grpc, "Trace"),
}


class _Service:
    def __init__(self, receiver: Receiver, signal: str) -> None:
        self._receiver = receiver
        self._signal = signal
        messages, prefix, _, _ = SIGNALS[signal]
        self._response = getattr(messages, f"{prefix}Response")

    def Export(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        self._receiver.take(self._signal, request, dict(context.invocation_metadata()))
        return self._response()


@contextmanager
def grpc_receiver(certificate: Paths | None = None) -> Iterator[Receiver]:
    """A receiver for gRPC; with a certificate it speaks TLS, and wants to be shown the same."""
    receiver = Receiver()
    server = grpc.server(ThreadPoolExecutor(4))
    for signal, (_, _, services, name) in SIGNALS.items():
        add = getattr(services, f"add_{name}ServiceServicer_to_server")
        add(_Service(receiver, signal), server)
    if certificate is None:
        receiver.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    else:
        chain, key = (path.read_bytes() for path in certificate)
        credentials = grpc.ssl_server_credentials([(key, chain)], chain, require_client_auth=True)
        receiver.address = f"localhost:{server.add_secure_port('127.0.0.1:0', credentials)}"
    server.start()
    try:
        yield receiver
    finally:
        server.stop(grace=None).wait()


@contextmanager
def http_receiver(certificate: Paths | None = None) -> Iterator[Receiver]:
    """The same for HTTP."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            signal = self.path.removeprefix("/v1/")
            messages, prefix, _, _ = SIGNALS[signal]
            body = self.rfile.read(int(self.headers["content-length"]))
            request = getattr(messages, f"{prefix}Request").FromString(body)
            receiver.take(signal, request, {k.lower(): v for k, v in self.headers.items()})
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.address = f"127.0.0.1:{server.server_port}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        context.load_verify_locations(certificate[0])
        context.verify_mode = ssl.CERT_REQUIRED
        server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.address = f"localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
