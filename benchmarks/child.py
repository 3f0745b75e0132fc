"""Processes that are started here: the cores they run on, and their end."""

import os
import subprocess
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


def stop(process: subprocess.Popen[bytes], timeout_s: float) -> None:
    """Ends a process, by force when that takes longer than `timeout_s`."""
    process.terminate()
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
