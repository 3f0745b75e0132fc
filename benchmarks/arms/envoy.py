"""Envoy alone: what others are compared with."""

from contextlib import ExitStack
from typing import Final

from benchmarks.arm import ENVOY, Arm, Place, Running
from benchmarks.placing.envoy import Proxy
from benchmarks.placing.guard import Guard, run
from benchmarks.scenario import Scenario, Workload

GUARD: Final = Guard(proxy=Proxy())
"""It guards nothing."""


def start(_scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
    """Starts an Envoy without filters."""
    return run(GUARD, place, stack)


ARM: Final = Arm(name=ENVOY, title="Envoy alone", color_order=1, start=start, has_policy=False)
