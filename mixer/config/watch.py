"""Says when a directory may have changed."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import watchfiles

RESCAN_MS: Final = 500
"""What no notification tells of is noticed after this: a swapped symlink above the directory,
another machine's writes to a network file system. The original polls as often."""

_QUIET_MS: Final = 50
"""A burst of changes has ended when nothing happened for so long."""

_LONGEST_BURST_MS: Final = 250


def changes(root: Path, stop: threading.Event) -> Iterator[None]:
    """Yields at once, after every burst of changes and every `RESCAN_MS`, until `stop` is set.

    Changes while the caller is busy lead to another turn. The directory may come and go.
    """
    while not stop.is_set():
        yield
        identity = _identity(root)
        try:
            for _ in _notifications(root, stop):
                yield
                if _identity(root) != identity:  # the watch holds on to the old directory
                    break
        except (OSError, RuntimeError):  # no such directory, or no watches left to be had
            stop.wait(RESCAN_MS / 1000)


def _notifications(root: Path, stop: threading.Event) -> Iterator[object]:
    return watchfiles.watch(
        root,
        watch_filter=None,
        debounce=_LONGEST_BURST_MS,
        step=_QUIET_MS,
        stop_event=stop,
        rust_timeout=RESCAN_MS,
        yield_on_timeout=True,
    )


def _identity(root: Path) -> tuple[int, int] | None:
    try:
        status = root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
