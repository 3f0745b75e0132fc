"""The monitoring port: metrics, health, readiness and version over plain HTTP.

==========  ==================================================================================
`/metrics`  the process's metrics, as Prometheus scrapes them
`/healthz`  200 while the process can answer at all
`/readyz`   200 while Check and Report are served, otherwise 503 with the reason
`/version`  what runs here, as JSON
==========  ==================================================================================

Any other path is answered 404. `/metrics` and `/version` are where Mixer 1.4 has them.
"""

import json
import platform
import socketserver
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socket import AF_INET6
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import REGISTRY, CollectorRegistry, make_wsgi_app

import mixer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_POLL_S: Final = 0.1  # how long a stop may wait for the thread


class MonitoringServer:
    """Serves the monitoring port on a daemon thread, from `start` to `stop`."""

    def __init__(
        self,
        address: str,
        readiness: Callable[[], bool],
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        """Binds `address`, `HOST:PORT`; port 0 takes a free one. Raises OSError if it can't.

        `readiness` says whether Check and Report are served; it is called from many threads.
        """
        self._server = _bind(address)
        self._server.set_app(_application(readiness, registry))
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            args=(_POLL_S,),
            name="mixer-monitoring",
            daemon=True,
        )

        self.address = f"{address.rpartition(':')[0]}:{self._server.server_port}"
        """Where it listens, with the real port."""

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stops answering and frees the port; also right when `start` was never called."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        # The inherited method asks DNS for the name of the host, which may take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]
        self.setup_environ()


class _ServerV6(_Server):
    address_family = AF_INET6


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Scrapes and probes come every few seconds; a log line for each would drown the rest."""


def _bind(address: str) -> _Server:
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    server_class = _ServerV6 if ":" in host else _Server
    try:
        return server_class((host, int(port)), _Silent)
    except OSError as error:
        raise OSError(error.errno, f"can't listen on {address}: {error.strerror}") from error


def _application(readiness: Callable[[], bool], registry: CollectorRegistry) -> "WSGIApplication":
    metrics: WSGIApplication = make_wsgi_app(registry)
    pages: dict[str, Callable[[], tuple[HTTPStatus, str]]] = {
        "/healthz": lambda: (HTTPStatus.OK, "ok\n"),
        "/readyz": lambda: _ready(readiness()),
        "/version": lambda: (HTTPStatus.OK, _version()),
    }

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return metrics(environ, start_response)
        status, body = pages.get(path, _not_found)()
        content = body.encode()
        kind = "application/json" if path == "/version" else "text/plain; charset=utf-8"
        headers = [("Content-Type", kind), ("Content-Length", str(len(content)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [content]

    return answer


def _ready(is_ready: bool) -> tuple[HTTPStatus, str]:  # noqa: FBT001
    if is_ready:
        return HTTPStatus.OK, "ready\n"
    return HTTPStatus.SERVICE_UNAVAILABLE, "not ready: starting, or stopping\n"


def _not_found() -> tuple[HTTPStatus, str]:
    return HTTPStatus.NOT_FOUND, "try /metrics, /healthz, /readyz or /version\n"


def _version() -> str:
    return json.dumps({"version": mixer.__version__, "python": platform.python_version()}) + "\n"
