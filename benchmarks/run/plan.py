"""What a run measures: cells, and the arms in each of them. Nothing here touches the machine.

The base cell is measured in all scenarios, and sweeps only in the first one, because a run would
take days otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from benchmarks.arm import ENVOY, Arm
from benchmarks.cell import BASE, Cell
from benchmarks.run.sweeps import AXES, RATE, SWEEPS, Axis
from benchmarks.scenario import Workload

_SWEEP_SHARE: Final = 1 / 8
"""How long a cell of a sweep is measured, in relation to a base cell."""
_SWEEP_REQUESTS: Final = 1_500
"""How many requests a cell of a sweep has in all repetitions, at least: p99 needs 1,000 answers,
and a repetition may be rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is wanted of a run."""

    sweeps: tuple[str, ...] = SWEEPS
    rate_per_s: float = 200.0
    """Of the base cell, and of all sweeps but the two that vary it."""
    connections: int = 8
    protocol: str = "http1"
    pacing: str = "poisson"
    """As in `Cell`, of all cells."""
    repetition_count: int = 5
    duration_s: float = 12.0
    """How long a base cell is measured; at 200 requests/s and 5 times that is what p99.9 needs."""
    is_quick: bool = False

    def sweep_duration_s(self, rate_per_s: float) -> float:
        """How long a cell of a sweep is measured, which is about p50 and p99."""
        if self.is_quick:
            return self.duration_s
        share_s = self.duration_s * _SWEEP_SHARE
        if not rate_per_s:
            return share_s
        return max(share_s, _SWEEP_REQUESTS / (rate_per_s * self.repetition_count))


QUICK = Choice(repetition_count=2, duration_s=0.7, is_quick=True)
"""Enough to see that everything works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """A scenario, and who can run it."""

    scenario: str
    arms: tuple[Arm, ...]
    is_variable: bool = True
    """Whether its policy and its requests can be made anew for other workloads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCell:
    """A cell, with all arms that are measured in it."""

    cell: Cell
    arms: tuple[str, ...]
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a run measures."""

    cells: tuple[PlannedCell, ...]
    repetition_count: int
    is_quick: bool

    @property
    def measurement_count(self) -> int:
        """Arms × cells × repetitions."""
        return self.repetition_count * sum(len(planned.arms) for planned in self.cells)


def make_plan(
    choice: Choice, scenarios: Sequence[Able], top_rates: Mapping[str, float] | None = None
) -> Plan:
    """The plan; `scenarios` are in the order of their importance.

    `top_rates` are the highest rates of the sweep over rates, by arm; without them, as before they
    have been found, all arms get all rates.
    """
    cells = [
        *(_base_cells(choice, scenarios) if BASE in choice.sweeps else ()),
        *(
            planned
            for name in choice.sweeps
            if name != BASE
            for planned in _sweep(choice, AXES[name], scenarios[0], top_rates or {})
        ),
    ]
    return Plan(
        cells=tuple(planned for planned in cells if planned.arms),
        repetition_count=choice.repetition_count,
        is_quick=choice.is_quick,
    )


def base_cell(choice: Choice, able: Able) -> Cell:
    """The cell at which a scenario is first judged."""
    return Cell(
        scenario=able.scenario,
        sweep=BASE,
        rate_per_s=choice.rate_per_s,
        connections=choice.connections,
        protocol=choice.protocol,
        pacing=choice.pacing,
        workload=Workload() if able.is_variable else None,
    )


def _base_cells(choice: Choice, scenarios: Sequence[Able]) -> Iterator[PlannedCell]:
    """A quick run has an arm once only, in the first scenario that the arm can run."""
    seen: set[str] = set()
    for able in scenarios:
        arms = tuple(arm.name for arm in able.arms)
        if choice.is_quick and seen:
            new = [arm for arm in arms if arm not in seen]
            arms = tuple(arm for arm in arms if arm in new or (new and arm == ENVOY))
        seen.update(arms)
        cell = base_cell(choice, able)
        yield PlannedCell(cell=cell, arms=arms, duration_s=choice.duration_s)


def _sweep(
    choice: Choice, axis: Axis, able: Able, top_rates: Mapping[str, float]
) -> Iterator[PlannedCell]:
    if axis.is_of_workload and not able.is_variable:
        return
    base = base_cell(choice, able)
    arms = axis.arms(able.arms, is_quick=choice.is_quick)
    for point in (axis.quick_point,) if choice.is_quick else axis.points:
        cell = axis.vary(base, point)
        if cell == base and BASE in choice.sweeps:
            continue
        yield PlannedCell(
            cell=replace(cell, sweep=axis.name),
            arms=tuple(
                arm.name
                for arm in arms
                if axis.name != RATE or point <= top_rates.get(arm.name, point)
            ),
            duration_s=choice.sweep_duration_s(cell.rate_per_s),
        )
