"""A file whose content may change while it is used, as mounted secrets do."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

_INTERVAL_S: Final = 1.0
_MOST_BYTES: Final = 64 * 1024


class SecretFile:
    """The text of a file, read again when the file has changed. Safe for use by many threads."""

    def __init__(self, path: str, monotonic: Callable[[], float]) -> None:
        """Reads it at once; raises OSError when it can't be read, ValueError when it is no secret.

        It is looked at again once a second at most. A file that can't be read then, or is empty
        for the moment, changes nothing.
        """
        self._path = Path(path)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._signature = self._stat()
        self._text = self._read()
        self._looked_s = monotonic()

    @property
    def text(self) -> str:
        """What is in the file, without white space around it."""
        now_s = self._monotonic()
        if now_s - self._looked_s >= _INTERVAL_S:
            with self._lock:
                self._looked_s = now_s
                self._refresh()
        return self._text

    def _refresh(self) -> None:
        try:
            signature = self._stat()
            if signature != self._signature:
                self._text = self._read()
                self._signature = signature
        except (OSError, ValueError):
            return  # the next look may find it whole

    def _stat(self) -> tuple[int, int, int]:
        found = self._path.stat()
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _read(self) -> str:
        with self._path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        text = content.decode("ascii", errors="replace").strip()
        if not text or not text.isprintable() or "�" in text or len(content) > _MOST_BYTES:
            raise ValueError(f"{self._path}: want one line of printable ASCII")
        return text
