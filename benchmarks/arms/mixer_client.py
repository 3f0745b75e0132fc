"""Mixer, asked by its client in Envoy: verdicts are kept, quota is prefetched, reports gathered."""

from contextlib import ExitStack
from typing import Final

from benchmarks.arm import MIXER_CLIENT, Arm, Place, Running
from benchmarks.placing.guard import run
from benchmarks.placing.mixer_client import Caching, guard_by_client
from benchmarks.placing.mixer_process import start_mixer
from benchmarks.scenario import Scenario, Workload

CACHING: Final = Caching(is_on=True)


def start(scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
    """Starts it; see `benchmarks.arm`."""
    mixer = start_mixer(scenario, place, stack)
    return run(guard_by_client(scenario, CACHING, mixer), place, stack)


ARM: Final = Arm(
    name=MIXER_CLIENT,
    title="Mixer, its client in Envoy",
    color_order=5,
    start=start,
    calls_mixer=True,
    keeps_verdicts=True,
)
