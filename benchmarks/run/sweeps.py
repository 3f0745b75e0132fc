"""What can be varied: the points of each sweep, and the arms for which it means something.

Envoy alone is measured at every point, because all others are compared with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from benchmarks.arm import DIRECT, ENVOY, Arm
from benchmarks.cell import BASE, SATURATION, Cell
from benchmarks.scenario import Workload

RATE: Final = "rate"
"""The sweep whose points are found by trying; see `benchmarks.run.knee`."""

Arms = tuple[Arm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One sweep."""

    name: str
    points: tuple[float, ...]
    quick_point: float
    """The only point of a quick run."""
    vary: Callable[[Cell, float], Cell]
    """The base cell, at a point."""
    concerned: Callable[[Arms], Arms]
    """Of all arms, those whose figures tell something along this axis that others' don't."""
    is_of_workload: bool = False
    """Whether it needs a policy and requests that are made for each point."""

    def arms(self, arms: Arms, *, is_quick: bool) -> Arms:
        """Those of `arms` that are measured; of a quick run the first that has a policy."""
        concerned = self.concerned(arms)
        if is_quick:
            return tuple([arm for arm in concerned if arm.has_policy][:1])
        return tuple(arm for arm in arms if arm.name == ENVOY or arm in concerned)


def _all(arms: Arms) -> Arms:
    return arms


def _proxied(arms: Arms) -> Arms:
    return tuple(arm for arm in arms if arm.name != DIRECT and not arm.is_variant)


def _deciding(arms: Arms) -> Arms:
    return tuple(arm for arm in arms if arm.has_policy and not arm.is_variant)


def _calling(arms: Arms) -> Arms:
    """Those that keep verdicts, and the first that calls Mixer for each request."""
    asking = [arm for arm in arms if arm.calls_mixer and not arm.keeps_verdicts]
    return tuple(arm for arm in arms if arm.keeps_verdicts or arm in asking[:1])


def _workload(name: str, kind: type = float) -> Callable[[Cell, float], Cell]:
    def vary(cell: Cell, point: float) -> Cell:
        changed: dict[str, Any] = {name: kind(point)}
        return replace(cell, workload=replace(cell.workload or Workload(), **changed))

    return vary


AXES: Final = {
    axis.name: axis
    for axis in (
        Axis(
            name="connections",
            points=(1, 8, 16, 64),
            quick_point=1,
            vary=lambda cell, point: replace(cell, connections=int(point)),
            concerned=_proxied,
        ),
        Axis(
            name=RATE,
            points=(100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800),
            quick_point=100,
            vary=lambda cell, point: replace(cell, rate_per_s=point),
            concerned=_proxied,
        ),
        Axis(
            name="hits",
            points=(0.0, 0.5, 0.8, 0.95, 0.99),
            quick_point=0.0,
            vary=_workload("hit_share"),
            concerned=_calling,
            is_of_workload=True,
        ),
        Axis(
            name="rules",
            points=(1, 10, 1_000, 10_000),
            quick_point=1,
            vary=_workload("rule_count", int),
            concerned=_deciding,
            is_of_workload=True,
        ),
        Axis(
            name="attributes",
            points=(10, 25, 60),
            quick_point=10,
            vary=_workload("attribute_count", int),
            concerned=_proxied,
            is_of_workload=True,
        ),
        Axis(
            name="delay",
            points=(0.0, 1.0, 10.0),
            quick_point=1.0,
            vary=_workload("adapter_delay_ms"),
            concerned=_calling,
            is_of_workload=True,
        ),
        Axis(
            name=SATURATION,
            points=(0,),
            quick_point=0,
            vary=lambda cell, _: replace(cell, rate_per_s=0.0),
            concerned=_all,
        ),
    )
}
"""All sweeps by name, in the order in which they are planned."""

SWEEPS: Final = (BASE, *AXES)
"""What `--sweep` takes; `base` is the cell at which each scenario is first judged."""
