"""No Envoy: requests go to the upstream itself."""

from contextlib import ExitStack
from typing import Final

from benchmarks.arm import DIRECT, Arm, Claim, Place, Running, Sent
from benchmarks.placing.guard import PATIENCE_S, of_upstream, settled
from benchmarks.scenario import Scenario, Workload


def running(place: Place, patience_s: float = PATIENCE_S) -> Running:
    """What stands there anyway; `patience_s` as in `guard.run`."""
    before = place.upstream_count()

    def claims(sent: Sent) -> list[Claim]:
        return [of_upstream(place.upstream_count() - before, sent)]

    return Running(
        address=place.upstream,
        processes={},
        prove=lambda sent: settled(lambda: claims(sent), patience_s),
    )


def start(_scenario: Scenario, _workload: Workload, place: Place, _stack: ExitStack) -> Running:
    """Starts nothing."""
    return running(place)


ARM: Final = Arm(name=DIRECT, title="No Envoy", color_order=0, start=start, has_policy=False)
