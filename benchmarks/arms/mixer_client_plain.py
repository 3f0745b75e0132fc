"""Mixer, asked by its client in Envoy: one Check and one Report for each request."""

from contextlib import ExitStack
from typing import Final

from benchmarks.arm import Arm, Place, Running
from benchmarks.placing.guard import run
from benchmarks.placing.mixer_client import Caching, guard_by_client
from benchmarks.placing.mixer_process import start_mixer
from benchmarks.scenario import Scenario, Workload

CACHING: Final = Caching(is_on=False)


def start(scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
    """Starts it; see `benchmarks.arm`."""
    mixer = start_mixer(scenario, place, stack)
    return run(guard_by_client(scenario, CACHING, mixer), place, stack)


ARM: Final = Arm(
    name="mixer-client-plain",
    title="Mixer, its client without cache and batches",
    color_order=6,
    start=start,
    calls_mixer=True,
    is_variant=True,
)
