"""Processes run where they are told to, and end."""

import os
import signal
import subprocess
import sys

from benchmarks.child import running_on, stop

CORES = sorted(os.sched_getaffinity(0))
SHOW = [sys.executable, "-c", "import os; print(sorted(os.sched_getaffinity(0)))"]


def shown():
    return subprocess.run(SHOW, capture_output=True, text=True, check=True).stdout.strip()


def test_what_is_started_stays_on_its_cores():
    with running_on(CORES[:1]):
        assert shown() == str(CORES[:1])
    assert shown() == str(CORES)


def test_no_cores_are_any_cores():
    with running_on(()):
        assert shown() == str(CORES)


def test_a_process_ends_when_it_is_asked_to():
    with subprocess.Popen(["sleep", "60"]) as process:
        stop(process, timeout_s=30)
    assert process.returncode == -signal.SIGTERM


def test_a_process_that_will_not_end_is_killed():
    stubborn = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
    with subprocess.Popen(["sh", "-c", stubborn], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        stop(process, timeout_s=0.1)
    assert process.returncode == -signal.SIGKILL
