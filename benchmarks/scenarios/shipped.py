"""What the scenarios that come with the project have in common."""

from pathlib import Path
from typing import Final

from benchmarks.scenario import NativePolicy, Scenario, Workload
from benchmarks.scenarios.policy import QUOTA, write_policy
from benchmarks.scenarios.requests import request_kinds

_FIXED: Final = {"destination.namespace": "shop", "destination.service.name": "books"}


def shipped(
    name: str, title: str, policy: NativePolicy, workload: Workload, folder: Path
) -> Scenario:
    """A scenario of that policy; its configuration is written to `folder`, an empty directory."""
    write_policy(policy, workload, folder)
    return Scenario(
        name=name,
        title=title,
        config=folder,
        kinds=request_kinds(policy, workload),
        fixed_attributes=_FIXED,
        quotas=(QUOTA,) if policy.quota_per_s is not None else (),
        has_telemetry=policy.has_telemetry,
        native=policy,
    )
