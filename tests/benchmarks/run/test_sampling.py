import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from benchmarks.cell import ProcessUse
from benchmarks.run.sampling import ProcessGoneError, usage, used_between

_BUSY = """
import threading
print("ready", flush=True)
def spin():
    while True:
        pass
threading.Thread(target=spin, daemon=True).start()
spin()
"""
_WITH_CHILD = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {_BUSY!r}])
time.sleep(60)
"""


@contextmanager
def running(code):
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        try:
            assert child.stdout.readline() == b"ready\n"
            yield child.pid
        finally:
            # The grandchild has no other parent, so it has to be found before that is gone.
            for pid in (*_children(child.pid), child.pid):
                subprocess.run(["kill", "-9", str(pid)], check=False)


def _children(pid):
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.split()


def busy_until(pid, cpu_s):
    """The time that passed until the process had used so much; the machine may be busy, too."""
    before, started_s = usage({"busy": pid}), time.monotonic()
    while True:
        used = used_between(before, usage({"busy": pid}))
        if used["busy"].cpu_s >= cpu_s or time.monotonic() > started_s + 30:
            return used["busy"], time.monotonic() - started_s


@pytest.mark.parametrize("code", [_BUSY, _WITH_CHILD], ids=["itself", "child"])
def test_a_busy_process_is_seen_with_its_threads_and_children(code):
    with running(code) as pid:
        used, elapsed_s = busy_until(pid, 0.3)
    # Two threads that share an interpreter lock use one core at the most.
    assert 0.3 <= used.cpu_s <= 1.2 * elapsed_s + 0.1
    assert 3_000_000 < used.rss_bytes < 200_000_000


def test_cpu_is_a_difference_and_memory_is_that_at_the_end():
    before = {"mixer": ProcessUse(cpu_s=1.5, rss_bytes=10)}
    after = {"mixer": ProcessUse(cpu_s=2.0, rss_bytes=30)}
    assert used_between(before, after) == {"mixer": ProcessUse(cpu_s=0.5, rss_bytes=30)}


def test_a_process_that_has_ended_is_named():
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    with pytest.raises(ProcessGoneError, match=rf"^mixer: process {child.pid} has ended$"):
        usage({"mixer": child.pid})
