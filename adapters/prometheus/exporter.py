"""The ports of this process: one for each listen address, shared by the handlers that name it."""

import logging
import socket
import threading
from socketserver import ThreadingMixIn
from typing import Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

from adapters.address import split_address
from adapters.prometheus.table import Table

_LOG: Final = logging.getLogger(__name__)
_STOP_POLL_S: Final = 0.1
"""How often the serving thread looks whether it should end."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Server6(_Server):
    address_family = socket.AF_INET6


class _RequestHandler(WSGIRequestHandler):
    timeout = 30  # seconds; a client that sends nothing must not keep its thread for ever

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Scrapes come by the clock; their log would hide everything else."""
        _LOG.debug(format, *args)


class Exporter:
    """An open port with the page `/metrics`, and the table that the page shows."""

    def __init__(self, host: str, port: int) -> None:
        """Opens the port; raises OSError that names the address."""
        self.table: Final = Table()
        self.user_count: int = 0
        try:
            self._server = make_server(
                host,
                port,
                _page(self.table),
                server_class=_Server6 if ":" in host else _Server,
                handler_class=_RequestHandler,
            )
        except OSError as error:
            reason = f"cannot listen on {host}:{port}: {error.strerror}"
            raise OSError(error.errno, reason) from error
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            args=(_STOP_POLL_S,),
            name=f"mixer-prometheus-{self.port}",
            daemon=True,
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that is open, also where port 0 was asked for."""
        return self._server.server_port

    def close(self) -> None:
        """Closes the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


_LOCK: Final = threading.Lock()
_OPEN: Final[dict[tuple[str, int], Exporter]] = {}


def acquire(address: str) -> Exporter:
    """The exporter of an address, opened at need; to be given back by `release`.

    Raises ValueError for a text that is no address, OSError where the port cannot be opened.
    """
    key = split_address(address)
    with _LOCK:
        exporter = _OPEN.get(key)
        if exporter is None:
            exporter = _OPEN[key] = Exporter(*key)
        exporter.user_count += 1
        return exporter


def release(exporter: Exporter) -> None:
    """Gives back what `acquire` gave; the last one to do so closes the port."""
    with _LOCK:
        exporter.user_count -= 1
        if exporter.user_count == 0:
            [key] = [key for key, value in _OPEN.items() if value is exporter]
            del _OPEN[key]
            exporter.close()


def _page(table: Table) -> WSGIApplication:
    registry = CollectorRegistry(support_collectors_without_names=True)
    registry.register(table)
    metrics = make_wsgi_app(registry)

    def page(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        if environ["PATH_INFO"] != "/metrics":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"The metrics are at /metrics\n"]
        shown: list[bytes] = metrics(environ, start_response)
        return shown

    return page
