"""What can be varied: the points of each sweep, and the arms for which it means something.

Envoy alone is measured at every point, because all others are compared with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from benchmarks.arm import Arm
from benchmarks.cell import Cell
from benchmarks.report.tables import BASE, DIRECT, ENVOY, SATURATION

RATE: Final = "rate"
"""The sweep whose points are found by trying; see `benchmarks.run.knee`."""
_MIXER: Final = "Mixer"
"""What the titles of arms begin with that call a Mixer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One sweep."""

    name: str
    points: tuple[float, ...]
    quick_point: float
    """The only point of a quick run."""
    vary: Callable[[Cell, float], Cell]
    """The base cell, at a point."""
    concerns: Callable[[Arm], bool] = field(default=lambda _: True)
    """Whether an arm's figures can tell something along this axis."""
    is_of_workload: bool = False
    """Whether it needs a policy and requests that are made for each point."""

    def arms(self, arms: tuple[Arm, ...], *, is_quick: bool) -> tuple[Arm, ...]:
        """Those of `arms` that are measured; of a quick run the first that has a policy."""
        concerned = [arm for arm in arms if self.concerns(arm)]
        if is_quick:
            return tuple([arm for arm in concerned if arm.has_policy][:1])
        return tuple(arm for arm in arms if arm.name == ENVOY or arm in concerned)


def _workload(name: str, kind: type = float) -> Callable[[Cell, float], Cell]:
    def vary(cell: Cell, point: float) -> Cell:
        changed: dict[str, Any] = {name: kind(point)}
        return replace(cell, workload=replace(cell.workload, **changed))

    return vary


def _calls_mixer(arm: Arm) -> bool:
    return arm.title.startswith(_MIXER)


AXES: Final = {
    axis.name: axis
    for axis in (
        Axis(
            name="connections",
            points=(1, 8, 16, 64),
            quick_point=1,
            vary=lambda cell, point: replace(cell, connections=int(point)),
        ),
        Axis(
            name=RATE,
            points=(100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800),
            quick_point=100,
            vary=lambda cell, point: replace(cell, rate_per_s=point),
        ),
        Axis(
            name="hits",
            points=(0.0, 0.5, 0.8, 0.95, 0.99),
            quick_point=0.0,
            vary=_workload("hit_share"),
            concerns=_calls_mixer,
            is_of_workload=True,
        ),
        Axis(
            name="rules",
            points=(1, 10, 100, 1_000, 10_000),
            quick_point=1,
            vary=_workload("rule_count", int),
            concerns=lambda arm: arm.has_policy,
            is_of_workload=True,
        ),
        Axis(
            name="attributes",
            points=(10, 25, 60),
            quick_point=10,
            vary=_workload("attribute_count", int),
            concerns=lambda arm: arm.name != DIRECT,
            is_of_workload=True,
        ),
        Axis(
            name="delay",
            points=(0.0, 1.0, 5.0, 20.0),
            quick_point=1.0,
            vary=_workload("adapter_delay_ms"),
            concerns=_calls_mixer,
            is_of_workload=True,
        ),
        Axis(
            name=SATURATION,
            points=(0,),
            quick_point=0,
            vary=lambda cell, _: replace(cell, rate_per_s=0.0),
        ),
    )
}
"""All sweeps by name, in the order in which they are planned."""

SWEEPS: Final = (BASE, *AXES)
"""What `--sweep` takes; `base` is the cell at which each scenario is first judged."""
