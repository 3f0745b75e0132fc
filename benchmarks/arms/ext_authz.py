"""Mixer, asked by Envoy's own filters: external authorization, rate limit and access log."""

from contextlib import ExitStack
from typing import Final

from benchmarks.arm import Arm, Place, Running
from benchmarks.placing.ext_authz import guard_by_envoy
from benchmarks.placing.guard import run
from benchmarks.placing.mixer_process import start_mixer
from benchmarks.scenario import Scenario, Workload


def start(scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
    """Starts it; see `benchmarks.arm`."""
    mixer = start_mixer(scenario, place, stack)
    return run(guard_by_envoy(scenario, mixer), place, stack)


ARM: Final = Arm(
    name="ext-authz",
    title="Mixer, Envoy's ext_authz",
    color_order=7,
    start=start,
    calls_mixer=True,
)
