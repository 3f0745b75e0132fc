"""Becomes another program that the kernel kills as soon as its parent ends.

Run as a script: `python launch.py PARENT_PID PROGRAM ARGUMENT...`. So nothing is left behind even
when the parent is killed and can't clean up. Asking the kernel is up to the child, after the fork;
to do it in a program of its own avoids running Python code in the fork of a threaded process.

The kernel counts as parent the *thread* that forked, so that one must last as long as the child.
"""

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def main(parent_pid: int, command: list[str]) -> None:
    """Replaces this process by `command`; returns only when the parent has already ended."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # A parent that ended before the call above sends no signal any more.
    if os.getppid() == parent_pid:
        os.execv(command[0], command)  # noqa: S606 - the caller says what to run


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
