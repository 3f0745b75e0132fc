"""Reports, gathered on the caller's turn and sent on a thread of their own.

The original compressed each report on the turn of the request, and sent the batch there too, under
its lock (proxy 1.4 `src/istio/mixerclient/report_batch.cc`). Here the caller pays for a copy of its
attributes, and for waking the thread when a batch begins or is full.

A batch goes out when it is full, or when its oldest report has waited long enough. While one is
under way the next ones gather; if the server is so slow that too many wait, new ones are dropped.
"""

import time
from collections.abc import Callable, Mapping
from threading import Condition, Thread

from mixer.attribute.value import Value
from proxy_client.bag import copied
from proxy_client.fork import restart_in_child
from proxy_client.report.queue import Batch, BatchLimits, ReportQueue
from proxy_client.statistics import Statistics


class ReportBatch:
    """Gathers the reports of one client; may be used from any thread.

    The child of a fork begins with none, and with a thread of its own.
    """

    def __init__(
        self,
        send: Callable[[Batch], None],
        statistics: Statistics,
        limits: BatchLimits = BatchLimits(),  # noqa: B008 - it is immutable
        *,
        monotonic: Callable[[], float] = time.monotonic,
        condition: Callable[[], Condition] = Condition,
    ) -> None:
        """`send` is called by one thread, with one batch at a time, and raises nothing.

        That is `ReportSender.send`. `condition` makes what the thread waits with, for `monotonic`.
        The thread starts with the first report.
        """
        self._send = send
        self._statistics = statistics
        self._limits = limits
        self._monotonic = monotonic
        self._make_condition = condition
        self._is_closed = False
        self.restart()
        restart_in_child(self)

    def restart(self) -> None:
        """Forgets all reports and the thread; for the child of a fork, which has neither."""
        self._condition = self._make_condition()
        self._queue = ReportQueue(self._limits)
        self._thread: Thread | None = None
        self._added_count = self._done_count = 0

    def add(self, attributes: Mapping[str, Value]) -> None:
        """Takes a report; the mapping, and the maps in it, may be changed afterwards.

        Drops it, and counts that, when too many wait or the batch is closed.
        """
        bag = copied(attributes)
        self._statistics.total_report_calls += 1
        with self._condition:
            if self._is_closed or not self._queue.add(bag, self._monotonic()):
                self._statistics.total_reports_dropped += 1
                return
            self._added_count += 1
            if self._queue.is_at_turn:
                self._wake()

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Sends all reports that wait; whether that was done within so many seconds."""
        with self._condition:
            self._queue.flush()
            if self._queue:
                self._wake()
            return self._wait_until_done(self._added_count, timeout_s)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Sends all reports that wait and takes no more; whether that was done in time.

        Those that could not even be tried in time are counted as lost.
        """
        with self._condition:
            self._is_closed = True
            is_done = self.flush(timeout_s)
            left = self._queue.clear()
            self._statistics.total_report_bags_lost += left
            self._done_count += left
            self._condition.notify_all()
            return is_done

    def _wake(self) -> None:
        """Has the thread look at the queue. Needs the lock."""
        if self._thread is not None and self._thread.is_alive():
            self._condition.notify_all()
            return
        thread = Thread(target=self._run, name="mixer-reports", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # there can be no more threads now; that must not fail a request
            return
        self._thread = thread

    def _wait_until_done(self, count: int, timeout_s: float) -> bool:
        """Waits until so many reports have been sent or lost. Needs the lock."""
        end_s = self._monotonic() + timeout_s
        while self._done_count < count:
            left_s = end_s - self._monotonic()
            if left_s <= 0:
                return False
            self._condition.wait(left_s)
        return True

    def _run(self) -> None:
        while batch := self._next():
            self._send(batch)
            with self._condition:
                self._done_count += len(batch.bags)
                self._condition.notify_all()

    def _next(self) -> Batch | None:
        """Waits for a batch that is due; None when this is closed and all were sent."""
        with self._condition:
            while True:
                now_s = self._monotonic()
                wait_s = self._queue.wait_s(now_s)
                if wait_s == 0:
                    return self._queue.take(now_s)
                if wait_s is None and self._is_closed:
                    return None
                self._condition.wait(wait_s)
