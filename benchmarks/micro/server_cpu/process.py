"""A server as a process of its own, and what CPU time it has used."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import grpc

from benchmarks.child import running_on, stop

_START_TIMEOUT_S: Final = 180.0
_STOP_TIMEOUT_S: Final = 15.0
_CPU_CLOCK_OF_PROCESS: Final = 2
"""The clock of all threads of a process is `~pid << 3 | 2` (Linux `posix-timers_types.h`)."""


class ServerError(Exception):
    """A server does not start, or answers with an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server."""

    pid: int
    channel: grpc.Channel
    """A connection to it."""

    def cpu_s(self) -> float:
        """The CPU time of all its threads since it began, in seconds; exact to microseconds."""
        return time.clock_gettime(~self.pid << 3 | _CPU_CLOCK_OF_PROCESS)


@contextmanager
def started(arguments: Sequence[str], address: str) -> Iterator[Server]:
    """Runs `python ARGUMENTS` until the end; gives it when it answers at the address.

    Raises ServerError, with what it wrote, when it does not come to answer.
    """
    with tempfile.TemporaryFile() as output, grpc.insecure_channel(address) as channel:
        with running_on(_one_core()):
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=Path(__file__).parents[3],
            )
        try:
            if not _is_reached(channel, process):
                output.seek(0)
                raise ServerError(output.read().decode(errors="replace"))
            yield Server(pid=process.pid, channel=channel)
        finally:
            stop(process, _STOP_TIMEOUT_S)


def _one_core() -> Sequence[int]:
    """The core of all servers; empty without a second one for the load.

    A process with an interpreter lock uses little more than one core, but pays for moving between
    several.
    """
    cores = sorted(os.sched_getaffinity(0))
    return cores[:1] if len(cores) > 1 else ()


def _is_reached(channel: grpc.Channel, process: "subprocess.Popen[bytes]") -> bool:
    ready = grpc.channel_ready_future(channel)
    deadline_s = time.monotonic() + _START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline_s:
        try:
            ready.result(timeout=0.2)
        except grpc.FutureTimeoutError:
            continue
        return True
    ready.cancel()
    return False
