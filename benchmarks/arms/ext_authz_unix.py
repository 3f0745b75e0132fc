"""The same as ext-authz, but Envoy and Mixer talk over a Unix socket."""

from contextlib import ExitStack
from typing import Final

from benchmarks.arm import Arm, Place, Running
from benchmarks.placing.ext_authz import guard_by_envoy
from benchmarks.placing.guard import run
from benchmarks.placing.mixer_process import start_mixer, unix_address
from benchmarks.scenario import Scenario, Workload


def start(scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
    """Starts it; see `benchmarks.arm`."""
    mixer = start_mixer(scenario, place, stack, unix_address(stack))
    return run(guard_by_envoy(scenario, mixer), place, stack)


ARM: Final = Arm(
    name="ext-authz-unix",
    title="Mixer, Envoy's ext_authz, Unix socket",
    color_order=8,
    start=start,
    calls_mixer=True,
    is_variant=True,
)
