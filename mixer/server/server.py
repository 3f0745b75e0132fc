"""One Mixer process: configuration, pipeline, transport and monitoring, started and stopped."""

import gc
import logging
import threading
from contextlib import AbstractContextManager, nullcontext
from typing import Final

from mixer import demo, monitoring
from mixer.adapter import Clock
from mixer.adapter.registry import AdapterRegistry
from mixer.api.doors import SERVICES
from mixer.api.servicer import Backend
from mixer.api.throttle import Throttle
from mixer.config.store import Contents, DirectoryStore
from mixer.errors import ConfigErrors
from mixer.runtime import Runtime, RuntimeOptions
from mixer.server.grpc_transport import GrpcTransport
from mixer.server.monitoring_http import MonitoringServer
from mixer.server.options import ServerOptions

_LOG: Final = logging.getLogger(__name__)
_WAKE_UP_S: Final = 0.1


class MixerServer:
    """A server that can be started once, and stopped."""

    def __init__(self, options: ServerOptions, clock: Clock | None = None) -> None:
        self._options = options
        self._stop_asked = threading.Event()
        self._is_serving = False
        self._watcher: threading.Thread | None = None
        self.runtime = Runtime(
            AdapterRegistry(),
            RuntimeOptions(
                default_namespace=options.default_namespace,
                on_config_error=options.on_config_error,
            ),
            clock,
            self._lend,
        )
        """The configuration in force."""
        self._transport: GrpcTransport | None = None
        self._monitoring: MonitoringServer | None = None

    @property
    def address(self) -> str:
        """Where requests are answered, with the real port; only after `start`."""
        assert self._transport is not None
        return self._transport.address

    @property
    def monitoring_address(self) -> str | None:
        """Where metrics and probes are, with the real port; None for nowhere."""
        return self._monitoring.address if self._monitoring else None

    def start(self) -> None:
        """Begins to serve.

        Raises ConfigErrors when the configuration is rejected, and OSError when an address can't
        be had; nothing is left running then.
        """
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        options = self._options
        store = DirectoryStore(options.config) if options.config else None
        contents = store.read() if store else demo.contents()
        self.runtime.apply(contents)
        if options.monitoring_address is not None:
            self._monitoring = MonitoringServer(
                options.monitoring_address, readiness=lambda: self._is_serving
            )
            self._monitoring.start()
        self._transport = GrpcTransport(
            options, SERVICES, Backend(self.runtime, Throttle(options.throttle))
        )
        self._transport.start()
        # What has been loaded so far stays for good; no need to look through it for garbage.
        gc.collect()
        gc.freeze()
        self._is_serving = True
        if store is not None:
            self._watcher = threading.Thread(
                target=self._watch, args=(store, contents.digest), name="mixer-config", daemon=True
            )
            self._watcher.start()

    def _watch(self, store: DirectoryStore, digest: str) -> None:
        store.watch(self._reload, self._stop_asked, since=digest)

    def _reload(self, contents: Contents) -> None:
        try:
            self.runtime.apply(contents)
        except ConfigErrors as rejected:
            _LOG.error("configuration rejected, the last good one stays in force:\n%s", rejected)
        except Exception:
            monitoring.CONFIG_RELOADS.labels("failed").inc()
            _LOG.exception("configuration can't be applied, the last good one stays in force")

    def _lend(self) -> AbstractContextManager[None]:
        return nullcontext() if self._transport is None else self._transport.lend()

    def request_stop(self) -> None:
        """Makes `wait` return; safe to call from a signal handler."""
        self._stop_asked.set()

    def wait(self) -> None:
        """Returns after `request_stop`."""
        # A signal's handler runs on the main thread, but when another thread was given the signal,
        # nothing wakes the main thread up for it. So it wakes up by itself.
        while not self._stop_asked.wait(_WAKE_UP_S):
            pass

    def stop(self) -> None:
        """Stops answering, lets requests that are under way end, and closes all handlers."""
        self._stop_asked.set()
        self._is_serving = False
        if self._transport is not None:
            self._transport.stop(self._options.grace_s)
        if self._watcher is not None:
            self._watcher.join()
        if not self.runtime.close():
            _LOG.warning("some handlers did not close in time")
        if self._monitoring is not None:
            self._monitoring.stop()
