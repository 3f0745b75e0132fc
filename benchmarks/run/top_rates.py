"""Tries all arms, before the plan of a sweep over rates can be made."""

from collections.abc import Mapping
from contextlib import ExitStack

from benchmarks.arm import Arm
from benchmarks.cell import Cell
from benchmarks.load import LoadPlan
from benchmarks.run.knee import TRY_S, top_rate
from benchmarks.run.measurement import Bench, Task, load_plan, start
from benchmarks.run.sweeps import AXES, RATE
from benchmarks.run.warm_up import warm_up
from benchmarks.scenario import Workload


def find_top_rates(
    arms: tuple[Arm, ...], cell: Cell, bench: Bench, seed: int
) -> Mapping[str, float]:
    """Up to which rate each arm of the sweep is measured. `cell` is its base cell.

    Raises whatever starting an arm raises, and LoadError.
    """
    concerned = AXES[RATE].arms(arms, is_quick=False)
    return {arm.name: _find(arm, cell, bench, seed) for arm in concerned}


def _find(arm: Arm, cell: Cell, bench: Bench, seed: int) -> float:
    axis = AXES[RATE]
    workload = cell.workload or Workload()
    scenario = bench.scenario(cell.scenario, workload)
    with ExitStack() as stack:
        running = start(arm, scenario, workload, bench, stack)

        def plan_at(rate: float) -> LoadPlan:
            at_rate = axis.vary(cell, rate)
            task = Task(arm=arm, cell=at_rate, repetition=0, duration_s=TRY_S, seed=seed)
            return load_plan(task, running.address, scenario, bench.pinning)

        warm_up(bench.load, plan_at(axis.points[0]), bench.warm_up)
        return top_rate(bench.load, plan_at, axis.points)
