"""Records of one instance that wait for the next Parquet file."""

import threading
from collections.abc import Sequence

from adapters.file.record import Record


class Buffer:
    """Takes records from many threads; one takes them out."""

    def __init__(self, max_count: int) -> None:
        self._max_count = max_count
        self._lock = threading.Lock()
        self._records: list[Record] = []
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._records)

    def add(self, records: Sequence[Record]) -> int:
        """Keeps as many as there is room for; says how many it does not."""
        with self._lock:
            room = 0 if self._is_closed else self._max_count - len(self._records)
            self._records.extend(records[:room])
        return max(0, len(records) - room)

    def close(self) -> None:
        """Takes no more."""
        with self._lock:
            self._is_closed = True

    def first(self, count: int) -> list[Record]:
        """Those that have waited longest, which stay until `remove`."""
        with self._lock:
            return self._records[:count]

    def remove(self, count: int) -> None:
        """Forgets those that have waited longest."""
        with self._lock:
            del self._records[:count]
