"""What processes use: CPU time and memory, with all their threads and children."""

import time
from collections.abc import Iterator, Mapping
from typing import Final

import psutil

from benchmarks.cell import ProcessUse

_CPU_CLOCK_OF_PROCESS: Final = 2
"""The clock of all threads of a process is `~pid << 3 | 2` (Linux `posix-timers_types.h`)."""


class ProcessGoneError(Exception):
    """A process has ended that should still run; the text says which."""


def usage(pids: Mapping[str, int]) -> Mapping[str, ProcessUse]:
    """By role, what each process has used since it began. Raises ProcessGoneError."""
    return {role: _usage(role, pid) for role, pid in pids.items()}


def used_between(
    before: Mapping[str, ProcessUse], after: Mapping[str, ProcessUse]
) -> Mapping[str, ProcessUse]:
    """The CPU time from one `usage` to the next, and the memory at its end."""
    return {
        role: ProcessUse(cpu_s=use.cpu_s - before[role].cpu_s, rss_bytes=use.rss_bytes)
        for role, use in after.items()
    }


def _usage(role: str, pid: int) -> ProcessUse:
    try:
        root = psutil.Process(pid)
        ended = root.cpu_times()
        each = [(_cpu_s(one.pid), one.memory_info().rss) for one in _alive(root)]
    except (psutil.NoSuchProcess, OSError) as error:
        raise ProcessGoneError(f"{role}: process {pid} has ended") from error
    return ProcessUse(
        cpu_s=sum(cpu_s for cpu_s, _ in each) + ended.children_user + ended.children_system,
        rss_bytes=sum(rss_bytes for _, rss_bytes in each),
    )


def _alive(root: psutil.Process) -> Iterator[psutil.Process]:
    yield root
    yield from (child for child in root.children(recursive=True) if child.is_running())


def _cpu_s(pid: int) -> float:
    # psutil knows hundredths of a second only, and a cell may be over in one.
    return time.clock_gettime(~pid << 3 | _CPU_CLOCK_OF_PROCESS)
