"""Keeps the objects of one kind up to date: lists them, then watches what changes.

The cases, after a watch has ended:

- the server ended it in time: the next one goes on where it stopped;
- the connection broke: the same, after a pause that gets longer with each failure;
- what happened since then has been forgotten (410 Gone): all is listed anew;
- it is time to list all anew, whatever the watch has told.

While the server is away, what was known stays.
"""

import threading
import time
from collections.abc import Callable, Iterator
from logging import Logger, LoggerAdapter
from typing import Any, Final

from adapters.kubernetesenv.api import Resource
from adapters.kubernetesenv.cache import Objects
from adapters.kubernetesenv.objects import Raw, key_of
from mixer.adapter import needs_extra

with needs_extra("kubernetes"):
    from kubernetes import watch
    from kubernetes.client import ApiException

_GONE: Final = 410
_WATCH_S: Final = 60
"""How long the server is asked to go on with one watch."""
_READ_TIMEOUT_S: Final = _WATCH_S + 15
"""A server that says nothing for so long is away: it should have ended the watch."""
_CONNECT_TIMEOUT_S: Final = 5
_FIRST_PAUSE_S: Final = 0.25
_LONGEST_PAUSE_S: Final = 8.0
_JOIN_S: Final = 0.02


class Informer:
    """A thread that keeps some objects up to date."""

    def __init__(
        self,
        resource: Resource,
        objects: Objects[Any],
        refresh_s: float,
        logger: "LoggerAdapter[Logger]",
        on_failure: Callable[[], None],
    ) -> None:
        """`on_failure` is called whenever the server could not be asked."""
        self._resource = resource
        self._objects = objects
        self._refresh_s = refresh_s
        self._logger = logger
        self._on_failure = on_failure
        self._stopped = threading.Event()
        self._watch = watch.Watch()
        self._version = ""
        """Up to where changes are known; empty: list first."""
        self._list_due_s = 0.0
        name = f"mixer-kubernetes-{resource.name}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread soon; does not wait for it."""
        self._stopped.set()
        self._watch.stop()

    def join(self, timeout_s: float) -> None:
        """Waits until the thread has ended, if it does in time."""
        end_s = time.monotonic() + timeout_s
        while self._thread.is_alive() and time.monotonic() < end_s:
            self._watch.stop()  # again: a watch that has just begun forgets that it was stopped
            self._thread.join(_JOIN_S)

    def _run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._stopped.is_set():
            try:
                self._go_on()
                pause_s = _FIRST_PAUSE_S
            except Exception as error:
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
                if not self._stopped.is_set():
                    self._failed(error)
            self._stopped.wait(pause_s)

    def _go_on(self) -> None:
        if not self._version or time.monotonic() >= self._list_due_s:
            self._list()
        for event in self._events():
            raw: Raw = event["object"]
            self._apply(event["type"], raw)
            self._version = raw["metadata"]["resourceVersion"]

    def _list(self) -> None:
        listed: list[Raw] = []
        token = ""
        while True:
            items, version, token = self._resource.page(token)
            listed += items
            if not token:
                break
        self._objects.replace(listed)
        self._version = version
        self._list_due_s = time.monotonic() + self._refresh_s

    def _events(self) -> Iterator[Any]:
        def ask(**options: Any) -> Any:  # as the watch finds no type in it, it makes no models
            return self._resource.ask(**options)

        left_s = max(1, round(self._list_due_s - time.monotonic()))
        events: Iterator[Any] = self._watch.stream(
            ask,
            resource_version=self._version,
            allow_watch_bookmarks=True,
            timeout_seconds=min(left_s, _WATCH_S),
            _request_timeout=(_CONNECT_TIMEOUT_S, _READ_TIMEOUT_S),
        )
        return events

    def _apply(self, kind: str, raw: Raw) -> None:
        match kind:
            case "ADDED" | "MODIFIED":
                self._objects.put(raw)
            case "DELETED":
                self._objects.remove(key_of(raw))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, ApiException) and error.status == _GONE:
            self._version = ""
            return
        self._on_failure()
        self._logger.warning("%s are not up to date: %s", self._resource.name, error)
