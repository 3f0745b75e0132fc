"""Goes through the steps of a plan: measures, checks, stores and shows each of them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.arm import Arm
from benchmarks.cell import Cell, Measured
from benchmarks.run.estimate import left_s
from benchmarks.run.measurement import Bench, Result, Task, measure
from benchmarks.run.order import Step, load_seed, steps_left
from benchmarks.run.plan import Plan
from benchmarks.run.progress import Display
from benchmarks.run.proof import NO_PROOF, ProofError, Verdicts
from benchmarks.run.recorder import Recorder
from benchmarks.statistics.histogram import quantiles_ns, read_histogram
from benchmarks.units import time as time_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """All that a run needs beside its plan."""

    bench: Bench
    arms: Mapping[str, Arm]
    """By name, all that the plan names."""
    recorder: Recorder
    display: Display
    seed: int
    clock: Callable[[], float] = time.monotonic
    """The time in seconds, from whenever."""

    def run(self, plan: Plan, stored: Sequence[Measured] = ()) -> None:
        """Measures all of it but what is stored already.

        Raises ProofError for an arm that did not do its work, after that has been stored with what
        was found as its rejection; and whatever `measure` raises.
        """
        steps = steps_left(plan, self.seed, stored)
        verdicts = self._verdicts(stored)
        started_s = self.clock()
        for done, step in enumerate(steps):
            left = left_s(plan, steps[:done], steps[done:], self.clock() - started_s)
            self.display.begins(_title(step), left)
            self.display.ended(_outcome(self._take(step, verdicts, is_quick=plan.is_quick)))

    def _take(self, step: Step, verdicts: Verdicts, *, is_quick: bool) -> Measured:
        """One measurement, with its repetition if it must be rejected."""
        task = self._task(step)
        result = measure(task, self.bench)
        if result.measured.rejection and not result.faults and not is_quick:
            result = measure(task, self.bench)
        faults = [*result.faults, *_disagreements(task, result, verdicts)]
        if faults:
            text = f"{step.arm} in {_title(step)}: {'; '.join(faults)}"
            self.recorder.add(step, replace(result.measured, rejection=NO_PROOF + text))
            raise ProofError(text)
        self.recorder.add(step, result.measured)
        return result.measured

    def _verdicts(self, stored: Sequence[Measured]) -> Verdicts:
        """Those of the folder; they were compared with each other when they came into it."""
        verdicts = Verdicts()
        for measured in stored:
            if _is_comparable(self.arms[measured.arm], measured):
                verdicts.add(measured)
        return verdicts

    def _task(self, step: Step) -> Task:
        return Task(
            arm=self.arms[step.arm],
            cell=step.planned.cell,
            repetition=step.repetition,
            duration_s=step.planned.duration_s,
            seed=load_seed(self.seed, step),
        )


def _disagreements(task: Task, result: Result, verdicts: Verdicts) -> Sequence[str]:
    measured = result.measured
    if result.faults or not _is_comparable(task.arm, measured):
        return []
    different = verdicts.add(measured)
    return [different] if different else []


def _is_comparable(arm: Arm, measured: Measured) -> bool:
    return not measured.rejection and arm.has_policy and bool(measured.cell.rate_per_s)


def _title(step: Step) -> str:
    cell = step.planned.cell
    return f"repetition {step.repetition + 1}, {_of(cell)}, {step.arm}"


def _of(cell: Cell) -> str:
    return f"{cell.scenario}, {cell.sweep}"


def _outcome(measured: Measured) -> str:
    if measured.rejection:
        return f"rejected, {measured.rejection}"
    median_ns = quantiles_ns(read_histogram(measured.latency_ns), [0.5])[0]
    return f"median {time_text(median_ns)}"
