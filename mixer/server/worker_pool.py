"""The threads that answer requests: an executor without the parts that a server does not use.

The standard library's makes a future with a lock and a condition for every call, so that somebody
can wait for its result. Nobody waits here: a gRPC server only wants to hear when a call is over.
"""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
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
    """Threads that take calls in order: as many as were asked for, and those that are lent."""

    def __init__(self, thread_count: int, name: str) -> None:
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._name = name
        self._threads: set[threading.Thread] = set()
        self._change = threading.Lock()
        for _ in range(thread_count):
            self._start_thread()

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        with self._change:
            self._threads.add(thread)
            thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> futures.Future[Any]:
        """Has one of the threads make the call; the future only knows `add_done_callback`."""
        call = _Call()
        self._queue.put((fn, args, kwargs, call))
        return cast("futures.Future[Any]", call)

    @contextmanager
    def lend(self) -> Iterator[None]:
        """Has one thread more meanwhile: for a call that holds its own for a long time."""
        self._start_thread()
        try:
            yield
        finally:
            self._queue.put(None)

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            fn, args, kwargs, call = work
            try:
                fn(*args, **kwargs)
            except Exception:
                _LOG.exception("a call failed")
            call.end()
            del work, fn, args, kwargs, call  # or a request lives until the next one comes
        with self._change:
            self._threads.discard(threading.current_thread())

    def _running(self) -> list[threading.Thread]:
        with self._change:
            return list(self._threads)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Ends the threads after the calls that are queued; these are never cancelled."""
        del cancel_futures
        for _ in self._running():
            self._queue.put(None)
        # A call that is still queued may lend a thread, which ends by itself.
        while wait and (threads := self._running()):
            for thread in threads:
                thread.join()
