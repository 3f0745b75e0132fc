"""A file that is set aside when it is full or old.

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
    """When a file is set aside, and which of those set aside are kept; 0 is no limit."""

    size: int
    """Of the file, in bytes; a single write may exceed it."""
    age_ns: int
    """Of a file since it was set aside."""
    count: int
    """Of the files set aside."""
    open_ns: int = 0
    """Of the time that a file is written to; it is set aside by the first write after that."""


class RotatedFile:
    """Appends to a file; `a.log` is set aside as `a-2019-06-01T10-00-00.000000Z.log`."""

    def __init__(
        self,
        path: str,
        limits: Limits,
        now_ns: Callable[[], int],
        *,
        syncs_aside: bool = False,
    ) -> None:
        """Opens the file; raises OSError that names the path.

        `syncs_aside` waits for the disk before a file is set aside.
        """
        self._path = Path(path).absolute()
        self._limits = limits
        self._now_ns = now_ns
        self._lock = _LOCKS.setdefault(self._path, threading.Lock())
        self._file = File(path)
        self._opened_ns = now_ns()
        self._syncs_aside = syncs_aside

    def write(self, lines: bytes) -> None:
        """See `Sink.write`."""
        with self._lock:
            size = self._current_size()
            is_over = size > 0 and (self._is_full(size + len(lines)) or self._is_old())
            if is_over:
                self._set_aside()
            self._file.write(lines)
            if is_over:
                remove_old(self._path, self._limits, self._now_ns())

    def sync(self) -> None:
        """Waits until the disk has what was written to the file since the last was set aside."""
        with self._lock:
            self._file.sync()

    def close(self) -> None:
        """Closes the file; nothing is buffered."""
        self._file.close()

    def _is_full(self, size: int) -> bool:
        return 0 < self._limits.size < size

    def _is_old(self) -> bool:
        return 0 < self._limits.open_ns <= self._now_ns() - self._opened_ns

    def _current_size(self) -> int:
        with contextlib.suppress(FileNotFoundError):
            status = self._path.stat()
            if os.path.samestat(status, self._file.status()):
                return status.st_size
        self._reopen()
        return self._file.status().st_size

    def _reopen(self) -> None:
        old, self._file = self._file, File(str(self._path))
        self._opened_ns = self._now_ns()
        old.close()

    def _set_aside(self) -> None:
        if self._syncs_aside:
            self._file.sync()
        self._path.rename(free_name(self._path, self._now_ns()))
        self._reopen()


def free_name(path: Path, now_ns: int) -> Path:
    """Where a file of that name is set aside to, at that instant or as soon after as is free."""
    while (target := _aside(path, _stamp(now_ns))).exists():
        now_ns += 1000
    return target


def remove_old(path: Path, limits: Limits, now_ns: int) -> None:
    """Removes the files of that name set aside that are too old, or too many."""
    oldest = _stamp(now_ns - limits.age_ns)
    for index, stamp in enumerate(sorted(_stamps(path), reverse=True)):
        is_old = limits.age_ns > 0 and stamp < oldest
        is_extra = 0 < limits.count <= index
        if is_old or is_extra:
            _aside(path, stamp).unlink(missing_ok=True)


def _aside(path: Path, stamp: str) -> Path:
    return path.with_name(f"{path.stem}-{stamp}{path.suffix}")


def _stamps(path: Path) -> list[str]:
    stem, suffix = re.escape(path.stem), re.escape(path.suffix)
    pattern = re.compile(f"{stem}-({_STAMP}){suffix}")
    found = (pattern.fullmatch(other.name) for other in path.parent.iterdir())
    return [match[1] for match in found if match]


def _stamp(instant_ns: int) -> str:
    """An instant as the names of files say it; later ones sort after earlier ones."""
    return str(Timestamp(instant_ns)).replace(":", "-")
