"""Where processes run."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


@contextmanager
def running_on(cores: Sequence[int]) -> Iterator[None]:
    """What this thread starts meanwhile runs on these cores only, for good; on any if empty."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
