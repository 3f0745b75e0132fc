"""Calls that come at once share one transaction, because a transaction costs a write to the disk.

Theory of operation. A call adds its records to those that wait, then waits for its turn. Whoever
gets the turn writes all that wait, in one transaction, on behalf of those who follow; they find
their part done. While one transaction is under way, the records of the next one gather. There is
no thread of its own, and no delay for who is alone.
"""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from adapters.metering.record import UsageRecord
from mixer.adapter import UnavailableError

_T = TypeVar("_T")


class _Part:
    """What one call wants written."""

    __slots__ = ("error", "is_over", "records")

    def __init__(self, records: Sequence[UsageRecord]) -> None:
        self.records = records
        self.is_over = False
        self.error: Exception | None = None


class GroupCommit:
    """Writes records for many threads."""

    def __init__(self, write: Callable[[Sequence[UsageRecord]], None], timeout_s: float) -> None:
        """`write` is called by one thread at a time; what it was given is durable on return."""
        self._write = write
        self._timeout_s = timeout_s
        self._turn = threading.Lock()
        self._change = threading.Lock()
        self._waiting: list[_Part] = []

    def add(self, records: Sequence[UsageRecord]) -> None:
        """Returns when the records are durable.

        Raises what `write` raises, and UnavailableError when the turn does not come in time; the
        records may be in the ledger even then, which is why they have ids.
        """
        mine = _Part(records)
        with self._change:
            self._waiting.append(mine)
        if not self._turn.acquire(timeout=self._timeout_s):
            self._withdraw(mine)
            raise UnavailableError(f"the ledger was busy for {self._timeout_s:g} s")
        try:
            if not mine.is_over:
                self._write_all()
        finally:
            self._turn.release()
        if mine.error is not None:
            raise mine.error

    def alone(self, work: Callable[[], _T], timeout_s: float) -> _T | None:
        """Does something while nothing is written; None if the turn does not come in time."""
        if not self._turn.acquire(timeout=timeout_s):
            return None
        try:
            return work()
        finally:
            self._turn.release()

    def _withdraw(self, part: _Part) -> None:
        with self._change:
            if part in self._waiting:
                self._waiting.remove(part)

    def _write_all(self) -> None:
        with self._change:
            parts, self._waiting = self._waiting, []
        error: Exception | None = None
        try:
            self._write([record for part in parts for record in part.records])
        except Exception as failure:
            # Not for this call only: each of the others must hear of it too.
            error = failure
        for part in parts:
            part.error = error
            part.is_over = True
