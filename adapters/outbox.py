"""What is to be sent and has not been yet: a queue with an end, and a thread that empties it.

Adapters that take reports put into an outbox what is to go out, and return at once. Theory of
operation: the thread wakes when a batch is full, half of the room is taken, or an interval is over;
it then sends all that waits, batch by batch. A batch that can't be sent stays in the thread's hand
and is tried again after a pause, which keeps the order and lets the queue fill. What then does not
fit is dropped. So each item is sent or dropped, and `on_drop` is told of the latter.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

_LOG: Final = logging.getLogger(__name__)

Item = TypeVar("Item")


def _one(_item: object) -> int:
    return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The bounds of one outbox."""

    max_waiting: int
    """How many items may wait, those that are being sent included."""
    max_batch: int
    """The weight that a batch must not exceed, unless it is a single item."""
    interval_s: float
    """How long an item waits for others to fill its batch."""
    retry_pause_s: float = 1.0
    """Seconds between two attempts at one batch."""
    max_attempts: int = 5
    """After so many failed attempts a batch is dropped; 0 for never."""


class Outbox(Generic[Item]):
    """A bounded queue, sent by a thread of its own. Safe for use by many threads."""

    def __init__(
        self,
        name: str,
        send: Callable[[list[Item]], object],
        bounds: Bounds,
        on_drop: Callable[[int], object],
        weigh: Callable[[Item], int] = _one,
    ) -> None:
        """`name` is that of the thread.

        `send` raises OSError for a batch that is to be tried again; a batch with which it raises
        anything else is dropped. `weigh` gives what an item adds to the weight of a batch.
        """
        self._name = name
        self._send = send
        self._bounds = bounds
        self._on_drop = on_drop
        self._weigh = weigh
        self._change = threading.Condition(threading.Lock())
        self._queue: deque[Item] = deque()
        self._weight = 0
        self._in_hand = 0
        self._is_closed = False
        self._is_failing = False
        self._thread = threading.Thread(target=self._run, name=f"mixer-{name}", daemon=True)
        self._thread.start()

    def put(self, items: Sequence[Item]) -> None:
        """Has the items sent, in order; never waits. What does not fit is dropped."""
        with self._change:
            room = self._bounds.max_waiting - len(self._queue) - self._in_hand
            taken = () if self._is_closed else items[: max(0, room)]
            self._queue.extend(taken)
            self._weight += sum(map(self._weigh, taken))
            if self._is_urgent():
                self._change.notify()
        if len(taken) < len(items):
            self._on_drop(len(items) - len(taken))

    def stop(self) -> None:
        """Takes nothing more, and has what waits sent now. The first failure drops all of it."""
        with self._change:
            self._is_closed = True
            self._change.notify_all()

    def join(self, timeout_s: float) -> None:
        """Waits for what `stop` began, so long at most; what has not been sent then is dropped."""
        self._thread.join(max(0.0, timeout_s))
        self._abandon()

    def _is_urgent(self) -> bool:
        bounds = self._bounds
        is_full = self._weight >= bounds.max_batch or 2 * len(self._queue) >= bounds.max_waiting
        return is_full or self._is_closed

    def _run(self) -> None:
        while not self._is_over():
            with self._change:
                self._change.wait_for(self._is_urgent, self._bounds.interval_s)
            while batch := self._take():
                self._deliver(batch)

    def _is_over(self) -> bool:
        with self._change:
            return self._is_closed and not self._queue

    def _take(self) -> list[Item]:
        batch: list[Item] = []
        weight = 0
        with self._change:
            while self._queue:
                more = self._weigh(self._queue[0])
                if batch and weight + more > self._bounds.max_batch:
                    break
                batch.append(self._queue.popleft())
                weight += more
            self._weight -= weight
            self._in_hand = len(batch)
        return batch

    def _deliver(self, batch: list[Item]) -> None:
        attempt_count = 1
        while not self._succeeds(batch):
            if self._is_closed:
                self._abandon()
            elif attempt_count == self._bounds.max_attempts:
                self._drop_in_hand()
            else:
                attempt_count += 1
                self._pause()
                continue
            return
        with self._change:
            self._in_hand = 0

    def _succeeds(self, batch: list[Item]) -> bool:
        """Whether nothing more is to be done for the batch."""
        try:
            self._send(batch)
        except OSError as error:
            if not self._is_failing:
                _LOG.warning("%s can't send, and goes on trying: %s", self._name, error)
            self._is_failing = True
            return False
        except Exception:
            _LOG.exception("%s can't send a batch, which is dropped", self._name)
            self._drop_in_hand()
            return True
        self._is_failing = False
        return True

    def _pause(self) -> None:
        with self._change:
            self._change.wait_for(lambda: self._is_closed, self._bounds.retry_pause_s)

    def _drop_in_hand(self) -> None:
        with self._change:
            lost, self._in_hand = self._in_hand, 0
        self._tell(lost)

    def _abandon(self) -> None:
        with self._change:
            lost = len(self._queue) + self._in_hand
            self._queue.clear()
            self._weight = self._in_hand = 0
        self._tell(lost)

    def _tell(self, lost: int) -> None:
        if lost:
            self._on_drop(lost)
