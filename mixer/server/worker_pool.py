"""The threads that answer requests: an executor without the parts that a server does not use.

The standard library's makes a future with a lock and a condition for every call, so that somebody
can wait for its result. Nobody waits here: a gRPC server only wants to hear when a call is over.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent import futures
from typing import Any, Final, cast

_LOG: Final = logging.getLogger(__name__)

_Work = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], "_Call"]


class _Call:
    """Tells of the end of one call, and nothing of its result."""

    __slots__ = ("_is_over", "_listeners")

    def __init__(self) -> None:
        self._is_over = False
        self._listeners: list[Callable[[Any], object]] = []

    def add_done_callback(self, fn: Callable[[Any], object]) -> None:
        self._listeners.append(fn)
        if self._is_over:
            self.tell()

    def end(self) -> None:
        self._is_over = True
        self.tell()

    def tell(self) -> None:
        # Both threads may come here; `pop` gives each listener to one of them only.
        while self._listeners:
            try:
                listener = self._listeners.pop()
            except IndexError:
                return
            listener(self)


class WorkerPool(futures.Executor):
    """A fixed number of threads that take calls in order."""

    def __init__(self, thread_count: int, name: str) -> None:
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"{name}-{index}", daemon=True)
            for index in range(thread_count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> futures.Future[Any]:
        """Has one of the threads make the call; the future only knows `add_done_callback`."""
        call = _Call()
        self._queue.put((fn, args, kwargs, call))
        return cast("futures.Future[Any]", call)

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            fn, args, kwargs, call = work
            try:
                fn(*args, **kwargs)
            except Exception:
                _LOG.exception("a call failed")
            call.end()
            del work, fn, args, kwargs, call  # or a request lives until the next one comes

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Ends the threads after the calls that are queued; these are never cancelled."""
        del cancel_futures
        for _ in self._threads:
            self._queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
