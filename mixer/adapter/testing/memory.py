"""Whether work leaves memory behind.

To trace each allocation makes code about seven times slower, so that is done only if two cheap
measures leave a doubt: the number of Python's small blocks, and the resident size of the process.
"""

import gc
import os
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Final

_MAX_BLOCK_BYTES: Final = 512
"""The largest of CPython's small blocks; what is larger comes from the system's allocator."""
_STATM: Final = Path("/proc/self/statm")


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
    return _traced_bytes(work)


def _blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()


def _resident_bytes() -> int:
    _, pages, *_ = _STATM.read_text().split()
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _traced_bytes(work: Callable[[], None]) -> int:
    tracemalloc.start(1)
    try:
        work()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
