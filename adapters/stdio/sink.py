"""Where lines go: a stream of the process, or a file."""

import os
import threading
from typing import Final, Protocol


class Sink(Protocol):
    """Takes whole lines, from many threads at once."""

    def write(self, lines: bytes) -> None:
        """Writes lines before it returns; raises OSError where it cannot."""

    def close(self) -> None:
        """Gives up what the sink has opened."""


class Descriptor:
    """A file descriptor of somebody else; lines of different calls do not mix."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._is_torn = False

    def write(self, lines: bytes) -> None:
        """See `Sink.write`. After a failure within a line, the next call starts a new line."""
        with self._lock:
            if self._is_torn:
                lines = b"\n" + lines
            written = 0
            try:
                while written < len(lines):
                    written += os.write(self._descriptor, lines[written:])
            finally:
                if written:
                    self._is_torn = lines[written - 1] != ord("\n")

    def close(self) -> None:
        """Does nothing: nothing is buffered, and the descriptor is not ours."""


STDOUT: Final = Descriptor(1)
STDERR: Final = Descriptor(2)
"""Shared by all handlers of the process, so that their lines do not mix either."""


class File(Descriptor):
    """A file that is appended to, and made at need."""

    def __init__(self, path: str) -> None:
        """Raises OSError that names the path."""
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        super().__init__(os.open(path, flags, 0o644))

    def status(self) -> os.stat_result:
        """What the system says of the open file, wherever its name may be by now."""
        return os.fstat(self._descriptor)

    def sync(self) -> None:
        """Waits until the disk has all that was written."""
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Closes the file; nothing is buffered."""
        os.close(self._descriptor)
