"""Whether work leaves memory behind.

To trace each allocation makes code about seven times slower, so that is done only if two cheap
measures leave a doubt: the number of Python's small blocks, and the resident size of the process.

What threads of a handler still have in hand when the work is over looks like a leak, but goes by
itself. So it is given time to go.
"""

import gc
import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Final

_MAX_BLOCK_BYTES: Final = 512
"""The largest of CPython's small blocks; what is larger comes from the system's allocator."""
_STATM: Final = Path("/proc/self/statm")
_SETTLE_S: Final = 2.0
"""How long what is under way may take to end."""
_POLL_S: Final = 0.05


def kept_bytes(work: Callable[[], None], allowed_bytes: int) -> int:
    """How many bytes are in use after `work` that were not before; 0 if surely few enough.

    Calls `work` a second time when there is a doubt.
    """
    blocks, resident = _blocks(), _resident_bytes()
    work()
    # So few new blocks can't hold more than what is allowed.
    few_blocks = _blocks() - blocks <= allowed_bytes // _MAX_BLOCK_BYTES
    if few_blocks and _resident_bytes() - resident <= allowed_bytes:
        return 0
    return _traced_bytes(work, allowed_bytes)


def _blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()


def _resident_bytes() -> int:
    _, pages, *_ = _STATM.read_text().split()
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _traced_bytes(work: Callable[[], None], allowed_bytes: int) -> int:
    tracemalloc.start(1)
    try:
        work()
        deadline = time.monotonic() + _SETTLE_S
        while (kept := _traced_now()) > allowed_bytes and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        return kept
    finally:
        tracemalloc.stop()


def _traced_now() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
