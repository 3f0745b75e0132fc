"""Runs the generator as a process of its own."""

import subprocess
import sys
from dataclasses import replace
from typing import Final

from benchmarks.load.plan import LoadPlan
from benchmarks.load.record import LoadRecord

_SPARE_S: Final = 60.0
"""What the process may take beside the load: to start, to connect and to sum up."""


class LoadError(Exception):
    """The load could not be made; says why."""


def run_load(plan: LoadPlan) -> LoadRecord:
    """Makes the load, and comes back with what came of it.

    Raises LoadError if it could not be started, as when nobody listens at the address; what goes
    wrong afterwards stands in the record's `errors`.
    """
    timeout_s = plan.duration_s + plan.answer_timeout_s + _SPARE_S
    command = [sys.executable, "-m", "benchmarks.load"]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=plan.to_json(),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LoadError(f"no record within {timeout_s:g} s") from error
    if done.returncode != 0:
        raise LoadError(done.stderr.strip())
    return LoadRecord.from_json(done.stdout)


def saturate(plan: LoadPlan) -> LoadRecord:
    """As `run_load`, but as fast as it goes, whatever rate the plan names."""
    return run_load(replace(plan, rate_per_s=0.0))
