"""Processes run where they are told to."""

import os
import subprocess
import sys

from benchmarks.placing.cores import running_on

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
