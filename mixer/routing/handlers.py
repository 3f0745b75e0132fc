"""Running handlers: made from their configuration, carried over when it has not changed.

A handler lives in an entry. Each routing table holds the entries it uses, each request holds the
table it began with, and nothing else holds either. So when the last request of a replaced table
ends, the entries that no newer table took over cease to exist, and that is when their handlers are
closed, on a thread of its own: `close` may block.
"""

import logging
import queue
import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from mixer import monitoring
from mixer.adapter import Clock, Env, Template
from mixer.adapter.env import Scheduler, ThreadScheduler
from mixer.config.snapshot import HandlerConfig
from mixer.errors import ConfigError
from mixer.isolation.isolation import Isolation, Lend

_LOG: Final = logging.getLogger(__name__)
_CLOSE_TIMEOUT_S: Final = 30.0
"""How long the others wait for one that closes."""


class HandlerEntry:
    """One running handler."""

    __slots__ = ("__weakref__", "_isolation", "config", "handler", "let_go")

    def __init__(
        self,
        config: HandlerConfig,
        handler: Any,
        close: Callable[[], object],
        isolation: Isolation | None = None,
    ) -> None:
        self.config = config
        self.handler = handler
        self._isolation = isolation
        self.let_go = weakref.finalize(self, close)
        """Has the handler closed now; only for an entry that no request can be using."""
        # At the exit of the process, `Runtime.close` has closed what is to be closed.
        self.let_go.atexit = False

    def method(self, template: Template) -> Callable[..., Any]:
        """What answers that template, bounded if it may block."""
        method = getattr(self.handler, template.method)
        return method if self._isolation is None else self._isolation.around(method)


HandlerTable = Mapping[str, HandlerEntry]
"""Entries by the handlers' display names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltHandlers:
    """The handlers of one configuration."""

    table: HandlerTable
    errors: tuple[ConfigError, ...]
    """Why handlers that are missing from the table could not be made."""


class HandlerFactory:
    """Makes handlers, and closes those that nobody holds any more."""

    def __init__(self, clock: Clock, lend: Lend = nullcontext) -> None:
        """`lend` is used by requests that wait for a handler."""
        self._clock = clock
        self._lend = lend
        self._closer = _Closer()

    def build(self, configs: Mapping[str, HandlerConfig], previous: HandlerTable) -> BuiltHandlers:
        """Takes over from `previous` what has an equal configuration, and makes the others."""
        table: dict[str, HandlerEntry] = {}
        errors: list[ConfigError] = []
        for name, config in configs.items():
            old = previous.get(name)
            if old is not None and old.config == config:
                table[name] = old
                continue
            try:
                table[name] = self._build(config)
            except Exception as error:
                _LOG.debug("handler %s can't be made", name, exc_info=True)
                text = getattr(error, "strerror", None) or str(error) or repr(error)
                message = f"adapter {config.info.name} can't be started: {text}"
                errors.append(ConfigError(config.place, message, config.location))
        monitoring.count_handlers(table, previous, failures=len(errors))
        return BuiltHandlers(table=table, errors=tuple(errors))

    def _build(self, config: HandlerConfig) -> HandlerEntry:
        scheduler = ThreadScheduler(config.name)
        env = Env(
            handler=config.name,
            scheduler=scheduler,
            instances=config.instances,
            clock=self._clock,
        )
        try:
            handler = config.info.build(config.params, env)
        except BaseException:
            scheduler.close()
            raise
        isolation = self._isolation(config)
        parts = _Parts(config.name, handler, scheduler, isolation)
        try:
            config.info.check_handler(handler)
        except BaseException:
            _close(parts)
            raise
        self._closer.start()
        return HandlerEntry(config, handler, partial(self._closer.put, parts), isolation)

    def _isolation(self, config: HandlerConfig) -> Isolation | None:
        if config.isolation is None:
            return None
        return Isolation(config.name, config.isolation, self._clock.monotonic, self._lend)

    def drain(self, timeout_s: float) -> bool:
        """Waits until everything that was let go has been closed; False after `timeout_s`."""
        return self._closer.drain(timeout_s)


class _Parts(NamedTuple):
    """What ends with a handler."""

    name: str
    handler: Any
    scheduler: Scheduler
    isolation: Isolation | None


_Waiting = queue.SimpleQueue[_Parts | None]
"""What is to be closed; None ends the thread that does it."""


class _Closer:
    """A thread that closes handlers, for as long as somebody may still give it one."""

    def __init__(self) -> None:
        self._waiting: _Waiting = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        weakref.finalize(self, self._waiting.put, None).atexit = False

    # Runs in finalizers, so anywhere in any thread: SimpleQueue.put is made for that.
    def put(self, parts: _Parts) -> None:
        self._waiting.put(parts)

    def start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=_close_all, args=(self._waiting,), name="mixer-closer", daemon=True
            )
            self._thread.start()

    def drain(self, timeout_s: float) -> bool:
        self.start()
        assert self._thread is not None
        self._waiting.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive()


def _close_all(waiting: _Waiting) -> None:
    while (parts := waiting.get()) is not None:
        # One that hangs must not keep the others from being closed.
        thread = threading.Thread(
            target=_close, args=(parts,), name=f"mixer-close-{parts.name}", daemon=True
        )
        thread.start()
        thread.join(_CLOSE_TIMEOUT_S)
        if thread.is_alive():
            monitoring.HANDLER_CLOSE_FAILURES.inc()
            _LOG.error("handler %s does not close; it is left to itself", parts.name)


def _close(parts: _Parts) -> None:
    if parts.isolation is not None:
        parts.isolation.close()
    close: Callable[[], None] | None = getattr(parts.handler, "close", None)
    try:
        if close is not None:
            close()
        _LOG.info("closed handler %s", parts.name)
    except BaseException:
        # On this thread even SystemExit is just a plug-in's mistake.
        monitoring.HANDLER_CLOSE_FAILURES.inc()
        _LOG.exception("handler %s failed to close", parts.name)
    monitoring.HANDLERS_CLOSED.inc()
    parts.scheduler.close()
