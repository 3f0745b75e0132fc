"""A table of what has been worked out, bounded because clients choose what comes to stand in it."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(dict[K, V], Generic[K, V]):
    """`kept[key]` is the value of `key`, worked out when it is first asked for.

    A look-up that finds its value is one of a plain dict.
    """

    def __init__(
        self, work_out: Callable[[K], V], max_count: int, is_small: Callable[[K, V], bool]
    ) -> None:
        """Keeps at most `max_count` values, and only those for which `is_small` holds."""
        super().__init__()
        self._work_out: Callable[[K], V] = work_out
        self._max_count = max_count
        self._is_small: Callable[[K, V], bool] = is_small

    def __missing__(self, key: K) -> V:
        value: V = self._work_out(key)
        if self._is_small(key, value):
            if len(self) >= self._max_count:
                self.clear()
            self[key] = value
        return value
