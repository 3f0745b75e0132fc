"""Access control and quota, and of each request two metrics and a line in an access log."""

from pathlib import Path
from typing import Final

from benchmarks.scenario import Scenario, Workload
from benchmarks.scenarios.policy import native_policy
from benchmarks.scenarios.shipped import shipped

NAME: Final = "telemetry"


def make(workload: Workload, folder: Path) -> Scenario:
    """The scenario; its configuration is written to the directory."""
    policy = native_policy(workload, has_quota=True, has_telemetry=True)
    return shipped(NAME, "Access control, quota, metrics and log", policy, workload, folder)
