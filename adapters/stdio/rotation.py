"""A file that is set aside when it is full.

The standard library's `RotatingFileHandler` is no help: it renames every old file at each
rotation, knows no limit of age, and keeps errors to itself. The file is looked at anew for each
write, so that two handlers of one path, as there are while a configuration is replaced, agree on
it; a file that somebody else has moved away is made again.
"""

import contextlib
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.stdio.sink import File
from mixer.adapter import Timestamp

_STAMP: Final = r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{6}Z"
_LOCKS: Final[dict[Path, threading.Lock]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a file is full, and which of the files set aside are kept; 0 is no limit."""

    size: int
    """Of the file, in bytes; a single write may exceed it."""
    age_ns: int
    """Of a file since it was set aside."""
    count: int
    """Of the files set aside."""


class RotatedFile:
    """Appends to a file; `a.log` is set aside as `a-2019-06-01T10-00-00.000000Z.log`."""

    def __init__(self, path: str, limits: Limits, now_ns: Callable[[], int]) -> None:
        """Opens the file; raises OSError that names the path."""
        self._path = Path(path).absolute()
        self._limits = limits
        self._now_ns = now_ns
        self._lock = _LOCKS.setdefault(self._path, threading.Lock())
        self._file = File(path)

    def write(self, lines: bytes) -> None:
        """See `Sink.write`."""
        with self._lock:
            size = self._current_size()
            is_full = 0 < self._limits.size < size + len(lines) and size > 0
            if is_full:
                self._set_aside()
            self._file.write(lines)
            if is_full:
                self._remove_old()

    def close(self) -> None:
        """Closes the file; nothing is buffered."""
        self._file.close()

    def _current_size(self) -> int:
        with contextlib.suppress(FileNotFoundError):
            status = self._path.stat()
            if os.path.samestat(status, self._file.status()):
                return status.st_size
        self._reopen()
        return self._file.status().st_size

    def _reopen(self) -> None:
        old, self._file = self._file, File(str(self._path))
        old.close()

    def _set_aside(self) -> None:
        now_ns = self._now_ns()
        while (target := self._aside(_stamp(now_ns))).exists():
            now_ns += 1000
        self._path.rename(target)
        self._reopen()

    def _aside(self, stamp: str) -> Path:
        return self._path.with_name(f"{self._path.stem}-{stamp}{self._path.suffix}")

    def _remove_old(self) -> None:
        oldest = _stamp(self._now_ns() - self._limits.age_ns)
        for index, stamp in enumerate(sorted(self._stamps(), reverse=True)):
            is_old = self._limits.age_ns > 0 and stamp < oldest
            is_extra = 0 < self._limits.count <= index
            if is_old or is_extra:
                self._aside(stamp).unlink(missing_ok=True)

    def _stamps(self) -> list[str]:
        stem, suffix = re.escape(self._path.stem), re.escape(self._path.suffix)
        pattern = re.compile(f"{stem}-({_STAMP}){suffix}")
        found = (pattern.fullmatch(path.name) for path in self._path.parent.iterdir())
        return [match[1] for match in found if match]


def _stamp(instant_ns: int) -> str:
    """An instant as the names of files say it; later ones sort after earlier ones."""
    return str(Timestamp(instant_ns)).replace(":", "-")
