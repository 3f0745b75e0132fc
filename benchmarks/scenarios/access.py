"""Access control: some users are denied everything, and some paths are denied to everybody."""

from pathlib import Path
from typing import Final

from benchmarks.scenario import Scenario, Workload
from benchmarks.scenarios.policy import native_policy
from benchmarks.scenarios.shipped import shipped

NAME: Final = "access"


def make(workload: Workload, folder: Path) -> Scenario:
    """The scenario; its configuration is written to the directory."""
    policy = native_policy(workload)
    return shipped(NAME, "Access control", policy, workload, folder)
