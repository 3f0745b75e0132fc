"""Access control, and a quota for all requests together that the load never reaches."""

from pathlib import Path
from typing import Final

from benchmarks.scenario import Scenario, Workload
from benchmarks.scenarios.policy import native_policy
from benchmarks.scenarios.shipped import shipped

NAME: Final = "access-quota"


def make(workload: Workload, folder: Path) -> Scenario:
    """The scenario; its configuration is written to the directory."""
    policy = native_policy(workload, has_quota=True)
    return shipped(NAME, "Access control and quota", policy, workload, folder)
